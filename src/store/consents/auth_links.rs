//! The one link a user may have to the hosted flow. Its mobile number and an address at a platform are sealed under the
//! master key, and the code that opens it here is not stored.

use crate::domain::auth_link::AuthLink;
use crate::domain::ids::UserId;
use crate::domain::secret::Secret;
use crate::store::error::{Result, absent};
use crate::store::row::Row;
use crate::store::{Bound, ReadTxn, WriteTxn};
use crate::vault::{self, Record};
use rusqlite::params;

const ROW: &str = "SELECT l.id, u.id AS user, l.created, l.expires, l.mobile
    FROM auth_links l JOIN users u ON u.n = l.user_n";

impl ReadTxn<'_> {
    pub(crate) fn auth_link(&self, user: &UserId) -> Result<Option<AuthLink>> {
        let sql = format!("{ROW} WHERE l.user_n = (SELECT n FROM users WHERE id = ?1)");
        self.first(&sql, [user], |row| self.link(row))
    }

    /// The link that this code opens.
    pub(crate) fn link_opened(&self, id: &str, code: &Secret) -> Result<Option<AuthLink>> {
        if !self.keys.is_link_code(id, code)? {
            return Ok(None);
        }
        self.first(&format!("{ROW} WHERE l.id = ?1"), [id], |row| {
            self.link(row)
        })
    }

    fn link(&self, row: &Row<'_>) -> Result<AuthLink> {
        let (id, user): (String, UserId) = (row.get("id")?, row.get("user")?);
        let (mobile, address) = match self.keys.have_master() {
            true => {
                let sealed: Vec<u8> = row.get("mobile")?;
                let of = Bound::of_user(&id, user.as_str());
                let plain = self.keys.open_record(Record::AuthLink, &of, &sealed)?;
                let mut kept = vault::codec::read_list(&plain)?.into_iter();
                let given = |text: &Secret| !text.is_empty();
                (kept.next().filter(given), kept.next().filter(given))
            }
            false => (None, None),
        };
        Ok(AuthLink {
            code: self.keys.link_code(&id),
            id,
            user,
            address,
            mobile,
            created: row.get("created")?,
            expires: row.get("expires")?,
        })
    }
}

impl WriteTxn<'_> {
    pub(crate) fn put_auth_link(&self, link: &AuthLink) -> Result<()> {
        let Some(user_n) = self.user_n(&link.user)? else {
            return Err(absent("user", &link.user));
        };
        let kept = [&link.mobile, &link.address].map(|text| text.clone().unwrap_or_default());
        let plain = vault::codec::write_list(&kept);
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

    /// Deletes this link of a user; `false` when it is gone, or another has taken its place.
    pub(crate) fn use_auth_link(&self, user: &UserId, id: &str) -> Result<bool> {
        let sql =
            "DELETE FROM auth_links WHERE user_n = (SELECT n FROM users WHERE id = ?1) AND id = ?2";
        Ok(self.execute(sql, params![user, id])? == 1)
    }
}
