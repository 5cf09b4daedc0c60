//! A key file that is lost, cut, emptied or another's: the database is refused until a person accepts the loss, and what
//! was sealed with it is told of as lost and replaced by what the bank sends.

use crate::clock::Clock;
use crate::domain::bank_data::{AccountDetails, BankAccount, BankTransaction};
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::refused;
use crate::store::{Error, Files, Loss, Mode, Store};
use crate::testing::store::{RUNTIME, TestStore, now};
use crate::vault::Error as Vault;
use std::fs;
use std::path::Path;

pub(super) fn open(path: &Path, mode: Mode) -> crate::store::Result<Store> {
    Store::open(path, mode, &Clock::fixed(now()))
}

fn account() -> BankAccount {
    BankAccount {
        reference: "a".into(),
        class: "savings".into(),
        currency: "AUD".into(),
        balance: Some(10),
        available: None,
        credit_limit: None,
        status: "available".into(),
        details: AccountDetails::default(),
    }
}

fn transactions() -> Vec<BankTransaction> {
    (1..=5)
        .map(|day| BankTransaction {
            reference: format!("t{day}"),
            account: "a".into(),
            posted: true,
            amount: -100,
            class: "payment".into(),
            at: Moment(now().0 - day * 86_400_000),
            details: Default::default(),
        })
        .collect()
}

fn fetch(desk: &TestStore, id: &ConnectionId) {
    let id = id.clone();
    desk.write(move |tx| {
        tx.put_profile(&id, &Default::default())?;
        tx.put_accounts(&id, &[account()], now())?;
        tx.put_transactions(&id, &transactions())
    });
}

fn lost(desk: &TestStore, id: &ConnectionId) -> (bool, Option<Moment>) {
    let id = id.clone();
    desk.read(move |rd| {
        let accounts = rd.accounts_of(&id, Level::Standard)?;
        assert!(accounts.iter().all(|a| a.lost == a.shown.is_none()));
        Ok((accounts[0].lost, rd.newest_posted(&id)?))
    })
}

/// A closed database with data of two banks' worth of slots, and its files.
pub(super) fn closed() -> (TestStore, ConnectionId) {
    let desk = TestStore::new();
    let id = desk.connection("c-1");
    fetch(&desk, &id);
    let other = desk.connection("c-2");
    fetch(&desk, &other);
    (desk, id)
}

