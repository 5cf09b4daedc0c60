//! A purge destroys the key, deletes the rows and scrubs the file, and leaves data of other pairs.

use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::import_records::Batch;
use crate::domain::query::{is_email, is_phone};
use crate::domain::views::Sort;
use crate::refused;
use crate::store::{Error, PurgeCounts, Scrub, Scrubbed};
use crate::testing::store::{RUNTIME, TestStore, now, settings};
use crate::vault::Destroyed;

/// A user with stored transactions at a bank and at another bank too.
fn somebody(all: &Batch) -> (UserId, InstitutionId) {
    let has = |user: &UserId, bank: &InstitutionId| {
        let account = |a: &&crate::domain::import_records::AccountRecord| {
            a.user == *user && a.institution == *bank
        };
        all.accounts
            .iter()
            .filter(account)
            .any(|a| all.transactions.iter().any(|t| t.account == a.id))
    };
    let elsewhere = |user: &UserId, bank: &InstitutionId| {
        all.connections
            .iter()
            .any(|c| c.user == *user && c.institution != *bank && has(user, &c.institution))
    };
    let found = all.connections.iter().find(|c| {
        c.profile.is_some() && has(&c.user, &c.institution) && elsewhere(&c.user, &c.institution)
    });
    let found = found.expect("some have two banks");
    (found.user.clone(), found.institution.clone())
}

#[test]
fn purge_deletes_the_data_of_one_user_at_one_bank_only() {
    let (desk, all) = TestStore::with(settings(200, 4));
    let (user, bank) = somebody(&all);
    let pair = (user.clone(), bank.clone());
    let (counts, span, needles, before) = desk.read(move |rd| {
        Ok((
            rd.purge_counts(&pair.0, &pair.1)?,
            rd.purge_span(&pair.0, &pair.1)?,
            rd.needles(&pair.0, &pair.1)?,
            rd.stored_under(&pair.0)?,
        ))
    });
    assert!(
        counts.accounts > 0 && counts.transactions > 0 && counts.profiles > 0 && span.is_some()
    );
    assert!(!needles.is_empty());
    let slot: i64 = {
        let sql = "SELECT slot FROM data_keys WHERE user_n = (SELECT n FROM users WHERE id = ?1)
            AND institution_n = (SELECT n FROM institutions WHERE id = ?2)";
        desk.raw()
            .query_row(sql, [user.as_str(), bank.as_str()], |r| r.get(0))
            .unwrap()
    };
    let key = |desk: &TestStore| {
        let bytes = std::fs::read(&desk.store.files().keys).unwrap();
        let at = 64 + 80 * slot as usize;
        bytes[at..at + 80].to_vec()
    };
    assert_ne!(key(&desk), [0; 80]);
    let pair = (user.clone(), bank.clone());
    let done = desk.write(move |tx| tx.purge(&pair.0, &pair.1));
    assert_eq!(done.counts, counts);
    assert_eq!(done.key, Some((slot.unsigned_abs(), Destroyed::Destroyed)));
    assert_eq!(key(&desk), [0; 80]);
    let pair = (user.clone(), bank.clone());
    let (left, purged, after) = desk.read(move |rd| {
        Ok((
            rd.purge_counts(&pair.0, &pair.1)?,
            rd.purged(&pair.0, &pair.1)?,
            rd.stored_under(&pair.0)?,
        ))
    });
    assert_eq!(left, PurgeCounts::default());
    assert!(purged);
    assert_eq!(
        after,
        (before.0 - counts.accounts, before.1 - counts.transactions),
        "the other bank's are there"
    );
    assert_eq!(
        RUNTIME.block_on(desk.store.scrub()).unwrap(),
        Scrub::Done(Scrubbed::Rewritten)
    );
    assert_eq!(RUNTIME.block_on(desk.store.scan(needles)).unwrap(), 0);
    for connection in &all.connections {
        let gone = connection.user == user && connection.institution == bank;
        let id = connection.id.clone();
        let (row, profile, login) =
            desk.read(move |rd| Ok((rd.connection(&id)?, rd.profile(&id)?, rd.credentials(&id)?)));
        assert_eq!(login, connection.credentials, "a purge lets the link be");
        let row = row.expect("the link stays");
        assert_eq!(profile, connection.profile.clone().filter(|_| !gone));
        let accounts = all
            .accounts
            .iter()
            .filter(|a| a.connection.as_ref() == Some(&connection.id))
            .count() as u64;
        assert_eq!(row.accounts, if gone { 0 } else { accounts });
    }
    let health = desk.read(|rd| rd.health());
    assert!(health.ok(), "{health:?}");
    let pair = (user, bank);
    let again = desk.write(move |tx| tx.purge(&pair.0, &pair.1));
    assert_eq!(again.counts, PurgeCounts::default(), "twice is once");
    assert_eq!(again.key, None);
}

