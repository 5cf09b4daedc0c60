//! Connections with the newest job of each. Pages of the list are in `list`, writing in `write`.

mod counts;
mod groups;
pub(super) mod judged;
mod list;
mod order;
mod profiles;
mod sign_ins;
mod write;

pub(crate) use write::{ConnectionChange, NewConnection};

use super::ReadTxn;
use super::codec::{self, ACTIVE, SANDBOX};
use super::error::{Result, absent};
use super::sql::text;
use crate::domain::connection::{Method, Status};
use crate::domain::diagnosis::{Health, Toll, Whose};
use crate::domain::failure_codes::DAMAGED;
use crate::domain::handling::Handling;
use crate::domain::ids::{ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::job::{Title, current};
use crate::domain::moment::Moment;
use crate::domain::rows::{AtBank, ConnectionRow, LastJob};
use crate::store::row::Row;
use rusqlite::params;

/// The columns of [`ConnectionRow`] and those the list is sorted by.
const ROW: &str = "
  c.n, c.id, u.id AS user, u.name AS user_name, i.id AS bank, i.name AS bank_name, c.method, c.status, c.label,
  c.urgency, c.mover, c.runs, c.since, c.created, c.last_used, c.recency, c.expiry, c.accounts, c.transactions, c.version,
  c.ever_active, c.refused, c.guarded, c.origin, c.taken_by, c.taken, c.snoozed, c.asked,
  max(coalesce((SELECT max(h.ends) FROM holds h WHERE h.institution_n = c.institution_n), 0),
    coalesce((SELECT max(h.ends) FROM held_connections x JOIN holds h ON h.n = x.hold_n WHERE x.connection_n = c.n), 0)) AS held,
  (SELECT k.status FROM connectors k WHERE k.institution_n = c.institution_n AND k.method = c.method) AS declared,
  (SELECT o.until FROM outages o WHERE o.institution_n = c.institution_n) AS broken_until,
  (SELECT p.works FROM bank_pulse p WHERE p.institution_n = c.institution_n AND p.method = c.method) AS works,
  t.started AS trouble, t.failed AS trouble_failed, t.failed + t.passed AS trouble_of,
  coalesce((SELECT 1 FROM incident_hits y WHERE y.incident_n = t.n AND y.connection_n = c.n), 0) AS hit,
  j.updated AS job_updated, c.bank_sort, c.user_sort, c.job_recency, coalesce(c.expiry, 9223372036854775807) AS consent_end,
  j.id AS job, j.kind AS job_kind, j.state AS job_state, j.label AS job_label, j.code AS job_code,
  j.steps AS job_steps, j.created AS job_created, j.due AS job_due, j.attempt AS job_attempt
  FROM connections c
  JOIN users u ON u.n = c.user_n
  JOIN institutions i ON i.n = c.institution_n
  LEFT JOIN jobs j ON j.n = c.job_n
  LEFT JOIN incidents t ON t.ended IS NULL AND t.institution_n = c.institution_n AND t.method = c.method";

/// What a write needs to know of a connection: row numbers and status.
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    pub(crate) n: i64,
    pub(crate) user_n: i64,
    pub(crate) institution_n: i64,
    pub(crate) status: Status,
    pub(crate) ever_active: bool,
    pub(crate) urgency: i64,
}

fn connection_row(row: &Row<'_>) -> Result<ConnectionRow> {
    let last_job = match row.get::<_, Option<JobId>>("job")? {
        Some(id) => Some(last_job(id, row)?),
        None => None,
    };
    Ok(ConnectionRow {
        id: row.get("id")?,
        user: row.get("user")?,
        user_name: text(row, "user_name")?,
        institution: row.get("bank")?,
        institution_name: text(row, "bank_name")?,
        method: row.get("method")?,
        origin: row.get("origin")?,
        status: row.get("status")?,
        label: row.get("label")?,
        attention: row.get::<_, Whose>("mover")?.acts(),
        mover: row.get("mover")?,
        runs: judged::runs(&text(row, "runs")?),
        since: row.get("since")?,
        created: row.get("created")?,
        last_used: row.get("last_used")?,
        expiry: row.get("expiry")?,
        accounts: row.get("accounts")?,
        transactions: row.get("transactions")?,
        version: row.get("version")?,
        last_job,
        ever_active: row.get("ever_active")?,
        refused: row.get("refused")?,
        guarded: row.get("guarded")?,
        handling: Handling {
            taken_by: row.get("taken_by")?,
            taken: row.get("taken")?,
            snoozed: row.get("snoozed")?,
            asked: row.get("asked")?,
            held: Some(row.get("held")?).filter(|ends| *ends > Moment(0)),
        },
        bank: at_bank(row)?,
    })
}

