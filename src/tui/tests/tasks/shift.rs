//! What an operator does in a shift: begin it, bring back what an outage hit, answer an auditor, take back a mistake.

use super::*;
use crate::domain::act::Confirmation;
use crate::domain::bank_data::Credentials;
use crate::domain::connection::Label;
use crate::domain::job::{Job, State};
use crate::store::{AuditFilter, AuditLine};
use crate::tui::countdown::Countdown;
use std::collections::BTreeMap;

const HOUR: Duration = Duration::from_secs(3_600);

async fn newest(rig: &Rig, ids: &BTreeSet<ConnectionId>) -> BTreeMap<ConnectionId, Job> {
    let mut newest = BTreeMap::new();
    for id in ids {
        let jobs = rig.ops.jobs_of(id, 1).await.unwrap();
        newest.extend(jobs.into_iter().map(|job| (id.clone(), job)));
    }
    newest
}

/// Task 4: the bank is back. One is tried first, then all that the outage hit and nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_4_what_an_outage_hit_is_brought_back() {
    let rig = world(Scenario::Outage).await;
    let cohort = hit(&rig).await;
    let others = found(&rig, "").await;
    let others: BTreeSet<_> = others.difference(&cohort).cloned().collect();
    // what else is due by then is done
    rig.clock.advance(Duration::from_secs(20 * 60));
    let before = newest(&rig, &others).await;
    let mut board = Board::open(&rig.ops, WIDE).await;
    press(&mut board, "6<enter>ry", 4).await;
    let first: ConnectionId = board.cursor().as_str().into();
    assert!(cohort.contains(&first));
    let tried = |jobs: &BTreeMap<ConnectionId, Job>| {
        let tried = jobs.iter().filter(|(_, job)| job.state == State::Queued);
        tried.map(|(id, _)| id.clone()).collect::<BTreeSet<_>>()
    };
    let jobs = newest(&rig, &cohort).await;
    assert_eq!(tried(&jobs), BTreeSet::from([first.clone()]));
    let canary = jobs[&first].id.clone();
    let job = rig.ops.job(&canary).await.unwrap();
    assert_eq!(job.attempt, 2, "the same job, its next try: {job:?}");
    let work_one = |id: crate::domain::ids::JobId| {
        let (rig, ops) = (&rig, rig.ops.clone());
        async move {
            let worker = rig.worker_at(std::sync::Arc::new(rig.bank()));
            let job = ops.wait(&id, None, |_| {}).await.unwrap();
            worker.stop().await;
            job
        }
    };
    assert_eq!(work_one(canary).await.state, State::Succeeded);
    board.follows().await;
    press(&mut board, "*ry", 6).await;
    let jobs = newest(&rig, &cohort).await;
    let mut rest = cohort.clone();
    rest.remove(&first);
    assert_eq!(tried(&jobs), rest, "{}", board.screen());
    rig.work().await;
    for (id, job) in newest(&rig, &cohort).await {
        assert!(!job.state.open(), "{id}: {job:?}");
    }
    let after = newest(&rig, &others).await;
    let moved = after.iter().filter(|(id, job)| before[*id].id != job.id);
    assert_eq!(moved.count(), 0, "no job was made for another");
}

/// Task 7: what changed since the operator left, in one key and on one screen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_7_a_shift_begins_with_one_key() {
    let rig = world(Scenario::Consents).await;
    let mut ours = vec![];
    for (login, password) in [
        ("Wentworth-Smith", "whislter"),
        ("richard", "tabsnotspaces"),
        ("Whistler", "ShowBox"),
    ] {
        ours.push(rig.connect("AU00000", login, password).await.connection);
    }
    let other = rig.connect("AU00004", "gavinBelson", "hooli2016").await;
    rig.clock.advance(HOUR);
    rig.ops.looks().await.unwrap();
    let left = rig.clock.now();
    let labels = |rig: &Rig| {
        let ops = rig.ops.clone();
        async move {
            let mut all = BTreeMap::new();
            for label in Label::ALL {
                let text = format!("status:{}", label.word());
                let query = parse(&text, Scope::Connections).unwrap();
                let (ids, _) = ops.ids(query, 10_000).await.unwrap();
                all.extend(ids.into_iter().map(|id| (id, label)));
            }
            all
        }
    };
    let before = labels(&rig).await;
    rig.clock.advance(HOUR);
    for id in &ours {
        let wrong = Credentials {
            login: "erlich".into(),
            password: "wrong".into(),
            ..Credentials::default()
        };
        let asked = id.clone();
        let changed = move |tx: &crate::store::WriteTxn<'_>| -> crate::ops::Result<()> {
            Ok(tx.put_credentials(&asked, &wrong)?)
        };
        rig.ops.store.write(changed).await.unwrap();
        rig.ops.refresh(id, true).await.unwrap();
        rig.work().await;
    }
    rig.ops.revoke(&other.connection, "").await.unwrap();
    let after = labels(&rig).await;
    let broken = |label: &Label| matches!(label, Label::Invalid | Label::Failed);
    let turned = |to: &dyn Fn(&Label) -> bool| {
        let turned = after.iter().filter(|(id, label)| {
            let was = before.get(*id);
            to(label) && was.is_none_or(|was| !to(was))
        });
        turned.count() as u64
    };
    let broke = turned(&broken);
    let revoked = turned(&|label: &Label| *label == Label::Deleted);
    assert!(broke >= 3 && revoked == 1, "{broke} {revoked}");
    for size in [WIDE, (80, 24)] {
        let mut board = Board::open(&rig.ops, size).await;
        press(&mut board, "=", 2).await;
        let screen = board.screen();
        let counted = |word: &str| -> u64 {
            let lines = screen.lines().filter_map(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                let at = words.iter().position(|it| *it == word)?;
                words.get(at.checked_sub(1)?)?.parse::<u64>().ok()
            });
            lines.sum()
        };
        assert_eq!(counted("broke"), broke, "since {left}: {screen}");
        assert_eq!(counted("revoked"), revoked, "{screen}");
        assert!(screen.contains("invalid-credentials"), "{screen}");
    }
}

