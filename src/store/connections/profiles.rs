//! The profile and the credentials of a connection: one sealed row each.

use crate::domain::bank_data::{Credentials, Profile};
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::domain::moment::Moment;
use crate::domain::query;
use crate::store::codec::DELETED;
use crate::store::error::{Result, absent};
use crate::store::{Bound, ReadTxn, WriteTxn};
use crate::vault::{DataKey, Record, Sealed, codec};
use rusqlite::params;

const OWNER: &str = "u.id AS user, i.id AS bank FROM connections c JOIN users u ON u.n = c.user_n
    JOIN institutions i ON i.n = c.institution_n";

fn of_connection<'a>(
    id: &'a ConnectionId,
    count: i64,
    (user, institution): &'a (UserId, InstitutionId),
) -> Bound<'a> {
    Bound {
        count,
        user: user.as_str(),
        institution: institution.as_str(),
        ..Bound::row(id.as_str())
    }
}

impl ReadTxn<'_> {
    /// None when there is none, or when it cannot be opened: its key was destroyed, is damaged or is missing.
    pub(crate) fn profile(&self, id: &ConnectionId) -> Result<Option<Profile>> {
        if !self.keys.have_master() {
            return Ok(None);
        }
        let sql = "SELECT p.sealed, k.slot FROM profiles p JOIN connections c ON c.n = p.connection_n
            JOIN data_keys k ON k.user_n = c.user_n AND k.institution_n = c.institution_n WHERE c.id = ?1";
        let found = self.first(sql, [id], |row| {
            Ok((row.get("slot")?, row.get::<_, Vec<u8>>("sealed")?))
        })?;
        let Some((slot, sealed)) = found else {
            return Ok(None);
        };
        // a damaged one is as good as none: whoever refreshes gets a new one, and whoever purges is not stopped
        let opened = self.keys.data_key(slot).ok().flatten().and_then(|key| {
            let plain = key.open(Sealed::Profile, id.as_str(), &sealed).ok()?;
            codec::read_profile(&plain).ok()
        });
        Ok(opened)
    }

    /// Whether a profile of an earlier version is not found by its contacts yet.
    pub(crate) fn contacts_wait(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM profiles WHERE entered = 0)";
        Ok(self.keys.have_master() && self.value(sql, [])?)
    }

    /// The credentials of a connection; none when they were destroyed or never given.
    pub(crate) fn credentials(&self, id: &ConnectionId) -> Result<Option<Credentials>> {
        let sql = format!(
            "SELECT t.sealed, t.count, {OWNER} JOIN credentials t ON t.connection_n = c.n WHERE c.id = ?1"
        );
        let found = self.first(&sql, [id], |row| {
            let owner: (UserId, InstitutionId) = (row.get("user")?, row.get("bank")?);
            Ok((row.get::<_, Vec<u8>>("sealed")?, row.get("count")?, owner))
        })?;
        let Some((sealed, count, owner)) = found else {
            return Ok(None);
        };
        let of = of_connection(id, count, &owner);
        let plain = self.keys.open_record(Record::Credentials, &of, &sealed)?;
        Ok(Some(codec::read_credentials(&plain)?))
    }

    /// The newest other connection, not deleted, with the same credentials at the same bank, and when it was made.
    pub(crate) fn same_credentials(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<(ConnectionId, Moment)>> {
        let sql = "SELECT o.id, o.created FROM credentials mine
            JOIN connections me ON me.n = mine.connection_n
            JOIN credentials c ON c.digest = mine.digest AND c.connection_n <> mine.connection_n
            JOIN connections o ON o.n = c.connection_n AND o.institution_n = me.institution_n AND o.status <> ?2
            WHERE me.id = ?1 ORDER BY o.created DESC LIMIT 1";
        self.first(sql, params![id, DELETED], |row| {
            Ok((row.get("id")?, row.get("created")?))
        })
    }
}

impl WriteTxn<'_> {
    pub(crate) fn put_profile(&self, id: &ConnectionId, profile: &Profile) -> Result<()> {
        let c = self.must_number(id)?;
        let key = self.pair_key(c.user_n, c.institution_n)?;
        self.put_profile_under(id, profile, &key)
    }

    pub(crate) fn put_profile_under(
        &self,
        id: &ConnectionId,
        profile: &Profile,
        key: &DataKey,
    ) -> Result<()> {
        let plain = codec::write_profile(profile);
        let sealed = key.seal(Sealed::Profile, id.as_str(), &plain)?;
        let sql =
            "INSERT OR REPLACE INTO profiles (connection_n, phones, emails, addresses, sealed, entered)
            SELECT n, ?2, ?3, ?4, ?5, 1 FROM connections WHERE id = ?1";
        let values = params![
            id,
            profile.phones.len(),
            profile.emails.len(),
            profile.addresses.len(),
            sealed,
        ];
        self.execute(sql, values)?;
        self.put_contacts(id, profile)
    }

    /// Enters the contacts of at most so many profiles of an earlier version, and returns how many those were. One that
    /// cannot be opened has none.
    pub(crate) fn enter_contacts(&self, limit: usize) -> Result<usize> {
        if !self.keys.have_master() {
            return Ok(0);
        }
        let sql = "SELECT c.id FROM profiles p JOIN connections c ON c.n = p.connection_n WHERE p.entered = 0 LIMIT ?1";
        let ids: Vec<ConnectionId> = self.column(sql, [limit])?;
        for id in &ids {
            if let Some(profile) = self.profile(id)? {
                self.put_contacts(id, &profile)?;
            }
            let sql = "UPDATE profiles SET entered = 1
                WHERE connection_n = (SELECT n FROM connections WHERE id = ?1)";
            self.execute(sql, [id])?;
        }
        Ok(ids.len())
    }

    /// What was known of the profile before has gone with its row.
    fn put_contacts(&self, id: &ConnectionId, profile: &Profile) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO profile_contacts (digest, connection_n)
            SELECT ?2, p.connection_n FROM profiles p JOIN connections c ON c.n = p.connection_n WHERE c.id = ?1";
        let contacts = profile.phones.iter().chain(&profile.emails);
        // one that the bank has masked identifies nobody
        for contact in contacts.filter(|contact| query::is_contact(contact.expose())) {
            self.execute(sql, params![id, self.keys.contact_digest(contact)?])?;
        }
        Ok(())
    }

    pub(crate) fn put_credentials(
        &self,
        id: &ConnectionId,
        credentials: &Credentials,
    ) -> Result<()> {
        let c = self.must_number(id)?;
        let plain = codec::write_credentials(credentials);
        let sql =
            "UPDATE counters SET value = value + 1 WHERE name = 'credentials' RETURNING value";
        let count: i64 = self.value(sql, [])?;
        let sql = format!("SELECT {OWNER} WHERE c.id = ?1");
        let owner = self.first(&sql, [id], |row| Ok((row.get("user")?, row.get("bank")?)))?;
        let owner: (UserId, InstitutionId) = owner.ok_or_else(|| absent("connection", id))?;
        let of = of_connection(id, count, &owner);
        let sealed = self.keys.seal_record(Record::Credentials, &of, &plain)?;
        let digest = self.keys.credential_digest(credentials)?;
        self.carry_sign_ins(c.n, &digest)?;
        let sql = "INSERT OR REPLACE INTO credentials (connection_n, digest, sealed, count) VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, params![c.n, digest, sealed, count])?;
        self.show_sign_ins(id).map(drop)
    }
}
