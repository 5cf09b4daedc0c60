//! The app's own record of its users. Names are in the clear and indexed by word; email and mobile are sealed and found
//! only whole, by a keyed digest.

mod deletion;
mod list;

pub(crate) use deletion::ERASED;

use crate::domain::ids::UserId;
use crate::domain::import_records::UserRecord;
use crate::domain::moment::Moment;
use crate::domain::person::Business;
use crate::domain::secret::Secret;
use crate::store::codec::sort_text;
use crate::store::error::{Error, Result};
use crate::store::sql::text;
use crate::store::{Bound, ReadTxn, WriteTxn};
use crate::vault::{self, Record};
use rusqlite::params;

#[derive(Default)]
struct Contact {
    sealed: Option<Vec<u8>>,
    email_digest: Option<Vec<u8>>,
    mobile_digest: Option<Vec<u8>>,
}

fn of_user(id: &UserId) -> Bound<'_> {
    Bound::of_user(id.as_str(), id.as_str())
}

impl ReadTxn<'_> {
    /// One user with its contact details; those are missing when the master key is.
    pub(crate) fn user(&self, id: &UserId) -> Result<Option<UserRecord>> {
        let sql = "SELECT name, first_name, middle_name, last_name, created, contact FROM users WHERE id = ?1";
        self.first(sql, [id], |row| {
            let mut record = UserRecord {
                id: id.clone(),
                name: text(row, "name")?,
                first_name: text(row, "first_name")?,
                middle_name: text(row, "middle_name")?,
                last_name: text(row, "last_name")?,
                email: None,
                mobile: None,
                created: row.get("created")?,
            };
            if let Some(sealed) = row.get::<_, Option<Vec<u8>>>("contact")?
                && let Ok(plain) = self
                    .keys
                    .open_record(Record::Contact, &of_user(id), &sealed)
                && let Ok(parts) = vault::codec::read_list(&plain)
                && let [email, mobile] = parts.as_slice()
            {
                record.email = Some(email.clone()).filter(|s| !s.is_empty());
                record.mobile = Some(mobile.clone()).filter(|s| !s.is_empty());
            }
            Ok(record)
        })
    }

    /// The users whose id is, ends with or begins with this text; at most `limit`.
    pub(crate) fn users_named(&self, text: &str, limit: usize) -> Result<Vec<UserId>> {
        self.ids_named("users", text, limit)
    }

    /// The business a user stands for; none when there is none, or when the master key is missing.
    pub(crate) fn business(&self, id: &UserId) -> Result<Option<Business>> {
        let sealed: Option<Option<Vec<u8>>> =
            self.find("SELECT business FROM users WHERE id = ?1", [id])?;
        let Some(sealed) = sealed.flatten().filter(|_| self.keys.have_master()) else {
            return Ok(None);
        };
        let plain = self
            .keys
            .open_record(Record::Business, &of_user(id), &sealed)?;
        Ok(Some(vault::codec::read_business(&plain)?))
    }

    pub(crate) fn user_exists(&self, id: &UserId) -> Result<bool> {
        Ok(self.user_n(id)?.is_some())
    }

    /// How many accounts and transactions are stored under a user, those of revoked connections included.
    pub(crate) fn stored_under(&self, id: &UserId) -> Result<(u64, u64)> {
        let sql = "SELECT count(*) AS accounts, coalesce(sum(transactions), 0) AS transactions FROM accounts
            WHERE user_n = (SELECT n FROM users WHERE id = ?1)";
        let found = self.first(sql, [id], |row| {
            Ok((row.get("accounts")?, row.get("transactions")?))
        })?;
        Ok(found.unwrap_or_default())
    }

    pub(crate) fn user_n(&self, id: &UserId) -> Result<Option<i64>> {
        self.find("SELECT n FROM users WHERE id = ?1", [id])
    }
}

