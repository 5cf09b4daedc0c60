//! What was fetched of a user, and the events about it.

use super::*;

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
        let page = rig
            .ops
            .transactions(&held, from, 97, Level::Standard)
            .await
            .unwrap();
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
