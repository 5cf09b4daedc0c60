//! The plan of an act on one connection, with the details shown for the decision.

use super::count::{figures, of_one};
use crate::domain::act::{
    ActKind, Detail, Force, OneConnection, Outlook, Pins, Plan, Sibling, Step, Stored, Target,
};
use crate::domain::connection::{Label, Method};
use crate::domain::diagnosis::Outage;
use crate::domain::failure_codes::Blame;
use crate::domain::ids::ConnectionId;
use crate::domain::job::{self, Job, State};
use crate::domain::policy::{self, Act, Reason};
use crate::domain::rows::ConnectionRow;
use crate::domain::time_format;
use crate::domain::zone::Zone;
use crate::ops::banks::health::known_outage;
use crate::ops::connections::refresh::day_used_up;
use crate::ops::stored::{held, stored};
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::ReadTxn;

const NEWEST: usize = 5;

impl Ops {
    pub(super) fn plan_one(
        &self,
        rd: &ReadTxn<'_>,
        kind: ActKind,
        id: &ConnectionId,
        force: Force,
    ) -> Result<Plan> {
        let row = rd
            .connection(id)?
            .ok_or_else(|| not_found("connection", id))?;
        let open = rd.open_job(id)?;
        let figures = figures(rd, kind, &row)?;
        let mut one = OneConnection {
            target: Target::of(&row),
            stored: Stored::default(),
            siblings: vec![],
            kept: vec![],
            jobs_kept: 0,
            open_job: open.as_ref().map(|job| job.id.clone()),
            outlook: None,
        };
        match kind {
            ActKind::Purge => {
                self.may_purge(rd, &row)?;
                let all = rd.connections_of(&row.user, None)?;
                let others = all.into_iter().filter(|c| c.id != row.id);
                let (here, elsewhere): (Vec<_>, Vec<_>) =
                    others.partition(|c| c.institution == row.institution);
                one.stored = stored(rd, &row, &here, figures)?;
                one.siblings = here.iter().map(Sibling::of).collect();
                let kept = elsewhere.iter().filter(|c| c.accounts > 0);
                one.kept = kept.map(Sibling::of).collect();
                one.jobs_kept = rd.jobs_kept(id)?;
            }
            ActKind::Revoke => {
                policy::may(Act::Revoke, row.origin, row.method, row.label)
                    .map_err(Refusal::from)?;
                one.stored = stored(rd, &row, &[], held(rd, &row)?)?;
            }
            ActKind::Refresh => {
                policy::may(Act::Refresh, row.origin, row.method, row.label)
                    .map_err(Refusal::from)?;
                one.outlook = Some(self.outlook(rd, &row, open.as_ref())?);
            }
            workflow => return Err(of_one(workflow)),
        }
        let mut head = self.new_head(kind);
        head.force = force;
        head.connection = Some(id.clone());
        let act = kind.step().ok_or_else(|| of_one(kind))?;
        let step = Step {
            pins: Pins::of(kind, &row, &figures),
            figures,
            ..Step::new(act, id.as_str())
        };
        Ok(Plan::new(head, vec![step], Detail::One(Box::new(one))))
    }

    fn outlook(
        &self,
        rd: &ReadTxn<'_>,
        row: &ConnectionRow,
        open: Option<&Job>,
    ) -> Result<Outlook> {
        let outage = known_outage(rd, &row.institution, row.method, self.now())?;
        let failures = failures(&rd.jobs_of(&row.id, NEWEST)?);
        let (against, insists) = self.against(rd, row, outage, &failures)?;
        let failures: Vec<String> = failures.into_iter().map(|(code, _)| code).collect();
        let running = rd.running()?;
        let here = running.iter().find(|(bank, _)| *bank == row.institution);
        let paused = open.filter(|job| job.state == State::Paused);
        Ok(Outlook {
            insists,
            last_used: row.ever_used().then_some(row.last_used),
            floor_ms: i64::try_from(self.limits.refresh_floor.as_millis()).unwrap_or(i64::MAX),
            paused_until: paused.and_then(|job| job.next_attempt),
            running: here.map_or(0, |(_, n)| *n as u64),
            per_bank: self.limits.per_institution.into(),
            failures,
            against,
        })
    }

    /// What speaks against a refresh of one of several; the same as for one alone.
    pub(super) fn warnings(
        &self,
        rd: &ReadTxn<'_>,
        row: &ConnectionRow,
        outage: Option<Outage>,
    ) -> Result<Vec<String>> {
        let failures = failures(&rd.jobs_of(&row.id, NEWEST)?);
        Ok(self.against(rd, row, outage, &failures)?.0)
    }

    /// What speaks against a refresh, and the flag that insists on it.
    fn against(
        &self,
        rd: &ReadTxn<'_>,
        row: &ConnectionRow,
        outage: Option<Outage>,
        failures: &[(String, Blame)],
    ) -> Result<(Vec<String>, &'static str)> {
        let now = self.now();
        let (mut against, mut insists) = (Vec::new(), "");
        if let Some(outage) = outage {
            against.push(outage.words());
        }
        if let Some(hold) = rd.hold_of(&row.id, now)? {
            let words = hold.words(self.caller.zone, now);
            let then = policy::ON_HOLD.first_sentence();
            against.push(format!("{words} {}", then.trim_end_matches('.')));
        }
        if day_used_up(rd, row, now)? {
            let Reason { detail, words, .. } = policy::DAY_USED_UP;
            against.push(format!("{detail} {}", words.trim_end_matches('.')));
        }
        if row.label == Label::Active
            && let Some(age_ms) = policy::too_recent(row, now, self.limits.refresh_floor)
        {
            insists = "--force-recent";
            against.push(format!(
                "it was refreshed {} ago; the floor is {}",
                time_format::span(age_ms),
                time_format::write(self.limits.refresh_floor)
            ));
        }
        if row.guarded {
            insists = "--force";
            against.push(format!(
                "the bank refused sign-ins with this login {} times in a row: one more may lock the account",
                row.refused
            ));
        }
        if let Some(ended) = row
            .expiry
            .filter(|at| row.method == Method::OpenBanking && *at <= now)
        {
            against.push(format!(
                "the consent at the bank ended on {}: the user authorises again first",
                Zone::UTC.date(ended)
            ));
        }
        let by_user = failures
            .iter()
            .take_while(|(_, blame)| *blame == Blame::User)
            .count();
        if by_user > 0 {
            let tries = match by_user {
                1 => "the last try".to_owned(),
                n => format!("the last {n} tries"),
            };
            against.push(format!(
                "{tries} failed with {}: ask the user first",
                failures[0].0
            ));
        }
        Ok((against, insists))
    }
}

/// The codes of the newest failures in a row with whose trouble each was, newest first.
fn failures(jobs: &[Job]) -> Vec<(String, Blame)> {
    jobs.iter()
        .filter(|j| j.kind.fetches() && !j.state.open())
        .take_while(|j| j.label() == job::Label::Failed)
        .filter_map(|j| {
            j.failed_step()
                .map(|(_, f)| (f.code.clone(), f.blame(j.failed_at_challenge())))
        })
        .collect()
}
