//! Consents, sequences, certificates, and what an ending would do.

use super::time;
use crate::cli::list::{Cell, Column, Listed, text};
use crate::cli::output::Tone;
use crate::domain::certificate::{Certificate, Check, Rows};
use crate::domain::consent::{self, Consent};
use crate::domain::ending::{ErasePlan, MigratePlan};
use crate::domain::sequence::{Act, Kind, Sequence, Standing, Step};
use crate::domain::time_format;
use serde_json::{Map, Value, json};

/// The document of a consent, in the API's shape, with whose it is.
pub(crate) fn consent(consent: &Consent) -> Value {
    let permissions: Vec<Value> = consent
        .permissions
        .iter()
        .map(|p| {
            let entity = p.scope.split('.').next().unwrap_or_default();
            json!({"scope": p.scope, "required": p.required, "consented": p.consented, "entity": entity})
        })
        .collect();
    let mut document = json!({
        "type": "consent",
        "id": consent.id.as_str(),
        "userId": consent.user.as_str(),
        "created": consent.created.rfc3339(),
        "updated": consent.updated.rfc3339(),
        "expiryDate": consent.expiry.rfc3339(),
        "origin": consent.origin,
        "status": consent.status.word(),
        "purpose": {"primary": {"title": consent.purpose, "description": consent.purpose}, "other": null},
        "data": {
            "retainData": consent.retain,
            "initialRetrievalDays": consent.retrieval_days,
            "organisation": null,
            "permissions": permissions,
        },
        "warned": time(consent.warned),
        "reminded": time(consent.reminded),
    });
    if let Some(at) = consent.revoked {
        document["revoked"] = at.rfc3339().into();
    }
    document
}

impl Listed for Consent {
    type Doc<'a> = Value;
    const FIELDS: &'static [&'static str] = &[
        "id",
        "userId",
        "status",
        "created",
        "updated",
        "expiryDate",
        "revoked",
        "warned",
        "reminded",
    ];

    fn doc(&self) -> Value {
        consent(self)
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("ID", 8, |c, _| c.id.short().into()),
            text("USER", 36, |c, _| c.user.as_str().into()),
            text("STATUS", 8, |c, _| {
                let tone = match c.status {
                    consent::Status::Active if c.warned.is_some() => Tone::Busy,
                    consent::Status::Active => Tone::Good,
                    consent::Status::Revoked | consent::Status::Expired => Tone::Dim,
                };
                Cell::toned(tone, c.status.word())
            }),
            text("GIVEN", 16, |c, _| time_format::date_time(c.created).into()),
            text("CHANGED", 16, |c, _| {
                time_format::date_time(c.updated).into()
            }),
            text("ENDS", 16, |c, _| time_format::date_time(c.expiry).into()),
            text("LEFT", 8, |c, now| match c.status {
                consent::Status::Active => time_format::span(c.expiry.since(now)).into(),
                consent::Status::Revoked | consent::Status::Expired => Cell::default(),
            }),
        ]
    }
}

fn step(step: &Step) -> Value {
    json!({
        "act": step.act.word(),
        "target": step.target,
        "status": step.status.word(),
        "ended": time(step.ended),
        "jobId": step.job.as_ref().map(|id| id.as_str()),
        "note": step.note,
    })
}

/// The document of a sequence.
pub(crate) fn sequence(it: &Sequence) -> Value {
    let mut document = json!({
        "type": "sequence",
        "id": it.id.as_str(),
        "kind": it.kind.word(),
        "userId": it.user.as_str(),
        "connectionId": it.connection.as_ref().map(|id| id.as_str()),
        "institutionId": it.institution.as_ref().map(|id| id.as_str()),
        "state": it.standing().word(),
        "created": it.created.rfc3339(),
        "updated": it.updated.rfc3339(),
        "ended": time(it.ended),
        "steps": it.steps.iter().map(step).collect::<Vec<_>>(),
        "result": it.result,
        "actor": it.actor,
        "reason": it.reason,
    });
    if it.kind == Kind::Migrate {
        let made = it
            .steps
            .iter()
            .find(|s| s.act == Act::Connect)
            .map(|s| s.target.as_str());
        document["newConnectionId"] = made.into();
    }
    document
}

/// The tone of how a sequence stands.
pub(crate) fn standing_tone(standing: Standing) -> Tone {
    match standing {
        Standing::Open => Tone::Busy,
        Standing::Done => Tone::Good,
        Standing::Stopped => Tone::Bad,
    }
}

