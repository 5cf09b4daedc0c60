//! What an import looks up: stored records to merge with, owners, and accounts that came before their connection.

use crate::domain::bank_data::BankAccount;
use crate::domain::connection::Status;
use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::AccountRecord;
use crate::domain::moment::Moment;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

/// What a transaction has to know of its account.
#[derive(Clone, Debug)]
pub(crate) struct AccountPlace {
    pub(crate) user: UserId,
    /// The connection in this file that fetched it.
    pub(crate) connection: Option<ConnectionId>,
    /// ISO 4217.
    pub(crate) currency: String,
}

impl ReadTxn<'_> {
    /// A stored account with its personal part, which is empty when its key is gone.
    pub(crate) fn account_record(&self, id: &AccountId) -> Result<Option<AccountRecord>> {
        let sql = "SELECT u.id AS user, i.id AS bank, coalesce(c.id, a.connection_ref) AS connection, a.reference,
              a.class, a.currency, a.balance, a.available, a.credit_limit, a.status, a.updated, a.sealed, k.slot
            FROM accounts a JOIN users u ON u.n = a.user_n JOIN institutions i ON i.n = a.institution_n
            LEFT JOIN connections c ON c.n = a.connection_n
            LEFT JOIN data_keys k ON k.user_n = a.user_n AND k.institution_n = a.institution_n
            WHERE a.id = ?1";
        self.first(sql, [id], |row| {
            Ok(AccountRecord {
                id: id.clone(),
                user: row.get("user")?,
                institution: row.get("bank")?,
                connection: row.get("connection")?,
                account: BankAccount {
                    reference: row.get("reference")?,
                    class: row.get("class")?,
                    currency: row.get("currency")?,
                    balance: row.get("balance")?,
                    available: row.get("available")?,
                    credit_limit: row.get("credit_limit")?,
                    status: row.get("status")?,
                    details: self.account_details(id, row)?.unwrap_or_default(),
                },
                updated: row.get("updated")?,
            })
        })
    }

    pub(crate) fn account_place(&self, id: &AccountId) -> Result<Option<AccountPlace>> {
        let sql = "SELECT u.id AS user, c.id AS connection, a.currency FROM accounts a
            JOIN users u ON u.n = a.user_n LEFT JOIN connections c ON c.n = a.connection_n WHERE a.id = ?1";
        self.first(sql, [id], |row| {
            Ok(AccountPlace {
                user: row.get("user")?,
                connection: row.get("connection")?,
                currency: row.get("currency")?,
            })
        })
    }

    pub(crate) fn connection_place(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<(UserId, InstitutionId)>> {
        let sql =
            "SELECT u.id AS user, i.id AS bank FROM connections c JOIN users u ON u.n = c.user_n
            JOIN institutions i ON i.n = c.institution_n WHERE c.id = ?1";
        self.first(sql, [id], |row| Ok((row.get("user")?, row.get("bank")?)))
    }
}

impl ReadTxn<'_> {
    /// When the newest imported event told the status of a connection.
    pub(crate) fn told(&self, id: &ConnectionId) -> Result<Option<Moment>> {
        let sql = "SELECT told FROM connections WHERE id = ?1";
        Ok(self.find::<Option<Moment>>(sql, [id])?.flatten())
    }

    /// The newest status that imported events tell of a connection, and when.
    pub(crate) fn status_told(
        &self,
        user: &UserId,
        id: &ConnectionId,
    ) -> Result<Option<(Status, Moment)>> {
        let sql = "SELECT type, at FROM events INDEXED BY events_user
            WHERE user_id = ?1 AND connection_id = ?2 AND entity = 'connection' AND actor = ''
            ORDER BY at DESC, seq DESC";
        let all: Vec<(String, Moment)> = self.all(sql, params![user, id], |row| {
            Ok((row.get("type")?, row.get("at")?))
        })?;
        let status = |(event_type, at): (String, Moment)| {
            Status::after_event(&event_type).map(|status| (status, at))
        };
        Ok(all.into_iter().find_map(status))
    }
}

impl WriteTxn<'_> {
    pub(crate) fn set_told(&self, id: &ConnectionId, at: Moment) -> Result<()> {
        let sql = "UPDATE connections SET told = ?2 WHERE id = ?1";
        self.execute(sql, params![id, at]).map(drop)
    }

    /// Only those of its own user and bank. Answers how many.
    pub(crate) fn adopt_accounts(&self, id: &ConnectionId) -> Result<usize> {
        let Some(c) = self.numbered(id)? else {
            return Ok(0);
        };
        let sql = "UPDATE accounts SET connection_n = ?1, connection_ref = NULL
            WHERE user_n = ?2 AND institution_n = ?3 AND connection_n IS NULL AND connection_ref = ?4";
        let adopted = self.execute(sql, params![c.n, c.user_n, c.institution_n, id])?;
        if adopted > 0 {
            self.recount_accounts(c.n)?;
        }
        Ok(adopted)
    }
}
