//! The results of `doctor` and of a check of the audit.

use crate::cli::list_formats::Listed;
use crate::ops::Doctor;
use crate::store::AuditVerdict;
use crate::vault;
use serde_json::{Value, json};

pub(crate) fn verdict(verdict: &AuditVerdict) -> Value {
    json!({
        "ok": verdict.first_bad.is_none(),
        "checked": verdict.checked,
        "firstBadSeq": verdict.first_bad.map(|(seq, _)| seq),
        "kind": verdict.first_bad.map(|(_, kind)| kind.word()),
    })
}

pub(crate) fn doctor(seen: &Doctor) -> Value {
    let health = &seen.health;
    let modes = health.modes.iter().map(|(path, mode)| {
        json!({
            "path": path.to_string_lossy(),
            "mode": mode.map(|m| format!("{m:04o}")),
            "ok": mode.is_none_or(vault::is_private),
        })
    });
    let workers = seen.workers.iter().map(|(worker, alive)| {
        json!({
            "id": worker.id,
            "pid": worker.pid,
            "face": worker.face,
            "started": worker.started.rfc3339(),
            "beat": worker.beat.rfc3339(),
            "alive": alive,
        })
    });
    json!({
        "type": "doctor",
        "applicationId": health.application_id,
        "userVersion": health.user_version,
        "sqlite": health.sqlite,
        "journalMode": health.journal_mode,
        "synchronous": health.synchronous,
        "secureDelete": health.secure_delete,
        "integrity": health.integrity.join("; "),
        "foreignKeys": health.foreign_keys,
        "nameIndex": health.name_index,
        "miscounted": health.miscounted,
        "damagedRows": health.damaged_rows,
        "audit": health.audit.as_ref().map(verdict),
        "findings": health.findings,
        "walBytes": health.wal_bytes,
        "freelist": health.freelist,
        "modes": modes.collect::<Vec<_>>(),
        "workers": workers.collect::<Vec<_>>(),
        "sequences": seen.workflows.iter().map(Listed::doc).collect::<Vec<_>>(),
        "ok": health.ok(),
    })
}
