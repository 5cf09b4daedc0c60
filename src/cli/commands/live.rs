//! `live` and `outbox`: the board on a real platform.

use super::paged;
use crate::cli::args::{LiveCommand, LiveUsersCommand, Part};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::output::safe;
use crate::cli::progress::{Progress as Bar, stoppable};
use crate::cli::prompt;
use crate::clock::Clock;
use crate::domain::counts::count;
use crate::domain::ids::UserId;
use crate::domain::live::{Call, Progress};
use crate::domain::platform_address;
use crate::domain::time_format;
use crate::live;
use crate::ops::{LiveStatus, Ops};
use crate::wire::remote::user_ids;
use serde_json::json;
use std::io::Read as _;

/// The longest file of user ids, in bytes.
const LONGEST: u64 = 64 << 20;

/// How many parts that could not be read are named to people; a document names all.
const NAMED: usize = 20;

pub(crate) async fn run(ctx: &mut Context, what: LiveCommand) -> Result<(), Failure> {
    match what {
        LiveCommand::Login {
            url,
            api_key_stdin,
            api_key,
            more,
        } => {
            if api_key.is_some() || !more.is_empty() {
                return Err(Failure::Usage(
                    "an API key is never an argument: every list of processes shows those, and the shell keeps them. \
                     Leave it out to be asked for it, or send it on stdin with --api-key-stdin; and have this key replaced"
                        .into(),
                ));
            }
            login(ctx, &url, api_key_stdin).await
        }
        LiveCommand::Logout => logout(ctx).await,
        LiveCommand::Users { what: None, part } => users(ctx, &part).await,
        LiveCommand::Users {
            what: Some(LiveUsersCommand::Add { file }),
            ..
        } => add(ctx, &file).await,
        LiveCommand::Users {
            what: Some(LiveUsersCommand::Remove { id }),
            ..
        } => remove(ctx, &id).await,
        LiveCommand::Sync { user, all } => sync(ctx, user.as_deref(), all).await,
        LiveCommand::Status => status(ctx).await,
    }
}

async fn login(ctx: &mut Context, url: &str, from_stdin: bool) -> Result<(), Failure> {
    if let Some(name) = ctx.env.api_key {
        return Err(Failure::Usage(format!(
            "{name} is set: other programs of this user see the environment. Unset it; the key is asked for, or read \
             from stdin with --api-key-stdin"
        )));
    }
    let address = platform_address::address(url).map_err(Failure::Usage)?;
    let ops = ctx.creating(Clock::system())?;
    ops.may_sign_in(&address).await?;
    if !from_stdin && !ctx.can_ask() {
        return Err(Failure::Usage(
            "no terminal to ask for the API key; send it on stdin with --api-key-stdin".into(),
        ));
    }
    let key = prompt::secret(ctx, "API key", from_stdin)?;
    if key.is_empty() {
        return Err(Failure::Usage("the API key is empty".into()));
    }
    let probed = live::probe(&address, platform_address::host(&address), &key).await?;
    ops.sign_in(&address, key, probed.lacks.clone()).await?;
    if !ctx.out.for_people() {
        let status = ops.must_be_live().await?;
        return ctx.out.document(&documents::live(&status));
    }
    ctx.out.line(&format!("signed in to {}", safe(&address)))?;
    for call in Call::ALL {
        let may = match probed.lacks.contains(&call) {
            true => "may not read",
            false => "may read",
        };
        ctx.out.line(&format!("  {may} {}", call.about()))?;
    }
    ctx.out.say(
        "the key is sealed in this database; bring users with `switchboard live users add FILE`, then `switchboard live sync`",
    );
    Ok(())
}

async fn logout(ctx: &mut Context) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let platform = ops.sign_out().await?;
    if !ctx.out.for_people() {
        let status = ops.must_be_live().await?;
        return ctx.out.document(&documents::live(&status));
    }
    ctx.out
        .line(&format!("signed out of {}", safe(&platform.address)))?;
    let open = ops.outbox_size(true).await?;
    if open > 0 {
        ctx.out.complain(&format!(
            "{} in the outbox {} not over; after the next sign-in it goes on",
            count(open, "act"),
            if open == 1 { "is" } else { "are" }
        ));
    }
    Ok(())
}

async fn users(ctx: &mut Context, part: &Part) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let known = ops.must_be_live().await?.progress.users;
    let size = async { Ok(Some(known)) };
    paged::print(ctx, &ops, "live-users", part, size, |from, limit| {
        ops.live_users(from, limit)
    })
    .await
}

async fn add(ctx: &mut Context, file: &str) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    let unread = |cause| Failure::File {
        what: format!(
            "{} cannot be read",
            if file == "-" { "stdin" } else { file }
        ),
        cause,
    };
    match file {
        "-" => std::io::stdin()
            .take(LONGEST)
            .read_to_end(&mut bytes)
            .map_err(unread)?,
        path => std::fs::File::open(path)
            .and_then(|file| file.take(LONGEST).read_to_end(&mut bytes))
            .map_err(unread)?,
    };
    let name = if file == "-" { "stdin" } else { file };
    let ids = user_ids(&bytes).map_err(|why| Failure::Usage(format!("{name}: {why}")))?;
    let ids: Vec<UserId> = ids.into_iter().map(UserId::from).collect();
    let ops = ctx.writing()?;
    let given = ids.iter().collect::<std::collections::HashSet<_>>().len() as u64;
    let added = ops.add_live_users(ids).await?;
    let known = given - added;
    if !ctx.out.for_people() {
        return ctx.out.document(&json!({
            "type": "live-users",
            "added": added,
            "known": known,
            "size": ops.must_be_live().await?.progress.users,
        }));
    }
    ctx.out.line(&format!(
        "{} added, {known} known already",
        count(added, "user")
    ))?;
    if added > 0 {
        ctx.out
            .say("`switchboard live sync` reads them now; a dashboard or worker does it by itself");
    }
    Ok(())
}

