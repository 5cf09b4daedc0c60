//! Prints plans: `plans`, `plan ID`, `sequences`, `sequence ID`.

use super::paged;
use crate::cli::args::{Format, Part};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::cli::output::Out;
use crate::domain::act::{ActKind, Detail, OneConnection, Plan, Sibling, Stage, Stored, WholeUser};
use crate::domain::connection::Label;
use crate::domain::counts::count;
use crate::domain::moment::Moment;
use crate::domain::text::Shown;
use crate::domain::time_format::words;
use crate::domain::views::Page;
use crate::domain::zone::Zone;
use crate::ops::Turn;

pub(crate) async fn plans(ctx: &mut Context, part: &Part) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let now = ops.now();
    let ask = async |from, limit| {
        let page = ops.plans(from, limit).await?;
        let heads = page.rows.into_iter();
        Ok(Page {
            rows: heads.map(|head| documents::HeadDoc { head, now }).collect(),
            first: page.first,
            last: page.last,
            more: page.more,
        })
    };
    let size = async { Ok(Some(ops.plan_size().await?)) };
    paged::print(ctx, &ops, "plans", part, size, ask).await
}

pub(crate) async fn plan(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let plan = ops.stored_plan(&ops.resolve_plan(id).await?).await?;
    print(&mut ctx.out, ops.now(), &plan, true)
}

pub(crate) async fn workflows(ctx: &mut Context, part: &Part) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let size = async { Ok(Some(ops.workflow_size().await?)) };
    paged::print(ctx, &ops, "sequences", part, size, |from, limit| {
        ops.workflows(from, limit)
    })
    .await
}

pub(crate) async fn workflow(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let plan = ops
        .stored_workflow(&ops.resolve_workflow(id).await?)
        .await?;
    print(&mut ctx.out, ops.now(), &plan, true)
}

/// A plan on several that is not `kept` has no name to apply it by.
pub(crate) fn print(out: &mut Out, now: Moment, plan: &Plan, kept: bool) -> Result<(), Failure> {
    let workflow = plan.head.kind.is_workflow();
    let csv = out.manner.form == Format::Csv;
    let lines = match &plan.detail {
        detail if !out.for_people() && (!csv || !matches!(detail, Detail::None)) => {
            return out.document(&documents::plan(plan, now, kept));
        }
        Detail::One(one) => of_one(plan, one),
        Detail::User(whole) => of_user(plan, whole),
        Detail::None if csv && workflow => {
            return list_formats::whole(out, now, None, std::slice::from_ref(plan));
        }
        Detail::None if csv => vec![],
        Detail::None if workflow => steps(out, plan),
        Detail::None => several(plan, now, out.manner.zone, kept),
    };
    for line in lines {
        out.line(&line)?;
    }
    match plan.detail {
        Detail::None if !workflow => list_formats::whole(out, now, None, &plan.steps),
        _ => Ok(()),
    }
}

/// What a turn of a workflow came to; nothing when it has ended, for then it is printed whole.
pub(crate) fn turn(turn: &Turn, zone: Zone) -> Option<String> {
    let plan = turn.plan();
    let id = plan.head.id.short();
    match (turn, &plan.head.owner, plan.head.lease) {
        (Turn::Ended(_), ..) => return None,
        // one that was killed is not known to be dead before its lease has run out
        (Turn::Waits(..), Some(other), Some(until)) => {
            let process = other
                .split_once(':')
                .map_or(&**other, |(process, _)| process);
            return Some(format!(
                "{id}: another process (pid {process}) has it in hand until {} {}; waiting, then this command goes on, \
                 or whatever runs jobs",
                zone.clock(until),
                zone.name(until)
            ));
        }
        _ => {}
    }
    let at = plan.current()?;
    let step = &plan.steps[at];
    let why = match step.why.as_str() {
        "" => String::new(),
        why => format!(": {why}"),
    };
    let of = plan.steps.len();
    let next = step.act.word();
    Some(format!("{id}: {at} of {of} done, next {next}{why}"))
}

pub(crate) fn stays(stored: &Stored) -> String {
    format!(
        "{} and {} stay stored, and a purge is impossible afterwards",
        count(stored.accounts.len() as u64, "account"),
        count(stored.transactions, "transaction")
    )
}

