//! Notes, taking on and putting off: each connection for itself, so that one that is refused keeps no other back.

use super::executor::Executor;
use crate::domain::counts::count;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::until::NOT_A_TIME;
use crate::ops::{Error, Result};
use crate::tui::effect::{Handle, OrderId};
use crate::tui::event::Event;

impl Executor {
    pub(super) async fn handle(&self, order: OrderId, of: &[ConnectionId], how: Handle) {
        let (mut done, mut refused) = (vec![], vec![]);
        for id in of {
            match self.handle_one(id, &how).await {
                Ok(()) => done.push(id),
                Err(error) => refused.push((id, error)),
            }
        }
        let first = refused.first();
        let Some(last) = done.last() else {
            if let Some((_, error)) = first {
                self.refused(order, error);
            }
            return;
        };
        let what = words(&how);
        let words = match of {
            [_] => format!("{what}.  {}", last.short()),
            _ => format!("{what}: {}.", count(done.len() as u64, "connection")),
        };
        let refused = first.map(|(id, error)| {
            let many = count(refused.len() as u64, "connection");
            format!("Left alone: {many}; {}: {error}", id.short())
        });
        self.tell(Event::Handled { words, refused });
    }

    async fn handle_one(&self, id: &ConnectionId, how: &Handle) -> Result<()> {
        let ops = &self.ops;
        match how {
            Handle::Note(text) => ops.note(id, text.clone(), Level::Strict).await.map(drop),
            Handle::Take { from_others } => ops.take_on(id, *from_others).await.map(drop),
            Handle::GiveBack => ops.give_back(id).await.map(drop),
            Handle::Snooze { until, reason } => {
                let until = until.from(ops.now(), ops.caller.zone);
                let until = until.ok_or_else(|| Error::Input(NOT_A_TIME.into()))?;
                ops.snooze(id, until, reason).await.map(drop)
            }
            Handle::Wake => ops.wake(id).await.map(drop),
        }
    }
}

fn words(how: &Handle) -> &'static str {
    match how {
        Handle::Note(_) => "Noted",
        Handle::Take { .. } => "Taken on by you",
        Handle::GiveBack => "Given back",
        Handle::Snooze { .. } => "Put off, until then or until it changes",
        Handle::Wake => "No longer put off",
    }
}
