//! A text that is not UTF-8, in any column of any table, costs itself only: every list goes on.

use crate::domain::act::{ActKind, Selection};
use crate::domain::holdings::HoldingsFilter;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::query::{People, Query};
use crate::domain::views::{Sort, SortField};
use crate::ops::{Error, Ops, Result};
use crate::store::{AuditFilter, EventFilter, Look};
use crate::testing::lifecycle::Rig;
use crate::testing::store::{asked, asker};
use std::time::Duration;

/// `A`, a byte that begins no letter, `B`.
const DAMAGED: &str = "CAST(x'41ff42' AS TEXT)";

fn raw(rig: &Rig) -> rusqlite::Connection {
    let raw = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    raw.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    raw
}

/// A file with rows in nearly all tables.
async fn filled() -> Rig {
    let rig = Rig::new().await;
    let first = rig.connect("AU00000", "Wentworth-Smith", "whislter").await;
    let second = rig.connect("AU00000", "Whistler", "ShowBox").await;
    let both = vec![first.connection.clone(), second.connection];
    let plan = rig.ops.plan(ActKind::Purge, Selection::Ids(both), true);
    plan.await.unwrap();
    let erase = rig
        .ops
        .plan(ActKind::Erase, Selection::User("user-ada".into()), false);
    let erase = erase.await.unwrap();
    rig.ops.purge(&first.connection, "").await.unwrap();
    rig.ops
        .create_auth_link(&"user-ada".into(), None, Level::Standard)
        .await
        .unwrap();
    let waits = serde_json::json!({"type": "transaction", "id": "t-1", "status": "posted", "amount": "-4.80",
        "currency": "AUD", "account": "acc-unknown", "connection": first.connection.as_str(),
        "postDate": "2026-03-01T00:00:00Z"});
    let read = std::io::Cursor::new(waits.to_string());
    rig.ops.import(read, "waits.json", |_| ()).await.unwrap();
    // ordered and left as it is
    rig.ops.begin_workflow(&erase, "asked for").await.unwrap();
    rig
}

