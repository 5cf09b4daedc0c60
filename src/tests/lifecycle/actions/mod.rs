//! Every action in every state of a connection, as one table per action: code and detail of each refusal, and the
//! result of what is allowed.

mod connect;
mod limits;

use crate::connector::{Ask, Bank, Outcome};
use crate::domain::bank_data::Credentials;
use crate::domain::connection::{Label, Method, Status};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Job, State};
use crate::domain::views::BankAnswer;
use crate::engine::Worker;
use crate::ops::{Error, NewLink};
use crate::store::ConnectionChange;
use crate::testing::lifecycle::{Rig, link};
use futures::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;

/// The result: done, or the code and detail of the refusal.
type Answer = Result<&'static str, (String, String)>;

fn answer<T>(done: Result<T, Error>, word: &'static str) -> Answer {
    match done {
        Ok(_) => Ok(word),
        Err(Error::Refused(refusal)) => {
            assert!(
                !refusal.advice.is_empty(),
                "{refusal:?} says nothing of what to do"
            );
            Err((refusal.code.to_owned(), refusal.detail))
        }
        Err(Error::NotFound { kind, .. }) => Err(("not found".to_owned(), kind.to_owned())),
        Err(other) => panic!("{other:?}"),
    }
}

fn no(code: &str, detail: &str) -> Answer {
    Err((code.to_owned(), detail.to_owned()))
}

fn open_banking() -> NewLink {
    NewLink {
        method: Method::OpenBanking,
        ..link("AU00000", "Wentworth-Smith", "whislter")
    }
}

async fn moved_to(rig: &Rig, id: &ConnectionId, status: Status) {
    let (id, now) = (id.clone(), rig.clock.now());
    let change = ConnectionChange {
        status: Some(status),
        ..Default::default()
    };
    rig.ops
        .store
        .write(move |tx| -> Result<(), Error> { Ok(tx.change_connection(&id, change, now)?) })
        .await
        .unwrap();
}

/// A connection of this method in this state, in a file of its own, an hour after its last change.
async fn living(method: Method, label: Label) -> (Rig, ConnectionId) {
    let rig = Rig::new().await;
    let new = if method == Method::Web {
        link("AU00000", "Whistler", "ShowBox")
    } else {
        open_banking()
    };
    let id = rig.ops.connect(new).await.unwrap().connection;
    let comes_to_life = !matches!(
        label,
        Label::Pending | Label::PreInit | Label::Init | Label::Failed
    );
    if method == Method::OpenBanking && !matches!(label, Label::PreInit | Label::Failed) {
        rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    }
    if method == Method::OpenBanking && label == Label::Failed {
        rig.ops.authorise(&id, BankAnswer::Deny).await.unwrap();
    }
    if comes_to_life || method == Method::OpenBanking && label == Label::Failed {
        rig.work().await;
    }
    match label {
        Label::Init => moved_to(&rig, &id, Status::Init).await,
        Label::Invalid => moved_to(&rig, &id, Status::Invalid).await,
        Label::Failed if method == Method::Web => {
            rig.ops
                .update_credentials(&id, "wrong".into(), None, None)
                .await
                .unwrap();
            rig.work().await;
        }
        Label::Deleted => drop(rig.ops.revoke(&id, "").await.unwrap()),
        _ => {}
    }
    assert_eq!(rig.row(&id).await.label, label);
    rig.clock.advance(Duration::from_secs(3600));
    (rig, id)
}

/// Every state a connection of each method can be in.
const STATES: [(Method, Label); 11] = [
    (Method::Web, Label::Pending),
    (Method::Web, Label::Active),
    (Method::Web, Label::Invalid),
    (Method::Web, Label::Failed),
    (Method::Web, Label::Deleted),
    (Method::OpenBanking, Label::PreInit),
    (Method::OpenBanking, Label::Init),
    (Method::OpenBanking, Label::Active),
    (Method::OpenBanking, Label::Invalid),
    (Method::OpenBanking, Label::Failed),
    (Method::OpenBanking, Label::Deleted),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_action_in_each_state() {
    let gone = || no("resource-not-found", "Requested resource is not found");
    for (method, label) in STATES {
        let first_job_open = matches!(label, Label::Pending | Label::PreInit | Label::Init);

        let (rig, id) = living(method, label).await;
        let refreshed = rig.ops.refresh(&id, false).await;
        if let Ok(refreshed) = &refreshed {
            assert_eq!(refreshed.deduplicated, first_job_open, "{method:?} {label}");
        }
        let refresh = answer(refreshed, "a job");
        assert_eq!(
            refresh,
            if label == Label::Deleted {
                gone()
            } else {
                Ok("a job")
            },
            "{method:?} {label}"
        );

        let (rig, id) = living(method, label).await;
        let purge = answer(rig.ops.purge(&id, "").await, "purged");
        let wanted = match label {
            Label::Active => Ok("purged"),
            Label::Deleted => gone(),
            _ => no("parameter-not-valid", "Connection is not active."),
        };
        assert_eq!(purge, wanted, "{method:?} {label}");
        if label == Label::Active {
            assert_eq!(
                answer(rig.ops.purge(&id, "").await, "again"),
                Ok("again"),
                "repeating it is harmless"
            );
        }

        let (rig, id) = living(method, label).await;
        let wanted = if label == Label::Deleted {
            gone()
        } else {
            Ok("revoked")
        };
        assert_eq!(
            answer(rig.ops.revoke(&id, "").await, "revoked"),
            wanted,
            "{method:?} {label}"
        );
        assert_eq!(
            answer(rig.ops.revoke(&id, "").await, "revoked"),
            gone(),
            "the second is always refused"
        );
        let (kept, credentials) = (id.clone(), id.clone());
        let left = rig.ops.store.read(move |rd| -> Result<_, Error> {
            Ok((
                rd.profile(&kept)?.is_some(),
                rd.credentials(&credentials)?.is_some(),
            ))
        });
        assert_eq!(
            left.await.unwrap(),
            (false, false),
            "profile and credentials go with the link"
        );

        let (rig, id) = living(method, label).await;
        let updated = answer(
            rig.ops
                .update_credentials(&id, "ShowBox".into(), None, None)
                .await,
            "a job",
        );
        let wanted = match (method, label) {
            (_, Label::Deleted) => gone(),
            (Method::Web, _) => Ok("a job"),
            (Method::OpenBanking, _) => no("parameter-not-valid", "Connection type is not Web"),
        };
        assert_eq!(updated, wanted, "{method:?} {label}");
        if wanted == Ok("a job") {
            let empty = rig.ops.update_credentials(&id, "".into(), None, None).await;
            assert_eq!(
                answer(empty, ""),
                no("parameter-not-valid", "Password value is not valid")
            );
        }
    }
}
