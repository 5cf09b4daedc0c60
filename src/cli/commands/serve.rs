//! `serve`: the HTTP API, with workers beside it.

use super::wait::signalled;
use crate::cli::args::ServeArgs;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::start_worker;
use crate::clock::Clock;
use crate::config::values::Api;
use crate::connector::sandbox::merchants::merchants;
use crate::domain::access::Role;
use crate::ops::{Caller, Maintenance};
use crate::server::settings::{self, TlsFiles};
use crate::server::{Answered, Error, Server, Settings};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How many lines of the log may wait; more are lost, and no answer waits for them.
const LINES: usize = 1_000;

pub(crate) async fn run(ctx: &mut Context, args: ServeArgs) -> Result<(), Failure> {
    let settings = settings(&ctx.config.api, args)?;
    let ops = ctx.creating(Clock::system())?;
    start_worker::declare_banks(&ops).await?;
    // a request acts by the role of its key, and what needs no key is for everybody
    let caller = Caller {
        role: Role::Admin,
        ..ctx.caller("api")
    };
    let server = Server::bind(ops.clone().with_caller(caller), settings, merchants()).await?;
    let worker = start_worker::worker(ctx, &ops, "serve").await?;
    let _upkeep = Maintenance::start(&ops);
    ctx.out.complain(&format!("listening on {}", server.url()));
    let stop = CancellationToken::new();
    let (answered, mut told) = mpsc::channel(LINES);
    let serving = tokio::spawn(server.run(stop.clone(), answered));
    let mut trouble = worker.trouble();
    let out = &mut ctx.out;
    let tell = async {
        loop {
            tokio::select! {
                Some(answer) = told.recv() => out.detail(&line(&answer)),
                Ok(()) = trouble.changed() => {
                    let said = trouble.borrow_and_update().clone();
                    match said {
                        Some(text) => out.complain(&format!("trouble: {text}")),
                        None => out.say("the trouble has ended"),
                    }
                }
                else => std::future::pending::<()>().await,
            }
        }
    };
    let done = tokio::select! {
        () = tell => Ok(()),
        error = ops.store.moved() => Err(error.into()),
        number = signalled() => Err(number.map_or_else(|failed| failed, Failure::Signal)),
    };
    stop.cancel();
    // it ends by itself, within its own time
    let ended = serving.await;
    worker.stop().await;
    match ended {
        Ok(()) => done,
        Err(_) => Err(Failure::Panicked(
            "the server ended in the middle of its work".into(),
        )),
    }
}

/// One line of the log: no address, no id, nothing of a person.
fn line(answer: &Answered) -> String {
    let Answered {
        method,
        route,
        status,
        took_ms,
        correlation,
    } = answer;
    format!("{method} {route} {status} {took_ms} ms {correlation}")
        .trim_end()
        .to_owned()
}

/// What was typed beats what is configured.
fn settings(api: &Api, args: ServeArgs) -> Result<Settings, Failure> {
    let configured = |text: &String| (!text.is_empty()).then(|| PathBuf::from(text));
    let cert = args.tls_cert.or_else(|| configured(&api.tls_cert));
    let key = args.tls_key.or_else(|| configured(&api.tls_key));
    let tls = match (cert, key) {
        (Some(cert), Some(key)) => {
            for_us_only(&key)?;
            Some(TlsFiles { cert, key })
        }
        (None, None) => None,
        (Some(path), None) | (None, Some(path)) => {
            let what = "a certificate needs its key, and a key its certificate".into();
            return Err(Error::Tls { path, what }.into());
        }
    };
    let listen = args.listen.as_deref().unwrap_or(&api.listen);
    Ok(Settings {
        listen: settings::address(listen, args.insecure || tls.is_some())?,
        base: settings::base(args.base_url.as_deref().unwrap_or(&api.base_url))?,
        return_to: settings::return_to(&api.return_url)?,
        tls,
        token_life: api.token_life,
        token_calls: api.token_calls,
        connections: usize::try_from(api.connections).unwrap_or(usize::MAX),
        header_time: api.header_time,
        body_time: api.body_time,
        connection_time: api.connection_time,
    })
}

fn for_us_only(key: &Path) -> Result<(), Failure> {
    let wrong = |what: String| Error::Tls {
        path: key.into(),
        what,
    };
    let found = std::fs::metadata(key).map_err(|e| wrong(e.to_string()))?;
    let mode = found.permissions().mode() & 0o777;
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(wrong(format!(
            "it can be read by others (mode {mode:o}); run  chmod 600 {}",
            key.display()
        ))
        .into()),
    }
}
