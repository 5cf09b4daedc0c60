//! Reads the plain values that a deletion will destroy. What cannot be read has none, and does not stop the deletion.

use super::waiting_values;
use crate::domain::bank_data::{AccountDetails, Profile, TransactionDetails};
use crate::domain::certificate::Stored;
use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::secret::Secret;
use crate::store::error::{Error, Result};
use crate::store::import::{OF_PAIR, OF_USER};
use crate::store::row::Row;
use crate::store::{Bound, ReadTxn};
use crate::vault::{self, DataKey, Record, Sealed, Slot, codec};
use rusqlite::params;

/// Values shorter than this prove nothing: they occur anywhere by chance.
const SHORTEST: usize = 8;

/// Of a longer value its beginning is searched for, which is found wherever the whole is.
const LONGEST: usize = 256;

/// Values to be searched for; in memory, and wiped when dropped.
#[derive(Default)]
pub(super) struct Values {
    long: Vec<Secret>,
    short: Vec<Secret>,
    unreadable: u64,
    /// Rows whose key was destroyed before their values were written down.
    pub(super) lost: u64,
}

impl Values {
    fn add(&mut self, text: &Secret) {
        let plain = text.expose();
        if plain.len() < SHORTEST {
            if !plain.is_empty() {
                self.short.push(text.clone());
            }
        } else {
            let end = plain.floor_char_boundary(LONGEST);
            self.long.push(plain[..end].into());
        }
    }

    /// Those of an earlier list: each is long enough.
    pub(super) fn add_listed(&mut self, listed: Vec<Secret>) {
        self.long.extend(listed);
    }

    /// The distinct values that are searched for, and what was stored besides.
    pub(super) fn distinct(mut self) -> (Vec<Secret>, Stored) {
        for list in [&mut self.long, &mut self.short] {
            list.sort_unstable_by(|a, b| a.expose().cmp(b.expose()));
            list.dedup();
        }
        let stored = Stored {
            values: self.long.len() as u64,
            short: self.short.len() as u64,
            unreadable: self.unreadable,
        };
        (self.long, stored)
    }

    // the name is the app's own record's too, which stays; what only the bank sent has to go
    fn add_profile(&mut self, profile: &Profile) {
        for text in profile.phones.iter().chain(&profile.emails) {
            self.add(text);
        }
        for address in &profile.addresses {
            self.add(&address.line1);
            self.add(&address.formatted);
        }
    }

    /// The holder's name is the app's own record's too, which stays.
    fn add_account(&mut self, account: &AccountDetails) {
        self.add(&account.number);
    }

    fn add_transaction(&mut self, transaction: &TransactionDetails) {
        self.add(&transaction.description);
        self.add(&transaction.reference);
    }
}

