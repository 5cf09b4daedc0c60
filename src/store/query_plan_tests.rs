//! Query plans: every statement of a frequent operation is traced while it runs, and its plan is checked. No large
//! table may be scanned, except along the index of a sort order.

use super::keys::Keys;
use super::{Asker, ReadTxn, WriteTxn, open};
use crate::domain::act::{ActKind, Detail, Plan, PlanHead, Step, StepAct};
use crate::domain::clock_check::Present;
use crate::domain::connection::Method;
use crate::domain::holdings::HoldingsFilter;
use crate::domain::ids::{JobId, WebhookId};
use crate::domain::job::State;
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::query::{People, Scope, parse, reference};
use crate::domain::schedule::Through;
use crate::domain::views::Sort;
use crate::store::{EventFilter, MessageFilter, Owner, Result, Whose};
use crate::world::{World, WorldSettings};
use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use std::cell::RefCell;
use std::collections::BTreeSet;

mod pages;

thread_local! {
    static RUN: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Large tables, by their names and aliases in the statements.
const GROW: [&str; 21] = [
    "connections",
    "c",
    "o",
    "me",
    "jobs",
    "j",
    "users",
    "u",
    "accounts",
    "a",
    "transactions",
    "profiles",
    "p",
    "credentials",
    "events",
    "audit",
    "plans",
    "plan_steps",
    "s",
    "webhook_messages",
    "m",
];

fn now() -> Moment {
    Moment::parse("2026-03-10T09:41:07Z").expect("it is a time")
}

fn asker() -> Asker {
    Asker {
        actor: "tester".into(),
        now: now(),
    }
}

fn trace(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(statement, _) = event {
        RUN.with_borrow_mut(|run| run.insert(statement.sql().into_owned()));
    }
}

fn world_file() -> (tempfile::TempDir, Connection, Keys) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("w.db");
    let mut conn = open::writer(&path, open::Mode::Create, |_| Ok(())).unwrap();
    let mut keys = Keys::open(&path, true).unwrap();
    keys.bind(&conn, now()).unwrap();
    let world = World::new(WorldSettings {
        connections: 60,
        seed: 7,
        transactions_per_account: 2,
        at: now(),
        scenario: None,
    });
    let tx = WriteTxn {
        rd: ReadTxn {
            conn: &conn,
            keys: &keys,
        },
    };
    for bank in world.institutions() {
        tx.put_institution(&bank).unwrap();
    }
    for batch in world.batches() {
        tx.ingest(&batch, now()).unwrap();
    }
    conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(trace))
        .unwrap();
    (dir, conn, keys)
}

/// The statements that `work` runs, each with the lines of its plan.
fn plans(conn: &Connection, work: impl FnOnce() -> Result<()>) -> Vec<(String, Vec<String>)> {
    RUN.with_borrow_mut(BTreeSet::clear);
    work().unwrap();
    let run = RUN.with_borrow_mut(std::mem::take);
    let plans = run.into_iter().filter_map(|sql| {
        let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).ok()?;
        let none: Vec<Option<i64>> = vec![None; plan.parameter_count()];
        let lines = plan
            .query_map(rusqlite::params_from_iter(none), |r| r.get::<_, String>(3))
            .ok()?;
        let lines = lines.map(|l| l.unwrap()).collect();
        Some((sql, lines))
    });
    plans.collect()
}

/// Whether a line of a plan scans a large table. The indexes of open jobs, jobs in trouble, open workflows, unused and
/// guarded connections, failure codes and unusual steps hold few rows, so that one of them may be read whole.
fn scans(line: &str) -> bool {
    if [
        "INDEX jobs_open",
        "INDEX jobs_trouble",
        "INDEX connections_unused",
        "INDEX connections_guarded",
        "INDEX connections_jobless",
        "INDEX connections_job_code",
        "INDEX connections_job_step",
        "INDEX jobs_code",
        "INDEX jobs_step",
        "INDEX plans_open_workflow",
    ]
    .iter()
    .any(|i| line.contains(i))
    {
        return false;
    }
    line.strip_prefix("SCAN ")
        .is_some_and(|rest| GROW.contains(&rest.split(' ').next().unwrap_or_default()))
}

