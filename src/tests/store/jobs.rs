//! Jobs in the file: writes guarded by epoch, one open fetch per connection, and due jobs.

use crate::domain::ids::ConnectionId;
use crate::domain::job::{Kind, State, Step};
use crate::domain::query::{Scope, parse};
use crate::domain::schedule::ACTOR;
use crate::refused;
use crate::store::{Asker, Error, Guard, NewJob};
use crate::testing::store::{TestStore, asker, now};

fn new(id: &str, connection: &ConnectionId, kind: Kind, state: State, due: i64) -> NewJob {
    NewJob {
        id: id.into(),
        connection: connection.clone(),
        kind,
        state,
        steps: kind.steps().iter().cloned().map(Step::pending).collect(),
        due: Some(now().plus_ms(due)),
        created: now().plus_ms(due),
        actor: "gavin".into(),
    }
}

#[test]
fn save_job_requires_the_current_epoch_and_state() {
    let desk = TestStore::new();
    let link = desk.connection("one");
    let job = new("j1", &link, Kind::Refresh, State::Queued, 0);
    desk.write(move |tx| tx.insert_job(&job));
    let read = |desk: &TestStore| desk.read(|rd| rd.job(&"j1".into())).unwrap();
    let mut mine = read(&desk);
    let guard = Guard {
        epoch: 0,
        state: State::Queued,
    };
    (mine.state, mine.epoch, mine.owner) = (State::Running, 1, Some("w1".into()));
    (mine.lease_until, mine.next_attempt) = (Some(now().plus_ms(30_000)), None);
    let claimed = mine.clone();
    assert!(desk.write(move |tx| tx.save_job(&claimed, guard)));
    assert_eq!(read(&desk), mine);
    for stale in [
        guard,
        Guard {
            epoch: 0,
            state: State::Running,
        },
        Guard {
            epoch: 1,
            state: State::Queued,
        },
        Guard {
            epoch: 2,
            state: State::Running,
        },
    ] {
        let mut other = mine.clone();
        (other.owner, other.epoch, other.attempt) = (Some("w2".into()), 2, 9);
        assert!(
            !desk.write(move |tx| tx.save_job(&other, stale)),
            "{stale:?}"
        );
        assert_eq!(read(&desk), mine, "{stale:?}");
    }
    let mut back = mine.clone();
    back.epoch = 0;
    let held = Guard {
        epoch: 1,
        state: State::Running,
    };
    assert!(
        !desk.write(move |tx| tx.save_job(&back, held)),
        "an epoch never falls"
    );
    let moved = desk.write(|tx| tx.beat("w1", now().plus_ms(60_000)));
    assert_eq!(moved.len(), 1);
    assert!(
        desk.write(|tx| tx.beat("w2", now().plus_ms(60_000)))
            .is_empty()
    );
    assert_eq!(read(&desk).lease_until, Some(now().plus_ms(60_000)));
}

#[test]
fn a_connection_has_at_most_one_open_fetch() {
    let desk = TestStore::new();
    let link = desk.connection("one");
    let first = new("j1", &link, Kind::Refresh, State::Queued, 0);
    desk.write(move |tx| tx.insert_job(&first));
    for (id, kind) in [
        ("j2", Kind::Refresh),
        ("j3", Kind::Connect),
        ("j4", Kind::UpdateCredentials),
    ] {
        let second = new(id, &link, kind, State::Paused, 1);
        refused!(
            desk.try_write(move |tx| tx.insert_job(&second)),
            Error::Sql(_)
        );
    }
    let open = link.clone();
    assert_eq!(
        desk.read(move |rd| rd.open_job(&open)).unwrap().id.as_str(),
        "j1"
    );
    // jobs that do not fetch may be open beside it, but only one purge
    let purge = new("p1", &link, Kind::Purge, State::Queued, 2);
    desk.write(move |tx| tx.insert_job(&purge));
    let purge = new("p2", &link, Kind::Purge, State::Queued, 3);
    refused!(
        desk.try_write(move |tx| tx.insert_job(&purge)),
        Error::Sql(_)
    );
    let purge = desk.read(|rd| rd.open_purge(&"user-of-one".into(), &"AU00000".into()));
    assert_eq!(purge.unwrap().id.as_str(), "p1");
    let all = link.clone();
    assert_eq!(desk.read(move |rd| rd.jobs_of(&all, 9)).len(), 2);
    assert_eq!(
        desk.read(move |rd| rd.connection(&link))
            .unwrap()
            .last_job
            .unwrap()
            .id
            .as_str(),
        "p1"
    );
    let nobody = new("j9", &"nobody".into(), Kind::Refresh, State::Queued, 0);
    refused!(
        desk.try_write(move |tx| tx.insert_job(&nobody)),
        Error::Absent { .. }
    );
}

