//! `migrate`, `erase`, `consent end`, `user delete`: endings of several acts. Without the words that arm them
//! the plan is printed and nothing is changed; typed again, each goes on where it was cut off.

use super::sequences;
use crate::cli::args::{Arming, Format};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::output::Out;
use crate::domain::ending::{ErasePlan, MigratePlan};
use crate::domain::ids::SequenceId;
use crate::domain::sequence::{Act, Kind, Sequence, Standing};
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::ops::Ops;
use crate::ops::sequence::Run;

/// Moves a connection to open banking.
pub(crate) async fn migrate(ctx: &mut Context, id: &str, args: &Arming) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve(id).await?;
    let words = format!("{} {}", Kind::Migrate.word(), id.tail());
    let user = ops.connection(&id, ctx.level()).await?.row.user;
    let open = ops.under_way(Kind::Migrate, &user, Some(&id)).await?;
    let sequence = match open {
        Some(open) => {
            armed(args, &words, false)?;
            open
        }
        None => {
            let plan = ops.plan_migrate(&id).await?;
            if args.dry_run {
                return print_migrate(&mut ctx.out, &plan);
            }
            if let Err(unconfirmed) = armed(args, &words, false) {
                print_migrate(&mut ctx.out, &plan)?;
                return Err(unconfirmed);
            }
            ops.begin_migrate(&plan, reason(args)).await?
        }
    };
    let ended = go_on(ctx, &ops, &sequence).await?;
    if let Some(made) = ended
        .steps
        .iter()
        .find(|s| s.act == Act::Connect && ended.standing() == Standing::Done)
    {
        let short = crate::domain::ids::ConnectionId::from(made.target.as_str());
        ctx.out.say(&format!(
            "the user has to agree at the bank now: send an auth link (switchboard auth-link create {}); in the \
             sandbox: switchboard sandbox authorise {}",
            ended.user,
            short.short()
        ));
    }
    finish(ctx, &ops, ended).await
}

/// Erases a user: all data, every connection.
pub(crate) async fn erase(ctx: &mut Context, user: &str, args: &Arming) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let user = ops.resolve_user(user).await?;
    let plan = ops.plan_erase(&user).await?;
    ending(ctx, &ops, plan, args).await
}

/// Deletes a user: all data, every connection, the user's own record.
pub(crate) async fn delete_user(
    ctx: &mut Context,
    user: &str,
    args: &Arming,
) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let user = match ops.resolve_user(user).await {
        Ok(user) => user,
        // the rows are gone and the proof is not made yet
        Err(gone) => {
            let open = ops
                .under_way(Kind::DeleteUser, &user.into(), None)
                .await?
                .ok_or(gone)?;
            armed(
                args,
                &format!("delete {}", crate::domain::ids::UserId::from(user).tail()),
                true,
            )?;
            let ended = go_on(ctx, &ops, &open).await?;
            return finish(ctx, &ops, ended).await;
        }
    };
    let plan = ops.plan_delete_user(&user).await?;
    ending(ctx, &ops, plan, args).await
}

/// Ends a consent, with every connection and all data of its user.
pub(crate) async fn end_consent(ctx: &mut Context, id: &str, args: &Arming) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve_consent(id).await?;
    let consent = ops.consent(&id).await?;
    // its first act ends the consent; what follows may have been cut off
    if let Some(open) = ops.under_way(Kind::EndConsent, &consent.user, None).await? {
        armed(args, &consent.words(), true)?;
        let ended = go_on(ctx, &ops, &open).await?;
        return finish(ctx, &ops, ended).await;
    }
    let plan = ops.plan_end_consent(&id).await?;
    ending(ctx, &ops, plan, args).await
}

async fn ending(
    ctx: &mut Context,
    ops: &Ops,
    plan: ErasePlan,
    args: &Arming,
) -> Result<(), Failure> {
    if args.dry_run {
        return print_erase(&mut ctx.out, &plan);
    }
    if let Err(unconfirmed) = armed(args, &plan.words(), true) {
        print_erase(&mut ctx.out, &plan)?;
        return Err(unconfirmed);
    }
    let sequence = match ops.under_way(plan.kind, &plan.user, None).await? {
        Some(open) => open,
        None => ops.begin_erase(&plan, reason(args)).await?,
    };
    let ended = go_on(ctx, ops, &sequence).await?;
    finish(ctx, ops, ended).await
}

fn reason(args: &Arming) -> &str {
    args.reason.as_deref().unwrap_or("")
}

/// The words, and a reason where one is needed.
fn armed(args: &Arming, words: &str, reason: bool) -> Result<(), Failure> {
    let said = args.confirm.as_deref().map(str::trim);
    let missing = if reason { " --reason \"why\"" } else { "" };
    if said != Some(words) || (reason && args.reason.is_none()) {
        return Err(Failure::Unconfirmed(format!(
            "nothing was changed; to do it: --confirm \"{words}\"{missing}"
        )));
    }
    Ok(())
}

async fn go_on(ctx: &mut Context, ops: &Ops, id: &SequenceId) -> Result<Sequence, Failure> {
    let patience = ctx.config.limits.lease * 3;
    let out = &mut ctx.out;
    let mut said = String::new();
    let mut run = Run::of(ops, id);
    let me = run.owner().to_owned();
    let ended = run
        .to_the_end(patience, |it| {
            let line = progress(it, &me);
            if line != said {
                out.say(&line);
                said = line;
            }
        })
        .await;
    if ended.is_err() {
        out.say(&format!(
            "sequence {} is not at its end; the same command goes on with it, and so does whatever runs jobs",
            id.short()
        ));
    }
    Ok(ended?)
}