fn at_bank(row: &Row<'_>) -> Result<AtBank> {
    let declared: Option<String> = row.get("declared")?;
    let count = |name: &str| {
        let count: Option<i64> = row.get(name)?;
        Ok::<_, super::Error>(count.unwrap_or(0).unsigned_abs())
    };
    let (failed, sample) = (count("trouble_failed")?, count("trouble_of")?);
    let since: Option<Moment> = row.get("trouble")?;
    Ok(AtBank {
        declared: declared.as_deref().and_then(Health::parse),
        broken_until: row.get("broken_until")?,
        incident: since.map(|since| Toll {
            failed,
            sample,
            since,
        }),
        hit: row.get("hit")?,
        works: row.get("works")?,
        asked: row.get("job_updated")?,
    })
}

fn last_job(id: JobId, row: &Row<'_>) -> Result<LastJob> {
    let steps = codec::shown_text(row.get_ref("job_steps")?);
    let steps = codec::steps_read(steps, row.get("job_created")?);
    let damaged = steps.is_err().then(|| DAMAGED.to_owned());
    let steps = steps.unwrap_or_default();
    let at = current(&steps);
    let step = steps.get(at).map(|step| step.title.clone());
    Ok(LastJob {
        id,
        kind: row.get("job_kind")?,
        state: row.get("job_state")?,
        label: row.get("job_label")?,
        code: damaged.or(row.get("job_code")?),
        step: step.unwrap_or_else(|| Title::Other("".into())),
        position: u8::try_from(at + 1).unwrap_or(u8::MAX),
        of: u8::try_from(steps.len()).unwrap_or(u8::MAX),
        due: row.get("job_due")?,
        attempt: row.get("job_attempt")?,
    })
}

impl ReadTxn<'_> {
    pub(crate) fn connection(&self, id: &ConnectionId) -> Result<Option<ConnectionRow>> {
        let sql = format!("SELECT {ROW} WHERE c.id = ?1");
        self.first(&sql, [id], connection_row)
    }

    /// The ids that are, end with or begin with this text; at most `limit`.
    pub(crate) fn connections_named(&self, text: &str, limit: usize) -> Result<Vec<ConnectionId>> {
        self.ids_named("connections", text, limit)
    }

    /// The connections of a user, oldest first; with an institution, only those there.
    pub(crate) fn connections_of(
        &self,
        user: &UserId,
        at: Option<&InstitutionId>,
    ) -> Result<Vec<ConnectionRow>> {
        let sql = format!(
            "SELECT {ROW} WHERE u.id = ?1 AND (?2 IS NULL OR i.id = ?2) ORDER BY c.created, c.n LIMIT 1000"
        );
        self.all(&sql, params![user, at], connection_row)
    }

    /// The same user and bank's connection by the other method, neither deleted nor pre-init.
    pub(crate) fn clash(
        &self,
        user: &UserId,
        at: &InstitutionId,
        method: Method,
    ) -> Result<Option<ConnectionId>> {
        let others = self.connections_of(user, Some(at))?;
        Ok(others
            .into_iter()
            .find(|c| c.method != method && !matches!(c.status, Status::Deleted | Status::PreInit))
            .map(|c| c.id))
    }

    /// Whether jobs of this connection meet a challenge.
    pub(crate) fn meets_challenges(&self, id: &ConnectionId) -> Result<bool> {
        let sql = "SELECT mfa_enabled FROM connections WHERE id = ?1";
        Ok(self.find(sql, [id])?.unwrap_or(false))
    }

    pub(crate) fn next_lapse(&self) -> Result<Option<Moment>> {
        self.value(
            &format!(
                "SELECT min(expiry) FROM connections WHERE expiry IS NOT NULL AND status = {ACTIVE}
                 AND origin = {SANDBOX}"
            ),
            [],
        )
    }

    /// Active connections of the sandbox whose consent has expired, the longest ago first.
    pub(crate) fn lapsed(&self, now: Moment, limit: usize) -> Result<Vec<ConnectionRow>> {
        let rows = ROW.replace(
            "FROM connections c",
            "FROM connections c INDEXED BY connections_lapsing",
        );
        let sql = format!(
            "SELECT {rows} WHERE c.expiry IS NOT NULL AND c.status = {ACTIVE} AND c.origin = {SANDBOX}
               AND c.expiry <= ?1
             ORDER BY c.expiry, c.n LIMIT ?2"
        );
        self.all(&sql, params![now, limit], connection_row)
    }

    pub(crate) fn numbered(&self, id: &ConnectionId) -> Result<Option<Numbered>> {
        let sql = "SELECT n, user_n, institution_n, status, ever_active, urgency FROM connections WHERE id = ?1";
        self.first(sql, [id], |row| {
            Ok(Numbered {
                n: row.get("n")?,
                user_n: row.get("user_n")?,
                institution_n: row.get("institution_n")?,
                status: row.get("status")?,
                ever_active: row.get("ever_active")?,
                urgency: row.get("urgency")?,
            })
        })
    }

    /// Like [`ReadTxn::numbered`], for a connection that has to be there.
    pub(super) fn must_number(&self, id: &ConnectionId) -> Result<Numbered> {
        self.numbered(id)?.ok_or_else(|| absent("connection", id))
    }
}
