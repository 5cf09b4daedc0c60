//! Accounts and transactions: sealed rows under the data key of their user at their institution, and
//! the counts kept beside them.

mod holdings;

use crate::domain::bank_data::{AccountDetails, BankAccount, BankTransaction, TransactionDetails};
use crate::domain::ids::{AccountId, ConnectionId, TransactionId};
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::views::AccountRow;
use crate::store::error::{Error, Result};
use crate::store::{ReadTxn, WriteTxn};
use crate::vault::{self, DataKey};
use rusqlite::{OptionalExtension, params};

/// What storing a fetch came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Rows sent.
    pub(crate) seen: u64,
    /// Rows that were not there before. A pending one that comes again under another id is not new.
    pub(crate) new: u64,
    /// Accounts that are new or of which anything but a balance is other than before.
    pub(crate) changed: u64,
}

/// What writing one account came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrote {
    /// It was not there.
    New,
    /// Something other than a balance is not as it was.
    Changed,
    /// At most a balance moved.
    Same,
}

/// What tells a pending transaction from another: its account, time, amount, class and what it says.
type Likeness = (i64, i64, i64, String, TransactionDetails);

pub(crate) const PUT_TRANSACTION: &str =
    "INSERT INTO transactions (id, account_n, posted, at, amount, class, sealed)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING";

impl ReadTxn<'_> {
    /// The stored accounts that this connection fetched, masked.
    pub(crate) fn accounts_of(&self, id: &ConnectionId, level: Level) -> Result<Vec<AccountRow>> {
        let sql = "SELECT a.id, a.class, a.currency, a.balance, a.available, a.status, a.updated, a.transactions,
              a.sealed, k.slot FROM accounts a
            LEFT JOIN data_keys k ON k.user_n = a.user_n AND k.institution_n = a.institution_n
            WHERE a.connection_n = (SELECT n FROM connections WHERE id = ?1) ORDER BY a.n LIMIT 500";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query([id.as_str()])?;
        let mut found = Vec::new();
        while let Some(r) = rows.next()? {
            let id: AccountId = r.get::<_, String>(0)?.into();
            let details = self.account_details(&id, &r.get::<_, Vec<u8>>(8)?, r.get(9)?);
            found.push(AccountRow {
                id,
                shown: details.map(|d| d.masked(level)),
                class: r.get(1)?,
                currency: r.get(2)?,
                balance: r.get(3)?,
                available: r.get(4)?,
                status: r.get(5)?,
                updated: Moment(r.get(6)?),
                transactions: r.get::<_, i64>(7)?.unsigned_abs(),
            });
        }
        Ok(found)
    }

    pub(crate) fn account_details(
        &self,
        id: &AccountId,
        sealed: &[u8],
        slot: Option<i64>,
    ) -> Option<AccountDetails> {
        let key = self.keys.data_key(slot?).ok()??;
        let plain = key.open(vault::Sealed::Account, id.as_str(), sealed).ok()?;
        vault::codec::read_account(&plain).ok()
    }

    /// The first and last day of this connection's stored transactions.
    pub(crate) fn transaction_span(&self, id: &ConnectionId) -> Result<Option<(Moment, Moment)>> {
        let sql = "SELECT min(first), max(last) FROM (
              SELECT (SELECT min(at) FROM transactions WHERE account_n = a.n) AS first,
                     (SELECT max(at) FROM transactions WHERE account_n = a.n) AS last
              FROM accounts a WHERE a.connection_n = (SELECT n FROM connections WHERE id = ?1))";
        let span: (Option<i64>, Option<i64>) = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(span
            .0
            .zip(span.1)
            .map(|(first, last)| (Moment(first), Moment(last))))
    }

    /// Up to where every account of this connection has its posted transactions, so that a bank need not
    /// send all again. The account that lags most decides; none while one has nothing yet.
    pub(crate) fn newest_posted(&self, id: &ConnectionId) -> Result<Option<Moment>> {
        let sql = "SELECT (SELECT at FROM transactions WHERE account_n = a.n AND posted = 1 ORDER BY at DESC LIMIT 1)
            FROM accounts a WHERE a.connection_n = (SELECT n FROM connections WHERE id = ?1) AND a.status = 'available'";
        let mut query = self.conn.prepare_cached(sql)?;
        let newest = query.query_map([id.as_str()], |r| r.get::<_, Option<i64>>(0))?;
        let newest: Vec<Option<i64>> = newest.collect::<rusqlite::Result<_>>()?;
        // none is less than any
        Ok(newest.into_iter().min().flatten().map(Moment))
    }
}

