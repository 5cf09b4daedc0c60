//! Users, their data and auth links as operations, and the events of all of it.

use crate::domain::bank_data::{BankAccount, BankTransaction};
use crate::domain::connection::Method;
use crate::domain::events;
use crate::domain::holdings::{AccountHeld, HoldingsFilter, TransactionRow};
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::job::State;
use crate::domain::mask::Level;
use crate::domain::person::{Given, NumberKind, UserRow};
use crate::domain::query::People;
use crate::domain::views::BankAnswer;
use crate::ops::{Error, NewLink};
use crate::store::{Event, EventFilter};
use crate::testing::lifecycle::{Rig, link};
use std::time::Duration;

fn monica() -> Given {
    Given {
        email: Some("monica@example.test".into()),
        mobile: Some("+61400333444".into()),
        first_name: Some("Monica".into()),
        last_name: Some("Hall".into()),
        ..Given::default()
    }
}

fn of_user(user: &str) -> HoldingsFilter {
    HoldingsFilter {
        user: Some(user.into()),
        ..HoldingsFilter::default()
    }
}

async fn found(rig: &Rig, words: &str) -> Vec<UserRow> {
    let people = People::read(words).unwrap();
    let page = rig
        .ops
        .users(&people, None, 100, Level::Standard)
        .await
        .unwrap();
    assert_eq!(
        rig.ops.user_size(&people).await.unwrap(),
        page.rows.len() as u64,
        "{words}"
    );
    page.rows
}

async fn names(rig: &Rig, words: &str) -> Vec<String> {
    found(rig, words)
        .await
        .into_iter()
        .map(|row| row.name)
        .collect()
}

async fn feed(rig: &Rig, filter: EventFilter) -> Vec<Event> {
    rig.ops.events_like(&filter, 0, 10_000).await.unwrap()
}

async fn accounts(rig: &Rig, held: &HoldingsFilter) -> Vec<AccountHeld> {
    rig.ops
        .accounts(held, None, 1_000, Level::Standard)
        .await
        .unwrap()
        .rows
}

async fn transactions(rig: &Rig, held: &HoldingsFilter) -> Vec<TransactionRow> {
    rig.ops
        .transactions(held, None, 100_000)
        .await
        .unwrap()
        .rows
}

async fn audited(rig: &Rig) -> Vec<(String, String)> {
    let lines = rig.ops.audit_before(i64::MAX, 100).await.unwrap();
    lines
        .into_iter()
        .map(|line| (line.action, line.outcome))
        .collect()
}

