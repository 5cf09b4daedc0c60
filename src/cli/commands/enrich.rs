//! `enrich TEXT`: merchant, category and class of a statement line.

use crate::cli::args::EnrichArgs;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::output::safe;
use crate::connector::sandbox::merchants::merchants;
use crate::domain::enrich::Asked;
use crate::wire::enrich_document;

pub(crate) async fn run(ctx: &mut Context, args: EnrichArgs) -> Result<(), Failure> {
    let asked = &Asked {
        text: args.text,
        institution: args.institution,
        country: args.country,
        mcc: args.mcc,
        account_type: args.account_type,
        amount: args.amount,
    };
    let ops = ctx.reading()?;
    let found = ops.enrich(merchants(), asked).await?;
    if !ctx.out.for_people() {
        return ctx
            .out
            .document(&enrich_document::enrich("", asked, &found));
    }
    let merchant = found.merchant.map(|m| m.merchant);
    for (name, text) in [
        ("merchant", merchant.map_or("", |m| m.name.as_str())),
        ("category", merchant.map_or("", |m| m.title.as_str())),
        ("class", found.class),
        ("direction", found.direction),
    ] {
        let text = if text.is_empty() { "unknown" } else { text };
        ctx.out.line(&format!("{name:<10} {}", safe(text)))?;
    }
    Ok(())
}