type Damage = (&'static str, fn(&Files));

fn cut(files: &Files, length: usize) {
    let bytes = fs::read(&files.keys).unwrap();
    fs::write(&files.keys, &bytes[..length]).unwrap();
}

#[rustfmt::skip]
const DAMAGES: [Damage; 10] = [
    ("removed", |f| fs::remove_file(&f.keys).unwrap()),
    ("cut to nothing", |f| cut(f, 0)),
    ("cut into the header", |f| cut(f, 30)),
    ("cut to its header", |f| cut(f, 64)),
    ("cut to a slot", |f| cut(f, 64 + 80)),
    ("cut into a slot", |f| cut(f, 64 + 80 + 40)),
    ("zeroed", |f| { let n = fs::read(&f.keys).unwrap().len(); fs::write(&f.keys, vec![0; n]).unwrap() }),
    ("random", |f| { let n = fs::read(&f.keys).unwrap().len(); fs::write(&f.keys, vec![0xa7; n]).unwrap() }),
    ("of another database", |f| {
        let (other, _) = closed();
        fs::copy(&other.store.files().keys, &f.keys).unwrap();
    }),
    // made with the same master key, as an older program would have made it anew
    ("made anew", |f| {
        let mut bytes = fs::read(&f.keys).unwrap();
        bytes[16..64].fill(0);
        bytes[64..].fill(0);
        fs::write(&f.keys, bytes).unwrap();
    }),
];

fn reopened(desk: TestStore, damage: fn(&Files)) -> (tempfile::TempDir, Files) {
    let files = desk.store.files().clone();
    let TestStore { dir, store, .. } = desk;
    drop(store);
    damage(&files);
    (dir, files)
}

#[test]
fn a_damaged_key_file_is_refused_by_name_and_nothing_is_made() {
    for (name, damage) in DAMAGES {
        let (dir, files) = reopened(closed().0, damage);
        let left = fs::read(&files.keys).ok();
        for mode in [Mode::Read, Mode::Write, Mode::Create] {
            let refused = open(&files.database, mode).map(drop).unwrap_err();
            let file = match &refused {
                Error::Vault(
                    Vault::NoDataKeys { path }
                    | Vault::KeyMissing { path, .. }
                    | Vault::Broken { path }
                    | Vault::Mismatch { path }
                    | Vault::OtherKeys { path, .. },
                ) => path,
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!(*file, files.keys, "{name}");
            assert_eq!(fs::read(&files.keys).ok(), left, "{name}");
        }
        let store = open(&files.database, Mode::Examine).unwrap();
        let health = RUNTIME.block_on(store.read(|rd| rd.health())).unwrap();
        assert!(!health.ok(), "{name}");
        assert!(
            health.findings.iter().any(|f| f.contains("w.db.keys")),
            "{name}: {:?}",
            health.findings
        );
        drop(dir);
    }
}

#[test]
fn an_accepted_loss_is_shown_and_mended_by_the_next_fetch() {
    for (name, damage) in DAMAGES {
        let (desk, id) = closed();
        let newest = lost(&desk, &id);
        assert_eq!(newest, (false, Some(transactions()[0].at)));
        let there = (name != "removed").then_some(());
        let (dir, files) = reopened(desk, damage);
        let entry = super::audit_head::entry();
        Store::accept_loss(&files.database, Loss::Keys, &entry, now()).unwrap();
        let aside: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .filter_map(|e| e.unwrap().file_name().into_string().ok())
            .filter(|file| file.contains("set-aside"))
            .collect();
        assert_eq!(aside.len(), there.iter().count(), "{name}: {aside:?}");
        let desk = TestStore {
            store: open(&files.database, Mode::Write).unwrap(),
            path: files.database.clone(),
            dir,
        };
        let (line, _) = desk.read(|rd| rd.audit_head());
        assert_eq!(line, 1, "the audit says so");
        assert_eq!(desk.read(|rd| rd.audit_verify()).first_bad, None, "{name}");
        assert_eq!(lost(&desk, &id), (true, None), "{name}");
        fetch(&desk, &id);
        assert_eq!(lost(&desk, &id), newest, "{name}");
        let again = Store::accept_loss(&files.database, Loss::Keys, &entry, now());
        refused!(again, Error::NothingLost { .. });
    }
}

/// The key file that was accepted as lost does not come back: rows were sealed with the new one since.
#[test]
fn a_key_file_that_was_given_up_is_refused_when_it_is_put_back() {
    let (desk, _) = closed();
    let files = desk.store.files().clone();
    let kept = desk.dir.path().join("kept");
    fs::copy(&files.keys, &kept).unwrap();
    let (_dir, files) = reopened(desk, |f| fs::remove_file(&f.keys).unwrap());
    let entry = super::audit_head::entry();
    Store::accept_loss(&files.database, Loss::Keys, &entry, now()).unwrap();
    fs::rename(&kept, &files.keys).unwrap();
    refused!(
        open(&files.database, Mode::Write),
        Error::Vault(Vault::OtherKeys { .. })
    );
}

#[test]
fn one_damaged_transaction_makes_the_fetch_begin_at_the_start_and_is_replaced() {
    let (desk, id) = closed();
    let newest = lost(&desk, &id);
    let sql = "UPDATE transactions SET sealed = zeroblob(60) WHERE n = 3";
    assert_eq!(desk.raw().execute(sql, []).unwrap(), 1);
    assert_eq!(lost(&desk, &id), (false, None));
    fetch(&desk, &id);
    assert_eq!(lost(&desk, &id), newest);
    // a blob moved from another row is none of this row's
    let sql = "UPDATE transactions SET sealed = (SELECT sealed FROM transactions WHERE n = 2) WHERE n = 3";
    desk.raw().execute(sql, []).unwrap();
    assert_eq!(lost(&desk, &id).1, None);
}
