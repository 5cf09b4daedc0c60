//! Personal data is sealed in every file, and a database without its keys still opens.

use crate::domain::import_records::Batch;
use crate::domain::mask::Level;
use crate::domain::secret::Secret;
use crate::domain::views::Sort;
use crate::refused;
use crate::store::{AuditEntry, Error, Mode};
use crate::testing::store::{RUNTIME, TestStore, asked, asker, now, settings};
use aho_corasick::AhoCorasick;
use std::collections::BTreeSet;
use std::fs;

/// The personal values of a batch.
fn personal(all: &Batch) -> BTreeSet<String> {
    let mut found: Vec<&Secret> = Vec::new();
    for user in &all.users {
        found.extend(user.email.iter().chain(&user.mobile));
    }
    for connection in &all.connections {
        if let Some(p) = &connection.profile {
            found.extend(p.phones.iter().chain(&p.emails));
            found.extend(p.addresses.iter().flat_map(|a| [&a.line1, &a.formatted]));
        }
        found.extend(
            connection
                .credentials
                .iter()
                .flat_map(|c| [&c.login, &c.password]),
        );
    }
    for account in &all.accounts {
        let d = &account.account.details;
        found.extend([&d.name, &d.number, &d.rest]);
    }
    for transaction in &all.transactions {
        let d = &transaction.transaction.details;
        found.extend([&d.description, &d.reference, &d.rest]);
    }
    // shorter texts occur by chance
    found
        .iter()
        .map(|s| s.expose().to_owned())
        .filter(|t| t.len() >= 7)
        .collect()
}

#[test]
fn no_file_holds_personal_values_in_the_clear() {
    let (desk, all) = TestStore::with(settings(120, 5));
    let needles = personal(&all);
    assert!(needles.len() > 500, "{}", needles.len());
    let search = AhoCorasick::new(&needles).unwrap();
    let names: BTreeSet<&str> = all
        .institutions
        .iter()
        .flat_map(|b| [&*b.name, &*b.short_name])
        .collect();
    let bytes = desk.bytes();
    let hits: BTreeSet<&[u8]> = search
        .find_iter(&bytes)
        .map(|m| &bytes[m.range()])
        .collect();
    let hits: Vec<_> = hits
        .into_iter()
        .map(String::from_utf8_lossy)
        .filter(|h| !names.contains(&**h))
        .collect();
    assert!(hits.is_empty(), "{hits:?}");
    for connection in &all.connections {
        let (id, wanted) = (connection.id.clone(), connection.clone());
        let (profile, credentials) =
            desk.read(move |rd| Ok((rd.profile(&id)?, rd.credentials(&id)?)));
        assert_eq!((profile, credentials), (wanted.profile, wanted.credentials));
    }
    for user in &all.users {
        let id = user.id.clone();
        assert_eq!(desk.read(move |rd| rd.user(&id)).as_ref(), Some(user));
    }
}

/// The same world in a store whose master key is missing or belongs to another.
fn without_master(other: bool) -> (TestStore, Batch) {
    let (desk, all) = TestStore::with(settings(60, 2));
    let TestStore { dir, path, store } = desk;
    let master = store.files().master.clone();
    drop(store);
    fs::remove_file(&master).unwrap();
    if other {
        let stranger = TestStore::new();
        fs::copy(&stranger.store.files().master, &master).unwrap();
    }
    let clock = crate::clock::Clock::fixed(now());
    let mode = if other { Mode::Create } else { Mode::Write };
    match crate::store::Store::open(&path, mode, &clock) {
        Ok(store) if !other => (TestStore { dir, path, store }, all),
        Err(Error::Vault(crate::vault::Error::Mismatch { .. })) if other => {
            refused!(
                crate::store::Store::open(&path, Mode::Read, &clock),
                Error::Vault(crate::vault::Error::Mismatch { .. })
            );
            (TestStore::new(), all)
        }
        Ok(_) => panic!("another's master key was taken"),
        Err(e) => panic!("{e}"),
    }
}

#[test]
fn store_without_master_key_works_without_sealed_values() {
    let (desk, all) = without_master(false);
    assert!(!desk.store.can_unseal());
    assert!(
        !desk.store.files().master.exists(),
        "a lost key is not replaced in silence"
    );
    assert_eq!(desk.list("", Sort::default()).len(), 60);
    assert!(!desk.list("status:active", Sort::default()).is_empty());
    assert!(desk.list("gavin@hooli.example", Sort::default()).is_empty());
    let with_profile = all
        .connections
        .iter()
        .find(|c| c.profile.is_some())
        .unwrap();
    let (id, user) = (with_profile.id.clone(), with_profile.user.clone());
    let (profile, accounts, user) = desk.read(move |rd| {
        Ok((
            rd.profile(&id)?,
            rd.accounts_of(&id, Level::default())?,
            rd.user(&user)?,
        ))
    });
    assert_eq!(profile, None);
    assert!(!accounts.is_empty() && accounts.iter().all(|a| a.shown.is_none()));
    assert!(user.is_some_and(|u| u.email.is_none() && u.mobile.is_none()));
    let health = desk.read(|rd| rd.health());
    assert!(health.audit.is_none() && health.miscounted.is_empty());
    let (id, profile) = (
        with_profile.id.clone(),
        with_profile.profile.clone().unwrap(),
    );
    let lost = |e: &Error| e.to_string().contains(".master") || e.to_string().contains(".keys");
    let refused = desk
        .try_write(move |tx| tx.put_profile(&id, &profile))
        .unwrap_err();
    assert!(lost(&refused), "{refused}");
    let line = AuditEntry {
        actor: "a".into(),
        face: "command",
        action: "x".into(),
        target: "y".into(),
        outcome: "done".into(),
        reason: String::new(),
    };
    let refused = desk
        .try_write(move |tx| tx.append_audit(&line, now()))
        .unwrap_err();
    assert!(lost(&refused), "{refused}");
    assert!(
        RUNTIME
            .block_on(
                desk.store
                    .read(|rd| rd.connection_size(&asked("a"), 10, &asker()))
            )
            .is_ok()
    );
}

#[test]
fn master_key_of_another_database_is_refused() {
    without_master(true);
}
