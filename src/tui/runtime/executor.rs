//! Each effect becomes a task that sends back events, in any order; the model drops answers to old questions.

use super::views::Views;
use crate::domain::mask::Level;
use crate::domain::views::Page;
use crate::domain::zone::Zone;
use crate::ops::{Caller, Error, Ops, Result};
use crate::store;
use crate::tui::effect::{Effect, Subject};
use crate::tui::event::Event;
use futures::future::BoxFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tokio::sync::mpsc::UnboundedSender;

/// The most people that the palette lists.
const MOST_PEOPLE: usize = 20;

/// Makes the masked document of a connection or job; documents are the commands' own shapes.
pub(crate) type Documents =
    Arc<dyn Fn(Subject, Level) -> BoxFuture<'static, Result<String>> + Send + Sync>;

#[derive(Debug)]
pub(crate) enum Report {
    Event(Event),
    /// Text for the clipboard, and its name.
    Copy(String, String),
    Page(String),
    Done,
}

#[derive(Clone)]
pub(crate) struct Executor {
    pub(super) ops: Ops,
    pub(super) documents: Documents,
    pub(super) views: Option<Views>,
    /// What links begin with; empty where it is not configured.
    pub(super) base_url: Arc<str>,
    reports: UnboundedSender<Report>,
    busy: Arc<AtomicUsize>,
    /// The newest question about the list; tasks that carry out older ones may come to run after it.
    newest: Arc<AtomicU64>,
}

impl Executor {
    pub(crate) fn new(ops: Ops, documents: Documents, reports: UnboundedSender<Report>) -> Self {
        Self {
            ops,
            documents,
            views: None,
            base_url: Arc::default(),
            reports,
            busy: Arc::new(AtomicUsize::new(0)),
            newest: Arc::new(AtomicU64::new(0)),
        }
    }

    pub(super) fn with_base(self, base_url: &str) -> Self {
        let base_url = base_url.into();
        Self { base_url, ..self }
    }

    pub(crate) fn busy(&self) -> usize {
        self.busy.load(Ordering::SeqCst)
    }

    /// From now on times in sentences and times that are typed are of this zone.
    pub(crate) fn use_zone(&mut self, zone: Zone) {
        let caller = Caller {
            zone,
            ..(*self.ops.caller).clone()
        };
        self.ops = self.ops.clone().with_caller(caller);
    }

