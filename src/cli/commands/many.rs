//! What actions on several connections share: which ones, the list of outcomes, and how it ends.

use super::connections::filter;
use super::wait;
use crate::cli::args::{Acting, Which};
use crate::cli::context::Context;
use crate::cli::documents::{self, ItemDoc};
use crate::cli::exit::Failure;
use crate::cli::list::{PAGE, Printer};
use crate::domain::ids::ConnectionId;
use crate::domain::job::State;
use crate::domain::listing::{Sort, SortField};
use crate::domain::query::Scope;
use crate::ops::{List, Ops};

/// Up to so many connections are acted on at once.
const MOST: usize = 100_000;

/// What an action is for.
#[derive(Debug)]
pub enum Targets {
    /// One connection, named.
    One(ConnectionId),
    /// Several, or what a filter found.
    Many(Vec<ConnectionId>),
}

/// Finds the connections; an id that names none, or several, stops it before anything is done.
///
/// # Errors
/// When an id is not one connection's, or the filter has a mistake.
pub async fn targets(ctx: &Context, ops: &Ops, which: &Which) -> Result<Targets, Failure> {
    if let Some(text) = &which.filter {
        return Ok(Targets::Many(found(ctx, ops, text).await?));
    }
    let mut ids: Vec<ConnectionId> = Vec::with_capacity(which.ids.len());
    for text in &which.ids {
        let id = ops.resolve(text).await?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(match (ids.len(), ids.pop()) {
        (1, Some(id)) => Targets::One(id),
        (_, last) => {
            ids.extend(last);
            Targets::Many(ids)
        }
    })
}

async fn found(ctx: &Context, ops: &Ops, text: &str) -> Result<Vec<ConnectionId>, Failure> {
    let query = filter(text, Scope::Connections)?;
    let sort = Sort { field: SortField::Bank, reversed: false };
    let (mut ids, mut from) = (Vec::new(), None);
    loop {
        let list = List { query: query.clone(), sort, from, limit: PAGE };
        let page = ops.connections(list, ctx.level()).await?;
        ids.extend(page.rows.into_iter().map(|row| row.id));
        if ids.len() > MOST {
            return Err(Failure::Usage(format!("more than {MOST} connections match; narrow the filter")));
        }
        match page.last.filter(|_| page.more) {
            None => return Ok(ids),
            last => from = last,
        }
    }
}

/// Refuses what this version does not keep.
///
/// # Errors
/// When a kept plan was asked for.
pub fn no_kept_plans(acting: &Acting, action: &str) -> Result<(), Failure> {
    if !acting.plan {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "--plan: plans are not kept yet; `{action} ... --dry-run` shows the same plan, and \
         `{action} ... --confirm \"{action} COUNT\" --reason R` carries it out"
    )))
}

/// Prints the plan over several.
///
/// # Errors
/// When stdout takes no more.
pub fn print_plan(ctx: &mut Context, ops: &Ops, action: &str, items: &[ItemDoc]) -> Result<(), Failure> {
    if !ctx.out.for_people() && ctx.out.manner.form != crate::cli::args::Format::Csv {
        let plan = documents::refresh_plan(&ops.clock.fresh_id(), action, ops.now(), items);
        return ctx.out.document(&plan);
    }
    print_items(ctx, ops, items)
}

fn print_items(ctx: &mut Context, ops: &Ops, items: &[ItemDoc]) -> Result<(), Failure> {
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), Some(items.len() as u64))?;
    printer.rows(items)?;
    printer.end(None)
}

/// Checks what has to be said before several are purged or revoked.
///
/// # Errors
/// When the words or the reason are missing; nothing was changed.
pub fn confirmed(acting: &Acting, action: &str, count: usize) -> Result<String, Failure> {
    let words = format!("{action} {count}");
    if acting.confirm.as_deref().map(str::trim) != Some(words.as_str()) {
        return Err(Failure::Unconfirmed(format!(
            "nothing was changed; to do it: --confirm \"{words}\" --reason \"why\""
        )));
    }
    acting.reason.clone().ok_or_else(|| {
        Failure::Unconfirmed(format!("nothing was changed; a {action} of more than one needs --reason \"why\""))
    })
}

/// Waits where that was asked for, prints the outcomes, and says whether all went well.
///
/// # Errors
/// When something failed or was refused.
pub async fn finish(ctx: &mut Context, ops: &Ops, mut items: Vec<ItemDoc>, acting: &Acting) -> Result<(), Failure> {
    let open: Vec<_> = items.iter().filter_map(|i| i.job.clone()).filter(|j| j.state.open()).collect();
    let mut late = None;
    if acting.waiting.wait && !open.is_empty() {
        match wait::all(ctx, ops, open, acting.waiting.timeout).await {
            Ok(ended) => {
                for job in ended {
                    let done = if job.state == State::Succeeded { "done" } else { "failed" };
                    if let Some(item) = items.iter_mut().find(|i| i.job.as_ref().is_some_and(|j| j.id == job.id)) {
                        item.outcome = done;
                        item.reason = job.failed_step().map(|(_, failure)| failure.code.clone());
                        item.job = Some(job);
                    }
                }
            }
            Err(failure) => late = Some(failure),
        }
    } else if !open.is_empty() {
        wait::queued(ctx, ops, open.len()).await?;
    }
    print_items(ctx, ops, &items)?;
    if let Some(failure) = late {
        return Err(failure);
    }
    let bad = items.iter().filter(|i| matches!(i.outcome, "refused" | "failed")).count();
    if bad == 0 { Ok(()) } else { Err(Failure::Some(format!("{bad} of {} did not work", items.len()))) }
}

/// What an operation's refusal is in a list of outcomes; anything that is not about this one item stops all.
///
/// # Errors
/// When it is not about this item.
pub fn outcome(id: &ConnectionId, error: crate::ops::Error) -> Result<ItemDoc, Failure> {
    use crate::ops::Error as E;
    let outcome = match &error {
        E::Refused(refusal) if refusal.code == "too-recent" => "skipped",
        E::Refused(_) | E::NotFound { .. } => "refused",
        E::Changed(_) => "skipped",
        E::Ambiguous { .. } | E::Unconfirmed(_) | E::Filter(_) | E::Input(_) | E::TimedOut(_) | E::Store(_) => {
            return Err(error.into());
        }
    };
    Ok(documents::item(id.as_str(), outcome, Some(error.to_string()), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_need_the_exact_words_and_a_reason() {
        let acting = |confirm: Option<&str>, reason: Option<&str>| Acting {
            confirm: confirm.map(str::to_owned),
            reason: reason.map(str::to_owned),
            ..Acting::default()
        };
        for (confirm, reason, ok) in [
            (Some("purge 3"), Some("asked for"), true),
            (Some("purge 3"), None, false),
            (Some("purge 4"), Some("asked for"), false),
            (Some("revoke 3"), Some("asked for"), false),
            (None, Some("asked for"), false),
        ] {
            let said = confirmed(&acting(confirm, reason), "purge", 3);
            assert_eq!(said.is_ok(), ok, "{confirm:?} {reason:?}");
            assert!(said.is_ok() || said.unwrap_err().verdict().0 == 5);
        }
    }
}