#[test]
fn due_jobs_of_every_bank_are_listed_beside_a_full_queue() {
    let desk = TestStore::new();
    let banks = [
        ("AU00001", 30),
        ("AU00002", 2),
        ("AU00003", 0),
        ("AU00004", 1),
    ];
    desk.write(move |tx| {
        for (bank, queued) in banks {
            tx.put_institution(&crate::testing::store::bank(bank, bank))?;
            for n in 0..queued {
                let id = format!("{bank}-{n:02}");
                let mut record = crate::testing::store::connection(&id);
                record.institution = bank.into();
                let batch = crate::domain::import_records::Batch {
                    users: vec![crate::testing::store::user(record.user.as_str(), "Gavin")],
                    connections: vec![record],
                    ..Default::default()
                };
                tx.ingest(&batch, now())?;
                tx.insert_job(&new(
                    &format!("j-{id}"),
                    &id.as_str().into(),
                    Kind::Refresh,
                    State::Queued,
                    n,
                ))?;
            }
        }
        Ok(())
    });
    let due =
        desk.read(|rd| rd.due_jobs(State::Queued, now().plus_ms(10), now().plus_ms(60_000), 4));
    let ids: Vec<_> = due.iter().map(|d| d.id.to_string()).collect();
    for wanted in [
        "j-AU00001-00",
        "j-AU00001-03",
        "j-AU00002-00",
        "j-AU00002-01",
        "j-AU00004-00",
    ] {
        assert!(ids.contains(&wanted.to_owned()), "{wanted} in {ids:?}");
    }
    assert_eq!(due.len(), 7);
    assert!(due.is_sorted_by_key(|d| d.due));
    assert_eq!(desk.read(|rd| rd.next_due(now().plus_ms(-1))), Some(now()));
    assert_eq!(desk.read(|rd| rd.open_jobs()), [(State::Queued, 33)]);
    assert!(
        desk.read(|rd| rd.due_jobs(State::Running, now(), now().plus_ms(60_000), 4))
            .is_empty()
    );
}

#[test]
fn is_mine_finds_the_jobs_that_the_person_who_asks_has_asked_for() {
    let desk = TestStore::new();
    let link = desk.connection("one");
    let me = asker().actor;
    for (n, actor) in ["gavin", &me, "", ACTOR, &me].into_iter().enumerate() {
        let job = NewJob {
            actor: actor.into(),
            ..new(
                &format!("j{n}"),
                &link,
                Kind::Revoke,
                State::Succeeded,
                n as i64,
            )
        };
        desk.write(move |tx| tx.insert_job(&job));
    }
    let found = |filter: &str, actor: &str| {
        let query = parse(filter, Scope::Jobs).unwrap();
        let asker = Asker {
            actor: actor.into(),
            ..asker()
        };
        let page = desk.read(move |rd| rd.job_page(&query, None, 100, &asker));
        let ids = page.rows.iter().map(|row| row.id.to_string());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(found("is:mine", &me), ["j4", "j1"]);
    assert_eq!(found("!is:mine", &me), ["j3", "j2", "j0"]);
    assert_eq!(found("is:mine id:j4", &me), ["j4"]);
    assert_eq!(found("is:mine", "gavin"), ["j0"]);
    // background refreshing and an import ask for nothing
    assert!(found("is:mine", ACTOR).is_empty());
    assert!(found("is:mine", "").is_empty());
}
