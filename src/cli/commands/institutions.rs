//! `institutions` and `institution ID`: banks, the ways to reach them, and how they fare.

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list::Printer;

/// Prints every bank by name.
pub async fn list(ctx: &mut Context) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let banks = ops.institutions().await?;
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), Some(banks.len() as u64))?;
    printer.rows(&banks)?;
    printer.end(None)
}

/// Prints one bank.
pub async fn one(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let bank = ops.institution(&id.trim().to_uppercase().into()).await?;
    if matches!(ctx.out.manner.form, Format::Json | Format::Jsonl) {
        return ctx.out.document(&documents::bank(&bank));
    }
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), None)?;
    printer.rows(std::slice::from_ref(&bank))?;
    printer.end(None)?;
    if ctx.out.for_people() {
        for c in &bank.record.connectors {
            ctx.out.line(&format!(
                "  {}: {}, {}, signs in by {}",
                c.method.words(),
                c.stage,
                c.status,
                c.authorization
            ))?;
        }
        if let Some(until) = bank.outage {
            ctx.out.line(&format!("  broken in the sandbox until {until}"))?;
        }
    }
    Ok(())
}
