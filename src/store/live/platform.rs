//! The one platform that a file mirrors, its key, its token, and one budget of calls for all processes.

use crate::domain::live::{Call, Platform, Trouble};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::{Bound, ReadTxn, WriteTxn};
use crate::vault::{self, Record};
use rusqlite::params;

const ROW: &str = "SELECT address, signed_in, lacks, rate, slowed, heard, trouble, troubled, trouble_text, next_try,
  events_read, connectors_read, spoiled, leader_until FROM live_platform";

/// No budget is smaller: one call in ten seconds.
const LEAST_RATE: u64 = 100;

pub(crate) struct NewPlatform {
    pub(crate) address: String,
    pub(crate) key: Secret,
    pub(crate) lacks: Vec<Call>,
    /// Calls in a thousand seconds.
    pub(crate) rate: u64,
}

/// When a call may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    At(Moment),
    /// The platform asked for silence until then; no place was taken.
    Slowed(Moment),
}

fn platform(row: &Row<'_>) -> Result<Platform> {
    let lacks: String = row.get("lacks")?;
    let trouble: Option<Trouble> = row.get("trouble")?;
    let since: Option<Moment> = row.get("troubled")?;
    let how: String = row.get("trouble_text")?;
    Ok(Platform {
        address: row.get("address")?,
        signed_in: row.get("signed_in")?,
        lacks: lacks.split_whitespace().filter_map(Call::parse).collect(),
        rate: row.get("rate")?,
        slowed: row.get("slowed")?,
        heard: row.get("heard")?,
        trouble: trouble.zip(since).map(|(what, since)| (what, since, how)),
        next_try: row.get("next_try")?,
        events_read: row.get("events_read")?,
        connectors_read: row.get("connectors_read")?,
        spoiled: row.get("spoiled")?,
        leader_until: row.get("leader_until")?,
    })
}

impl ReadTxn<'_> {
    /// The platform that this file mirrors, also while nobody is signed in.
    pub(crate) fn platform(&self) -> Result<Option<Platform>> {
        self.first(ROW, [], platform)
    }

    pub(crate) fn has_sandbox_connections(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM connections WHERE origin = 0)";
        self.value(sql, [])
    }

    /// The key of the platform of this address; none while nobody is signed in there.
    pub(crate) fn platform_key(&self, address: &str) -> Result<Option<Secret>> {
        self.sealed_platform("sealed_key", Record::PlatformKey, address)
    }

    /// The token, while it is valid a minute longer.
    pub(crate) fn platform_token(&self, address: &str, now: Moment) -> Result<Option<Secret>> {
        let ends: Option<Option<Moment>> = self.find("SELECT token_ends FROM live_platform", [])?;
        match ends.flatten() {
            Some(ends) if ends.since(now) > 60_000 => {
                self.sealed_platform("token", Record::PlatformToken, address)
            }
            _ => Ok(None),
        }
    }

    fn sealed_platform(
        &self,
        column: &str,
        record: Record,
        address: &str,
    ) -> Result<Option<Secret>> {
        // one of two names of this file
        let sql = format!("SELECT {column} FROM live_platform WHERE address = ?1");
        let sealed: Option<Option<Vec<u8>>> = self.find(&sql, [address])?;
        let Some(sealed) = sealed.flatten() else {
            return Ok(None);
        };
        let plain = self
            .keys
            .open_record(record, &Bound::row(address), &sealed)?;
        Ok(vault::codec::read_list(&plain)?.into_iter().next())
    }

    fn seal_platform(&self, record: Record, address: &str, text: &Secret) -> Result<Vec<u8>> {
        let plain = vault::codec::write_list(std::slice::from_ref(text));
        self.keys.seal_record(record, &Bound::row(address), &plain)
    }
}

