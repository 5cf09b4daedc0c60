//! One thread owns the writing connection and several own a reading one each. Writes that wait together share a commit,
//! each in its own savepoint. A write begins with `BEGIN IMMEDIATE`, waits for other processes inside SQLite, then with
//! jittered pauses, and gives up after [`PATIENCE`].

use crate::store::error::{Error, Result, repeated};
use rusqlite::{Connection, InterruptHandle};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

const SHARED: usize = 64;

/// Work for the writer: runs inside the transaction and is told its result.
pub(crate) trait WriteJob: Send {
    /// Runs in its own savepoint; `false` rolls it back.
    fn run(&mut self, conn: &Connection) -> bool;
    /// Called once, after the commit or its failure.
    fn done(self: Box<Self>, committed: Result<()>);
}

pub(crate) type ReadJob = Box<dyn FnOnce(&Connection) + Send>;

pub(crate) struct Around {
    /// Runs inside the transaction, right before the commit.
    pub(crate) before: Box<dyn Fn() -> Result<()> + Send>,
    /// Runs after a successful commit; not when there was nothing to commit.
    pub(crate) after: Box<dyn Fn(&Connection) + Send>,
}

/// Starts a thread; the system may refuse one more to this process or its user.
fn start<T: Send + 'static>(
    name: String,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>> {
    let builder = std::thread::Builder::new().name(name);
    builder.spawn(work).map_err(Error::Threads)
}

/// Work that blocks, on a thread of its own. It begins at once.
pub(crate) struct Apart<T>(oneshot::Receiver<T>);

impl<T: Send + 'static> Apart<T> {
    pub(crate) fn start(name: &str, work: impl FnOnce() -> T + Send + 'static) -> Result<Self> {
        let (reply, answer) = oneshot::channel();
        start(name.into(), move || {
            // who does not wait any more needs no answer
            let _ = reply.send(work());
        })?;
        Ok(Self(answer))
    }

    pub(crate) async fn end(self) -> Result<T> {
        self.0.await.map_err(|_| Error::Panicked)
    }
}

/// Runs work that blocks on a thread of its own.
pub(crate) async fn apart<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    Apart::start(name, work)?.end().await?
}

pub(crate) struct Writer {
    send: Option<mpsc::SyncSender<Box<dyn WriteJob>>>,
    thread: Option<JoinHandle<Connection>>,
}

impl Writer {
    pub(crate) fn start(conn: Connection, around: Around) -> Result<Self> {
        let (send, receive) = mpsc::sync_channel::<Box<dyn WriteJob>>(1024);
        let thread = start("store-writer".into(), move || {
            while let Ok(first) = receive.recv() {
                let mut jobs = vec![first];
                while jobs.len() < SHARED
                    && let Ok(more) = receive.try_recv()
                {
                    jobs.push(more);
                }
                commit(&conn, jobs, &around);
            }
            conn
        })?;
        Ok(Self {
            send: Some(send),
            thread: Some(thread),
        })
    }

    /// Sends work; blocks while a thousand writes wait.
    pub(crate) fn send(&self, job: Box<dyn WriteJob>) {
        let refused = match &self.send {
            Some(send) => send.send(job).map_err(|e| e.0),
            None => Err(job),
        };
        if let Err(job) = refused {
            job.done(Err(Error::Closed));
        }
    }
}

impl Writer {
    /// Finishes the writes that wait and gives the connection back.
    pub(crate) fn stop(mut self) -> Option<Connection> {
        self.send = None;
        // a panic in a closure was reported where it happened
        self.thread.take()?.join().ok()
    }
}

fn commit(conn: &Connection, mut jobs: Vec<Box<dyn WriteJob>>, around: &Around) {
    let ended = together(conn, &mut jobs, around);
    if ended.is_err() && !conn.is_autocommit() {
        // only the first failure is reported; SQLite rolls back on close at the latest
        let _ = conn.execute_batch("ROLLBACK");
    }
    if matches!(ended, Ok(true)) {
        (around.after)(conn);
    }
    for job in jobs {
        job.done(match &ended {
            Ok(_) => Ok(()),
            Err(e) => Err(repeated(e)),
        });
    }
}

