//! `causes [FILTER]`: broken connections grouped by what they failed with.

use super::connections::filter;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::domain::counts::count;
use crate::domain::query::Scope;

pub(super) async fn run(ctx: &mut Context, words: &[String]) -> Result<(), Failure> {
    let query = filter(ctx, &words.join(" "), Scope::Connections)?;
    let ops = ctx.reading()?;
    let causes = ops.causes(&query).await?;
    let broken: u64 = causes.iter().map(|it| it.cause.count).sum();
    if ctx.out.for_people() && broken > 0 {
        let (broken, of) = (
            count(broken, "connection"),
            count(causes.len() as u64, "cause"),
        );
        ctx.out.say(&format!(
            "{broken}, {of}; with --json each has the filter that lists its connections"
        ));
    }
    list_formats::whole(&mut ctx.out, ops.now(), Some(causes.len() as u64), &causes)
}
