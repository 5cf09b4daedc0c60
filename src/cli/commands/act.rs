//! The commands that act: plan, confirm, carry out, print. Without the confirming words only the plan is printed.

use super::connections::filter;
use super::{plan, take_back, wait};
use crate::cli::args::{Acting, Arming, Deletion, Sending, Waiting, Which};
use crate::cli::context::Context;
use crate::cli::documents::OutcomeDoc;
use crate::cli::exit::Failure;
use crate::cli::given_ids;
use crate::cli::list_formats;
use crate::cli::output::Out;
use crate::cli::progress::{Progress as Bar, stoppable};
use crate::cli::start_worker;
use crate::domain::act::{
    ActKind, Confirmation, Detail, Force, Outcome, Plan, Standing, Step, StepAct,
};
use crate::domain::counts;
use crate::domain::ids::{ConnectionId, JobId, PlanId};
use crate::domain::job::Job;
use crate::domain::policy;
use crate::domain::query::Scope;
use crate::ops::{Applied, Error, Ops, Progress, Selection};
use std::collections::HashMap;

pub(crate) async fn connections(
    ctx: &mut Context,
    kind: ActKind,
    which: &Which,
    force: Force,
    acting: &Acting,
    sending: Sending,
) -> Result<(), Failure> {
    let ops = ctx.acting(acting.arming.dry_run)?;
    // a refresh of one needs no plan, so that is the only way to see one
    let listed = acting.plan || (kind == ActKind::Refresh && acting.arming.dry_run);
    let selection = match selected(ctx, &ops, which).await? {
        Selection::One(id) if listed => Selection::Ids(vec![id]),
        other => other,
    };
    run(ctx, &ops, (kind, force), selection, acting, sending).await
}

pub(crate) async fn deletion(
    ctx: &mut Context,
    kind: ActKind,
    args: &Deletion,
) -> Result<(), Failure> {
    let force = Force::default();
    connections(ctx, kind, &args.which, force, &args.acting, args.sending).await
}

/// The same command again goes on with one that was cut off.
pub(crate) async fn workflow(
    ctx: &mut Context,
    kind: ActKind,
    id: &str,
    arming: &Arming,
) -> Result<(), Failure> {
    let ops = ctx.acting(arming.dry_run)?;
    let selection = match kind {
        ActKind::Migrate => Selection::One(ops.resolve(id).await?),
        ActKind::EndConsent => Selection::Consent(ops.resolve_consent(id).await?),
        ActKind::DeleteUser => Selection::User(ops.resolve_leaving_user(id).await?),
        _ => Selection::User(ops.resolve_user(id).await?),
    };
    let acting = Acting {
        arming: arming.clone(),
        ..Acting::default()
    };
    let what = (kind, Force::default());
    run(ctx, &ops, what, selection, &acting, Sending::default()).await
}

pub(crate) async fn apply(
    ctx: &mut Context,
    id: &str,
    typed: &Confirmation,
    waiting: Waiting,
    sending: Sending,
) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve_plan(id).await?;
    let plan = ops.plan_part(&id, None, 0).await?.plan;
    take_back::time_passes(ctx, &ops, &plan, typed, sending).await?;
    let then = format!(
        "what was done is done, and `switchboard apply {}` goes on",
        id.short()
    );
    let applied = {
        let mut teller = Teller::new(ctx, plan.head.runs);
        let apply = ops.apply_kept(&id, typed, |progress| teller.tell(&progress));
        stoppable(apply, &then).await?
    };
    settle(ctx, &ops, applied, waiting).await
}

/// An id that names none, or several, stops it before anything is done.
async fn selected(ctx: &Context, ops: &Ops, which: &Which) -> Result<Selection, Failure> {
    if let Some(text) = &which.filter {
        if text.trim().is_empty() {
            // what was meant to be a filter may be a variable that is not set
            let all =
                "an empty --filter is refused. To act on all, say so: --filter 'status:active'";
            return Err(Failure::Usage(format!("{all} or another that says which")));
        }
        let query = filter(ctx, text, Scope::Connections)?;
        return Ok(Selection::Found(Box::new(query)));
    }
    if let Some(text) = &which.user {
        return Ok(Selection::User(ops.resolve_user(text).await?));
    }
    let typed = given_ids::all(&which.ids)?;
    let mut named: Vec<ConnectionId> = Vec::with_capacity(typed.len());
    for text in &typed {
        named.push(ops.resolve(text).await?);
    }
    Ok(match Selection::of(named) {
        Selection::Ids(ids) if ids.len() == 1 => Selection::One(ids[0].clone()),
        several => several,
    })
}

