//! What a purge searched for is what was stored, whoever ends it and whatever was in its way; and a search for nothing
//! proves nothing.

mod damage;
mod failed;
mod interrupted;
mod waiting;

use crate::domain::bank_data::Profile;
use crate::domain::certificate::Certificate;
use crate::domain::ids::{ConnectionId, JobId, UserId};
use crate::domain::job::{Job, State, Title};
use crate::domain::limits::Limits;
use crate::ops::{Caller, Error, Ops, Result};
use crate::store::{self, Mode, Store};
use crate::testing::lifecycle::Rig;
use std::time::Duration;

async fn connected(rig: &Rig) -> ConnectionId {
    rig.connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection
}

/// How many values of this user at this bank are stored that can be searched for.
async fn stored_at(rig: &Rig, user: &str, bank: &str) -> u64 {
    let (user, bank) = (UserId::from(user), bank.into());
    let found: Result<_> = rig
        .ops
        .store
        .read(move |rd| Ok(rd.needles(&user, &bank)?.len() as u64))
        .await;
    found.unwrap()
}

async fn stored(rig: &Rig) -> u64 {
    let stored = stored_at(rig, "user-ada", "AU00000").await;
    assert!(stored > 20, "{stored}");
    stored
}

fn raw(rig: &Rig) -> rusqlite::Connection {
    rusqlite::Connection::open(rig.ops.store.path()).unwrap()
}

/// Another program that reads the file, until it is dropped.
fn reader(rig: &Rig) -> rusqlite::Connection {
    let raw = raw(rig);
    raw.execute_batch("BEGIN").unwrap();
    let _: i64 = raw
        .query_row("SELECT count(*) FROM connections", [], |r| r.get(0))
        .unwrap();
    raw
}

fn try_open(rig: &Rig) -> std::result::Result<Store, store::Error> {
    Store::open(rig.ops.store.path(), Mode::Write, &rig.clock)
}

fn ops(rig: &Rig, store: Store) -> Ops {
    let caller = Caller {
        actor: "another".into(),
        face: "command",
        role: crate::domain::access::Role::Admin,
        zone: crate::domain::zone::Zone::UTC,
    };
    Ops::new(store, rig.clock.clone(), caller, Limits::default())
}

/// The same file, opened as by another process.
fn reopen(rig: &mut Rig) {
    rig.ops = ops(rig, try_open(rig).unwrap());
}

/// Lets workers end what is open.
async fn finish(rig: &Rig) {
    rig.clock.advance(Duration::from_secs(31));
    rig.work().await;
}

fn note(job: &Job, title: &Title) -> String {
    let step = job.steps.iter().find(|step| step.title == *title).unwrap();
    step.note.clone().unwrap_or_default()
}

async fn proof(rig: &Rig, job: &JobId) -> Certificate {
    let job = rig.ops.job(job).await.unwrap();
    assert_eq!(job.state, State::Succeeded, "{job:#?}");
    let (proof, _) = rig.ops.certificate(job.id.as_str()).await.unwrap();
    let said = note(&job, &Title::Verify);
    let values = format!("0 of {} values found", proof.needles);
    assert!(said.contains(&values), "job and certificate agree: {said}");
    let checks = rig.ops.check_certificate(job.id.as_str()).await.unwrap();
    assert!(checks.iter().all(|check| check.holds), "{checks:#?}");
    proof
}

/// It failed as not verified, and there is no certificate.
async fn unproven(rig: &Rig, job: &JobId) -> String {
    let job = rig.ops.job(job).await.unwrap();
    assert_eq!(job.state, State::Failed, "{job:#?}");
    let failure = job.steps.iter().find_map(|step| step.failure.clone());
    let failure = failure.unwrap();
    assert_eq!(failure.code, "purge-not-verified");
    let none = rig.ops.certificate(job.id.as_str()).await;
    assert!(matches!(none, Err(Error::NotFound { .. })), "{none:?}");
    failure.detail
}

/// How many search lists the file holds.
fn lists(rig: &Rig) -> i64 {
    raw(rig)
        .query_row("SELECT count(*) FROM search_lists", [], |r| r.get(0))
        .unwrap()
}

/// What stands in slots of the key file that no data key has: nothing once every search list has served.
fn keys_besides(rig: &Rig) -> usize {
    let slots: i64 = raw(rig)
        .query_row("SELECT count(*) FROM data_keys", [], |r| r.get(0))
        .unwrap();
    let bytes = std::fs::read(&rig.ops.store.files().keys).unwrap();
    let held = bytes[64..].chunks(80).filter(|slot| **slot != [0; 80]);
    held.count() - usize::try_from(slots).unwrap()
}

/// Gives the connection another profile, as a fetch does.
async fn new_phone(rig: &Rig, id: &ConnectionId, phone: &str) {
    let (id, phone) = (id.clone(), phone.to_owned());
    let put: Result<()> = rig
        .ops
        .store
        .write(move |tx| {
            let profile = Profile {
                phones: vec![phone.as_str().into()],
                ..tx.profile(&id)?.unwrap_or_default()
            };
            Ok(tx.put_profile(&id, &profile)?)
        })
        .await;
    put.unwrap();
}