async fn remove(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve_live_user(id).await?;
    ops.remove_live_user(&id).await?;
    if !ctx.out.for_people() {
        return ctx
            .out
            .document(&json!({"type": "live-user", "id": id.as_str(), "removed": true}));
    }
    ctx.out
        .line(&format!("user {id} is read no longer; what was read stays"))
}

async fn sync(ctx: &mut Context, user: Option<&str>, all: bool) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let user = match user {
        Some(user) => Some(ops.resolve_live_user(user).await?),
        None => None,
    };
    let mut bar = Bar::of(ctx, "user");
    let work = live::sync(&ops, user.as_ref(), all, |progress, _| {
        bar.at(progress.looked, Some(progress.users));
    });
    let again = "what was read is whole; the same command, a dashboard or a worker reads the rest";
    let synced = stoppable(work, again).await?;
    drop(bar);
    if !ctx.out.for_people() {
        let status = ops.must_be_live().await?;
        let mut document = documents::live(&status);
        document["read"] = synced.users.into();
        document["unread"] = synced.unread.clone().into();
        ctx.out.document(&document)?;
        return all_was_read(&synced.unread);
    }
    ctx.out.line(&format!(
        "{} read; {} and {} are here",
        count(synced.users, "user"),
        count(synced.progress.users, "user"),
        count(synced.progress.connections, "connection")
    ))?;
    for part in synced.unread.iter().take(NAMED) {
        ctx.out.complain(&format!("could not be read: {part}"));
    }
    all_was_read(&synced.unread)
}

fn all_was_read(unread: &[String]) -> Result<(), Failure> {
    match unread.len() as u64 {
        0 => Ok(()),
        n => Err(Failure::Some(format!(
            "{} could not be read; the rest is here, and what could not be read is tried again",
            count(n, "part")
        ))),
    }
}

/// How far the first look is, with when it ends.
fn far(progress: &Progress, rate: u64) -> String {
    let left = progress.time_left(rate).map_or_else(String::new, |left| {
        let ms = i64::try_from(left.as_millis()).unwrap_or(i64::MAX);
        format!(", about {} left", time_format::span(ms))
    });
    format!(
        "{} of {} users, {} connections{left}",
        progress.looked, progress.users, progress.connections
    )
}

async fn status(ctx: &mut Context) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let status = ops.must_be_live().await?;
    if !ctx.out.for_people() {
        return ctx.out.document(&documents::live(&status));
    }
    print(ctx, &ops, &status)
}

fn print(ctx: &mut Context, ops: &Ops, status: &LiveStatus) -> Result<(), Failure> {
    const WIDE: usize = 12;
    let (out, now) = (&mut ctx.out, ops.now());
    let (platform, progress) = (&status.platform, &status.progress);
    out.field(
        WIDE,
        "platform",
        format!("{} [{}]", safe(&platform.address), status.environment),
    )?;
    let zone = out.manner.zone;
    let signed_in = match platform.signed_in {
        Some(at) => format!("since {}", zone.full(at)),
        None => "no: `switchboard live login` signs in".into(),
    };
    out.field(WIDE, "signed in", signed_in)?;
    if let Some((what, since, how)) = &platform.trouble {
        let next = platform.next_try.map_or_else(String::new, |at| {
            format!("; next try {}", time_format::until(at, now))
        });
        let since = time_format::ago(*since, now);
        out.field(
            WIDE,
            "trouble",
            format!("{} {since}: {}{next}", what.band(), safe(how)),
        )?;
    }
    if let Some(heard) = platform.heard {
        out.field(WIDE, "heard", time_format::ago(heard, now))?;
    }
    out.field(WIDE, "users", far(progress, platform.rate))?;
    out.field(
        WIDE,
        "details",
        format!("of {}", count(progress.detailed, "connection")),
    )?;
    out.field(
        WIDE,
        "budget",
        format!("{:.1} calls a second", platform.rate as f64 / 1_000.0),
    )?;
    if !platform.lacks.is_empty() {
        let lacks: Vec<&str> = platform.lacks.iter().map(|call| call.word()).collect();
        out.field(WIDE, "not allowed", lacks.join(", "))?;
    }
    if platform.spoiled > 0 {
        out.field(
            WIDE,
            "left out",
            format!(
                "{} that break the contract",
                count(platform.spoiled, "document")
            ),
        )?;
    }
    out.field(
        WIDE,
        "outbox",
        format!(
            "{} open, {} of them not known",
            progress.open, progress.unsure
        ),
    )?;
    Ok(())
}

pub(super) async fn outbox(ctx: &mut Context, open: bool, part: &Part) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let size = async { Ok(Some(ops.outbox_size(open).await?)) };
    paged::print(ctx, &ops, "outbox", part, size, |from, limit| {
        ops.outbox(open, from, limit)
    })
    .await
}
