//! Every action in every state of a connection, as one table per action: code and detail of each refusal, and the
//! result of what is allowed.

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connect_refusals() {
    let rig = Rig::new().await;
    let with = |login: &str, password: &str| {
        Some(Credentials {
            login: login.into(),
            password: password.into(),
            ..Default::default()
        })
    };
    let at = |institution: &str, credentials| NewLink {
        institution: institution.into(),
        credentials,
        ..link("AU00000", "", "")
    };
    let disabled = "The institution you are trying to connect to is currently disabled. Our developers have been \
                    notified and are working to have the issue resolved.";
    for (new, refused) in [
        (
            at("", with("a", "b")),
            no(
                "parameter-not-supplied",
                "Institution ID parameter is required.",
            ),
        ),
        (
            at("AU00000", None),
            no("parameter-not-supplied", "Login ID parameter is required."),
        ),
        (
            at("AU00000", with("", "b")),
            no("parameter-not-supplied", "Login ID parameter is required."),
        ),
        (
            at("AU00000", with("a", "")),
            no("parameter-not-supplied", "Password parameter is required."),
        ),
        (
            at("AU99999", with("a", "b")),
            no(
                "parameter-not-valid",
                "Requested institution does not exist.",
            ),
        ),
        (
            NewLink {
                institution: "AU00002".into(),
                ..open_banking()
            },
            no("institution-not-supported", disabled),
        ),
        (
            NewLink {
                user: "nobody".into(),
                ..link("AU00000", "a", "b")
            },
            no("not found", "user"),
        ),
    ] {
        assert_eq!(
            answer(rig.ops.connect(new.clone()).await, "made"),
            refused,
            "{new:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_methods_exclude_each_other_two_logins_do_not() {
    for (label, stands_in_the_way) in [
        (Label::Pending, true),
        (Label::Active, true),
        (Label::Invalid, true),
        (Label::Failed, true),
        (Label::Deleted, false),
    ] {
        let (rig, _) = living(Method::Web, label).await;
        let clash = no(
            "resource-already-exists",
            "The user has a web connection to Hooli already.",
        );
        let wanted = if stands_in_the_way { clash } else { Ok("made") };
        assert_eq!(
            answer(rig.ops.connect(open_banking()).await, "made"),
            wanted,
            "web {label}"
        );
        let other = NewLink {
            user: "user-grace".into(),
            ..open_banking()
        };
        assert_eq!(
            answer(rig.ops.connect(other).await, "made"),
            Ok("made"),
            "another user's is no clash"
        );
    }
    for (label, stands_in_the_way) in [
        (Label::PreInit, false),
        (Label::Init, true),
        (Label::Active, true),
        (Label::Invalid, true),
        (Label::Deleted, false),
    ] {
        let (rig, _) = living(Method::OpenBanking, label).await;
        let clash = no(
            "resource-already-exists",
            "The user has an open banking connection to Hooli already.",
        );
        let wanted = if stands_in_the_way { clash } else { Ok("made") };
        let web = link("AU00000", "Gilfoyle", "PiedPiper");
        assert_eq!(
            answer(rig.ops.connect(web).await, "made"),
            wanted,
            "open banking {label}"
        );
    }
    let (rig, _) = living(Method::Web, Label::Active).await;
    let second = rig
        .ops
        .connect(link("AU00000", "Gilfoyle", "PiedPiper"))
        .await;
    assert_eq!(
        answer(second, "made"),
        Ok("made"),
        "two logins at one bank are allowed"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn authorisation_fails_when_the_other_method_connected_first() {
    let (rig, waiting) = living(Method::OpenBanking, Label::PreInit).await;
    let web = rig
        .ops
        .connect(link("AU00000", "Gilfoyle", "PiedPiper"))
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(rig.row(&web.connection).await.label, Label::Active);
    let clash = no(
        "resource-already-exists",
        "The user has a web connection to Hooli already.",
    );
    assert_eq!(
        answer(rig.ops.authorise(&waiting, BankAnswer::Authorise).await, ""),
        clash
    );
    rig.work().await;
    assert_eq!(
        rig.row(&waiting).await.label,
        Label::PreInit,
        "an open flow excludes no other method"
    );
    assert_eq!(rig.row(&web.connection).await.label, Label::Active);
    // its job was released before the web connection was created, so the engine checks again
    let job = waiting.clone();
    rig.ops.revoke(&web.connection, "").await.unwrap();
    rig.ops
        .authorise(&waiting, BankAnswer::Authorise)
        .await
        .unwrap();
    rig.ops
        .connect(link("AU00000", "richard", "tabsnotspaces"))
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(
        rig.row(&job).await.label,
        Label::Failed,
        "never two at once"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_banking_allows_twenty_refreshes_a_day() {
    let (rig, id) = living(Method::OpenBanking, Label::Active).await;
    let (midnight, noon) = ("2026-03-11T00:00:00Z", "2026-03-12T00:00:01Z");
    let at = |text: &str| crate::domain::moment::Moment::parse(text).unwrap();
    rig.clock.set(at(midnight));
    for n in 1..=20 {
        rig.clock.advance(Duration::from_secs(1000));
        assert_eq!(
            answer(rig.ops.refresh(&id, false).await, "a job"),
            Ok("a job"),
            "refresh {n}"
        );
        rig.work().await;
    }
    rig.clock.advance(Duration::from_secs(1000));
    let more = answer(rig.ops.refresh(&id, true).await, "a job");
    assert!(
        matches!(&more, Err((code, _)) if code == "too-many-requests"),
        "{more:?}"
    );
    rig.clock.set(at(noon));
    assert_eq!(
        answer(rig.ops.refresh(&id, false).await, "a job"),
        Ok("a job"),
        "the day is UTC's"
    );
}

/// A bank that never answers.
struct Silent;

impl Bank for Silent {
    fn ask(&self, _ask: Ask) -> BoxFuture<'_, Outcome> {
        Box::pin(std::future::pending())
    }
}

async fn job_in(rig: &Rig, id: &ConnectionId, state: State) -> Job {
    let job = rig.ops.refresh(id, true).await.unwrap().job;
    let mut wakes = rig.ops.store.wakes();
    loop {
        wakes.mark_unchanged();
        let job = rig.ops.job(&job.id).await.unwrap();
        if job.state == state {
            return job;
        }
        wakes.changed().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn purge_is_refused_while_a_step_runs_only() {
    let (rig, id) = living(Method::Web, Label::Active).await;
    // a queued job does not delay it
    let queued = rig.ops.refresh(&id, false).await.unwrap().job;
    assert_eq!(queued.state, State::Queued);
    assert_eq!(answer(rig.ops.purge(&id, "").await, "purged"), Ok("purged"));

    let worker = Worker::start(
        rig.ops.store.clone(),
        Arc::new(Silent),
        rig.clock.clone(),
        rig.limits.clone(),
        "silent",
    );
    let running = tokio::time::timeout(Duration::from_secs(30), job_in(&rig, &id, State::Running))
        .await
        .unwrap();
    assert_eq!(running.id, queued.id, "a refresh joins the open job");
    let in_the_way = no(
        "parameter-not-valid",
        "A job is in progress for this connection.",
    );
    assert_eq!(answer(rig.ops.purge(&id, "").await, ""), in_the_way);
    // the same user's other connection at this bank is refused too, since its data would be deleted with it
    let sibling = rig
        .ops
        .connect(link("AU00000", "Gilfoyle", "PiedPiper"))
        .await
        .unwrap()
        .connection;
    moved_to(&rig, &sibling, Status::Active).await;
    assert_eq!(answer(rig.ops.purge(&sibling, "").await, ""), in_the_way);

    let ended = rig.ops.revoke(&id, "").await;
    assert_eq!(
        answer(ended, "revoked"),
        Ok("revoked"),
        "a revoke does not wait for a job"
    );
    let failed = rig.ops.job(&running.id).await.unwrap();
    let (step, failure) = failed.failed_step().unwrap();
    assert_eq!(
        (step.title.word(), failure.code.as_str()),
        ("verify-credentials", "invalid-connection")
    );
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answer_refusals() {
    let rig = Rig::new().await;
    let not_asked = || {
        no(
            "parameter-not-valid",
            "Job is not waiting for an MFA response.",
        )
    };
    assert_eq!(
        answer(
            rig.ops
                .answer(&"no-such-job".into(), vec!["1".into()])
                .await,
            ""
        ),
        no("not found", "job")
    );
    let plain = rig.connect("AU00000", "richard", "tabsnotspaces").await;
    assert_eq!(
        answer(rig.ops.answer(&plain.id, vec!["1234".into()]).await, ""),
        not_asked()
    );
    for (login, password, wrong_numbers, right) in [
        (
            "jared",
            "django",
            [&[][..], &["1234", "5678"]],
            &["1234"][..],
        ),
        (
            "Gilfoyle",
            "PiedPiper",
            [&[], &["Hooli", "Hooli"]],
            &["Hooli"],
        ),
        (
            "Whistler",
            "ShowBox",
            [&["Basiq"], &[]],
            &["Basiq", "AU00000"],
        ),
        (
            "Wentworth-Smith",
            "whislter",
            [&["Basiq"], &["a", "b", "c"]],
            &["Basiq", "AU00002"],
        ),
    ] {
        let job = rig.connect("AU00002", login, password).await;
        assert_eq!(job.state, State::WaitingMfa, "{login}");
        let said = |words: &[&str]| words.iter().map(|w| (*w).into()).collect();
        for wrong in wrong_numbers {
            let refused = answer(rig.ops.answer(&job.id, said(wrong)).await, "");
            assert_eq!(
                refused,
                no("invalid-content", "Invalid request content"),
                "{login} {wrong:?}"
            );
        }
        rig.ops.answer(&job.id, said(right)).await.unwrap();
        assert_eq!(
            answer(rig.ops.answer(&job.id, said(right)).await, ""),
            not_asked(),
            "once"
        );
        rig.work().await;
        assert_eq!(
            rig.ops.job(&job.id).await.unwrap().state,
            State::Succeeded,
            "{login}"
        );
    }
    rig.healthy().await;
}
