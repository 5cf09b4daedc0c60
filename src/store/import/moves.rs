//! Moves what an import says has another owner now: sealed again under the key of the new owner, and counted there.

use super::{Known, Pair};
use crate::domain::ids::{AccountId, ConnectionId, ConsentId, InstitutionId, UserId};
use crate::store::WriteTxn;
use crate::store::error::Result;
use crate::vault::{DataKey, Sealed};
use rusqlite::params;

impl WriteTxn<'_> {
    /// An account of the same user that is at another bank now; its connection is not.
    pub(crate) fn move_account(
        &self,
        id: &AccountId,
        to: &InstitutionId,
        known: &mut Known,
    ) -> Result<()> {
        self.ensure_institution(to)?;
        let sql = "SELECT a.n, a.user_n, a.institution_n, i.n AS new_n, a.connection_n
            FROM accounts a, institutions i WHERE a.id = ?1 AND i.id = ?2";
        let found = self.first(sql, params![id, to], |row| {
            let to = Pair {
                user_n: row.get("user_n")?,
                institution_n: row.get("new_n")?,
            };
            let connection_n: Option<i64> = row.get("connection_n")?;
            Ok((row.get("n")?, to, connection_n))
        })?;
        let Some((n, to, connection_n)) = found else {
            return Ok(());
        };
        self.seal_account_again(n, to, known)?;
        let sql = "UPDATE accounts SET connection_n = NULL, connection_ref = NULL WHERE n = ?1";
        self.execute(sql, [n])?;
        known.account = None;
        connection_n.map_or(Ok(()), |n| self.recount(n))
    }

    /// A connection that is another user's or at another bank now, with its accounts and jobs.
    pub(crate) fn move_connection(
        &self,
        id: &ConnectionId,
        user: &UserId,
        at: &InstitutionId,
        known: &mut Known,
    ) -> Result<()> {
        self.ensure_institution(at)?;
        let c = self.must_number(id)?;
        let from = Pair {
            user_n: c.user_n,
            institution_n: c.institution_n,
        };
        let to = self.pair_of(user, at, known)?;
        let sql = "SELECT sealed FROM profiles WHERE connection_n = ?1";
        if let Some(sealed) = self.find::<Vec<u8>>(sql, [c.n])? {
            let again = self.again(Sealed::Profile, id.as_str(), &sealed, from, to, known)?;
            let sql = "UPDATE profiles SET sealed = ?2 WHERE connection_n = ?1";
            self.execute(sql, params![c.n, again])?;
        }
        let sql = "SELECT n FROM accounts WHERE connection_n = ?1";
        for account_n in self.column::<i64>(sql, [c.n])? {
            self.seal_account_again(account_n, to, known)?;
        }
        let sql = "UPDATE connections SET user_n = ?2, institution_n = ?3, version = version + 1,
              user_sort = (SELECT folded FROM users WHERE n = ?2),
              bank_sort = (SELECT folded FROM institutions WHERE n = ?3)
            WHERE n = ?1";
        let values = params![c.n, to.user_n, to.institution_n];
        self.execute(sql, values)?;
        let sql = "UPDATE jobs SET user_n = ?2, institution_n = ?3 WHERE connection_n = ?1";
        self.execute(sql, values)?;
        self.tag_jobs_again(id)?;
        known.links.remove(id);
        known.account = None;
        Ok(())
    }

    pub(crate) fn move_consent(&self, id: &ConsentId, user: &UserId) -> Result<()> {
        let sql = "UPDATE consents SET user_n = (SELECT n FROM users WHERE id = ?2) WHERE id = ?1";
        self.execute(sql, params![id, user]).map(drop)
    }

    /// It is sealed under the key of the pair it belongs to, which need not be that of its connection.
    fn seal_account_again(&self, n: i64, to: Pair, known: &mut Known) -> Result<()> {
        let sql = "SELECT id, sealed, user_n, institution_n FROM accounts WHERE n = ?1";
        let found = self.first(sql, [n], |row| {
            let from = Pair {
                user_n: row.get("user_n")?,
                institution_n: row.get("institution_n")?,
            };
            Ok((
                row.get::<_, String>("id")?,
                row.get::<_, Vec<u8>>("sealed")?,
                from,
            ))
        })?;
        let Some((id, sealed, from)) = found else {
            return Ok(());
        };
        let again = self.again(Sealed::Account, &id, &sealed, from, to, known)?;
        let sql = "UPDATE accounts SET user_n = ?2, institution_n = ?3, sealed = ?4 WHERE n = ?1";
        self.execute(sql, params![n, to.user_n, to.institution_n, again])?;
        let sql = "SELECT n, id, sealed FROM transactions WHERE account_n = ?1";
        let rows: Vec<(i64, String, Vec<u8>)> = self.all(sql, [n], |row| {
            Ok((row.get("n")?, row.get("id")?, row.get("sealed")?))
        })?;
        for (n, id, sealed) in rows {
            let again = self.again(Sealed::Transaction, &id, &sealed, from, to, known)?;
            let sql = "UPDATE transactions SET sealed = ?2 WHERE n = ?1";
            self.execute(sql, params![n, again])?;
        }
        Ok(())
    }

    /// What cannot be opened stays as it is: nobody can read it under the new key either.
    fn again(
        &self,
        what: Sealed,
        id: &str,
        sealed: &[u8],
        from: Pair,
        to: Pair,
        known: &mut Known,
    ) -> Result<Vec<u8>> {
        let old: &DataKey = self.key(known, from)?;
        let Ok(plain) = old.open(what, id, sealed) else {
            return Ok(sealed.to_vec());
        };
        Ok(self.key(known, to)?.seal(what, id, &plain)?)
    }
}
