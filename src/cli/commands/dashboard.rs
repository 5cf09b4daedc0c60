//! The dashboard on the database, on made-up data (`demo`), and one frame of it as text (`snapshot`).

use crate::cli::args::WorldArgs;
use crate::cli::board_files::{BoardState, board_left, board_state, saved_views};
use crate::cli::commands::generate;
use crate::cli::commands::look::{Look, asks_background, themes};
use crate::cli::commands::troubles::Troubles;
use crate::cli::context::{self, Context};
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::start_worker;
use crate::clock::Clock;
use crate::domain::mask::Level;
use crate::ops::{Maintenance, Ops};
use crate::store::{self, Mode, Store};
use crate::tui::effect::Subject;
use crate::tui::event::{Event, Trouble};
use crate::tui::model::Environment;
use crate::tui::runtime::{self, Dashboard, Documents, Ending, Snapshot, run};
use crate::tui::terminal::NoTerminal;
use crate::tui::terminal::key::Key;
use crate::tui::terminal::restore;
use crate::world::WorldSettings;
use std::io::{IsTerminal as _, stdin, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

fn needs_a_terminal(ctx: &Context) -> Result<(), Failure> {
    if stdin().is_terminal() && stdout().is_terminal() && ctx.env.draws() {
        return Ok(());
    }
    Err(Failure::Usage(
        "the dashboard needs a terminal; `switchboard connections` lists, `switchboard snapshot` prints one frame"
            .into(),
    ))
}

pub(crate) async fn dashboard(ctx: &mut Context) -> Result<(), Failure> {
    needs_a_terminal(ctx)?;
    let (ops, trouble) = open(ctx).await?;
    start_worker::declare_banks(&ops).await?;
    let (tell, news) = unbounded_channel();
    if let Some(trouble) = trouble {
        // sending cannot fail: the receiver is used below
        let _ = tell.send(Event::TroubleChanged(Some(trouble)));
    }
    for warning in context::warnings(&ops.store) {
        let _ = tell.send(Event::Failed(warning));
    }
    let environment = environment(ctx, &ops).await?;
    let state = board_state(ctx, &ctx.places.database()?)?;
    show(ctx, state, true, ops, environment, tell, news).await
}

/// The configured word, or that of the platform's host.
async fn environment(ctx: &Context, ops: &Ops) -> Result<Environment, Failure> {
    let mut word = ctx.config.ui.environment.clone();
    let status = ops.live_status().await?;
    if let Some(status) = status.as_ref().filter(|_| word.is_empty()) {
        word = status.environment.into();
    }
    let platform = status.map(|status| status.platform.host().to_owned());
    Ok(Environment { word, platform })
}

/// Opens the database; for reading only with `--read-only` or when it cannot be written.
async fn open(ctx: &mut Context) -> Result<(Ops, Option<Trouble>), Failure> {
    if ctx.common.read_only {
        let ops = ctx.reading()?.with_caller(ctx.caller("dashboard"));
        let held = ops.held().await?;
        return Ok((ops, held.as_ref().map(runtime::trouble)));
    }
    match ctx.creating(Clock::system()) {
        Ok(ops) => Ok((ops.with_caller(ctx.caller("dashboard")), None)),
        Err(Failure::Ops(crate::ops::Error::Store(store::Error::ReadOnly))) => {
            let ops = ctx.reading()?.with_caller(ctx.caller("dashboard"));
            let trouble = Trouble {
                word: "READ-ONLY".into(),
                what: "the database or its folder cannot be written".into(),
                advice: "You can look; actions are off until it can be written, and the dashboard is opened again."
                    .into(),
                stops_actions: true,
            };
            Ok((ops, Some(trouble)))
        }
        Err(other) => Err(other),
    }
}

pub(crate) async fn demo(
    ctx: &mut Context,
    world: WorldArgs,
    keep: Option<PathBuf>,
) -> Result<(), Failure> {
    needs_a_terminal(ctx)?;
    let folder = Folder::new(keep.as_deref())?;
    let clock = ctx.common.at.map_or_else(Clock::system, Clock::starting_at);
    let store = Store::open(&folder.file, Mode::Create, &clock)?;
    let ops = Ops::new(
        store,
        clock.clone(),
        ctx.caller("dashboard"),
        ctx.config.limits.clone(),
    );
    let (tell, news) = unbounded_channel();
    // a kept world continues where it was
    let filling = match ops.world().await? {
        Some(_) => None,
        None => Some(fill(&ops, generate::settings(world, clock.now()), tell.clone()).await),
    };
    let state = match &keep {
        Some(file) => board_state(ctx, file)?,
        None => None,
    };
    let stays = keep.is_some();
    let demo = Environment {
        word: "DEMO".into(),
        platform: None,
    };
    let shown = show(ctx, state, stays, ops, demo, tell, news).await;
    if let Some(filling) = filling {
        filling.abort();
    }
    shown
}

/// Returns when the first users are there, so that the dashboard does not open empty.
async fn fill(ops: &Ops, settings: WorldSettings, tell: UnboundedSender<Event>) -> JoinHandle<()> {
    let ops = ops.clone();
    let (first, filled) = tokio::sync::oneshot::channel();
    let filling = tokio::spawn(async move {
        let mut first = Some(first);
        let made = ops
            .generate(settings, |_| {
                // after each chunk; the screen may have gone
                let _ = tell.send(Event::Changed);
                if let Some(first) = first.take() {
                    let _ = first.send(());
                }
            })
            .await;
        if let Err(error) = made {
            let _ = tell.send(Event::Failed(error.to_string()));
        }
    });
    // after an error the sender is dropped, and the dashboard opens on what is there and shows the error
    let _ = filled.await;
    filling
}

/// The file of a demo: in a temporary folder that is removed afterwards, or the file of `--keep`.
struct Folder {
    file: PathBuf,
    gone: Option<PathBuf>,
}

impl Folder {
    fn new(keep: Option<&Path>) -> Result<Self, Failure> {
        if let Some(file) = keep {
            return Ok(Self {
                file: file.into(),
                gone: None,
            });
        }
        let folder =
            std::env::temp_dir().join(format!("switchboard-demo-{}", Clock::system().fresh_id()));
        std::fs::DirBuilder::new()
            .create(&folder)
            .map_err(|cause| Failure::File {
                what: format!("{} cannot be created", folder.display()),
                cause,
            })?;
        Ok(Self {
            file: folder.join("demo.db"),
            gone: Some(folder),
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(folder) = &self.gone {
            // a folder that cannot be removed is left to the system
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

async fn show(
    ctx: &mut Context,
    state: Option<BoardState>,
    stays: bool,
    ops: Ops,
    environment: Environment,
    tell: UnboundedSender<Event>,
    news: UnboundedReceiver<Event>,
) -> Result<(), Failure> {
    let look = Look::of(ctx)?;
    let saying = tell.clone();
    let worker = if ops.store.read_only() {
        None
    } else {
        Some(start_worker::worker(ctx, &ops, "dashboard").await?)
    };
    let upkeep = worker.is_some().then(|| Maintenance::start(&ops));
    if let (Some(worker), Some(upkeep)) = (&worker, &upkeep) {
        if let Some(words) = unfinished(&ops).await? {
            // the screen may have gone
            let _ = tell.send(Event::Failed(words));
        }
        tokio::spawn(Troubles::of(&ops, worker, upkeep).told(tell));
    }
    let (kept, wrong) = state.as_ref().map(BoardState::read).unwrap_or_default();
    if let Some(wrong) = wrong {
        let _ = saying.send(Event::Failed(wrong));
    }
    let themed = kept
        .as_ref()
        .is_some_and(|kept| kept.settings.theme.is_some());
    let asks_background = !themed && asks_background(ctx);
    let dashboard = Dashboard {
        views: saved_views(ctx)?.map(|file| Arc::new(file) as _),
        kept,
        stays,
        clock: ops.clock.clone(),
        documents: documents(&ops),
        settings: look.settings(ctx, environment),
        theme: look.theme,
        themes: themes(ctx),
        term: ctx.env.term.clone(),
        pager: pager(ctx),
        mouse: ctx.config.ui.mouse,
        asks_background,
        base_url: ctx.config.api.base_url.clone(),
        ops,
    };
    let ops = dashboard.ops.clone();
    let store = ops.store.clone();
    let left = run(dashboard, news).await;
    // a person pressed a key just now; whatever else ends it may come at night
    if matches!(&left, Ok(left) if left.ending == Ending::Quit) && !store.read_only() {
        // if it cannot be kept, the next sitting tells of more than was missed
        let _ = ops.looks().await;
    }
    if let Some(worker) = worker {
        worker.stop().await;
    }
    if let Some(panic) = restore::panics().into_iter().next() {
        return Err(Failure::Panicked(panic));
    }
    if let Ok(left) = &left {
        board_left(ctx, state, left)?;
    }
    match left.map(|left| left.ending) {
        Ok(Ending::Quit) => Ok(()),
        Ok(Ending::Signal(ended)) => Err(Failure::Signal(
            u8::try_from(ended.code() - 128).unwrap_or(1),
        )),
        Ok(Ending::Moved) => Err(store.moved().await.into()),
        // the terminal hung up
        Ok(Ending::Vanished) => Err(Failure::Signal(1)),
        Err(NoTerminal::NeedsTerminal) => {
            Err(Failure::Usage(NoTerminal::NeedsTerminal.to_string()))
        }
        Err(NoTerminal::Refused(cause)) => Err(Failure::File {
            what: "the terminal".into(),
            cause,
        }),
    }
}

async fn unfinished(ops: &Ops) -> Result<Option<String>, Failure> {
    let open = ops.open_workflows().await?;
    let Some(first) = open.first() else {
        return Ok(None);
    };
    let more = if open.len() > 1 {
        format!(", and {} more", open.len() - 1)
    } else {
        String::new()
    };
    let user = first.user.as_ref().map_or("", |id| id.short());
    let what = format!("{} {user}", first.kind.words());
    Ok(Some(format!(
        "Not finished yet: {what}{more}; it resumes by itself; see `switchboard sequences`."
    )))
}

pub(crate) async fn snapshot(
    ctx: &mut Context,
    size: (u16, u16),
    typed: &str,
    roles: bool,
) -> Result<(), Failure> {
    let keys = Key::parse_all(typed).map_err(|bad| Failure::Usage(bad.to_string()))?;
    let look = Look::of(ctx)?;
    let acts = !keys.is_empty() && !ctx.common.read_only && ctx.common.at.is_none();
    let ops = if acts { ctx.writing()? } else { ctx.reading()? };
    let worker = if acts {
        Some(start_worker::worker(ctx, &ops, "snapshot").await?)
    } else {
        None
    };
    let environment = environment(ctx, &ops).await?;
    let frame = runtime::snapshot(Snapshot {
        documents: documents(&ops),
        settings: look.settings(ctx, environment),
        size,
        keys,
        read_only: ctx.common.read_only,
        roles,
        ops,
    })
    .await;
    if let Some(worker) = worker {
        worker.stop().await;
    }
    ctx.out.text(&frame?)
}

/// The masked documents of the commands, for pager and clipboard.
fn documents(ops: &Ops) -> Documents {
    let ops = ops.clone();
    Arc::new(move |subject: Subject, level: Level| {
        let ops = ops.clone();
        Box::pin(async move {
            let text = match subject {
                Subject::Connection(id) => {
                    documents::pretty(&documents::detail(&ops.connection(&id, level).await?))
                }
                Subject::Job(id) => documents::pretty(&documents::job(&ops.job(&id).await?)),
            };
            Ok(text)
        })
    })
}

fn pager(ctx: &Context) -> String {
    let set = ctx
        .env
        .pager
        .as_ref()
        .and_then(|p| p.to_str())
        .filter(|p| !p.trim().is_empty());
    set.unwrap_or("less -R").to_owned()
}
