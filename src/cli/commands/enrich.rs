//! `enrich TEXT`: merchant, category and class of a statement line.

use crate::cli::args::EnrichArgs;
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::connector::sandbox::merchants::merchants;
use crate::domain::enrich::Asked;
use crate::domain::text::Shown;

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
        return ctx.out.document(&documents::enrich(asked, &found));
    }
    let safe = |text: &str| Shown::of_limited(text, 200).into_plain();
    let or_unknown = |text: &str| {
        if text.is_empty() {
            "unknown".to_owned()
        } else {
            safe(text)
        }
    };
    let merchant = found.merchant.map(|m| m.merchant);
    ctx.out.line(&format!(
        "merchant   {}",
        or_unknown(merchant.map_or("", |m| &m.name))
    ))?;
    ctx.out.line(&format!(
        "category   {}",
        or_unknown(merchant.map_or("", |m| &m.title))
    ))?;
    ctx.out
        .line(&format!("class      {}", or_unknown(found.class)))?;
    ctx.out
        .line(&format!("direction  {}", or_unknown(found.direction)))
}
