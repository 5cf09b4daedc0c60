//! Carrying orders out: what changes the world, and what came of it.

use super::executor::Executor;
use crate::domain::bank_data::Credentials;
use crate::domain::connection::Label;
use crate::domain::ids::{ConnectionId, JobId, UserId};
use crate::domain::job::{Job, State, Title};
use crate::domain::mask::Level;
use crate::domain::plan::Difference;
use crate::domain::secret::Secret;
use crate::domain::time_format;
use crate::domain::views::BankAnswer;
use crate::ops::{Error, Force, NewLink, Result};
use crate::tui::action::Action;
use crate::tui::effect::{Link, Order, OrderId};
use crate::tui::event::{BankChoice, Event};

impl Executor {
    pub(super) async fn carry_out_order(&self, id: OrderId, order: Order) {
        match order {
            // the dialog showed how recent it is and what was refused; who confirms it there has forced it
            Order::Refresh(connection) => self.refresh(&connection, Force::ALL).await,
            Order::RefreshMany(ids) => self.refreshes(ids).await,
            Order::ApplyBulk {
                act,
                plan,
                words,
                reason,
            } => self.apply_bulk(act, &plan, &words, &reason).await,
            Order::Purge {
                id,
                fingerprint,
                words,
                refresh_after,
                ..
            } => {
                self.purge(&id, &fingerprint, &words, refresh_after).await;
            }
            Order::Revoke {
                id,
                fingerprint,
                reason,
                ..
            } => {
                let revoked = self.ops.revoke(&id, Some(&fingerprint), &reason).await;
                let event = |job: Job| Event::Revoked {
                    id: id.clone(),
                    summary: note(&job, &Title::EndConnection),
                };
                self.ordered(Action::Revoke, &id, &fingerprint, revoked, event)
                    .await;
            }
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
            Order::Connect(link) => self.connect(id, *link).await,
            Order::End { plan, reason } => self.end(id, *plan, &reason).await,
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

    /// The answer to an order: done, refused by a rule, changed meanwhile, or failed.
    pub(super) async fn ordered<T>(
        &self,
        action: Action,
        id: &ConnectionId,
        looked: &str,
        result: Result<T>,
        event: impl FnOnce(T) -> Event,
    ) {
        match result {
            Ok(value) => self.tell(event(value)),
            Err(Error::Refused(refusal)) => {
                self.tell(Event::Refused {
                    action,
                    id: id.clone(),
                    reason: refusal.sentence(),
                });
            }
            Err(Error::Changed(_)) => {
                let differences = self.differences(action, id, looked).await;
                self.tell(Event::PlanChanged {
                    action,
                    id: id.clone(),
                    differences,
                });
            }
            Err(error) => {
                self.tell(Event::Refused {
                    action,
                    id: id.clone(),
                    reason: error.to_string(),
                });
            }
        }
    }

    /// What was counted when somebody looked, against what is counted now.
    async fn differences(
        &self,
        action: Action,
        id: &ConnectionId,
        looked: &str,
    ) -> Vec<Difference> {
        let now = match action {
            Action::Purge => self.ops.plan_purge(id).await.map(|p| p.fingerprint),
            _ => self.ops.plan_revoke(id).await.map(|p| p.fingerprint),
        };
        let now = match now {
            Ok(now) => now,
            Err(error) => {
                return vec![Difference {
                    what: "now".into(),
                    before: "possible".into(),
                    now: error.to_string(),
                }];
            }
        };
        let names = ["status", "accounts", "transactions", "profiles"];
        let (before, after) = (
            looked.rsplitn(4, '-').collect::<Vec<_>>(),
            now.rsplitn(4, '-').collect::<Vec<_>>(),
        );
        names
            .iter()
            .zip(before.iter().rev().zip(after.iter().rev()))
            .filter(|(_, (before, now))| before != now)
            .map(|(what, (before, now))| Difference {
                what: (*what).to_owned(),
                before: (*before).to_owned(),
                now: (*now).to_owned(),
            })
            .collect()
    }

    async fn refresh(&self, id: &ConnectionId, force: Force) {
        let refreshed = self.ops.refresh(id, force).await;
        self.ordered(Action::Refresh, id, "", refreshed, |r| {
            Event::RefreshQueued {
                id: id.clone(),
                job: r.job.id,
                deduplicated: r.deduplicated,
            }
        })
        .await;
    }

    async fn purge(&self, id: &ConnectionId, fingerprint: &str, words: &str, refresh_after: bool) {
        let purged = if words == format!("purge {}", id.tail()) {
            self.ops.purge(id, Some(fingerprint), "").await
        } else {
            Err(Error::Unconfirmed("the words do not match".into()))
        };
        let done = purged.is_ok();
        let event = |job: Job| {
            let pending = if job.state == State::Succeeded {
                ""
            } else {
                "; the file is still being cleaned"
            };
            Event::Purged {
                id: id.clone(),
                summary: format!("{}{pending}", note(&job, &Title::DeleteRows)),
            }
        };
        self.ordered(Action::Purge, id, fingerprint, purged, event)
            .await;
        if done && refresh_after {
            self.refresh(id, true.into()).await;
        }
    }

    async fn send_answer(&self, job: JobId, answers: Vec<Secret>) {
        match self.ops.answer(&job, answers).await {
            Ok(job) => self.tell(Event::Answered(job.id)),
            Err(error) => match self.ops.job(&job).await {
                Ok(found) => self.tell(Event::Refused {
                    action: Action::Answer,
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
                    time_format::clock(at)
                )
            });
            Event::Connected {
                id: job.connection,
                job: job.id,
                waits,
            }
        });
    }

    /// What refreshing all of a user's would meet: those that are active or invalid.
    pub(super) async fn scout_user(&self, user: UserId, per_bank: u32) {
        let found = async {
            let rows = self.ops.user(&user, Level::Strict).await?.connections;
            let all = rows.len();
            let fit = |label| matches!(label, Label::Active | Label::Invalid | Label::Failed);
            let ids: Vec<_> = rows
                .into_iter()
                .filter(|row| fit(row.label))
                .map(|row| row.id)
                .collect();
            let left_out = all - ids.len();
            Ok((self.ops.scout_refreshes(ids, per_bank).await?, left_out))
        };
        let found = found.await;
        self.answer(found, |(preview, left_out)| Event::UserScouted {
            user,
            preview: Box::new(preview),
            left_out,
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

fn note(job: &Job, title: &Title) -> String {
    job.steps
        .iter()
        .find(|s| s.title == *title)
        .and_then(|s| s.note.clone())
        .unwrap_or_default()
}