#[test]
fn data_fetched_after_a_purge_has_a_new_key() {
    let (desk, all) = TestStore::with(settings(100, 2));
    let (user, bank) = somebody(&all);
    let link = all
        .connections
        .iter()
        .find(|c| c.user == user && c.institution == bank && c.profile.is_some())
        .unwrap();
    let pair = (user, bank);
    desk.write(move |tx| tx.purge(&pair.0, &pair.1));
    let (id, profile) = (link.id.clone(), link.profile.clone().unwrap());
    desk.write(move |tx| tx.put_profile(&id, &profile));
    let id = link.id.clone();
    assert_eq!(desk.read(move |rd| rd.profile(&id)), link.profile);
    // importing the world again restores the purged rows, sealed under a new key
    let batch = all.clone();
    let merged = desk.write(move |tx| tx.ingest(&batch, now()));
    assert!(merged.accounts > 0 && merged.transactions > 0);
    assert!(desk.read(|rd| rd.health()).ok());
}

#[test]
fn purge_of_an_unknown_user_is_refused() {
    let desk = TestStore::new();
    desk.connection("one");
    refused!(
        desk.try_write(|tx| tx.purge(&"nobody".into(), &"AU00000".into())),
        Error::Absent { .. }
    );
    refused!(
        desk.try_write(|tx| tx.purge(&"user-of-one".into(), &"AU99999".into())),
        Error::Absent { .. }
    );
}

#[test]
fn scrub_is_pending_while_a_reader_is_open() {
    let (desk, all) = TestStore::with(settings(40, 2));
    let reader = desk.raw();
    reader.execute_batch("BEGIN").unwrap();
    let seen: i64 = reader
        .query_row("SELECT count(*) FROM connections", [], |r| r.get(0))
        .unwrap();
    assert_eq!(seen, 40);
    let (user, bank) = somebody(&all);
    desk.write(move |tx| tx.purge(&user, &bank));
    assert_eq!(
        RUNTIME.block_on(desk.store.scrub()).unwrap(),
        Scrub::Pending
    );
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(
        RUNTIME.block_on(desk.store.scrub()).unwrap(),
        Scrub::Done(Scrubbed::Rewritten)
    );
    let log = desk.store.files().all()[1]
        .metadata()
        .map_or(0, |m| m.len());
    assert_eq!(log, 0);
}

#[test]
fn scrubs_that_wait_for_a_reader_do_not_make_the_log_longer() {
    let (desk, all) = TestStore::with(settings(40, 2));
    let log = desk.store.files().all()[1].clone();
    let length = || log.metadata().map_or(0, |m| m.len());
    let (user, bank) = somebody(&all);
    desk.write(move |tx| tx.purge(&user, &bank));
    let reader = desk.raw();
    reader.execute_batch("BEGIN").unwrap();
    let _: i64 = reader
        .query_row("SELECT count(*) FROM connections", [], |r| r.get(0))
        .unwrap();
    let scrub = || RUNTIME.block_on(desk.store.scrub()).unwrap();
    assert_eq!(scrub(), Scrub::Pending);
    let once = length();
    for _ in 0..5 {
        assert_eq!(scrub(), Scrub::Pending);
    }
    assert_eq!(length(), once);
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(scrub(), Scrub::Done(Scrubbed::Rewritten));
    assert_eq!(length(), 0);
}