/// Every list, by name. None may fail.
async fn lists(ops: &Ops, id: &ConnectionId) -> Vec<(&'static str, Result<()>)> {
    let mut done: Vec<(&'static str, Result<()>)> = Vec::new();
    for field in SortField::ALL {
        let page = ops.store.read(move |rd| -> Result<_> {
            let sort = Sort::by(field, false);
            Ok(rd.connection_page(&Query::default(), sort, None, false, 100, &asker())?)
        });
        done.push(("connections", page.await.map(drop)));
    }
    for filter in ["ada", "bank~^hooli", "bank:hooli", "is:attention"] {
        let query = asked(filter);
        let page = ops.store.read(move |rd| -> Result<_> {
            let sort = Sort::default();
            Ok(rd.connection_page(&query, sort, None, false, 100, &asker())?)
        });
        done.push(("filtered connections", page.await.map(drop)));
    }
    let jobs = ops
        .store
        .read(|rd| -> Result<_> { Ok(rd.job_page(&Query::default(), None, 100, &asker())?) });
    done.push(("jobs", jobs.await.map(drop)));
    let held = HoldingsFilter {
        user: Some("user-ada".into()),
        ..HoldingsFilter::default()
    };
    let people = People::default();
    let users = ops.users(&people, None, 100, Level::Standard);
    done.push(("users", users.await.map(drop)));
    let accounts = ops.accounts(&held, None, 100, Level::Standard);
    done.push(("accounts", accounts.await.map(drop)));
    let rows = ops.transactions(&held, None, 100, Level::Standard).await;
    done.push(("transactions", rows.map(drop)));
    let events = ops.events_like(&EventFilter::default(), 0, 100).await;
    done.push(("events", events.map(drop)));
    let any = AuditFilter::default();
    let audit = ops.audit_before(&any, i64::MAX, 100);
    done.push(("audit", audit.await.map(drop)));
    done.push(("plans", ops.plans(None, 100).await.map(drop)));
    done.push(("workflows", ops.workflows(None, 100).await.map(drop)));
    done.push(("open workflows", ops.stored_workflows().await.map(drop)));
    done.push(("consents", ops.consents(None, None, 100).await.map(drop)));
    done.push(("banks", ops.institutions().await.map(drop)));
    done.push(("waiting", ops.waiting(None, 100).await.map(drop)));
    done.push(("schedule", ops.schedule(None, 100).await.map(drop)));
    done.push((
        "workers",
        ops.workers(Duration::from_secs(10)).await.map(drop),
    ));
    done.push(("stuck", ops.stuck(true).await.map(drop)));
    let look = Look {
        deep: true,
        now: ops.now(),
    };
    let doctor = ops.doctor(Duration::from_secs(10), look).await;
    done.push(("doctor", doctor.map(drop)));
    // details of one, unless it cannot be found by its id any more
    for (name, one) in [
        (
            "connection",
            ops.connection(id, Level::Standard).await.map(drop),
        ),
        ("why", ops.why(id).await.map(drop)),
    ] {
        let gone = matches!(one, Err(Error::NotFound { .. }));
        done.push((name, if gone { Ok(()) } else { one }));
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_text_in_any_column_ends_no_list() {
    let rig = filled().await;
    let raw = raw(&rig);
    let id: String = raw
        .query_row("SELECT id FROM connections ORDER BY n LIMIT 1", [], |r| {
            r.get(0)
        })
        .unwrap();
    let id = ConnectionId::from(id);
    // what ties the database to its keys is refused as a whole; the index of names holds no rows
    let sql = "SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p
        WHERE m.type = 'table' AND p.type = 'TEXT' AND m.name NOT IN ('meta', 'sqlite_sequence')
          AND m.name NOT LIKE 'user_words%'";
    let mut columns = raw.prepare(sql).unwrap();
    let columns: Vec<(String, String)> = columns
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .map(|r| r.unwrap())
        .collect();
    let (mut damaged, mut told, mut ended) = (0, 0, Vec::new());
    for (table, column) in &columns {
        let first = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1");
        let Ok(before) = raw.query_row(&first, [], |r| r.get::<_, String>(0)) else {
            continue;
        };
        raw.execute(
            &format!("UPDATE {table} SET {column} = {DAMAGED} WHERE {column} = ?1"),
            [&before],
        )
        .unwrap();
        for (list, done) in lists(&rig.ops, &id).await {
            if let Err(error) = done {
                ended.push(format!("{list} with {table}.{column}: {error:?}"));
            }
        }
        let seen = rig.ops.store.read(|rd| -> Result<_> { Ok(rd.health()?) });
        let seen = seen.await.unwrap();
        told += u64::from(seen.findings.iter().any(|f| f.contains(table.as_str())));
        assert!(
            seen.damaged_rows > 0 && !seen.ok(),
            "{table}.{column}: {seen:#?}"
        );
        raw.execute(
            &format!("UPDATE {table} SET {column} = ?1 WHERE {column} = {DAMAGED}"),
            [&before],
        )
        .unwrap();
        damaged += 1;
    }
    assert!(ended.is_empty(), "{ended:#?}");
    assert_eq!(told, damaged, "doctor names the table each time");
    assert!(
        damaged > 60,
        "{damaged} of {} columns hold something",
        columns.len()
    );
}

/// A renamed user with a damaged name gets its new name, and is found by it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_name_can_be_replaced() {
    let rig = Rig::new().await;
    for damage in [DAMAGED, "CAST(x'41ff422043204420452046' AS TEXT)"] {
        raw(&rig)
            .execute_batch(&format!(
                "UPDATE users SET name = {damage} WHERE id = 'user-ada'"
            ))
            .unwrap();
        let now = rig.ops.now();
        let put: Result<()> = rig
            .ops
            .store
            .write(move |tx| {
                let user = crate::testing::lifecycle::user("Ada Byron");
                tx.put_user(&user, now)?;
                Ok(())
            })
            .await;
        put.unwrap();
        let found = rig.ops.store.read(|rd| -> Result<_> {
            let people = asked("byron");
            Ok(rd.connection_page(&people, Sort::default(), None, false, 9, &asker())?)
        });
        found.await.unwrap();
    }
    rig.healthy().await;
}
