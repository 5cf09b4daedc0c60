//! Goes on with a database that a part beside it was lost of, when a person accepts that.

use super::audit::{AuditEntry, Break};
use super::error::{Error, Result};
use super::file::threads::patiently;
use super::file::{Mode, open};
use super::keys::{Keys, Loss};
use super::{ReadTxn, Store, WriteTxn};
use crate::domain::moment::Moment;
use rusqlite::Connection;
use std::path::Path;

impl Store {
    /// Makes what was lost anew and writes that into the audit. Nothing is changed when nothing is lost.
    pub(crate) fn accept_loss(
        path: &Path,
        loss: Loss,
        entry: &AuditEntry,
        now: Moment,
    ) -> Result<()> {
        let path = &*open::real(path);
        let conn = open::writer(path, Mode::Write, |conn| {
            Keys::open(path, false)?.complete(conn, Some(loss))
        })?;
        let mut keys = Keys::open(path, true)?;
        patiently(|| Ok(conn.execute_batch("BEGIN IMMEDIATE")?))?;
        let accepted = accept(&conn, &mut keys, loss, entry, now).and_then(|()| {
            keys.before_commit()?;
            Ok(conn.execute_batch("COMMIT")?)
        });
        if accepted.is_err() && !conn.is_autocommit() {
            conn.execute_batch("ROLLBACK")?;
        }
        accepted?;
        keys.after_commit(&conn);
        Ok(())
    }
}

fn accept(
    conn: &Connection,
    keys: &mut Keys,
    loss: Loss,
    entry: &AuditEntry,
    now: Moment,
) -> Result<()> {
    keys.learn(conn)?;
    let nothing = || Error::NothingLost {
        what: match loss {
            Loss::Keys => "the key file is the one that belongs to this database",
            Loss::Audit => "the head of the audit agrees with its lines",
        },
    };
    if loss == Loss::Audit {
        match (ReadTxn { conn, keys }).audit_verify()?.first_bad {
            None => return Err(nothing()),
            Some((_, Break::NoHead | Break::RolledBack | Break::Replaced)) => {}
            // a new head would not mend a line
            Some((seq, Break::Changed | Break::Missing)) => {
                return Err(Error::Row {
                    table: "the audit",
                    what: format!("line {seq}"),
                });
            }
        }
    }
    if !keys.accept(conn, loss, now)? {
        return Err(nothing());
    }
    let rd = ReadTxn { conn, keys };
    WriteTxn { rd }.append_audit(entry, now)
}
