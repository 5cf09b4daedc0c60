//! Creates a connection with its first job: web is `pending` and queued, or paused while its credentials are in use;
//! open banking is `pre-init` and waits for the user.

use crate::domain::bank_data::Credentials;
use crate::domain::connection::{Happening, Method, Origin, transition};
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::InstitutionRecord;
use crate::domain::job::{Job, Kind, State, Step, Title};
use crate::domain::moment::Moment;
use crate::ops::connections::method_conflict::no_other_method;
use crate::ops::live::not_live;
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::{NewConnection, NewEvent, NewJob, WriteTxn};

#[derive(Clone, Debug)]
pub(crate) struct NewLink {
    pub(crate) user: UserId,
    pub(crate) institution: InstitutionId,
    pub(crate) method: Method,
    /// What the user typed (web). On open banking, who the user is at the sandbox's data holder.
    pub(crate) credentials: Option<Credentials>,
}

/// The steps of a fetching job at this institution.
pub(crate) fn fetch_steps(institution: &InstitutionRecord) -> Vec<Step> {
    let mut steps: Vec<Step> = Kind::Refresh
        .steps()
        .iter()
        .cloned()
        .map(Step::pending)
        .collect();
    if institution.kind == "Government" {
        steps.push(Step::pending(Title::RetrieveStatements));
    }
    steps
}

fn missing(what: &str) -> Refusal {
    Refusal::new(
        "parameter-not-supplied",
        format!("{what} parameter is required."),
        "Give it and try again.",
    )
}

fn check(link: &NewLink) -> std::result::Result<(), Refusal> {
    if link.institution.as_str().is_empty() {
        return Err(missing("Institution ID"));
    }
    if link.method == Method::OpenBanking {
        return Ok(());
    }
    match &link.credentials {
        None => Err(missing("Login ID")),
        Some(credentials) if credentials.login.is_empty() => Err(missing("Login ID")),
        Some(credentials) if credentials.password.is_empty() => Err(missing("Password")),
        Some(_) => Ok(()),
    }
}

impl Ops {
    /// Refused when something is missing, the institution or method is unknown, or the user has the other method there.
    pub(crate) async fn connect(&self, link: NewLink) -> Result<Job> {
        self.connect_as(link, self.clock.fresh_id().into(), false)
            .await
    }

    /// The same under an id that was decided before. `in_sequence` when a step of the user's own sequence calls.
    pub(crate) async fn connect_as(
        &self,
        link: NewLink,
        id: ConnectionId,
        in_sequence: bool,
    ) -> Result<Job> {
        self.permit("connect", id.as_str()).await?;
        if let Err(refusal) = check(&link) {
            return Err(self
                .refused("connect", link.institution.as_str(), refusal)
                .await);
        }
        let (job, target) = (self.job_id(), id.clone());
        self.act("connect", target.as_str(), move |ops, tx| {
            let now = ops.now();
            not_live(tx)?;
            let institution = ops.may_connect(tx, &link)?;
            if !in_sequence {
                ops.not_in_workflow(tx, &link.user, &link.institution)?;
                ops.consent_stands(tx, &link.user)?;
            }
            let moved = transition(link.method, None, Happening::Created)
                .expect("a connection can be made");
            tx.insert_connection(&NewConnection {
                id: id.clone(),
                user: link.user.clone(),
                institution: link.institution.clone(),
                method: link.method,
                origin: Origin::Sandbox,
                status: moved.to,
                created: now,
            })?;
            if let Some(credentials) = &link.credentials {
                tx.put_credentials(&id, credentials)?;
            }
            ops.connected_under(tx, &link.user, now)?;
            let (state, due) = ops.first_due(tx, &id, link.method, now)?;
            tx.insert_job(&NewJob {
                id: job.clone(),
                connection: id.clone(),
                kind: Kind::Connect,
                state,
                steps: fetch_steps(&institution),
                due,
                created: now,
                actor: ops.caller.actor.clone(),
            })?;
            let actor = &ops.caller.actor;
            let event = NewEvent {
                job: Some(&job),
                ..NewEvent::of_connection("created", &link.user, &id, actor)
            };
            ops.record_event(tx, &event, now)?;
            ops.audit(tx, "connect", id.as_str(), "done", "", now)?;
            tx.job(&job)?.ok_or_else(|| not_found("job", &job))
        })
        .await
    }

    fn may_connect(&self, tx: &WriteTxn<'_>, link: &NewLink) -> Result<InstitutionRecord> {
        if !tx.user_exists(&link.user)? {
            return Err(not_found("user", &link.user));
        }
        let Some(institution) = tx.institution(&link.institution)? else {
            return Err(Refusal::new(
                "parameter-not-valid",
                "Requested institution does not exist.",
                "`switchboard institutions` lists those there are.",
            )
            .into());
        };
        if !institution
            .connectors
            .iter()
            .any(|c| c.method == link.method)
        {
            return Err(Refusal::new(
                "institution-not-supported",
                "The institution you are trying to connect to is currently disabled. Our developers have been \
                 notified and are working to have the issue resolved.",
                format!(
                    "{} is not reached by {} here; try the other method.",
                    institution.name,
                    link.method.words()
                ),
            )
            .into());
        }
        no_other_method(tx, &link.user, &link.institution, link.method)?;
        Ok(institution)
    }

    /// At once; after a pause when the credentials are in use; or once the user has authorised it.
    fn first_due(
        &self,
        tx: &WriteTxn<'_>,
        id: &ConnectionId,
        method: Method,
        now: Moment,
    ) -> Result<(State, Option<Moment>)> {
        Ok(match method {
            Method::OpenBanking => (State::Paused, None),
            Method::Web => match tx.same_credentials(id)? {
                None => (State::Queued, Some(now)),
                Some(_) => (State::Paused, Some(now.plus(self.limits.credential_pause))),
            },
        })
    }
}
