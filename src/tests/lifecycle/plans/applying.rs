//! Carrying a plan out.

use super::*;
use crate::domain::job::State;
use crate::domain::limits::Limits;

async fn jobs_of(ops: &Ops, kind: Kind, since: Moment) -> Vec<ConnectionId> {
    let (all, asker) = (parse("", Scope::Jobs).unwrap(), ops.asker());
    let page = ops
        .store
        .read(move |rd| -> Result<_> { Ok(rd.job_page(&all, None, 100_000, &asker)?) })
        .await;
    let jobs = page.unwrap().rows.into_iter();
    jobs.filter(|job| job.kind == kind && job.created >= since)
        .map(|job| job.connection)
        .collect()
}

/// Random numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn apply_skips_what_changed_since_the_plan() {
    for (seed, act) in [
        ActKind::Purge,
        ActKind::Revoke,
        ActKind::Refresh,
        ActKind::Purge,
        ActKind::Revoke,
        ActKind::Refresh,
    ]
    .iter()
    .enumerate()
    {
        let (rig, mut dice) = (world(60).await, Dice(0x9e37_79b9 + 77 * seed as u64));
        let ops = &rig.ops;
        let everybody: Vec<String> = rows(ops).await.into_keys().collect();
        let chosen: BTreeSet<&String> = (0..25)
            .map(|_| &everybody[dice.below(everybody.len())])
            .collect();
        let ids = chosen
            .iter()
            .map(|id| ConnectionId::from(id.as_str()))
            .collect();
        let plan = make(ops, *act, Selection::Ids(ids)).await.unwrap();
        let mut changed: BTreeSet<String> = BTreeSet::new();
        for _ in 0..20 {
            let id: ConnectionId = everybody[dice.below(everybody.len())].as_str().into();
            let row = rig.row(&id).await;
            match dice.below(3) {
                0 if ops.revoke(&id, "").await.is_ok() => {
                    let _ = changed.insert(id.to_string());
                }
                1 if ops.purge(&id, "").await.is_ok() => {
                    let all = rows(ops).await;
                    let pair = all
                        .values()
                        .filter(|r| r.user == row.user && r.institution == row.institution);
                    // a purge of nothing changes nothing
                    changed.extend(
                        pair.filter(|_| row.accounts > 0 && *act != ActKind::Refresh)
                            .map(|r| r.id.to_string()),
                    );
                }
                // a queued refresh changes no figure: a refresh joins it, purge and revoke are still done
                2 => drop(ops.refresh(&id, true).await),
                _ => {}
            }
        }
        let before = rows(ops).await;
        rig.clock.advance(Duration::from_secs(1));
        let started = rig.clock.now();
        assert!(!apply(ops, &plan).await);
        let after = rows(ops).await;
        let done = ops.stored_plan(&plan.head.id).await.unwrap();
        assert!(done.head.finished.is_some());
        let mut skipped = 0;
        for item in &done.steps {
            let (id, (outcome, why)) = (item.target.clone(), item.standing());
            let moved = changed.contains(&id);
            match (item.planned, moved) {
                (Outcome::WouldRun, true) => {
                    skipped += 1;
                    assert_eq!(outcome, Outcome::Skipped, "{act:?} {id} {why}");
                    assert!(why.contains(" was ") && why.contains(", is "), "{why}");
                    assert_eq!(before[&id], after[&id], "{act:?} {id}");
                }
                (Outcome::WouldRun, false) => {
                    let expected = match act {
                        ActKind::Refresh => &[Outcome::Queued, Outcome::Deduplicated][..],
                        _ => &[Outcome::Done],
                    };
                    assert!(
                        expected.contains(&outcome),
                        "{act:?} {id} {outcome:?} {why}"
                    );
                }
                (Outcome::Deduplicated, _) => {}
                (planned, _) => assert_eq!(outcome, planned, "{act:?} {id}"),
            }
        }
        assert!(skipped > 0, "{act:?}: no step was skipped");
        let kind = Kind::parse(act.word()).unwrap();
        let outside = jobs_of(ops, kind, started)
            .await
            .into_iter()
            .filter(|id| !chosen.contains(&id.to_string()));
        assert_eq!(
            outside.count(),
            0,
            "{act:?} reached an id that was not in the plan"
        );
        let events = ops.last_event().await.unwrap();
        assert!(apply(ops, &plan).await, "the second time nothing is left");
        assert_eq!(
            (rows(ops).await, ops.last_event().await.unwrap()),
            (after, events)
        );
        rig.healthy().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn interrupted_apply_continues_without_repeats() {
    for act in [ActKind::Purge, ActKind::Revoke, ActKind::Refresh] {
        let rig = world(110).await;
        let plan = make(&rig.ops, act, found("status:active acc>0"))
            .await
            .unwrap();
        assert!(plan.head.runs > 70, "{:?}", plan.head);
        rig.clock.advance(Duration::from_secs(1));
        let started = rig.clock.now();
        let typed = Confirmation::new(Some(&plan.words()), Some("r"));
        let cut = Notify::new();
        tokio::select! {
            biased;
            () = cut.notified() => {}
            done = rig.ops.apply(&plan, &typed, |p| if matches!(p, Progress::Steps(3..)) { cut.notify_one() }) => {
                panic!("it was not cut: {done:?}");
            }
        }
        let store = Store::open(rig.ops.store.path(), Mode::Write, &rig.clock).unwrap();
        let again = Ops::new(
            store,
            rig.clock.clone(),
            (*rig.ops.caller).clone(),
            (*rig.ops.limits).clone(),
        );
        let half = again.stored_plan(&plan.head.id).await.unwrap();
        let left = half
            .steps
            .iter()
            .filter(|item| item.outcome.is_none())
            .count();
        assert!(
            left > 0 && half.head.applied.is_some() && half.head.finished.is_none(),
            "{act:?} {left}"
        );
        assert!(!apply(&again, &plan).await);
        rig.clock.advance(Duration::from_secs(60));
        if act != ActKind::Refresh {
            // a purge interrupted after its intent is finished by the next worker
            rig.work().await;
        }
        let done = again.stored_plan(&plan.head.id).await.unwrap();
        assert!(done.steps.iter().all(|item| item.outcome.is_some()));
        let tally = done.tally();
        let well = if act == ActKind::Refresh {
            Outcome::Queued
        } else {
            Outcome::Done
        };
        assert_eq!(
            tally.count(well),
            plan.head.runs,
            "{act:?} {}",
            tally.words()
        );
        let jobs = jobs_of(&again, Kind::parse(act.word()).unwrap(), started).await;
        let distinct: BTreeSet<_> = jobs.iter().collect();
        assert_eq!(
            (jobs.len() as u64, distinct.len()),
            (plan.head.runs, jobs.len()),
            "{act:?}"
        );
        rig.healthy().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_one_apply() {
    let rig = world(60).await;
    let plan = make(&rig.ops, ActKind::Revoke, found("status:active"))
        .await
        .unwrap();
    rig.clock.advance(Duration::from_secs(1));
    let started = rig.clock.now();
    let store = Store::open(rig.ops.store.path(), Mode::Write, &rig.clock).unwrap();
    let other = Ops::new(
        store,
        rig.clock.clone(),
        (*rig.ops.caller).clone(),
        (*rig.ops.limits).clone(),
    );
    tokio::join!(apply(&rig.ops, &plan), apply(&other, &plan));
    let done = rig.ops.stored_plan(&plan.head.id).await.unwrap();
    assert_eq!(done.tally().count(Outcome::Done), plan.head.runs);
    assert_eq!(
        jobs_of(&rig.ops, Kind::Revoke, started).await.len() as u64,
        plan.head.runs
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn apply_needs_words_reason_and_an_unexpired_plan() {
    let rig = world(60).await;
    let (ops, before) = (&rig.ops, rows(&rig.ops).await);
    let plan = make(ops, ActKind::Purge, found("status:active"))
        .await
        .unwrap();
    let (id, words) = (&plan.head.id, plan.head.words());
    for (typed, reason) in [
        (None, Some("r")),
        (Some("purge"), Some("r")),
        (Some(words.as_str()), None),
    ] {
        let refused = ops
            .apply_kept(id, &Confirmation::new(typed, reason), |_| ())
            .await;
        assert!(
            matches!(refused, Err(Error::Unconfirmed(_))),
            "{typed:?} {reason:?}"
        );
    }
    rig.clock.advance(Duration::from_secs(900));
    let typed = Confirmation::new(Some(&words), Some("r"));
    let late = ops.apply_kept(id, &typed, |_| ()).await;
    assert!(matches!(late, Err(Error::Refused(refusal)) if refusal.code == "plan-lapsed"));
    let none = ops.apply_kept(&"no-such-plan".into(), &typed, |_| ()).await;
    assert!(matches!(none, Err(Error::NotFound { kind: "plan", .. })));
    assert_eq!(rows(ops).await, before);
    assert_eq!(
        ops.plans(None, 10).await.unwrap().rows,
        std::slice::from_ref(&plan.head)
    );
    assert_eq!(ops.resolve_plan(id.short()).await.unwrap(), *id);
    assert_eq!(
        ops.stored_plan(id).await.unwrap(),
        plan,
        "what is read back is what was counted"
    );
}

/// The bank is down, and two refreshes wait for their retry; a third is queued.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_of_several_has_waiting_retries_tried_now() {
    let rig = Rig::with(Limits {
        retry: true,
        ..Limits::default()
    })
    .await;
    let mut ids = vec![];
    for (login, password) in [
        ("Wentworth-Smith", "whislter"),
        ("richard", "tabsnotspaces"),
        ("Whistler", "ShowBox"),
    ] {
        ids.push(rig.connect("AU00000", login, password).await.connection);
    }
    rig.clock.advance(Duration::from_secs(3_600));
    let down = rig.clock.now().plus(Duration::from_secs(600));
    let bank = "AU00000".into();
    rig.ops.outage(&bank, Some(down)).await.unwrap();
    let mut waiting = vec![];
    for id in &ids[..2] {
        waiting.push(rig.ops.refresh(id, false).await.unwrap().job.id);
    }
    rig.work().await;
    let queued = rig.ops.refresh(&ids[2], false).await.unwrap().job.id;

    // while it is known to be down, the plan says that it will likely fail
    let all = || Selection::Ids(ids.clone());
    let plan = rig.ops.plan(ActKind::Refresh, all(), false).await.unwrap();
    let against = |plan: &Plan| {
        plan.warnings()
            .iter()
            .any(|(w, n)| w.contains("likely fail") && *n == 2)
    };
    assert!(against(&plan), "{plan:?}");

    rig.clock.advance(Duration::from_secs(700));
    let plan = make(&rig.ops, ActKind::Refresh, all()).await.unwrap();
    let planned: Vec<_> = plan.steps.iter().map(|step| step.planned).collect();
    assert_eq!(
        planned,
        [Outcome::WouldRun, Outcome::WouldRun, Outcome::Deduplicated]
    );
    assert!(!against(&plan), "{plan:?}");
    assert!(!apply(&rig.ops, &plan).await);
    let done = rig.ops.stored_plan(&plan.head.id).await.unwrap();
    let outcomes: Vec<_> = done
        .steps
        .iter()
        .map(|step| step.outcome.unwrap())
        .collect();
    assert_eq!(
        outcomes,
        [Outcome::Queued, Outcome::Queued, Outcome::Deduplicated]
    );
    let jobs: Vec<_> = done.steps.iter().map(|step| step.job.clone()).collect();
    assert_eq!(
        jobs[..2],
        [Some(waiting[0].clone()), Some(waiting[1].clone())]
    );
    rig.work().await;
    for id in waiting {
        let job = rig.ops.job(&id).await.unwrap();
        assert_eq!((job.state, job.attempt), (State::Succeeded, 2));
    }
    assert_eq!(rig.ops.job(&queued).await.unwrap().attempt, 1);
    rig.healthy().await;
}
