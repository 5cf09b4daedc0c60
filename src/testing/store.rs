//! A store in its own temporary folder, for tests.

use crate::clock::Clock;
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::{Batch, InstitutionRecord, UserRecord};
use crate::domain::moment::Moment;
use crate::domain::query::{self, Query, Scope};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::Sort;
use crate::store::{Asker, Error, Mode, ReadTxn, Result, Store, WriteTxn};
use crate::world::{World, WorldSettings};
use std::path::PathBuf;
use std::sync::LazyLock;
use tempfile::TempDir;

/// One runtime for all tests: the answers of the store are futures.
pub(crate) static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts")
});

/// The fixed time of these tests.
pub(crate) fn now() -> Moment {
    Moment::parse("2026-03-10T09:41:07Z").expect("it is a time")
}

/// Who asks filters in these tests, now.
pub(crate) fn asker() -> Asker {
    Asker {
        actor: "tester".into(),
        now: now(),
    }
}

pub(crate) struct TestStore {
    pub(crate) dir: TempDir,
    pub(crate) path: PathBuf,
    pub(crate) store: Store,
}

impl TestStore {
    /// An empty file.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.db");
        let store = Store::open(&path, Mode::Create, &Clock::fixed(now())).unwrap();
        Self { dir, path, store }
    }

    /// A file with a generated world.
    pub(crate) fn with(settings: WorldSettings) -> (Self, Batch) {
        let desk = Self::new();
        let all = whole(settings);
        let batch = all.clone();
        desk.write(move |tx| tx.ingest(&batch, now()));
        (desk, all)
    }

    pub(crate) fn open(&self, mode: Mode) -> Result<Store> {
        Store::open(&self.path, mode, &Clock::fixed(now()))
    }

    pub(crate) fn try_write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&WriteTxn<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        RUNTIME.block_on(self.store.write(work))
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&WriteTxn<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        self.try_write(work).unwrap()
    }

    pub(crate) fn try_read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTxn<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        RUNTIME.block_on(self.store.read(work))
    }

    pub(crate) fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTxn<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        self.try_read(work).unwrap()
    }

    pub(crate) fn list(&self, filter: &str, sort: Sort) -> Vec<ConnectionRow> {
        let filter = asked(filter);
        self.read(move |rd| rd.connection_page(&filter, sort, None, false, 100_000, &asker()))
            .rows
    }

    /// Adds an active web connection of a new user at the first bank.
    pub(crate) fn connection(&self, id: &str) -> ConnectionId {
        let record = connection(id);
        let connection = record.id.clone();
        let batch = Batch {
            institutions: vec![bank("AU00000", "Hooli")],
            users: vec![user(record.user.as_str(), "Gavin Belson")],
            connections: vec![record],
            ..Batch::default()
        };
        self.write(move |tx| tx.ingest(&batch, now()));
        connection
    }

    /// All bytes of every file that belongs to the store.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.store
            .files()
            .all()
            .iter()
            .filter_map(|path| std::fs::read(path).ok())
            .flatten()
            .collect()
    }

    /// A plain SQLite connection to the file.
    pub(crate) fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(&self.path).unwrap()
    }
}

pub(crate) fn settings(connections: u64, transactions_per_account: u32) -> WorldSettings {
    WorldSettings {
        connections,
        seed: 7,
        transactions_per_account,
        at: now(),
        scenario: None,
    }
}

pub(crate) fn whole(settings: WorldSettings) -> Batch {
    let world = World::new(settings);
    let mut all = Batch {
        institutions: world.institutions(),
        ..Batch::default()
    };
    for mut batch in world.batches() {
        all.users.append(&mut batch.users);
        all.connections.append(&mut batch.connections);
        all.accounts.append(&mut batch.accounts);
        all.transactions.append(&mut batch.transactions);
        all.jobs.append(&mut batch.jobs);
        all.events.append(&mut batch.events);
    }
    all
}

pub(crate) fn asked(filter: &str) -> Query {
    query::parse(filter, Scope::Connections).unwrap_or_else(|mistake| panic!("{filter}: {mistake}"))
}

pub(crate) fn bank(id: &str, name: &str) -> InstitutionRecord {
    InstitutionRecord {
        id: InstitutionId::from(id),
        name: name.into(),
        short_name: name.into(),
        kind: "Bank".into(),
        country: "Australia".into(),
        tier: "1".into(),
        connectors: vec![],
    }
}

pub(crate) fn user(id: &str, name: &str) -> UserRecord {
    UserRecord {
        id: UserId::from(id),
        name: name.into(),
        first_name: String::new(),
        middle_name: String::new(),
        last_name: String::new(),
        email: Some("gavin@hooli.example".into()),
        mobile: None,
        created: Some(now()),
    }
}

pub(crate) fn connection(id: &str) -> crate::domain::import_records::ConnectionRecord {
    use crate::domain::connection::{Method, Origin, Status};
    crate::domain::import_records::ConnectionRecord {
        id: id.into(),
        user: UserId::from(format!("user-of-{id}")),
        institution: "AU00000".into(),
        method: Method::Web,
        origin: Origin::Sandbox,
        status: Status::Active,
        ever_active: true,
        since: None,
        created: now(),
        last_used: now(),
        expiry: None,
        mfa_enabled: false,
        profile: None,
        credentials: None,
    }
}

/// Asserts that a store refused with this variant.
#[macro_export]
macro_rules! refused {
    ($result:expr, $pattern:pat) => {{
        let result = $result.map(drop);
        assert!(matches!(result, Err($pattern)), "{result:?}");
    }};
}

/// A failure for closures that have to fail.
pub(crate) fn failure() -> Error {
    Error::Io("on purpose".into())
}