fn current(sequence: &Sequence) -> Option<&Step> {
    sequence.current().map(|at| &sequence.steps[at])
}

impl Listed for Sequence {
    type Doc<'a> = Value;
    const FIELDS: &'static [&'static str] = &[
        "id",
        "kind",
        "userId",
        "connectionId",
        "state",
        "created",
        "updated",
        "ended",
        "step",
        "result",
    ];

    fn doc(&self) -> Value {
        sequence(self)
    }

    fn extra(&self) -> Value {
        json!({"step": current(self).map(|step| step.act.word())})
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("ID", 8, |s, _| s.id.short().into()),
            text("ORDERED", 16, |s, _| {
                time_format::date_time(s.created).into()
            }),
            text("KIND", 12, |s, _| s.kind.word().into()),
            text("USER", 36, |s, _| s.user.as_str().into()),
            text("CONNECTION", 10, |s, _| {
                s.connection.as_ref().map_or("", |id| id.short()).into()
            }),
            text("STATE", 8, |s, _| {
                Cell::toned(standing_tone(s.standing()), s.standing().word())
            }),
            text("STEP", 18, |s, _| {
                current(s).map_or("", |step| step.act.word()).into()
            }),
            text("NOTE", 80, |s, _| {
                current(s)
                    .and_then(|step| step.note.as_deref())
                    .unwrap_or("")
                    .into()
            }),
        ]
    }
}

fn rows(rows: &Rows) -> Value {
    rows.iter()
        .map(|(table, count)| (table.clone(), (*count).into()))
        .collect::<Map<String, Value>>()
        .into()
}

/// The document of a certificate, with what a check of it saw.
pub(crate) fn certificate(c: &Certificate, digest: &[u8], checks: &[Check]) -> Value {
    let mut document = json!({
        "type": "certificate",
        "id": c.id,
        "kind": c.kind,
        "userId": c.user.as_ref().map(|id| id.as_str()),
        "institutionId": c.institution.as_ref().map(|id| id.as_str()),
        "connectionId": c.connection.as_ref().map(|id| id.as_str()),
        "started": c.started.rfc3339(),
        "ended": c.ended.rfc3339(),
        "operator": c.operator,
        "reason": c.reason,
        "rows": {"before": rows(&c.before), "after": rows(&c.after)},
        "keys": c.keys.iter().map(|(bank, slot)| json!({"institutionId": bank.as_str(), "slot": slot})).collect::<Vec<_>>(),
        "files": c.files.iter().map(|(name, bytes)| json!({"name": name, "bytes": bytes})).collect::<Vec<_>>(),
        "needles": c.needles,
        "hits": c.hits,
        "sqlite": c.sqlite,
        "auditSeq": c.audit,
        "jobs": c.jobs.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
        "purges": c.purges,
        "digest": super::hex(digest),
    });
    if !checks.is_empty() {
        let seen = checks
            .iter()
            .map(|c| json!({"what": c.what, "holds": c.holds, "seen": c.seen}));
        document["checks"] = seen.collect::<Vec<_>>().into();
        document["holds"] = checks.iter().all(|c| c.holds).into();
    }
    document
}

/// The document of a plan to move a connection.
pub(crate) fn migrate_plan(plan: &MigratePlan) -> Value {
    json!({
        "type": "plan",
        "action": Kind::Migrate.word(),
        "items": [{
            "connectionId": plan.target.id.as_str(),
            "outcome": "would-run",
            "accounts": plan.stored.accounts.len(),
            "transactions": plan.stored.transactions,
            "profiles": plan.stored.profiles,
        }],
        "steps": plan.steps.iter().map(step).collect::<Vec<_>>(),
        "confirm": plan.words(),
    })
}

/// The document of a plan to erase or delete a user, or to end a consent.
pub(crate) fn erase_plan(plan: &ErasePlan) -> Value {
    let items = plan.items.iter().map(|item| {
        json!({
            "connectionId": item.target.id.as_str(),
            "institutionId": item.target.institution.as_str(),
            "label": item.target.label.name(),
            "outcome": item.way.word(),
            "reason": item.way.words(),
            "accounts": item.accounts,
            "transactions": item.transactions,
        })
    });
    json!({
        "type": "plan",
        "action": plan.kind.word(),
        "userId": plan.user.as_str(),
        "consentId": plan.consent.as_ref().map(|c| c.id.as_str()),
        "items": items.collect::<Vec<_>>(),
        "rows": rows(&plan.rows),
        "steps": plan.steps.iter().map(step).collect::<Vec<_>>(),
        "confirm": plan.words(),
    })
}