fn code<T>(done: Result<T, Error>) -> String {
    match done {
        Err(Error::Refused(refusal)) => format!("{}: {}", refusal.code, refusal.detail),
        Err(Error::NotFound { kind, .. }) => format!("no {kind}"),
        Err(other) => format!("{other:?}"),
        Ok(_) => "done".into(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn users_are_created_updated_and_found() {
    let rig = Rig::new().await;
    let id = rig.ops.create_user(monica()).await.unwrap();
    let shown = rig.ops.user(&id, Level::Standard).await.unwrap();
    assert_eq!(
        (shown.name.as_str(), shown.email.as_deref()),
        ("Monica Hall", Some("m•••@example.test"))
    );
    assert_eq!(shown.mobile.as_deref(), Some("••• ••• 444"));
    for words in [
        "monica",
        "HALL",
        "hall mon",
        id.as_str(),
        id.short(),
        "monica@example.test",
        "0400 333 444",
    ] {
        assert_eq!(names(&rig, words).await, ["Monica Hall"], "{words}");
    }
    assert_eq!(
        names(&rig, "").await,
        ["Monica Hall", "Grace Hopper", "Ada Lovelace"],
        "the newest first"
    );
    assert!(
        names(&rig, "monica@example.tes").await.is_empty() && names(&rig, "onica").await.is_empty()
    );
    let strict = rig
        .ops
        .users(&People::Everyone, None, 1, Level::Strict)
        .await
        .unwrap();
    assert_eq!((strict.rows[0].name.as_str(), strict.more), ("M• H•", true));
    let next = rig
        .ops
        .users(&People::Everyone, strict.last, 5, Level::Standard)
        .await
        .unwrap();
    assert_eq!((next.rows.len(), next.more), (2, false));

    // only given fields change, and an equal value is no change
    let change = |given: Given| rig.ops.update_user(&id, given);
    assert!(
        change(Given {
            last_name: Some("Bighetti".into()),
            ..Given::default()
        })
        .await
        .unwrap()
    );
    assert!(
        !change(Given {
            last_name: Some("Bighetti".into()),
            ..Given::default()
        })
        .await
        .unwrap()
    );
    let business = Given {
        business_name: Some("Pied Piper".into()),
        business_number: Some("51824753556".into()),
        number_kind: Some(NumberKind::Abn),
        mobile: Some("".into()),
        ..Given::default()
    };
    assert!(change(business).await.unwrap());
    let shown = rig.ops.user(&id, Level::Standard).await.unwrap();
    assert_eq!(
        (shown.name.as_str(), shown.mobile.as_deref()),
        ("Monica Bighetti", None)
    );
    assert_eq!(shown.email.as_deref(), Some("m•••@example.test"));
    assert_eq!(
        shown.business,
        Some((
            "Pied Piper".into(),
            "•••• 3556".into(),
            Some(NumberKind::Abn)
        ))
    );
    assert!(names(&rig, "hall").await.is_empty() && names(&rig, "+61400333444").await.is_empty());

    let told: Vec<_> = feed(
        &rig,
        EventFilter {
            user: Some(id),
            types: None,
        },
    )
    .await;
    let told: Vec<_> = told
        .iter()
        .map(|e| (e.entity.as_str(), e.event_type.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("user", "created"),
            ("user", "updated"),
            ("user", "updated")
        ]
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalid_user_data_is_refused_and_audited() {
    let rig = Rig::new().await;
    let id = rig
        .ops
        .create_user(Given {
            email: Some("m@example.test".into()),
            ..Given::default()
        })
        .await
        .unwrap();
    for (given, on_create, on_update) in [
        (
            Given::default(),
            "parameter-not-supplied: One of 'email' or 'mobile' is required.",
            "done",
        ),
        (
            Given {
                email: Some("".into()),
                ..Given::default()
            },
            "parameter-not-supplied: One of 'email' or 'mobile' is required.",
            "parameter-not-supplied: One of 'email' or 'mobile' is required.",
        ),
        (
            Given {
                email: Some("monica".into()),
                ..Given::default()
            },
            "parameter-not-valid: Provided email is in bad format.",
            "parameter-not-valid: Provided email is in bad format.",
        ),
        (
            Given {
                mobile: Some("soon".into()),
                ..Given::default()
            },
            "parameter-not-valid: Provided mobile is in bad format.",
            "parameter-not-valid: Provided mobile is in bad format.",
        ),
        (
            Given {
                business_number: Some("51824753556".into()),
                ..monica()
            },
            "parameter-not-supplied: Business name is required when business number is provided.",
            "parameter-not-supplied: Business name is required when business number is provided.",
        ),
        (
            Given {
                first_name: Some("a\u{1b}[2J".into()),
                ..monica()
            },
            "invalid-content: Posted user is not in valid format.",
            "invalid-content: Posted user is not in valid format.",
        ),
    ] {
        assert_eq!(code(rig.ops.create_user(given.clone()).await), on_create);
        assert_eq!(code(rig.ops.update_user(&id, given).await), on_update);
    }
    assert_eq!(
        code(rig.ops.update_user(&"nobody".into(), monica()).await),
        "no user"
    );
    assert_eq!(found(&rig, "").await.len(), 3, "no user was created");
    let refused = audited(&rig)
        .await
        .into_iter()
        .filter(|(_, outcome)| outcome.starts_with("refused"))
        .count();
    assert_eq!(refused, 11);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn auth_link_is_valid_until_used_replaced_or_expired() {
    let rig = Rig::new().await;
    let ada = UserId::from("user-ada");
    let show = || rig.ops.auth_link(&ada, Level::Standard);
    assert_eq!(code(show().await), "no auth link of user");
    let first = rig
        .ops
        .create_auth_link(&ada, None, Level::Standard)
        .await
        .unwrap();
    assert_eq!(
        (first.mobile.as_deref(), first.expires.since(first.created)),
        (Some("••• ••• 222"), 7 * 86_400_000)
    );
    let second = rig
        .ops
        .create_auth_link(&ada, Some("+61400555666".into()), Level::Standard)
        .await
        .unwrap();
    assert_eq!(
        second.mobile.as_deref(),
        Some("••• ••• 666"),
        "the one that is given wins"
    );
    assert_eq!(show().await.unwrap(), second, "a new one kills the old one");
    rig.clock.set(second.expires.plus_ms(-1));
    assert_eq!(show().await.unwrap(), second);
    rig.clock.set(second.expires);
    assert!(code(show().await).starts_with("resource-no-longer-available: "));
    rig.ops.delete_auth_link(&ada).await.unwrap();
    assert_eq!(
        code(rig.ops.delete_auth_link(&ada).await),
        "no auth link of user"
    );

    let mute = rig
        .ops
        .create_user(Given {
            email: Some("m@example.test".into()),
            ..Given::default()
        })
        .await
        .unwrap();
    assert_eq!(
        code(rig.ops.create_auth_link(&mute, None, Level::Standard).await),
        "parameter-not-supplied: Mobile parameter is required."
    );
    assert_eq!(
        code(
            rig.ops
                .create_auth_link(&mute, Some("none".into()), Level::Standard)
                .await
        ),
        "parameter-not-valid: Provided mobile is in bad format."
    );
    assert_eq!(
        code(
            rig.ops
                .create_auth_link(&"nobody".into(), None, Level::Standard)
                .await
        ),
        "no user"
    );

    // a successful authorisation uses the link up, a failed one does not
    let waiting = NewLink {
        method: Method::OpenBanking,
        ..link("AU00000", "Wentworth-Smith", "whislter")
    };
    let id = rig.ops.connect(waiting).await.unwrap().connection;
    rig.work().await;
    rig.ops
        .create_auth_link(&ada, None, Level::Standard)
        .await
        .unwrap();
    rig.ops.authorise(&id, BankAnswer::Abandon).await.unwrap();
    assert!(show().await.is_ok());
    rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    assert_eq!(code(show().await), "no auth link of user");
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stored_data_is_listed_by_user_also_after_revoke() {
    let rig = Rig::new().await;
    let one = rig.connect("AU00000", "Wentworth-Smith", "whislter").await;
    let other = rig.connect("AU00000", "richard", "tabsnotspaces").await;
    assert_eq!(
        (one.state, other.state),
        (State::Succeeded, State::Succeeded)
    );
    let all = accounts(&rig, &of_user("user-ada")).await;
    let (first, second) = (
        rig.row(&one.connection).await,
        rig.row(&other.connection).await,
    );
    assert_eq!(all.len() as u64, first.accounts + second.accounts);
    assert!(all.iter().all(|a| !a.stranded && a.span.is_some()));
    assert!(all.iter().all(|a| {
        a.row
            .shown
            .as_ref()
            .is_some_and(|s| s.number.starts_with("••••"))
    }));
    let mine = HoldingsFilter {
        connection: Some(one.connection.clone()),
        ..HoldingsFilter::default()
    };
    assert_eq!(accounts(&rig, &mine).await.len() as u64, first.accounts);
    let there = HoldingsFilter {
        institution: Some("AU00000".into()),
        ..HoldingsFilter::default()
    };
    assert_eq!(accounts(&rig, &there).await, all);
    assert!(
        accounts(
            &rig,
            &HoldingsFilter {
                institution: Some("AU00001".into()),
                ..of_user("user-ada")
            }
        )
        .await
        .is_empty()
    );
    assert!(accounts(&rig, &of_user("user-grace")).await.is_empty());

    rig.ops.revoke(&one.connection, "").await.unwrap();
    let after = accounts(&rig, &of_user("user-ada")).await;
    assert_eq!(
        after.iter().filter(|a| a.stranded).count() as u64,
        first.accounts
    );

    // the other connection at the bank shows it
    let around = rig
        .ops
        .pane(&other.connection, Level::Standard)
        .await
        .unwrap()
        .around;
    assert_eq!((around.stranded, around.sequence), (first.accounts, None));

    // pages of any length hold every transaction once, newest first
    let held = of_user("user-ada");
    let whole = transactions(&rig, &held).await;
    assert_eq!(whole.len() as u64, first.transactions + second.transactions);
    assert_eq!(
        rig.ops.transaction_size(&held).await.unwrap(),
        whole.len() as u64
    );
    assert!(whole.windows(2).all(|pair| pair[0].at >= pair[1].at));
    let (mut paged, mut from) = (vec![], None);
    loop {
        let page = rig.ops.transactions(&held, from, 97).await.unwrap();
        paged.extend(page.rows);
        from = page.last;
        if !page.more {
            break;
        }
    }
    assert_eq!(paged, whole);
    for posted in [true, false] {
        let some = HoldingsFilter {
            posted: Some(posted),
            ..held.clone()
        };
        let rows = transactions(&rig, &some).await;
        assert_eq!(
            rows,
            whole
                .iter()
                .filter(|t| t.posted == posted)
                .cloned()
                .collect::<Vec<_>>()
        );
        assert_eq!(
            rig.ops.transaction_size(&some).await.unwrap(),
            rows.len() as u64
        );
    }
    let account = &all[0].row;
    let id = rig
        .ops
        .resolve_account(account.id.short(), &held)
        .await
        .unwrap();
    let rows = transactions(
        &rig,
        &HoldingsFilter {
            account: Some(id),
            ..HoldingsFilter::default()
        },
    )
    .await;
    assert_eq!(rows.len() as u64, account.transactions);
    assert_eq!(
        code(rig.ops.resolve_account("nothing", &held).await),
        "no account"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_have_documented_types_and_are_filtered_by_them() {
    let rig = Rig::new().await;
    let job = rig.connect("AU00000", "Wentworth-Smith", "whislter").await;
    rig.ops.create_user(monica()).await.unwrap();
    rig.ops.purge(&job.connection, "asked for").await.unwrap();
    rig.ops.revoke(&job.connection, "").await.unwrap();
    let all = feed(&rig, EventFilter::default()).await;
    for event in &all {
        assert!(
            events::find(&event.entity, &event.event_type).is_some(),
            "{event:?}"
        );
    }
    for kind in events::TYPES {
        let types = Some(vec![kind]);
        let fits = |e: &&Event| e.entity == kind.entity && e.event_type == kind.happened;
        let wanted: Vec<_> = all.iter().filter(fits).cloned().collect();
        assert_eq!(
            feed(
                &rig,
                EventFilter {
                    user: None,
                    types: types.clone()
                }
            )
            .await,
            wanted,
            "{}",
            kind.name()
        );
        let hers = EventFilter {
            user: Some("user-ada".into()),
            types,
        };
        let wanted: Vec<_> = wanted.into_iter().filter(|e| e.user == hers.user).collect();
        assert_eq!(feed(&rig, hers).await, wanted, "{}", kind.name());
    }
    let deleted = all.iter().find(|e| e.event_type == "deleted").unwrap();
    for text in [deleted.id.as_str(), &deleted.seq.to_string()] {
        assert_eq!(rig.ops.resolve_event(text).await.unwrap(), deleted.id);
    }
    let detail = rig.ops.event(&deleted.id, Level::Standard).await.unwrap();
    assert_eq!(detail.connection.map(|c| c.id), Some(job.connection));
    assert_eq!(
        code(rig.ops.event(&"nothing".into(), Level::Standard).await),
        "no event"
    );
}

/// Stores what a bank sends, as the engine does.
async fn sent(
    rig: &Rig,
    id: &ConnectionId,
    accounts: Vec<BankAccount>,
    sent: Vec<BankTransaction>,
) -> (u64, u64) {
    let (id, now) = (id.clone(), rig.clock.now());
    let kept = rig.ops.store.write(move |tx| -> Result<_, Error> {
        let changed = tx.put_accounts(&id, &accounts, now)?.changed;
        Ok((changed, tx.put_transactions(&id, &sent)?.new))
    });
    kept.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pending_transactions_are_replaced_posted_ones_kept() {
    let rig = Rig::new().await;
    let id = rig
        .ops
        .connect(link("AU00000", "richard", "tabsnotspaces"))
        .await
        .unwrap()
        .connection;
    let account = BankAccount {
        reference: "everyday".into(),
        class: "transaction".into(),
        currency: "AUD".into(),
        balance: Some(10_000),
        available: Some(10_000),
        credit_limit: None,
        status: "available".into(),
        details: Default::default(),
    };
    let one = |reference: &str, posted: bool, amount: i64| BankTransaction {
        reference: reference.into(),
        account: "everyday".into(),
        posted,
        amount,
        class: "payment".into(),
        at: rig.clock.now().day(),
        details: Default::default(),
    };
    let stored = || async {
        let rows = transactions(&rig, &of_user("user-ada")).await;
        let mut rows: Vec<_> = rows.into_iter().map(|t| (t.amount, t.posted)).collect();
        rows.sort_unstable();
        rows
    };
    let step = |account: &BankAccount, list: Vec<BankTransaction>| {
        rig.clock.advance(Duration::from_secs(60));
        sent(&rig, &id, vec![account.clone()], list)
    };
    // the account, one posted and two pending transactions are new
    let list = vec![
        one("t1", true, -100),
        one("p1", false, -200),
        one("p2", false, -300),
    ];
    assert_eq!(step(&account, list).await, (1, 3));
    // the same two pending ones have other references: nothing is new, and a new balance is no change
    let moved = BankAccount {
        balance: Some(9_000),
        available: None,
        ..account.clone()
    };
    let list = vec![
        one("t1", true, -100),
        one("p3", false, -200),
        one("p4", false, -300),
    ];
    assert_eq!(step(&moved, list).await, (0, 0));
    assert_eq!(stored().await, [(-300, false), (-200, false), (-100, true)]);
    // one was posted, one is missing, a third is new; the old posted one is not sent any more and stays
    let list = vec![one("t2", true, -200), one("p5", false, -400)];
    assert_eq!(step(&moved, list).await, (0, 2));
    assert_eq!(stored().await, [(-400, false), (-200, true), (-100, true)]);
    // two equal ones are two
    let list = vec![one("p6", false, -400), one("p7", false, -400)];
    assert_eq!(step(&moved, list).await, (0, 1));
    // nothing is sent: no pending one is left, no posted one is lost
    assert_eq!(step(&moved, vec![]).await, (0, 0));
    assert_eq!(stored().await, [(-200, true), (-100, true)]);
    // a name, a limit, being missing and being back are changes
    let renamed = BankAccount {
        details: crate::domain::bank_data::AccountDetails {
            name: "Rent".into(),
            ..Default::default()
        },
        ..moved.clone()
    };
    assert_eq!(step(&renamed, vec![]).await, (1, 0));
    let limited = BankAccount {
        credit_limit: Some(50_000),
        ..renamed
    };
    assert_eq!(step(&limited, vec![]).await, (1, 0));
    rig.clock.advance(Duration::from_secs(60));
    assert_eq!(sent(&rig, &id, vec![], vec![]).await, (1, 0));
    rig.clock.advance(Duration::from_secs(60));
    assert_eq!(
        sent(&rig, &id, vec![], vec![]).await,
        (0, 0),
        "it is gone only once"
    );
    assert_eq!(step(&limited, vec![]).await, (1, 0));
    assert_eq!(stored().await.len(), 2);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refresh_without_new_data_appends_no_event() {
    let rig = Rig::new().await;
    let id = rig
        .connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection;
    let told = |entity: &'static str| {
        let types = Some(
            events::TYPES
                .iter()
                .filter(|t| t.entity == entity)
                .collect(),
        );
        feed(&rig, EventFilter { user: None, types })
    };
    assert_eq!(
        (
            told("account").await.len(),
            told("transactions").await.len()
        ),
        (1, 1)
    );
    rig.clock.advance(Duration::from_secs(1_800));
    rig.ops.refresh(&id, false).await.unwrap();
    rig.work().await;
    assert_eq!(
        (
            told("account").await.len(),
            told("transactions").await.len()
        ),
        (1, 1),
        "half an hour later"
    );
    rig.clock.advance(Duration::from_secs(20 * 86_400));
    let before = rig.row(&id).await.transactions;
    rig.ops.refresh(&id, false).await.unwrap();
    rig.work().await;
    assert_eq!(
        told("account").await.len(),
        1,
        "balances move, accounts stay"
    );
    let told = told("transactions").await;
    assert_eq!(told.len(), 2, "twenty days later");
    assert!(told[1].count.unwrap() >= rig.row(&id).await.transactions - before);
}
