//! What an import asks of the file and mends in it: records as they stand, unsealed, to merge with; accounts
//! that came before their connection; documents that wait, a page at a time.

use crate::domain::bank_data::BankAccount;
use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::AccountRecord;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::store::error::Result;
use crate::store::{ReadTxn, Waiting, WriteTxn};
use crate::vault::{self, Record};
use rusqlite::{OptionalExtension, params};

/// What a transaction has to know of its account.
#[derive(Clone, Debug)]
pub(crate) struct AccountPlace {
    /// Whose it is.
    pub(crate) user: UserId,
    /// Which connection in this file fetched it.
    pub(crate) connection: Option<ConnectionId>,
    /// ISO 4217.
    pub(crate) currency: String,
}

impl ReadTxn<'_> {
    /// A stored account with its personal part, which is empty when its key is gone.
    pub(crate) fn account_record(&self, id: &AccountId) -> Result<Option<AccountRecord>> {
        let sql = "SELECT u.id, i.id, coalesce(c.id, a.connection_ref), a.reference, a.class, a.currency, a.balance,
              a.available, a.credit_limit, a.status, a.updated, a.sealed, k.slot
            FROM accounts a JOIN users u ON u.n = a.user_n JOIN institutions i ON i.n = a.institution_n
            LEFT JOIN connections c ON c.n = a.connection_n
            LEFT JOIN data_keys k ON k.user_n = a.user_n AND k.institution_n = a.institution_n
            WHERE a.id = ?1";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query([id.as_str()])?;
        let Some(r) = rows.next()? else {
            return Ok(None);
        };
        let key = match r.get(12)? {
            Some(slot) => self.keys.data_key(slot)?,
            None => None,
        };
        let sealed: Vec<u8> = r.get(11)?;
        let details =
            match key.and_then(|key| key.open(vault::Sealed::Account, id.as_str(), &sealed).ok()) {
                Some(plain) => vault::codec::read_account(&plain)?,
                None => Default::default(),
            };
        Ok(Some(AccountRecord {
            id: id.clone(),
            user: r.get::<_, String>(0)?.into(),
            institution: r.get::<_, String>(1)?.into(),
            connection: r.get::<_, Option<String>>(2)?.map(Into::into),
            account: BankAccount {
                reference: r.get(3)?,
                class: r.get(4)?,
                currency: r.get(5)?,
                balance: r.get(6)?,
                available: r.get(7)?,
                credit_limit: r.get(8)?,
                status: r.get(9)?,
                details,
            },
            updated: Moment(r.get(10)?),
        }))
    }

    /// What a transaction has to know of its account.
    pub(crate) fn account_place(&self, id: &AccountId) -> Result<Option<AccountPlace>> {
        let sql = "SELECT u.id, c.id, a.currency FROM accounts a JOIN users u ON u.n = a.user_n
            LEFT JOIN connections c ON c.n = a.connection_n WHERE a.id = ?1";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| {
                Ok(AccountPlace {
                    user: r.get::<_, String>(0)?.into(),
                    connection: r.get::<_, Option<String>>(1)?.map(Into::into),
                    currency: r.get(2)?,
                })
            });
        Ok(found.optional()?)
    }

    /// Whose a connection is and at which bank.
    pub(crate) fn connection_place(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<(UserId, InstitutionId)>> {
        let sql = "SELECT u.id, i.id FROM connections c JOIN users u ON u.n = c.user_n
            JOIN institutions i ON i.n = c.institution_n WHERE c.id = ?1";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| {
                Ok((r.get::<_, String>(0)?.into(), r.get::<_, String>(1)?.into()))
            });
        Ok(found.optional()?)
    }

    /// Whether any document waits.
    pub(crate) fn any_waiting(&self) -> Result<bool> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM waiting)")?
            .query_row([], |r| r.get(0))?)
    }

    /// Documents that wait, in order of kind and id, those after `(kind, id)`.
    pub(crate) fn waiting_after(
        &self,
        (kind, id): (&str, &str),
        limit: usize,
    ) -> Result<Vec<Waiting>> {
        let sql = "SELECT kind, id, missing, user_id, institution_id, sealed FROM waiting
            WHERE (kind, id) > (?1, ?2) ORDER BY kind, id LIMIT ?3";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query(params![kind, id, limit as i64])?;
        let mut found = Vec::new();
        while let Some(r) = rows.next()? {
            let (kind, id): (String, String) = (r.get(0)?, r.get(1)?);
            let plain = self.keys.open_record(
                Record::Waiting,
                &format!("{kind}/{id}"),
                &r.get::<_, Vec<u8>>(5)?,
            )?;
            found.push(Waiting {
                body: Secret::new(String::from_utf8_lossy(&plain).into_owned()),
                kind,
                id,
                missing: r.get(2)?,
                user: r.get::<_, Option<String>>(3)?.map(Into::into),
                institution: r.get::<_, Option<String>>(4)?.map(Into::into),
            });
        }
        Ok(found)
    }
}

impl WriteTxn<'_> {
    /// Gives a connection the accounts that came before it; only those of its own user and bank. Answers
    /// how many.
    pub(crate) fn adopt_accounts(&self, id: &ConnectionId) -> Result<u64> {
        let Some(c) = self.numbered(id)? else {
            return Ok(0);
        };
        let sql = "UPDATE accounts SET connection_n = ?1, connection_ref = NULL
            WHERE user_n = ?2 AND institution_n = ?3 AND connection_n IS NULL AND connection_ref = ?4";
        let adopted = self.conn.prepare_cached(sql)?.execute(params![
            c.n,
            c.user_n,
            c.institution_n,
            id.as_str()
        ])?;
        if adopted > 0 {
            self.recount_accounts(c.n)?;
        }
        Ok(adopted as u64)
    }

    /// Orders the connections of a bank by the name it has now.
    pub(crate) fn follow_bank_name(&self, id: &InstitutionId) -> Result<()> {
        let sql = "UPDATE connections SET bank_sort = i.folded FROM institutions i
            WHERE i.id = ?1 AND connections.institution_n = i.n AND connections.bank_sort <> i.folded";
        self.conn.prepare_cached(sql)?.execute([id.as_str()])?;
        Ok(())
    }
}