impl WriteTxn<'_> {
    /// Writes a user. `true` when something changed.
    pub(crate) fn put_user(&self, user: &UserRecord, now: Moment) -> Result<bool> {
        let nonempty = |s: &Option<Secret>| s.clone().filter(|s| !s.is_empty());
        let user = &UserRecord {
            email: nonempty(&user.email),
            mobile: nonempty(&user.mobile),
            ..user.clone()
        };
        let old = self.user(&user.id)?;
        if let Some(old) = &old {
            let mut same = user.clone();
            same.created = same.created.or(old.created);
            if same == *old {
                return Ok(false);
            }
        }
        let contact = self.seal_contact(user)?;
        if old.is_some() {
            self.forget_words(&user.id)?;
        }
        let folded = sort_text(&user.name);
        let sql = "INSERT INTO users (id, name, first_name, middle_name, last_name, folded, created, contact,
              email_digest, mobile_digest)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, first_name = excluded.first_name,
              middle_name = excluded.middle_name, last_name = excluded.last_name, folded = excluded.folded,
              contact = excluded.contact, email_digest = excluded.email_digest, mobile_digest = excluded.mobile_digest";
        let created = user
            .created
            .or(old.as_ref().and_then(|o| o.created))
            .unwrap_or(now);
        let values = params![
            user.id,
            user.name,
            user.first_name,
            user.middle_name,
            user.last_name,
            folded,
            created,
            contact.sealed,
            contact.email_digest,
            contact.mobile_digest,
        ];
        self.execute(sql, values)?;
        let n = match &old {
            None => self.conn.last_insert_rowid(),
            Some(_) => {
                let n = self.user_n(&user.id)?.expect("it was read above");
                let sql = "UPDATE connections SET user_sort = ?2 WHERE user_n = ?1";
                self.execute(sql, params![n, folded])?;
                n
            }
        };
        let sql = "INSERT INTO user_words (rowid, name) VALUES (?1, ?2)";
        self.execute(sql, params![n, user.name])?;
        Ok(true)
    }

    /// Removes the words of a user's name from the index, before the name changes: the index is told which they were.
    pub(super) fn forget_words(&self, id: &UserId) -> Result<()> {
        let sql = "INSERT INTO user_words (user_words, rowid, name) SELECT 'delete', n, name FROM users WHERE id = ?1";
        match self.execute(sql, [id]) {
            Ok(_) => Ok(()),
            // the name is damaged, and so are not the words that were written: the index is made anew
            Err(Error::Pages) => {
                self.execute(
                    "INSERT INTO user_words (user_words) VALUES ('delete-all')",
                    [],
                )?;
                let sql =
                    "INSERT INTO user_words (rowid, name) SELECT n, name FROM users WHERE id <> ?1";
                self.execute(sql, [id]).map(drop)
            }
            Err(other) => Err(other),
        }
    }

    pub(crate) fn put_business(&self, id: &UserId, business: &Business) -> Result<()> {
        let plain = vault::codec::write_business(business);
        let sealed = match business.is_empty() {
            true => None,
            false => Some(
                self.keys
                    .seal_record(Record::Business, &of_user(id), &plain)?,
            ),
        };
        let sql = "UPDATE users SET business = ?2 WHERE id = ?1";
        self.execute(sql, params![id, sealed]).map(drop)
    }

    pub(crate) fn user_changed(&self, id: &UserId, now: Moment) -> Result<()> {
        let sql = "UPDATE users SET updated = ?2 WHERE id = ?1";
        self.execute(sql, params![id, now]).map(drop)
    }

    fn seal_contact(&self, user: &UserRecord) -> Result<Contact> {
        if user.email.is_none() && user.mobile.is_none() {
            return Ok(Contact::default());
        }
        let part = |s: &Option<Secret>| s.clone().unwrap_or_default();
        let plain = vault::codec::write_list(&[part(&user.email), part(&user.mobile)]);
        let sealed = self
            .keys
            .seal_record(Record::Contact, &of_user(&user.id), &plain)?;
        let digest = |s: &Option<Secret>| -> Result<Option<Vec<u8>>> {
            s.as_ref().map(|s| self.keys.contact_digest(s)).transpose()
        };
        Ok(Contact {
            sealed: Some(sealed),
            email_digest: digest(&user.email)?,
            mobile_digest: digest(&user.mobile)?,
        })
    }
}
