//! `accounts` and `transactions`: what is stored of a user, a connection or at a bank, masked.

use super::connections::limit;
use crate::cli::args::{HeldArgs, Part};
use crate::cli::context::Context;
use crate::cli::cursor;
use crate::cli::exit::Failure;
use crate::cli::list::{PAGE, Printer};
use crate::domain::holdings::Held;
use crate::ops::Ops;

async fn held(ops: &Ops, args: &HeldArgs) -> Result<Held, Failure> {
    let mut held = Held::default();
    if let Some(user) = &args.user {
        held.user = Some(ops.resolve_user(user).await?);
    }
    if let Some(connection) = &args.connection {
        held.connection = Some(ops.resolve(connection).await?);
    }
    if let Some(institution) = &args.institution {
        held.institution = Some(ops.institution(&institution.trim().to_uppercase().into()).await?.record.id);
    }
    Ok(held)
}

/// Prints accounts in the order they came.
pub async fn accounts(ctx: &mut Context, args: &HeldArgs, part: &Part) -> Result<(), Failure> {
    if args.user.is_none() && args.connection.is_none() && args.institution.is_none() {
        return Err(Failure::Usage("whose accounts? give --user, --connection or --institution".into()));
    }
    let ops = ctx.reading()?;
    let held = held(&ops, args).await?;
    let list = format!("accounts {held:?}");
    let mut from = part.cursor.as_deref().map(|c| cursor::read(&list, c)).transpose()?;
    let (level, mut left) = (ctx.level(), limit(ctx, part));
    let size = ops.account_size(&held).await?;
    keyless(ctx, &ops);
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), Some(size))?;
    let next = loop {
        let limit = usize::try_from(left).unwrap_or(PAGE).min(PAGE);
        let page = ops.accounts(&held, from, limit, level).await?;
        printer.rows(&page.rows)?;
        left = left.saturating_sub(page.rows.len() as u64);
        if !page.more || left == 0 {
            break page.last.filter(|_| page.more).map(|anchor| cursor::write(&list, &anchor));
        }
        from = page.last;
    };
    printer.end(next)
}

/// Prints transactions, newest first.
pub async fn transactions(
    ctx: &mut Context,
    args: &HeldArgs,
    account: Option<&str>,
    posted: Option<bool>,
    part: &Part,
) -> Result<(), Failure> {
    if args.user.is_none() && args.connection.is_none() && account.is_none() {
        return Err(Failure::Usage("whose transactions? give --user, --connection or --account".into()));
    }
    let ops = ctx.reading()?;
    let mut held = held(&ops, args).await?;
    if let Some(account) = account {
        held.account = Some(ops.resolve_account(account, &held).await?);
    }
    held.posted = posted;
    let list = format!("transactions {held:?}");
    let mut from = part.cursor.as_deref().map(|c| cursor::read(&list, c)).transpose()?;
    let mut left = limit(ctx, part);
    let size = ops.transaction_size(&held).await?;
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), Some(size))?;
    let next = loop {
        let limit = usize::try_from(left).unwrap_or(PAGE).min(PAGE);
        let page = ops.transactions(&held, from, limit).await?;
        printer.rows(&page.rows)?;
        left = left.saturating_sub(page.rows.len() as u64);
        if !page.more || left == 0 {
            break page.last.filter(|_| page.more).map(|anchor| cursor::write(&list, &anchor));
        }
        from = page.last;
    };
    printer.end(next)
}

fn keyless(ctx: &mut Context, ops: &Ops) {
    if !ops.store.can_unseal() {
        ctx.out.say("the master key is missing: what was sealed cannot be shown");
    }
}
