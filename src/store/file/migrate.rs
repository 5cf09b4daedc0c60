//! Numbered migrations, counted in `user_version`, appended and never edited. Missing ones run in one transaction.

use super::masked_jobs::mask_jobs;
use crate::domain::moment::Moment;
use crate::store::connections::judged::judge_written;
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
    include_str!("../schema/0006_server.sql"),
    include_str!("../schema/0007_operators.sql"),
    include_str!("../schema/0008_webhooks.sql"),
    include_str!("../schema/0009_privacy_role.sql"),
    include_str!("../schema/0010_requests.sql"),
    include_str!("../schema/0011_live.sql"),
    include_str!("../schema/0012_board.sql"),
    include_str!("../schema/0013_incidents.sql"),
    include_str!("../schema/0014_live_sequences.sql"),
    include_str!("../schema/0015_newest_job.sql"),
    include_str!("../schema/0016_failures.sql"),
];

/// The first version that masks what banks say in jobs.
const MASKED: usize = 5;

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
        if (1..MASKED).contains(&from) {
            mask_jobs(&tx)?;
        }
        // as of the beginning of time: what has come about since is due, and is judged again
        judge_written(&tx, Moment(0))?;
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

    #[test]
    fn what_banks_said_in_older_files_is_masked() {
        for from in 1..MASKED {
            let mut old = Connection::open_in_memory().unwrap();
            for step in &STEPS[..from] {
                old.execute_batch(step).unwrap();
            }
            let said = r#"["invalid-credentials","Locked","Hello Ada Lovelace, card 4111 1111"]"#;
            let asked = r#"["token","Ada Lovelace's code",["Code for 0400 555 021"],9]"#;
            let steps = format!(r#"[["verify-credentials","failed",0,3,{said}]]"#);
            let sql = "INSERT INTO jobs (id, connection_n, user_n, institution_n, kind, state, label, open, created,
                  updated, ended, step, code, steps, challenge, actor)
                VALUES (?1, 1, 1, 1, ?2, 6, 2, 0, 0, 0, 0, 'verify-credentials', 'invalid-credentials', ?3, ?4, '')";
            old.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
            let rows = [
                ("fetch", 1, steps.as_str(), Some(asked)),
                ("damaged", 1, "[", Some("{")),
                ("purge", 3, steps.as_str(), None),
            ];
            for (id, kind, steps, challenge) in rows {
                old.execute(sql, rusqlite::params![id, kind, steps, challenge])
                    .unwrap();
            }
            old.pragma_update(None, "user_version", from as i64)
                .unwrap();
            run(&mut old).unwrap();
            let texts = |id: &str| -> (String, Option<String>) {
                let sql = "SELECT steps, challenge FROM jobs WHERE id = ?1";
                old.query_row(sql, [id], |r| Ok((r.get(0)?, r.get(1)?)))
                    .unwrap()
            };
            let (masked, question) = texts("fetch");
            assert_eq!(
                masked,
                steps.replace("Ada Lovelace, card 4111 1111", "•••, card •••"),
                "from version {from}"
            );
            let shown = r#"["token","••• code",["Code for •••"],9]"#;
            assert_eq!(question.as_deref(), Some(shown));
            assert_eq!(texts("damaged"), ("[".into(), Some("{".into())));
            // the program's own words of a purge stay
            assert_eq!(texts("purge"), (steps, None));
        }
    }
}
