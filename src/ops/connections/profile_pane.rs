//! Reads what the profile pane shows of one connection, masked.

use crate::domain::act::Sibling;
use crate::domain::ids::ConnectionId;
use crate::domain::insight::Insights;
use crate::domain::mask::Level;
use crate::domain::views::ConnectionPane;
use crate::ops::connections::why::around;
use crate::ops::people::insights;
use crate::ops::stored::{held, stored};
use crate::ops::{Ops, Result, newest_notes, not_found};

const SIBLINGS: usize = 50;

const NOTES: usize = 3;

impl Ops {
    pub(crate) async fn pane(&self, id: &ConnectionId, level: Level) -> Result<ConnectionPane> {
        let (ops, asked, now) = (self.clone(), id.clone(), self.now());
        let unseals = self.store.can_unseal();
        let pane = self
            .read(move |rd| {
                let row = rd
                    .connection(&asked)?
                    .ok_or_else(|| not_found("connection", &asked))?;
                let others = rd.connections_of(&row.user, None)?;
                let here: Vec<_> = others
                    .iter()
                    .filter(|c| c.institution == row.institution && c.id != row.id)
                    .cloned()
                    .collect();
                Ok(ConnectionPane {
                    // a profile whose key is gone or whose bytes are damaged is shown as absent
                    profile: rd.profile(&asked).ok().flatten().map(|p| p.masked(level)),
                    accounts: rd.accounts_of(&asked, level)?,
                    insights: match unseals {
                        true => insights(rd, &asked, level)?,
                        false => Insights::default(),
                    },
                    stored: stored(rd, &row, &here, held(rd, &row)?)?,
                    siblings: others
                        .iter()
                        .filter(|c| c.id != row.id)
                        .take(SIBLINGS)
                        .map(Sibling::of)
                        .collect(),
                    notes: match unseals {
                        true => newest_notes(rd, &asked, NOTES, level)?,
                        false => vec![],
                    },
                    next_background: ops.next_background(rd, &row)?,
                    around: around(rd, &row, now)?,
                    row,
                })
            })
            .await?;
        // of a platform, what is shown is read there next; it is shown all the same when that cannot be noted
        let _ = self.want_details(id).await;
        Ok(pane)
    }
}
