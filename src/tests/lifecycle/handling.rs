//! Notes, who works on a connection, when it is quiet, whom to ask, and its history.

use crate::domain::act::{ActKind, Selection};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::query::{Query, Scope, parse};
use crate::domain::timeline::{Entry, What};
use crate::ops::{Caller, Error, Ops, Result};
use crate::store::AuditFilter;
use crate::testing::lifecycle::Rig;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);
const TEXT: &str = "Rang Quentin Zebulon, he will sign in on Friday";

async fn broken(rig: &Rig) -> ConnectionId {
    let id = rig.connect("AU00000", "Whistler", "wrong").await.connection;
    assert_eq!(rig.row(&id).await.label, Label::Failed);
    id
}

async fn active(rig: &Rig) -> ConnectionId {
    rig.connect("AU00000", "jared", "django").await.connection
}

fn another(rig: &Rig) -> Ops {
    rig.ops.clone().with_caller(Caller {
        zone: crate::domain::zone::Zone::UTC,
        actor: "another".into(),
        face: "command",
        role: crate::domain::access::Role::Admin,
    })
}

fn code<T: std::fmt::Debug>(given: Result<T>) -> &'static str {
    match given {
        Err(Error::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

/// The count that the screen shows, and how many the filter finds; always the same.
async fn attention(rig: &Rig) -> u64 {
    let (query, asker) = (
        parse("is:attention", Scope::Connections).unwrap(),
        rig.ops.asker(),
    );
    let counted = rig.ops.read(move |rd| {
        let found = rd.connection_size(&query, 1_000, &asker)?.count;
        Ok((rd.counts(asker.now)?.attention(), found))
    });
    let (counted, found) = counted.await.unwrap();
    assert_eq!(counted, found);
    counted
}

async fn note(rig: &Rig, id: &ConnectionId) {
    let note = rig
        .ops
        .note(id, TEXT.into(), Level::Standard)
        .await
        .unwrap();
    assert_eq!((note.text.as_str(), note.actor.as_str()), (TEXT, "tester"));
}

async fn timeline(rig: &Rig, id: &ConnectionId) -> Vec<Entry> {
    let all = rig.ops.timeline(id, 1_000, Level::Standard).await.unwrap();
    assert!(all.windows(2).all(|two| two[0].at <= two[1].at), "{all:#?}");
    all
}

fn notes(all: &[Entry]) -> Vec<&str> {
    let of = all.iter().filter(|e| e.what == What::Note);
    of.map(|e| e.text.as_str()).collect()
}

/// Whether the text stands in any file of the database.
fn in_the_clear(rig: &Rig) -> bool {
    let path = rig.ops.store.path();
    ["", "-wal", ".keys", ".audit"].iter().any(|end| {
        let name = format!("{}{end}", path.display());
        let bytes = std::fs::read(name).unwrap_or_default();
        bytes.windows(7).any(|part| part == b"Zebulon")
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_is_sealed_and_goes_with_the_data() {
    for kind in [ActKind::Purge, ActKind::Erase, ActKind::DeleteUser] {
        let rig = Rig::new().await;
        let id = active(&rig).await;
        note(&rig, &id).await;
        assert!(!in_the_clear(&rig));
        assert_eq!(notes(&timeline(&rig, &id).await), [TEXT]);
        let strict = rig.ops.timeline(&id, 1_000, Level::Strict).await.unwrap();
        assert_eq!(notes(&strict), ["•••"]);
        rig.healthy().await;
        if kind == ActKind::Purge {
            rig.ops.purge(&id, "").await.unwrap();
            assert_eq!(notes(&timeline(&rig, &id).await), [""; 0]);
            // a new one does not disturb the proof of the purge
            note(&rig, &id).await;
            let purge = rig.ops.jobs_of(&id, 1).await.unwrap().remove(0);
            rig.ops.certificate(purge.id.as_str()).await.unwrap();
        } else {
            let user = Selection::User("user-ada".into());
            let plan = rig.ops.plan(kind, user, false).await.unwrap();
            let flow = rig.ops.begin_workflow(&plan, "asked").await.unwrap();
            let done = rig.ops.resume(&flow, |_| ()).await.unwrap();
            assert_eq!(done.head.result, "done");
            let left = raw(&rig, "SELECT count(*) FROM notes");
            assert_eq!(left, 0, "{kind:?}");
        }
        rig.healthy().await;
    }
}

fn raw(rig: &Rig, sql: &str) -> i64 {
    let raw = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    raw.query_row(sql, [], |r| r.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_where_nothing_is_stored_goes_with_an_erasure() {
    let rig = Rig::new().await;
    let id = broken(&rig).await;
    note(&rig, &id).await;
    rig.ops.revoke(&id, "").await.unwrap();
    assert_eq!(
        notes(&timeline(&rig, &id).await),
        [TEXT],
        "a revoke keeps it"
    );
    let user = Selection::User("user-ada".into());
    let plan = rig.ops.plan(ActKind::Erase, user, false).await.unwrap();
    let flow = rig.ops.begin_workflow(&plan, "asked").await.unwrap();
    rig.ops.resume(&flow, |_| ()).await.unwrap();
    assert_eq!(raw(&rig, "SELECT count(*) FROM notes"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_took_a_connection_keeps_it_until_it_is_given_back() {
    let rig = Rig::new().await;
    let (id, other) = (broken(&rig).await, another(&rig));
    let mine = rig.ops.take_on(&id, false).await.unwrap();
    assert_eq!(mine.handling.taken_by.as_deref(), Some("tester"));
    let since = mine.handling.taken;
    rig.clock.advance(HOUR);
    let again = rig.ops.take_on(&id, false).await.unwrap();
    assert_eq!(
        again.handling.taken, since,
        "taking it twice is nothing new"
    );
    assert_eq!(code(other.take_on(&id, false).await), "taken");
    let theirs = other.take_on(&id, true).await.unwrap();
    assert_eq!(theirs.handling.taken_by.as_deref(), Some("another"));
    let free = other.give_back(&id).await.unwrap();
    assert_eq!((free.handling.taken_by, free.handling.taken), (None, None));
    let filter = AuditFilter {
        action: Some("take".into()),
        ..AuditFilter::default()
    };
    let lines = rig.ops.audit_before(&filter, i64::MAX, 99).await.unwrap();
    let said: Vec<_> = lines
        .iter()
        .rev()
        .map(|line| line.outcome.as_str())
        .collect();
    assert_eq!(
        said,
        [
            "taken",
            "taken",
            "refused: taken",
            "taken from tester",
            "given back"
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snoozed_connection_is_quiet_until_its_time_or_a_change() {
    let rig = Rig::new().await;
    let (id, well) = (broken(&rig).await, active(&rig).await);
    let needed = attention(&rig).await;
    let until = rig.clock.now().plus(2 * HOUR);
    assert_eq!(
        code(rig.ops.snooze(&well, until, "").await),
        "parameter-not-valid"
    );
    for wrong in [rig.clock.now(), rig.clock.now().plus(91 * 24 * HOUR)] {
        let input = rig.ops.snooze(&id, wrong, "").await;
        assert!(matches!(input, Err(Error::Input(_))), "{input:?}");
    }
    let row = rig
        .ops
        .snooze(&id, until, "waits for Friday")
        .await
        .unwrap();
    assert!(!row.attention);
    assert_eq!(attention(&rig).await, needed - 1);
    rig.clock.advance(2 * HOUR - Duration::from_millis(1));
    assert_eq!(attention(&rig).await, needed - 1);
    rig.clock.advance(Duration::from_millis(1));
    assert_eq!(attention(&rig).await, needed, "it is back at its time");

    let until = rig.clock.now().plus(24 * HOUR);
    rig.ops.snooze(&id, until, "").await.unwrap();
    assert_eq!(attention(&rig).await, needed - 1);
    assert!(rig.ops.wake(&id).await.unwrap().attention);
    rig.ops.snooze(&id, until, "").await.unwrap();
    // a change ends it: the password is right, and then the bank refuses it again
    let update = rig
        .ops
        .update_credentials(&id, "ShowBox".into(), None, None);
    update.await.unwrap();
    rig.work().await;
    assert_eq!(rig.row(&id).await.label, Label::Active);
    assert_eq!(rig.row(&id).await.handling.snoozed, None);
    let update = rig.ops.update_credentials(&id, "wrong".into(), None, None);
    update.await.unwrap();
    rig.work().await;
    assert_eq!(rig.row(&id).await.label, Label::Invalid);
    assert_eq!(attention(&rig).await, needed);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_has_link_contact_and_words_and_is_remembered() {
    let rig = Rig::new().await;
    let (id, well) = (broken(&rig).await, active(&rig).await);
    let first = rig.ops.invite(&id, false, Level::Standard).await.unwrap();
    let mobile = first.mobile.clone().unwrap();
    assert!(mobile.contains('•') && mobile.ends_with("222"), "{mobile}");
    assert!(first.email.as_deref().unwrap().contains('•'));
    assert!(!first.text.is_empty());
    assert_eq!(first.asked, None, "looking is not asking");
    let again = rig.ops.invite(&id, true, Level::Standard).await.unwrap();
    assert_eq!(
        again.link.unwrap().id,
        first.link.unwrap().id,
        "a good link is used again"
    );
    assert_eq!(again.asked, Some(rig.clock.now()));
    assert_eq!(rig.row(&id).await.handling.asked, Some(rig.clock.now()));
    let (people, _) = rig
        .ops
        .people_to_ask(Query::default(), 100, Level::Standard)
        .await
        .unwrap();
    let person = people.iter().find(|it| it.connection == id).unwrap();
    let link = rig.ops.auth_link(&person.user, Level::Standard).await;
    let path = link.unwrap().path.unwrap();
    let (shown, _) = person.link.as_ref().unwrap();
    assert!(
        shown.starts_with(&path),
        "{shown} opens nothing, {path} does"
    );
    assert_eq!(
        code(rig.ops.invite(&well, true, Level::Standard).await),
        "not-the-users-move"
    );
    rig.ops.revoke(&id, "").await.unwrap();
    assert_eq!(
        code(rig.ops.invite(&id, true, Level::Standard).await),
        "not-the-users-move"
    );
    let all = timeline(&rig, &id).await;
    assert!(all.iter().any(|e| e.text == "invite: asked"), "{all:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_timeline_tells_all_in_one_order_and_is_kept_after_a_revoke() {
    let rig = Rig::new().await;
    let id = active(&rig).await;
    rig.clock.advance(HOUR);
    note(&rig, &id).await;
    rig.clock.advance(HOUR);
    let until = rig.clock.now().plus(HOUR);
    let hold = rig
        .ops
        .hold_bank(&"AU00000".into(), until, "page changed")
        .await
        .unwrap();
    rig.ops.refresh(&id, true).await.unwrap_err();
    rig.clock.advance(HOUR);
    rig.ops.release_hold(&hold.id).await.unwrap_err();
    rig.ops.refresh(&id, true).await.unwrap();
    rig.work().await;
    rig.clock.advance(HOUR);
    rig.ops.revoke(&id, "left us").await.unwrap();
    let all = timeline(&rig, &id).await;
    let told = |what, text: &str| {
        let found = all.iter().any(|e| e.what == what && e.text.contains(text));
        assert!(found, "{text}: {all:#?}");
    };
    told(What::Status, "a connection was made");
    told(What::Status, "a connection became active");
    told(What::Note, "Friday");
    told(What::Hold, "page changed");
    told(What::Act, "refresh: refused: on-hold");
    told(What::Job, "refresh succeeded");
    told(What::Act, "left us");
    told(What::Status, "a connection was revoked");
    let newest = rig.ops.timeline(&id, 2, Level::Standard).await.unwrap();
    assert_eq!(newest, all[all.len() - 2..]);
    let other = rig.connect("AU10001", "jared", "django").await.connection;
    let theirs = timeline(&rig, &other).await;
    assert!(
        theirs.iter().all(|e| !e.text.contains("page changed")),
        "{theirs:#?}"
    );
    let nowhere = rig
        .ops
        .timeline(&"nowhere".into(), 9, Level::Standard)
        .await;
    assert!(
        matches!(nowhere, Err(Error::NotFound { .. })),
        "{nowhere:?}"
    );
}
