//! Banks and their connectors: declared health, measured health, and outages of the sandbox.

use crate::domain::banks::{BankNow, by_hour, declared};
pub(crate) use crate::domain::banks::{BankShown, Way};
use crate::domain::connection::Method;
use crate::domain::diagnosis::{Health, Outage, Toll};
use crate::domain::health::{Measured, NEWEST, TIMED, Times, Window};
use crate::domain::ids::InstitutionId;
use crate::domain::import_records::InstitutionRecord;
use crate::domain::moment::Moment;
use crate::domain::views::BankDown;
use crate::ops::{Ops, Result, not_found};
use crate::store::{NewEvent, ReadTxn};

/// The end of an outage of the sandbox that is not over.
fn outage_at(rd: &ReadTxn<'_>, bank: &InstitutionId, at: Moment) -> Result<Option<Moment>> {
    Ok(rd.outage(bank)?.filter(|until| *until > at))
}

/// The declared health of a bank's connector at a moment.
pub(crate) fn declared_at(
    rd: &ReadTxn<'_>,
    bank: &InstitutionId,
    method: Method,
    at: Moment,
) -> Result<Option<Health>> {
    let connectors = rd
        .institution(bank)?
        .map_or_else(Vec::new, |i| i.connectors);
    let found = connectors.iter().find(|c| c.method == method);
    Ok(declared(found, outage_at(rd, bank, at)?))
}

/// What our own fetches by one method measured since `back`.
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

/// Whether a fetch by this method will likely fail, because the bank is down.
pub(crate) fn known_outage(
    rd: &ReadTxn<'_>,
    bank: &InstitutionId,
    method: Method,
    now: Moment,
) -> Result<Option<Outage>> {
    let declared = declared_at(rd, bank, method, now)?;
    let open = rd.open_incident(bank, method)?.as_ref().map(Toll::of);
    Ok(Outage::known(declared, open, now))
}

/// The banks that are known to be down now.
pub(crate) fn down(rd: &ReadTxn<'_>, now: Moment) -> Result<Vec<BankDown>> {
    let mut down = vec![];
    for (bank, name) in rd.troubled_banks(now)? {
        for method in Method::ALL {
            if let Some(outage) = known_outage(rd, &bank, method, now)? {
                let name = name.clone();
                down.push(BankDown { name, outage });
                break;
            }
        }
    }
    Ok(down)
}

/// How long the successful fetches of the last seven days by one method took.
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
    let outage = outage_at(rd, &record.id, now)?;
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
            incident: rd.open_incident(&record.id, connector.method)?,
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
        ours: hour.us,
        ways,
        record,
    })
}

impl Ops {
    pub(crate) async fn declare_banks(&self, banks: Vec<InstitutionRecord>) -> Result<()> {
        self.write(move |_, tx| {
            for bank in &banks {
                tx.put_institution(bank)?;
            }
            Ok(())
        })
        .await
    }

    /// Every bank by name, with the fetch times that were computed last.
    pub(crate) async fn institutions(&self) -> Result<Vec<BankShown>> {
        let now = self.now();
        self.read(move |rd| {
            rd.institutions()?
                .into_iter()
                .map(|record| shown(rd, record, false, now))
                .collect()
        })
        .await
    }

    /// Every bank with what goes on there now: those with an open incident first, then by name.
    pub(crate) async fn banks_now(&self) -> Result<Vec<BankNow>> {
        let (now, slots) = (self.now(), u64::from(self.limits.per_institution));
        self.read(move |rd| {
            let one = |record: InstitutionRecord| {
                let id = record.id.clone();
                let bank = shown(rd, record, false, now)?;
                let mut outcomes = vec![];
                for way in &bank.ways {
                    let since = now.plus_ms(-Window::Day.ms());
                    outcomes.extend(rd.outcomes(&id, way.record.method, since, NEWEST)?);
                }
                Ok(BankNow {
                    hours: by_hour(&outcomes, now),
                    waiting: rd.waiting_at(&id)?,
                    hold: rd.hold_of_bank(&id, now)?,
                    slots,
                    bank,
                })
            };
            let mut all = rd
                .institutions()?
                .into_iter()
                .map(one)
                .collect::<Result<Vec<_>>>()?;
            all.sort_by_key(|it| it.bank.incidents().is_empty());
            Ok(all)
        })
        .await
    }

    /// One bank, with fetch times computed now.
    pub(crate) async fn institution(&self, id: &InstitutionId) -> Result<BankShown> {
        let (asked, now) = (id.clone(), self.now());
        self.read(move |rd| match rd.institution(&asked)? {
            Some(record) => shown(rd, record, true, now),
            None => Err(not_found("institution", &asked)),
        })
        .await
    }

    /// Declares the health of a bank's connectors, or of the one by `method`.
    pub(crate) async fn declare_health(
        &self,
        id: &InstitutionId,
        method: Option<Method>,
        health: Health,
    ) -> Result<()> {
        let asked = id.clone();
        self.act("declare-health", id.as_str(), move |ops, tx| {
            let (mut found, now) = (false, ops.now());
            for way in Method::ALL
                .into_iter()
                .filter(|m| method.is_none_or(|wanted| wanted == *m))
            {
                if tx.set_connector_status(&asked, way, health.word())? {
                    found = true;
                    let what = format!("{} {}", way.word(), health.word());
                    ops.audit(tx, "declare-health", asked.as_str(), &what, "", now)?;
                }
            }
            match (found, method) {
                (true, _) => ops.record_event(
                    tx,
                    &NewEvent::of_bank("updated", &asked, &ops.caller.actor),
                    now,
                ),
                (false, Some(_)) => Err(not_found("connector", &asked)),
                (false, None) => Err(not_found("institution", &asked)),
            }
        })
        .await
    }
}
