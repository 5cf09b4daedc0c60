//! Incidents: judged in the transaction in which a fetch ends or waits for its next attempt, from indexed rows only.

use super::codec::{Coded, FETCHES};
use super::error::Result;
use super::row::Row;
use super::sql::{numbers, page, place, text};
use super::{ReadTxn, WriteTxn};
use crate::domain::connection::Method;
use crate::domain::ids::{ConnectionId, InstitutionId};
use crate::domain::incident::{
    Hit, Incident, Judged, LOOKED_AT, Open, Pulse, RULE, Tried, Went, judge,
};
use crate::domain::job::{Job, Label, State, Title};
use crate::domain::moment::Moment;
use crate::domain::views::{Anchor, Page};
use rusqlite::params;

const ROW: &str = "
  x.n, i.id AS bank, i.name AS bank_name, x.method, x.step, x.code, x.started, x.opened, x.last, x.ended, x.failed,
  x.passed, x.connections
  FROM incidents x JOIN institutions i ON i.n = x.institution_n";

/// A bank by one method, by its number.
#[derive(Clone, Copy, Debug)]
struct Way {
    bank: i64,
    method: Method,
}

fn incident(row: &Row<'_>) -> Result<Incident> {
    let count = |name: &str| Ok::<_, super::Error>(row.get::<_, i64>(name)?.unsigned_abs());
    let step: Option<String> = row.get("step")?;
    Ok(Incident {
        number: count("n")?,
        institution: row.get("bank")?,
        institution_name: text(row, "bank_name")?,
        method: row.get("method")?,
        step: step.as_deref().map(Title::parse),
        code: row.get("code")?,
        started: row.get("started")?,
        opened: row.get("opened")?,
        last: row.get("last")?,
        ended: row.get("ended")?,
        failed: count("failed")?,
        passed: count("passed")?,
        connections: count("connections")?,
    })
}

