//! Consents: their rows, and which of them are due for a warning, a reminder or their end.

mod auth_links;
mod endings;

use crate::domain::consent::{Consent, Permission, quiet_since, warned_until};
use crate::domain::ids::{ConsentId, UserId};
use crate::domain::moment::Moment;
use crate::domain::views::{Anchor, Page, Size};
use crate::store::codec::{self, CONSENTED};
use crate::store::error::{Result, absent};
use crate::store::row::Row;
use crate::store::sql::{numbers, page, place};
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;
use rusqlite::types::Value;

const ROW: &str = "c.n, c.id, u.id AS user, c.status, c.origin, c.created, c.updated, c.expiry, c.revoked, c.purpose,
  c.retain, c.retrieval_days, c.permissions, c.warned, c.reminded";

const FROM: &str = "JOIN users u ON u.n = c.user_n";

fn consent(row: &Row<'_>) -> Result<Consent> {
    Ok(Consent {
        id: row.get("id")?,
        user: row.get("user")?,
        status: row.get("status")?,
        origin: row.get("origin")?,
        created: row.get("created")?,
        updated: row.get("updated")?,
        expiry: row.get("expiry")?,
        revoked: row.get("revoked")?,
        purpose: row.get("purpose")?,
        retain: row.get("retain")?,
        retrieval_days: row.get("retrieval_days")?,
        permissions: permissions(row)?,
        warned: row.get("warned")?,
        reminded: row.get("reminded")?,
    })
}

/// What does not read is shown as one damaged permission; a consent is never written back with it.
fn permissions(row: &Row<'_>) -> Result<Vec<Permission>> {
    let read = codec::permissions_read(codec::shown_text(row.get_ref("permissions")?));
    Ok(read.unwrap_or_else(|_| {
        vec![Permission {
            scope: codec::DAMAGED_TEXT.into(),
            required: false,
            consented: false,
        }]
    }))
}

impl ReadTxn<'_> {
    pub(crate) fn consent(&self, id: &ConsentId) -> Result<Option<Consent>> {
        let sql = format!("SELECT {ROW} FROM consents c {FROM} WHERE c.id = ?1");
        self.first(&sql, [id], consent)
    }

    pub(crate) fn active_consent(&self, user: &UserId) -> Result<Option<Consent>> {
        let sql = format!(
            "SELECT {ROW} FROM consents c {FROM}
             WHERE c.user_n = (SELECT n FROM users WHERE id = ?1) AND c.status = {CONSENTED}"
        );
        self.first(&sql, [user], consent)
    }

    /// How many consents a user has; without a user, how many are active. Counts no further than `cap`.
    pub(crate) fn consent_size(&self, user: Option<&UserId>, cap: u64) -> Result<Size> {
        match user {
            Some(user) => self.counted(
                "consents INDEXED BY consents_user WHERE user_n = (SELECT n FROM users WHERE id = ?1)",
                &[Value::Text(user.as_str().to_owned())],
                cap,
            ),
            None => self.counted(
                &format!("consents INDEXED BY consents_ending WHERE status = {CONSENTED}"),
                &[],
                cap,
            ),
        }
    }

    /// A page of a user's consents, newest first; of everybody's active ones by their end, the next one first.
    pub(crate) fn consent_page(
        &self,
        user: Option<&UserId>,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<Consent>> {
        let (sql, key, start) = match user {
            Some(_) => (
                format!(
                    "SELECT {ROW} FROM consents c {FROM} WHERE c.user_n = (SELECT n FROM users WHERE id = ?1)
                       AND (c.created, c.n) < (?2, ?3) ORDER BY c.created DESC, c.n DESC LIMIT ?4"
                ),
                "created",
                i64::MAX,
            ),
            None => (
                format!(
                    "SELECT {ROW} FROM consents c INDEXED BY consents_ending {FROM}
                     WHERE c.status = {CONSENTED} AND ?1 IS NULL AND (c.expiry, c.n) > (?2, ?3)
                     ORDER BY c.expiry, c.n LIMIT ?4"
                ),
                "expiry",
                i64::MIN,
            ),
        };
        let [at, n] = numbers(from).unwrap_or([start, start]);
        let found = self.all(&sql, params![user, at, n, limit + 1], |row| {
            Ok((place([row.get(key)?, row.get("n")?]), consent(row)?))
        })?;
        Ok(page(found, limit, false))
    }

    /// The ids that are, end with or begin with this text; at most `limit`.
    pub(crate) fn consents_named(&self, text: &str, limit: usize) -> Result<Vec<ConsentId>> {
        self.ids_named("consents", text, limit)
    }

    /// Active consents whose end is near and whose user was not warned.
    pub(crate) fn consents_to_warn(&self, now: Moment, limit: usize) -> Result<Vec<Consent>> {
        self.active_until(&UNWARNED, warned_until(now), limit)
    }

    /// Active consents that have not changed for long and whose user was not reminded.
    pub(crate) fn consents_to_remind(&self, now: Moment, limit: usize) -> Result<Vec<Consent>> {
        self.active_until(&QUIET, quiet_since(now), limit)
    }

    fn active_until(&self, due: &Due, until: Moment, limit: usize) -> Result<Vec<Consent>> {
        let Due(index, at, condition) = due;
        let sql = format!(
            "SELECT {ROW} FROM consents c INDEXED BY {index} {FROM}
             WHERE c.status = {CONSENTED} AND {condition} AND c.{at} <= ?1 ORDER BY c.{at}, c.n LIMIT ?2"
        );
        self.all(&sql, params![until, limit], consent)
    }

    pub(crate) fn consents_next(&self) -> Result<[Option<Moment>; 3]> {
        let first = |Due(index, at, condition): &Due| {
            let sql = format!(
                "SELECT min({at}) FROM consents c INDEXED BY {index} WHERE status = {CONSENTED} AND {condition}"
            );
            self.value(&sql, [])
        };
        Ok([first(&ENDING)?, first(&UNWARNED)?, first(&QUIET)?])
    }
}

