//! Events, identities and short jobs.

use super::*;

fn event(event_type: &str, at: &str, data: Value) -> Value {
    json!({"type": "event", "id": format!("e-{event_type}-{at}"), "createdDate": at, "entity": "connection",
        "eventType": event_type, "userId": "u-1", "data": data})
}

#[tokio::test]
async fn events_are_counted_and_a_newer_one_decides_the_status() {
    let (_dir, ops) = based().await;
    // older than the connection's document
    let report = import(
        &ops,
        &event("invalidated", "2026-11-20T00:00:00Z", json!({"id": "c-1"})),
    )
    .await;
    assert_eq!(
        (report.imported.events, report.imported.connections),
        (1, 0)
    );
    assert_eq!(stored_connection(&ops, "c-1").await.status, Status::Active);
    let snapshot = json!({"type": "connection", "id": "c-1", "status": "invalid"});
    let newer = event("invalidated", "2026-11-29T00:00:00Z", snapshot);
    let report = import(&ops, &newer).await;
    assert_eq!((report.imported.events, report.changed.connections), (1, 1));
    let row = stored_connection(&ops, "c-1").await;
    assert_eq!(
        (row.status, row.since.rfc3339().as_str()),
        (Status::Invalid, "2026-11-29T00:00:00Z")
    );
    // the older document does not make it active again, a newer one does
    assert_eq!(import(&ops, &base()).await.imported, Ingested::default());
    assert_eq!(import(&ops, &newer).await.imported, Ingested::default());
    assert_eq!(stored_connection(&ops, "c-1").await.status, Status::Invalid);
    import(
        &ops,
        &c(json!({"id": "c-1", "lastUsed": "2026-11-30T00:00:00Z"})),
    )
    .await;
    assert_eq!(stored_connection(&ops, "c-1").await.status, Status::Active);
    sound(&ops).await;
}

#[tokio::test]
async fn an_event_that_came_before_its_connection_decides_all_the_same() {
    let (_dir, ops) = ops();
    let told = event("deleted", "2026-11-29T00:00:00Z", json!({"id": "c-1"}));
    import(&ops, &told).await;
    import(&ops, &base()).await;
    assert_eq!(stored_connection(&ops, "c-1").await.status, Status::Deleted);
    assert_eq!(import(&ops, &base()).await.imported, Ingested::default());
    sound(&ops).await;
}

#[tokio::test]
async fn an_identity_is_the_profile_where_there_is_none() {
    let (_dir, ops) = based().await;
    let identity = |fields: Value| {
        but(
            json!({"type": "identity", "id": "61723", "created": "2026-11-02T00:00:00Z",
        "updated": "2026-11-02T00:00:00Z", "fullName": "Ada Byron", "phoneNumbers": ["0400 111 222"],
        "links": {"self": "/users/u-1/identities/61723"}}),
            fields,
        )
    };
    let by_bank = identity(json!({"institutionID": "AU00000"}));
    let report = import(&ops, &by_bank).await;
    assert_eq!(
        (report.imported.identities, report.changed.identities),
        (1, 0)
    );
    let name = |profile: Option<Profile>| profile.unwrap().full_name.expose().to_owned();
    assert_eq!(name(profile(&ops, "c-1").await), "Ada Byron");
    // one that is older than the connection does not replace its profile, a newer one does
    let other = json!({"connectionID": "c-1", "fullName": "Grace"});
    assert_eq!(import(&ops, &identity(other.clone())).await.unchanged, 1);
    let newer = but(identity(other), json!({"updated": "2026-11-29T00:00:00Z"}));
    assert_eq!(import(&ops, &newer).await.changed.identities, 1);
    assert_eq!(name(profile(&ops, "c-1").await), "Grace");
    // one that does not tell which of several waits, and so does one that came first; neither is lost
    let early_of_bank = identity(json!({"id": "3", "institutionID": "AU00009"}));
    let report = import(&ops, &early_of_bank).await;
    assert_eq!((report.kept, report.lost), (1, 0));
    assert_eq!(
        report.dangling[0].missing,
        "one connection of user u-1 at AU00009"
    );
    // one that came first waits for its connection
    let early = identity(json!({"id": "2", "connectionID": "c-2"}));
    assert_eq!(import(&ops, &early).await.kept, 1);
    assert_eq!(import(&ops, &c(json!({}))).await.imported.identities, 1);
    assert_eq!(name(profile(&ops, "c-2").await), "Ada Byron");
}

#[tokio::test]
async fn a_short_job_is_named_and_so_is_an_empty_list() {
    let (_dir, ops) = based().await;
    let short = json!({"type": "job", "id": "j-9", "links": {"self": "/jobs/j-9"}});
    let report = import(&ops, &short).await;
    assert_eq!(
        report.dangling[0].missing,
        "job j-9, of which there is only the id"
    );
    let report = import(&ops, &json!({"type": "list", "data": []})).await;
    assert!(
        noted(&report, "$.data", "empty list") && report.lost == 0,
        "{:?}",
        report.notes
    );
}

#[tokio::test]
async fn an_error_of_the_api_is_no_import() {
    let (_dir, ops) = ops();
    let error = json!({"type": "list", "correlationId": "x", "data": [
        {"type": "error", "code": "access-denied", "title": "Token has expired", "detail": "Ada"}]});
    let failed = ops
        .import(Cursor::new(error.to_string()), "answer.json", |_| ())
        .await;
    let Err(Error::Input(text)) = failed else {
        panic!("{failed:?}")
    };
    assert!(
        text.contains("error of the API (`access-denied`)") && !text.contains("Ada"),
        "{text}"
    );
    // beside documents it is one that was left out
    let report = import(&ops, &json!([base(), error])).await;
    assert_eq!((report.imported.accounts, report.lost), (1, 1));
}

#[tokio::test]
async fn the_question_of_an_open_job_is_kept() {
    let (_dir, ops) = based().await;
    let asked = json!({"type": "mfa", "method": "security-questions", "description": "Answer the questions",
        "input": ["What's your first company?"], "expiryMs": 120_000});
    let job = |asked: Value| {
        json!({"type": "job", "id": "j", "created": "2026-11-28T00:00:00Z", "updated": "2026-11-28T00:00:10Z",
            "steps": [{"title": "verify-credentials", "status": "success", "result": null},
                {"title": "mfa-challenge", "status": "in-progress", "result": asked}],
            "links": {"source": "/users/u-1/connections/c-1"}})
    };
    import(&ops, &job(asked.clone())).await;
    for shape in [asked.clone(), json!([asked])] {
        import(&ops, &job(shape)).await;
        let job = ops
            .store
            .read(|rd: &ReadTxn<'_>| rd.job(&"j".into()))
            .await
            .unwrap()
            .unwrap();
        let kept = job.challenge.unwrap();
        assert_eq!(
            (kept.input, kept.expires.rfc3339()),
            (
                vec!["What's your first company?".to_owned()],
                "2026-11-28T00:02:10Z".to_owned()
            )
        );
        assert_eq!(job.state, State::WaitingMfa);
    }
}
