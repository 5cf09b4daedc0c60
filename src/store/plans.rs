//! Plans over several connections, and what came of each, kept for good. An item is settled in the
//! transaction of its act; the job it led to says how it went on. Deliberately absent: counting, and who may
//! carry one out.

use super::codec::Coded;
use super::error::{Error, Result};
use super::search::backwards;
use super::{ReadTxn, WriteTxn};
use crate::domain::bulk::{Head, Item, Load, Outcome};
use crate::domain::ids::{InstitutionId, JobId, PlanId};
use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::domain::policy::Act;
use crate::domain::views::{Anchor, AnchorKey, Page};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

const HEAD: &str = "l.n, l.id, l.action, l.forced, l.made, l.expires, l.actor, l.items, l.runs, l.takes, l.applied,
  l.finished, l.reason, l.forced_sign_in FROM plans l";

const ITEM: &str =
    "i.place, i.connection_id, i.planned, i.reason, i.fingerprint, i.accounts, i.transactions,
  i.profiles, i.within, i.outcome, i.why, i.job_id, j.state
  FROM plan_items i LEFT JOIN jobs j ON j.id = i.job_id";

fn unread(what: &str) -> Error {
    Error::Row {
        table: "plans",
        what: format!("the word {what}"),
    }
}

fn head(row: &Row<'_>) -> rusqlite::Result<Result<Head>> {
    let moment = |at: usize| -> rusqlite::Result<Option<Moment>> {
        Ok(row.get::<_, Option<i64>>(at)?.map(Moment))
    };
    let action: String = row.get(2)?;
    let Some(act) = Act::parse(&action) else {
        return Ok(Err(unread(&action)));
    };
    Ok(Ok(Head {
        id: row.get::<_, String>(1)?.into(),
        act,
        forced: row.get(3)?,
        forced_sign_in: row.get(13)?,
        made: Moment(row.get(4)?),
        expires: Moment(row.get(5)?),
        actor: row.get(6)?,
        items: row.get::<_, i64>(7)?.unsigned_abs(),
        runs: row.get::<_, i64>(8)?.unsigned_abs(),
        takes_ms: row.get(9)?,
        applied: moment(10)?,
        finished: moment(11)?,
        reason: row.get(12)?,
    }))
}

fn item(row: &Row<'_>) -> rusqlite::Result<Result<Item>> {
    let (planned, outcome): (String, Option<String>) = (row.get(2)?, row.get(9)?);
    let state: Option<i64> = row.get(12)?;
    let read = || -> Result<(Outcome, Option<Outcome>)> {
        let word = |word: &str| Outcome::parse(word).ok_or_else(|| unread(word));
        let outcome = outcome.as_deref().map(word).transpose()?;
        let state = state.map(State::decode).transpose()?;
        Ok((
            word(&planned)?,
            outcome.map(|outcome| as_it_went(outcome, state)),
        ))
    };
    let (planned, outcome) = match read() {
        Ok(read) => read,
        Err(bad) => return Ok(Err(bad)),
    };
    let count = |at: usize| -> rusqlite::Result<u64> { Ok(row.get::<_, i64>(at)?.unsigned_abs()) };
    Ok(Ok(Item {
        place: row.get(0)?,
        connection: row.get::<_, String>(1)?.into(),
        planned,
        reason: row.get(3)?,
        fingerprint: row.get(4)?,
        accounts: count(5)?,
        transactions: count(6)?,
        profiles: count(7)?,
        within: row.get(8)?,
        outcome,
        why: row.get(10)?,
        job: row.get::<_, Option<String>>(11)?.map(JobId::from),
    }))
}

/// What an item came to, by the job it led to.
fn as_it_went(outcome: Outcome, state: Option<State>) -> Outcome {
    match (outcome, state) {
        (Outcome::Queued, Some(State::Succeeded)) => Outcome::Done,
        (Outcome::Queued | Outcome::Deduplicated, Some(State::Failed | State::Cancelled)) => {
            Outcome::Failed
        }
        (outcome, _) => outcome,
    }
}

