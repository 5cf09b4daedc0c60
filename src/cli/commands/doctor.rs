//! `doctor`: checks the file, its schema, the audit, file modes and workers.

use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::output::Out;
use crate::clock::Clock;
use crate::domain::counts;
use crate::domain::text::Shown;
use crate::ops::{Doctor, Ops};
use crate::store::{self, Health, Look};
use crate::vault;
use serde_json::json;

/// Prints all checks; a database with a problem is a failure.
pub(crate) async fn run(
    ctx: &mut Context,
    fix_counts: bool,
    deep: bool,
    accept_clock: bool,
) -> Result<(), Failure> {
    let opened = match fix_counts || accept_clock {
        true => ctx.writing(),
        false => ctx.examining(),
    };
    let ops = match opened {
        Err(failure) if failure.of_the_file() => return unreadable(ctx, failure),
        opened => opened?,
    };
    if fix_counts {
        for wrong in ops.fix_counts().await? {
            ctx.out.say(&format!("counted again: {wrong}"));
        }
    }
    if accept_clock {
        let at = ops.accept_clock().await?;
        let at = ctx.out.manner.zone.full(at);
        ctx.out
            .say(&format!("the clock is accepted as right: {at}"));
    }
    // the clock of this machine is what is checked, whatever moment is shown
    let clock = Clock::system();
    let look = Look {
        deep,
        now: clock.now(),
    };
    let ops = Ops { clock, ..ops };
    let examined = ops.doctor(ctx.config.limits.heartbeat, look).await;
    let seen = match examined.map_err(Failure::from) {
        // not even the checks could be ended
        Err(failure) if failure.of_the_file() => return unreadable(ctx, failure),
        seen => seen?,
    };
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
        .any(|(_, mode)| mode.is_some_and(|m| !vault::is_private(m)));
    let sound = health.integrity == ["ok"] && health.foreign_keys == 0 && health.damaged_rows == 0;
    if sound && open {
        return Err(Failure::Unwell(
            "a file can be read by others; run chmod 600 on it".into(),
        ));
    }
    if let Some(first) = health.findings.first() {
        return Err(Failure::Unwell(first.clone()));
    }
    if health.audit.is_none() {
        return Err(Failure::Unwell(
            "the master key is missing, so the audit cannot be checked".into(),
        ));
    }
    if health.only_miscounted() {
        return Err(Failure::Unwell(format!(
            "stored numbers differ from the real counts ({}); no data is lost, and `switchboard doctor --fix-counts` \
             counts again",
            health.miscounted.join("; ")
        )));
    }
    Err(Failure::Unwell(
        "the database has a problem; restore a backup, or export what can be read".into(),
    ))
}

/// Of a database that is too damaged to be opened: what can still be read of it, and what to do.
fn unreadable(ctx: &mut Context, why: Failure) -> Result<(), Failure> {
    let path = ctx.places.database()?;
    let mut findings = store::what_can_be_read(&path);
    findings.push(format!("what to do: {}", store::WHAT_TO_DO));
    if ctx.out.for_people() {
        let sign = ctx.out.verdict(false);
        for found in &findings {
            let found = Shown::of_limited(found, 600).into_plain();
            ctx.out.line(&format!("{sign}  {:<18} {found}", "file"))?;
        }
    } else {
        let document = json!({"type": "doctor", "findings": findings, "ok": false});
        ctx.out.document(&document)?;
    }
    Err(why)
}

/// The files that a copy is not complete without: all that are there but those that are made again.
fn copied(health: &Health) -> String {
    let needed = health.modes.iter().filter(|(path, mode)| {
        let path = path.to_string_lossy();
        mode.is_some() && !path.ends_with("-shm") && !path.ends_with(".reserve")
    });
    let names = needed.filter_map(|(path, _)| path.file_name());
    let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
    names.join(", ")
}

fn people(out: &mut Out, seen: &Doctor) -> Result<(), Failure> {
    let h = &seen.health;
    let mut check = |name: &str, ok: bool, value: String| {
        let sign = out.verdict(ok);
        let value = Shown::of_limited(&value, 600).into_plain();
        out.line(&format!("{sign}  {name:<18} {value}"))
    };
    let one_of =
        |yes: bool, text: &str, otherwise: &str| if yes { text } else { otherwise }.to_owned();
    let id = format!("{:#010x}", h.application_id);
    check("application id", h.application_id == 0x7377_6264, id)?;
    check("schema", true, h.user_version.to_string())?;
    check("SQLite", true, h.sqlite.into())?;
    let journal = h.journal_mode.clone();
    check("journal", journal == "wal", journal)?;
    let on = one_of(h.secure_delete, "on", "off");
    check("secure delete", h.secure_delete, on)?;
    let integrity = h.integrity.join("; ");
    check("integrity", h.integrity == ["ok"], integrity)?;
    let broken = format!("{} broken", h.foreign_keys);
    check("foreign keys", h.foreign_keys == 0, broken)?;
    let index = one_of(h.name_index, "agrees", "differs");
    check("name index", h.name_index, index)?;
    let right = h.miscounted.is_empty();
    let counts = one_of(right, "right", &h.miscounted.join("; "));
    check("counts", right, counts)?;
    let damaged = h.damaged_rows.to_string();
    check("damaged rows", h.damaged_rows == 0, damaged)?;
    let audit = match &h.audit {
        None => "cannot be checked: the master key is missing".into(),
        Some(a) => a.first_bad.map_or_else(
            || format!("intact, {}", counts::count(a.checked, "line")),
            |(seq, kind)| format!("broken at line {seq}: {}", kind.word()),
        ),
    };
    let intact = h.audit.is_some_and(|a| a.first_bad.is_none());
    check("audit", intact, audit)?;
    let nothing = h
        .findings
        .is_empty()
        .then(|| "those looked at are as they should be".to_owned());
    for found in nothing.iter().chain(&h.findings) {
        check("keys and rows", h.findings.is_empty(), found.clone())?;
    }
    let log = format!("{} bytes, {} free pages", h.wal_bytes, h.freelist);
    check("log", true, log)?;
    let copy = format!("{}; `switchboard backup FILE` makes one", copied(h));
    check("a copy needs", true, copy)?;
    for (path, mode) in &h.modes {
        if let Some(mode) = mode {
            let text = format!("{mode:04o} {}", path.display());
            check("file mode", vault::is_private(*mode), text)?;
        }
    }
    if let Some(stuck) = seen.stuck.words() {
        check(
            "stuck",
            false,
            format!("{stuck}; `switchboard jobs` names them"),
        )?;
    }
    for (worker, alive) in &seen.workers {
        let state = if *alive {
            "alive"
        } else {
            "silent; its jobs are taken over"
        };
        let text = format!("{} pid {} {state}", worker.face, worker.pid);
        check("worker", true, text)?;
    }
    for it in &seen.workflows {
        let done = it.current().unwrap_or(it.steps.len());
        let (kind, id, steps) = (it.head.kind.word(), it.head.id.short(), it.steps.len());
        let text =
            format!("{kind} {id}: {done} of {steps} steps done; `switchboard sequence {id}`");
        check("not ended", true, text)?;
    }
    if seen.workers.is_empty() {
        check("worker", true, "none; `switchboard work` runs jobs".into())?;
    }
    Ok(())
}
