//! Accounts and transactions, sealed under the data key of their user and institution, and the counts beside them.

mod lists;
mod lost;
mod whole;

use crate::domain::bank_data::{AccountDetails, BankAccount, BankTransaction, TransactionDetails};
use crate::domain::ids::{AccountId, ConnectionId, TransactionId};
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::rows::AccountRow;
use crate::store::error::{Result, clash};
use crate::store::row::Row;
use crate::store::{ReadTxn, WriteTxn};
use crate::vault::{DataKey, Sealed, Slot, codec};
use rusqlite::params;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) seen: u64,
    /// Rows that were not there before. A pending one that comes again under another id is not new.
    pub(crate) new: u64,
    /// Accounts that are new or of which anything but a balance differs from before.
    pub(crate) changed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrote {
    New,
    Changed,
    Same,
}

/// What tells a pending transaction from another: its account, time, amount, class and what it says.
type Likeness = (i64, Moment, i64, String, TransactionDetails);

#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) user_n: i64,
    pub(super) institution_n: i64,
    pub(super) connection_n: Option<i64>,
    /// The id of a connection that the file does not hold.
    pub(super) connection_ref: Option<&'a str>,
}

impl ReadTxn<'_> {
    pub(crate) fn accounts_of(&self, id: &ConnectionId, level: Level) -> Result<Vec<AccountRow>> {
        let sql = "SELECT a.id, a.class, a.currency, a.balance, a.available, a.status, a.updated, a.transactions,
              a.sealed, k.slot FROM accounts a
            LEFT JOIN data_keys k ON k.user_n = a.user_n AND k.institution_n = a.institution_n
            WHERE a.connection_n = (SELECT n FROM connections WHERE id = ?1) ORDER BY a.n LIMIT 500";
        self.all(sql, [id], |row| self.account_row(row, level))
    }

    fn account_row(&self, row: &Row<'_>, level: Level) -> Result<AccountRow> {
        let id: AccountId = row.get("id")?;
        let details = self.account_details(&id, row)?;
        Ok(AccountRow {
            id,
            lost: details.is_none() && self.keys.have_master(),
            shown: details.map(|d| d.masked(level)),
            class: row.get("class")?,
            currency: row.get("currency")?,
            balance: row.get("balance")?,
            available: row.get("available")?,
            status: row.get("status")?,
            updated: row.get("updated")?,
            transactions: row.get("transactions")?,
        })
    }

    /// The sealed part of a row with the columns `sealed` and `slot`; none when it cannot be opened.
    pub(super) fn account_details(
        &self,
        id: &AccountId,
        row: &Row<'_>,
    ) -> Result<Option<AccountDetails>> {
        let sealed: Vec<u8> = row.get("sealed")?;
        let Some(slot) = row.get("slot")? else {
            return Ok(None);
        };
        let key = self.keys.data_key(slot).ok().flatten();
        Ok(key.and_then(|key| opened(&key, id, &sealed)))
    }

    /// Up to where every account of this connection has its posted transactions, so that a bank need not
    /// send all again. The account that lags most decides; none while one has nothing yet, and when one transaction
    /// cannot be opened: what the bank sends replaces it.
    pub(crate) fn newest_posted(&self, id: &ConnectionId) -> Result<Option<Moment>> {
        if self.lost_transactions(id)? {
            return Ok(None);
        }
        let sql = "SELECT (SELECT at FROM transactions WHERE account_n = a.n AND posted = 1 ORDER BY at DESC LIMIT 1)
            FROM accounts a WHERE a.connection_n = (SELECT n FROM connections WHERE id = ?1) AND a.status = 'available'";
        let newest: Vec<Option<Moment>> = self.column(sql, [id])?;
        // none is less than any
        Ok(newest.into_iter().min().flatten())
    }
}

/// The personal part of an account; none when the key does not open it.
pub(super) fn opened(key: &DataKey, id: &AccountId, sealed: &[u8]) -> Option<AccountDetails> {
    let plain = key.open(Sealed::Account, id.as_str(), sealed).ok()?;
    codec::read_account(&plain).ok()
}

