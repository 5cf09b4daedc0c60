//! Consents, and the certificates of deletions.

use super::{rows_by_table, time};
use crate::cli::list_formats::{Cell, Column, Listed, text, when};
use crate::cli::output::Tone;
use crate::domain::certificate::{Certificate, Check};
use crate::domain::consent::{self, Consent};
use crate::domain::time_format;
use serde_json::{Value, json};

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
            when("GIVEN", |c| c.created),
            when("CHANGED", |c| c.updated),
            when("ENDS", |c| c.expiry),
            text("LEFT", 8, |c, now| match c.status {
                consent::Status::Active => time_format::span(c.expiry.since(now)).into(),
                consent::Status::Revoked | consent::Status::Expired => Cell::default(),
            }),
        ]
    }
}

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
        "rows": {"before": rows_by_table(&c.before), "after": rows_by_table(&c.after)},
        "keys": c.keys.iter().map(|(bank, slot)| json!({"institutionId": bank.as_str(), "slot": slot})).collect::<Vec<_>>(),
        "files": c.files.iter().map(|(name, bytes)| json!({"name": name, "bytes": bytes})).collect::<Vec<_>>(),
        "values": c.stored.map(|stored| json!({
            "stored": stored.values, "searched": c.needles, "tooShort": stored.short, "unreadable": stored.unreadable,
        })),
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
