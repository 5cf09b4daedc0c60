//! `invite ID...`: whom to ask to act again, and what to say.

use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::cli::output::safe;
use crate::cli::start_worker::beside_outbox;
use crate::domain::auth_link;
use crate::ops::{Error, Invitation};

pub(super) async fn run(ctx: &mut Context, names: &[String], mark: bool) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let mut ids = Vec::new();
    for name in names {
        let id = ops.resolve(name).await?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let (mut all, mut refused) = (Vec::new(), 0);
    let asked = async {
        let mut asked = Vec::new();
        for id in &ids {
            asked.push((id, ops.invite(id, mark, ctx.level()).await));
        }
        asked
    };
    for (id, asked) in beside_outbox(&ops, asked).await? {
        match asked {
            Ok(invitation) => all.push(invitation),
            Err(Error::Refused(refusal)) if ids.len() > 1 => {
                refused += 1;
                ctx.out
                    .say(&format!("{}: {}", id.short(), refusal.sentence()));
            }
            Err(other) => return Err(other.into()),
        }
    }
    if ctx.out.for_people() {
        let zone = ctx.out.manner.zone;
        for it in &all {
            people(ctx, it, zone)?;
        }
    } else if ids.len() == 1 {
        for it in &all {
            list_formats::single(&mut ctx.out, it, || list_formats::Listed::doc(it))?;
        }
    } else {
        list_formats::whole(&mut ctx.out, ops.now(), None, &all)?;
    }
    match refused {
        0 => Ok(()),
        n => Err(Failure::Some(format!(
            "{n} of {} have nothing to ask their user",
            ids.len()
        ))),
    }
}

fn people(
    ctx: &mut Context,
    it: &Invitation,
    zone: crate::domain::zone::Zone,
) -> Result<(), Failure> {
    let out = &mut ctx.out;
    out.line(&format!(
        "connection {} at {}",
        it.connection,
        safe(&it.institution)
    ))?;
    out.field(6, "user", format!("{} ({})", it.name, it.user))?;
    out.field(6, "email", it.email.as_deref().unwrap_or("none"))?;
    out.field(6, "mobile", it.mobile.as_deref().unwrap_or("none"))?;
    match &it.link {
        Some(link) => {
            let ends = zone.full(link.expires);
            let words = auth_link::words(link.path.as_deref());
            out.field(6, "link", format!("{words}, until {ends}"))?;
        }
        None => out.field(6, "link", "none: the user has no mobile on record")?,
    }
    let asked = it.asked.map_or_else(|| "never".into(), |at| zone.full(at));
    out.field(6, "asked", asked)?;
    out.line(&format!("  {}", safe(&it.text)))
}
