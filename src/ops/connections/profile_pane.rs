//! What the profile pane shows of one connection: profile, accounts, stored figures, siblings. Masking
//! happens here: the pane is given nothing personal in the clear.

use crate::domain::ids::ConnectionId;
use crate::domain::job::Job;
use crate::domain::mask::Level;
use crate::domain::views::ConnectionPane;
use crate::ops::connections::why::around;
use crate::ops::purge::{sibling, stored};
use crate::ops::{Error, Ops, Result};

/// So many of a user's other connections are named.
const SIBLINGS: usize = 50;

impl Ops {
    /// Everything a pane or a document shows of a connection, masked at this level.
    ///
    /// # Errors
    /// When there is no such connection.
    pub(crate) async fn pane(&self, id: &ConnectionId, level: Level) -> Result<ConnectionPane> {
        let (ops, asked, now) = (self.clone(), id.clone(), self.now());
        self.store
            .read(move |rd| {
                let Some(row) = rd.connection(&asked)? else {
                    return Err(Error::NotFound {
                        kind: "connection",
                        id: asked.to_string(),
                    });
                };
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
                    stored: stored(rd, &row, &here)?,
                    siblings: others
                        .iter()
                        .filter(|c| c.id != row.id)
                        .take(SIBLINGS)
                        .map(sibling)
                        .collect(),
                    next_background: ops.next_background(rd, &row)?,
                    around: around(rd, &row, now)?,
                    row,
                })
            })
            .await
    }

    /// The newest jobs of a connection, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn jobs_of(&self, id: &ConnectionId, limit: usize) -> Result<Vec<Job>> {
        let asked = id.clone();
        self.store
            .read(move |rd| -> Result<_> { Ok(rd.jobs_of(&asked, limit)?) })
            .await
    }
}
