//! Import merges by id: the same record twice changes nothing, newer ones win, records of another owner are refused.
//! And how a refresh stores accounts and transactions.

use crate::domain::bank_data::{BankAccount, BankTransaction};
use crate::domain::connection::{Method, Status};
use crate::domain::holdings::HoldingsFilter;
use crate::domain::import_records::Batch;
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::views::{Sort, SortField};
use crate::refused;
use crate::store::Error;
use crate::testing::store::{TestStore, connection, now, settings};

#[test]
fn importing_a_world_twice_changes_nothing() {
    let (desk, all) = TestStore::with(settings(150, 3));
    let before = desk.list("", Sort::default());
    let batch = all.clone();
    let again = desk.write(move |tx| tx.ingest(&batch, now()));
    let records = all.institutions.len()
        + all.users.len()
        + all.connections.len()
        + all.accounts.len()
        + all.transactions.len()
        + all.jobs.len()
        + all.events.len();
    assert_eq!(again.unchanged, records as u64, "{again:?}");
    assert_eq!(desk.list("", Sort::default()), before);
    assert!(desk.read(|rd| rd.health()).ok());
}

#[test]
fn fields_missing_in_an_imported_record_stay() {
    let (desk, all) = TestStore::with(settings(60, 1));
    let full = all
        .connections
        .iter()
        .find(|c| c.profile.is_some() && c.credentials.is_some())
        .unwrap();
    let mut less = full.clone();
    (less.profile, less.credentials, less.since) = (None, None, None);
    let batch = Batch {
        connections: vec![less.clone()],
        ..Batch::default()
    };
    assert_eq!(desk.write(move |tx| tx.ingest(&batch, now())).unchanged, 1);
    less.last_used = less.last_used.plus_ms(1_000);
    let batch = Batch {
        connections: vec![less.clone()],
        ..Batch::default()
    };
    assert_eq!(
        desk.write(move |tx| tx.ingest(&batch, now())).connections,
        1
    );
    let id = full.id.clone();
    let (row, profile, login) = desk.read(move |rd| {
        Ok((
            rd.connection(&id)?.unwrap(),
            rd.profile(&id)?,
            rd.credentials(&id)?,
        ))
    });
    assert_eq!(
        (profile, login),
        (full.profile.clone(), full.credentials.clone())
    );
    assert_eq!(
        (row.last_used, Some(row.since)),
        (less.last_used, full.since)
    );
}

#[test]
fn import_takes_newer_records_and_refuses_other_owners() {
    let (desk, all) = TestStore::with(settings(60, 1));
    let mut changed = all
        .connections
        .iter()
        .find(|c| c.status == Status::Active)
        .unwrap()
        .clone();
    changed.status = Status::Invalid;
    let (id, batch) = (
        changed.id.clone(),
        Batch {
            connections: vec![changed.clone()],
            ..Batch::default()
        },
    );
    assert_eq!(
        desk.write(move |tx| tx.ingest(&batch, now())).connections,
        1
    );
    assert_eq!(
        desk.read(move |rd| rd.connection(&id)).unwrap().status,
        Status::Invalid
    );
    let mut stolen = changed.clone();
    stolen.user = all
        .users
        .iter()
        .find(|u| u.id != changed.user)
        .unwrap()
        .id
        .clone();
    let mut turned = changed.clone();
    turned.method = if changed.method == Method::Web {
        Method::OpenBanking
    } else {
        Method::Web
    };
    for record in [stolen, turned] {
        let batch = Batch {
            connections: vec![record],
            ..Batch::default()
        };
        refused!(
            desk.try_write(move |tx| tx.ingest(&batch, now())),
            Error::Clash { .. }
        );
    }
    let mut account = all.accounts[0].clone();
    account.user = all
        .users
        .iter()
        .find(|u| u.id != account.user)
        .unwrap()
        .id
        .clone();
    let batch = Batch {
        accounts: vec![account],
        ..Batch::default()
    };
    refused!(
        desk.try_write(move |tx| tx.ingest(&batch, now())),
        Error::Clash { .. }
    );
    for batch in [
        Batch {
            connections: vec![connection("nobody-s")],
            ..Batch::default()
        },
        Batch {
            transactions: vec![crate::domain::import_records::TransactionRecord {
                account: "no-account".into(),
                ..all.transactions[0].clone()
            }],
            ..Batch::default()
        },
    ] {
        refused!(
            desk.try_write(move |tx| tx.ingest(&batch, now())),
            Error::Absent { .. }
        );
    }
    assert!(desk.read(|rd| rd.health()).ok());
}

