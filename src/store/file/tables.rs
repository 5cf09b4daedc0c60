//! Whether the tables of a file are those of this program. Looks only, so that a file of something else stays as it is.

use crate::store::error::{Error, Result};
use rusqlite::Connection;
use std::path::Path;

/// Tables that every version has, with columns that every version has.
const EVERY_VERSION: [&str; 9] = [
    "SELECT key, value FROM meta LIMIT 0",
    "SELECT name, value FROM counters LIMIT 0",
    "SELECT n, id, name, folded FROM institutions LIMIT 0",
    "SELECT n, id, name, folded, contact FROM users LIMIT 0",
    "SELECT n, id, user_n, institution_n, status, urgency FROM connections LIMIT 0",
    "SELECT n, id, user_n, institution_n, sealed FROM accounts LIMIT 0",
    "SELECT n, id, account_n, amount, sealed FROM transactions LIMIT 0",
    "SELECT n, id, connection_n, kind, state, steps FROM jobs LIMIT 0",
    "SELECT seq, at, actor, action, target, mac FROM audit LIMIT 0",
];

/// Refuses a file that says it is of this program and has other tables. An empty one has none.
pub(crate) fn ours(conn: &Connection, path: &Path) -> Result<()> {
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    if tables == 0 {
        return Ok(());
    }
    for sql in EVERY_VERSION {
        match conn.prepare(sql).map_err(Error::from) {
            Ok(_) => {}
            Err(Error::Sql(_)) => {
                return Err(Error::Foreign {
                    path: path.into(),
                    what: "its tables are those of something else".into(),
                });
            }
            Err(other) => return Err(other),
        }
    }
    Ok(())
}