/// An index over active consents: its name, the time it is sorted by, and its condition beside the status.
struct Due(&'static str, &'static str, &'static str);

/// Not of a user whose connections somebody else executes for: their consent ends there.
const ENDING: Due = Due(
    "consents_ending",
    "expiry",
    "NOT EXISTS (SELECT 1 FROM connections o WHERE o.user_n = c.user_n AND o.origin <> 0 AND o.status <> 5)",
);
const UNWARNED: Due = Due("consents_unwarned", "expiry", "c.warned IS NULL");
const QUIET: Due = Due("consents_quiet", "updated", "c.reminded IS NULL");

impl WriteTxn<'_> {
    /// Writes a consent that is not there yet; `false` when it is.
    pub(crate) fn insert_consent(&self, consent: &Consent) -> Result<bool> {
        let Some(user_n) = self.user_n(&consent.user)? else {
            return Err(absent("user", &consent.user));
        };
        let sql =
            "INSERT INTO consents (id, user_n, status, origin, created, updated, expiry, revoked, purpose, retain,
              retrieval_days, permissions, warned, reminded)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT DO NOTHING";
        let values = params![
            consent.id,
            user_n,
            consent.status,
            consent.origin,
            consent.created,
            consent.updated,
            consent.expiry,
            consent.revoked,
            consent.purpose,
            consent.retain,
            consent.retrieval_days,
            codec::permissions_text(&consent.permissions),
            consent.warned,
            consent.reminded,
        ];
        Ok(self.execute(sql, values)? == 1)
    }

    /// Writes a consent over the one of this id; `false` when that changes nothing.
    pub(crate) fn put_consent(&self, consent: &Consent) -> Result<bool> {
        // most are new: whether one is there is asked only when it cannot be written
        if self.insert_consent(consent)? {
            return Ok(true);
        }
        match self.consent(&consent.id)? {
            Some(held) if held != *consent && held.user == consent.user => {
                self.save_consent(consent)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    pub(crate) fn save_consent(&self, consent: &Consent) -> Result<()> {
        let sql = "UPDATE consents SET status = ?2, updated = ?3, expiry = ?4, revoked = ?5, warned = ?6, reminded = ?7,
              origin = ?8, purpose = ?9, retain = ?10, retrieval_days = ?11, permissions = ?12, created = ?13,
              marked = CASE WHEN expiry = ?4 THEN marked END
            WHERE id = ?1";
        let values = params![
            consent.id,
            consent.status,
            consent.updated,
            consent.expiry,
            consent.revoked,
            consent.warned,
            consent.reminded,
            consent.origin,
            consent.purpose,
            consent.retain,
            consent.retrieval_days,
            codec::permissions_text(&consent.permissions),
            consent.created,
        ];
        self.execute(sql, values).map(drop)
    }
}