fn shown(text: &str, most: usize) -> String {
    Shown::of_limited(text, most).into_plain()
}

fn figures(accounts: u64, transactions: u64) -> String {
    format!(
        "{}, {}",
        count(accounts, "account"),
        count(transactions, "transaction")
    )
}

fn of_one(plan: &Plan, one: &OneConnection) -> Vec<String> {
    let (id, stored) = (&one.target.id, &one.stored);
    let bank = shown(&one.target.institution_name, 60);
    let deleted = format!(
        "{}, {}",
        figures(stored.accounts.len() as u64, stored.transactions),
        count(stored.profiles, "profile")
    );
    match plan.head.kind {
        ActKind::Migrate => vec![
            format!("move of connection {id} at {bank} from web to open banking"),
            format!("  1 purge deletes for good: {deleted}"),
            "  2 revoke: the web connection ends; credentials and open jobs with it".into(),
            "  3 connect: a new open banking connection waits for the user's agreement at the bank"
                .into(),
        ],
        ActKind::Revoke => {
            let mut lines = vec![
                format!("revoke of connection {id} at {bank}"),
                "  ends for good; credentials and profile are destroyed".into(),
                format!("  {}", stays(stored)),
            ];
            if one.target.label == Label::Active {
                lines.push(format!(
                    "  to delete the data, purge first: switchboard purge {}",
                    id.short()
                ));
            }
            if let Some(job) = &one.open_job {
                lines.push(format!("  the open job {job} ends as failed"));
            }
            lines
        }
        _ => {
            let names = |all: &[Sibling]| {
                let names: Vec<&str> = all.iter().map(|s| s.id.short()).collect();
                names.join(", ")
            };
            let (here, elsewhere) = (names(&one.siblings), names(&one.kept));
            let jobs = count(one.jobs_kept, "job");
            let mut lines = vec![
                format!("purge of connection {id} at {bank}"),
                format!("  deleted for good: {deleted}"),
            ];
            if let Some((first, last)) = stored.days {
                let (first, last) = (Zone::UTC.date(first), Zone::UTC.date(last));
                lines.push(format!("  transactions from {first} to {last}"));
            }
            if !here.is_empty() {
                lines.push(format!(
                    "  the user's other connections at this bank lose their data too: {here}"
                ));
            }
            if !elsewhere.is_empty() {
                lines.push(format!("  not touched at other banks: {elsewhere}"));
            }
            lines.push(format!("  kept: the connection, its status, {jobs}"));
            lines
        }
    }
}

fn of_user(plan: &Plan, whole: &WholeUser) -> Vec<String> {
    let user = shown(whole.user.as_str(), 100);
    let mut lines = vec![match (plan.head.kind, &whole.consent) {
        (ActKind::EndConsent, Some(consent)) => {
            format!("end of consent {} of user {user}", consent.id)
        }
        (ActKind::DeleteUser, _) => format!("deletion of user {user}, the user's own record too"),
        _ => {
            format!("erasure of user {user}; the user's own record stays (user delete removes it)")
        }
    }];
    for item in &whole.connections {
        lines.push(format!(
            "  {} {} {}: {} ({})",
            item.target.id.short(),
            shown(&item.target.institution_name, 26),
            item.target.label.name(),
            item.way.words(),
            figures(item.accounts, item.transactions)
        ));
    }
    let rows = whole.rows.iter().filter(|(_, count)| *count > 0);
    let rows: Vec<String> = rows.map(|(table, n)| format!("{n} {table}")).collect();
    let rows = rows.join(", ").replace('_', " ");
    lines.push(format!("  stored now: {rows}"));
    let steps: Vec<&str> = plan.steps.iter().map(|s| s.act.word()).collect();
    lines.push(format!("  in this order: {}", steps.join(", ")));
    lines
}

