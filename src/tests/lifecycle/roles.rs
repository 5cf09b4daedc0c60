//! Each act is refused for the roles below its own, with a line in the audit, and for no other. What is tried here does
//! not exist, so an act that is allowed ends in another answer and changes nothing.

use crate::domain::access::{self, Lacking, Role};
use crate::domain::act::{ActKind, Confirmation, Force, Selection};
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::person::Given;
use crate::domain::views::BankAnswer;
use crate::domain::webhook;
use crate::ops::{Error, Ops, Result, accept_loss};
use crate::store::{AuditFilter, Loss};
use crate::testing::lifecycle::{Rig, link};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

const NONE: &str = "nothing-like-it";

/// A webhook that is refused for its address.
fn webhook() -> webhook::Given {
    webhook::Given {
        name: None,
        description: None,
        url: String::new(),
        events: None,
    }
}

/// Does the act of this word to something that is not there.
async fn tried(ops: &Ops, dir: &Path, act: &str) -> Result<()> {
    let id = || ConnectionId::from(NONE);
    let later = ops.now().plus(Duration::from_secs(60));
    let plan = |kind, selection| ops.plan(kind, selection, Force::default());
    let one = |kind| plan(kind, Selection::One(id()));
    let user = |kind| plan(kind, Selection::User(NONE.into()));
    match act {
        "refresh" => one(ActKind::Refresh).await.map(drop),
        "purge" => one(ActKind::Purge).await.map(drop),
        "revoke" => one(ActKind::Revoke).await.map(drop),
        "migrate" => one(ActKind::Migrate).await.map(drop),
        "erase" => user(ActKind::Erase).await.map(drop),
        "delete-user" => user(ActKind::DeleteUser).await.map(drop),
        "end-consent" => {
            let selection = Selection::Consent(NONE.into());
            plan(ActKind::EndConsent, selection).await.map(drop)
        }
        "answer" => ops.answer(&NONE.into(), vec!["1".into()]).await.map(drop),
        "authorise" => ops.authorise(&id(), BankAnswer::Authorise).await.map(drop),
        "deny" => ops.authorise(&id(), BankAnswer::Deny).await.map(drop),
        "abandon" => ops.authorise(&id(), BankAnswer::Abandon).await.map(drop),
        "auth-link-create" => ops
            .create_auth_link(&NONE.into(), None, Level::Standard)
            .await
            .map(drop),
        "auth-link-delete" => ops.delete_auth_link(&NONE.into()).await,
        "auth-link-use" => ops.auth_link_used(&NONE.into(), "x").await,
        "webhook-create" => ops.create_webhook(webhook(), "").await.map(drop),
        "webhook-update" => ops
            .update_webhook(&NONE.into(), webhook(), "")
            .await
            .map(drop),
        "webhook-delete" => ops.delete_webhook(&NONE.into()).await,
        "webhook-disable" => ops.permit("webhook-disable", NONE).await,
        // of a plan that is there, the role for its act is asked first
        "apply" => ops.permit("apply", NONE).await,
        "plan" => ops.permit("plan", NONE).await,
        "webhook-test" => ops.test_message("user.created", None, "").await.map(drop),
        "cancel" => ops.cancel_job(&NONE.into(), "").await.map(drop),
        "connect" => ops.connect(link(NONE, "a", "b")).await.map(drop),
        "update-credentials" => ops
            .update_credentials(&id(), "x".into(), None, None)
            .await
            .map(drop),
        "declare-health" => {
            let health = crate::domain::diagnosis::Health::ALL[0];
            ops.declare_health(&NONE.into(), None, health).await
        }
        "outage" => ops.outage(&NONE.into(), None).await,
        "extend-consent" => ops.extend_consent(&NONE.into(), "x").await.map(drop),
        "hold" => {
            let all = ops.hold_connections(&[id()], later, "x").await;
            let bank = ops.hold_bank(&NONE.into(), later, "x").await;
            all.and(bank).map(drop)
        }
        "release" => ops.release_hold(&NONE.into()).await.map(drop),
        "invite" => ops.invite(&id(), false, Level::Standard).await.map(drop),
        "note" => ops.note(&id(), "x".into(), Level::Standard).await.map(drop),
        "take" => ops.give_back(&id()).await.map(drop),
        "snooze" => ops.wake(&id()).await.map(drop),
        "user-create" => ops.create_user(Given::default()).await.map(drop),
        "user-update" => ops
            .update_user(&NONE.into(), Given::default())
            .await
            .map(drop),
        "import" => ops.import(&b"[]"[..], "x", |_| {}).await.map(drop),
        "import-purged" => ops.import_purged(&b"[]"[..], "x", |_| {}).await.map(drop),
        "live-login" => ops.may_sign_in("https://api.example.test").await,
        "live-logout" => ops.sign_out().await.map(drop),
        "live-users" => ops.add_live_users(vec![]).await.map(drop),
        "apikey-create" => ops
            .create_api_key("two words", Role::Viewer, None)
            .await
            .map(drop),
        "apikey-revoke" => ops.revoke_api_key(NONE).await.map(drop),
        "backup" => ops.backup(&dir.join("w.db"), |_, _| {}).await.map(drop),
        "accept-clock" => ops.accept_clock().await.map(drop),
        "recount" => ops.fix_counts().await.map(drop),
        "accept-loss" => {
            let typed = Confirmation::new(None, None);
            let caller = (*ops.caller).clone();
            accept_loss(&dir.join("w.db"), Loss::Audit, &typed, caller, ops.now())
        }
        unknown => panic!("nothing tries {unknown}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_act_is_refused_below_its_role_and_the_refusal_is_audited() {
    let rig = Rig::new().await;
    let dir = rig.ops.store.path().parent().unwrap().to_owned();
    for (act, needs) in access::acts() {
        for has in Role::ALL {
            let mut caller = (*rig.ops.caller).clone();
            (caller.actor, caller.role) = (format!("{act}-{}", has.word()), has);
            let ops = rig.ops.clone().with_caller(caller.clone());
            let answer = tried(&ops, &dir, act).await;
            let told = format!("{act} by {has:?}: {answer:?}");
            match answer {
                Err(Error::Forbidden(lacking)) => assert_eq!(lacking, Lacking { needs, has }),
                _ => assert!(has >= needs, "{told}"),
            }
            assert!(
                has >= needs || matches!(has.may(act), Err(l) if l.needs == needs),
                "{told}"
            );
            // the database cannot be opened where this is for, so there is no file to write a line in
            if act == "accept-loss" {
                continue;
            }
            let filter = AuditFilter {
                actor: Some(caller.actor.clone()),
                ..AuditFilter::default()
            };
            let lines = rig.ops.audit_before(&filter, i64::MAX, 10).await.unwrap();
            let refused = format!("refused: needs {}", needs.word());
            let noted = lines.iter().filter(|line| line.outcome == refused);
            let noted = noted.filter(|line| line.action == act).count();
            assert_eq!(noted > 0, has < needs, "{told}: {lines:#?}");
        }
    }
    rig.healthy().await;
}

/// What the audit is told of without being an act: a plan that is kept, a plan that is carried out, and a refused call.
const NO_ACTS: [&str; 3] = ["apply", "http-request", "plan"];

#[test]
fn every_act_in_the_code_has_its_role() {
    let mut named = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ops")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for call in [".act(", ".permit(", ".refused(", ".audit("] {
                for rest in text.split(call).skip(1) {
                    let rest = rest.trim_start();
                    let rest = rest.strip_prefix("tx,").map_or(rest, str::trim_start);
                    if let Some((word, _)) = rest.strip_prefix('"').and_then(|r| r.split_once('"'))
                    {
                        named.insert(word.to_owned());
                    }
                }
            }
        }
    }
    let known: BTreeSet<&str> = access::acts().map(|(act, _)| act).chain(NO_ACTS).collect();
    let missing: Vec<&String> = named
        .iter()
        .filter(|word| !known.contains(word.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "without a role in domain/access.rs: {missing:?}"
    );
    assert!(named.len() > 20, "the search finds nothing: {named:?}");
}
