//! `user ID`: one person, masked, with its connections.

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list::Printer;
use crate::domain::text::Shown;

/// Prints one user.
pub async fn run(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let id = ops.resolve_user(id).await?;
    let user = ops.user(&id, ctx.level()).await?;
    match ctx.out.manner.form {
        Format::Json | Format::Jsonl => return ctx.out.document(&documents::user(&user)),
        Format::Csv => {}
        Format::Table => {
            let safe = |text: &str| Shown::of_limited(text, 200).into_plain();
            let or_none = |text: &Option<String>| text.as_deref().map_or_else(|| "none".into(), safe);
            ctx.out.line(&format!("user {}", safe(user.id.as_str())))?;
            ctx.out.line(&format!("  name    {}", safe(&user.name)))?;
            ctx.out.line(&format!("  email   {}", or_none(&user.email)))?;
            ctx.out.line(&format!("  mobile  {}", or_none(&user.mobile)))?;
            ctx.out.line(&format!("  stored  {} accounts, {} transactions\n", user.accounts, user.transactions))?;
        }
    }
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), None)?;
    printer.rows(&user.connections)?;
    printer.end(None)
}