async fn run(
    ctx: &mut Context,
    ops: &Ops,
    (kind, force): (ActKind, Force),
    selection: Selection,
    acting: &Acting,
    sending: Sending,
) -> Result<(), Failure> {
    let arming = &acting.arming;
    let plan = match (ops.plan(kind, selection.clone(), force).await, selection) {
        // a dry run does nothing, so it counts also where nobody would execute; the step says why
        (Err(Error::Refused(refusal)), Selection::One(id))
            if arming.dry_run && refusal.code == policy::NOT_EXECUTED =>
        {
            ops.plan(kind, Selection::Ids(vec![id]), force).await?
        }
        (planned, _) => planned?,
    };
    let several = plan.is_for_several();
    if several && plan.steps.is_empty() {
        return outcomes(ctx, ops, &plan).await;
    }
    if arming.dry_run {
        return plan::print(&mut ctx.out, ops.now(), &plan, false);
    }
    let mut words = arming.confirm.clone();
    if several {
        if !ops.keep(&plan).await? {
            if !acting.plan {
                return outcomes(ctx, ops, &plan).await;
            }
            ctx.out
                .say("none of them would be reached now, so no plan is kept");
            return plan::print(&mut ctx.out, ops.now(), &plan, false);
        }
        if acting.plan {
            plan::print(&mut ctx.out, ops.now(), &plan, true)?;
            ctx.out.say(&how(&plan));
            return Ok(());
        }
        if kind == ActKind::Refresh {
            words = Some(plan.words());
        }
    }
    let typed = Confirmation::new(words.as_deref(), arming.reason.as_deref());
    take_back::time_passes(ctx, ops, &plan, &typed, sending).await?;
    let mut teller = Teller::new(ctx, plan.head.runs);
    let applied = {
        let apply = ops.apply(&plan, &typed, |progress| teller.tell(&progress));
        match kind.is_workflow() {
            true => start_worker::beside_outbox(ops, apply).await?,
            false => apply.await,
        }
    };
    let begun = teller.workflow.take();
    drop(teller);
    match applied {
        Err(Error::Unconfirmed(needed)) => {
            // of a workflow under way it may be impossible to count what is left
            if several || plan.detail != Detail::None {
                plan::print(&mut ctx.out, ops.now(), &plan, true)?;
            }
            Err(Failure::Unconfirmed(match several {
                true => format!("nothing was changed; {}", how(&plan)),
                false => needed,
            }))
        }
        Err(error) => {
            if let Some(id) = begun {
                ctx.out.say(&format!(
                    "sequence {} is not at its end; the same command goes on with it, and so does whatever runs jobs",
                    id.short()
                ));
            }
            Err(error.into())
        }
        Ok(applied) => {
            for line in warnings(&plan) {
                ctx.out.say(&line);
            }
            if let (ActKind::Revoke, Some(one)) = (kind, plan.detail.one()) {
                ctx.out.say(&plan::stays(&one.stored));
            }
            settle(ctx, ops, applied, acting.waiting).await
        }
    }
}

/// What spoke against the act that was begun all the same: a bank that is down, a consent that ended.
fn warnings(plan: &Plan) -> Vec<String> {
    let outlook = plan.detail.one().and_then(|one| one.outlook.as_ref());
    let one = outlook.iter().flat_map(|outlook| &outlook.against);
    let one = one.map(|warning| format!("warning: {warning}"));
    let several = plan.warnings().into_iter().map(|(warning, n)| {
        let many = counts::count(n, "connection");
        format!("warning: {many}: {warning}")
    });
    one.chain(several).collect()
}

fn how(plan: &Plan) -> String {
    let reason = if plan.needs_reason() {
        " --reason \"why\""
    } else {
        ""
    };
    format!(
        "to do it: switchboard apply {} --confirm \"{}\"{reason}",
        plan.head.id.short(),
        plan.words()
    )
}

struct Teller<'o> {
    out: &'o mut Out,
    bar: Bar,
    /// How many of several are to be done.
    of: u64,
    line: String,
    /// The workflow that was begun or gone on with.
    workflow: Option<PlanId>,
}

impl<'o> Teller<'o> {
    fn new(ctx: &'o mut Context, of: u64) -> Self {
        Self {
            bar: Bar::of(ctx, "connection"),
            of,
            out: &mut ctx.out,
            line: String::new(),
            workflow: None,
        }
    }

