//! `since [--at T]`: what changed since somebody left.

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::documents;
use crate::domain::since::fit;

/// With the line above and a prompt it fits a screen of 24 rows.
const LINES: usize = 20;

pub(super) async fn run(ctx: &mut Context) -> Result<(), Failure> {
    // of this command it is the beginning, and the end is now
    let given = ctx.common.at.take();
    let ops = ctx.reading()?;
    let digest = ops.since(given).await?;
    let out = &mut ctx.out;
    match out.manner.form {
        Format::Json if !out.pick.count && out.pick.columns.is_empty() => {
            return out.document(&documents::digest(&digest));
        }
        Format::Json | Format::Jsonl | Format::Csv => {
            return list_formats::whole(out, digest.now, None, &digest.changes);
        }
        Format::Table => {}
    }
    let at = out.manner.zone.full(digest.since);
    let cut = if digest.cut { "; only the newest" } else { "" };
    out.say(&format!("since {at}, {}{cut}", digest.from.words()));
    list_formats::whole(out, digest.now, None, &fit(&digest.changes, LINES))
}