fn steps(out: &Out, plan: &Plan) -> Vec<String> {
    let (head, standing) = (&plan.head, plan.standing());
    let result = match head.result.as_str() {
        "" | "done" => String::new(),
        result => format!(": {}", shown(result, 300)),
    };
    let state = out.toned(documents::standing_tone(standing), standing.word());
    let mut lines = vec![
        format!("sequence {}", head.id),
        format!(
            "{} of user {}, ordered {} by {}",
            head.kind.word(),
            shown(head.user.as_ref().map_or("", |id| id.as_str()), 300),
            out.manner.zone.full(head.made),
            shown(&head.actor, 300)
        ),
        format!("{state}{result}"),
    ];
    for (at, step) in plan.steps.iter().enumerate() {
        let mut line = format!(
            "  {:<12} {:<11} {}",
            step.act.word(),
            plan.step_status(at).word(),
            shown(&step.target, 300)
        );
        if let Some(job) = &step.job {
            line.push_str(&format!("  job {}", job.short()));
        }
        if !step.why.is_empty() {
            line.push_str(&format!("  {}", shown(&step.why, 300)));
        }
        lines.push(line);
    }
    lines
}

fn several(plan: &Plan, now: Moment, zone: Zone, kept: bool) -> Vec<String> {
    let (head, tally) = (&plan.head, plan.tally());
    let what = format!("{} of {}", head.kind.word(), count(head.size, "connection"));
    let made = zone.full(head.made);
    let mut lines = vec![];
    if kept {
        lines.push(format!("plan {}: {what}", head.id.short()));
        let by = shown(&head.actor, 64);
        lines.push(format!("  made {made} by {by}; {}", stage(plan, now, zone)));
        if !head.reason.is_empty() {
            lines.push(format!("  reason: {}", shown(&head.reason, 500)));
        }
    } else {
        lines.push(format!("{what}, counted {made} and not kept"));
    }
    if tally.total() > 0 {
        lines.push(format!("  {}", tally.words()));
    }
    let stored = figures(tally.figures.accounts, tally.figures.transactions);
    match head.kind {
        ActKind::Purge => lines.push(format!(
            "  deletes for good: {stored}, {}",
            count(tally.figures.profiles, "profile")
        )),
        ActKind::Revoke => lines.push(format!(
            "  stays stored, and no purge is possible afterwards: {stored}"
        )),
        _ if head.runs > 0 => {
            lines.push(format!("  takes about {}", words(head.takes_ms)));
        }
        _ => {}
    }
    if !plan.banks.is_empty() {
        let banks = plan.banks.iter().take(8);
        let banks: Vec<String> = banks
            .map(|bank| format!("{} {}", shown(&bank.name, 60), bank.count))
            .collect();
        let rest = match plan.banks.len().saturating_sub(8) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        lines.push(format!("  by bank: {}{rest}", banks.join(", ")));
    }
    lines.push(String::new());
    lines
}

fn stage(plan: &Plan, now: Moment, zone: Zone) -> String {
    let head = &plan.head;
    let at = |at: Option<Moment>| at.map(|at| zone.date_time(at)).unwrap_or_default();
    match head.stage(now) {
        Stage::Open => format!("can be carried out until {}", at(head.expires)),
        Stage::Lapsed => format!("lapsed at {}", at(head.expires)),
        Stage::Begun => "begun and not finished".to_owned(),
        Stage::Finished => format!("carried out at {}", at(head.finished)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::act::{PlanHead, Step, StepAct};

    #[test]
    fn a_workflow_in_other_hands_is_told_with_the_process_and_the_time() {
        let at = Moment::parse("2026-03-10T09:12:01Z").expect("it is a time");
        let head = PlanHead {
            owner: Some("4711:somebody".into()),
            lease: Some(at.plus_ms(30_000)),
            ..PlanHead::new("q".into(), ActKind::Migrate, "t", at)
        };
        let plan = Plan::new(head, vec![Step::new(StepAct::Purge, "c")], Detail::None);
        let waits = turn(&Turn::Waits(plan.clone(), at), Zone::UTC).expect("it is told");
        assert!(
            waits.contains("(pid 4711) has it in hand until 09:12:31 UTC; waiting"),
            "{waits}"
        );
        let on = turn(&Turn::On(plan.clone()), Zone::UTC);
        assert_eq!(on.as_deref(), Some("q: 0 of 1 done, next purge"));
        assert_eq!(turn(&Turn::Ended(plan), Zone::UTC), None);
    }
}