#[test]
fn import_updates_a_job_that_went_on_elsewhere() {
    use crate::domain::job::{State, StepStatus};
    let (desk, all) = TestStore::with(settings(120, 0));
    let mut job = all
        .jobs
        .iter()
        .find(|j| j.state == State::WaitingRetry)
        .unwrap()
        .clone();
    job.state = State::Succeeded;
    job.steps
        .iter_mut()
        .for_each(|s| (s.status, s.failure) = (StepStatus::Success, None));
    (job.updated, job.ended, job.next_attempt) = (now(), Some(now()), None);
    let (id, batch) = (
        job.id.clone(),
        Batch {
            jobs: vec![job],
            ..Batch::default()
        },
    );
    let again = batch.clone();
    assert_eq!(desk.write(move |tx| tx.ingest(&batch, now())).jobs, 1);
    assert_eq!(desk.write(move |tx| tx.ingest(&again, now())).unchanged, 1);
    assert_eq!(
        desk.read(move |rd| rd.job(&id)).unwrap().state,
        State::Succeeded
    );
}

#[test]
fn renaming_a_bank_changes_the_sort_order() {
    let (desk, all) = TestStore::with(settings(60, 0));
    let sort = Sort::by(SortField::Bank, false);
    let mut bank = all
        .institutions
        .iter()
        .find(|b| b.id == all.connections[0].institution)
        .unwrap()
        .clone();
    bank.name = "Zzz Renamed".into();
    bank.connectors.reverse();
    let (renamed, again) = (bank.clone(), bank.clone());
    assert!(desk.write(move |tx| tx.put_institution(&renamed)));
    assert!(
        !desk.write(move |tx| tx.put_institution(&again)),
        "the order of its connectors is no change"
    );
    let last = desk.list("", sort).pop().unwrap();
    assert_eq!(last.institution_name, "Zzz Renamed");
    bank.connectors.truncate(1);
    let (one, again) = (bank.clone(), bank);
    assert!(desk.write(move |tx| tx.put_institution(&one)));
    assert!(!desk.write(move |tx| tx.put_institution(&again)));
}

fn account(reference: &str) -> BankAccount {
    BankAccount {
        reference: reference.into(),
        class: "savings".into(),
        currency: "AUD".into(),
        balance: Some(10),
        available: None,
        credit_limit: None,
        status: "available".into(),
        details: Default::default(),
    }
}

fn transaction(account: &str, reference: &str, posted: bool, day: i64) -> BankTransaction {
    BankTransaction {
        reference: reference.into(),
        account: account.into(),
        posted,
        amount: -100,
        class: "payment".into(),
        at: Moment(now().day().0 + day * 86_400_000),
        details: Default::default(),
    }
}

#[test]
fn refresh_replaces_pending_transactions_and_keeps_posted_ones() {
    let desk = TestStore::new();
    let link = desk.connection("one");
    let put = |accounts: &[&str], sent: Vec<BankTransaction>, at: i64| {
        let (id, accounts): (_, Vec<_>) =
            (link.clone(), accounts.iter().map(|a| account(a)).collect());
        desk.write(move |tx| {
            tx.put_accounts(&id, &accounts, now().plus_ms(at))?;
            let stored = tx.put_transactions(&id, &sent)?;
            let row = tx.connection(&id)?.expect("it is there");
            let held = HoldingsFilter {
                connection: Some(id.clone()),
                ..HoldingsFilter::default()
            };
            let spans = tx.account_page(&held, None, 9, Level::default())?.rows;
            let spans = spans.into_iter().filter_map(|account| account.span);
            let all = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            let span = (all, tx.newest_posted(&id)?);
            Ok((
                (stored.seen, stored.new),
                (row.accounts, row.transactions),
                span,
            ))
        })
    };
    let day = |n: i64| Moment(now().day().0 + n * 86_400_000);
    let t = transaction;
    let first = vec![
        t("a", "p1", true, -5),
        t("a", "p2", true, -4),
        t("a", "w1", false, 0),
        t("x", "p1", true, 0),
    ];
    // account `x` was not sent, so its transactions are ignored; `b` has none yet
    let (stored, kept, span) = put(&["a", "b"], first, 0);
    assert_eq!((stored, kept), ((3, 3), (2, 3)));
    assert_eq!(span, (Some((day(-5), day(0))), None));
    let second = vec![
        t("a", "p2", true, -4),
        t("a", "p3", true, -2),
        t("b", "p1", true, -3),
        t("a", "w2", false, 0),
    ];
    let (stored, kept, span) = put(&["a", "b"], second, 1);
    assert_eq!(
        (stored, kept),
        ((4, 2), (2, 5)),
        "p1 stays, p3 and b's p1 are new; w2 is w1 once more"
    );
    assert_eq!(
        span,
        (Some((day(-5), day(0))), Some(day(-3))),
        "a pending one is not the newest posted"
    );
    let (stored, kept, span) = put(&["a"], vec![], 2);
    assert_eq!(
        (stored, kept),
        ((0, 0), (2, 4)),
        "no account is deleted by a refresh, no posted one either"
    );
    assert_eq!(
        span.1,
        Some(day(-2)),
        "an account that is not sent any more holds nothing up"
    );
    let id = link.clone();
    let accounts = desk.read(move |rd| rd.accounts_of(&id, crate::domain::mask::Level::default()));
    let states: Vec<_> = accounts
        .iter()
        .map(|a| (&*a.status, a.transactions))
        .collect();
    assert_eq!(states, [("available", 3), ("unavailable", 1)]);
    assert!(desk.read(|rd| rd.health()).ok());
}