/// How many locks this process has on the database and the files beside it, as the system reports.
fn locks(desk: &TestStore) -> usize {
    use std::os::unix::fs::MetadataExt as _;
    let inodes: Vec<String> = desk
        .store
        .files()
        .all()
        .iter()
        .filter_map(|path| Some(path.metadata().ok()?.ino().to_string()))
        .collect();
    let me = std::process::id().to_string();
    let all = std::fs::read_to_string("/proc/locks").unwrap();
    let mine = all
        .lines()
        .filter(|line| line.split_whitespace().any(|word| word == me));
    mine.filter(|line| {
        inodes
            .iter()
            .any(|inode| line.contains(&format!(":{inode} ")))
    })
    .count()
}

#[test]
fn scan_and_reopening_release_no_locks() {
    let (desk, all) = TestStore::with(settings(40, 2));
    let (user, bank) = somebody(&all);
    let held = locks(&desk);
    assert!(held > 0, "an open database is locked");
    desk.write(move |tx| tx.purge(&user, &bank));
    RUNTIME.block_on(desk.store.scrub()).unwrap();
    RUNTIME
        .block_on(desk.store.scan(vec!["HOOLI CAFE SYDNEY".into()]))
        .unwrap();
    assert!(
        locks(&desk) >= held,
        "whoever comes next would believe that it is alone"
    );
    drop(desk.open(crate::store::Mode::Read).unwrap());
    assert!(locks(&desk) >= held);
}

#[test]
fn a_contact_that_a_bank_sent_is_found_whole_until_its_profile_goes() {
    let (desk, all) = TestStore::with(settings(200, 4));
    let whole = |phone: &&crate::domain::secret::Secret| is_phone(phone.expose());
    let sent = all.connections.iter().find_map(|c| {
        let profile = c.profile.as_ref()?;
        let phone = profile.phones.iter().find(whole)?;
        let email = profile.emails.iter().find(|e| is_email(e.expose()))?;
        Some((c, phone.expose().to_owned(), email.expose().to_owned()))
    });
    let (of, phone, email) = sent.expect("some banks send both");
    let found = |text: &str| {
        desk.list(text, Sort::default())
            .iter()
            .any(|row| row.id == of.id)
    };
    // as people say it, with blanks, and without quotes
    let spaced: Vec<String> = (phone.chars().collect::<Vec<_>>().chunks(4))
        .map(|part| part.iter().collect())
        .collect();
    for text in [
        &phone,
        &email,
        &email.to_uppercase(),
        &format!("\"{}\"", spaced.join(" ")),
    ] {
        assert!(found(text), "{text}");
    }
    // a part of one finds nothing
    assert!(!found(&phone[..phone.len() - 2]));

    let rows = |desk: &TestStore| -> i64 {
        let sql = "SELECT count(*) FROM profile_contacts p JOIN connections c ON c.n = p.connection_n WHERE c.id = ?1";
        desk.raw()
            .query_row(sql, [of.id.as_str()], |r| r.get(0))
            .unwrap()
    };
    assert!(rows(&desk) >= 2);
    let (user, bank) = (of.user.clone(), of.institution.clone());
    desk.write(move |tx| tx.purge(&user, &bank));
    assert_eq!(rows(&desk), 0, "they go with the profile");
    let own = |text: &Option<crate::domain::secret::Secret>, sent: &str| {
        text.as_ref()
            .is_some_and(|own| own.expose().eq_ignore_ascii_case(sent))
    };
    let user = all.users.iter().find(|u| u.id == of.user).unwrap();
    if !own(&user.email, &email) {
        assert!(!found(&email));
    }
}
