//! What speaks for and against a refresh, looked up before it is asked for.

use super::{Chosen, Error, Ops, Result};
use crate::domain::bulk::Outcome;
use crate::domain::connection::{Label, Method};
use crate::domain::failure::Blame;
use crate::domain::ids::ConnectionId;
use crate::domain::job::{self, Job, State};
use crate::domain::plan::{RefreshOutlook, RefreshPreview, Target};
use crate::domain::policy::{self, Act};
use crate::domain::time_format;
use crate::store::ReadTxn;

/// So many of a connection's newest jobs are looked at.
const NEWEST: usize = 5;

impl Ops {
    /// What a refresh of this connection would meet. `per_bank` is how many jobs may run at one bank.
    ///
    /// # Errors
    /// When the connection is unknown.
    pub(crate) async fn scout_refresh(
        &self,
        id: &ConnectionId,
        per_bank: u32,
    ) -> Result<RefreshOutlook> {
        let (ops, asked) = (self.clone(), id.clone());
        self.store
            .read(move |rd| ops.outlook(rd, &asked, per_bank))
            .await
    }

    /// The same for several, by outcome.
    ///
    /// # Errors
    /// When the store fails; a connection that is gone is among those that cannot.
    pub(crate) async fn scout_refreshes(
        &self,
        ids: Vec<ConnectionId>,
        per_bank: u32,
    ) -> Result<RefreshPreview> {
        let plan = self
            .count_plan(Act::Refresh, Chosen::Ids(ids), false)
            .await?;
        let mut preview = RefreshPreview {
            per_bank,
            takes_ms: Some(plan.head.takes_ms),
            ..Default::default()
        };
        preview.banks = plan
            .banks
            .into_iter()
            .map(|bank| (bank.name, bank.count))
            .collect();
        for item in plan.items {
            let to = match item.planned {
                Outcome::WouldRun => &mut preview.runs,
                Outcome::Deduplicated => &mut preview.open,
                Outcome::Skipped => &mut preview.recent,
                _ => &mut preview.cannot,
            };
            to.push(item.connection);
        }
        Ok(preview)
    }

    fn outlook(
        &self,
        rd: &ReadTxn<'_>,
        id: &ConnectionId,
        per_bank: u32,
    ) -> Result<RefreshOutlook> {
        let Some(row) = rd.connection(id)? else {
            return Err(Error::NotFound {
                kind: "connection",
                id: id.to_string(),
            });
        };
        let now = self.now();
        let failures = failures(&rd.jobs_of(id, NEWEST)?);
        let (mut against, mut insists) = (Vec::new(), "");
        if row.label == Label::Active
            && let Some(age_ms) = policy::too_recent(&row, now, self.limits.refresh_floor)
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
                time_format::date(ended)
            ));
        }
        let by_user = failures
            .iter()
            .take_while(|(_, blame)| *blame == Blame::User)
            .count();
        let failures: Vec<String> = failures.into_iter().map(|(code, _)| code).collect();
        if by_user > 0 {
            let tries = if by_user == 1 {
                "the last try".to_owned()
            } else {
                format!("the last {by_user} tries")
            };
            against.push(format!(
                "{tries} failed with {}: ask the user first",
                failures[0]
            ));
        }
        let used = rd
            .running()?
            .into_iter()
            .find(|(bank, _)| *bank == row.institution)
            .map_or(0, |(_, n)| n);
        let open = rd.open_job(id)?;
        Ok(RefreshOutlook {
            insists,
            last_used: row.ever_used().then_some(row.last_used),
            floor_ms: i64::try_from(self.limits.refresh_floor.as_millis()).unwrap_or(i64::MAX),
            paused_until: open
                .as_ref()
                .filter(|job| job.state == State::Paused)
                .and_then(|job| job.next_attempt),
            slots: (u32::try_from(used).unwrap_or(u32::MAX), per_bank),
            open_job: open.map(|j| j.id),
            target: Target::of(&row),
            failures,
            against,
        })
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