impl ReadTxn<'_> {
    pub(super) fn values_of_pair(
        &self,
        user: &UserId,
        at: &InstitutionId,
        values: &mut Values,
    ) -> Result<()> {
        let (user_n, institution_n) = self.pair(user, at)?;
        let pair = params![user_n, institution_n];
        let slot = self.slot(user_n, institution_n)?;
        let before = values.unreadable;
        let key = match slot {
            None => None,
            Some(slot) => match self.keys.slot(slot)? {
                Slot::Key => self.keys.data_key(slot)?,
                Slot::Damaged | Slot::Empty => None,
                // a file that was cut off: put back, it can be read and its keys destroyed
                Slot::Beyond => return Err(self.keys.missing(slot)),
            },
        };
        let key = key.as_ref();
        let sql = "SELECT c.id, p.sealed FROM profiles p JOIN connections c ON c.n = p.connection_n
            WHERE c.user_n = ?1 AND c.institution_n = ?2";
        self.each(sql, pair, key, Sealed::Profile, values, |values, plain| {
            values.add_profile(&codec::read_profile(plain)?);
            Ok(())
        })?;
        let sql = "SELECT id, sealed FROM accounts WHERE user_n = ?1 AND institution_n = ?2";
        self.each(sql, pair, key, Sealed::Account, values, |values, plain| {
            values.add_account(&codec::read_account(plain)?);
            Ok(())
        })?;
        let sql = "SELECT t.id, t.sealed FROM accounts a JOIN transactions t ON t.account_n = a.n
            WHERE a.user_n = ?1 AND a.institution_n = ?2";
        let of = Sealed::Transaction;
        self.each(sql, pair, key, of, values, |values, plain| {
            values.add_transaction(&codec::read_transaction(plain)?);
            Ok(())
        })?;
        let sql = "SELECT j.id, w.sealed FROM connections c JOIN jobs j ON j.connection_n = c.n
            JOIN bank_words w ON w.job_n = j.n WHERE c.user_n = ?1 AND c.institution_n = ?2";
        self.each(
            sql,
            pair,
            key,
            Sealed::BankWords,
            values,
            |values, plain| {
                codec::read_list(plain)?
                    .iter()
                    .for_each(|text| values.add(text));
                Ok(())
            },
        )?;
        if let Some(slot) = slot
            && self.keys.slot(slot)? == Slot::Empty
        {
            values.lost += values.unreadable - before;
            values.unreadable = before;
        }
        self.values_of_waiting(OF_PAIR, pair, values)
    }

    /// What is kept waiting of a user at no known bank.
    pub(super) fn values_of_user(&self, user: &UserId, values: &mut Values) -> Result<()> {
        match self.user_n(user)? {
            Some(n) => self.values_of_waiting(OF_USER, [n], values),
            None => Ok(()),
        }
    }

    fn values_of_waiting(
        &self,
        which: &str,
        of: impl rusqlite::Params,
        values: &mut Values,
    ) -> Result<()> {
        let sql = format!(
            "SELECT kind, id, sealed FROM waiting WHERE kind IN ('account', 'transaction', 'job') AND ({which})"
        );
        self.all(&sql, of, |row| {
            let (kind, id): (String, String) = (row.get("kind")?, row.get("id")?);
            let (row_id, sealed) = (format!("{kind}/{id}"), row.get::<_, Vec<u8>>("sealed")?);
            match self
                .keys
                .open_record(Record::Waiting, &Bound::row(&row_id), &sealed)
            {
                Ok(plain) => {
                    let body = String::from_utf8_lossy(&plain);
                    for text in waiting_values::values(&body) {
                        values.add(&text);
                    }
                }
                Err(error) => unreadable(error, values)?,
            }
            Ok(())
        })
        .map(drop)
    }

    /// Opens each row of a statement with the columns `id` and `sealed`.
    fn each(
        &self,
        sql: &str,
        pair: impl rusqlite::Params,
        key: Option<&DataKey>,
        kind: Sealed,
        values: &mut Values,
        mut add: impl FnMut(&mut Values, &[u8]) -> vault::Result<()>,
    ) -> Result<()> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(pair)?;
        while let Some(row) = rows.next()? {
            let row = Row::of(row);
            let id: String = row.get("id")?;
            let sealed = row.get_ref("sealed")?.as_blob().unwrap_or_default();
            let read = key.is_some_and(|key| {
                let plain = key.open(kind, &id, sealed);
                plain.and_then(|plain| add(values, &plain)).is_ok()
            });
            values.unreadable += u64::from(!read);
        }
        Ok(())
    }

    /// Contact details, and the name where nobody else has it.
    pub(super) fn values_of_record(&self, user: &UserId, values: &mut Values) -> Result<()> {
        let sql = "SELECT name, contact FROM users WHERE id = ?1";
        let alike = self.named_alike(user)?;
        self.first(sql, [user], |row| {
            let name = crate::store::sql::text(row, "name")?;
            if !alike {
                values.add(&Secret::new(name));
            }
            let Some(sealed) = row.get::<_, Option<Vec<u8>>>("contact")? else {
                return Ok(());
            };
            let opened = self.keys.open_record(
                Record::Contact,
                &Bound::of_user(user.as_str(), user.as_str()),
                &sealed,
            );
            match opened.and_then(|plain| Ok(codec::read_list(&plain)?)) {
                Ok(contact) => contact.iter().for_each(|text| values.add(text)),
                Err(error) => unreadable(error, values)?,
            }
            Ok(())
        })
        .map(drop)
    }
}

/// Counts what does not open; another error is one.
fn unreadable(error: Error, values: &mut Values) -> Result<()> {
    match error {
        Error::Vault(vault::Error::Unsealable | vault::Error::Unreadable) => {
            values.unreadable += 1;
            Ok(())
        }
        other => Err(other),
    }
}
