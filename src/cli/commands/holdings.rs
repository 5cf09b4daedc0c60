//! `accounts` and `transactions`: what is stored of a user, of a connection or at a bank, masked.

use super::paged;
use crate::cli::args::{HeldArgs, Part, TransactionsArgs};
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::domain::holdings::HoldingsFilter;
use crate::ops::Ops;

async fn held(ops: &Ops, args: &HeldArgs) -> Result<HoldingsFilter, Failure> {
    let mut held = HoldingsFilter::default();
    if let Some(user) = &args.user {
        held.user = Some(ops.resolve_user(user).await?);
    }
    if let Some(connection) = &args.connection {
        held.connection = Some(ops.resolve(connection).await?);
    }
    if let Some(institution) = &args.institution {
        held.institution = Some(
            ops.institution(&institution.trim().to_uppercase().into())
                .await?
                .record
                .id,
        );
    }
    Ok(held)
}

/// Prints accounts, oldest first.
pub(crate) async fn accounts(
    ctx: &mut Context,
    args: &HeldArgs,
    part: &Part,
) -> Result<(), Failure> {
    if args.user.is_none() && args.connection.is_none() && args.institution.is_none() {
        return Err(Failure::Usage(
            "whose accounts? give --user, --connection or --institution".into(),
        ));
    }
    let ops = ctx.reading()?;
    let held = held(&ops, args).await?;
    let list = format!("accounts {held:?}");
    let level = ctx.level();
    let size = async { Ok(Some(ops.account_size(&held).await?)) };
    keyless(ctx, &ops);
    paged::print(ctx, &ops, &list, part, size, |from, limit| {
        ops.accounts(&held, from, limit, level)
    })
    .await
}

/// Prints transactions, newest first.
pub(crate) async fn transactions(
    ctx: &mut Context,
    args: &TransactionsArgs,
) -> Result<(), Failure> {
    let (from, account) = (&args.held, args.account.as_deref());
    if from.user.is_none() && from.connection.is_none() && account.is_none() {
        return Err(Failure::Usage(
            "whose transactions? give --user, --connection or --account".into(),
        ));
    }
    let ops = ctx.reading()?;
    let mut held = held(&ops, from).await?;
    if let Some(account) = account {
        held.account = Some(ops.resolve_account(account, &held).await?);
    }
    held.posted = (args.pending || args.posted).then_some(args.posted);
    let list = format!("transactions {held:?}");
    let level = ctx.level();
    let size = async { Ok(Some(ops.transaction_size(&held).await?)) };
    keyless(ctx, &ops);
    paged::print(ctx, &ops, &list, &args.part, size, |from, limit| {
        ops.transactions(&held, from, limit, level)
    })
    .await
}

fn keyless(ctx: &mut Context, ops: &Ops) {
    if !ops.store.can_unseal() {
        ctx.out
            .say("the master key is missing: what was sealed cannot be shown");
    }
}
