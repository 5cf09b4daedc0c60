//! What is missing here is told as ours: the bank was not asked, so it refused nothing.

use super::*;
use crate::domain::import_records::InstitutionRecord;

/// Runs a refresh of a connection that worked, and looks at what is told of it.
async fn told_as_ours(rig: &Rig, id: &ConnectionId, code: &str) {
    let before = rig.row(id).await;
    rig.clock.advance(Duration::from_secs(3_600));
    rig.ops.refresh(id, Force::ALL).await.unwrap();
    rig.work().await;
    let ended = newest(&rig.ops, id).await;
    assert_eq!(ended.state, State::Failed);
    assert_eq!(ended.failed_step().unwrap().1.code, code);
    let after = rig.row(id).await;
    assert_eq!(
        (after.label, after.last_used, after.refused),
        (Label::Active, before.last_used, 0)
    );
    let why = rig.ops.why(id).await.unwrap().meaning;
    assert_eq!(why.whose, Whose::Us, "{why:?}");
    let said = format!("{}{}", why.headline, why.evidence.concat());
    assert!(
        !said.contains("The bank said") && !said.contains("refused"),
        "{said}"
    );
    let purge = rig
        .ops
        .plan(ActKind::Purge, Selection::One(id.clone()), Force::default());
    purge.await.unwrap();
}

#[tokio::test]
async fn a_missing_password_is_ours() {
    let rig = Rig::new().await;
    let id = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    delete_credentials(&rig.ops, &id).await;
    told_as_ours(&rig, &id, "sign-in-missing").await;
    // again, as background refreshing would; nothing adds up against the login
    told_as_ours(&rig, &id, "sign-in-missing").await;
}

#[tokio::test]
async fn a_password_without_a_login_is_ours() {
    let rig = Rig::new().await;
    let id = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    delete_credentials(&rig.ops, &id).await;
    rig.ops
        .update_credentials(&id, "ShowBox".into(), None, None)
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(
        newest(&rig.ops, &id).await.failed_step().unwrap().1.code,
        "sign-in-missing"
    );
    assert_eq!(rig.row(&id).await.label, Label::Active);
}

#[tokio::test]
async fn a_first_job_without_a_bank_fails_as_ours() {
    let rig = Rig::new().await;
    let put = rig.ops.store.write(|tx| -> Result<_, Error> {
        let hooli = tx.institution(&"AU00000".into())?.unwrap();
        Ok(tx.put_institution(&InstitutionRecord {
            id: "AU00601".into(),
            ..hooli
        })?)
    });
    put.await.unwrap();
    let made = rig
        .ops
        .connect(link("AU00601", "Whistler", "ShowBox"))
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(rig.row(&made.connection).await.label, Label::Failed);
    let why = rig.ops.why(&made.connection).await.unwrap().meaning;
    assert_eq!(why.whose, Whose::Us);
    assert!(!why.evidence.concat().contains("The bank said"), "{why:?}");
}