impl WriteTxn<'_> {
    pub(crate) fn sign_in(&self, new: &NewPlatform, now: Moment) -> Result<()> {
        let key = self.seal_platform(Record::PlatformKey, &new.address, &new.key)?;
        let lacks: Vec<&str> = new.lacks.iter().map(|call| call.word()).collect();
        let sql = "INSERT INTO live_platform (one, address, sealed_key, signed_in, lacks, rate, free_at, heard)
            VALUES (1, ?1, ?2, ?3, ?4, ?5, ?3, ?3)
            ON CONFLICT (one) DO UPDATE SET sealed_key = excluded.sealed_key, signed_in = excluded.signed_in,
              lacks = excluded.lacks, rate = excluded.rate, free_at = excluded.free_at, heard = excluded.heard,
              token = NULL, token_ends = NULL, slowed = NULL, trouble = NULL, troubled = NULL, trouble_text = '',
              next_try = NULL
            WHERE address = excluded.address";
        let values = params![new.address, key, now, lacks.join(" "), new.rate];
        self.execute(sql, values).map(drop)
    }

    /// Destroys key and token; what was mirrored stays.
    pub(crate) fn sign_out(&self) -> Result<()> {
        let sql = "UPDATE live_platform SET sealed_key = NULL, token = NULL, token_ends = NULL, signed_in = NULL,
              leader = NULL, leader_until = NULL, trouble = NULL, troubled = NULL, trouble_text = '', next_try = NULL";
        self.execute(sql, []).map(drop)
    }

    pub(crate) fn put_platform_token(
        &self,
        address: &str,
        token: &Secret,
        ends: Moment,
    ) -> Result<()> {
        let sealed = self.seal_platform(Record::PlatformToken, address, token)?;
        let sql = "UPDATE live_platform SET token = ?2, token_ends = ?3 WHERE address = ?1 AND sealed_key IS NOT NULL";
        self.execute(sql, params![address, sealed, ends]).map(drop)
    }

    pub(crate) fn drop_platform_token(&self) -> Result<()> {
        let sql = "UPDATE live_platform SET token = NULL, token_ends = NULL";
        self.execute(sql, []).map(drop)
    }

    pub(crate) fn set_lack(&self, lacks: &[Call]) -> Result<()> {
        let lacks: Vec<&str> = lacks.iter().map(|call| call.word()).collect();
        let sql = "UPDATE live_platform SET lacks = ?1";
        self.execute(sql, [lacks.join(" ")]).map(drop)
    }

    /// Takes the next place in the budget of calls, which all processes share. Calls stand one after another, so that
    /// there are never more in a second than the rate.
    pub(crate) fn take_slot(&self, most: u64, now: Moment) -> Result<Option<Slot>> {
        let sql = "SELECT rate, free_at, slowed FROM live_platform";
        let found = self.first(sql, [], |row| {
            let rate: u64 = row.get("rate")?;
            let (free, slowed): (Moment, Option<Moment>) =
                (row.get("free_at")?, row.get("slowed")?);
            Ok((rate.min(most).max(LEAST_RATE), free, slowed))
        })?;
        let Some((rate, free, slowed)) = found else {
            return Ok(None);
        };
        if let Some(until) = slowed.filter(|until| *until > now) {
            return Ok(Some(Slot::Slowed(until)));
        }
        let between = i64::try_from(1_000_000 / rate).unwrap_or(1);
        // a clock that went back leaves no debt of hours
        let at = free.min(now.plus_ms(60_000)).max(now);
        let sql = "UPDATE live_platform SET free_at = ?1, slowed = NULL";
        self.execute(sql, [at.plus_ms(between)])?;
        Ok(Some(Slot::At(at)))
    }

    /// An answer came: the trouble is over, and the budget grows by a hundredth of the most.
    pub(crate) fn platform_answered(&self, most: u64, now: Moment) -> Result<()> {
        let grows = (most / 100).max(1);
        let sql = "UPDATE live_platform SET heard = ?1, rate = min(max(rate, ?4) + ?2, ?3), trouble = NULL, troubled = NULL,
              trouble_text = '', next_try = NULL";
        let values = params![now, grows, most.max(LEAST_RATE), LEAST_RATE];
        self.execute(sql, values).map(drop)
    }

    /// It asked for fewer calls: half as many from now on, and none until then.
    pub(crate) fn platform_slows(&self, until: Moment, said: &str, now: Moment) -> Result<()> {
        let sql = "UPDATE live_platform SET rate = max(rate / 2, ?1), slowed = max(coalesce(slowed, 0), ?2), heard = ?3,
              troubled = iif(trouble IS ?4, troubled, ?3), trouble = ?4, trouble_text = ?5, next_try = ?2";
        let values = params![LEAST_RATE, until, now, Trouble::Slowed, said];
        self.execute(sql, values).map(drop)
    }

    pub(crate) fn platform_trouble(
        &self,
        what: Trouble,
        said: &str,
        again: Moment,
        now: Moment,
    ) -> Result<()> {
        let sql = "UPDATE live_platform SET troubled = iif(trouble IS ?1, troubled, ?2), trouble = ?1, trouble_text = ?3,
              next_try = ?4";
        self.execute(sql, params![what, now, said, again]).map(drop)
    }

    pub(crate) fn set_events_read(&self, at: Moment) -> Result<()> {
        self.execute("UPDATE live_platform SET events_read = ?1", [at])
            .map(drop)
    }

    pub(crate) fn set_connectors_read(&self, at: Moment) -> Result<()> {
        self.execute("UPDATE live_platform SET connectors_read = ?1", [at])
            .map(drop)
    }

    pub(crate) fn add_spoiled(&self, n: u64) -> Result<()> {
        self.execute("UPDATE live_platform SET spoiled = spoiled + ?1", [n])
            .map(drop)
    }

    /// Makes this process the one that reads and sends, or keeps it so. `false`: another one is.
    pub(crate) fn lead(&self, who: &str, until: Moment, now: Moment) -> Result<bool> {
        // a lease that lies far ahead was written by a wrong clock
        let sql = "UPDATE live_platform SET leader = ?1, leader_until = ?2
            WHERE sealed_key IS NOT NULL AND (leader IS NULL OR leader = ?1 OR leader_until <= ?3
              OR leader_until > ?3 + 2 * (?2 - ?3))";
        Ok(self.execute(sql, params![who, until, now])? == 1)
    }

    pub(crate) fn stop_leading(&self, who: &str) -> Result<()> {
        let sql = "UPDATE live_platform SET leader = NULL, leader_until = NULL WHERE leader = ?1";
        self.execute(sql, [who]).map(drop)
    }
}
