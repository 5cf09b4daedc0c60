//! What was deleted or replaced is in no byte of the files: words of names in the search index, and copies of rows that
//! SQLite moved between pages.

use crate::domain::import_records::UserRecord;
use crate::store::Scrub;
use crate::testing::store::{RUNTIME, TestStore, now, settings, user};

/// How often a text stands in the files, once the log is empty.
fn left(desk: &TestStore, text: &str) -> usize {
    let raw = desk.raw();
    let busy: i64 = raw
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))
        .unwrap();
    assert_eq!(busy, 0);
    let bytes = desk.bytes();
    let text = text.as_bytes();
    bytes.windows(text.len()).filter(|w| *w == text).count()
}

fn put(desk: &TestStore, user: UserRecord) {
    desk.write(move |tx| tx.put_user(&user, now()).map(drop));
}

/// Users with a last name of their own each.
fn people(desk: &TestStore, count: usize) {
    desk.write(move |tx| {
        for n in 0..count {
            let name = format!("Person{n} Quillfeather{n}x");
            tx.put_user(&user(&format!("u-{n}"), &name), now())?;
        }
        Ok(())
    });
}

fn found(desk: &TestStore, word: &str) -> i64 {
    let sql = "SELECT count(*) FROM user_words WHERE user_words MATCH ?1";
    desk.raw().query_row(sql, [word], |r| r.get(0)).unwrap()
}

#[test]
fn the_words_of_an_old_name_are_in_no_page() {
    let desk = TestStore::new();
    people(&desk, 400);
    for n in [0, 7, 200, 399] {
        let old = format!("quillfeather{n}x");
        assert_eq!(found(&desk, &old), 1);
        put(&desk, user(&format!("u-{n}"), "Somebody Else"));
        assert_eq!(found(&desk, &old), 0);
        assert_eq!(left(&desk, &old), 0, "{old}");
        assert_eq!(left(&desk, &format!("Quillfeather{n}x")), 0);
    }
    assert_eq!(found(&desk, "somebody"), 4);
    // the others are still found
    assert_eq!(found(&desk, "quillfeather8x"), 1);
    let health = desk.read(|rd| rd.health());
    assert!(health.ok(), "{health:#?}");
}

#[test]
fn the_words_of_a_deleted_user_are_in_no_page() {
    let desk = TestStore::new();
    people(&desk, 50);
    desk.write(|tx| tx.remove_user(&"u-7".into()).map(drop));
    RUNTIME.block_on(desk.store.scrub_whole()).unwrap();
    assert_eq!(found(&desk, "quillfeather7x"), 0);
    assert_eq!(left(&desk, "quillfeather7x"), 0);
    assert_eq!(found(&desk, "quillfeather8x"), 1);
}

/// A file that is too large to be written anew: the ids of purged transactions are nowhere in it.
#[test]
#[ignore = "long: writes and searches a file of more than 64 MiB"]
#[expect(
    clippy::disallowed_macros,
    reason = "a long check prints its figures in the last line"
)]
fn ids_of_purged_transactions_in_a_large_file() {
    let (desk, all) = TestStore::with(settings(350, 400));
    let size = desk.path.metadata().unwrap().len();
    assert!(size > 64 << 20, "{size}");
    let mut pairs: Vec<_> = all
        .accounts
        .iter()
        .map(|account| (account.user.clone(), account.institution.clone()))
        .collect();
    pairs.sort();
    pairs.dedup();
    let gone: Vec<_> = pairs.iter().step_by(3).cloned().collect();
    let of: std::collections::BTreeSet<_> = all
        .accounts
        .iter()
        .filter(|a| gone.contains(&(a.user.clone(), a.institution.clone())))
        .map(|account| account.id.clone())
        .collect();
    let ids: Vec<String> = all
        .transactions
        .iter()
        .filter(|t| of.contains(&t.account))
        .map(|t| t.id.to_string())
        .collect();
    let purged = gone.clone();
    desk.write(move |tx| {
        for (user, bank) in &purged {
            tx.purge(user, bank)?;
        }
        Ok(())
    });
    let search = |ids: &[String]| {
        let needles = ids.iter().map(|id| id.as_str().into()).collect();
        RUNTIME.block_on(desk.store.scan(needles)).unwrap()
    };
    let raw = desk.raw();
    raw.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let before = search(&ids);
    let start = std::time::Instant::now();
    let done = RUNTIME.block_on(desk.store.scrub()).unwrap();
    let took = start.elapsed();
    assert_eq!(done, Scrub::Done(crate::store::Scrubbed::Overwritten));
    let after = search(&ids);
    assert_eq!(after, 0);
    let health = desk.read(|rd| rd.health());
    assert!(health.ok(), "{health:#?}");
    println!(
        "{} MiB, {} purged ids: {before} found before the scrub, {after} after it, which took {took:.1?}",
        size >> 20,
        ids.len()
    );
}