#[test]
fn no_frequent_statement_scans_a_large_table() {
    let (_dir, conn, keys) = world_file();
    let tx = WriteTxn {
        rd: ReadTxn {
            conn: &conn,
            keys: &keys,
        },
    };
    let link = tx.connection_page(
        &parse("", Scope::Connections).unwrap(),
        Sort::default(),
        None,
        false,
        1,
        &asker(),
    );
    let row = link.unwrap().rows.remove(0);
    let (id, user, bank) = (row.id.clone(), row.user.clone(), row.institution.clone());
    let job: JobId = row.last_job.unwrap().id;
    let invalidated = crate::domain::events::find("connection", "invalidated");
    let of_user = EventFilter {
        user: Some(user.clone()),
        types: None,
    };
    let of_type = EventFilter {
        user: None,
        types: invalidated.map(|t| vec![t]),
    };
    let both = EventFilter {
        user: Some(user.clone()),
        ..of_type.clone()
    };
    let of_one = format!("user.id.eq('{user}') OR event.entity.eq('user')");
    let sorts = reference::events(&of_one).unwrap();
    let webhook = WebhookId::from("webhook");
    let people = |text: &str| People::read(text).unwrap();
    let held = HoldingsFilter {
        user: Some(user.clone()),
        ..HoldingsFilter::default()
    };
    let held_by = HoldingsFilter {
        connection: Some(id.clone()),
        ..HoldingsFilter::default()
    };
    let held_at = HoldingsFilter {
        institution: Some(bank.clone()),
        ..HoldingsFilter::default()
    };
    let pending = HoldingsFilter {
        posted: Some(false),
        ..held_by.clone()
    };
    let pair = Whose::Pair(user.clone(), bank.clone());
    let owner = Owner {
        connection: Some(id.clone()),
        account: Some("account-1".into()),
        ..Owner::default()
    };
    let workflow = Plan::new(
        PlanHead::new("plan-1".into(), ActKind::Erase, "tester", now()),
        vec![Step::new(StepAct::Purge, id.as_str())],
        Detail::None,
    );
    let present = Present {
        now: now(),
        boot: None,
    };
    type Question<'q> = (&'static str, Box<dyn FnOnce() -> Result<()> + 'q>);
    macro_rules! ask {
        ($($name:ident ( $($argument:expr),* ))*) => {
            vec![$((stringify!($name), Box::new(|| tx.$name($($argument),*).map(drop)))),*]
        };
    }
    let questions: Vec<Question<'_>> = ask! {
        audit_of_connection(&id, 50)
        events_of_connection(&id, 50)
        notes_of(&id, 50)
        set_taken(&id, Some("tester"), now())
        set_snoozed(&id, None)
        set_asked(&id, now())
        hold_of(&id, now())
        hold_of_bank(&bank, now())
        holds_of(&id)
        job_held_back(&job, now())
        next_hold_end(now())
        hold_page(now(), None, 5)
        open_jobs_of_plan(&"plan-1".into())
        job_cancelled_by(&job)
        plan_cancelled_by(&"plan-1".into())
        skip_steps_left(&"plan-1".into(), "no", now())
        causes(&parse("", Scope::Connections).unwrap(), &asker())
        causes(&parse("bank:hooli via:web", Scope::Connections).unwrap(), &asker())
        causes(&parse("step:sign-in monica", Scope::Connections).unwrap(), &asker())
        changed_since(now(), "tester", 50)
        woken_since(now(), now())
        holds_since(now(), 5)
        looked("tester")
        open_workflow(&user)
        open_workflows()
        plans_named(true, "9f1a22", 5)
        plan_size(true)
        plan_page(true, None, 5)
        active_consent(&user)
        consents_next()
        consents_to_end(&present, 5, 5)
        next_marked_end(5)
        any_stale_mark(&present)
        any_ended_unmarked(now())
        users_with_ended_consents(now())
        drop_stale_marks(&present)
        mark_ended(&present)
        consents_to_warn(now(), 5)
        consents_to_remind(now(), 5)
        consent_page(None, None, 5)
        consent_size(None, 5)
        consent_size(Some(&user), 5)
        turn_size(&bank)
        event_size(&of_user)
        event_size(&of_type)
        event_size(&both)
        consent_page(Some(&user), None, 5)
        left_of(&user)
        banks_of(&user)
        key_slots(&user, Some(&bank))
        connection(&id)
        connections_named("9f1a22", 5)
        connections_of(&user, None)
        connections_of(&user, Some(&bank))
        counts(now())
        job(&job)
        open_job(&id)
        jobs_of(&id, 20)
        jobs_kept(&id)
        refreshes_since(&id, now())
        due_jobs(State::Queued, now(), now(), 5)
        running()
        next_due(now())
        next_lapse()
        lapsed(now(), 10)
        open_jobs()
        stuck_jobs(now(), now())
        jobs_in_trouble()
        damaged_workflows()
        workers()
        fetching(&user, &bank)
        open_purge(&user, &bank)
        authorised(&job)
        answers(&job)
        outcomes(&bank, Method::Web, now(), 50)
        step_times(&bank, Method::Web, now(), 50)
        stats(&bank, Method::Web)
        unmeasured(now(), now())
        oldest_measure(now(), now())
        running_at(&bank)
        banks_with_turns()
        cached_through(&bank)
        turns(&bank, (5, 3), 10)
        turn(&id)
        background_jobs(&bank)
        set_cached_through(&bank, Through { at: now(), n: None })
        put_stats(&bank, Method::Web, None, now())
        beat("w1", now())
        events_after(3, 50)
        last_event()
        events_like(&of_user, 3, 50)
        events_like(&of_type, 3, 50)
        events_like(&both, 3, 50)
        events_named("9f1a22", 5)
        events_since(now(), &sorts, None, 50)
        webhooks_behind()
        webhooks_waiting(now(), now())
        take_message(&webhook, now(), now(), now())
        webhook_messages(&webhook, &MessageFilter::default(), None, 50)
        webhook_message(&webhook, &"message".into())
        webhook_attempts(&"message".into())
        webhook_stats(&webhook)
        any_old_message(now())
        drop_old_messages(now())
        event(&"9f1a22".into())
        meets_challenges(&id)
        auth_link(&user)
        business(&user)
        users_named("9f1a22", 5)
        user_page(&People::Everyone, None, 50, Level::default())
        user_page(&people("monica hall"), None, 50, Level::default())
        user_page(&people("9f1a22"), None, 50, Level::default())
        user_page(&people("monica@example.test"), None, 50, Level::default())
        user_page(&people("0400 111 222"), None, 50, Level::default())
        user_size(&people("monica"), 5)
        account_page(&held, None, 50, Level::default())
        account_page(&held_by, None, 50, Level::default())
        account_page(&held_at, None, 50, Level::default())
        account_size(&held)
        transaction_page(&held, None, 50)
        transaction_page(&pending, None, 50)
        transaction_size(&pending)
        drop_auth_link(&user)
        use_auth_link(&user, "9f1a22")
        audit_head()
        audit_before(9, 5)
        workers()
        user(&user)
        stored_under(&user)
        profile(&id)
        credentials(&id)
        same_credentials(&id)
        refused_sign_ins(&id)
        signing_in(&id)
        forced(&job)
        sign_in_refused(&id, 3, now())
        sign_in_accepted(&id)
        set_forced(&job)
        accounts_of(&id, Level::default())
        newest_posted(&id)
        purge_counts(&user, &bank)
        purge_span(&user, &bank)
        stranded(&user, &bank)
        needles(&user, &bank)
        search_list("purge-1")
        unproven(&user, &bank)
        known_owner(&owner)
        list_values("purge-1", &pair)
        list_served("purge-1")
        keep_list("purge-1")
        lists_of_user_served(&user)
        institution(&bank)
        plan(&"plan-1".into())
        plan_head(&"plan-1".into())
        plans_named(false, "9f1a22", 5)
        plan_steps(&"plan-1".into(), None, true, 50)
        plan_step(&"plan-1".into(), 3)
        plan_banks(&"plan-1".into())
        plan_tally(&"plan-1".into())
        finish_plan(&"plan-1".into(), now())
        extend_workflow(&"plan-1".into(), 0, now())
        save_workflow(&workflow, &workflow)
        save_steps(&"plan-1".into(), &workflow.steps)
        usual_fetch(&bank)
        recount_accounts(1)
        set_asking(&id, true)
        drop_answers(&job)
        purge(&user, &bank)
        forget_login(&id)
    };
    for (name, question) in questions {
        let plans = plans(&conn, question);
        assert!(!plans.is_empty(), "{name}: no statement was traced");
        for (sql, lines) in plans {
            assert!(!lines.iter().any(|l| scans(l)), "{name}: {sql}\n{lines:#?}");
        }
    }
}
