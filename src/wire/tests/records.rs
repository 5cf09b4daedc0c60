//! Whole documents and the records they become.

use super::*;

#[test]
fn a_connection_brings_profile_and_account_summaries() {
    let docs = documents(&connection());
    let c = &docs.batch.connections[0];
    assert_eq!(
        (c.id.as_str(), c.user.as_str(), c.institution.as_str()),
        ("c-1", "u-1", "AU00000")
    );
    assert_eq!(
        (c.method, c.status, c.ever_active, c.expiry),
        (Method::Web, Status::Active, true, None)
    );
    assert_eq!(
        (c.created.rfc3339(), c.last_used.rfc3339()),
        ("2026-03-02T01:14:07Z".into(), "2026-03-09T22:40:31Z".into())
    );
    let profile = c.profile.as_ref().unwrap();
    assert_eq!(
        (
            profile.full_name.expose(),
            profile.phones.len(),
            profile.addresses[0].line2.is_none()
        ),
        ("Ada Byron", 1, true)
    );
    assert!(docs.batch.accounts.is_empty());
    assert_eq!(docs.summaries[0].account.balance, Some(83_515));

    assert!(docs.loose.is_empty() && docs.notes.is_empty() && docs.placeholders.is_empty());
}

#[test]
fn what_is_not_read_of_accounts_and_transactions_is_kept() {
    let docs = documents(&json!({"type": "list", "data": [account(), transaction()]}));
    let a = &docs.batch.accounts[0];
    assert_eq!(
        (a.user.as_str(), a.connection.as_ref().unwrap().as_str()),
        ("u-1", "c-1")
    );
    assert_eq!(
        (
            a.account.balance,
            a.account.available,
            a.account.credit_limit
        ),
        (Some(83_515), None, None)
    );
    let rest: Value = serde_json::from_str(a.account.details.rest.expose()).unwrap();
    assert_eq!(
        rest,
        json!({"isOwned": true, "transactionIntervals": [{"from": "2024-03-10", "to": "2026-03-09"}]})
    );
    let t = &docs.batch.transactions[0].transaction;
    assert_eq!(
        (t.amount, t.posted, t.class.as_str(), t.at.rfc3339()),
        (-480, true, "payment", "2026-03-08T00:00:00Z".into())
    );
    let rest: Value = serde_json::from_str(t.details.rest.expose()).unwrap();
    assert_eq!(
        rest,
        json!({"balance": "835.15", "direction": "debit", "enrich": {"cleanDescription": "Cafe"}})
    );
}

#[test]
fn a_job_is_tied_to_its_connection_and_labelled_by_its_steps() {
    let docs = documents(&json!([connection(), job()]));
    let j = &docs.batch.jobs[0];
    assert_eq!(
        (j.connection.as_str(), j.kind, j.state),
        ("c-1", Kind::Refresh, State::Failed)
    );
    assert_eq!(
        (Label::of(&j.steps), j.ended),
        (Label::Failed, Some(j.updated))
    );
    let failure = j.steps[1].failure.as_ref().unwrap();
    assert_eq!(
        (
            failure.code.as_str(),
            failure.title.as_str(),
            failure.detail.as_str()
        ),
        ("service-unavailable", "Away", "Later.")
    );

    let first = with(job(), "created", json!("2026-03-02T01:14:09Z"));
    assert_eq!(
        documents(&json!([connection(), first])).batch.jobs[0].kind,
        Kind::Connect
    );

    let open = with(
        job(),
        "steps",
        json!([{"title": "verify-credentials", "status": "in-progress", "result": null}]),
    );
    let open = &documents(&open).batch.jobs[0];
    assert_eq!(
        (open.state, open.ended, open.next_attempt),
        (State::Paused, None, None)
    );

    // The source may be a hole; the sign-in says which connection it made.
    let holed = documents(&with(job(), "links/source", json!("{source}")));
    assert_eq!(holed.batch.jobs[0].connection.as_str(), "c-1");
    assert_eq!(
        holed.placeholders,
        [Placeholder {
            at: "$.links.source".into(),
            text: "{source}".into()
        }]
    );
}

