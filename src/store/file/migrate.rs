//! Numbered migrations, counted in `user_version`, appended and never edited. Missing ones run in one transaction.

use crate::store::error::Result;
use rusqlite::{Connection, TransactionBehavior};

/// Marks a SQLite file as one of this program: "swbd".
pub(crate) const APPLICATION_ID: i64 = 0x7377_6264;

const STEPS: &[&str] = &[
    include_str!("../schema/0001_spine.sql"),
    include_str!("../schema/0002_whole_domain.sql"),
    include_str!("../schema/0003_one_act.sql"),
    include_str!("../schema/0004_truth.sql"),
    include_str!("../schema/0005_safety.sql"),
    include_str!("../schema/0007_operators.sql"),
];

pub(crate) const KNOWN: i64 = STEPS.len() as i64;

pub(crate) fn version(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("PRAGMA user_version", [], |r| r.get(0))?)
}

/// Upgrades the file to [`KNOWN`] in one transaction; several processes may try at the same time.
pub(crate) fn run(conn: &mut Connection) -> Result<()> {
    while version(conn)? < KNOWN {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let from = usize::try_from(version(&tx)?).expect("versions are not negative here");
        for step in STEPS.iter().skip(from) {
            tx.execute_batch(step)?;
        }
        if from < STEPS.len() {
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.pragma_update(None, "user_version", KNOWN)?;
        }
        tx.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_upgrades_to_the_fresh_schema() {
        let schema = |conn: &Connection| -> Vec<String> {
            let mut rows = conn
                .prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name")
                .unwrap();
            rows.query_map([], |r| r.get(0))
                .unwrap()
                .map(|r| r.unwrap())
                .collect()
        };
        let mut fresh = Connection::open_in_memory().unwrap();
        run(&mut fresh).unwrap();
        for from in 1..=STEPS.len() {
            let mut old = Connection::open_in_memory().unwrap();
            for step in &STEPS[..from] {
                old.execute_batch(step).unwrap();
            }
            old.pragma_update(None, "user_version", from as i64)
                .unwrap();
            run(&mut old).unwrap();
            assert_eq!(schema(&old), schema(&fresh), "from version {from}");
        }
        assert_eq!(version(&fresh).unwrap(), KNOWN);
    }
}
