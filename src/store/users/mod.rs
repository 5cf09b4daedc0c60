//! The app's own record of its users. Names in the clear and indexed by word; email and mobile sealed,
//! found only whole, through a keyed digest.

mod deletion;
mod list;

pub(crate) use deletion::ERASED;

use crate::domain::ids::UserId;
use crate::domain::import_records::UserRecord;
use crate::domain::moment::Moment;
use crate::domain::person::Business;
use crate::domain::secret::Secret;
use crate::store::connections::sorted;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use crate::vault;
use rusqlite::{OptionalExtension, params};

impl ReadTxn<'_> {
    /// One user with its contact details; those are missing when the master key is.
    pub(crate) fn user(&self, id: &UserId) -> Result<Option<UserRecord>> {
        let sql = "SELECT name, first_name, middle_name, last_name, created, contact FROM users WHERE id = ?1";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| {
                let record = UserRecord {
                    id: id.clone(),
                    name: r.get(0)?,
                    first_name: r.get(1)?,
                    middle_name: r.get(2)?,
                    last_name: r.get(3)?,
                    email: None,
                    mobile: None,
                    created: Some(Moment(r.get(4)?)),
                };
                Ok((record, r.get::<_, Option<Vec<u8>>>(5)?))
            });
        let Some((mut record, contact)) = found.optional()? else {
            return Ok(None);
        };
        if let Some(sealed) = contact
            && let Ok(plain) = self
                .keys
                .open_record(vault::Record::Contact, id.as_str(), &sealed)
            && let [email, mobile] = vault::codec::read_list(&plain)?.as_slice()
        {
            record.email = Some(email.clone()).filter(|s| !s.is_empty());
            record.mobile = Some(mobile.clone()).filter(|s| !s.is_empty());
        }
        Ok(Some(record))
    }

    /// The business a user stands for; none when there is none, or when the master key is missing.
    pub(crate) fn business(&self, id: &UserId) -> Result<Option<Business>> {
        let sql = "SELECT business FROM users WHERE id = ?1";
        let sealed: Option<Option<Vec<u8>>> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| r.get(0))
            .optional()?;
        let Some(sealed) = sealed.flatten().filter(|_| self.keys.have_master()) else {
            return Ok(None);
        };
        let plain = self
            .keys
            .open_record(vault::Record::Business, id.as_str(), &sealed)?;
        Ok(Some(vault::codec::read_business(&plain)?))
    }

    /// Whether there is such a user.
    pub(crate) fn user_exists(&self, id: &UserId) -> Result<bool> {
        Ok(self.user_n(id)?.is_some())
    }

    /// Every account and transaction stored under a user, those of revoked connections included.
    pub(crate) fn stored_under(&self, id: &UserId) -> Result<(u64, u64)> {
        let sql = "SELECT count(*), coalesce(sum(transactions), 0) FROM accounts
            WHERE user_n = (SELECT n FROM users WHERE id = ?1)";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| {
                Ok((
                    r.get::<_, i64>(0)?.unsigned_abs(),
                    r.get::<_, i64>(1)?.unsigned_abs(),
                ))
            })?)
    }

    pub(crate) fn user_n(&self, id: &UserId) -> Result<Option<i64>> {
        let sql = "SELECT n FROM users WHERE id = ?1";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| r.get(0))
            .optional()?)
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
        let (contact, email, mobile) = self.seal_contact(user)?;
        let folded = sorted(&user.name);
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
        self.conn.prepare_cached(sql)?.execute(params![
            user.id.as_str(),
            user.name,
            user.first_name,
            user.middle_name,
            user.last_name,
            folded,
            created.0,
            contact,
            email,
            mobile,
        ])?;
        let n = match &old {
            None => self.conn.last_insert_rowid(),
            Some(_) => {
                let n = self.user_n(&user.id)?.expect("it was read above");
                self.conn
                    .prepare_cached("DELETE FROM user_words WHERE rowid = ?1")?
                    .execute([n])?;
                let sql = "UPDATE connections SET user_sort = ?2 WHERE user_n = ?1";
                self.conn.prepare_cached(sql)?.execute(params![n, folded])?;
                n
            }
        };
        let sql = "INSERT INTO user_words (rowid, name) VALUES (?1, ?2)";
        self.conn
            .prepare_cached(sql)?
            .execute(params![n, user.name])?;
        Ok(true)
    }

    /// Seals and keeps the business a user stands for.
    pub(crate) fn put_business(&self, id: &UserId, business: &Business) -> Result<()> {
        let sealed = match business.is_empty() {
            true => None,
            false => {
                let plain = vault::codec::write_business(business);
                Some(
                    self.keys
                        .seal_record(vault::Record::Business, id.as_str(), &plain)?,
                )
            }
        };
        self.conn
            .prepare_cached("UPDATE users SET business = ?2 WHERE id = ?1")?
            .execute(params![id.as_str(), sealed])?;
        Ok(())
    }

    /// Notes when somebody last changed a user.
    pub(crate) fn user_changed(&self, id: &UserId, now: Moment) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE users SET updated = ?2 WHERE id = ?1")?
            .execute(params![id.as_str(), now.0])?;
        Ok(())
    }

    #[expect(
        clippy::type_complexity,
        reason = "three columns of one row, used once"
    )]
    fn seal_contact(
        &self,
        user: &UserRecord,
    ) -> Result<(Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>)> {
        if user.email.is_none() && user.mobile.is_none() {
            return Ok((None, None, None));
        }
        let part = |s: &Option<Secret>| s.clone().unwrap_or_default();
        let plain = vault::codec::write_list(&[part(&user.email), part(&user.mobile)]);
        let sealed = self
            .keys
            .seal_record(vault::Record::Contact, user.id.as_str(), &plain)?;
        let digest = |s: &Option<Secret>| -> Result<Option<Vec<u8>>> {
            s.as_ref().map(|s| self.keys.contact_digest(s)).transpose()
        };
        Ok((Some(sealed), digest(&user.email)?, digest(&user.mobile)?))
    }
}
