//! Consents, sequences, certificates, and what an ending would do.

use super::time;
use crate::cli::list::{Cell, Column, Listed, text};
use crate::cli::output::Tone;
use crate::domain::certificate::{Certificate, Check, Rows};
use crate::domain::consent::{self, Consent};
use crate::domain::ending::{ErasePlan, MigratePlan};
use crate::domain::moment::Moment;
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
    const COLUMNS: &'static [Column] = &[
        text("ID", 8),
        text("USER", 36),
        text("STATUS", 8),
        text("GIVEN", 16),
        text("CHANGED", 16),
        text("ENDS", 16),
        text("LEFT", 8),
    ];
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

    fn cells(&self, now: Moment) -> Vec<Cell> {
        let left = match self.status {
            consent::Status::Active => time_format::span(self.expiry.since(now)),
            consent::Status::Revoked | consent::Status::Expired => String::new(),
        };
        let tone = match self.status {
            consent::Status::Active if self.warned.is_some() => Tone::Busy,
            consent::Status::Active => Tone::Good,
            consent::Status::Revoked | consent::Status::Expired => Tone::Dim,
        };
        vec![
            Cell::of(self.id.short()),
            Cell::of(self.user.as_str()),
            Cell::toned(tone, self.status.word()),
            Cell::of(&time_format::date_time(self.created)),
            Cell::of(&time_format::date_time(self.updated)),
            Cell::of(&time_format::date_time(self.expiry)),
            Cell::of(&left),
        ]
    }

    fn record(&self) -> Vec<String> {
        let text = |at: Option<Moment>| time(at).unwrap_or_default();
        vec![
            self.id.to_string(),
            self.user.to_string(),
            self.status.word().into(),
            self.created.rfc3339(),
            self.updated.rfc3339(),
            self.expiry.rfc3339(),
            text(self.revoked),
            text(self.warned),
            text(self.reminded),
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

impl Listed for Sequence {
    type Doc<'a> = Value;
    const COLUMNS: &'static [Column] = &[
        text("ID", 8),
        text("ORDERED", 16),
        text("KIND", 12),
        text("USER", 36),
        text("CONNECTION", 10),
        text("STATE", 8),
        text("STEP", 18),
        text("NOTE", 80),
    ];
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

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        let at = self.current().map(|at| &self.steps[at]);
        vec![
            Cell::of(self.id.short()),
            Cell::of(&time_format::date_time(self.created)),
            Cell::of(self.kind.word()),
            Cell::of(self.user.as_str()),
            Cell::of(self.connection.as_ref().map_or("", |id| id.short())),
            Cell::toned(standing_tone(self.standing()), self.standing().word()),
            Cell::of(at.map_or("", |s| s.act.word())),
            Cell::of(at.and_then(|s| s.note.as_deref()).unwrap_or("")),
        ]
    }

    fn record(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.kind.word().into(),
            self.user.to_string(),
            self.connection
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            self.standing().word().into(),
            self.created.rfc3339(),
            self.updated.rfc3339(),
            time(self.ended).unwrap_or_default(),
            self.current()
                .map_or("", |at| self.steps[at].act.word())
                .into(),
            self.result.clone(),
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
