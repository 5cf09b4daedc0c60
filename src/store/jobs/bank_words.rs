//! What banks and imported documents said of a job in their own words, sealed under the key of its user at its bank.
//! The job itself holds it masked. A purge deletes it and searches for it.

use crate::domain::connection::Status;
use crate::domain::ids::JobId;
use crate::domain::mask::{BankWords, HIDDEN};
use crate::store::WriteTxn;
use crate::store::codec::Coded;
use crate::store::error::{Error, Result};
use crate::vault::{self, DataKey, Sealed, codec};
use rusqlite::params;

impl WriteTxn<'_> {
    /// Keeps these in the place of what was kept of the job. Without a key that can be read they are not kept: the job
    /// goes on all the same.
    pub(crate) fn keep_bank_words(&self, id: &JobId, words: &BankWords) -> Result<()> {
        let sealed = match words.is_empty() {
            true => None,
            false => match self.key_of_job(id)? {
                None => None,
                Some(key) => {
                    let plain = codec::write_list(words.texts());
                    Some(key.seal(Sealed::BankWords, id.as_str(), &plain)?)
                }
            },
        };
        let Some(sealed) = sealed else {
            let sql = "DELETE FROM bank_words WHERE job_n = (SELECT n FROM jobs WHERE id = ?1)";
            return self.execute(sql, [id]).map(drop);
        };
        let sql = "INSERT OR REPLACE INTO bank_words (job_n, sealed) SELECT n, ?2 FROM jobs WHERE id = ?1";
        self.execute(sql, params![id, sealed]).map(drop)
    }

    /// Deletes the words of a job in which nothing is masked any more.
    pub(super) fn drop_unused_words(&self, id: &JobId) -> Result<()> {
        let sql = "DELETE FROM bank_words WHERE job_n IN (
              SELECT n FROM jobs WHERE id = ?1 AND instr(steps, ?2) = 0 AND instr(coalesce(challenge, ''), ?2) = 0)";
        self.execute(sql, params![id, HIDDEN]).map(drop)
    }

    /// None when the pair has a key that cannot be read, or none can be made. A connection that is over gets no new key.
    fn key_of_job(&self, id: &JobId) -> Result<Option<DataKey>> {
        let sql = "SELECT j.user_n, j.institution_n, c.status, k.slot FROM jobs j
            JOIN connections c ON c.n = j.connection_n
            LEFT JOIN data_keys k ON k.user_n = j.user_n AND k.institution_n = j.institution_n WHERE j.id = ?1";
        let found = self.first(sql, [id], |row| {
            let pair: (i64, i64) = (row.get("user_n")?, row.get("institution_n")?);
            let slot: Option<i64> = row.get("slot")?;
            Ok((pair, row.get::<_, i64>("status")?, slot))
        })?;
        let Some((pair, status, slot)) = found else {
            return Ok(None);
        };
        match slot {
            Some(slot) => Ok(self.keys.data_key(slot).ok().flatten()),
            None if status == Status::Deleted.code() => Ok(None),
            None => match self.pair_key(pair.0, pair.1) {
                Ok(key) => Ok(Some(key)),
                Err(Error::Vault(vault::Error::Lost { .. } | vault::Error::NoDataKeys { .. })) => {
                    Ok(None)
                }
                Err(other) => Err(other),
            },
        }
    }
}
