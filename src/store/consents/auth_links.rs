//! The one link a user may have to the hosted flow. Its mobile number is sealed under the master key.

use crate::domain::ids::UserId;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::store::error::{Result, absent};
use crate::store::{Bound, ReadTxn, WriteTxn};
use crate::vault::{self, Record};
use rusqlite::params;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthLink {
    /// Its id, the last part of what is sent.
    pub(crate) id: String,
    pub(crate) user: UserId,
    /// Where it was sent to; none when the master key is missing.
    pub(crate) mobile: Option<Secret>,
    pub(crate) created: Moment,
    pub(crate) expires: Moment,
}

impl ReadTxn<'_> {
    pub(crate) fn auth_link(&self, user: &UserId) -> Result<Option<AuthLink>> {
        let sql = "SELECT id, created, expires, mobile FROM auth_links
            WHERE user_n = (SELECT n FROM users WHERE id = ?1)";
        self.first(sql, [user], |row| {
            let id: String = row.get("id")?;
            let mobile = match self.keys.have_master() {
                true => {
                    let sealed: Vec<u8> = row.get("mobile")?;
                    let plain = self.keys.open_record(
                        Record::AuthLink,
                        &Bound::of_user(&id, user.as_str()),
                        &sealed,
                    )?;
                    vault::codec::read_list(&plain)?.into_iter().next()
                }
                false => None,
            };
            Ok(AuthLink {
                id,
                user: user.clone(),
                mobile,
                created: row.get("created")?,
                expires: row.get("expires")?,
            })
        })
    }
}

impl WriteTxn<'_> {
    pub(crate) fn put_auth_link(&self, link: &AuthLink) -> Result<()> {
        let Some(user_n) = self.user_n(&link.user)? else {
            return Err(absent("user", &link.user));
        };
        let plain = vault::codec::write_list(&[link.mobile.clone().unwrap_or_default()]);
        let sealed = self.keys.seal_record(
            Record::AuthLink,
            &Bound::of_user(&link.id, link.user.as_str()),
            &plain,
        )?;
        let sql = "INSERT OR REPLACE INTO auth_links (user_n, id, created, expires, mobile) VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![user_n, link.id, link.created, link.expires, sealed];
        self.execute(sql, values).map(drop)
    }

    /// Deletes the link of a user; `false` when there is none.
    pub(crate) fn drop_auth_link(&self, user: &UserId) -> Result<bool> {
        let sql = "DELETE FROM auth_links WHERE user_n = (SELECT n FROM users WHERE id = ?1)";
        Ok(self.execute(sql, [user])? == 1)
    }
}
