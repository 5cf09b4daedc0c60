//! Accounts and transactions with what is sealed of them.

use super::super::ReadTxn;
use crate::domain::bank_data::TransactionDetails;
use crate::domain::holdings::{HoldingsFilter, TransactionRow};
use crate::domain::ids::{AccountId, UserId};
use crate::domain::mask::Level;
use crate::domain::records::{AccountWhole, TransactionWhole};
use crate::domain::views::{Anchor, Page};
use crate::store::error::Result;
use crate::vault::{DataKey, Sealed, codec};
use rusqlite::params;
use std::collections::HashMap;

/// The keys that were opened for a page, by slot: one key serves all of a user at a bank.
type Opened = HashMap<i64, Option<DataKey>>;

impl ReadTxn<'_> {
    pub(crate) fn accounts_whole(
        &self,
        held: &HoldingsFilter,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<AccountWhole>> {
        let page = self.account_page(held, from, limit, Level::default())?;
        let sql = "SELECT a.id, a.sealed, k.slot FROM accounts a
            LEFT JOIN data_keys k ON k.user_n = a.user_n AND k.institution_n = a.institution_n WHERE a.id = ?1";
        let whole = |held: crate::domain::holdings::AccountHeld| -> Result<AccountWhole> {
            let id = held.row.id.clone();
            let details = self.first(sql, [&id], |row| self.account_details(&id, row))?;
            Ok(AccountWhole {
                held,
                details: details.flatten(),
            })
        };
        Ok(Page {
            rows: page.rows.into_iter().map(whole).collect::<Result<_>>()?,
            first: page.first,
            last: page.last,
            more: page.more,
        })
    }

    pub(crate) fn transactions_whole(
        &self,
        held: &HoldingsFilter,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<TransactionWhole>> {
        let page = self.transaction_page(held, from, limit)?;
        let mut opened = Opened::new();
        let mut rows = Vec::with_capacity(page.rows.len());
        for row in page.rows {
            let details = self.transaction_details(&row, &mut opened)?;
            rows.push(TransactionWhole { row, details });
        }
        Ok(Page {
            rows,
            first: page.first,
            last: page.last,
            more: page.more,
        })
    }

    fn transaction_details(
        &self,
        row: &TransactionRow,
        opened: &mut Opened,
    ) -> Result<Option<TransactionDetails>> {
        let sql = "SELECT t.sealed, k.slot FROM transactions t JOIN accounts a ON a.n = t.account_n
            LEFT JOIN data_keys k ON k.user_n = a.user_n AND k.institution_n = a.institution_n
            WHERE t.id = ?1 AND a.id = ?2";
        let found = self.first(sql, params![row.id, row.account], |found| {
            Ok((
                found.get::<_, Vec<u8>>("sealed")?,
                found.get::<_, Option<i64>>("slot")?,
            ))
        })?;
        let Some((sealed, Some(slot))) = found else {
            return Ok(None);
        };
        let key = opened
            .entry(slot)
            .or_insert_with(|| self.keys.data_key(slot).ok().flatten());
        Ok(key.as_ref().and_then(|key| {
            let plain = key
                .open(Sealed::Transaction, row.id.as_str(), &sealed)
                .ok()?;
            codec::read_transaction(&plain).ok()
        }))
    }

    /// The accounts of a user in the order they came, at most `limit`.
    pub(crate) fn account_ids(&self, user: &UserId, limit: usize) -> Result<Vec<AccountId>> {
        let sql = "SELECT id FROM accounts WHERE user_n = (SELECT n FROM users WHERE id = ?1) ORDER BY n LIMIT ?2";
        self.column(sql, params![user, limit])
    }
}
