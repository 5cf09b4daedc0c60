//! Explains the state of one connection: collects the facts; `domain::diagnosis` explains them.

use crate::domain::act::{Plan, Standing};
use crate::domain::connection::Label;
use crate::domain::consent::{self, Consent};
use crate::domain::diagnosis::{
    Around, ConsentFacts, Facts, Meaning, PurgeStage, SequenceFacts, explain, outcomes, seen,
};
use crate::domain::health::Window;
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Job, Kind, State, StepStatus, Title};
use crate::domain::moment::Moment;
use crate::domain::policy::{Act, Reason};
use crate::domain::rows::ConnectionRow;
use crate::ops::banks::health::{declared_at, measured};
use crate::ops::connections::show::acts;
use crate::ops::{Ops, Result, not_found};
use crate::store::ReadTxn;

/// Among how many of the newest jobs a fetch is looked for; newer ones may be purges.
const BACK: usize = 20;

/// How far a purge is: after its key is destroyed the freed pages are still to be overwritten.
fn stage(job: &Job) -> PurgeStage {
    let gone = |s: &crate::domain::job::Step| {
        s.title == Title::DestroyKey && s.status == StepStatus::Success
    };
    if job.steps.iter().any(gone) {
        PurgeStage::Scrubbing
    } else {
        PurgeStage::Meant
    }
}

fn sequence(it: &Plan) -> SequenceFacts {
    let at = it.current().map(|at| &it.steps[at]);
    SequenceFacts {
        what: it.head.kind.words().into(),
        at: at.map_or_else(String::new, |step| step.act.word().into()),
        waits: it.standing() == Standing::Stopped,
    }
}

/// The consent that was active when the connection ended with it: created before that end and deleted after it.
fn ended_with(rd: &ReadTxn<'_>, row: &ConnectionRow) -> Result<Option<ConsentFacts>> {
    let newest = rd.consent_page(Some(&row.user), None, 1)?.rows.pop();
    Ok(newest.and_then(|it| ended(&it)).filter(|end| match end {
        ConsentFacts::Ends(_) => false,
        ConsentFacts::Expired(at) | ConsentFacts::Revoked(at) => {
            row.created <= *at && *at <= row.since
        }
    }))
}

fn ended(it: &Consent) -> Option<ConsentFacts> {
    match it.status {
        consent::Status::Active => None,
        consent::Status::Expired => Some(ConsentFacts::Expired(it.expiry)),
        consent::Status::Revoked => it.revoked.map(ConsentFacts::Revoked),
    }
}

fn under_way(rd: &ReadTxn<'_>, row: &ConnectionRow) -> Result<Option<SequenceFacts>> {
    let open = rd.open_workflow_shown(&row.user)?;
    let Some(open) = open.filter(|open| open.concerns(&row.institution)) else {
        return Ok(None);
    };
    Ok(Some(sequence(&rd.plan_shown(open)?)))
}

/// The surroundings of a connection: its bank, its user's consent, and data left behind at that bank.
pub(crate) fn around(rd: &ReadTxn<'_>, row: &ConnectionRow, now: Moment) -> Result<Around> {
    Ok(Around {
        health: declared_at(rd, &row.institution, row.method, now)?,
        measured: seen(&measured(
            rd,
            &row.institution,
            row.method,
            Window::Day,
            now,
        )?),
        incident: match rd.open_incident(&row.institution, row.method)? {
            None => rd.incident_of(&row.id)?,
            open => open,
        },
        sequence: under_way(rd, row)?,
        consent: match rd.active_consent(&row.user)? {
            Some(it) => Some(ConsentFacts::Ends(it.expiry)),
            None => rd
                .consent_page(Some(&row.user), None, 1)?
                .rows
                .pop()
                .and_then(|it| ended(&it)),
        },
        hold: rd.hold_of(&row.id, now)?,
        stranded: rd.stranded(&row.user, &row.institution)?,
    })
}

/// The facts about a connection that do not depend on the configuration.
pub(crate) fn facts(rd: &ReadTxn<'_>, row: &ConnectionRow, now: Moment) -> Result<Facts> {
    let mut facts = Facts::of_row(row, now);
    let jobs = rd.jobs_of(&row.id, BACK)?;
    if let Some(fetch) = jobs.iter().find(|j| j.kind.fetches()) {
        facts = facts.with_job(fetch);
    }
    facts.health = declared_at(rd, &row.institution, row.method, now)?;
    let measured = measured(rd, &row.institution, row.method, Window::Day, now)?;
    facts.measured = seen(&measured);
    facts.outcomes = Some(outcomes(measured.figures(Window::Hour)));
    let succeeded = jobs
        .iter()
        .any(|j| j.kind.fetches() && j.state == State::Succeeded);
    facts.fetched = if succeeded { Some(true) } else { facts.fetched };
    // a purge after the newest successful fetch
    let newest = jobs
        .iter()
        .find(|j| j.state == State::Succeeded && (j.kind.fetches() || j.kind == Kind::Purge));
    facts.purged = newest
        .filter(|j| j.kind == Kind::Purge)
        .and_then(|j| j.ended);
    facts.sequence = under_way(rd, row)?;
    facts.consent = match row.label {
        Label::Deleted => ended_with(rd, row)?,
        _ => rd
            .active_consent(&row.user)?
            .map(|it| ConsentFacts::Ends(it.expiry)),
    };
    facts.hold = rd.hold_of(&row.id, now)?;
    facts.purge = rd
        .open_purge(&row.user, &row.institution)?
        .as_ref()
        .map(stage);
    Ok(facts)
}

#[derive(Clone, Debug)]
pub(crate) struct Explained {
    pub(crate) row: ConnectionRow,
    pub(crate) meaning: Meaning,
    /// Each action with the reason why it is not possible now, if it is not.
    pub(crate) acts: Vec<(Act, Option<Reason>)>,
}

impl Explained {
    /// The words of the acts that are possible now.
    pub(crate) fn allowed(&self) -> Vec<&'static str> {
        let open = self.acts.iter().filter(|(_, no)| no.is_none());
        open.map(|(act, _)| act.word()).collect()
    }
}

impl Ops {
    pub(crate) async fn why(&self, id: &ConnectionId) -> Result<Explained> {
        let (ops, asked, now) = (self.clone(), id.clone(), self.now());
        self.read(move |rd| {
            let row = rd
                .connection(&asked)?
                .ok_or_else(|| not_found("connection", &asked))?
                .judged(now);
            let next_background = ops.next_background(rd, &row)?;
            let most_retries = ops.limits.retries();
            let meaning = explain(&Facts {
                next_background,
                most_retries,
                zone: ops.caller.zone,
                ..facts(rd, &row, now)?
            });
            Ok(Explained {
                acts: acts(rd, &row, now)?,
                row,
                meaning,
            })
        })
        .await
    }
}
