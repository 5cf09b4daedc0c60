//! Consents: rows both ways, and which of them are due for a word or have ended. Deliberately absent: what
//! an end does to anything else.

mod auth_links;

pub(crate) use auth_links::AuthLink;

use crate::domain::consent::{Consent, Status, quiet_since, warned_until};
use crate::domain::ids::{ConsentId, UserId};
use crate::domain::moment::Moment;
use crate::domain::views::{Anchor, AnchorKey, Page};
use crate::store::codec::Coded;
use crate::store::error::{Error, Result};
use crate::store::json_columns;
use crate::store::search::backwards;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::{OptionalExtension, Row, params};

const ROW: &str = "c.n, c.id, u.id, c.status, c.origin, c.created, c.updated, c.expiry, c.revoked, c.purpose, c.retain,
  c.retrieval_days, c.permissions, c.warned, c.reminded FROM consents c JOIN users u ON u.n = c.user_n";

impl Coded for Status {
    const CODES: &'static [Self] = &Status::ALL;
    const TABLE: &'static str = "consents";
}

fn read(row: &Row<'_>) -> rusqlite::Result<Result<Consent>> {
    let (status, permissions) = (row.get(3)?, row.get::<_, String>(12)?);
    let time = |at: usize| -> rusqlite::Result<Option<Moment>> {
        Ok(row.get::<_, Option<i64>>(at)?.map(Moment))
    };
    let made = Consent {
        id: row.get::<_, String>(1)?.into(),
        user: row.get::<_, String>(2)?.into(),
        status: Status::Active,
        origin: row.get(4)?,
        created: Moment(row.get(5)?),
        updated: Moment(row.get(6)?),
        expiry: Moment(row.get(7)?),
        revoked: time(8)?,
        purpose: row.get(9)?,
        retain: row.get(10)?,
        retrieval_days: row.get(11)?,
        permissions: vec![],
        warned: time(13)?,
        reminded: time(14)?,
    };
    let decode = || {
        Ok(Consent {
            status: Status::decode(status)?,
            permissions: json_columns::permissions_read(&permissions)?,
            ..made
        })
    };
    Ok(decode())
}

