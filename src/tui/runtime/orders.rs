//! Carrying orders out.

use super::executor::Executor;
use crate::domain::auth_link;
use crate::domain::bank_data::Credentials;
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::mask::Level;
use crate::domain::secret::Secret;
use crate::domain::views::BankAnswer;
use crate::ops::{Error, NewLink, Result};
use crate::tui::effect::{Link, Order, OrderId};
use crate::tui::event::{BankChoice, Event};

impl Executor {
    pub(super) async fn carry_out_order(&self, id: OrderId, order: Order) {
        match order {
            Order::Apply {
                plan,
                typed,
                refresh_after,
            } => self.apply(id, &plan, &typed, refresh_after).await,
            Order::Answer { job, answers } => self.send_answer(job, answers).await,
            Order::UpdateCredentials {
                id: connection,
                password,
                security_code,
            } => {
                let done = self
                    .ops
                    .update_credentials(&connection, password, security_code, None)
                    .await;
                self.taken(id, done, |done| Event::CredentialsTaken {
                    id: connection,
                    job: done.job.id,
                    deduplicated: done.deduplicated,
                });
            }
            Order::Authorise {
                id: connection,
                answer,
            } => self.authorise(id, connection, answer).await,
            Order::Hold { of, until, reason } => {
                let held = self.hold(of, &until, &reason).await;
                self.taken(id, held, Event::HoldMade);
            }
            Order::Release(hold) => {
                let released = self.ops.release_hold(&hold).await;
                self.taken(id, released, Event::Released);
            }
            Order::Invite { of, level } => self.invite(id, &of, level).await,
            Order::Link { user, level } => {
                let made = self.ops.create_auth_link(&user, None, level).await;
                self.taken(id, made, |link| Event::Linked {
                    link: auth_link::words(link.path.as_deref()),
                    user,
                });
            }
            Order::Handle { of, how } => self.handle(id, &of, how).await,
            Order::CancelJob(job) => {
                let done = self.ops.cancel_job(&job, "").await;
                self.taken(id, done, |(job, how)| {
                    Event::Stopped(format!("Job {}: {}.", job.id.short(), how.words()))
                });
            }
            Order::CancelPlan(plan) => {
                let done = self.ops.cancel_plan(&plan, "").await;
                self.taken(id, done, |(plan, said)| {
                    Event::Stopped(format!("Plan {}: {said}.", plan.head.id.short()))
                });
            }
            Order::Connect(link) => self.connect(id, *link).await,
        }
    }

    /// The order was taken, or the reason goes back into the dialog it came from.
    fn taken<T>(&self, order: OrderId, result: Result<T>, event: impl FnOnce(T) -> Event) {
        match result {
            Ok(value) => self.tell(event(value)),
            Err(error) => self.refused(order, &error),
        }
    }

    pub(super) fn refused(&self, order: OrderId, error: &Error) {
        self.tell(Event::OrderRefused {
            order,
            reason: error.to_string(),
        });
    }

    async fn invite(&self, order: OrderId, of: &[ConnectionId], level: Level) {
        if let [connection] = of {
            let asked = self.ops.invite(connection, true, level).await;
            return self.taken(order, asked, |it| Event::Invited {
                id: it.connection,
                link: it.link.map(|link| auth_link::words(link.path.as_deref())),
            });
        }
        let asked = self.ops.invite_each(of, level).await;
        self.taken(order, asked, |asked| Event::Handled {
            words: asked.words(),
            refused: asked.left_words(),
        });
    }

    async fn send_answer(&self, job: JobId, answers: Vec<Secret>) {
        match self.ops.answer(&job, answers).await {
            Ok(job) => self.tell(Event::Answered(job.id)),
            Err(error) => match self.ops.job(&job).await {
                Ok(found) => self.tell(Event::Refused {
                    id: found.connection,
                    reason: error.to_string(),
                }),
                Err(_) => self.failed(&error),
            },
        }
    }

    async fn authorise(&self, order: OrderId, id: ConnectionId, answer: BankAnswer) {
        let words = match answer {
            BankAnswer::Authorise => "The user authorised it at the bank",
            BankAnswer::Abandon => "The user abandoned it at the bank",
            BankAnswer::Deny => "The user denied it at the bank",
        };
        let done = self.ops.authorise(&id, answer).await;
        self.taken(order, done, |visited| {
            let rest = if visited.changed {
                "."
            } else {
                "; nothing changed."
            };
            Event::BankAnswered {
                id,
                job: visited.job.filter(|_| visited.changed).map(|job| job.id),
                summary: format!("{words}{rest}"),
            }
        });
    }

    async fn connect(&self, order: OrderId, link: Link) {
        let user = match self.ops.resolve_user(&link.user).await {
            Ok(user) => user,
            Err(error) => return self.refused(order, &error),
        };
        let credentials = Credentials {
            login: link.login,
            password: link.password,
            security_code: link.security_code,
            secondary_login: None,
        };
        let given = !credentials.login.is_empty() || !credentials.password.is_empty();
        let made = self
            .ops
            .connect(NewLink {
                user,
                institution: link.institution,
                method: link.method,
                credentials: given.then_some(credentials),
            })
            .await;
        self.taken(order, made, |job| {
            let pause = job.next_attempt.filter(|at| *at > job.created);
            let waits = pause.map(|at| {
                format!(
                    "the same login is in use, so it starts at {}",
                    self.ops.caller.zone.when(at, job.created)
                )
            });
            Event::Connected {
                id: job.connection,
                job: job.id,
                waits,
            }
        });
    }

    pub(super) async fn banks(&self) {
        let banks = self.ops.institutions().await;
        self.answer(banks, |banks| {
            let choice = |bank: crate::ops::BankShown| BankChoice {
                id: bank.record.id,
                name: bank.record.name,
                methods: bank
                    .record
                    .connectors
                    .iter()
                    .map(|connector| connector.method)
                    .collect(),
            };
            Event::InstitutionsLoaded(banks.into_iter().map(choice).collect())
        });
    }
}
