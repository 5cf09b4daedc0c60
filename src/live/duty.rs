//! The task beside each lasting worker: of all processes of a file one reads the platform and sends what is in the outbox.
//! Which one is a lease in the file.

use super::platform::{Platform, Silent};
use super::{acts, reading};
use crate::domain::access::Role;
use crate::domain::live::Task;
use crate::domain::moment::Moment;
use crate::domain::zone::Zone;
use crate::ops::{Caller, Error, Ops};
use futures::future::{BoxFuture, FutureExt as _};
use futures::stream::{FuturesUnordered, StreamExt as _};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long the process that reads and sends is trusted without a sign of life; a worker with a shorter lease gets that.
const LEASE: Duration = Duration::from_secs(15);

/// How often is looked whether something is due, also for what other processes write.
const LOOK: Duration = Duration::from_millis(500);

/// How many things are read at a time. The budget decides how fast; this covers slow answers.
const READERS: usize = 4;

/// How many acts are under way at a time.
const SENDERS: usize = 4;

/// How long an act that was sent may take when this process ends.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Dropping it stops it; a call that was sent is looked up by whoever comes next.
pub(crate) struct Duty {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    trouble: watch::Receiver<Option<String>>,
}

impl Duty {
    pub(crate) fn caller() -> Caller {
        Caller {
            zone: Zone::UTC,
            actor: "platform".into(),
            face: "worker",
            role: Role::Admin,
        }
    }

    /// Does nothing on a file that mirrors no platform, until somebody signs in.
    pub(crate) fn start(ops: &Ops) -> Self {
        let ops = ops.clone().with_caller(Self::caller());
        let (stop, stopped) = watch::channel(false);
        let (told, trouble) = watch::channel(None);
        Self {
            stop,
            task: tokio::spawn(keep(ops, stopped, told)),
            trouble,
        }
    }

    /// The last error of this process, while it lasts.
    pub(crate) fn trouble(&self) -> watch::Receiver<Option<String>> {
        self.trouble.clone()
    }

    /// Ends what was sent, and lets another process go on at once.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        // what is not over by then is looked up later
        let _ = tokio::time::timeout(LAST_WORDS * 2, &mut self.task).await;
    }
}

impl Drop for Duty {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep(ops: Ops, mut stopped: watch::Receiver<bool>, told: watch::Sender<Option<String>>) {
    let who = ops.clock_id();
    while !*stopped.borrow() {
        match turn(&ops, &who, &mut stopped).await {
            Ok(()) => {
                told.send_if_modified(|told| told.take().is_some());
            }
            Err(error) => {
                told.send_replace(Some(error.to_string()));
            }
        }
        tokio::select! {
            _ = stopped.changed() => {}
            // another process may stop, and other processes sign in
            () = tokio::time::sleep(LOOK * 2) => {}
        }
    }
}

/// The lease of this process, and how often it looks whether something is due.
fn pace(ops: &Ops) -> (Duration, Duration) {
    let lease = LEASE.min(ops.limits.lease);
    (lease, LOOK.min(lease / 4))
}

/// Reads and sends as long as this process is the one that does.
async fn turn(ops: &Ops, who: &str, stopped: &mut watch::Receiver<bool>) -> Result<(), Error> {
    let Some(status) = ops.live_status().await? else {
        return Ok(());
    };
    let (address, host) = (
        status.platform.address.clone(),
        status.platform.host().to_owned(),
    );
    let (lease, look) = pace(ops);
    if status.platform.signed_in.is_none() || !ops.lead(who, ops.now().plus(lease)).await? {
        return Ok(());
    }
    let platform = match Platform::new(ops, &address, &host) {
        Ok(platform) => platform,
        Err(error) => return Err(Error::Input(error.to_string())),
    };
    // whoever had sent something before is gone
    ops.outbox_taken_over().await?;
    let mut work = Work::new(platform);
    let mut renewed = Instant::now();
    loop {
        if *stopped.borrow() {
            work.end().await;
            break ops.stop_leading(who).await;
        }
        // each renewal is a commit, which every board notices
        if renewed.elapsed() >= lease / 3 {
            match ops.lead(who, ops.now().plus(lease)).await {
                Ok(true) => renewed = Instant::now(),
                Ok(false) => break Ok(()),
                Err(error) => break Err(error),
            }
        }
        if let Err(error) = work.begin(ops).await {
            break Err(error);
        }
        tokio::select! {
            done = work.next() => if let Err(error) = done { break Err(error) },
            _ = stopped.changed() => {}
            // things fall due by the clock, and other processes write
            () = tokio::time::sleep(look) => {}
        }
    }
}

type Done = Result<Option<Task>, (Option<Task>, Error)>;

struct Work {
    platform: Arc<Platform>,
    reads: FuturesUnordered<BoxFuture<'static, Done>>,
    acts: FuturesUnordered<BoxFuture<'static, Done>>,
    reading: HashSet<String>,
}

fn name(task: &Task) -> String {
    format!("{task:?}")
}

impl Work {
    fn new(platform: Arc<Platform>) -> Self {
        Self {
            platform,
            reads: FuturesUnordered::new(),
            acts: FuturesUnordered::new(),
            reading: HashSet::new(),
        }
    }

    /// Begins what is due and has room. While the platform is silent nothing is begun.
    async fn begin(&mut self, ops: &Ops) -> Result<(), Error> {
        let status = ops.must_be_live().await?.platform;
        let now = ops.now();
        let silent = |until: Option<Moment>| until.is_some_and(|until| until > now);
        if silent(status.slowed) || status.trouble.is_some() && silent(status.next_try) {
            return Ok(());
        }
        while self.acts.len() < SENDERS && ops.outbox_is_due().await? {
            let Some((act, answers)) = ops.outbox_claim().await? else {
                break;
            };
            let platform = self.platform.clone();
            let send = async move {
                let done = acts::run(&platform, act, answers).await;
                done.map(|_| None).map_err(|error| (None, error))
            };
            self.acts.push(send.boxed());
        }
        if self.reads.len() >= READERS {
            return Ok(());
        }
        // one thing is asked first of a platform that was silent
        let room = if status.trouble.is_some() { 1 } else { READERS };
        for task in ops.live_tasks(READERS * 2).await? {
            if self.reads.len() >= room {
                break;
            }
            if !self.reading.insert(name(&task)) {
                continue;
            }
            let platform = self.platform.clone();
            let read = async move {
                match reading::run(&platform, &task).await {
                    // of which part and why is told where its users are listed
                    Ok(_) => Ok(Some(task)),
                    // it is told on the screen, and everything waits for the next try
                    Err(Silent::NotSent { .. } | Silent::Lost { .. }) => Ok(Some(task)),
                    Err(Silent::Ops(error)) => Err((Some(task), error)),
                }
            };
            self.reads.push(read.boxed());
        }
        Ok(())
    }

    /// Waits until something has ended.
    async fn next(&mut self) -> Result<(), Error> {
        let done = tokio::select! {
            Some(done) = self.acts.next() => done,
            Some(done) = self.reads.next() => done,
            else => std::future::pending().await,
        };
        let (task, done) = match done {
            Ok(task) => (task, Ok(())),
            Err((task, error)) => (task, Err(error)),
        };
        if let Some(task) = task {
            self.reading.remove(&name(&task));
        }
        done
    }

    /// Waits a little for the answers of what was sent; readings are begun anew by whoever comes next.
    async fn end(&mut self) {
        self.reads.clear();
        let rest = async { while self.acts.next().await.is_some() {} };
        let _ = tokio::time::timeout(LAST_WORDS, rest).await;
    }
}
