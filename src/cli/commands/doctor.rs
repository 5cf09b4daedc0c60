//! `doctor`: checks the file, its schema, the audit, file modes and workers.

use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::output::{Out, Tone};
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::ops::Doctor;

/// Prints all checks; a database with a problem is a failure.
pub(crate) async fn run(ctx: &mut Context) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let seen = ops.doctor(ctx.config.limits.heartbeat).await?;
    if ctx.out.for_people() {
        people(&mut ctx.out, &seen)?;
    } else {
        ctx.out.document(&documents::doctor(&seen))?;
    }
    let health = &seen.health;
    if health.ok() {
        return Ok(());
    }
    if let Some((seq, kind)) = health.audit.as_ref().and_then(|a| a.first_bad) {
        return Err(Failure::Unverified(format!(
            "line {seq} of the audit: {}",
            kind.word()
        )));
    }
    let open = health
        .modes
        .iter()
        .any(|(_, mode)| mode.is_some_and(|m| m & 0o077 != 0));
    let sound = health.integrity == ["ok"] && health.foreign_keys == 0 && health.damaged_rows == 0;
    if sound && open {
        return Err(Failure::Unwell(
            "a file can be read by others; run chmod 600 on it".into(),
        ));
    }
    if health.audit.is_none() {
        return Err(Failure::Unwell(
            "the master key is missing, so the audit cannot be checked".into(),
        ));
    }
    Err(Failure::Unwell(
        "the database has a problem; restore a backup, or export what can be read".into(),
    ))
}

fn people(out: &mut Out, seen: &Doctor) -> Result<(), Failure> {
    let health = &seen.health;
    let mut check = |name: &str, ok: bool, value: String| {
        let sign = if ok {
            out.toned(Tone::Good, "ok ")
        } else {
            out.toned(Tone::Bad, "BAD")
        };
        out.line(&format!(
            "{sign}  {name:<18} {}",
            Shown::of_limited(&value, 300).into_plain()
        ))
    };
    check(
        "application id",
        health.application_id == 0x7377_6264,
        format!("{:#010x}", health.application_id),
    )?;
    check("schema", true, health.user_version.to_string())?;
    check("SQLite", true, health.sqlite.into())?;
    check(
        "journal",
        health.journal_mode == "wal",
        health.journal_mode.clone(),
    )?;
    check(
        "secure delete",
        health.secure_delete,
        if health.secure_delete { "on" } else { "off" }.into(),
    )?;
    check(
        "integrity",
        health.integrity == ["ok"],
        health.integrity.join("; "),
    )?;
    check(
        "foreign keys",
        health.foreign_keys == 0,
        format!("{} broken", health.foreign_keys),
    )?;
    check(
        "name index",
        health.name_index,
        if health.name_index {
            "agrees"
        } else {
            "differs"
        }
        .into(),
    )?;
    check(
        "counts",
        health.miscounted.is_empty(),
        if health.miscounted.is_empty() {
            "right".into()
        } else {
            health.miscounted.join("; ")
        },
    )?;
    check(
        "damaged rows",
        health.damaged_rows == 0,
        health.damaged_rows.to_string(),
    )?;
    let audit = match &health.audit {
        None => "cannot be checked: the master key is missing".into(),
        Some(a) => a.first_bad.map_or_else(
            || format!("intact, {}", time_format::count(a.checked, "line")),
            |(seq, kind)| format!("broken at line {seq}: {}", kind.word()),
        ),
    };
    check(
        "audit",
        health.audit.is_some_and(|a| a.first_bad.is_none()),
        audit,
    )?;
    check(
        "log",
        true,
        format!("{} bytes, {} free pages", health.wal_bytes, health.freelist),
    )?;
    for (path, mode) in &health.modes {
        if let Some(mode) = mode {
            check(
                "file mode",
                mode & 0o077 == 0,
                format!("{mode:04o} {}", path.display()),
            )?;
        }
    }
    for (worker, alive) in &seen.workers {
        let state = if *alive {
            "alive"
        } else {
            "silent; its jobs are taken over"
        };
        check(
            "worker",
            true,
            format!("{} pid {} {state}", worker.face, worker.pid),
        )?;
    }
    for it in &seen.sequences {
        let done = it.current().unwrap_or(it.steps.len());
        let what = format!(
            "{} {}: {done} of {} steps done",
            it.kind.word(),
            it.id.short(),
            it.steps.len()
        );
        check(
            "not ended",
            true,
            format!("{what}; `switchboard sequence {}`", it.id.short()),
        )?;
    }
    if seen.workers.is_empty() {
        check("worker", true, "none; `switchboard work` runs jobs".into())?;
    }
    Ok(())
}