async fn audited(rig: &Rig, filter: AuditFilter) -> Vec<AuditLine> {
    rig.ops.audit_before(&filter, i64::MAX, 500).await.unwrap()
}

/// Task 10: who did what with a customer, refusals too, and the log is whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_10_an_auditor_sees_all_of_a_customer() {
    let rig = world(Scenario::Consents).await;
    let id = rig
        .connect("AU00000", "richard", "tabsnotspaces")
        .await
        .connection;
    rig.clock.advance(HOUR);
    rig.ops.refresh(&id, false).await.unwrap();
    rig.work().await;
    // too soon, and without the words
    rig.ops.refresh(&id, false).await.unwrap_err();
    let one = crate::domain::act::Selection::One(id.clone());
    let purge = crate::domain::act::ActKind::Purge;
    let plan = rig.ops.plan(purge, one, false).await.unwrap();
    let nothing = Confirmation::default();
    let unconfirmed = rig.ops.apply(&plan, &nothing, |_| ()).await;
    assert!(matches!(unconfirmed, Err(Error::Unconfirmed(_))));
    let level = crate::domain::mask::Level::Strict;
    rig.ops.note(&id, "called".into(), level).await.unwrap();
    rig.ops.revoke(&id, "asked").await.unwrap();
    let mut board = Board::open(&rig.ops, WIDE).await;
    press(&mut board, "9/user:user-ada<enter>", 18).await;
    let screen = board.screen();
    let user = Some("user-ada".to_owned());
    let lines = audited(
        &rig,
        AuditFilter {
            user,
            ..AuditFilter::default()
        },
    )
    .await;
    assert!(lines.len() >= 6, "{lines:?}");
    for line in &lines {
        let shown = screen.lines().any(|shown| {
            let number = line.seq.to_string();
            let words: Vec<&str> = shown.split_whitespace().collect();
            words.contains(&number.as_str()) && words.contains(&line.action.as_str())
        });
        assert!(shown, "{line:?}: {screen}");
    }
    assert_eq!(screen.matches("refused").count(), 2, "{screen}");
    let verdict = rig.ops.audit_verify(None).await.unwrap();
    assert_eq!(verdict.first_bad, None);
    // somebody writes into the file
    let seq = lines[2].seq;
    let raw = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    let sql = "UPDATE audit SET actor = actor || 'x' WHERE seq = ?1";
    raw.execute(sql, [seq]).unwrap();
    let verdict = rig.ops.audit_verify(None).await.unwrap();
    assert_eq!(verdict.first_bad.map(|(seq, _)| seq), Some(seq));
}

/// Task 11: a purge of many is left before it is confirmed, with one key, and taken back after, with another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_11_a_purge_of_many_is_left_or_taken_back_with_one_key() {
    let rig = world(Scenario::Outage).await;
    let undisturbed = async |board: &Board| {
        let purges = |rd: &ReadTxn<'_>| -> Result<_, Error> { Ok(rd.open_purges()?) };
        assert_eq!(rig.ops.store.read(purges).await.unwrap(), []);
        let empty = found(&rig, "status:active acc=0").await;
        assert!(empty.is_empty(), "{}", board.screen());
    };
    let mut board = Board::open(&rig.ops, WIDE).await;
    board.still.model.countdown = Countdown::lasting(5_000);
    board.press("/status:active<enter>*P").await;
    press(&mut board, "<esc>", 1).await;
    undisturbed(&board).await;

    board.press("P").await;
    let screen = board.screen();
    let (_, words) = screen.split_once("Type  ").expect("the words to type");
    let (words, _) = words.split_once("  to enable").unwrap();
    let many: u64 = words.strip_prefix("purge ").unwrap().parse().unwrap();
    assert!(many >= 200, "{many}");
    let words = words.replace(' ', "<space>");
    board
        .press(&format!("{words}<tab>mistake<tab><enter>"))
        .await;
    let screen = board.screen();
    assert!(screen.contains("is sent in"), "{screen}");
    press(&mut board, "u", 2).await;
    undisturbed(&board).await;
    board.still.pass(9_000).await;
    undisturbed(&board).await;
    let action = Some("purge".to_owned());
    let lines = audited(
        &rig,
        AuditFilter {
            action,
            ..AuditFilter::default()
        },
    )
    .await;
    let cancelled = lines.iter().filter(|line| line.outcome == "cancelled");
    assert_eq!(cancelled.count(), 2, "{lines:?}");
    let action = Some("plan".to_owned());
    let plans = audited(
        &rig,
        AuditFilter {
            action,
            ..AuditFilter::default()
        },
    )
    .await;
    assert!(
        plans.len() >= 2 && plans[0].outcome.starts_with("made: purge"),
        "{plans:?}"
    );
}
