//! Carrying effects out: each becomes a task that asks the operations and sends back events. Answers
//! come in any order; the model drops those whose question is an old one.

use crate::domain::ids::ConnectionId;
use crate::domain::job::{Job, State, Title};
use crate::domain::mask::Level;
use crate::domain::plan::Difference;
use crate::domain::views::Page;
use crate::ops::{Error, Force, Ops, Result};
use crate::store;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Subject};
use crate::tui::event::Event;
use futures::future::BoxFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tokio::sync::mpsc::UnboundedSender;

/// Makes the masked document of a connection or job; documents are the commands' own shapes.
pub(crate) type Documents =
    Arc<dyn Fn(Subject, Level) -> BoxFuture<'static, Result<String>> + Send + Sync>;

/// What an effect asks of the terminal rather than of the world.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    /// Text for the clipboard, and its name in the notice.
    Copy(String, String),
    /// Text for the pager.
    Page(String),
}

/// What comes back from a task.
#[derive(Debug)]
pub(crate) enum Back {
    /// For the model.
    Event(Event),
    /// For the terminal.
    Request(Request),
    /// An effect has been carried out.
    Done,
}

/// Carries effects out.
#[derive(Clone)]
pub(crate) struct Hands {
    pub(super) ops: Ops,
    pub(super) per_bank: u32,
    pub(super) documents: Documents,
    back: UnboundedSender<Back>,
    busy: Arc<AtomicUsize>,
    /// The newest question about the list; tasks that carry out older ones may come to run after it.
    newest: Arc<AtomicU64>,
}

impl Hands {
    /// Hands that answer into `back`.
    pub(crate) fn new(
        ops: Ops,
        per_bank: u32,
        documents: Documents,
        back: UnboundedSender<Back>,
    ) -> Self {
        Self {
            ops,
            per_bank,
            documents,
            back,
            busy: Arc::new(AtomicUsize::new(0)),
            newest: Arc::new(AtomicU64::new(0)),
        }
    }

    /// How many effects are being carried out.
    pub(crate) fn busy(&self) -> usize {
        self.busy.load(Ordering::SeqCst)
    }