    fn tell(&mut self, progress: &Progress<'_>) {
        match progress {
            Progress::Steps(done) => self.bar.at(*done, Some(self.of.max(*done))),
            Progress::Turn(turn) => {
                let id = turn.plan().head.id.clone();
                // the first turn is the order itself: nothing is done yet
                let first = self.workflow.replace(id).is_none();
                if let Some(line) = plan::turn(turn, self.out.manner.zone)
                    .filter(|line| !first && *line != self.line)
                {
                    self.out.say(&line);
                    self.line = line;
                }
            }
        }
    }
}

async fn settle(
    ctx: &mut Context,
    ops: &Ops,
    applied: Applied,
    waiting: Waiting,
) -> Result<(), Failure> {
    match applied {
        Applied::One { job, deduplicated } => {
            wait::finish(ctx, ops, *job, deduplicated, waiting).await
        }
        Applied::Several { plan, over: true } => {
            ctx.out.say(&format!(
                "plan {} was carried out already; nothing was changed",
                plan.head.id.short()
            ));
            outcomes(ctx, ops, &plan).await
        }
        Applied::Several { mut plan, .. } => {
            let jobs = jobs(ops, &plan).await?.into_values();
            let open: Vec<Job> = jobs.filter(|job| job.state.open()).collect();
            let mut late = None;
            if waiting.wait && !open.is_empty() {
                late = wait::all(ctx, ops, open, waiting.timeout).await.err();
                *plan = ops.stored_plan(&plan.head.id).await?;
            } else if !open.is_empty() {
                wait::queued(ctx, ops, open.len()).await?;
            }
            let ended = outcomes(ctx, ops, &plan).await;
            match (late, ended) {
                (Some(late), Ok(()) | Err(Failure::Some(_))) => Err(late),
                (_, ended) => ended,
            }
        }
        Applied::Workflow(plan) => ended(ctx, ops, &plan).await,
    }
}

/// Fails if any failed or was refused, also when it was counted.
async fn outcomes(ctx: &mut Context, ops: &Ops, plan: &Plan) -> Result<(), Failure> {
    let jobs = jobs(ops, plan).await?;
    let job = |step: &Step| step.job.as_ref().and_then(|id| jobs.get(id)).cloned();
    let rows = plan.steps.iter().map(|step| OutcomeDoc {
        step,
        job: job(step),
    });
    let rows: Vec<OutcomeDoc<'_>> = rows.collect();
    list_formats::whole(&mut ctx.out, ops.now(), Some(rows.len() as u64), &rows)?;
    let tally = plan.tally();
    if plan.head.runs > 0 {
        ctx.out.say(&format!(
            "{}; plan {} keeps that",
            tally.words(),
            plan.head.id.short()
        ));
    }
    match tally.count(Outcome::Refused) + tally.count(Outcome::Failed) {
        0 => Ok(()),
        bad => Err(Failure::Some(format!(
            "{bad} of {} did not work",
            plan.steps.len()
        ))),
    }
}

async fn jobs(ops: &Ops, plan: &Plan) -> Result<HashMap<JobId, Job>, Failure> {
    let ids = plan.steps.iter().filter_map(|step| step.job.clone());
    let jobs = ops.jobs_named(ids.collect()).await?;
    Ok(jobs.into_iter().map(|job| (job.id.clone(), job)).collect())
}

async fn ended(ctx: &mut Context, ops: &Ops, it: &Plan) -> Result<(), Failure> {
    let standing = it.standing();
    let made = it.steps.iter().find(|step| step.act == StepAct::Connect);
    if let Some(made) = made.filter(|_| standing == Standing::Done) {
        ctx.out.say(&format!(
            "the user has to agree at the bank now: send an auth link (switchboard auth-link create {}); in the \
             sandbox: switchboard sandbox authorise {}",
            it.head.user.as_ref().map_or("", |user| user.as_str()),
            made.connection().short()
        ));
    }
    plan::print(&mut ctx.out, ops.now(), it, true)?;
    let result = it.head.result.clone();
    match (standing, it.current().map(|at| it.steps[at].act)) {
        (Standing::Stopped, Some(StepAct::Verify)) => Err(Failure::Unverified(result)),
        (Standing::Stopped, _) => Err(Failure::JobFailed(result)),
        (Standing::Open | Standing::Done, _) => {
            let id = &it.head.id;
            if it.head.kind != ActKind::Migrate && ops.certificate(id.as_str()).await.is_ok() {
                ctx.out.say(&format!(
                    "the receipt: switchboard certificate {id} --verify"
                ));
            }
            Ok(())
        }
    }
}
