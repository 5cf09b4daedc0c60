//! The command line: reads arguments, opens the database, runs a command, prints its result.

mod args;
mod board_files;
mod commands;
mod context;
mod cursor;
mod documents;
mod exit;
mod given_ids;
mod hidden_signals;
mod list_formats;
mod output;
mod progress;
mod prompt;
mod start_worker;
mod system_limits;
mod table_columns;

pub(crate) use args::Cli;
pub(crate) use exit::Failure;

use crate::config::Environment;
use crate::domain::text::Shown;
use clap::FromArgMatches as _;
use clap::error::ErrorKind;
use context::Context;
use output::Out;
use serde_json::json;
use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;
use system_limits::Use;

#[allow(
    clippy::disallowed_methods,
    reason = "this is where the arguments come in"
)]
pub fn run() -> ExitCode {
    ExitCode::from(ended(std::env::args_os().collect()))
}

/// A write beyond the limit for the size of a file is answered by an error and not by the end of this process.
fn large_file_is_an_error(runtime: &tokio::runtime::Runtime) {
    use tokio::signal::unix::{SignalKind, signal};
    let _entered = runtime.enter();
    // the handler stays when its stream goes; where it cannot be set, the system's way remains
    let _ = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
}

fn purpose(name: &str, command: &Option<args::Command>) -> Use {
    match command {
        None | Some(args::Command::Demo { .. }) => Use::Screen,
        Some(_) if args::Access::of(name).writes() => Use::Writing,
        Some(_) => Use::Reading,
    }
}

fn runtime(purpose: Use) -> Result<tokio::runtime::Runtime, Failure> {
    system_limits::check(purpose)?;
    let mut builder = match purpose.runtime_threads() {
        Some(threads) => {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            builder.worker_threads(threads);
            builder
        }
        None => tokio::runtime::Builder::new_current_thread(),
    };
    builder.enable_all().build().map_err(|cause| Failure::File {
        what: "waiting for the system cannot be set up".into(),
        cause,
    })
}

fn ended(words: Vec<OsString>) -> u8 {
    let wants_json = wants_json(&words);
    let asks_help = words.iter().any(|word| word == "--help" || word == "-h");
    let matches = args::command(asks_help).try_get_matches_from(words);
    let read = matches.and_then(|matches| {
        let (name, pick) = (args::name(&matches), args::pick(&matches));
        Ok((name, pick, Cli::from_arg_matches(&matches)?))
    });
    let (name, pick, cli) = match read {
        Ok(read) => read,
        Err(mistake) => return misused(&mistake, wants_json),
    };
    let mut ctx = Context::new(cli.common, Environment::read());
    ctx.out.pick = pick;
    system_limits::answer_for_memory();
    let done = match runtime(purpose(&name, &cli.command)) {
        Ok(runtime) => {
            large_file_is_an_error(&runtime);
            let done = runtime.block_on(commands::run(&mut ctx, cli.command, &name));
            // tasks go first, so that the database is closed and its log with it; those that still read stdin or the disk
            // are not waited for
            runtime.shutdown_timeout(Duration::from_millis(200));
            done
        }
        Err(starved) => Err(starved),
    };
    let done = done.and_then(|()| ctx.out.flush());
    let exit = match done {
        Ok(()) => 0,
        Err(failure) if failure.unread() => 0,
        Err(failure) => {
            say(&mut ctx.out, &failure);
            failure.verdict().0
        }
    };
    if let Some(path) = &ctx.common.log {
        let name = path.clone();
        if let Err(cause) = noted(&name, exit) {
            ctx.out.complain(&format!(
                "the log {} cannot be written: {cause}",
                name.display()
            ));
        }
    }
    exit
}

