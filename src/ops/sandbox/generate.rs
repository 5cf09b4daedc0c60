//! Fills a file with generated banks and users, in chunks of one transaction, so that it can be read while it grows and
//! an interruption leaves whole users. One chunk is generated while the one before is written. Not audited.

use crate::domain::import_records::Batch;
use crate::domain::moment::Moment;
use crate::ops::live::not_live;
use crate::ops::{Error, Ops, Result};
use crate::store::{Apart, Ingested, ReadTxn, WriteTxn};
use crate::world::{Scenario, World, WorldSettings};
use std::sync::Arc;
use tokio::sync::mpsc;

/// The keys under which the file keeps the settings of its world.
const SEED: &str = "seed";
const AT: &str = "world at";
const SCENARIO: &str = "scenario";

/// How far back the made-up past is looked at for incidents.
const JUDGED_MS: i64 = 24 * 3_600_000;

/// The cache in megabytes while a world of at least so many connections is written.
const ROOM: [(u64, u32); 2] = [(20_000, 256), (1_000, 64)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) connections: u64,
    pub(crate) of: u64,
    pub(crate) transactions: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WorldFacts {
    /// A sandbox with another seed returns other people's data.
    pub(crate) seed: u64,
    pub(crate) at: Moment,
    pub(crate) scenario: Option<Scenario>,
}

impl Ops {
    /// [`Error::Input`] when the file holds another world. What is in the file already stays as it is.
    pub(crate) async fn generate(
        &self,
        settings: WorldSettings,
        mut progress: impl FnMut(Progress) + Send,
    ) -> Result<Ingested> {
        let now = self.now();
        let world = World::new(settings);
        let banks = Batch {
            institutions: world.institutions(),
            ..Batch::default()
        };
        let mut done: Ingested = self
            .write(move |_, tx| {
                not_live(tx)?;
                claim(tx, settings)?;
                Ok(tx.ingest(&banks, now)?)
            })
            .await?;
        let room = ROOM
            .into_iter()
            .find(|(from, _)| settings.connections >= *from)
            .map(|(_, megabytes)| megabytes);
        if let Some(megabytes) = room {
            self.write(move |_, tx| Ok(tx.bulk(megabytes)?)).await?;
        }
        let (send, mut made) = mpsc::channel::<Batch>(1);
        let maker = Apart::start("world", move || {
            for batch in world.batches() {
                // the writer has failed and reports why
                if send.blocking_send(batch).is_err() {
                    return;
                }
            }
        })?;
        let mut told = Progress {
            connections: 0,
            of: settings.connections,
            transactions: 0,
        };
        while let Some(batch) = made.recv().await {
            told.connections += batch.connections.len() as u64;
            told.transactions += batch.transactions.len() as u64;
            // shared, so that wiping its secrets does not delay the writer
            let batch = Arc::new(batch);
            let written = batch.clone();
            done.add(
                self.write(move |_, tx| Ok(tx.ingest(&written, now)?))
                    .await?,
            );
            progress(told);
        }
        maker.end().await?;
        // the fetches of the made-up past were written, not run
        let at = settings.at;
        self.write(move |_, tx| Ok(tx.judge_past(at.plus_ms(-JUDGED_MS), at)?))
            .await?;
        if room.is_some() {
            self.write(|_, tx| Ok(tx.bulk_done()?)).await?;
        }
        self.store.settle().await?;
        Ok(done)
    }

    pub(crate) async fn world(&self) -> Result<Option<WorldFacts>> {
        self.read(facts).await
    }
}

fn facts(rd: &ReadTxn<'_>) -> Result<Option<WorldFacts>> {
    let seed = rd.meta(SEED)?.and_then(|text| text.parse().ok());
    let at = rd.meta(AT)?.and_then(|text| text.parse().ok()).map(Moment);
    let scenario = rd.meta(SCENARIO)?;
    let scenario = scenario.and_then(|word| Scenario::parse(&word));
    Ok(seed
        .zip(at)
        .map(|(seed, at)| WorldFacts { seed, at, scenario }))
}

