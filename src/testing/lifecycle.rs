//! A test world: a file in a folder of its own, the sandbox banks without delay, and a worker.

use crate::clock::Clock;
use crate::connector::Bank;
use crate::connector::sandbox::{Sandbox, SandboxSettings};
use crate::domain::bank_data::Credentials;
use crate::domain::connection::Method;
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::import_records::UserRecord;
use crate::domain::job::{Job, State};
use crate::domain::limits::Limits;
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::engine::Worker;
use crate::ops::{Caller, Error, NewLink, Ops, outage_now};
use crate::store::{Mode, Store};
use std::sync::Arc;
use std::time::Duration;

pub(crate) const AT: &str = "2026-03-10T09:41:07Z";

pub(crate) struct Rig {
    _dir: tempfile::TempDir,
    pub(crate) ops: Ops,
    pub(crate) clock: Clock,
    pub(crate) limits: Limits,
}

/// Logins that the first sandbox bank lets in without a question.
pub(crate) const LOGINS: [(&str, &str); 6] = [
    ("jared", "django"),
    ("richard", "tabsnotspaces"),
    ("Whistler", "ShowBox"),
    ("Gilfoyle", "PiedPiper"),
    ("ashMann", "hooli2024"),
    ("gavinBelson", "hooli2016"),
];

impl Rig {
    pub(crate) async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(Moment::parse(AT).unwrap());
        let store = Store::open(&dir.path().join("w.db"), Mode::Create, &clock).unwrap();
        let caller = Caller {
            zone: crate::domain::zone::Zone::UTC,
            actor: "tester".into(),
            face: "command",
            role: crate::domain::access::Role::Admin,
        };
        let ops = Ops::new(store.clone(), clock.clone(), caller, Limits::default());
        let now = clock.now();
        store
            .write(move |tx| -> Result<(), Error> {
                for institution in Sandbox::institutions() {
                    tx.put_institution(&institution)?;
                }
                for name in ["Ada Lovelace", "Grace Hopper"] {
                    tx.put_user(&user(name), now)?;
                }
                Ok(())
            })
            .await
            .unwrap();
        Self {
            _dir: dir,
            ops,
            clock,
            limits,
        }
    }

    /// The sandbox's banks, without delay, with the outages in the file.
    pub(crate) fn bank(&self) -> Sandbox {
        let store = self.ops.store.clone();
        Sandbox::new(SandboxSettings {
            speed: 0.0,
            seed: 7,
        })
        .with_outages(Arc::new(move |institution, now| {
            outage_now(&store, institution, now)
        }))
    }

    pub(crate) fn worker_at(&self, bank: Arc<dyn Bank>) -> Worker {
        Worker::start(
            self.ops.store.clone(),
            bank,
            self.clock.clone(),
            self.limits.clone(),
            "test",
        )
    }

    /// Connects and runs until nothing is left to do.
    /// Connections at the first sandbox bank, one by each login.
    pub(crate) async fn connect_each(&self, logins: &[(&str, &str)]) -> Vec<ConnectionId> {
        let mut all = vec![];
        for (login, password) in logins {
            all.push(self.connect("AU00000", login, password).await.connection);
        }
        all
    }

    pub(crate) async fn connect(&self, bank: &str, login: &str, password: &str) -> Job {
        let job = self.ops.connect(link(bank, login, password)).await.unwrap();
        self.clock.advance(Duration::from_secs(1));
        self.work().await;
        self.ops.job(&job.id).await.unwrap()
    }

    pub(crate) async fn work(&self) {
        self.work_at(Arc::new(self.bank())).await;
    }

    /// Runs until nothing is left to do, at this bank.
    pub(crate) async fn work_at(&self, bank: Arc<dyn Bank>) {
        let worker = self.worker_at(bank);
        if tokio::time::timeout(Duration::from_secs(60), worker.until_idle())
            .await
            .is_err()
        {
            let (trouble, now) = (worker.trouble().borrow().clone(), self.clock.now());
            let open = self.ops.store.read(move |rd| -> Result<_, Error> {
                let due = |state| rd.due_jobs(state, now, now.plus_ms(1), 9);
                Ok((
                    rd.open_jobs()?,
                    rd.running()?,
                    rd.purging()?,
                    due(State::Queued)?,
                    due(State::Running)?,
                ))
            });
            panic!(
                "the work does not end: {trouble:?}, at {now} {:#?}",
                open.await.unwrap()
            );
        }
        worker.stop().await;
    }

    pub(crate) async fn row(&self, id: &ConnectionId) -> ConnectionRow {
        let id = id.clone();
        self.ops
            .store
            .read(move |rd| -> Result<_, Error> { Ok(rd.connection(&id)?.unwrap()) })
            .await
            .unwrap()
    }

    pub(crate) async fn healthy(&self) {
        let health = self
            .ops
            .store
            .read(|rd| -> Result<_, Error> { Ok(rd.health()?) })
            .await
            .unwrap();
        assert!(health.ok(), "{health:#?}");
    }
}

pub(crate) fn user(name: &str) -> UserRecord {
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    UserRecord {
        id: UserId::from(format!("user-{}", first.to_lowercase())),
        name: name.into(),
        first_name: first.into(),
        middle_name: String::new(),
        last_name: last.into(),
        email: Some(
            format!("{}@example.test", first.to_lowercase())
                .as_str()
                .into(),
        ),
        mobile: Some("+61400111222".into()),
        created: None,
    }
}

pub(crate) fn link(bank: &str, login: &str, password: &str) -> NewLink {
    NewLink {
        user: "user-ada".into(),
        institution: bank.into(),
        method: Method::Web,
        credentials: Some(Credentials {
            login: login.into(),
            password: password.into(),
            ..Default::default()
        }),
    }
}