impl WriteTxn<'_> {
    /// The data key of a user at an institution; made when there is none.
    pub(crate) fn pair_key(&self, user_n: i64, institution_n: i64) -> Result<DataKey> {
        let sql = "SELECT slot FROM data_keys WHERE user_n = ?1 AND institution_n = ?2";
        let slot: Option<i64> = self
            .conn
            .prepare_cached(sql)?
            .query_row([user_n, institution_n], |r| r.get(0))
            .optional()?;
        if let Some(slot) = slot
            && let Some(key) = self.keys.data_key(slot)?
        {
            return Ok(key);
        }
        let sql =
            "UPDATE counters SET value = value + 1 WHERE name = 'next_slot' RETURNING value - 1";
        let slot: i64 = self.conn.prepare_cached(sql)?.query_row([], |r| r.get(0))?;
        let sql =
            "INSERT OR REPLACE INTO data_keys (user_n, institution_n, slot) VALUES (?1, ?2, ?3)";
        self.conn
            .prepare_cached(sql)?
            .execute([user_n, institution_n, slot])?;
        self.keys.make_data_key(slot)
    }

    /// Stores what a bank sent as the accounts of a connection. One that is not sent any more becomes
    /// unavailable; none is deleted by a refresh.
    pub(crate) fn put_accounts(
        &self,
        id: &ConnectionId,
        accounts: &[BankAccount],
        now: Moment,
    ) -> Result<Stored> {
        let Some(c) = self.numbered(id)? else {
            return Err(Error::Absent {
                what: format!("connection {id}"),
            });
        };
        let key = self.pair_key(c.user_n, c.institution_n)?;
        let mut stored = Stored::default();
        for account in accounts {
            let account_id = AccountId::derived(id, &account.reference);
            stored.seen += 1;
            let wrote =
                self.put_account(&account_id, &c_row(&c), Some(c.n), None, account, now, &key)?;
            stored.new += u64::from(wrote == Wrote::New);
            stored.changed += u64::from(wrote != Wrote::Same);
        }
        let sql = "UPDATE accounts SET status = 'unavailable'
            WHERE connection_n = ?1 AND updated < ?2 AND status <> 'unavailable'";
        stored.changed += self.conn.prepare_cached(sql)?.execute([c.n, now.0])? as u64;
        self.recount(c.n)?;
        Ok(stored)
    }

    /// Writes one account.
    #[expect(
        clippy::too_many_arguments,
        reason = "the columns of one row; a struct of them would be used here only"
    )]
    pub(crate) fn put_account(
        &self,
        id: &AccountId,
        (user_n, institution_n): &(i64, i64),
        connection_n: Option<i64>,
        connection_ref: Option<&str>,
        account: &BankAccount,
        now: Moment,
        key: &DataKey,
    ) -> Result<Wrote> {
        let wrote = self.compared(id, account, key)?;
        let sealed = key.seal(
            vault::Sealed::Account,
            id.as_str(),
            &vault::codec::write_account(&account.details),
        )?;
        let sql = "INSERT INTO accounts (id, user_n, institution_n, connection_n, connection_ref, reference, class,
              currency, balance, available, credit_limit, status, updated, sealed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            ON CONFLICT (id) DO UPDATE SET connection_n = coalesce(excluded.connection_n, connection_n),
              connection_ref = excluded.connection_ref, class = excluded.class, currency = excluded.currency,
              balance = excluded.balance, available = excluded.available, credit_limit = excluded.credit_limit,
              status = excluded.status, updated = excluded.updated, sealed = excluded.sealed
            WHERE user_n = excluded.user_n AND institution_n = excluded.institution_n";
        let written = self.conn.prepare_cached(sql)?.execute(params![
            id.as_str(),
            user_n,
            institution_n,
            connection_n,
            connection_ref,
            account.reference,
            account.class,
            account.currency,
            account.balance,
            account.available,
            account.credit_limit,
            account.status,
            now.0,
            sealed,
        ])?;
        // sealed under another pair's key it could not be read, and that pair's purge would leave it
        if written == 0 {
            return Err(Error::Clash {
                what: format!("account {id}"),
            });
        }
        Ok(wrote)
    }

    /// What writing this account will come to.
    fn compared(&self, id: &AccountId, account: &BankAccount, key: &DataKey) -> Result<Wrote> {
        let sql =
            "SELECT class, currency, status, credit_limit, sealed FROM accounts WHERE id = ?1";
        type Old = ((String, String, String, Option<i64>), Vec<u8>);
        let old: Option<Old> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| {
                Ok(((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?), r.get(4)?))
            })
            .optional()?;
        let Some(((class, currency, status, limit), sealed)) = old else {
            return Ok(Wrote::New);
        };
        let plain = key.open(vault::Sealed::Account, id.as_str(), &sealed).ok();
        let details = plain.and_then(|plain| vault::codec::read_account(&plain).ok());
        let same = (class, currency, status, limit)
            == (
                account.class.clone(),
                account.currency.clone(),
                account.status.clone(),
                account.credit_limit,
            )
            && details.as_ref() == Some(&account.details);
        Ok(if same { Wrote::Same } else { Wrote::Changed })
    }

    /// Stores what a bank sent as the transactions of a connection: the pending ones replace the pending
    /// ones, a posted one that is there stays as it is.
    pub(crate) fn put_transactions(
        &self,
        id: &ConnectionId,
        sent: &[BankTransaction],
    ) -> Result<Stored> {
        let Some(c) = self.numbered(id)? else {
            return Err(Error::Absent {
                what: format!("connection {id}"),
            });
        };
        let key = self.pair_key(c.user_n, c.institution_n)?;
        let mut pending = self.take_pending(c.n, &key)?;
        let mut stored = Stored::default();
        let mut account: Option<(&str, AccountId, i64)> = None;
        for transaction in sent {
            if account.as_ref().is_none_or(|a| a.0 != transaction.account) {
                let account_id = AccountId::derived(id, &transaction.account);
                let sql = "SELECT n FROM accounts WHERE id = ?1";
                let n: Option<i64> = self
                    .conn
                    .prepare_cached(sql)?
                    .query_row([account_id.as_str()], |r| r.get(0))
                    .optional()?;
                // a bank that sends transactions of an account it did not send is not believed
                let Some(n) = n else { continue };
                account = Some((&transaction.account, account_id, n));
            }
            let Some((_, account_id, account_n)) = &account else {
                continue;
            };
            let row = TransactionId::derived(account_id, &transaction.reference);
            stored.seen += 1;
            if !self.put_transaction(&row, *account_n, transaction, &key)? {
                continue;
            }
            let known = !transaction.posted
                && pending
                    .iter()
                    .position(|was| *was == likeness(*account_n, transaction))
                    .map(|at| pending.swap_remove(at))
                    .is_some();
            stored.new += u64::from(!known);
        }
        self.recount_accounts(c.n)?;
        Ok(stored)
    }

    /// Takes the pending transactions of a connection away and answers what they were.
    fn take_pending(&self, connection_n: i64, key: &DataKey) -> Result<Vec<Likeness>> {
        let sql = "DELETE FROM transactions WHERE posted = 0
            AND account_n IN (SELECT n FROM accounts WHERE connection_n = ?1)
            RETURNING id, account_n, at, amount, class, sealed";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query([connection_n])?;
        let mut taken = Vec::new();
        while let Some(r) = rows.next()? {
            let (id, sealed): (String, Vec<u8>) = (r.get(0)?, r.get(5)?);
            // what does not open is like nothing
            let Ok(plain) = key.open(vault::Sealed::Transaction, &id, &sealed) else {
                continue;
            };
            let details = vault::codec::read_transaction(&plain)?;
            taken.push((r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, details));
        }
        Ok(taken)
    }

    /// Writes one transaction; `false` when it was there.
    pub(crate) fn put_transaction(
        &self,
        id: &TransactionId,
        account_n: i64,
        transaction: &BankTransaction,
        key: &DataKey,
    ) -> Result<bool> {
        let plain = vault::codec::write_transaction(&transaction.details);
        let sealed = key.seal(vault::Sealed::Transaction, id.as_str(), &plain)?;
        Ok(self.conn.prepare_cached(PUT_TRANSACTION)?.execute(params![
            id.as_str(),
            account_n,
            transaction.posted,
            transaction.at.0,
            transaction.amount,
            transaction.class,
            sealed,
        ])? == 1)
    }

    /// Counts the transactions of a connection's accounts anew, then the connection.
    pub(crate) fn recount_accounts(&self, connection_n: i64) -> Result<()> {
        let sql = "UPDATE accounts SET transactions = (SELECT count(*) FROM transactions WHERE account_n = accounts.n)
            WHERE connection_n = ?1";
        self.conn.prepare_cached(sql)?.execute([connection_n])?;
        self.recount(connection_n)
    }

    /// Sums what a connection's accounts say.
    pub(crate) fn recount(&self, connection_n: i64) -> Result<()> {
        let sql = "UPDATE connections SET (accounts, transactions) = (
              SELECT count(*), coalesce(sum(transactions), 0) FROM accounts WHERE connection_n = connections.n)
            WHERE n = ?1";
        self.conn.prepare_cached(sql)?.execute([connection_n])?;
        Ok(())
    }
}

fn likeness(account_n: i64, t: &BankTransaction) -> Likeness {
    (
        account_n,
        t.at.0,
        t.amount,
        t.class.clone(),
        t.details.clone(),
    )
}

fn c_row(c: &crate::store::connections::Numbered) -> (i64, i64) {
    (c.user_n, c.institution_n)
}