/// Stores the settings of the world; a file cannot hold two worlds.
fn claim(tx: &WriteTxn<'_>, settings: WorldSettings) -> Result<()> {
    let wanted = WorldFacts {
        seed: settings.seed,
        at: settings.at,
        scenario: settings.scenario,
    };
    match facts(tx)? {
        Some(held) if held == wanted => Ok(()),
        Some(held) => Err(Error::Input(format!(
            "this file holds the made-up world of seed {} at {}{}; use that seed, time and scenario, or another file",
            held.seed,
            held.at,
            held.scenario
                .map_or_else(String::new, |it| format!(", scenario {}", it.word()))
        ))),
        None => {
            tx.set_meta(SEED, &wanted.seed.to_string())?;
            if let Some(scenario) = wanted.scenario {
                tx.set_meta(SCENARIO, scenario.word())?;
            }
            Ok(tx.set_meta(AT, &wanted.at.0.to_string())?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::domain::limits::Limits;
    use crate::ops::Caller;
    use crate::store::{Mode, Store};
    use std::path::Path;

    fn settings(connections: u64) -> WorldSettings {
        let at = Moment::parse("2026-03-10T09:41:07Z").unwrap();
        WorldSettings {
            connections,
            seed: 7,
            transactions_per_account: 2,
            at,
            scenario: None,
        }
    }

    fn ops(path: &Path, mode: Mode) -> Ops {
        let clock = Clock::fixed(settings(0).at);
        let store = Store::open(path, mode, &clock).unwrap();
        Ops::new(
            store,
            clock,
            Caller {
                zone: crate::domain::zone::Zone::UTC,
                actor: "t".into(),
                face: "command",
                role: crate::domain::access::Role::Admin,
            },
            Limits::default(),
        )
    }

    async fn total(ops: &Ops) -> u64 {
        ops.store
            .read(|rd: &ReadTxn<'_>| -> Result<_> { Ok(rd.total()?) })
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn the_file_can_be_read_while_it_is_filled() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.db");
        let writing = ops(&path, Mode::Create);
        let mut seen: Vec<(Progress, u64)> = vec![];
        let look = |progress: Progress| {
            let path = path.clone();
            let reading = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .build()
                    .unwrap();
                runtime.block_on(async { total(&ops(&path, Mode::Read)).await })
            });
            seen.push((progress, reading.join().unwrap()));
        };
        let done = writing.generate(settings(1_100), look).await.unwrap();
        assert!(seen.len() >= 3, "{seen:?}");
        assert!(
            seen.iter()
                .all(|(progress, held)| progress.connections == *held && progress.of == 1_100),
            "{seen:?}"
        );
        assert!(seen[0].1 < 1_100, "{seen:?}");
        let (last, _) = seen[seen.len() - 1];
        assert_eq!(
            (last.connections, last.transactions),
            (1_100, done.transactions)
        );
        assert_eq!((done.connections, done.unchanged), (1_100, 0));
        let health = writing
            .store
            .read(|rd: &ReadTxn<'_>| rd.health())
            .await
            .unwrap();
        assert!(health.ok(), "{health:?}");
    }

    #[tokio::test]
    async fn generating_twice_adds_nothing_and_resumes_an_interruption() {
        let dir = tempfile::tempdir().unwrap();
        let ops = ops(&dir.path().join("w.db"), Mode::Create);
        let world = World::new(settings(600));
        let (banks, first) = (world.institutions(), world.batches().next().unwrap());
        let held: u64 = first.connections.len() as u64;
        let part = Batch {
            institutions: banks,
            ..first
        };
        let now = ops.now();
        ops.store
            .write(move |tx: &WriteTxn<'_>| tx.ingest(&part, now))
            .await
            .unwrap();
        let rest = ops.generate(settings(600), |_| ()).await.unwrap();
        assert_eq!(rest.connections, 600 - held);
        let again = ops.generate(settings(600), |_| ()).await.unwrap();
        assert_eq!(
            again,
            Ingested {
                unchanged: again.unchanged,
                ..Ingested::default()
            }
        );
        assert_eq!(total(&ops).await, 600);
        let health = ops
            .store
            .read(|rd: &ReadTxn<'_>| rd.health())
            .await
            .unwrap();
        assert!(health.ok(), "{health:?}");
    }

    #[tokio::test]
    async fn a_file_holds_one_world() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.db");
        let ops_ = ops(&path, Mode::Create);
        assert_eq!(ops_.world().await.unwrap(), None);
        ops_.generate(settings(20), |_| ()).await.unwrap();
        let base = settings(20);
        for other in [
            WorldSettings { seed: 8, ..base },
            WorldSettings {
                at: base.at.plus_ms(1),
                ..base
            },
            WorldSettings {
                scenario: Some(Scenario::Outage),
                ..base
            },
        ] {
            let refused = ops_.generate(other, |_| panic!("nothing is written")).await;
            assert!(
                matches!(&refused, Err(Error::Input(text)) if text.contains("seed 7")),
                "{refused:?}"
            );
        }
        let facts = WorldFacts {
            seed: 7,
            at: base.at,
            scenario: None,
        };
        assert_eq!(ops(&path, Mode::Read).world().await.unwrap(), Some(facts));
        assert_eq!(total(&ops_).await, 20);
    }

    #[tokio::test]
    async fn outages_of_a_scenario_are_incidents_that_hit_the_planted_set() {
        for (scenario, banks) in [
            (None, 0),
            (Some(Scenario::Outage), 1),
            (Some(Scenario::ThreeBanks), 3),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let ops = ops(&dir.path().join("w.db"), Mode::Create);
            let settings = WorldSettings {
                scenario,
                ..settings(1_500)
            };
            ops.generate(settings, |_| ()).await.unwrap();
            let found = ops.incidents(None, 50).await.unwrap().rows;
            assert_eq!(found.len(), banks, "{scenario:?}: {found:?}");
            let began = settings.at.plus_ms(-31 * 60_000 - 7_000);
            for incident in found {
                assert_eq!(incident.ended, None, "{incident:?}");
                let late = incident.started.since(began);
                assert!((0..600_000).contains(&late), "{incident:?}");
                let shown = ops.incident(&incident.number.to_string()).await.unwrap();
                let text = format!(
                    "bank={} via:web state:waiting-retry error:{}",
                    incident.institution,
                    incident.code.as_deref().unwrap()
                );
                let query = crate::domain::query::parse(&text, Default::default()).unwrap();
                let (mut planted, whole) = ops.ids(query, 10_000).await.unwrap();
                let mut hit: Vec<_> = shown.hit.into_iter().map(|(id, _)| id).collect();
                planted.sort();
                hit.sort();
                assert!(whole && hit.len() >= 10, "{}", hit.len());
                let unplanted: Vec<_> = hit.iter().filter(|id| !planted.contains(id)).collect();
                assert!(unplanted.is_empty(), "{scenario:?}: {unplanted:?}");
                // the first connections of others may wait for a retry since before 09:10
                let missed = planted.iter().filter(|id| !hit.contains(id)).count();
                assert!(missed <= 1, "{scenario:?}: {missed} of {}", planted.len());
            }
        }
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_written_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.db");
        drop(ops(&path, Mode::Create));
        let refused = ops(&path, Mode::Read).generate(settings(20), |_| ()).await;
        assert!(
            matches!(refused, Err(Error::Store(crate::store::Error::ReadOnly))),
            "{refused:?}"
        );
    }
}
