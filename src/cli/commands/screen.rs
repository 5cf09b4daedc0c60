//! The dashboard: on the database, on a made-up one, and one frame of it as text.

use super::{generate, keys};
use crate::cli::args::WorldArgs;
use crate::cli::context::Context;
use crate::cli::dashboard::open;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::wiring;
use crate::clock::Clock;
use crate::domain::mask::Level;
use crate::engine::Worker;
use crate::ops::{self, Ops};
use crate::store::Mode;
use crate::tui::effect::Subject;
use crate::tui::key::Key;
use crate::tui::shell::{Documents, Ending, Live, Still, still};
use crate::tui::sign::Signs;
use crate::tui::terminal::NoTerminal;
use crate::world::WorldSettings;
use std::io::{IsTerminal as _, stdin, stdout};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Notify;

/// Without a terminal on both ends nothing is drawn, and nothing is made either.
fn needs_a_terminal(ctx: &Context) -> Result<(), Failure> {
    if stdin().is_terminal() && stdout().is_terminal() && ctx.env.draws() {
        return Ok(());
    }
    let instead = "`switchboard connections` lists, `switchboard snapshot` prints one frame";
    Err(Failure::Usage(format!("the dashboard needs a terminal; {instead}")))
}

/// The documents that the screen copies and pages are the commands' own.
fn documents(ops: &Ops) -> Documents {
    let ops = ops.clone();
    Arc::new(move |subject: Subject, level: Level| {
        let ops = ops.clone();
        Box::pin(async move {
            let text = match subject {
                Subject::Connection(id) => {
                    serde_json::to_string_pretty(&documents::detail(&ops.connection(&id, level).await?))
                }
                Subject::Job(id) => serde_json::to_string_pretty(&documents::job(&ops.job(&id).await?)),
            };
            let text = text.map_err(|e| ops::Error::Input(e.to_string()))?;
            Ok(crate::domain::text::escape_json(&text).into_owned())
        })
    })
}

fn signs(ctx: &Context) -> Signs {
    Signs::of(ctx.common.ascii, ctx.env.locale.as_deref(), ctx.env.term.as_deref())
}

fn per_bank(ctx: &Context) -> u32 {
    u32::try_from(ctx.config.limits.per_institution).unwrap_or(u32::MAX)
}

/// The dashboard on the database, which is made where there is none.
pub async fn dashboard(ctx: &mut Context) -> Result<(), Failure> {
    needs_a_terminal(ctx)?;
    let mut ops = if ctx.common.read_only { ctx.reading()? } else { ctx.creating(Clock::system())? };
    ops.caller = Arc::new(ctx.caller("dashboard"));
    let worker = if ctx.common.read_only { None } else { Some(wiring::worker(ctx, &ops, "dashboard").await?) };
    let environment = ctx.config.ui.environment.clone();
    shown(ctx, ops, worker, environment).await
}

async fn shown(ctx: &Context, ops: Ops, worker: Option<Worker>, environment: String) -> Result<(), Failure> {
    let pager = ctx.env.pager.as_ref().map_or_else(|| "less".into(), |p| p.to_string_lossy().into_owned());
    let live = Live {
        documents: documents(&ops),
        clock: ops.clock.clone(),
        ops,
        per_bank: per_bank(ctx),
        keymap: keys::keymap(ctx)?,
        theme: keys::theme(ctx)?,
        signs: signs(ctx),
        environment,
        level: ctx.level(),
        floor: ctx.config.privacy.floor,
        term: ctx.env.term.clone(),
        pager,
        trouble: None,
    };
    match open(live, worker).await {
        Ok(Ending::Quit | Ending::Vanished) => Ok(()),
        Ok(Ending::Signal(ended)) => Err(Failure::Signal(u8::try_from(ended.code() - 128).unwrap_or(15))),
        Err(NoTerminal::Refused(cause)) => {
            Err(Failure::File { what: NoTerminal::Refused(cause.kind().into()).to_string(), cause })
        }
        Err(none) => Err(Failure::Usage(none.to_string())),
    }
}