impl ReadTxn<'_> {
    /// Those that last first, then the newest.
    pub(crate) fn incident_page(
        &self,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<Incident>> {
        let at = numbers::<3>(from).unwrap_or([-1, i64::MIN, 0]);
        let sql = format!(
            "SELECT {ROW} WHERE (x.ended IS NOT NULL, -x.started, -x.n) > (?1, ?2, ?3)
             ORDER BY x.ended IS NOT NULL, -x.started, -x.n LIMIT ?4"
        );
        let values = params![at[0], at[1], at[2], limit + 1];
        let found = self.all(&sql, values, |row| {
            let it = incident(row)?;
            let key = [
                i64::from(it.ended.is_some()),
                -it.started.0,
                -row.get::<_, i64>("n")?,
            ];
            Ok((place(key), it))
        })?;
        Ok(page(found, limit, false))
    }

    pub(crate) fn incidents_kept(&self) -> Result<u64> {
        self.value("SELECT count(*) FROM incidents", [])
    }

    pub(crate) fn incident(&self, number: u64) -> Result<Option<Incident>> {
        self.first(
            &format!("SELECT {ROW} WHERE x.n = ?1"),
            [i64::try_from(number).unwrap_or(-1)],
            incident,
        )
    }

    /// The connections that one hit, in the order in which it did.
    pub(crate) fn hit(&self, number: u64) -> Result<Vec<(ConnectionId, Moment)>> {
        let sql =
            "SELECT c.id, h.at FROM incident_hits h JOIN connections c ON c.n = h.connection_n
            WHERE h.incident_n = ?1 ORDER BY h.at, h.connection_n";
        self.all(sql, [i64::try_from(number).unwrap_or(-1)], |row| {
            Ok((row.get("id")?, row.get("at")?))
        })
    }

    pub(crate) fn open_incident(
        &self,
        bank: &InstitutionId,
        method: Method,
    ) -> Result<Option<Incident>> {
        let sql = format!(
            "SELECT {ROW} WHERE x.ended IS NULL AND x.method = ?2
              AND x.institution_n = (SELECT n FROM institutions WHERE id = ?1)"
        );
        self.first(&sql, params![bank, method], incident)
    }

    /// The newest incident that hit a connection.
    pub(crate) fn incident_of(&self, id: &ConnectionId) -> Result<Option<Incident>> {
        let sql = format!(
            "SELECT {ROW} WHERE x.n = (SELECT max(h.incident_n) FROM incident_hits h
               WHERE h.connection_n = (SELECT n FROM connections WHERE id = ?1))"
        );
        self.first(&sql, [id], incident)
    }

    /// Fetches up to a moment, the newest first.
    fn tried(&self, way: Way, since: Moment, until: Moment, limit: usize) -> Result<Vec<Tried>> {
        let waiting = format!(
            "SELECT j.connection_n, j.updated AS at, j.step, j.code FROM jobs j INDEXED BY jobs_retried
             WHERE j.open = 1 AND j.state = {retry} AND j.kind <= {FETCHES} AND j.code IS NOT NULL
               AND j.institution_n = ?1 AND j.method = ?2 AND j.updated BETWEEN ?3 AND ?4
             ORDER BY j.updated DESC LIMIT ?5",
            retry = State::WaitingRetry.code()
        );
        let ended = format!(
            "SELECT j.connection_n, j.ended AS at, j.step, j.code FROM jobs j INDEXED BY jobs_outcomes
             WHERE j.open = 0 AND j.kind <= {FETCHES} AND j.institution_n = ?1 AND j.method = ?2
               AND j.ended BETWEEN ?3 AND ?4 AND (j.label = {success} OR j.code IS NOT NULL)
             ORDER BY j.ended DESC LIMIT ?5",
            success = Label::Success.code()
        );
        let mut found = vec![];
        for sql in [waiting, ended] {
            let values = params![way.bank, way.method, since, until, limit];
            found.extend(self.all(&sql, values, |row| {
                let (step, code): (String, Option<String>) = (row.get("step")?, row.get("code")?);
                let (connection, at) = (row.get("connection_n")?, row.get("at")?);
                Ok(Tried::of(connection, at, &step, code.as_deref()))
            })?);
        }
        let mut found: Vec<Tried> = found.into_iter().flatten().collect();
        found.sort_by_key(|it| std::cmp::Reverse((it.at, it.connection)));
        found.truncate(limit);
        Ok(found)
    }

    /// When fetches at a bank were last seen to get through one after the other.
    pub(crate) fn works_since(
        &self,
        bank: &InstitutionId,
        method: Method,
    ) -> Result<Option<Moment>> {
        let sql = "SELECT works FROM bank_pulse
            WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1) AND method = ?2";
        Ok(self.find(sql, params![bank, method])?.flatten())
    }

    fn pulse(&self, way: Way) -> Result<Pulse> {
        let sql =
            "SELECT passed, began, works FROM bank_pulse WHERE institution_n = ?1 AND method = ?2";
        let found = self.first(sql, params![way.bank, way.method], |row| {
            Ok(Pulse {
                passed: row.get::<_, i64>("passed")?.unsigned_abs(),
                began: row.get("began")?,
                works: row.get("works")?,
            })
        })?;
        Ok(found.unwrap_or_default())
    }

    fn still_open(&self, way: Way) -> Result<Option<(i64, Open)>> {
        let sql = "SELECT n, step, code, started, failed, passed, last FROM incidents
            WHERE ended IS NULL AND institution_n = ?1 AND method = ?2";
        self.first(sql, params![way.bank, way.method], |row| {
            let open = Open {
                step: row.get("step")?,
                code: row.get("code")?,
                started: row.get("started")?,
                failed: row.get::<_, i64>("failed")?.unsigned_abs(),
                passed: row.get::<_, i64>("passed")?.unsigned_abs(),
                last: row.get("last")?,
            };
            Ok((row.get("n")?, open))
        })
    }

    /// When an incident is over because nobody asks the bank any more; of several the first.
    pub(crate) fn next_silence(&self) -> Result<Option<Moment>> {
        let last: Option<Moment> =
            self.value("SELECT min(last) FROM incidents WHERE ended IS NULL", [])?;
        Ok(last.map(|at| at.plus_ms(RULE.silent_ms)))
    }
}