    /// Begins one effect; those that are the terminal's own are the caller's.
    pub(crate) fn begin(&self, effect: Effect) {
        let executor = self.clone();
        if let Effect::LoadPage { generation, .. } = &effect {
            self.newest.fetch_max(*generation, Ordering::SeqCst);
        }
        self.busy.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            executor.carry_out(effect).await;
            executor.busy.fetch_sub(1, Ordering::SeqCst);
            executor.report(Report::Done);
        });
    }

    pub(super) fn report(&self, report: Report) {
        // the screen may have gone; then nobody wants to know
        let _ = self.reports.send(report);
    }

    pub(super) fn tell(&self, event: Event) {
        self.report(Report::Event(event));
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

    /// The same of something that may no longer exist.
    fn answer_if_any<T>(&self, result: Result<T>, event: impl FnOnce(Option<Box<T>>) -> Event) {
        match result {
            Ok(value) => self.tell(event(Some(Box::new(value)))),
            Err(Error::NotFound { .. }) => self.tell(event(None)),
            Err(error) => self.failed(&error),
        }
    }

    async fn carry_out(&self, effect: Effect) {
        let ops = &self.ops;
        match effect {
            Effect::Order(id, order) => {
                self.carry_out_order(id, order).await;
                self.tell(Event::OrderAnswered(id));
            }
            Effect::Copy {
                subject,
                what,
                level,
            } => self.copy(subject, what, level).await,
            Effect::CopyText(text) => self.report(Report::Copy(text, "the command".into())),
            Effect::Page { subject, level } => match (self.documents)(subject, level).await {
                Ok(text) => self.report(Report::Page(text)),
                Err(error) => self.failed(&error),
            },
            Effect::LoadBanks => self.answer(ops.bank_names().await, Event::BanksLoaded),
            Effect::Seek {
                generation,
                people: Some(words),
                level,
            } => self.answer(
                ops.seek_people(&words, MOST_PEOPLE, level).await,
                |people| Event::PeopleSought { generation, people },
            ),
            Effect::Seek { .. } => {
                // what is wrong with the file is said
                let views = self.saved_views().unwrap_or_else(|wrong| {
                    self.tell(Event::Failed(wrong));
                    vec![]
                });
                let filled = |banks| Event::PaletteFilled { banks, views };
                self.answer(ops.banks_named().await, filled);
            }
            Effect::LoadInstitutions => self.banks().await,
            Effect::LoadProfile { id, level } => {
                let pane = ops.pane(&id, level).await;
                self.answer_if_any(pane, |pane| Event::ProfileLoaded { id, level, pane });
            }
            Effect::LoadJobs { id, limit } => {
                let jobs = ops.jobs_of(&id, limit).await;
                self.answer(jobs, |rows| {
                    let page = Page {
                        more: rows.len() == limit,
                        rows,
                        first: None,
                        last: None,
                    };
                    Event::JobsLoaded(id, page)
                });
            }
            Effect::LoadJob(id) => {
                let job = ops.job(&id).await;
                self.answer_if_any(job, |job| Event::JobLoaded(id, job));
            }
            Effect::LoadWhy(id) => self.answer(ops.why(&id).await, |why| {
                Event::WhyLoaded(id, Box::new(why.meaning))
            }),
            Effect::PlanAct { kind, selection } => self.plan_act(kind, selection).await,
            Effect::LoadHandling(of) => {
                self.answer(ops.handlings(&of).await, Event::HandlingLoaded);
            }
            Effect::LoadHold(of) => self.read_hold(of).await,
            Effect::NoteCancelled { kind, target } => {
                if let Err(error) = ops.cancelled(kind, &target).await {
                    self.failed(&error);
                }
            }
            Effect::KeepLook => {
                if !ops.store.read_only()
                    && let Err(error) = ops.looks().await
                {
                    self.failed(&error);
                }
            }
            Effect::SaveView(view) => self.save_view(&view),
            Effect::DeleteView(name) => self.delete_view(&name),
            rows @ Effect::LoadRows { .. } => self.read_rows(rows).await,
            Effect::LoadRowIds {
                kind,
                key,
                query,
                limit,
            } => {
                self.answer(ops.ids(query, limit).await, |(ids, complete)| {
                    Event::RowIdsLoaded {
                        kind,
                        key,
                        ids,
                        complete,
                    }
                });
            }
            // the terminal's own; the loop that holds it does them
            Effect::Redraw
            | Effect::Suspend
            | Effect::UseTheme(_)
            | Effect::UseMouse(_)
            | Effect::UseZone(_)
            | Effect::Quit => {}
            list => self.read_list(list).await,
        }
    }

    async fn read_list(&self, effect: Effect) {
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
                    let page = ops.stretch(query.clone(), sort, from.clone(), limit).await;
                    let event = match page {
                        Err(Error::Store(store::Error::Interrupted)) => continue,
                        Ok(page) => Event::PageLoaded {
                            generation,
                            from,
                            page,
                        },
                        Err(Error::Store(error @ store::Error::NotOrdered { .. })) => {
                            Event::NotOrdered {
                                generation,
                                reason: error.to_string(),
                            }
                        }
                        Err(error) => Event::PageFailed {
                            generation,
                            reason: error.to_string(),
                        },
                    };
                    return self.tell(event);
                }
            }
            Effect::LoadFigures {
                generation,
                query,
                marks,
            } => {
                let read = ops.figures(query, marks).await;
                self.answer(read, |(figures, marks)| Event::FiguresLoaded {
                    generation,
                    figures,
                    marks,
                });
            }
            Effect::ReadAgain {
                generation,
                query,
                sort,
                shown,
            } => self.tell(match ops.seen(query, sort, *shown).await {
                Ok(seen) => Event::Seen {
                    generation,
                    seen: Box::new(seen),
                },
                Err(Error::Store(error @ store::Error::NotOrdered { .. })) => Event::NotOrdered {
                    generation,
                    reason: error.to_string(),
                },
                Err(error) => Event::Unread(error.to_string()),
            }),
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
                forward,
            } => {
                let found = ops.next_attention(query, sort, from, !forward).await;
                self.answer(found, |found| Event::AttentionFound {
                    generation,
                    found,
                    forward,
                });
            }
            _ => {}
        }
    }
}