impl ReadTxn<'_> {
    /// One consent.
    pub(crate) fn consent(&self, id: &ConsentId) -> Result<Option<Consent>> {
        let sql = format!("SELECT {ROW} WHERE c.id = ?1");
        self.conn
            .prepare_cached(&sql)?
            .query_row([id.as_str()], read)
            .optional()?
            .transpose()
    }

    /// The one consent of a user that is active.
    pub(crate) fn active_consent(&self, user: &UserId) -> Result<Option<Consent>> {
        let sql = format!(
            "SELECT {ROW} WHERE c.user_n = (SELECT n FROM users WHERE id = ?1) AND c.status = 0"
        );
        self.conn
            .prepare_cached(&sql)?
            .query_row([user.as_str()], read)
            .optional()?
            .transpose()
    }

    /// How many consents a user has; without a user, how many are active.
    pub(crate) fn consent_size(&self, user: Option<&UserId>) -> Result<u64> {
        let sql = match user {
            Some(_) => {
                "SELECT count(*) FROM consents INDEXED BY consents_user
                WHERE user_n = (SELECT n FROM users WHERE id = ?1)"
            }
            None => {
                "SELECT count(*) FROM consents INDEXED BY consents_ending WHERE status = 0 AND ?1 IS NULL"
            }
        };
        let mut query = self.conn.prepare_cached(sql)?;
        Ok(query
            .query_row([user.map(UserId::as_str)], |r| r.get::<_, i64>(0))?
            .unsigned_abs())
    }

    /// A page of a user's consents, newest first; of everybody's by their end, the next one first.
    pub(crate) fn consent_page(
        &self,
        user: Option<&UserId>,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<Consent>> {
        let place = match from.map(|a| a.0.as_slice()) {
            Some([AnchorKey::Number(key), AnchorKey::Number(n)]) => Some((*key, *n)),
            _ => None,
        };
        let (sql, key, start) = match user {
            Some(_) => (
                format!(
                    "SELECT {ROW} WHERE c.user_n = (SELECT n FROM users WHERE id = ?1) AND (c.created, c.n) < (?2, ?3)
                     ORDER BY c.created DESC, c.n DESC LIMIT ?4"
                ),
                5,
                i64::MAX,
            ),
            None => (
                format!(
                    "SELECT {} WHERE c.status = 0 AND ?1 IS NULL AND (c.expiry, c.n) > (?2, ?3)
                     ORDER BY c.expiry, c.n LIMIT ?4",
                    ROW.replace("FROM consents c", "FROM consents c INDEXED BY consents_ending")
                ),
                7,
                i64::MIN,
            ),
        };
        let (at, n) = place.unwrap_or((start, start));
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut found = query.query(params![user.map(UserId::as_str), at, n, limit as i64 + 1])?;
        let (mut rows, mut anchors) = (Vec::new(), Vec::new());
        while let Some(row) = found.next()? {
            anchors.push(Anchor(vec![
                AnchorKey::Number(row.get(key)?),
                AnchorKey::Number(row.get(0)?),
            ]));
            rows.push(read(row)??);
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        anchors.truncate(limit);
        Ok(Page {
            first: anchors.first().cloned(),
            last: anchors.last().cloned(),
            rows,
            more,
        })
    }

    /// The ids that end with, begin with or are this text; at most `limit`.
    pub(crate) fn consents_named(&self, text: &str, limit: usize) -> Result<Vec<ConsentId>> {
        let sql = "SELECT id FROM consents WHERE id = ?1
            UNION SELECT id FROM consents WHERE tail = ?3 AND length(?1) = 6
            UNION SELECT id FROM consents WHERE id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4
            LIMIT ?2";
        let mut query = self.conn.prepare_cached(sql)?;
        let ids = query.query_map(params![text, limit as i64, backwards(text)], |r| {
            r.get::<_, String>(0)
        })?;
        Ok(ids
            .map(|id| id.map(ConsentId::from))
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Active consents whose end has come, the longest ago first.
    pub(crate) fn consents_ended(&self, now: Moment, limit: usize) -> Result<Vec<Consent>> {
        let rows = ROW.replace(
            "FROM consents c",
            "FROM consents c INDEXED BY consents_ending",
        );
        self.some(
            &format!("SELECT {rows} WHERE c.status = 0 AND c.expiry <= ?1 ORDER BY c.expiry, c.n LIMIT ?2"),
            now,
            limit,
        )
    }

    /// Active consents whose end is near and that nobody was told of.
    pub(crate) fn consents_to_warn(&self, now: Moment, limit: usize) -> Result<Vec<Consent>> {
        let rows = ROW.replace(
            "FROM consents c",
            "FROM consents c INDEXED BY consents_unwarned",
        );
        let sql = format!(
            "SELECT {rows} WHERE c.status = 0 AND c.warned IS NULL AND c.expiry <= ?1 ORDER BY c.expiry, c.n LIMIT ?2"
        );
        self.some(&sql, warned_until(now), limit)
    }

    /// Active consents that have not changed for long and that nobody was reminded of.
    pub(crate) fn consents_to_remind(&self, now: Moment, limit: usize) -> Result<Vec<Consent>> {
        let rows = ROW.replace(
            "FROM consents c",
            "FROM consents c INDEXED BY consents_quiet",
        );
        let sql = format!(
            "SELECT {rows} WHERE c.status = 0 AND c.reminded IS NULL AND c.updated <= ?1 ORDER BY c.updated, c.n LIMIT ?2"
        );
        self.some(&sql, quiet_since(now), limit)
    }

    fn some(&self, sql: &str, until: Moment, limit: usize) -> Result<Vec<Consent>> {
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map(params![until.0, limit as i64], read)?;
        rows.map(|r| r?).collect()
    }

    /// The next end of a consent, the next one to be warned of, and the oldest change of one not reminded of.
    pub(crate) fn consents_next(&self) -> Result<[Option<Moment>; 3]> {
        let first = |sql: &str| -> Result<Option<Moment>> {
            Ok(self
                .conn
                .prepare_cached(sql)?
                .query_row([], |r| r.get::<_, Option<i64>>(0))?
                .map(Moment))
        };
        Ok([
            first("SELECT min(expiry) FROM consents INDEXED BY consents_ending WHERE status = 0")?,
            first(
                "SELECT min(expiry) FROM consents INDEXED BY consents_unwarned WHERE status = 0 AND warned IS NULL",
            )?,
            first(
                "SELECT min(updated) FROM consents INDEXED BY consents_quiet WHERE status = 0 AND reminded IS NULL",
            )?,
        ])
    }
}

impl WriteTxn<'_> {
    /// Writes a consent that is not there yet; `false` when it is.
    pub(crate) fn insert_consent(&self, consent: &Consent) -> Result<bool> {
        let Some(user_n) = self.user_n(&consent.user)? else {
            return Err(Error::Absent {
                what: format!("user {}", consent.user),
            });
        };
        let sql =
            "INSERT INTO consents (id, user_n, status, origin, created, updated, expiry, revoked, purpose, retain,
              retrieval_days, permissions, warned, reminded)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT DO NOTHING";
        let written = self.conn.prepare_cached(sql)?.execute(params![
            consent.id.as_str(),
            user_n,
            consent.status.code(),
            consent.origin,
            consent.created.0,
            consent.updated.0,
            consent.expiry.0,
            consent.revoked.map(|at| at.0),
            consent.purpose,
            consent.retain,
            consent.retrieval_days,
            json_columns::permissions_text(&consent.permissions),
            consent.warned.map(|at| at.0),
            consent.reminded.map(|at| at.0),
        ])?;
        Ok(written == 1)
    }

    /// Writes a consent as it came, over the one of this id; `false` when that changes nothing.
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

    /// Writes what can change about one.
    pub(crate) fn save_consent(&self, consent: &Consent) -> Result<()> {
        let sql = "UPDATE consents SET status = ?2, updated = ?3, expiry = ?4, revoked = ?5, warned = ?6, reminded = ?7
            WHERE id = ?1";
        self.conn.prepare_cached(sql)?.execute(params![
            consent.id.as_str(),
            consent.status.code(),
            consent.updated.0,
            consent.expiry.0,
            consent.revoked.map(|at| at.0),
            consent.warned.map(|at| at.0),
            consent.reminded.map(|at| at.0),
        ])?;
        Ok(())
    }
}
