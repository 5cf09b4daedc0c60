//! `live sync`: reads until everything was read once, or one user anew, and says how far it is. What was read before it
//! was cut off is not read again.

use super::client::Error;
use super::platform::{Platform, Silent};
use super::reading::{self, Unread};
use crate::domain::ids::UserId;
use crate::domain::live::{Progress, Task, Trouble};
use crate::ops::{self, Ops};
use futures::stream::{FuturesUnordered, StreamExt as _};
use std::time::Duration;

/// How many things are read at a time.
const READERS: usize = 4;

/// How often a platform that is silent is waited for before this gives up.
const PATIENCE: u32 = 5;

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Synced {
    pub(crate) progress: Progress,
    /// Users that were read.
    pub(crate) users: u64,
    /// Which parts could not be read, and why; nothing personal.
    pub(crate) unread: Vec<String>,
}

/// Reads what was not read yet and whom events name; with `user` that one anew; with `all` everybody.
pub(crate) async fn sync(
    ops: &Ops,
    user: Option<&UserId>,
    all: bool,
    mut told: impl FnMut(&Progress, u64),
) -> Result<Synced, Error> {
    let ops = ops.clone().with_caller(super::Duty::caller());
    let status = ops.must_be_signed_in().await?;
    let platform = Platform::new(&ops, &status.address, status.host())?;
    let (mut users, mut unread) = (0, Unread::new());
    match user {
        Some(user) => {
            ops.live_stale(user).await?;
            let mut tasks = vec![Task::Look(user.clone()), Task::Know(user.clone())];
            for id in ops.live_connections(user).await? {
                tasks.push(Task::Details(id));
            }
            for task in tasks {
                unread.extend(read(&platform, task).await?);
            }
            // connections that were found just now
            for id in ops.live_connections(user).await? {
                unread.extend(read(&platform, Task::Details(id)).await?);
            }
            users = 1;
        }
        None => {
            if all {
                ops.all_live_stale().await?;
            }
            for task in [Task::Connectors, Task::Events] {
                unread.extend(read(&platform, task).await?);
            }
            loop {
                let tasks = ops.live_backlog(READERS * 8).await?;
                if tasks.is_empty() {
                    break;
                }
                users += tasks
                    .iter()
                    .filter(|task| matches!(task, Task::Look(_)))
                    .count() as u64;
                let mut rest = tasks.into_iter();
                let mut under_way = FuturesUnordered::new();
                loop {
                    while under_way.len() < READERS
                        && let Some(task) = rest.next()
                    {
                        under_way.push(read(&platform, task));
                    }
                    let Some(done) = under_way.next().await else {
                        break;
                    };
                    unread.extend(done?);
                    let status = ops.must_be_live().await?;
                    told(&status.progress, status.platform.rate);
                }
            }
        }
    }
    Ok(Synced {
        progress: ops.must_be_live().await?.progress,
        users,
        unread,
    })
}

/// Reads one thing; a platform that is silent is waited for, a few times.
async fn read(platform: &Platform, task: Task) -> Result<Unread, Error> {
    let mut tried = 0;
    loop {
        tried += 1;
        let (said, again) = match reading::run(platform, &task).await {
            Ok(unread) => return Ok(unread),
            Err(Silent::Ops(ops::Error::Store(error))) => {
                return Err(ops::Error::Store(error).into());
            }
            Err(Silent::Ops(error)) => return Err(error.into()),
            Err(Silent::NotSent { said, again }) => (said, again),
            Err(Silent::Lost { said, .. }) => (said, platform.ops.now().plus_ms(1_000)),
        };
        let wait = again.since(platform.ops.now());
        if tried > PATIENCE || wait > 60_000 {
            return Err(given_up(platform, said).await?);
        }
        // the platform said when it may be asked again
        tokio::time::sleep(Duration::from_millis(wait.max(0).unsigned_abs())).await;
    }
}

/// Why the platform is not waited for any longer.
async fn given_up(platform: &Platform, said: String) -> Result<Error, Error> {
    let now = platform.ops.must_be_signed_in().await?;
    let host = now.host().to_owned();
    Ok(match now.trouble {
        Some((Trouble::SignedOut, _, said)) => Error::KeyRefused { host, said },
        _ => Error::Unreachable { host, why: said },
    })
}
