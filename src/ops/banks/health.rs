//! How the ways to a bank fare: what is declared, what our own fetches say, and what the sandbox plays. Also
//! declaring a state by hand. Deliberately absent: what follows from a state (`domain/meaning`).

use crate::domain::connection::Method;
use crate::domain::diagnosis::Health;
use crate::domain::health::{Measured, NEWEST, TIMED, Times, Window};
use crate::domain::ids::InstitutionId;
use crate::domain::import_records::{ConnectorRecord, InstitutionRecord};
use crate::domain::moment::Moment;
use crate::ops::{Error, Ops, Result};
use crate::store::{ReadTxn, WriteTxn};

/// How one way to a bank fares.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// As declared.
    pub(crate) record: ConnectorRecord,
    /// Until when the sandbox breaks the bank, while it does.
    pub(crate) outage: Option<Moment>,
    /// What our own fetches say.
    pub(crate) measured: Measured,
    /// How long good fetches of the last seven days took; none when there were none.
    pub(crate) times: Option<Times>,
    /// When that was computed.
    pub(crate) timed: Option<Moment>,
}

impl Way {
    /// What is declared of it; a bank that the sandbox breaks is in a major outage. None for a word that is
    /// not known.
    pub(crate) fn declared(&self) -> Option<Health> {
        declared(&self.record, self.outage)
    }
}

/// A bank, the ways to reach it, and how they fare.
#[derive(Clone, Debug)]
pub(crate) struct BankShown {
    /// As declared.
    pub(crate) record: InstitutionRecord,
    /// Until when the sandbox breaks it, while it does.
    pub(crate) outage: Option<Moment>,
    /// Its ways.
    pub(crate) ways: Vec<Way>,
    /// Fetches that run there just now.
    pub(crate) running: u64,
    /// Fetches that ended well in the last hour.
    pub(crate) passed: u64,
    /// Fetches that failed in the last hour, the users' own trouble left out.
    pub(crate) failed: u64,
}

/// What is declared of a way, an outage of the sandbox included.
pub(crate) fn declared(record: &ConnectorRecord, outage: Option<Moment>) -> Option<Health> {
    if outage.is_some() {
        Some(Health::MajorOutage)
    } else {
        Health::parse(&record.status)
    }
}

/// What our own fetches by one way since a moment say.
pub(crate) fn measured(
    rd: &ReadTxn<'_>,
    bank: &InstitutionId,
    method: Method,
    back: Window,
    now: Moment,
) -> Result<Measured> {
    Ok(Measured::of(
        &rd.outcomes(bank, method, now.plus_ms(-back.ms()), NEWEST)?,
        now,
    ))
}

/// How long the good fetches of the last seven days by one way took.
pub(crate) fn times(
    rd: &ReadTxn<'_>,
    bank: &InstitutionId,
    method: Method,
    now: Moment,
) -> Result<Option<Times>> {
    Ok(Times::of(&rd.step_times(
        bank,
        method,
        now.plus_ms(-Window::Week.ms()),
        TIMED,
    )?))
}

fn shown(
    rd: &ReadTxn<'_>,
    record: InstitutionRecord,
    fresh: bool,
    now: Moment,
) -> Result<BankShown> {
    let outage = rd.outage(&record.id)?.filter(|until| *until > now);
    let mut ways = Vec::new();
    for connector in &record.connectors {
        let (times, timed) = if fresh {
            (times(rd, &record.id, connector.method, now)?, Some(now))
        } else {
            rd.stats(&record.id, connector.method)?
                .map_or((None, None), |(times, at)| (times, Some(at)))
        };
        let measured = measured(rd, &record.id, connector.method, Window::Week, now)?;
        ways.push(Way {
            record: connector.clone(),
            outage,
            measured,
            times,
            timed,
        });
    }
    let hour = ways
        .iter()
        .map(|w| *w.measured.figures(Window::Hour))
        .fold(Default::default(), crate::domain::health::Figures::plus);
    Ok(BankShown {
        outage,
        running: rd.running_at(&record.id)?,
        passed: hour.passed,
        failed: hour.failed(),
        ways,
        record,
    })
}

impl Ops {
    /// Every bank by name. How long fetches take is what was computed last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn institutions(&self) -> Result<Vec<BankShown>> {
        let now = self.now();
        self.store
            .read(move |rd| {
                rd.institutions()?
                    .into_iter()
                    .map(|record| shown(rd, record, false, now))
                    .collect()
            })
            .await
    }

    /// One bank, everything computed now.
    ///
    /// # Errors
    /// When there is none with this id.
    pub(crate) async fn institution(&self, id: &InstitutionId) -> Result<BankShown> {
        let (asked, now) = (id.clone(), self.now());
        self.store
            .read(move |rd| match rd.institution(&asked)? {
                Some(record) => shown(rd, record, true, now),
                None => Err(Error::NotFound {
                    kind: "institution",
                    id: asked.to_string(),
                }),
            })
            .await
    }

    /// Declares how the ways to a bank fare, or one of them.
    ///
    /// # Errors
    /// When there is no such bank or way.
    pub(crate) async fn declare_health(
        &self,
        id: &InstitutionId,
        method: Option<Method>,
        health: Health,
    ) -> Result<()> {
        let (ops, asked) = (self.clone(), id.clone());
        self.store
            .write(move |tx: &WriteTxn<'_>| {
                let mut found = false;
                for way in Method::ALL
                    .into_iter()
                    .filter(|m| method.is_none_or(|wanted| wanted == *m))
                {
                    if tx.set_connector_status(&asked, way, health.word())? {
                        found = true;
                        let what = format!("{} {}", way.word(), health.word());
                        tx.append_audit(
                            &ops.entry("declare-health", asked.as_str(), &what, ""),
                            ops.now(),
                        )?;
                    }
                }
                let kind = if method.is_some() {
                    "connector"
                } else {
                    "institution"
                };
                if found {
                    Ok(())
                } else {
                    Err(Error::NotFound {
                        kind,
                        id: asked.to_string(),
                    })
                }
            })
            .await
    }
}
