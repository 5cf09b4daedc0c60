//! Holds: the one in force, and a new one.

use super::executor::Executor;
use crate::domain::hold::Hold;
use crate::domain::query::{Query, parse_in};
use crate::domain::until::{NOT_A_TIME, Until};
use crate::domain::zone::Zone;
use crate::ops::{Error, Result};
use crate::tui::effect::HoldOf;
use crate::tui::event::Event;

/// The most connections that are held at once.
const MOST: usize = 10_000;

impl Executor {
    pub(super) async fn read_hold(&self, of: HoldOf) {
        let hold = match &of {
            HoldOf::Bank(id, _) => self.ops.hold_of_bank(id).await,
            HoldOf::Connections(ids) if ids.len() == 1 => self.ops.hold_of(&ids[0]).await,
            HoldOf::Connections(_) | HoldOf::Found(_) => Ok(None),
        };
        self.answer(hold, |hold| Event::HoldLoaded { of, hold });
    }

    pub(super) async fn hold(&self, of: HoldOf, until: &Until, reason: &str) -> Result<Hold> {
        let ops = &self.ops;
        let until = until.from(ops.now(), ops.caller.zone);
        let until = until.ok_or_else(|| Error::Input(NOT_A_TIME.into()))?;
        match of {
            HoldOf::Bank(id, _) => ops.hold_bank(&id, until, reason).await,
            HoldOf::Connections(ids) => ops.hold_connections(&ids, until, reason).await,
            HoldOf::Found(query) => {
                let (ids, _) = ops.ids(not_revoked(*query, ops.caller.zone), MOST).await?;
                ops.hold_connections(&ids, until, reason).await
            }
        }
    }
}

/// A revoked one cannot be held; a filter too long for one more word is taken as it is.
fn not_revoked(query: Query, zone: Zone) -> Query {
    let text = format!("({}) !status:deleted", query.text);
    parse_in(&text, query.scope, zone).unwrap_or(query)
}
