//! What is wrong with the work of this process, for the band of the dashboard.

use crate::engine::Worker;
use crate::ops::{Held, Maintenance};
use crate::tui::event::{Event, Trouble};
use crate::tui::runtime;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

pub(super) struct Troubles {
    worker: watch::Receiver<Option<String>>,
    upkeep: watch::Receiver<Option<String>>,
    held: watch::Receiver<Option<Held>>,
}

impl Troubles {
    pub(super) fn of(worker: &Worker, upkeep: &Maintenance) -> Self {
        Self {
            worker: worker.trouble(),
            upkeep: upkeep.trouble(),
            held: upkeep.held(),
        }
    }

    /// Tells the gravest, whenever one changes.
    pub(super) async fn told(mut self, tell: UnboundedSender<Event>) {
        loop {
            let changed = tokio::select! {
                changed = self.worker.changed() => changed,
                changed = self.upkeep.changed() => changed,
                changed = self.held.changed() => changed,
            };
            if changed.is_err() || tell.send(Event::TroubleChanged(self.gravest())).is_err() {
                return;
            }
        }
    }

    fn gravest(&mut self) -> Option<Trouble> {
        let worker = self.worker.borrow_and_update().clone();
        let upkeep = self.upkeep.borrow_and_update().clone();
        let held = self.held.borrow_and_update().clone();
        let error = worker.or(upkeep).map(|what| Trouble {
            word: "TROUBLE".into(),
            what,
            advice: "Jobs do not run until it is over; what is on screen may be old.".into(),
            stops_actions: false,
        });
        error.or_else(|| held.as_ref().map(runtime::trouble))
    }
}