impl WriteTxn<'_> {
    /// Judges a fetch that was just written; one that goes on or was cancelled says nothing.
    pub(crate) fn judge_fetch(&self, job: &Job) -> Result<()> {
        let told = matches!(
            job.state,
            State::Succeeded | State::Failed | State::WaitingRetry
        );
        if !told || !job.kind.fetches() {
            return Ok(());
        }
        let sql = "SELECT n, institution_n, method FROM connections WHERE id = ?1";
        let found = self.first(sql, [&job.connection], |row| {
            let way = Way {
                bank: row.get("institution_n")?,
                method: row.get("method")?,
            };
            Ok((row.get::<_, i64>("n")?, way))
        })?;
        let step = job.steps.iter().find(|step| step.failure.is_some());
        let (step, code) = step.map_or(("", None), |step| {
            let code = step.failure.as_ref().map(|it| it.code.as_str());
            (step.title.word(), code)
        });
        match found {
            Some((n, way)) => match Tried::of(n, job.updated, step, code) {
                Some(tried) => self.judge_tried(way, &tried),
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    /// Judges the fetches of a time at every bank, in their order: what was written otherwise than by running them.
    pub(crate) fn judge_past(&self, since: Moment, until: Moment) -> Result<()> {
        let ways = "SELECT institution_n, method FROM connectors ORDER BY institution_n, method";
        let ways = self.all(ways, [], |row| {
            Ok(Way {
                bank: row.get("institution_n")?,
                method: row.get("method")?,
            })
        })?;
        for way in ways {
            let mut all = self.tried(way, since, until, usize::MAX >> 1)?;
            all.reverse();
            let mut passed = 0;
            for tried in &all {
                passed = match tried.went {
                    Went::Through => passed + 1,
                    Went::Failed(_) => 0,
                };
                // one more that gets through changes nothing
                if passed <= RULE.after {
                    self.judge_tried(way, tried)?;
                }
            }
        }
        Ok(())
    }

    fn judge_tried(&self, way: Way, tried: &Tried) -> Result<()> {
        let before = self.pulse(way)?;
        let open = self.still_open(way)?;
        let (n, open) = open.map_or((None, None), |(n, open)| (Some(n), Some(open)));
        // what came before the end of the one before is that one's
        let over = "SELECT max(ended) FROM incidents WHERE institution_n = ?1 AND method = ?2";
        let window = tried.at.plus_ms(1 - RULE.window_ms);
        let recent = || {
            let over: Option<Moment> = self.value(over, params![way.bank, way.method])?;
            let since = over.map_or(window, |over| window.max(over));
            self.tried(way, since, tried.at, LOOKED_AT)
        };
        let was = open.clone();
        let mut pulse = before;
        let judged = judge(&RULE, &mut pulse, open, tried, recent)?;
        if pulse != before {
            let sql = "INSERT INTO bank_pulse VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT DO UPDATE SET passed = ?3, began = ?4, works = ?5";
            // what runs well is not written with every fetch
            if pulse.passed <= RULE.after {
                let passed = pulse.passed.cast_signed();
                let values = params![way.bank, way.method, passed, pulse.began, pulse.works];
                self.execute(sql, values)?;
            }
        }
        match (judged, n) {
            (Judged::Quiet, _) => Ok(()),
            (Judged::Opens(open, hits), _) => self.open(way, &open, &hits, tried.at),
            (Judged::Goes(open, hits), Some(n)) => {
                if was.as_ref() != Some(&open) || !hits.is_empty() {
                    self.goes(n, &open, &hits)?;
                }
                Ok(())
            }
            (Judged::Over(open, at), Some(n)) => {
                let sql = "UPDATE incidents SET ended = max(?2, started), passed = ?3 WHERE n = ?1";
                self.execute(sql, params![n, at, (open.passed + 1).cast_signed()])
                    .map(drop)
            }
            (Judged::Goes(..) | Judged::Over(..), None) => Ok(()),
        }
    }

    fn open(&self, way: Way, open: &Open, hits: &[Hit], now: Moment) -> Result<()> {
        let sql = "INSERT INTO incidents (institution_n, method, step, code, started, opened, last, failed, passed,
              connections)
            VALUES (?1, ?2, ?3, ?4, ?5, max(?5, ?6), max(?5, ?7), ?8, ?9, 0)";
        let values = params![
            way.bank,
            way.method,
            open.step,
            open.code,
            open.started,
            now,
            open.last,
            open.failed.cast_signed(),
            open.passed.cast_signed(),
        ];
        self.execute(sql, values)?;
        let n = self.conn.last_insert_rowid();
        self.hits(n, hits)
    }

    fn goes(&self, n: i64, open: &Open, hits: &[Hit]) -> Result<()> {
        let sql = "UPDATE incidents SET step = ?2, code = ?3, failed = ?4, passed = ?5, last = max(last, ?6) WHERE n = ?1";
        let (failed, passed) = (open.failed.cast_signed(), open.passed.cast_signed());
        self.execute(
            sql,
            params![n, open.step, open.code, failed, passed, open.last],
        )?;
        self.hits(n, hits)
    }

    fn hits(&self, n: i64, hits: &[Hit]) -> Result<()> {
        let mut new = 0_i64;
        for (connection, at) in hits {
            let sql = "INSERT OR IGNORE INTO incident_hits VALUES (?1, ?2, ?3)";
            new += i64::try_from(self.execute(sql, params![n, connection, at])?).unwrap_or(0);
        }
        if new > 0 {
            let sql = "UPDATE incidents SET connections = connections + ?2 WHERE n = ?1";
            self.execute(sql, params![n, new])?;
        }
        Ok(())
    }

    /// Ends those that nobody has asked about for too long, with their last failure.
    pub(crate) fn end_silent_incidents(&self, now: Moment) -> Result<usize> {
        let sql = "UPDATE incidents SET ended = last WHERE ended IS NULL AND last <= ?1";
        self.execute(sql, [now.plus_ms(-RULE.silent_ms)])
    }
}
