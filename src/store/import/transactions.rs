//! Imports transactions one by one. An id is unique within its account only.

use super::{Account, Known};
use crate::domain::bank_data::{BankTransaction, TransactionDetails};
use crate::domain::ids::{AccountId, TransactionId};
use crate::domain::import_records::TransactionRecord;
use crate::domain::moment::Moment;
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::{ReadTxn, WriteTxn};
use crate::vault::{Sealed, codec};
use rusqlite::params;

const COLUMNS: &str = "t.posted, t.at, t.made, t.amount, t.currency, t.class, t.sealed";

impl ReadTxn<'_> {
    /// The number of the newest transaction; 0 when there is none.
    pub(crate) fn newest_transaction(&self) -> Result<i64> {
        self.value("SELECT coalesce(max(n), 0) FROM transactions", [])
    }
}

impl WriteTxn<'_> {
    /// The stored transaction of this id in this account.
    pub(crate) fn transaction_record(
        &self,
        id: &TransactionId,
        account: &AccountId,
        known: &mut Known,
    ) -> Result<Option<TransactionRecord>> {
        let place = self.account(account, known)?;
        let sql =
            format!("SELECT {COLUMNS} FROM transactions t WHERE t.id = ?1 AND t.account_n = ?2");
        self.first(&sql, params![id, place.n], |row| {
            self.stored(id, account, place, row, known)
        })
    }

    /// Transactions of this id in other accounts of the same user, up to the one of number `until`.
    pub(crate) fn transactions_elsewhere(
        &self,
        id: &TransactionId,
        account: &AccountId,
        until: i64,
        known: &mut Known,
    ) -> Result<Vec<TransactionRecord>> {
        let here = self.account(account, known)?;
        let sql = "SELECT a.id FROM transactions t JOIN accounts a ON a.n = t.account_n
            WHERE t.id = ?1 AND t.account_n <> ?2 AND t.n <= ?3 AND a.user_n = ?4";
        let values = params![id, here.n, until, here.pair.user_n];
        let others: Vec<AccountId> = self.column(sql, values)?;
        let mut found = vec![];
        for other in others {
            found.extend(self.transaction_record(id, &other, known)?);
        }
        Ok(found)
    }

    fn stored(
        &self,
        id: &TransactionId,
        account: &AccountId,
        place: Account,
        row: &Row<'_>,
        known: &mut Known,
    ) -> Result<TransactionRecord> {
        let sealed: Vec<u8> = row.get("sealed")?;
        let plain = self
            .key(known, place.pair)?
            .open(Sealed::Transaction, id.as_str(), &sealed);
        let details = match plain {
            Ok(plain) => codec::read_transaction(&plain)?,
            // it is written anew with what comes
            Err(_) => TransactionDetails::default(),
        };
        Ok(TransactionRecord {
            id: id.clone(),
            account: account.clone(),
            transaction: BankTransaction {
                reference: id.as_str().into(),
                account: account.as_str().into(),
                posted: row.get("posted")?,
                amount: row.get("amount")?,
                class: row.get("class")?,
                at: row.get("at")?,
                details,
            },
            decimals: None,
            currency: row.get("currency")?,
            made: row.get::<_, Option<Moment>>("made")?,
        })
    }

    /// Writes a transaction over the one of its id in its account. Counts follow with [`WriteTxn::recount_touched`].
    pub(crate) fn write_transaction(&self, t: &TransactionRecord, known: &mut Known) -> Result<()> {
        let place = self.account(&t.account, known)?;
        let plain = codec::write_transaction(&t.transaction.details);
        let key = self.key(known, place.pair)?;
        let sealed = key.seal(Sealed::Transaction, t.id.as_str(), &plain)?;
        let sql = "INSERT INTO transactions (id, account_n, posted, at, made, amount, currency, class, sealed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (id, account_n) DO UPDATE SET posted = excluded.posted, at = excluded.at, made = excluded.made,
              amount = excluded.amount, currency = excluded.currency, class = excluded.class, sealed = excluded.sealed";
        let values = params![
            t.id,
            place.n,
            t.transaction.posted,
            t.transaction.at,
            t.made,
            t.transaction.amount,
            t.currency,
            t.transaction.class,
            sealed,
        ];
        self.execute(sql, values)?;
        known.touched.insert(place.n);
        Ok(())
    }

    /// Takes a transaction out of an account, because it is another account's now.
    pub(crate) fn drop_transaction(
        &self,
        id: &TransactionId,
        account: &AccountId,
        known: &mut Known,
    ) -> Result<()> {
        let place = self.account(account, known)?;
        let sql = "DELETE FROM transactions WHERE id = ?1 AND account_n = ?2";
        self.execute(sql, params![id, place.n])?;
        known.touched.insert(place.n);
        Ok(())
    }

    /// Counts the accounts again whose transactions changed, and their connections.
    pub(crate) fn recount_touched(&self, known: &mut Known) -> Result<()> {
        let mut connections = std::collections::BTreeSet::new();
        for n in std::mem::take(&mut known.touched) {
            let sql = "UPDATE accounts SET transactions = (SELECT count(*) FROM transactions WHERE account_n = ?1)
                WHERE n = ?1 RETURNING connection_n";
            connections.extend(self.find::<Option<i64>>(sql, [n])?.flatten());
        }
        connections.into_iter().try_for_each(|n| self.recount(n))
    }
}