/// A sentence on stderr, and with JSON a document on stdout unless something was printed.
fn say(out: &mut Out, failure: &Failure) {
    let (exit, code, title) = failure.verdict();
    let detail = message(failure);
    if !out.for_people() && out.manner.form != args::Format::Csv && !out.documented() {
        let mut document = error(exit, code, title, &detail);
        if let Failure::Late { about, .. } = failure {
            document["jobId"] = about.0.as_str().into();
            document["connectionId"] = about.1.as_str().into();
        }
        // the sentence on stderr follows even when stdout is closed
        let _ = out.document(&document).and_then(|()| out.flush());
    }
    match failure {
        Failure::Signal(_) | Failure::Trouble { .. } => {}
        _ => out.complain(&format!("switchboard: {detail}")),
    }
    if let Some(statement) = failure.statement().filter(|_| out.manner.verbose > 1) {
        out.complain(&format!("SQLite: {statement}"));
    }
}

fn error(exit: u8, code: &str, title: &str, detail: &str) -> serde_json::Value {
    json!({"type": "error", "code": code, "title": title, "detail": detail, "exit": exit})
}

/// The failure and its causes, each text once.
fn message(failure: &Failure) -> String {
    let mut text = failure.to_string();
    let mut source = std::error::Error::source(failure);
    while let Some(cause) = source {
        let part = cause.to_string();
        if !text.contains(&part) {
            text.push_str(": ");
            text.push_str(&part);
        }
        source = cause.source();
    }
    text
}

/// Whether errors are printed as documents; known before the arguments are parsed.
fn wants_json(words: &[OsString]) -> bool {
    let words: Vec<&str> = words
        .iter()
        .filter_map(|w| w.to_str())
        .take_while(|w| *w != "--")
        .collect();
    let formats = |word: &str| matches!(word, "json" | "jsonl");
    let whole = words.iter().any(|word| {
        let joined = ["--format=", "-o=", "-o"];
        let joined = joined.iter().find_map(|start| word.strip_prefix(start));
        matches!(*word, "--json" | "--jsonl") || joined.is_some_and(formats)
    });
    let apart = |pair: &[&str]| matches!(pair[0], "--format" | "-o") && formats(pair[1]);
    whole || words.windows(2).any(apart)
}

/// Clap repeats arguments, so its text is made safe.
fn misused(mistake: &clap::Error, wants_json: bool) -> u8 {
    let text = mistake.render().to_string();
    let asked = matches!(
        mistake.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    let safe: Vec<String> = text
        .lines()
        .map(|line| Shown::of_limited(line, 500).into_plain())
        .collect();
    let safe = format!("{}\n", safe.join("\n").trim_end());
    if asked {
        // the reader may have gone
        let _ = std::io::stdout().write_all(safe.as_bytes());
        return 0;
    }
    if wants_json {
        let first = safe
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        let (exit, code, title) = Failure::Usage(String::new()).verdict();
        let mut document = error(exit, code, title, first);
        document["schemaVersion"] = 1.into();
        let _ = writeln!(std::io::stdout(), "{document}");
    }
    let _ = std::io::stderr().write_all(safe.as_bytes());
    2
}

/// Appends one line with the exit code; nothing of the arguments.
fn noted(path: &std::path::Path, exit: u8) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    let at = crate::clock::Clock::system().now();
    writeln!(file, "{at} pid={} exit={exit}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wants_json_knows_every_spelling() {
        let seen =
            |words: &[&str]| wants_json(&words.iter().map(OsString::from).collect::<Vec<_>>());
        for (words, wanted) in [
            (&["x", "--json"][..], true),
            (&["x", "--format", "jsonl"], true),
            (&["x", "--format=json"], true),
            (&["x", "--format", "csv"], false),
            (&["x", "-o", "json"], true),
            (&["x", "-ojsonl"], true),
            (&["x", "-o=json"], true),
            (&["x", "-o", "csv"], false),
            (&["x", "json"], false),
            (&["x", "--", "--json"], false),
        ] {
            assert_eq!(seen(words), wanted, "{words:?}");
        }
    }

    #[test]
    fn a_cause_is_printed_once() {
        let cause = std::io::Error::from(std::io::ErrorKind::NotFound);
        let failure = Failure::from(crate::config::ConfigError::Unreadable {
            path: "/x".into(),
            source: cause,
        });
        let text = message(&failure);
        assert!(text.starts_with("/x cannot be read: "), "{text}");
    }
}