    /// Begins one effect; those that are the terminal's own are the caller's.
    pub(crate) fn begin(&self, effect: Effect) {
        let hands = self.clone();
        if let Effect::LoadPage { generation, .. } = &effect {
            self.newest.fetch_max(*generation, Ordering::SeqCst);
        }
        self.busy.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            hands.carry_out(effect).await;
            hands.busy.fetch_sub(1, Ordering::SeqCst);
            // whoever waits for quiet looks again; nobody else takes notice
            let _ = hands.back.send(Back::Done);
        });
    }

    pub(super) fn tell(&self, event: Event) {
        // the screen may have gone; then nobody wants to know
        let _ = self.back.send(Back::Event(event));
    }

    pub(super) fn failed(&self, error: &Error) {
        match error {
            // a newer question is on its way
            Error::Store(store::Error::Interrupted) => {}
            other => self.tell(Event::Failed(other.to_string())),
        }
    }

    pub(super) fn answer<T>(&self, result: Result<T>, event: impl FnOnce(T) -> Event) {
        match result {
            Ok(value) => self.tell(event(value)),
            Err(error) => self.failed(&error),
        }
    }

    /// The answer to an order: done, refused by a rule, changed meanwhile, or failed.
    async fn ordered<T>(
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

    async fn carry_out(&self, effect: Effect) {
        let ops = &self.ops;
        match effect {
            Effect::LoadPage {
                generation,
                query,
                sort,
                from,
                limit,
            } => {
                // an older question must not overtake a newer one, and the newest asks again when one did
                while generation >= self.newest.load(Ordering::SeqCst) {
                    let page = ops.page(query.clone(), sort, from.clone(), limit).await;
                    if matches!(page, Err(Error::Store(store::Error::Interrupted))) {
                        continue;
                    }
                    return self.answer(page, |page| Event::PageLoaded {
                        generation,
                        from,
                        page,
                    });
                }
            }
            Effect::LoadSize { generation, query } => {
                self.answer(ops.size(query).await, |size| Event::SizeLoaded {
                    generation,
                    size,
                });
            }
            Effect::LoadRows {
                generation,
                query,
                ids,
            } => {
                self.answer(ops.rows(query, ids).await, |again| Event::RowsLoaded {
                    generation,
                    rows: again.rows,
                    left: again.left,
                    gone: again.gone,
                });
            }
            Effect::LoadIds {
                generation,
                query,
                limit,
            } => {
                self.answer(ops.ids(query, limit).await, |(ids, complete)| {
                    Event::IdsLoaded {
                        generation,
                        ids,
                        complete,
                    }
                });
            }
            Effect::FindAttention {
                generation,
                query,
                sort,
                from,
            } => {
                let found = ops.next_attention(query, sort, from).await;
                self.answer(found, |id| Event::AttentionFound { generation, id });
            }
            Effect::LoadCounts => self.answer(ops.counts().await, Event::CountsLoaded),
            Effect::LoadBanks => self.answer(ops.bank_names().await, Event::BanksLoaded),
            Effect::LoadProfile { id, level } => match ops.pane(&id, level).await {
                Ok(pane) => self.tell(Event::ProfileLoaded(id, Some(Box::new(pane)))),
                Err(Error::NotFound { .. }) => self.tell(Event::ProfileLoaded(id, None)),
                Err(error) => self.failed(&error),
            },
            Effect::LoadJobs { id, limit } => {
                let jobs = ops.jobs_of(&id, limit).await;
                self.answer(jobs, |rows| {
                    Event::JobsLoaded(
                        id,
                        Page {
                            more: rows.len() == limit,
                            rows,
                            first: None,
                            last: None,
                        },
                    )
                });
            }
            Effect::LoadJob(id) => match ops.job(&id).await {
                Ok(job) => self.tell(Event::JobLoaded(id, Some(Box::new(job)))),
                Err(Error::NotFound { .. }) => self.tell(Event::JobLoaded(id, None)),
                Err(error) => self.failed(&error),
            },
            Effect::LoadWhy(id) => self.answer(ops.why(&id).await, |why| {
                Event::WhyLoaded(id, Box::new(why.meaning))
            }),
            Effect::ScoutRefresh(id) => {
                let outlook = ops.scout_refresh(&id, self.per_bank).await;
                self.answer(outlook, |outlook| Event::RefreshScouted(Box::new(outlook)));
            }
            Effect::Refresh(id) => {
                // the dialog showed how recent it is and what was refused; who confirms it there has forced it
                let refreshed = ops.refresh(&id, Force::ALL).await;
                let event = |r: crate::ops::Refreshed| Event::RefreshQueued {
                    id: id.clone(),
                    job: r.job.id,
                    deduplicated: r.deduplicated,
                };
                self.ordered(Action::Refresh, &id, "", refreshed, event)
                    .await;
            }
            Effect::ScoutRefreshes(ids) => {
                let preview = ops.scout_refreshes(ids, self.per_bank).await;
                self.answer(preview, |preview| {
                    Event::RefreshesScouted(Box::new(preview))
                });
            }
            Effect::Refreshes(ids) => self.refreshes(ids).await,
            Effect::PlanBulk { act, ids } => self.plan_bulk(act, ids).await,
            Effect::ApplyBulk {
                act,
                plan,
                words,
                reason,
            } => self.apply_bulk(act, &plan, &words, &reason).await,
            Effect::PlanPurge(id) => {
                let plan = ops.plan_purge(&id).await;
                self.ordered(Action::Purge, &id, "", plan, |plan| {
                    Event::PurgePlanned(Box::new(plan))
                })
                .await;
            }
            Effect::Purge {
                id,
                fingerprint,
                words,
                refresh_after,
                ..
            } => {
                self.purge(&id, &fingerprint, &words, refresh_after).await;
            }
            Effect::PlanRevoke(id) => {
                let plan = ops.plan_revoke(&id).await;
                self.ordered(Action::Revoke, &id, "", plan, |plan| {
                    Event::RevokePlanned(Box::new(plan))
                })
                .await;
            }
            Effect::Revoke {
                id,
                fingerprint,
                reason,
                ..
            } => {
                let revoked = ops.revoke(&id, Some(&fingerprint), &reason).await;
                let event = |job: Job| Event::Revoked {
                    id: id.clone(),
                    summary: note(&job, &Title::EndConnection),
                };
                self.ordered(Action::Revoke, &id, &fingerprint, revoked, event)
                    .await;
            }
            Effect::Answer { job, answers } => match ops.answer(&job, answers).await {
                Ok(job) => self.tell(Event::Answered(job.id)),
                Err(error) => match ops.job(&job).await {
                    Ok(found) => self.tell(Event::Refused {
                        action: Action::Answer,
                        id: found.connection,
                        reason: error.to_string(),
                    }),
                    Err(_) => self.failed(&error),
                },
            },
            Effect::LoadInstitutions => self.banks().await,
            Effect::UpdateCredentials {
                id,
                password,
                security_code,
            } => {
                self.new_password(id, password, security_code).await;
            }
            Effect::Visit { id, end } => self.visit(id, end).await,
            Effect::Connect(link) => self.connect(*link).await,
            Effect::PlanEnding { kind, id, user } => self.plan_ending(kind, id, user).await,
            Effect::End { plan, reason } => self.end(*plan, &reason).await,
            Effect::ScoutUser(user) => self.scout_user(user).await,
            Effect::Copy {
                subject,
                what,
                level,
            } => self.copy(subject, what, level).await,
            Effect::CopyText(text) => self.request(Request::Copy(text, "the command".into())),
            Effect::Page { subject, level } => match (self.documents)(subject, level).await {
                Ok(text) => self.request(Request::Page(text)),
                Err(error) => self.failed(&error),
            },
            // the terminal's own; the loop that holds it does them
            Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
    }

    pub(super) fn request(&self, request: Request) {
        let _ = self.back.send(Back::Request(request));
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
                ", scrub pending"
            };
            Event::Purged {
                id: id.clone(),
                summary: format!("{}{pending}", note(&job, &Title::DeleteRows)),
            }
        };
        self.ordered(Action::Purge, id, fingerprint, purged, event)
            .await;
        if done && refresh_after {
            let refreshed = self.ops.refresh(id, true).await;
            let event = |r: crate::ops::Refreshed| Event::RefreshQueued {
                id: id.clone(),
                job: r.job.id,
                deduplicated: r.deduplicated,
            };
            self.ordered(Action::Refresh, id, "", refreshed, event)
                .await;
        }
    }
}

fn note(job: &Job, title: &Title) -> String {
    job.steps
        .iter()
        .find(|s| s.title == *title)
        .and_then(|s| s.note.clone())
        .unwrap_or_default()
}