impl WriteTxn<'_> {
    pub(crate) fn pair_key(&self, user_n: i64, institution_n: i64) -> Result<DataKey> {
        let sql = "SELECT slot FROM data_keys WHERE user_n = ?1 AND institution_n = ?2";
        if let Some(slot) = self.find(sql, [user_n, institution_n])? {
            match self.keys.slot(slot)? {
                Slot::Key => {
                    if let Some(key) = self.keys.data_key(slot)? {
                        return Ok(key);
                    }
                }
                // what it sealed cannot be read; as the row of this slot goes, no purge would overwrite it later
                Slot::Damaged => {
                    self.keys.destroy_data_key(slot)?;
                }
                Slot::Empty => {}
                Slot::Beyond => return Err(self.keys.missing(slot)),
            }
        }
        let (slot, key) = self.new_key()?;
        let sql =
            "INSERT OR REPLACE INTO data_keys (user_n, institution_n, slot) VALUES (?1, ?2, ?3)";
        self.execute(sql, [user_n, institution_n, slot])?;
        Ok(key)
    }

    /// A key in a slot that none had before.
    pub(in crate::store) fn new_key(&self) -> Result<(i64, DataKey)> {
        let sql =
            "UPDATE counters SET value = value + 1 WHERE name = 'next_slot' RETURNING value - 1";
        let slot: i64 = self.value(sql, [])?;
        Ok((slot, self.keys.make_data_key(slot)?))
    }

    /// An account that the bank does not send any more becomes unavailable; none is deleted.
    pub(crate) fn put_accounts(
        &self,
        id: &ConnectionId,
        accounts: &[BankAccount],
        now: Moment,
    ) -> Result<Stored> {
        let c = self.must_number(id)?;
        let key = self.pair_key(c.user_n, c.institution_n)?;
        let owner = Owner {
            user_n: c.user_n,
            institution_n: c.institution_n,
            connection_n: Some(c.n),
            connection_ref: None,
        };
        let mut stored = Stored::default();
        for account in accounts {
            let account_id = AccountId::derived(id, &account.reference);
            let wrote = self.compared(&account_id, account, &key)?;
            self.put_account(&account_id, owner, account, now, &key)?;
            stored.seen += 1;
            stored.new += u64::from(wrote == Wrote::New);
            stored.changed += u64::from(wrote != Wrote::Same);
        }
        let sql = "UPDATE accounts SET status = 'unavailable'
            WHERE connection_n = ?1 AND updated < ?2 AND status <> 'unavailable'";
        stored.changed += self.execute(sql, params![c.n, now])? as u64;
        self.recount(c.n)?;
        Ok(stored)
    }

    pub(super) fn put_account(
        &self,
        id: &AccountId,
        owner: Owner<'_>,
        account: &BankAccount,
        now: Moment,
        key: &DataKey,
    ) -> Result<()> {
        self.keep_currencies(id, &account.currency)?;
        let plain = codec::write_account(&account.details);
        let sealed = key.seal(Sealed::Account, id.as_str(), &plain)?;
        let sql = "INSERT INTO accounts (id, user_n, institution_n, connection_n, connection_ref, reference, class,
              currency, balance, available, credit_limit, status, updated, sealed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            ON CONFLICT (id) DO UPDATE SET connection_n = CASE WHEN excluded.connection_ref IS NULL
                THEN coalesce(excluded.connection_n, connection_n) END,
              connection_ref = excluded.connection_ref, class = excluded.class, currency = excluded.currency,
              balance = excluded.balance, available = excluded.available, credit_limit = excluded.credit_limit,
              status = excluded.status, updated = excluded.updated, sealed = excluded.sealed
            WHERE user_n = excluded.user_n AND institution_n = excluded.institution_n";
        let values = params![
            id,
            owner.user_n,
            owner.institution_n,
            owner.connection_n,
            owner.connection_ref,
            account.reference,
            account.class,
            account.currency,
            account.balance,
            account.available,
            account.credit_limit,
            account.status,
            now,
            sealed,
        ];
        // sealed under another pair's key it could not be read, and that pair's purge would leave it
        match self.execute(sql, values)? {
            0 => Err(clash("account", id)),
            _ => Ok(()),
        }
    }

    /// The transactions of an account keep their currency when the account gets another one.
    fn keep_currencies(&self, id: &AccountId, currency: &str) -> Result<()> {
        let sql = "SELECT n, currency FROM accounts WHERE id = ?1 AND currency <> ?2";
        let old = self.first(sql, params![id, currency], |row| {
            Ok((row.get::<_, i64>("n")?, row.get::<_, String>("currency")?))
        })?;
        let Some((n, old)) = old else { return Ok(()) };
        let sql = "UPDATE transactions SET currency = nullif(coalesce(currency, ?2), ?3) WHERE account_n = ?1";
        self.execute(sql, params![n, old, currency]).map(drop)
    }

    fn compared(&self, id: &AccountId, account: &BankAccount, key: &DataKey) -> Result<Wrote> {
        let sql =
            "SELECT class, currency, status, credit_limit, sealed FROM accounts WHERE id = ?1";
        let same = self.first(sql, [id], |row| {
            let sealed: Vec<u8> = row.get("sealed")?;
            Ok(row.get::<_, String>("class")? == account.class
                && row.get::<_, String>("currency")? == account.currency
                && row.get::<_, String>("status")? == account.status
                && row.get::<_, Option<i64>>("credit_limit")? == account.credit_limit
                && opened(key, id, &sealed).as_ref() == Some(&account.details))
        })?;
        Ok(match same {
            None => Wrote::New,
            Some(true) => Wrote::Same,
            Some(false) => Wrote::Changed,
        })
    }

    /// The pending transactions replace the pending ones; a posted one that is there stays as it is.
    pub(crate) fn put_transactions(
        &self,
        id: &ConnectionId,
        sent: &[BankTransaction],
    ) -> Result<Stored> {
        let c = self.must_number(id)?;
        let key = self.pair_key(c.user_n, c.institution_n)?;
        let mut pending = self.take_pending(c.n, &key)?;
        let mut stored = Stored::default();
        let mut account: Option<(&str, AccountId, i64)> = None;
        for transaction in sent {
            if account.as_ref().is_none_or(|a| a.0 != transaction.account) {
                let account_id = AccountId::derived(id, &transaction.account);
                let n = self.find("SELECT n FROM accounts WHERE id = ?1", [&account_id])?;
                // transactions of an account that the bank did not send are ignored
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

    /// Deletes the pending transactions of a connection and answers what they were.
    fn take_pending(&self, connection_n: i64, key: &DataKey) -> Result<Vec<Likeness>> {
        let sql = "DELETE FROM transactions WHERE posted = 0
            AND account_n IN (SELECT n FROM accounts WHERE connection_n = ?1)
            RETURNING id, account_n, at, amount, class, sealed";
        let taken = self.all(sql, [connection_n], |row| {
            let (id, sealed): (String, Vec<u8>) = (row.get("id")?, row.get("sealed")?);
            // what does not open is like nothing
            let Ok(plain) = key.open(Sealed::Transaction, &id, &sealed) else {
                return Ok(None);
            };
            Ok(Some((
                row.get("account_n")?,
                row.get("at")?,
                row.get("amount")?,
                row.get("class")?,
                codec::read_transaction(&plain)?,
            )))
        })?;
        Ok(taken.into_iter().flatten().collect())
    }

    /// Writes one transaction; `false` when it was there. One that is there and cannot be opened is replaced.
    pub(super) fn put_transaction(
        &self,
        id: &TransactionId,
        account_n: i64,
        transaction: &BankTransaction,
        key: &DataKey,
    ) -> Result<bool> {
        let plain = codec::write_transaction(&transaction.details);
        let sealed = key.seal(Sealed::Transaction, id.as_str(), &plain)?;
        let sql = "INSERT INTO transactions (id, account_n, posted, at, amount, class, sealed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id, account_n) DO NOTHING";
        let values = params![
            id,
            account_n,
            transaction.posted,
            transaction.at,
            transaction.amount,
            transaction.class,
            sealed,
        ];
        if self.execute(sql, values)? == 1 {
            return Ok(true);
        }
        self.replace_lost(id, account_n, transaction, &sealed, key)?;
        Ok(false)
    }

    pub(crate) fn recount_accounts(&self, connection_n: i64) -> Result<()> {
        let sql = "UPDATE accounts SET transactions = (SELECT count(*) FROM transactions WHERE account_n = accounts.n)
            WHERE connection_n = ?1";
        self.execute(sql, [connection_n])?;
        self.recount(connection_n)
    }

    pub(crate) fn recount(&self, connection_n: i64) -> Result<()> {
        let sql = "UPDATE connections SET (accounts, transactions) = (
              SELECT count(*), coalesce(sum(transactions), 0) FROM accounts WHERE connection_n = connections.n)
            WHERE n = ?1";
        self.execute(sql, [connection_n]).map(drop)
    }
}

fn likeness(account_n: i64, t: &BankTransaction) -> Likeness {
    let (class, details) = (t.class.clone(), t.details.clone());
    (account_n, t.at, t.amount, class, details)
}
