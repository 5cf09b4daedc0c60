//! The person who logged in, and what lets us in: both sealed, one row per connection.

use crate::domain::bank_data::{Credentials, Profile};
use crate::domain::ids::ConnectionId;
use crate::domain::moment::Moment;
use crate::store::error::{Error, Result};
use crate::store::{ReadTxn, WriteTxn};
use crate::vault::{self, DataKey};
use rusqlite::{OptionalExtension, params};

impl ReadTxn<'_> {
    /// The profile of a connection; none when there is none, or when its key was destroyed or is missing
    /// ([`crate::store::Store::can_unseal`]).
    pub(crate) fn profile(&self, id: &ConnectionId) -> Result<Option<Profile>> {
        let sql = "SELECT p.sealed, k.slot FROM profiles p JOIN connections c ON c.n = p.connection_n
            LEFT JOIN data_keys k ON k.user_n = c.user_n AND k.institution_n = c.institution_n WHERE c.id = ?1";
        let found: Option<(Vec<u8>, Option<i64>)> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        let Some((sealed, Some(slot))) = found.filter(|_| self.keys.have_master()) else {
            return Ok(None);
        };
        let Some(key) = self.keys.data_key(slot)? else {
            return Ok(None);
        };
        let plain = key.open(vault::Sealed::Profile, id.as_str(), &sealed)?;
        Ok(Some(vault::codec::read_profile(&plain)?))
    }

    /// What lets us in; none when it was destroyed or never given.
    pub(crate) fn credentials(&self, id: &ConnectionId) -> Result<Option<Credentials>> {
        let sql = "SELECT sealed FROM credentials WHERE connection_n = (SELECT n FROM connections WHERE id = ?1)";
        let found: Option<Vec<u8>> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| r.get(0))
            .optional()?;
        let Some(sealed) = found else { return Ok(None) };
        let plain = self
            .keys
            .open_record(vault::Record::Credentials, id.as_str(), &sealed)?;
        Ok(Some(vault::codec::read_credentials(&plain)?))
    }

    /// The newest other connection, not deleted, that was made with the same credentials at the same
    /// bank by any user (domain 12.2), and when.
    pub(crate) fn same_credentials(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<(ConnectionId, Moment)>> {
        let sql = "SELECT o.id, o.created FROM credentials mine
            JOIN connections me ON me.n = mine.connection_n
            JOIN credentials c ON c.digest = mine.digest AND c.connection_n <> mine.connection_n
            JOIN connections o ON o.n = c.connection_n AND o.institution_n = me.institution_n AND o.status <> 5
            WHERE me.id = ?1 ORDER BY o.created DESC LIMIT 1";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| {
                Ok((
                    ConnectionId::from(r.get::<_, String>(0)?),
                    Moment(r.get(1)?),
                ))
            });
        Ok(found.optional()?)
    }
}

impl WriteTxn<'_> {
    /// Seals and keeps the profile of a connection.
    pub(crate) fn put_profile(&self, id: &ConnectionId, profile: &Profile) -> Result<()> {
        let Some(c) = self.numbered(id)? else {
            return Err(Error::Absent {
                what: format!("connection {id}"),
            });
        };
        let key = self.pair_key(c.user_n, c.institution_n)?;
        self.put_profile_under(id, profile, &key)
    }

    pub(crate) fn put_profile_under(
        &self,
        id: &ConnectionId,
        profile: &Profile,
        key: &DataKey,
    ) -> Result<()> {
        let sealed = key.seal(
            vault::Sealed::Profile,
            id.as_str(),
            &vault::codec::write_profile(profile),
        )?;
        let sql =
            "INSERT OR REPLACE INTO profiles (connection_n, phones, emails, addresses, sealed)
            SELECT n, ?2, ?3, ?4, ?5 FROM connections WHERE id = ?1";
        self.conn.prepare_cached(sql)?.execute(params![
            id.as_str(),
            profile.phones.len() as i64,
            profile.emails.len() as i64,
            profile.addresses.len() as i64,
            sealed,
        ])?;
        Ok(())
    }

    /// Seals and keeps what lets us in.
    pub(crate) fn put_credentials(
        &self,
        id: &ConnectionId,
        credentials: &Credentials,
    ) -> Result<()> {
        let Some(c) = self.numbered(id)? else {
            return Err(Error::Absent {
                what: format!("connection {id}"),
            });
        };
        let plain = vault::codec::write_credentials(credentials);
        let sealed = self
            .keys
            .seal_record(vault::Record::Credentials, id.as_str(), &plain)?;
        let digest = self.keys.credential_digest(credentials)?;
        self.carry_sign_ins(c.n, &digest)?;
        let sql =
            "INSERT OR REPLACE INTO credentials (connection_n, digest, sealed) VALUES (?1, ?2, ?3)";
        self.conn
            .prepare_cached(sql)?
            .execute(params![c.n, digest, sealed])?;
        self.show_sign_ins(id)?;
        Ok(())
    }
}
