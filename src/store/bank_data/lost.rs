//! Transactions whose sealed part does not open any more: its key is gone, or it was damaged.

use crate::domain::bank_data::BankTransaction;
use crate::domain::ids::{ConnectionId, TransactionId};
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use crate::vault::{DataKey, Sealed};
use rusqlite::params;

impl ReadTxn<'_> {
    /// Whether a transaction of this connection cannot be opened.
    pub(super) fn lost_transactions(&self, id: &ConnectionId) -> Result<bool> {
        let sql = "SELECT k.slot FROM connections c LEFT JOIN data_keys k
              ON k.user_n = c.user_n AND k.institution_n = c.institution_n WHERE c.id = ?1";
        let slot: Option<i64> = self.find::<Option<i64>>(sql, [id])?.flatten();
        let key = match slot {
            Some(slot) => self.keys.data_key(slot).ok().flatten(),
            None => None,
        };
        let sql =
            "SELECT t.id, t.sealed FROM accounts a CROSS JOIN transactions t ON t.account_n = a.n
            WHERE a.connection_n = (SELECT n FROM connections WHERE id = ?1)";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query([id])?;
        while let Some(row) = rows.next()? {
            let (id, sealed) = (row.get_ref("id")?, row.get_ref("sealed")?);
            let opens = key.as_ref().is_some_and(|key| {
                let (Ok(id), Ok(sealed)) = (id.as_str(), sealed.as_blob()) else {
                    return false;
                };
                key.open(Sealed::Transaction, id, sealed).is_ok()
            });
            if !opens {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl WriteTxn<'_> {
    /// Writes what was sent in the place of a stored transaction that does not open with the key.
    pub(super) fn replace_lost(
        &self,
        id: &TransactionId,
        account_n: i64,
        sent: &BankTransaction,
        sealed: &[u8],
        key: &DataKey,
    ) -> Result<()> {
        let sql = "SELECT sealed FROM transactions WHERE id = ?1 AND account_n = ?2";
        let stored: Option<Vec<u8>> = self.find(sql, params![id, account_n])?;
        let opens = |stored: &Vec<u8>| key.open(Sealed::Transaction, id.as_str(), stored).is_ok();
        if stored.as_ref().is_none_or(opens) {
            return Ok(());
        }
        let sql =
            "UPDATE transactions SET posted = ?3, at = ?4, amount = ?5, class = ?6, sealed = ?7
            WHERE id = ?1 AND account_n = ?2";
        let values = params![
            id,
            account_n,
            sent.posted,
            sent.at,
            sent.amount,
            sent.class,
            sealed
        ];
        self.execute(sql, values).map(drop)
    }
}
