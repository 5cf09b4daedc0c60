//! When a connection may be made, and by which method.

use super::*;

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
