//! Nothing ends by the word of one clock: what a wrong clock must not do, how an end waits, and how many end at once.

mod endings;
mod jumps;
mod share;

use crate::domain::clock_check::Present;
use crate::domain::consent::{Consent, Status};
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::moment::Moment;
use crate::ops::{Error, Held, Ops, Result};
use crate::testing::lifecycle::Rig;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
const DAY_MS: i64 = 86_400_000;

/// A machine that was started, with a file on it that knows the time.
async fn machine() -> Rig {
    let rig = Rig::new().await;
    rig.clock.starts("first");
    rig
}

/// What is stored as active, whatever is shown.
async fn stored(rig: &Rig) -> Vec<Consent> {
    let read = rig.ops.store.read(|rd| -> Result<_> {
        let page = rd.consent_page(None, None, 100_000)?;
        Ok(page.rows)
    });
    read.await.unwrap()
}

async fn number(rig: &Rig, sql: &str) -> i64 {
    let path = rig.ops.store.path().to_owned();
    let raw = rusqlite::Connection::open(path).unwrap();
    raw.query_row(sql, [], |row| row.get(0)).unwrap()
}

async fn marked(rig: &Rig) -> i64 {
    number(
        rig,
        "SELECT count(*) FROM consents WHERE status = 0 AND marked IS NOT NULL",
    )
    .await
}

/// Events that tell a user something about the end of a consent.
async fn told(rig: &Rig) -> i64 {
    number(
        rig,
        "SELECT count(*) FROM events WHERE entity = 'consent' AND type IN ('warning', 'reminder', 'expired')",
    )
    .await
}

/// A round of maintenance at each of these, one after another.
async fn rounds(ops: &Ops, rig: &Rig, waits: &[Duration]) {
    for wait in waits {
        rig.clock.advance(*wait);
        ops.maintain().await.unwrap();
    }
}

/// Sets when a consent ends, as an imported change would.
async fn ends(rig: &Rig, user: &str, at: Moment) {
    let user = UserId::from(user);
    let wrote = rig.ops.write(move |_, tx| {
        let consent = tx.active_consent(&user)?.unwrap();
        Ok(tx.save_consent(&Consent {
            expiry: at,
            ..consent
        })?)
    });
    wrote.await.unwrap();
}

async fn connected(rig: &Rig) -> ConnectionId {
    let job = rig.connect("AU00000", "Whistler", "ShowBox").await;
    job.connection
}