impl ReadTxn<'_> {
    /// A plan without its items.
    pub(crate) fn plan(&self, id: &PlanId) -> Result<Option<Head>> {
        let sql = format!("SELECT {HEAD} WHERE l.id = ?1");
        self.conn
            .prepare_cached(&sql)?
            .query_row([id.as_str()], head)
            .optional()?
            .transpose()
    }

    /// The plans whose id is, ends with or begins with this text; at most `limit`.
    pub(crate) fn plans_named(&self, text: &str, limit: usize) -> Result<Vec<PlanId>> {
        let sql = "SELECT id FROM plans WHERE id = ?1
            UNION SELECT id FROM plans WHERE tail = ?3 AND length(?1) = 6
            UNION SELECT id FROM plans WHERE id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4
            LIMIT ?2";
        let mut query = self.conn.prepare_cached(sql)?;
        let ids = query.query_map(params![text, limit as i64, backwards(text)], |r| {
            r.get::<_, String>(0)
        })?;
        Ok(ids
            .map(|id| id.map(PlanId::from))
            .collect::<rusqlite::Result<_>>()?)
    }

    /// How many plans there are.
    pub(crate) fn plan_size(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM plans INDEXED BY plans_made";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([], |r| r.get::<_, i64>(0))?
            .unsigned_abs())
    }

    /// A page of the plans, newest first, after `from`.
    pub(crate) fn plan_page(&self, from: Option<&Anchor>, limit: usize) -> Result<Page<Head>> {
        let mut bound = vec![];
        let mut filter = "";
        if let Some([AnchorKey::Number(made), AnchorKey::Number(n)]) = from.map(|a| a.0.as_slice())
        {
            filter = "WHERE (l.made, l.n) < (?1, ?2)";
            bound.extend([Value::Integer(*made), Value::Integer(*n)]);
        }
        let sql = format!(
            "SELECT {HEAD} INDEXED BY plans_made {filter} ORDER BY l.made DESC, l.n DESC LIMIT {}",
            limit + 1
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut found = query.query(params_from_iter(bound))?;
        let (mut rows, mut anchors) = (vec![], vec![]);
        while let Some(row) = found.next()? {
            anchors.push(Anchor(vec![
                AnchorKey::Number(row.get(4)?),
                AnchorKey::Number(row.get(0)?),
            ]));
            rows.push(head(row)??);
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

    /// Items of a plan in their order, those behind `after`; with `left`, only those whose turn has not come.
    pub(crate) fn plan_items(
        &self,
        id: &PlanId,
        after: Option<u32>,
        left: bool,
        limit: usize,
    ) -> Result<Vec<Item>> {
        let left = if left { "AND i.outcome IS NULL" } else { "" };
        let sql = format!(
            "SELECT {ITEM} WHERE i.plan_n = (SELECT n FROM plans WHERE id = ?1) AND i.place > ?2 {left}
             ORDER BY i.place LIMIT ?3"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let rows = query.query_map(
            params![id.as_str(), after.map_or(-1, i64::from), limit as i64],
            item,
        )?;
        rows.map(|r| r?).collect()
    }

    /// One item of a plan.
    pub(crate) fn plan_item(&self, id: &PlanId, place: u32) -> Result<Option<Item>> {
        let sql = format!(
            "SELECT {ITEM} WHERE i.plan_n = (SELECT n FROM plans WHERE id = ?1) AND i.place = ?2"
        );
        self.conn
            .prepare_cached(&sql)?
            .query_row(params![id.as_str(), place], item)
            .optional()?
            .transpose()
    }

    /// At which banks a plan has work, most first.
    pub(crate) fn plan_banks(&self, id: &PlanId) -> Result<Vec<Load>> {
        let sql = "SELECT b.id, b.name, count(*) AS items FROM plan_items i
            JOIN connections c ON c.id = i.connection_id JOIN institutions b ON b.n = c.institution_n
            WHERE i.plan_n = (SELECT n FROM plans WHERE id = ?1) AND i.planned = ?2
            GROUP BY b.n ORDER BY items DESC, b.name";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map(params![id.as_str(), Outcome::WouldRun.word()], |r| {
            Ok(Load {
                institution: r.get::<_, String>(0)?.into(),
                name: r.get(1)?,
                count: r.get::<_, i64>(2)?.unsigned_abs(),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Milliseconds that a fetch at this bank took lately, by our own jobs that ended well; none when there
    /// is none.
    pub(crate) fn usual_fetch(&self, at: &InstitutionId) -> Result<Option<i64>> {
        const LATELY: usize = 15;
        let sql = "SELECT steps, created, ended FROM jobs INDEXED BY jobs_outcomes
            WHERE open = 0 AND kind <= 2 AND institution_n = (SELECT n FROM institutions WHERE id = ?1)
              AND method = ?2 AND label = 1 ORDER BY created DESC LIMIT ?3";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut took = vec![];
        for method in crate::domain::connection::Method::ALL {
            let mut rows = query.query(params![at.as_str(), method.code(), LATELY as i64])?;
            while let Some(r) = rows.next()? {
                let created = Moment(r.get(1)?);
                let steps = super::codec::steps_read(&r.get::<_, String>(0)?, created)?;
                let ended: Option<i64> = r.get(2)?;
                let began = steps.first().and_then(|s| s.started);
                took.extend(
                    began
                        .zip(ended)
                        .map(|(began, ended)| Moment(ended).since(began).max(0)),
                );
            }
        }
        took.sort_unstable();
        Ok(took.get(took.len() / 2).copied())
    }
}

impl WriteTxn<'_> {
    /// Keeps a plan. It has lapsed until [`WriteTxn::open_plan`], when all of its items are in.
    pub(crate) fn insert_plan(&self, head: &Head) -> Result<()> {
        let sql = "INSERT INTO plans (id, action, forced, made, expires, actor, items, runs, takes,
              forced_sign_in)
            VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.conn.prepare_cached(sql)?.execute(params![
            head.id.as_str(),
            head.act.word(),
            head.forced,
            head.made.0,
            head.actor,
            head.items as i64,
            head.runs as i64,
            head.takes_ms,
            head.forced_sign_in,
        ])?;
        Ok(())
    }

    /// Adds items to it.
    pub(crate) fn insert_plan_items(&self, id: &PlanId, items: &[Item]) -> Result<()> {
        let sql = "INSERT INTO plan_items (plan_n, place, connection_id, planned, reason, fingerprint, accounts,
              transactions, profiles, within)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let n: i64 = self
            .conn
            .prepare_cached("SELECT n FROM plans WHERE id = ?1")?
            .query_row([id.as_str()], |r| r.get(0))?;
        let mut insert = self.conn.prepare_cached(sql)?;
        for item in items {
            insert.execute(params![
                n,
                item.place,
                item.connection.as_str(),
                item.planned.word(),
                item.reason,
                item.fingerprint,
                item.accounts as i64,
                item.transactions as i64,
                item.profiles as i64,
                item.within,
            ])?;
        }
        Ok(())
    }

    /// From now on it can be carried out, until it lapses.
    pub(crate) fn open_plan(&self, head: &Head) -> Result<()> {
        let sql = "UPDATE plans SET expires = ?2 WHERE id = ?1";
        self.conn
            .prepare_cached(sql)?
            .execute(params![head.id.as_str(), head.expires.0])?;
        Ok(())
    }

    /// Somebody carries it out; the first time and the newest reason are kept.
    pub(crate) fn begin_plan(&self, id: &PlanId, reason: &str, now: Moment) -> Result<()> {
        let sql = "UPDATE plans SET applied = coalesce(applied, ?2), reason = ?3 WHERE id = ?1";
        self.conn
            .prepare_cached(sql)?
            .execute(params![id.as_str(), now.0, reason])?;
        Ok(())
    }

    /// Whether nothing of it is left; then it is finished, and this answers so the first time only.
    pub(crate) fn finish_plan(&self, id: &PlanId, now: Moment) -> Result<bool> {
        let sql = "UPDATE plans SET finished = ?2 WHERE id = ?1 AND finished IS NULL
            AND NOT EXISTS (SELECT 1 FROM plan_items i WHERE i.plan_n = plans.n AND i.outcome IS NULL)";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .execute(params![id.as_str(), now.0])?
            == 1)
    }

    /// What came of an item; `false` when that is known already.
    pub(crate) fn settle_item(
        &self,
        id: &PlanId,
        place: u32,
        outcome: Outcome,
        why: &str,
        job: Option<&JobId>,
    ) -> Result<bool> {
        let sql = "UPDATE plan_items SET outcome = ?3, why = ?4, job_id = ?5
            WHERE plan_n = (SELECT n FROM plans WHERE id = ?1) AND place = ?2 AND outcome IS NULL";
        let values = params![
            id.as_str(),
            place,
            outcome.word(),
            why,
            job.map(JobId::as_str)
        ];
        Ok(self.conn.prepare_cached(sql)?.execute(values)? == 1)
    }
}