#[test]
fn a_user_mentions_what_is_theirs() {
    let docs = documents(&user());
    let u = &docs.batch.users[0];
    assert_eq!(
        (
            u.name.as_str(),
            u.mobile.is_none(),
            u.email.as_ref().unwrap().expose()
        ),
        ("Ada Byron", true, "ada@example.test")
    );
    let mentioned: Vec<_> = docs
        .mentions
        .iter()
        .map(|m| (m.entity, m.id.as_str(), m.at.as_str()))
        .collect();
    assert_eq!(
        mentioned,
        [
            (Entity::Connection, "c-1", "$.connections.data[0]"),
            (Entity::Account, "a-1", "$.accounts.data[0]"),
            (Entity::Account, "a-2", "$.accounts.data[1]")
        ]
    );
}

#[test]
fn the_ways_to_a_bank_are_gathered() {
    let docs = documents(&json!([
        connector("web"),
        connector("openbanking"),
        connector("web"),
        connector("pdf")
    ]));
    assert_eq!(docs.batch.institutions.len(), 1);
    let bank = &docs.batch.institutions[0];
    assert_eq!(
        (bank.name.as_str(), bank.kind.as_str(), bank.tier.as_str()),
        ("Pied Piper Bank", "Test Bank", "4")
    );
    let ways: Vec<_> = bank
        .connectors
        .iter()
        .map(|c| (c.method, c.authorization.as_str()))
        .collect();
    assert_eq!(
        ways,
        [(Method::Web, "user-mfa"), (Method::OpenBanking, "user-mfa")]
    );
    assert_eq!(docs.notes.len(), 1);

    let flat = json!({"type": "institution", "id": "AU1", "name": "Old Bank", "institutionType": "Bank", "country": "Australia"});
    let docs = documents(&flat);
    assert_eq!(
        (
            docs.batch.institutions[0].kind.as_str(),
            docs.batch.institutions[0].short_name.as_str()
        ),
        ("Bank", "Old Bank")
    );
}

#[test]
fn an_event_is_read_without_its_snapshot() {
    let docs = documents(
        &json!({"type": "event", "id": "e-1", "createdDate": "2026-03-10T03:00:11Z", "entity": "transactions",
        "eventType": "updated", "userId": "u-1", "data": {"type": "transactions", "count": "13", "connection": {"type": "connection", "id": "c-1"}}}),
    );
    let e = &docs.batch.events[0];
    assert_eq!(
        (e.count, e.connection.as_ref().map(|c| c.as_str())),
        (Some(13), Some("c-1"))
    );
}

#[test]
fn the_method_is_told_by_the_expiry_where_it_is_not_said() {
    let expires = json!("2027-03-02T01:13:40Z");
    for (document, method) in [
        (connection(), Some(Method::Web)),
        (
            with(connection(), "expiryDate", expires.clone()),
            Some(Method::OpenBanking),
        ),
        (
            with(connection(), "method", json!("open-banking")),
            Some(Method::OpenBanking),
        ),
        (
            with(
                with(connection(), "expiryDate", expires),
                "method",
                json!("web"),
            ),
            Some(Method::Web),
        ),
        (with(connection(), "method", json!("pdf")), None),
    ] {
        assert_eq!(
            documents(&document)
                .batch
                .connections
                .first()
                .map(|c| c.method),
            method
        );
    }
}

#[test]
fn a_list_lends_its_user_to_what_is_in_it() {
    let list = json!({"type": "list", "links": {"self": format!("{USER}/accounts")}, "data": [with(account(), "links", json!({}))]});
    assert_eq!(documents(&list).batch.accounts[0].user.as_str(), "u-1");
}

#[test]
fn steps_keep_titles_that_are_not_ours() {
    let docs = documents(&with(
        job(),
        "steps",
        json!([{"title": "retrieve-moons", "status": "success"}]),
    ));
    let step = &docs.batch.jobs[0].steps[0];
    assert_eq!(
        (step.title.word(), step.status),
        ("retrieve-moons", StepStatus::Success)
    );
}
