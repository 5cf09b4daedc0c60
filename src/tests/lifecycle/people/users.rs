//! Users and their auth links.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn users_are_created_updated_and_found() {
    let rig = Rig::new().await;
    let id = rig.ops.create_user(monica()).await.unwrap();
    let shown = rig.ops.user(&id, Level::Standard).await.unwrap();
    assert_eq!(
        (shown.name.as_str(), shown.email.as_deref()),
        ("Monica Hall", Some("m•••@example.test"))
    );
    assert_eq!(shown.mobile.as_deref(), Some("••• ••• 444"));
    for words in [
        "monica",
        "HALL",
        "hall mon",
        id.as_str(),
        id.short(),
        "monica@example.test",
        "0400 333 444",
    ] {
        assert_eq!(names(&rig, words).await, ["Monica Hall"], "{words}");
    }
    assert_eq!(
        names(&rig, "").await,
        ["Monica Hall", "Grace Hopper", "Ada Lovelace"],
        "the newest first"
    );
    assert!(
        names(&rig, "monica@example.tes").await.is_empty() && names(&rig, "onica").await.is_empty()
    );
    let strict = rig
        .ops
        .users(&People::Everyone, None, 1, Level::Strict)
        .await
        .unwrap();
    assert_eq!((strict.rows[0].name.as_str(), strict.more), ("M• H•", true));
    let next = rig
        .ops
        .users(&People::Everyone, strict.last, 5, Level::Standard)
        .await
        .unwrap();
    assert_eq!((next.rows.len(), next.more), (2, false));

    // only given fields change, and an equal value is no change
    let change = |given: Given| rig.ops.update_user(&id, given);
    assert!(
        change(Given {
            last_name: Some("Bighetti".into()),
            ..Given::default()
        })
        .await
        .unwrap()
    );
    assert!(
        !change(Given {
            last_name: Some("Bighetti".into()),
            ..Given::default()
        })
        .await
        .unwrap()
    );
    let business = Given {
        business_name: Some("Pied Piper".into()),
        business_number: Some("51824753556".into()),
        number_kind: Some(NumberKind::Abn),
        mobile: Some("".into()),
        ..Given::default()
    };
    assert!(change(business).await.unwrap());
    let shown = rig.ops.user(&id, Level::Standard).await.unwrap();
    assert_eq!(
        (shown.name.as_str(), shown.mobile.as_deref()),
        ("Monica Bighetti", None)
    );
    assert_eq!(shown.email.as_deref(), Some("m•••@example.test"));
    assert_eq!(
        shown.business,
        Some((
            "Pied Piper".into(),
            "•••• 3556".into(),
            Some(NumberKind::Abn)
        ))
    );
    assert!(names(&rig, "hall").await.is_empty() && names(&rig, "+61400333444").await.is_empty());

    let told: Vec<_> = feed(
        &rig,
        EventFilter {
            user: Some(id),
            types: None,
        },
    )
    .await;
    let told: Vec<_> = told
        .iter()
        .map(|e| (e.entity.as_str(), e.event_type.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("user", "created"),
            ("user", "updated"),
            ("user", "updated")
        ]
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalid_user_data_is_refused_and_audited() {
    let rig = Rig::new().await;
    let id = rig
        .ops
        .create_user(Given {
            email: Some("m@example.test".into()),
            ..Given::default()
        })
        .await
        .unwrap();
    for (given, on_create, on_update) in [
        (
            Given::default(),
            "parameter-not-supplied: One of 'email' or 'mobile' is required.",
            "done",
        ),
        (
            Given {
                email: Some("".into()),
                ..Given::default()
            },
            "parameter-not-supplied: One of 'email' or 'mobile' is required.",
            "parameter-not-supplied: One of 'email' or 'mobile' is required.",
        ),
        (
            Given {
                email: Some("monica".into()),
                ..Given::default()
            },
            "parameter-not-valid: Provided email is in bad format.",
            "parameter-not-valid: Provided email is in bad format.",
        ),
        (
            Given {
                mobile: Some("soon".into()),
                ..Given::default()
            },
            "parameter-not-valid: Provided mobile is in bad format.",
            "parameter-not-valid: Provided mobile is in bad format.",
        ),
        (
            Given {
                business_number: Some("51824753556".into()),
                ..monica()
            },
            "parameter-not-supplied: Business name is required when business number is provided.",
            "parameter-not-supplied: Business name is required when business number is provided.",
        ),
        (
            Given {
                first_name: Some("a\u{1b}[2J".into()),
                ..monica()
            },
            "invalid-content: Posted user is not in valid format.",
            "invalid-content: Posted user is not in valid format.",
        ),
    ] {
        assert_eq!(code(rig.ops.create_user(given.clone()).await), on_create);
        assert_eq!(code(rig.ops.update_user(&id, given).await), on_update);
    }
    assert_eq!(
        code(rig.ops.update_user(&"nobody".into(), monica()).await),
        "no user"
    );
    assert_eq!(found(&rig, "").await.len(), 3, "no user was created");
    let refused = audited(&rig)
        .await
        .into_iter()
        .filter(|(_, outcome)| outcome.starts_with("refused"))
        .count();
    assert_eq!(refused, 11);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn auth_link_is_valid_until_used_replaced_or_expired() {
    let rig = Rig::new().await;
    let ada = UserId::from("user-ada");
    let show = || rig.ops.auth_link(&ada, Level::Standard);
    assert_eq!(code(show().await), "no auth link of user");
    let first = rig
        .ops
        .create_auth_link(&ada, None, Level::Standard)
        .await
        .unwrap();
    assert_eq!(
        (first.mobile.as_deref(), first.expires.since(first.created)),
        (Some("••• ••• 222"), 30 * 86_400_000)
    );
    let second = rig
        .ops
        .create_auth_link(&ada, Some("+61400555666".into()), Level::Standard)
        .await
        .unwrap();
    assert_eq!(
        second.mobile.as_deref(),
        Some("••• ••• 666"),
        "the one that is given wins"
    );
    assert_eq!(show().await.unwrap(), second, "a new one kills the old one");
    rig.clock.set(second.expires.plus_ms(-1));
    assert_eq!(show().await.unwrap(), second);
    rig.clock.set(second.expires);
    assert!(code(show().await).starts_with("resource-no-longer-available: "));
    rig.ops.delete_auth_link(&ada).await.unwrap();
    assert_eq!(
        code(rig.ops.delete_auth_link(&ada).await),
        "no auth link of user"
    );

    let mute = rig
        .ops
        .create_user(Given {
            email: Some("m@example.test".into()),
            ..Given::default()
        })
        .await
        .unwrap();
    assert_eq!(
        code(rig.ops.create_auth_link(&mute, None, Level::Standard).await),
        "parameter-not-supplied: Mobile parameter is required."
    );
    assert_eq!(
        code(
            rig.ops
                .create_auth_link(&mute, Some("none".into()), Level::Standard)
                .await
        ),
        "parameter-not-valid: Provided mobile is in bad format."
    );
    assert_eq!(
        code(
            rig.ops
                .create_auth_link(&"nobody".into(), None, Level::Standard)
                .await
        ),
        "no user"
    );

    // a successful authorisation uses the link up, a failed one does not
    let waiting = NewLink {
        method: Method::OpenBanking,
        ..link("AU00000", "Wentworth-Smith", "whislter")
    };
    let id = rig.ops.connect(waiting).await.unwrap().connection;
    rig.work().await;
    rig.ops
        .create_auth_link(&ada, None, Level::Standard)
        .await
        .unwrap();
    rig.ops.authorise(&id, BankAnswer::Abandon).await.unwrap();
    assert!(show().await.is_ok());
    rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    assert_eq!(code(show().await), "no auth link of user");
    rig.healthy().await;
}
