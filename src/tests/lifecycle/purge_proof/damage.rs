//! Key files that are replaced, missing or damaged, and rows that do not open.

use super::*;
use crate::domain::act::{ActKind, Standing};
use crate::ops::Selection;
use crate::vault;
use std::fs;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::PathBuf;

fn keys(rig: &Rig) -> PathBuf {
    rig.ops.store.files().keys.clone()
}

fn slot(rig: &Rig) -> usize {
    let slot: i64 = raw(rig)
        .query_row("SELECT slot FROM data_keys", [], |r| r.get(0))
        .unwrap();
    usize::try_from(slot).unwrap()
}

/// Changes bytes of the key file in place, from this offset in the pair's slot.
fn overwrite(rig: &Rig, from: usize, bytes: &[u8]) {
    let file = fs::OpenOptions::new().write(true).open(keys(rig)).unwrap();
    let at = (64 + 80 * slot(rig) + from) as u64;
    file.write_all_at(bytes, at).unwrap();
}

fn vaulted(error: &Error) -> &vault::Error {
    match error {
        Error::Store(store::Error::Vault(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_file_that_was_replaced_gives_no_proof() {
    let mut rig = Rig::new().await;
    let id = connected(&rig).await;
    let expected = stored(&rig).await;
    let job = rig.ops.begin_purge(&id, "").await.unwrap();
    let (path, copy) = (keys(&rig), keys(&rig).with_extension("copy"));
    fs::copy(&path, &copy).unwrap();
    fs::rename(&copy, &path).unwrap();
    rig.clock.advance(Duration::from_secs(31));
    let ended = rig.ops.finish_open_purge(&job).await.unwrap_err();
    assert!(
        matches!(vaulted(&ended), vault::Error::Replaced { .. }),
        "{ended:?}"
    );
    assert!(rig.ops.job(&job).await.unwrap().state.open());
    assert!(rig.ops.certificate(job.as_str()).await.is_err());
    reopen(&mut rig);
    finish(&rig).await;
    assert_eq!(proof(&rig, &job).await.needles, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_file_that_is_missing_or_cut_off_is_not_made_anew() {
    type Change = fn(&PathBuf);
    let changes: [(Change, &str); 4] = [
        (|path| fs::remove_file(path).unwrap(), "missing"),
        (|path| fs::write(path, b"").unwrap(), "missing"),
        (|path| cut(path, 64), "shorter"),
        (|path| cut(path, 100), "shorter"),
    ];
    for (change, said) in changes {
        let mut rig = Rig::new().await;
        let id = connected(&rig).await;
        let expected = stored(&rig).await;
        let (path, whole) = (keys(&rig), fs::read(keys(&rig)).unwrap());
        change(&path);
        let left = fs::read(&path).ok();
        // a process that opens the file now is refused at once, or when it needs a key
        let refused = match try_open(&rig) {
            Ok(store) => {
                rig.ops = ops(&rig, store);
                rig.ops.purge(&id, "").await.unwrap_err()
            }
            Err(refused) => refused.into(),
        };
        assert!(
            matches!(
                vaulted(&refused),
                vault::Error::NoDataKeys { .. } | vault::Error::KeyMissing { .. }
            ),
            "{refused:?}"
        );
        assert!(refused.to_string().contains(said), "{refused}");
        assert_eq!(fs::read(&path).ok(), left, "nothing was made in its place");
        let before = rig.row(&id).await;
        assert!(
            before.transactions > 0 && lists(&rig) == 0,
            "nothing was deleted"
        );
        // put back, the purge is proven
        fs::write(&path, whole).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        reopen(&mut rig);
        let job = rig.ops.purge(&id, "").await.unwrap();
        assert_eq!(proof(&rig, &job.id).await.needles, expected);
    }
}

fn cut(path: &PathBuf, bytes: u64) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(bytes).unwrap();
}

/// Zeros where the database knows a key: nobody here destroyed it, so a copy may be anywhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_was_gone_before_the_order_is_not_proven_destroyed() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    overwrite(&rig, 0, &[0; 80]);
    let job = rig.ops.purge(&id, "").await.unwrap();
    let why = unproven(&rig, &job.id).await;
    assert!(why.contains("gone before this was ordered"), "{why}");
    assert_eq!(rig.row(&id).await.transactions, 0, "the rows are gone");
}

/// What is damaged, and how.
type Damage = (&'static str, fn(&Rig));

fn damages() -> [Damage; 4] {
    [
        ("slot garbled", |rig| overwrite(rig, 40, b"garbled!")),
        ("slot without its mark", |rig| {
            overwrite(rig, 0, b"garbled!")
        }),
        ("every blob", |rig| {
            let sql =
                "UPDATE accounts SET sealed = zeroblob(60); UPDATE profiles SET sealed = x'00';
                UPDATE transactions SET sealed = zeroblob(60);";
            raw(rig).execute_batch(sql).unwrap();
        }),
        ("one blob and the contact", |rig| {
            let sql =
                "UPDATE accounts SET sealed = zeroblob(60) WHERE n = (SELECT min(n) FROM accounts);
                UPDATE users SET contact = x'0102';";
            raw(rig).execute_batch(sql).unwrap();
        }),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_damaged_is_purged_and_counted() {
    for (what, damage) in damages() {
        let rig = Rig::new().await;
        let id = connected(&rig).await;
        let slot = slot(&rig);
        damage(&rig);
        assert!(
            rig.ops.connection(&id, Default::default()).await.is_ok(),
            "{what}"
        );
        let job = rig.ops.purge(&id, "").await.unwrap();
        let proof = proof(&rig, &job.id).await;
        let found = proof.stored.unwrap();
        assert!(found.unreadable > 0, "{what}: {found:?}");
        assert_eq!(found.values, proof.needles, "{what}");
        let said = note(&job, &Title::Verify);
        assert!(said.contains("could not be read"), "{what}: {said}");
        let bytes = fs::read(keys(&rig)).unwrap();
        assert_eq!(bytes[64 + 80 * slot..][..80], [0; 80], "{what}");
        assert_eq!((rig.row(&id).await.accounts, lists(&rig)), (0, 0));
        // the contact is not of the bank and stays damaged
        raw(&rig)
            .execute_batch("UPDATE users SET contact = NULL WHERE length(contact) < 9")
            .unwrap();
        rig.healthy().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_stops_neither_erasure_nor_deletion_of_a_user() {
    for kind in [ActKind::Erase, ActKind::DeleteUser] {
        for (what, damage) in damages() {
            let rig = Rig::new().await;
            connected(&rig).await;
            damage(&rig);
            let plan = rig
                .ops
                .plan(kind, Selection::User("user-ada".into()), false);
            let plan = plan.await.unwrap();
            let id = rig.ops.begin_workflow(&plan, "asked for").await.unwrap();
            let done = rig.ops.resume(&id, |_| ()).await.unwrap();
            assert_eq!(done.standing(), Standing::Done, "{what}: {done:#?}");
            let (proof, _) = rig.ops.certificate(id.as_str()).await.unwrap();
            assert!(proof.stored.unwrap().unreadable > 0, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_after_damage_has_a_new_key() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let old = slot(&rig);
    overwrite(&rig, 40, b"garbled!");
    rig.clock.advance(Duration::from_secs(3600));
    let job = rig.ops.refresh(&id, true).await.unwrap().job;
    rig.work().await;
    let job = rig.ops.job(&job.id).await.unwrap();
    assert_eq!(job.state, State::Succeeded, "{job:#?}");
    assert_ne!(slot(&rig), old);
    let bytes = fs::read(keys(&rig)).unwrap();
    assert_eq!(
        bytes[64 + 80 * old..][..80],
        [0; 80],
        "no purge would find it any more"
    );
}
