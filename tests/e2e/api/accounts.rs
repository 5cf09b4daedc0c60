//! Accounts and transactions: whole, filtered, in pages.

use super::{Api, refused};
use crate::harness::{Desk, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Which rows a filter is to let through.
type Wanted = Box<dyn Fn(&Value) -> bool>;

fn ids(list: &Value) -> Vec<String> {
    list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| text(&row["id"]))
        .collect()
}

#[test]
fn an_account_is_written_whole() {
    let api = Api::new();
    let user = api.user();
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let listed = api.get(&format!("/users/{user}/accounts")).with(200);
    let account = &listed["data"][0];
    for field in [
        "type",
        "id",
        "name",
        "accountNo",
        "accountHolder",
        "accountOwnership",
        "isOwned",
        "balance",
        "availableFunds",
        "creditLimit",
        "currency",
        "class",
        "connection",
        "institution",
        "lastUpdated",
        "status",
        "transactionIntervals",
        "links",
    ] {
        assert!(account.get(field).is_some(), "{field}: {account}");
    }
    assert_eq!(
        (&account["connection"], &account["institution"]),
        (&json!(connection), &json!("AU00000"))
    );
    assert_eq!(text(&account["transactionIntervals"][0]["from"]).len(), 10);
    let id = text(&account["id"]);
    assert_eq!(
        api.get(&format!("/users/{user}/accounts/{id}")).with(200),
        *account
    );
    let of = |filter: &str| {
        ids(&api
            .get(&format!("/users/{user}/accounts?filter={filter}"))
            .with(200))
    };
    let all = ids(&listed);
    assert_eq!(
        of(&format!("account.id.eq('{id}')")),
        std::slice::from_ref(&id)
    );
    assert_eq!(of(&format!("account.id.ne('{id}')")), all[1..]);
    assert_eq!(of(&format!("connection.id.eq('{connection}')")), all);
    assert!(of(&format!("connection.id.ne('{connection}')")).is_empty());
    assert!(of("institution.id.eq('AU00004')").is_empty());
    // another user's account is not found under this one
    let other = api.user();
    assert_eq!(
        api.get(&format!("/users/{other}/accounts/{id}")).status,
        404
    );
}

#[test]
fn transactions_come_in_pages_that_join_without_a_gap() {
    let api = Api::new();
    let user = api.user();
    api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let whole = api.get(&format!("/users/{user}/transactions")).with(200);
    assert_eq!(whole["count"], whole["size"]);
    assert!(whole["links"].get("next").is_none());
    let all = ids(&whole);
    assert!(all.len() > 60, "{}", all.len());
    let (mut joined, mut next) = (Vec::new(), format!("/users/{user}/transactions?limit=50"));
    let mut pages = 0;
    loop {
        let page = api.get(&next).with(200);
        assert_eq!(page["size"], all.len());
        assert_eq!(page["count"], page["data"].as_array().unwrap().len());
        joined.extend(ids(&page));
        pages += 1;
        match page["links"]["next"].as_str() {
            None => break,
            // clients write a limit after it
            Some(link) if pages == 1 => next = format!("{link}&limit=50"),
            Some(link) => next = link.to_owned(),
        }
    }
    assert_eq!(joined, all);
    assert_eq!(pages, all.len().div_ceil(50));
    assert_eq!(joined.iter().collect::<BTreeSet<_>>().len(), all.len());
    let one = &whole["data"][0];
    assert_eq!(
        api.get(&format!("/users/{user}/transactions/{}", text(&one["id"])))
            .with(200),
        *one
    );
}

