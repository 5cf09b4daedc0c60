//! Migrations, ends of consents, erased and deleted users, and their certificates. Each is interrupted after every step
//! and continued by another process.

mod consents;
mod erasure;
mod migration;

use crate::domain::act::{ActKind, Plan, Standing, StepAct, Way};
use crate::domain::connection::{Label, Method, Status};
use crate::domain::consent;
use crate::domain::ids::{ConnectionId, ConsentId, PlanId, UserId};
use crate::domain::job::State;
use crate::domain::limits::Limits;
use crate::domain::views::BankAnswer;
use crate::ops::{Caller, Error, NewLink, Ops, Result, Selection, Turn};
use crate::store::{Event, Mode, Store};
use crate::testing::lifecycle::{Rig, link};
use std::time::Duration;

const PEOPLE: [(&str, &str); 3] = [
    ("Wentworth-Smith", "whislter"),
    ("Whistler", "ShowBox"),
    ("richard", "tabsnotspaces"),
];

async fn events(rig: &Rig) -> Vec<Event> {
    rig.ops
        .store
        .read(|rd| -> Result<_> { Ok(rd.events_after(0, 10_000)?) })
        .await
        .unwrap()
}

async fn count(rig: &Rig, entity: &str, what: &str) -> usize {
    events(rig)
        .await
        .iter()
        .filter(|e| e.entity == entity && e.event_type == what)
        .count()
}

async fn left(rig: &Rig, user: &UserId) -> Vec<(String, u64)> {
    let user = user.clone();
    rig.ops
        .store
        .read(move |rd| -> Result<_> { Ok(rd.left_of(&user)?) })
        .await
        .unwrap()
}

/// What has to be deleted of an erased user.
async fn erased(rig: &Rig, user: &UserId) {
    let left = left(rig, user).await;
    assert!(
        left.iter().take(8).all(|(_, count)| *count == 0),
        "{left:?}"
    );
}

/// The same file, opened as by another process.
fn reopen(rig: &mut Rig) {
    let store = Store::open(rig.ops.store.path(), Mode::Write, &rig.clock).unwrap();
    let caller = Caller {
        zone: crate::domain::zone::Zone::UTC,
        actor: "another".into(),
        face: "command",
        role: crate::domain::access::Role::Admin,
    };
    rig.ops = Ops::new(store, rig.clock.clone(), caller, Limits::default());
}

/// Runs it to the end, with a new process every `n` steps.
async fn run(rig: &Rig, id: &PlanId, steps_each: usize) -> Plan {
    for _ in 0..40 {
        let mut run = rig.ops.runner(id);
        for _ in 0..steps_each {
            match run.step().await.unwrap() {
                Turn::On(_) => {}
                Turn::Ended(it) => return it,
                Turn::Waits(_, until) => {
                    rig.clock.set(until);
                }
            }
        }
        // its process has died; its lease runs out
        rig.clock.advance(Duration::from_secs(31));
    }
    panic!("it does not end");
}

async fn plan_erase(rig: &Rig, user: &UserId) -> Plan {
    let user = Selection::User(user.clone());
    rig.ops.plan(ActKind::Erase, user, false).await.unwrap()
}

/// A user with an active, an invalid, a waiting and a stranded connection.
async fn mixed(rig: &Rig) -> (UserId, Vec<ConnectionId>) {
    let active = rig
        .connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection;
    let stranded = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    rig.ops.revoke(&stranded, "").await.unwrap();
    let alone = rig.connect("AU00002", "jared", "django").await;
    rig.ops
        .answer(&alone.id, vec!["1234".into()])
        .await
        .unwrap();
    rig.work().await;
    let invalid = alone.connection;
    rig.clock.advance(Duration::from_secs(3600));
    let wrong = rig.ops.refresh(&invalid, false).await.unwrap().job;
    rig.work().await;
    rig.ops
        .answer(&wrong.id, vec!["9999".into()])
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(rig.row(&invalid).await.label, Label::Invalid);
    let gone = rig
        .connect("AU00004", "gavinBelson", "hooli2016")
        .await
        .connection;
    let had = rig.row(&gone).await.accounts;
    rig.ops.revoke(&gone, "").await.unwrap();
    assert!(had > 0, "the stranded one has data that no purge reaches");
    ("user-ada".into(), vec![active, stranded, invalid, gone])
}