fn progress(it: &Sequence, me: &str) -> String {
    // one that was killed is not known to be dead before its lease has run out
    if let (Some(other), Some(until)) = (it.owner.as_deref().filter(|owner| *owner != me), it.lease)
    {
        let process = other.split_once(':').map_or(other, |(process, _)| process);
        return format!(
            "{}: another process (pid {process}) has it in hand until {}; waiting, then this command goes on, or \
             whatever runs jobs",
            it.id.short(),
            time_format::clock(until)
        );
    }
    let Some(at) = it.current() else {
        return format!("{}: all steps done", it.id.short());
    };
    let note = it.steps[at]
        .note
        .as_deref()
        .map_or_else(String::new, |note| format!(": {note}"));
    format!(
        "{}: {} of {} done, next {}{note}",
        it.id.short(),
        at,
        it.steps.len(),
        it.steps[at].act.word()
    )
}

async fn finish(ctx: &mut Context, ops: &Ops, it: Sequence) -> Result<(), Failure> {
    sequences::print(&mut ctx.out, &it)?;
    match (it.standing(), it.current().map(|at| it.steps[at].act)) {
        (Standing::Stopped, Some(Act::Verify)) => Err(Failure::Unverified(it.result)),
        (Standing::Stopped, _) => Err(Failure::JobFailed(it.result)),
        (Standing::Open | Standing::Done, _) => {
            if it.kind != Kind::Migrate && ops.certificate(it.id.as_str()).await.is_ok() {
                ctx.out.say(&format!(
                    "the receipt: switchboard certificate {} --verify",
                    it.id
                ));
            }
            Ok(())
        }
    }
}

fn print_migrate(out: &mut Out, plan: &MigratePlan) -> Result<(), Failure> {
    match out.manner.form {
        Format::Json | Format::Jsonl => return out.document(&documents::migrate_plan(plan)),
        Format::Csv | Format::Table => {}
    }
    let bank = Shown::of_limited(&plan.target.institution_name, 60).into_plain();
    out.line(&format!(
        "move of connection {} at {bank} from web to open banking",
        plan.target.id
    ))?;
    out.line(&format!(
        "  1 purge deletes for good: {}, {}, {}",
        time_format::count(plan.stored.accounts.len() as u64, "account"),
        time_format::count(plan.stored.transactions, "transaction"),
        time_format::count(plan.stored.profiles, "profile")
    ))?;
    out.line("  2 revoke: the web connection ends; credentials and open jobs with it")?;
    out.line(
        "  3 connect: a new open banking connection waits for the user's agreement at the bank",
    )
}

fn print_erase(out: &mut Out, plan: &ErasePlan) -> Result<(), Failure> {
    match out.manner.form {
        Format::Json | Format::Jsonl => return out.document(&documents::erase_plan(plan)),
        Format::Csv | Format::Table => {}
    }
    let user = Shown::of_limited(plan.user.as_str(), 100).into_plain();
    out.line(&match (plan.kind, &plan.consent) {
        (Kind::EndConsent, Some(consent)) => {
            format!("end of consent {} of user {user}", consent.id)
        }
        (Kind::DeleteUser, _) => format!("deletion of user {user}, the user's own record too"),
        _ => {
            format!("erasure of user {user}; the user's own record stays (user delete removes it)")
        }
    })?;
    for item in &plan.items {
        let bank = Shown::of_limited(&item.target.institution_name, 26).into_plain();
        out.line(&format!(
            "  {} {bank} {}: {} ({}, {})",
            item.target.id.short(),
            item.target.label.name(),
            item.way.words(),
            time_format::count(item.accounts, "account"),
            time_format::count(item.transactions, "transaction")
        ))?;
    }
    let rows: Vec<String> = plan
        .rows
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(table, count)| format!("{count} {table}"))
        .collect();
    out.line(&format!(
        "  stored now: {}",
        rows.join(", ").replace('_', " ")
    ))?;
    let steps: Vec<&str> = plan.steps.iter().map(|s| s.act.word()).collect();
    out.line(&format!("  in this order: {}", steps.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Moment;
    use crate::domain::sequence::Step;

    #[test]
    fn who_waits_is_told_for_whom_and_until_when() {
        let at = Moment::parse("2026-03-10T09:12:01Z").expect("it is a time");
        let mut it = Sequence {
            id: "q".into(),
            kind: Kind::Migrate,
            user: "u".into(),
            connection: None,
            institution: None,
            created: at,
            updated: at,
            ended: None,
            steps: vec![Step::pending(Act::Purge, "c")],
            result: String::new(),
            epoch: 1,
            owner: Some("4711:somebody".into()),
            lease: Some(at.plus_ms(30_000)),
            actor: "t".into(),
            reason: String::new(),
        };
        let told = progress(&it, "815:me");
        assert!(
            told.contains("(pid 4711) has it in hand until 09:12:31; waiting"),
            "{told}"
        );
        it.owner = Some("815:me".into());
        assert_eq!(progress(&it, "815:me"), "q: 0 of 1 done, next purge");
    }
}