#[test]
fn transactions_are_filtered_and_the_filter_goes_with_the_cursor() {
    let api = Api::new();
    let user = api.user();
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let path = format!("/users/{user}/transactions");
    let all = api.get(&path).with(200);
    let rows = all["data"].as_array().unwrap();
    let filtered = |filter: &str| api.get(&format!("{path}?filter={filter}")).with(200);
    let wanted = |of: &dyn Fn(&Value) -> bool| -> Vec<String> {
        rows.iter()
            .filter(|row| of(row))
            .map(|row| text(&row["id"]))
            .collect()
    };
    let account = text(&rows[0]["account"]);
    let days: BTreeSet<String> = rows
        .iter()
        .filter(|r| r["status"] == "posted")
        .map(|r| text(&r["postDate"]))
        .collect();
    let day = days.iter().nth(days.len() / 2).unwrap()[..10].to_owned();
    let posted = |row: &Value| row["status"] == "posted";
    let on = |row: &Value| {
        row["postDate"]
            .as_str()
            .unwrap_or_default()
            .get(..10)
            .unwrap_or_default()
            .to_owned()
    };
    let cases: Vec<(String, Wanted)> = vec![
        (
            "transaction.direction.eq('debit')".into(),
            Box::new(|r| r["direction"] == "debit"),
        ),
        (
            "transaction.direction.eq('credit')".into(),
            Box::new(|r| r["direction"] == "credit"),
        ),
        (
            "transaction.status.eq('pending')".into(),
            Box::new(|r| r["status"] == "pending"),
        ),
        ("transaction.status.eq('posted')".into(), Box::new(posted)),
        (
            "transaction.class.eq('payment')".into(),
            Box::new(|r| r["class"] == "payment"),
        ),
        (
            format!("account.id.eq('{account}')"),
            Box::new({
                let a = account.clone();
                move |r| r["account"] == a.as_str()
            }),
        ),
        (
            format!("account.id.ne('{account}')"),
            Box::new(move |r| r["account"] != account.as_str()),
        ),
        (
            format!("connection.id.eq('{connection}')"),
            Box::new(|_| true),
        ),
        ("institution.id.eq('AU00004')".into(), Box::new(|_| false)),
        (
            format!("transaction.postDate.eq('{day}')"),
            Box::new({
                let d = day.clone();
                move |r| posted(r) && on(r) == d
            }),
        ),
        (
            format!("transaction.postDate.lt('{day}')"),
            Box::new({
                let d = day.clone();
                move |r| posted(r) && on(r) < d
            }),
        ),
        // what reaches into the last days takes those along that are not posted yet
        (
            format!("transaction.postDate.gteq('{day}')"),
            Box::new({
                let d = day.clone();
                move |r| !posted(r) || on(r) >= d
            }),
        ),
        (
            format!("transaction.direction.eq('debit'),transaction.postDate.lteq('{day}')"),
            Box::new(move |r| r["direction"] == "debit" && posted(r) && on(r) <= day),
        ),
    ];
    for (filter, of) in cases {
        let found = filtered(&filter);
        assert_eq!(ids(&found), wanted(&of), "{filter}");
        assert_eq!(found["size"], ids(&found).len(), "{filter}");
    }
    let first = filtered("transaction.direction.eq('debit')&limit=3");
    let next = text(&first["links"]["next"]);
    let second = api.get(&next).with(200);
    assert_eq!(
        (&second["count"], &second["size"]),
        (&json!(3), &first["size"])
    );
    assert!(
        second["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["direction"] == "debit")
    );
}

#[test]
fn each_mistake_of_a_page_has_its_text() {
    let api = Api::new();
    let (user, other) = (api.user(), api.user());
    api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let path = format!("/users/{user}/transactions");
    let first = api.get(&format!("{path}?limit=1")).with(200);
    let cursor = text(&first["links"]["next"])
        .split_once("next=")
        .unwrap()
        .1
        .to_owned();
    let mut changed = cursor.clone();
    let last = if changed.ends_with('0') { "1" } else { "0" };
    changed.replace_range(changed.len() - 1.., last);
    for (query, detail) in [
        ("limit=0".into(), "Limit value is not valid"),
        ("limit=-1".into(), "Limit value is not valid"),
        ("limit=many".into(), "Limit value is not valid"),
        ("limit=501".into(), "Maximum limit allowed is 500"),
        ("next=".into(), "Next value is not valid"),
        ("next=x".into(), "Next value is not valid"),
        (
            "next=\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}".into(),
            "Next value is not valid",
        ),
        (format!("next={changed}"), "Next value is not valid"),
        (
            "filter=transaction.postDate.eq('yesterday')".into(),
            "PostDate is not valid",
        ),
    ] {
        let query: String = query;
        let query = query.replace('\u{e9}', "%C3%A9");
        let found = api.get(&format!("{path}?{query}")).error();
        assert_eq!(
            found,
            refused(400, "parameter-not-valid", detail),
            "{query}"
        );
    }
    // a cursor is good for the list it came from
    assert_eq!(
        api.get(&format!("/users/{other}/transactions?next={cursor}"))
            .status,
        400
    );
}

#[test]
fn imported_data_is_read_and_nothing_is_done_to_its_connection() {
    let desk = Desk::empty(0.0);
    let file = desk.path("in.json");
    let documents = json!([
        {"type": "user", "id": "u-1", "email": "a@b.test"},
        {"type": "connection", "id": "c-1", "status": "active", "method": "web", "createdDate": "2026-01-01T00:00:00Z",
            "lastUsed": "2026-01-02T00:00:00Z", "institution": {"type": "institution", "id": "AU00000"},
            "links": {"self": "https://h/users/u-1/connections/c-1"}},
        {"type": "account", "id": "a-1", "name": "Saver", "accountNo": "123", "balance": "1.50", "currency": "AUD",
            "class": {"type": "savings", "product": "S"}, "connection": "c-1", "institution": "AU00000", "bsb": "062-000",
            "lastUpdated": "2026-01-02T00:00:00Z", "status": "available", "links": {"self": "https://h/users/u-1/accounts/a-1"}},
    ]);
    std::fs::write(&file, documents.to_string()).unwrap();
    let done = desk.run(&["import", file.to_str().unwrap()]);
    assert_eq!(done.exit, 0, "{done:?}");
    let api = Api::on(desk, &[]);
    let account = api.get("/users/u-1/accounts/a-1").with(200);
    assert_eq!(
        (&account["balance"], &account["bsb"]),
        (&json!("1.50"), &json!("062-000")),
        "fields are kept as they came"
    );
    for (method, path) in [
        ("POST", "/users/u-1/connections/c-1/refresh"),
        ("POST", "/users/u-1/connections/c-1/purge"),
        ("DELETE", "/users/u-1/connections/c-1"),
    ] {
        let found = api.call(method, path).error();
        assert_eq!(
            found,
            refused(
                403,
                "forbidden-access",
                "Nobody here executes for this connection."
            ),
            "{method} {path}"
        );
    }
    assert_eq!(api.status("u-1", "c-1"), "active");
}