/// Runs the jobs in one transaction; `false` when there was nothing to commit.
fn together(conn: &Connection, jobs: &mut [Box<dyn WriteJob>], around: &Around) -> Result<bool> {
    let start = Instant::now();
    let shared = jobs.len() > 1;
    begin(conn)?;
    let mut kept = false;
    for job in jobs {
        if shared {
            conn.execute_batch("SAVEPOINT one")?;
        }
        // a closure that panics has failed; the thread goes on
        let keep = catch_unwind(AssertUnwindSafe(|| job.run(conn))).unwrap_or(false);
        if conn.is_autocommit() {
            // a full disk and similar errors end the whole transaction inside SQLite
            return Err(Error::Busy {
                waited: start.elapsed(),
            });
        }
        match (shared, keep) {
            (true, true) => conn.execute_batch("RELEASE one")?,
            (true, false) => conn.execute_batch("ROLLBACK TO one; RELEASE one")?,
            (false, _) => {}
        }
        kept |= keep;
    }
    if !kept {
        conn.execute_batch("ROLLBACK")?;
        return Ok(false);
    }
    (around.before)()?;
    conn.execute_batch("COMMIT")?;
    Ok(true)
}

fn begin(conn: &Connection) -> Result<()> {
    patiently(|| Ok(conn.execute_batch("BEGIN IMMEDIATE")?))
}

/// Repeats work that finds the file locked by other processes, with jittered pauses, up to [`PATIENCE`].
#[expect(
    clippy::disallowed_methods,
    reason = "the writer's own thread, which has nothing to do until the lock is free"
)]
pub(crate) fn patiently<T>(mut work: impl FnMut() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(5);
    loop {
        match work() {
            Err(Error::Busy { .. }) if start.elapsed() < PATIENCE => {
                // jitter from the low digits of the clock, so that processes do not collide again
                let jitter =
                    u64::from(start.elapsed().subsec_nanos()) % (pause.as_millis() as u64 + 1);
                std::thread::sleep(pause / 2 + Duration::from_millis(jitter));
                pause = (pause * 2).min(Duration::from_millis(250));
            }
            Err(Error::Busy { .. }) => {
                return Err(Error::Busy {
                    waited: start.elapsed(),
                });
            }
            other => return other,
        }
    }
}

/// The reading threads: each is started with its connection when first needed.
pub(crate) struct Readers {
    open: Box<dyn Fn() -> Result<Connection> + Send + Sync>,
    lanes: Vec<Mutex<Option<Started>>>,
    turn: AtomicU64,
}

struct Started {
    send: mpsc::Sender<ReadJob>,
    interrupt: Arc<InterruptHandle>,
    thread: JoinHandle<()>,
}

impl Readers {
    /// `lanes` readers, opened by `open`. Lane 0 is the one whose query a newer one interrupts.
    pub(crate) fn new(
        lanes: usize,
        open: Box<dyn Fn() -> Result<Connection> + Send + Sync>,
    ) -> Self {
        Self {
            open,
            lanes: (0..lanes.max(2)).map(|_| Mutex::default()).collect(),
            turn: AtomicU64::new(0),
        }
    }

    /// Sends work to the lanes in turn, except to the first.
    pub(crate) fn send(&self, job: ReadJob) -> Result<()> {
        let lane = 1 + self.turn.fetch_add(1, Ordering::Relaxed) as usize % (self.lanes.len() - 1);
        self.send_to(lane, job)
    }

    /// Sends work to the first lane and interrupts the query that runs there.
    pub(crate) fn overtake(&self, job: ReadJob) -> Result<()> {
        if let Some(started) = &*self.lanes[0].lock().expect("no lane's lock is poisoned") {
            started.interrupt.interrupt();
        }
        self.send_to(0, job)
    }

    fn send_to(&self, lane: usize, job: ReadJob) -> Result<()> {
        let mut slot = self.lanes[lane].lock().expect("no lane's lock is poisoned");
        if slot.is_none() {
            let conn = (self.open)()?;
            let interrupt = Arc::new(conn.get_interrupt_handle());
            let (send, receive) = mpsc::channel::<ReadJob>();
            let thread = start(format!("store-reader-{lane}"), move || {
                while let Ok(job) = receive.recv() {
                    // after a panic the caller gets no answer; the lane takes the next work
                    let _ = catch_unwind(AssertUnwindSafe(|| job(&conn)));
                }
            })?;
            *slot = Some(Started {
                send,
                interrupt,
                thread,
            });
        }
        slot.as_ref()
            .expect("started above")
            .send
            .send(job)
            .map_err(|_| Error::Closed)
    }
}

impl Readers {
    /// Ends every query and closes every connection.
    pub(crate) fn stop(&mut self) {
        for lane in &mut self.lanes {
            if let Some(started) = lane.get_mut().expect("no lane's lock is poisoned").take() {
                started.interrupt.interrupt();
                drop(started.send);
                // a panic was reported where it happened
                let _ = started.thread.join();
            }
        }
    }
}