/// A private folder that goes away with the demo.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("switchboard-demo-{}", Clock::system().fresh_id()));
        let made = std::fs::DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|cause| Failure::File { what: format!("{} cannot be made", path.display()), cause })?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // what cannot be removed lies in the temporary folder, readable by nobody else
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The dashboard on a made-up database, with the sandbox alive behind it.
pub async fn demo(ctx: &mut Context, world: WorldArgs, keep: Option<PathBuf>) -> Result<(), Failure> {
    needs_a_terminal(ctx)?;
    keys::keymap(ctx)?;
    let folder = if keep.is_some() { None } else { Some(Folder::make()?) };
    let path = match (&keep, &folder) {
        (Some(path), _) => path.clone(),
        (None, Some(folder)) => folder.0.join("demo.db"),
        (None, None) => unreachable!("a folder is made when no file is named"),
    };
    let done = play(ctx, world, &path).await;
    drop(folder);
    done
}

async fn play(ctx: &mut Context, world: WorldArgs, path: &Path) -> Result<(), Failure> {
    let at = ctx.common.at.unwrap_or_else(|| Clock::system().now());
    let clock = Clock::starting_at(at);
    let mut ops = ctx.open(path, Mode::Create, clock)?;
    ops.caller = Arc::new(ctx.caller("dashboard"));
    // a kept world goes on where it was
    let making =
        if ops.world().await?.is_none() { Some(make(&ops, generate::settings(world, at)).await?) } else { None };
    let worker = wiring::worker(ctx, &ops, "dashboard").await?;
    let done = shown(ctx, ops, Some(worker), "DEMO".into()).await;
    if let Some(making) = making {
        making.abort();
    }
    done
}

/// Makes up a world in the background; answers when its first people are there, so that the board is not
/// empty when it opens.
async fn make(ops: &Ops, settings: WorldSettings) -> Result<tokio::task::JoinHandle<ops::Result<()>>, Failure> {
    let begun = Arc::new(Notify::new());
    let (making, first) = (ops.clone(), begun.clone());
    let mut task = tokio::spawn(async move {
        let made = making.generate(settings, |_| first.notify_one()).await.map(|_| ());
        first.notify_one();
        made
    });
    begun.notified().await;
    if task.is_finished() {
        (&mut task).await.map_err(|_| crate::store::Error::Closed)??;
        return Ok(tokio::spawn(std::future::ready(Ok(()))));
    }
    Ok(task)
}

/// One frame of the dashboard; keys that start jobs have them run here.
pub async fn snapshot(ctx: &mut Context, size: (u16, u16), keys: &str, roles: bool) -> Result<(), Failure> {
    let keys = Key::parse_all(keys).map_err(|bad| Failure::Usage(format!("--keys: {bad}")))?;
    let acts = !keys.is_empty() && !ctx.common.read_only;
    let mode = if acts { Mode::Write } else { Mode::Read };
    let ops = ctx.open(&ctx.places.database()?, mode, ctx.clock())?;
    let worker = if acts { Some(wiring::worker(ctx, &ops, "dashboard").await?) } else { None };
    let frame = still(Still {
        documents: documents(&ops),
        ops,
        per_bank: per_bank(ctx),
        keymap: keys::keymap(ctx)?,
        signs: signs(ctx),
        environment: ctx.config.ui.environment.clone(),
        level: ctx.level(),
        floor: ctx.config.privacy.floor,
        size,
        keys,
        roles,
    })
    .await;
    if let Some(worker) = worker {
        worker.stop().await;
    }
    let frame = frame?;
    if ctx.out.for_people() {
        return ctx.out.text(&if frame.ends_with('\n') { frame } else { format!("{frame}\n") });
    }
    let (columns, rows) = size;
    ctx.out.document(&serde_json::json!({"type": "snapshot", "columns": columns, "rows": rows, "frame": frame}))
}
