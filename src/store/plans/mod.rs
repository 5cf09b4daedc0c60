//! Plans with their steps, kept for good. A step is settled in its act's transaction; its job says how it went on.

mod read;
mod steps;
mod write;

use super::codec::{DAMAGED_TEXT, field_text, shown_text};
use super::error::{Error, Result};
use crate::domain::act::{ActKind, Force, PlanHead};
use crate::domain::moment::Moment;
use crate::store::row::Row;

const HEAD: &str = "p.n, p.id, p.kind, p.forced, p.forced_sign_in, p.made, p.updated, p.expires, p.applied, p.finished,
  p.actor, p.reason, p.user_id, p.connection_id, p.institution_id, p.size, p.runs, p.takes, p.epoch, p.owner, p.lease,
  p.result";

fn unread(what: &str) -> Error {
    Error::Row {
        table: "plans",
        what: format!("the word {what}"),
    }
}

fn moment(row: &Row<'_>, column: &str) -> Result<Option<Moment>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Moment))
}

fn count(row: &Row<'_>, column: &str) -> Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}

fn head(row: &Row<'_>) -> Result<PlanHead> {
    let kind = kind(row)?;
    head_of(row, ActKind::parse(kind).ok_or_else(|| unread(kind))?)
}

/// For lists: a plan whose kind does not read is shown as damaged. It cannot be carried out.
fn shown(row: &Row<'_>, workflow: bool) -> Result<PlanHead> {
    if let Some(kind) = ActKind::parse(kind(row)?) {
        return head_of(row, kind);
    }
    let kind = match workflow {
        true => ActKind::EndConsent,
        false => ActKind::Refresh,
    };
    Ok(PlanHead {
        reason: format!("{DAMAGED_TEXT}: what this plan does cannot be read"),
        ..head_of(row, kind)?
    })
}

fn kind<'r>(row: &'r Row<'_>) -> Result<&'r str> {
    Ok(shown_text(row.get_ref("kind")?))
}

fn head_of(row: &Row<'_>, kind: ActKind) -> Result<PlanHead> {
    Ok(PlanHead {
        id: row.get::<_, String>("id")?.into(),
        kind,
        force: Force {
            recent: row.get("forced")?,
            sign_in: row.get("forced_sign_in")?,
        },
        made: Moment(row.get("made")?),
        updated: Moment(row.get("updated")?),
        expires: moment(row, "expires")?,
        applied: moment(row, "applied")?,
        finished: moment(row, "finished")?,
        actor: field_text(row.get_ref("actor")?).to_owned(),
        reason: field_text(row.get_ref("reason")?).to_owned(),
        user: row.get::<_, Option<String>>("user_id")?.map(Into::into),
        connection: row
            .get::<_, Option<String>>("connection_id")?
            .map(Into::into),
        institution: row
            .get::<_, Option<String>>("institution_id")?
            .map(Into::into),
        size: count(row, "size")?,
        runs: count(row, "runs")?,
        takes_ms: row.get("takes")?,
        epoch: row.get("epoch")?,
        owner: row.get("owner")?,
        lease: moment(row, "lease")?,
        result: row.get("result")?,
    })
}
