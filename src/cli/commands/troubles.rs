//! What is wrong with the work of this process, for the band of the dashboard.

use crate::cli::start_worker::Running;
use crate::domain::moment::Moment;
use crate::ops::{Held, LiveStatus, Maintenance, Ops};
use crate::tui::event::{Event, Trouble};
use crate::tui::runtime;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

/// How often is looked how it stands with the platform.
const LOOK: Duration = Duration::from_secs(1);

/// That the platform answered is shown to the minute.
const SHOWN_MS: i64 = 10_000;

pub(super) struct Troubles {
    ops: Ops,
    platform: Option<LiveStatus>,
    heard: Option<Moment>,
    told: Option<Trouble>,
    worker: watch::Receiver<Option<String>>,
    live: watch::Receiver<Option<String>>,
    upkeep: watch::Receiver<Option<String>>,
    held: watch::Receiver<Option<Held>>,
}

impl Troubles {
    pub(super) fn of(ops: &Ops, worker: &Running, upkeep: &Maintenance) -> Self {
        Self {
            ops: ops.clone(),
            platform: None,
            heard: None,
            told: None,
            worker: worker.trouble(),
            live: worker.live_trouble(),
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
                // what other processes hear of the platform is in the file
                () = tokio::time::sleep(LOOK) => Ok(()),
            };
            if let Ok(status) = self.ops.live_status().await {
                self.platform = status;
            }
            let heard = self
                .platform
                .as_ref()
                .and_then(|status| status.platform.heard);
            let moved = heard.map_or(0, |at| at.since(self.heard.unwrap_or(Moment(0))));
            if moved >= SHOWN_MS {
                self.heard = heard;
                if tell.send(Event::Heard(heard)).is_err() {
                    return;
                }
            }
            let gravest = self.gravest();
            if changed.is_err() {
                return;
            }
            if gravest != self.told {
                self.told.clone_from(&gravest);
                if tell.send(Event::TroubleChanged(gravest)).is_err() {
                    return;
                }
            }
        }
    }

    fn gravest(&mut self) -> Option<Trouble> {
        let worker = self.worker.borrow_and_update().clone();
        let upkeep = self.upkeep.borrow_and_update().clone();
        let held = self.held.borrow_and_update().clone();
        let live = self.live.borrow_and_update().clone();
        let error = worker.or(upkeep).or(live).map(|what| Trouble {
            word: "TROUBLE".into(),
            what,
            advice: "Jobs do not run until it is over; what is on screen may be old.".into(),
            stops_actions: false,
        });
        let silence = || runtime::silence(self.platform.as_ref()?, self.ops.now());
        error
            .or_else(|| held.as_ref().map(runtime::trouble))
            .or_else(silence)
    }
}
