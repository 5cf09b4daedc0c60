//! Every combination of facts on a real file: list, `why`, attention, filters, counts, `]` and the allowed acts agree.

use crate::clock::Clock;
use crate::domain::connection::{Label, Method, Origin, Status};
use crate::domain::diagnosis::Whose;
use crate::domain::failure_codes::Failure;
use crate::domain::ids::ConnectionId;
use crate::domain::import_records::{Batch, ConnectionRecord, JobRecord};
use crate::domain::job::{Kind, State, Step, StepStatus};
use crate::domain::limits::Limits;
use crate::domain::mask::BankWords;
use crate::domain::moment::Moment;
use crate::domain::policy::Act;
use crate::domain::query::Query;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Place, Sort};
use crate::domain::zone::Zone;
use crate::ops::{Caller, Explained, Ops};
use crate::testing::store::{RUNTIME, TestStore, asked, bank, connection, now, user};
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;

/// A status, and whether it ever was active.
const LABELS: [(Status, bool); 7] = [
    (Status::Active, true),
    (Status::Invalid, true),
    (Status::Invalid, false),
    (Status::Pending, false),
    (Status::PreInit, false),
    (Status::Init, false),
    (Status::Deleted, true),
];

/// A state of a job, when it is due from now, and the code it failed with.
type Fetch = (State, Option<i64>, Option<&'static str>);

/// The newest fetch: its state, when what it waits for is due, and the code it failed with.
const JOBS: [Option<Fetch>; 14] = [
    None,
    Some((State::Succeeded, None, None)),
    Some((State::Cancelled, None, None)),
    Some((State::Failed, None, Some("invalid-credentials"))),
    Some((State::Failed, None, Some("system-unavailable"))),
    Some((State::Failed, None, Some("institution-disabled"))),
    Some((State::Failed, None, Some("sign-in-missing"))),
    Some((State::Queued, Some(0), None)),
    Some((State::Running, Some(MINUTE), None)),
    Some((State::Running, Some(-MINUTE), None)),
    Some((State::WaitingMfa, Some(MINUTE), None)),
    Some((State::WaitingRetry, Some(MINUTE), Some("maintenance"))),
    Some((State::Paused, Some(MINUTE), None)),
    Some((State::Paused, None, None)),
];

/// When the consent at the bank ends, from now.
const ENDS: [Option<i64>; 5] = [
    None,
    Some(-10 * DAY),
    Some(0),
    Some(2 * DAY),
    Some(90 * DAY),
];

/// Whether the sign-in is guarded, how many days ago the bank was asked, and where it comes from.
const KINDS: [(bool, i64, Origin); 5] = [
    (false, 1, Origin::Sandbox),
    (false, 10, Origin::Sandbox),
    (true, 1, Origin::Sandbox),
    (false, 1, Origin::Imported),
    (false, 10, Origin::Imported),
];

fn possible(method: Method, status: Status) -> bool {
    match method {
        Method::Web => !matches!(status, Status::PreInit | Status::Init),
        Method::OpenBanking => status != Status::Pending,
    }
}

fn job(of: &ConnectionId, (state, due, code): Fetch) -> JobRecord {
    let mut steps: Vec<Step> = Kind::Refresh
        .steps()
        .iter()
        .cloned()
        .map(Step::pending)
        .collect();
    match state {
        State::Succeeded => steps
            .iter_mut()
            .for_each(|s| s.status = StepStatus::Success),
        State::Queued => {}
        State::Failed => steps[0].status = StepStatus::Failed,
        _ => steps[0].status = StepStatus::InProgress,
    }
    steps[0].failure = code.map(Failure::of);
    JobRecord {
        id: format!("job-of-{of}").into(),
        connection: of.clone(),
        kind: Kind::Refresh,
        state,
        steps,
        created: now().plus_ms(-2 * DAY),
        updated: now().plus_ms(-2 * DAY),
        ended: None,
        attempt: 1,
        next_attempt: due.map(|ms| now().plus_ms(ms)),
        challenge: None,
        words: BankWords::default(),
    }
}

/// A row of every combination, with those whose sign-in is guarded.
fn everything() -> (Batch, Vec<ConnectionId>) {
    let (mut batch, mut guarded) = (Batch::default(), vec![]);
    batch.institutions.push(bank("AU00000", "Hooli"));
    for (status, ever_active) in LABELS {
        for method in Method::ALL.into_iter().filter(|m| possible(*m, status)) {
            for open in JOBS {
                for ends in ENDS
                    .into_iter()
                    .filter(|e| e.is_none() || method == Method::OpenBanking)
                {
                    for (held, days, origin) in KINDS {
                        let id = format!("c-{:04}", batch.connections.len());
                        let record = ConnectionRecord {
                            origin,
                            method,
                            status,
                            ever_active,
                            created: now().plus_ms(-40 * DAY),
                            since: Some(now().plus_ms(-days * DAY)),
                            last_used: now().plus_ms(-days * DAY),
                            expiry: ends.map(|ms| now().plus_ms(ms)),
                            ..connection(&id)
                        };
                        batch.users.push(user(record.user.as_str(), "Ada Byron"));
                        batch.jobs.extend(open.map(|open| job(&record.id, open)));
                        if held && method == Method::Web && status != Status::Deleted {
                            guarded.push(record.id.clone());
                        }
                        batch.connections.push(record);
                    }
                }
            }
        }
    }
    (batch, guarded)
}

fn world() -> (TestStore, Ops) {
    let desk = TestStore::new();
    let (batch, guarded) = everything();
    desk.write(move |tx| tx.ingest(&batch, now()));
    let raw = desk.raw();
    for id in guarded {
        let sql = "UPDATE connections SET refused = 3, guarded = 1 WHERE id = ?1";
        assert_eq!(raw.execute(sql, [id.as_str()]).unwrap(), 1);
    }
    let ops = ops(&desk, now());
    (desk, ops)
}

fn ops(desk: &TestStore, at: Moment) -> Ops {
    let caller = Caller {
        actor: "tester".into(),
        face: "command",
        role: crate::domain::access::Role::Admin,
        zone: Zone::UTC,
    };
    Ops::new(
        desk.store.clone(),
        Clock::fixed(at),
        caller,
        Limits::default(),
    )
}

fn whys(ops: &Ops, rows: &[ConnectionRow]) -> BTreeMap<ConnectionId, Explained> {
    let why = |row: &ConnectionRow| RUNTIME.block_on(ops.why(&row.id)).unwrap();
    rows.iter().map(|row| (row.id.clone(), why(row))).collect()
}

fn is(desk: &TestStore, filter: &str) -> BTreeSet<ConnectionId> {
    let rows = desk.list(filter, Sort::default());
    rows.into_iter().map(|row| row.id).collect()
}

/// What `]` stops at, from the first to the last.
fn jumps(desk: &TestStore, ops: &Ops) -> Vec<ConnectionId> {
    let (mut found, mut from) = (vec![], Place::Start);
    loop {
        let next = ops.next_attention(Query::default(), Sort::default(), from, false);
        let id = match RUNTIME.block_on(next).unwrap() {
            Some((id, around)) if !around || found.is_empty() => id,
            // it begins anew
            _ => return found,
        };
        let asker = crate::testing::store::asker();
        let at = id.clone();
        let anchor = desk
            .read(move |rd| rd.connection_anchor(&at, &Query::default(), Sort::default(), &asker));
        from = Place::After(anchor.expect("the row is in the list"));
        found.push(id);
    }
}

#[test]
fn every_face_says_the_same_of_every_combination() {
    let (desk, ops) = world();
    let rows = desk.list("", Sort::default());
    assert!(rows.len() > 700, "{}", rows.len());
    let why = whys(&ops, &rows);
    let needing = is(&desk, "is:attention");
    let (stuck, stale) = (is(&desk, "is:stuck"), is(&desk, "is:stale"));
    let (expiring, guarded) = (is(&desk, "is:expiring"), is(&desk, "is:guarded"));
    assert!(!stuck.is_empty() && !stale.is_empty() && !expiring.is_empty() && !guarded.is_empty());
    for row in &rows {
        let Explained {
            row: alone,
            meaning,
            acts,
        } = &why[&row.id];
        let about = format!("{row:?}\n{meaning:#?}");
        let acting = matches!(meaning.whose, Whose::User | Whose::Bank | Whose::Us);
        assert_eq!(row.attention, acting, "list and why: {about}");
        assert_eq!(alone.attention, acting, "one row and why: {about}");
        assert_eq!(
            needing.contains(&row.id),
            acting,
            "is:attention and why: {about}"
        );
        let works = meaning.tell_customer.contains("everything works");
        let active = row.label == Label::Active;
        if stuck.contains(&row.id) {
            assert!(acting, "stuck: {about}");
        }
        if stale.contains(&row.id) {
            assert!(
                !works && !meaning.headline.starts_with("It works:"),
                "stale: {about}"
            );
        }
        if expiring.contains(&row.id) && active {
            assert!(acting && !works, "expiring: {about}");
        }
        if guarded.contains(&row.id) && active {
            assert!(acting && !works, "guarded: {about}");
        }
        if works {
            assert!(active && !acting, "works: {about}");
        }
        let ended = row.method == Method::OpenBanking && row.expiry.is_some_and(|at| at <= now());
        let open = row.last_job.as_ref().is_some_and(|job| job.state.open());
        if ended && active && !open {
            assert!(
                acting && meaning.headline.contains("ended "),
                "ended: {about}"
            );
        }
        let here = row.origin == Origin::Sandbox;
        for (act, no) in acts {
            if *act == Act::Purge {
                assert_eq!(no.is_none(), active && here, "purge: {about}");
            }
            if *act == Act::Refresh {
                let can = here && row.label != Label::Deleted && !row.guarded;
                assert_eq!(no.is_none(), can, "refresh: {about}");
            }
        }
    }
    let counted = RUNTIME.block_on(ops.counts()).unwrap().attention();
    assert_eq!(counted, needing.len() as u64, "the header and status");
    let jumped = jumps(&desk, &ops);
    assert_eq!(jumped.len(), needing.len(), "`]`");
    assert_eq!(jumped.into_iter().collect::<BTreeSet<_>>(), needing, "`]`");
}

/// A day later, nothing written: leases ran out, consents came near their end, data grew old.
#[test]
fn what_only_time_changes_is_the_same_in_list_count_and_why() {
    let (desk, _) = world();
    for days in [1, 5, 30] {
        let later: Moment = now().plus_ms(days * DAY);
        let ops = ops(&desk, later);
        let ids = RUNTIME
            .block_on(ops.ids(asked("is:attention"), 10_000))
            .unwrap()
            .0;
        let needing: BTreeSet<ConnectionId> = ids.into_iter().collect();
        let counted = RUNTIME.block_on(ops.counts()).unwrap().attention();
        assert_eq!(counted, needing.len() as u64, "{days} days later");
        for row in desk.list("", Sort::default()) {
            let meaning = RUNTIME.block_on(ops.why(&row.id)).unwrap().meaning;
            let acting = matches!(meaning.whose, Whose::User | Whose::Bank | Whose::Us);
            assert_eq!(
                needing.contains(&row.id),
                acting,
                "{days} days later: {row:?}\n{meaning:#?}"
            );
        }
    }
}

/// Also later, when what time changed was judged again.
#[test]
fn the_list_stands_in_the_order_of_who_has_to_act_and_the_counters_agree() {
    let (desk, _) = world();
    for days in [0, 1, 5, 30] {
        let later = now().plus_ms(days * DAY);
        desk.write(move |tx| tx.judge_due(later, 10_000));
        let placed = desk.read(move |rd| {
            let asker = crate::store::Asker {
                now: later,
                ..crate::testing::store::asker()
            };
            let sort = Sort::default();
            rd.placed_page(&Query::default(), sort, None, false, 10_000, &asker)
        });
        let counts = desk.read(move |rd| rd.counts(later));
        let place = |whose: Whose| Whose::ORDER.iter().position(|it| *it == whose).unwrap();
        let places: Vec<usize> = placed.rows.iter().map(|it| place(it.mover)).collect();
        assert!(places.is_sorted(), "{days} days later");
        for whose in Whose::ORDER {
            let here = placed.rows.iter().filter(|it| it.row.mover == whose);
            assert_eq!(
                counts.whose(whose),
                here.count() as u64,
                "{whose:?} {days} days later"
            );
        }
        assert!(Whose::ORDER.iter().all(|whose| counts.whose(*whose) > 0));
        for row in &placed.rows {
            assert_eq!(row.mover, row.row.mover, "{days} days later: {row:?}");
        }
    }
}

#[test]
fn a_row_tells_how_its_last_seven_fetches_ended() {
    let desk = TestStore::new();
    let mut batch = Batch::default();
    batch.institutions.push(bank("AU00000", "Hooli"));
    let record = connection("c-1");
    batch.users.push(user(record.user.as_str(), "Ada Byron"));
    let states = [
        State::Failed,
        State::Succeeded,
        State::Cancelled,
        State::Succeeded,
        State::Failed,
        State::Succeeded,
        State::Succeeded,
        State::Failed,
        State::Succeeded,
    ];
    // written in another order than they were made
    for (n, state) in states.iter().enumerate().rev() {
        batch.jobs.push(JobRecord {
            id: format!("job-{n}").into(),
            created: now().plus_ms(n as i64 * MINUTE - DAY),
            ended: Some(now().plus_ms(n as i64 * MINUTE - DAY + 1)),
            ..job(&record.id, (*state, None, None))
        });
    }
    batch.connections.push(record);
    desk.write(move |tx| tx.ingest(&batch, now()));
    let row = desk.list("", Sort::default()).remove(0);
    assert_eq!(row.runs, states[2..]);
}
