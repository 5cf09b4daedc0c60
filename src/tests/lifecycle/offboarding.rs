//! Migrations, ends of consents, erased and deleted users, and their certificates. Each is interrupted after every step
//! and continued by another process.

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
        actor: "another".into(),
        face: "command",
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

async fn plan_migrate(rig: &Rig, id: &ConnectionId) -> Result<Plan> {
    let one = Selection::One(id.clone());
    rig.ops.plan(ActKind::Migrate, one, false).await
}

async fn begin_migrate(rig: &Rig, id: &ConnectionId) -> PlanId {
    let plan = plan_migrate(rig, id).await.unwrap();
    rig.ops.begin_workflow(&plan, "moves").await.unwrap()
}

async fn plan_erase(rig: &Rig, user: &UserId) -> Plan {
    let user = Selection::User(user.clone());
    rig.ops.plan(ActKind::Erase, user, false).await.unwrap()
}

async fn plan_end_consent(rig: &Rig, id: &ConsentId) -> Result<Plan> {
    let consent = Selection::Consent(id.clone());
    rig.ops.plan(ActKind::EndConsent, consent, false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migration_never_has_two_active_connections() {
    let rig = Rig::new().await;
    let old = rig
        .connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection;
    let plan = plan_migrate(&rig, &old).await.unwrap();
    assert_eq!(plan.words(), format!("migrate {}", old.tail()));
    assert!(plan.detail.one().unwrap().stored.transactions > 0);
    let id = rig.ops.begin_workflow(&plan, "moves").await.unwrap();

    // while it runs nothing else may fetch data
    for refused in [
        rig.ops.refresh(&old, true).await.map(|_| ()),
        rig.ops
            .connect(link("AU00000", "Whistler", "ShowBox"))
            .await
            .map(|_| ()),
        rig.ops
            .begin_workflow(&plan_erase(&rig, &"user-ada".into()).await, "r")
            .await
            .map(|_| ()),
    ] {
        assert!(
            matches!(&refused, Err(Error::Refused(r)) if r.code == "sequence-open"),
            "{refused:?}"
        );
    }
    assert_eq!(
        rig.ops.begin_workflow(&plan, "again").await.unwrap(),
        id,
        "the same order is the same sequence"
    );

    let it = run(&rig, &id, 99).await;
    assert_eq!(it.standing(), Standing::Done, "{it:#?}");
    let new: ConnectionId = it.steps[2].target.as_str().into();
    assert_eq!(rig.row(&old).await.label, Label::Deleted);
    let row = rig.row(&new).await;
    assert_eq!(
        (row.method, row.label),
        (Method::OpenBanking, Label::PreInit)
    );
    rig.ops
        .authorise(&new, BankAnswer::Authorise)
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(rig.row(&new).await.label, Label::Active);
    let proof = rig
        .ops
        .certificate(it.steps[0].job.as_ref().unwrap().as_str())
        .await
        .unwrap();
    assert!(
        proof
            .0
            .before
            .iter()
            .any(|(table, count)| table == "accounts" && *count > 0)
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migration_interrupted_after_any_step_continues() {
    for steps_each in 1..=3 {
        let mut rig = Rig::new().await;
        let old = rig
            .connect("AU00000", "Wentworth-Smith", "whislter")
            .await
            .connection;
        let id = begin_migrate(&rig, &old).await;
        for _ in 0..steps_each {
            let went = rig.ops.runner(&id).step().await.unwrap();
            assert!(!matches!(went, Turn::Waits(..)), "{went:#?}");
            let here = rig
                .ops
                .user(&"user-ada".into(), Default::default())
                .await
                .unwrap()
                .connections;
            assert!(
                here.iter().filter(|c| c.status != Status::Deleted).count() <= 1,
                "never two"
            );
            // its process has died; its lease runs out
            rig.clock.advance(Duration::from_secs(31));
        }
        reopen(&mut rig);
        let it = run(&rig, &id, 1).await;
        assert_eq!(it.standing(), Standing::Done, "{it:#?}");
        let of = |what| events_of(&it, what);
        assert_eq!(
            (
                of(StepAct::Purge),
                of(StepAct::Revoke),
                of(StepAct::Connect)
            ),
            (1, 1, 1)
        );
        let user = "user-ada".into();
        let all = rig
            .ops
            .user(&user, Default::default())
            .await
            .unwrap()
            .connections;
        assert_eq!(all.len(), 2, "made once");
        assert_eq!(count(&rig, "connection", "deleted").await, 1);
        rig.healthy().await;
    }
}

fn events_of(it: &Plan, act: StepAct) -> usize {
    it.steps.iter().filter(|s| s.act == act).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migration_refusals_say_what_to_do_instead() {
    let rig = Rig::new().await;
    let refused = async |id: &ConnectionId| match plan_migrate(&rig, id).await {
        Err(Error::Refused(refusal)) => (refusal.code, refusal.detail, refusal.advice),
        other => panic!("{other:?}"),
    };
    let failed = rig
        .connect("AU00000", "bighead", "password")
        .await
        .connection;
    let (code, detail, advice) = refused(&failed).await;
    assert_eq!(
        (code, detail.as_str()),
        ("parameter-not-valid", "Connection is not active.")
    );
    assert!(advice.contains("Refresh it"), "{advice}");
    rig.ops.revoke(&failed, "").await.unwrap();
    assert_eq!(refused(&failed).await.0, "resource-not-found");

    let web_only = rig.connect("AU00002", "jared", "django").await;
    rig.ops
        .answer(&web_only.id, vec!["1234".into()])
        .await
        .unwrap();
    rig.work().await;
    let offered = rig
        .ops
        .institution(&"AU00002".into())
        .await
        .unwrap()
        .record
        .connectors;
    if offered.iter().all(|c| c.method == Method::Web) {
        assert_eq!(
            refused(&web_only.connection).await.0,
            "institution-not-supported"
        );
    }
    let one = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    let two = rig
        .connect("AU00000", "richard", "tabsnotspaces")
        .await
        .connection;
    assert_eq!(refused(&one).await.0, "resource-already-exists");
    rig.ops.revoke(&two, "").await.unwrap();
    // data left by the other connection goes with the purge
    let it = run(&rig, &begin_migrate(&rig, &one).await, 99).await;
    assert_eq!(it.standing(), Standing::Done, "{it:#?}");
    assert_eq!(rig.row(&two).await.accounts, 0);
    let open: ConnectionId = it.steps[2].target.as_str().into();
    assert_eq!(refused(&open).await.1, "Connection type is not Web");
    rig.healthy().await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erase_handles_every_kind_of_connection() {
    for steps_each in [99, 1] {
        let mut rig = Rig::new().await;
        let (user, ids) = mixed(&rig).await;
        let plan = plan_erase(&rig, &user).await;
        let connections = &plan.detail.user().unwrap().connections;
        let way = |id: &ConnectionId| connections.iter().find(|i| i.target.id == *id).unwrap().way;
        assert_eq!(
            [way(&ids[0]), way(&ids[1]), way(&ids[2]), way(&ids[3])],
            [
                Way::PurgedAndRevoked,
                Way::StrandedBySibling,
                Way::EndsWithConsent,
                Way::StrandedWithConsent
            ]
        );
        let words: Vec<&str> = plan.steps.iter().map(|s| s.act.word()).collect();
        assert_eq!(words, ["purge", "revoke", "end-consent", "scrub", "verify"]);
        let mut needles = vec![];
        for bank in ["AU00000", "AU00002", "AU00004"] {
            let user = user.clone();
            let read = rig
                .ops
                .store
                .read(move |rd| -> Result<_> { Ok(rd.needles(&user, &bank.into())?) });
            needles.extend(read.await.unwrap());
        }
        assert!(needles.len() > 20);

        let id = rig
            .ops
            .begin_workflow(&plan, "asked by letter")
            .await
            .unwrap();
        if steps_each == 1 {
            reopen(&mut rig);
        }
        let it = run(&rig, &id, steps_each).await;
        assert_eq!(it.standing(), Standing::Done, "{it:#?}");
        erased(&rig, &user).await;
        assert_eq!(rig.ops.store.scan(needles).await.unwrap(), 0);
        assert!(
            rig.ops.user(&user, Default::default()).await.is_ok(),
            "the user's own record stays"
        );
        let consents = rig
            .ops
            .consents(Some(user.clone()), None, 9)
            .await
            .unwrap()
            .rows;
        assert_eq!(
            consents.iter().map(|c| c.status).collect::<Vec<_>>(),
            [consent::Status::Revoked]
        );
        assert_eq!(
            (
                count(&rig, "consent", "created").await,
                count(&rig, "consent", "revoked").await
            ),
            (1, 1)
        );
        assert_eq!(count(&rig, "connection", "deleted").await, 4);

        let (proof, _) = rig.ops.certificate(id.as_str()).await.unwrap();
        assert_eq!(
            (proof.kind.as_str(), proof.hits, proof.reason.as_str()),
            ("erase", 0, "asked by letter")
        );
        assert!(
            proof.before.iter().take(8).any(|(_, n)| *n > 0)
                && proof.after.iter().take(8).all(|(_, n)| *n == 0)
        );
        assert_eq!((proof.keys.len(), proof.jobs.len()), (3, 2));
        // what its purge searched for is in the purge's own certificate, whichever process ended the sequence
        let purge = it.steps[0].job.clone().unwrap();
        assert_eq!(proof.purges, [purge.to_string()]);
        let (part, _) = rig.ops.certificate(purge.as_str()).await.unwrap();
        assert!(
            part.needles > 0 && proof.needles >= part.needles,
            "{} of {}",
            part.needles,
            proof.needles
        );
        let checks = rig.ops.check_certificate(id.as_str()).await.unwrap();
        assert!(checks.iter().all(|c| c.holds), "{checks:#?}");
        assert!(checks.iter().any(|c| c.what == "purge"));
        rig.healthy().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ending_a_consent_ends_its_connections() {
    let rig = Rig::new().await;
    let (user, ids) = mixed(&rig).await;
    let queued = rig
        .ops
        .connect(NewLink {
            user: user.clone(),
            ..link("AU00003", "richard", "tabsnotspaces")
        })
        .await
        .unwrap();
    let consent = rig
        .ops
        .consents(Some(user.clone()), None, 9)
        .await
        .unwrap()
        .rows
        .remove(0);
    assert_eq!(consent.expiry.since(consent.created), 365 * 86_400_000);
    let plan = plan_end_consent(&rig, &consent.id).await.unwrap();
    assert_eq!(plan.words(), format!("end {}", consent.id.tail()));
    for item in &plan.detail.user().unwrap().connections {
        let revoked = item.target.label == Label::Deleted;
        assert_eq!(
            item.way,
            if revoked {
                Way::StrandedWithConsent
            } else {
                Way::WithConsent
            }
        );
        assert!(revoked || item.way.words() == "ends with the consent, and its data goes");
    }
    let it = run(&rig, &rig.ops.begin_workflow(&plan, "").await.unwrap(), 99).await;
    assert_eq!(it.standing(), Standing::Done, "{it:#?}");
    erased(&rig, &user).await;
    for id in &ids {
        assert_eq!(rig.row(id).await.label, Label::Deleted);
    }
    let job = rig.ops.job(&queued.id).await.unwrap();
    assert_eq!(
        (job.state, job.failed_step().unwrap().1.code.as_str()),
        (State::Failed, "invalid-connection")
    );
    let ended = rig.ops.consent(&consent.id).await.unwrap();
    assert_eq!(
        (ended.status, ended.revoked),
        (consent::Status::Revoked, Some(ended.updated))
    );
    assert!(matches!(
        plan_end_consent(&rig, &consent.id).await,
        Err(Error::Refused(_))
    ));

    rig.connect("AU00000", "Whistler", "ShowBox").await;
    let all = rig.ops.consents(Some(user), None, 9).await.unwrap().rows;
    assert_eq!(
        all.iter().map(|c| c.status).collect::<Vec<_>>(),
        [consent::Status::Active, consent::Status::Revoked]
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consents_are_warned_reminded_and_expired_once() {
    let rig = Rig::new().await;
    let id = rig
        .connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection;
    let user: UserId = "user-ada".into();
    let consent = rig
        .ops
        .consents(Some(user.clone()), None, 1)
        .await
        .unwrap()
        .rows
        .remove(0);
    let day = 86_400_000;
    for (days, told) in [
        (89, (0, 0, 0)),
        (90, (1, 0, 0)),
        (357, (1, 0, 0)),
        (358, (1, 1, 0)),
        (365, (1, 1, 1)),
    ] {
        rig.clock.set(consent.created.plus_ms(days * day));
        for _ in 0..2 {
            rig.ops.maintain().await.unwrap();
        }
        let seen = (
            count(&rig, "consent", "reminder").await,
            count(&rig, "consent", "warning").await,
            count(&rig, "consent", "expired").await,
        );
        assert_eq!(seen, told, "after {days} days");
    }
    assert_eq!(
        rig.ops.consent(&consent.id).await.unwrap().status,
        consent::Status::Expired
    );
    assert_eq!(rig.row(&id).await.label, Label::Deleted);
    erased(&rig, &user).await;
    let ended = rig.ops.workflows(None, 9).await.unwrap().rows;
    assert_eq!(
        ended
            .iter()
            .map(|s| (s.head.kind, s.standing()))
            .collect::<Vec<_>>(),
        [(ActKind::EndConsent, Standing::Done)]
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn delete_user_leaves_no_row_and_no_value() {
    for steps_each in [99, 1] {
        let rig = Rig::new().await;
        let (user, _) = mixed(&rig).await;
        let other = rig.ops.connect(NewLink {
            user: "user-grace".into(),
            ..link("AU00000", PEOPLE[2].0, PEOPLE[2].1)
        });
        let other = other.await.unwrap().connection;
        rig.clock.advance(Duration::from_secs(3600));
        rig.work().await;
        let before = rig.row(&other).await;
        let plan = rig
            .ops
            .plan(ActKind::DeleteUser, Selection::User(user.clone()), false)
            .await
            .unwrap();
        assert_eq!(plan.words(), "delete ada");
        let id = rig.ops.begin_workflow(&plan, "left the app").await.unwrap();
        let it = run(&rig, &id, steps_each).await;
        assert_eq!(it.standing(), Standing::Done, "{it:#?}");
        assert!(left(&rig, &user).await.iter().all(|(_, count)| *count == 0));
        assert!(matches!(
            rig.ops.user(&user, Default::default()).await,
            Err(Error::NotFound { .. })
        ));
        assert_eq!(count(&rig, "user", "deleted").await, 1);
        let words = ["Lovelace", "ada@example.test", "lovelace"]
            .map(Into::into)
            .to_vec();
        assert_eq!(rig.ops.store.scan(words).await.unwrap(), 0);
        assert!(
            rig.ops
                .check_certificate(id.as_str())
                .await
                .unwrap()
                .iter()
                .all(|c| c.holds)
        );
        let after = rig.row(&other).await;
        assert_eq!(
            (after.label, after.accounts, after.transactions),
            (before.label, before.accounts, before.transactions)
        );
        rig.healthy().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn maintenance_resumes_a_sequence_after_its_lease() {
    let rig = Rig::new().await;
    let (user, _) = mixed(&rig).await;
    let plan = plan_erase(&rig, &user).await;
    let id = rig.ops.begin_workflow(&plan, "").await.unwrap();
    rig.ops.runner(&id).step().await.unwrap();
    rig.ops.maintain().await.unwrap();
    assert_eq!(
        rig.ops.stored_plan(&id).await.unwrap().current(),
        Some(1),
        "another process holds its lease"
    );
    let mut second = rig.ops.runner(&id);
    assert!(matches!(second.step().await.unwrap(), Turn::Waits(..)));
    rig.clock.advance(Duration::from_secs(31));
    rig.ops.maintain().await.unwrap();
    assert_eq!(
        rig.ops.stored_plan(&id).await.unwrap().standing(),
        Standing::Done
    );
    erased(&rig, &user).await;
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificate_exists_once_proven_and_detects_changes() {
    let rig = Rig::new().await;
    let id = rig
        .connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection;
    let other = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    rig.ops.revoke(&other, "").await.unwrap();
    let raw = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    raw.execute_batch("BEGIN").unwrap();
    let _: i64 = raw
        .query_row("SELECT count(*) FROM connections", [], |r| r.get(0))
        .unwrap();
    let purge = rig.ops.purge(&id, "asked").await.unwrap();
    assert!(purge.state.open(), "a reader is in the way: {purge:#?}");
    let none = rig.ops.certificate(purge.id.as_str()).await;
    assert!(
        matches!(none, Err(Error::NotFound { .. })),
        "nothing is claimed before it is proven"
    );
    raw.execute_batch("COMMIT").unwrap();
    rig.clock.advance(Duration::from_secs(3));
    rig.work().await;
    assert_eq!(
        rig.ops.job(&purge.id).await.unwrap().state,
        State::Succeeded
    );
    let (proof, digest) = rig.ops.certificate(purge.id.as_str()).await.unwrap();
    assert_eq!(
        rig.row(&other).await.accounts,
        0,
        "what a revoked one left is in its scope"
    );
    assert_eq!(
        (proof.operator.as_str(), proof.reason.as_str(), digest.len()),
        ("tester", "asked", 32)
    );
    assert!(
        proof
            .files
            .iter()
            .any(|(name, bytes)| name == "w.db" && *bytes > 0)
    );
    assert_eq!(proof.keys.len(), 1);
    rig.clock.advance(Duration::from_secs(3600));
    rig.ops.refresh(&id, true).await.unwrap();
    rig.work().await;
    let checks = rig.ops.check_certificate(purge.id.as_str()).await.unwrap();
    assert!(
        checks.iter().all(|c| c.holds),
        "new data is under a new key: {checks:#?}"
    );
    raw.execute(
        "UPDATE certificates SET document = replace(document, 'asked', 'other')",
        [],
    )
    .unwrap();
    let checks = rig.ops.check_certificate(purge.id.as_str()).await.unwrap();
    assert_eq!(
        checks
            .iter()
            .filter(|c| !c.holds)
            .map(|c| c.what)
            .collect::<Vec<_>>(),
        ["digest"]
    );
}
