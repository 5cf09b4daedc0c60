//! Streams of several documents.

use super::stream::{CHUNK, WireError, read, read_stream};
use super::tests::{account, connection, transaction, user, with};
use super::*;
use serde_json::json;
use std::ops::ControlFlow;

fn gathered(input: &[u8]) -> (Vec<Documents>, Result<u64, WireError>) {
    let mut chunks = Vec::new();
    let end = read_stream(input, |docs| {
        chunks.push(docs);
        ControlFlow::Continue(())
    });
    (chunks, end)
}

#[test]
fn a_stream_is_read_whatever_lies_between_its_documents() {
    for between in ["\n", "", "\r\n\r\n", " \t"] {
        let text = format!(
            "\u{feff}{}{between}{}{between}{:#}\n",
            user(),
            with(connection(), "links/user", json!("{u}")),
            account()
        );
        let (chunks, end) = gathered(text.as_bytes());
        assert_eq!(end.unwrap(), 3);
        assert_eq!(chunks, [read(&text).unwrap()]);
        assert_eq!(chunks[0].placeholders[0].at, "2:$.links.user");
    }
    assert_eq!(gathered(b"").1.unwrap(), 0);
}

#[test]
fn a_long_stream_comes_in_parts_and_a_long_list_too() {
    let many = |n: usize| (0..n).map(|i| with(transaction(), "id", json!(format!("t-{i}"))));
    let lines: String = many(CHUNK * 5 / 2).map(|t| format!("{t}\n")).collect();
    let list = json!({"type": "list", "data": many(CHUNK * 5 / 2).collect::<Vec<_>>()}).to_string();
    for text in [lines, list] {
        let (chunks, end) = gathered(text.as_bytes());
        assert!(end.is_ok());
        let sizes: Vec<_> = chunks.iter().map(|c| c.batch.transactions.len()).collect();
        assert_eq!(sizes, [CHUNK, CHUNK, CHUNK / 2]);
    }
}

#[test]
fn what_comes_before_a_break_is_handed_on() {
    let text = format!("{}\n{{\"type\": nonsense}}\n{}", user(), account());
    let (chunks, end) = gathered(text.as_bytes());
    assert_eq!(chunks[0].batch.users.len(), 1);
    let Err(WireError::Json { document, why }) = end else {
        panic!("{end:?}")
    };
    assert!(document == 2 && why.contains("line 2"), "{why}");
    assert!(matches!(
        gathered(b"{\"type\": \"\xff\"}").1,
        Err(WireError::Json { document: 1, .. })
    ));
    assert!(matches!(
        gathered(b"{\"type\":").1,
        Err(WireError::Json { document: 1, .. })
    ));
    let refused = read_stream(&b"{\"type\": 1}"[..], |_| ControlFlow::Break(()));
    assert_eq!(
        refused.unwrap(),
        1,
        "whoever takes the chunks may break off"
    );
}

#[test]
fn a_deep_nest_costs_only_itself() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let inner = if open == "[" { "" } else { "1" };
        let nest = format!("{}{inner}{}", open.repeat(100_000), close.repeat(100_000));
        let text = format!(
            "{}\n{}",
            account().to_string().replacen("true", &nest, 1),
            user()
        );
        let docs = read(&text).unwrap();
        assert_eq!(
            (
                docs.batch.accounts.len(),
                docs.batch.users.len(),
                docs.notes.len()
            ),
            (1, 1, 1)
        );
    }
}

/// A list as the platform writes it: whose it is stands behind its elements.
fn listed(data: &[serde_json::Value], user: &str) -> String {
    let data = serde_json::to_string(data).unwrap();
    format!(
        r#"{{"type":"list","data":{data},"links":{{"self":"https://x.test/users/{user}/accounts"}}}}"#
    )
}

fn owners(docs: &Documents) -> Vec<&str> {
    docs.batch
        .accounts
        .iter()
        .map(|a| a.user.as_str())
        .collect()
}

#[test]
fn elements_that_do_not_say_whose_they_are_wait_for_the_links_of_their_list() {
    let own = |id: &str| with(account(), "id", json!(id));
    let foreign = |id: &str| {
        let mut account = own(id);
        account["links"] = json!({"self": "https://x.test/users/u-9/accounts/a"});
        account
    };
    let silent = |id: &str| {
        let mut account = own(id);
        account.as_object_mut().unwrap().remove("links");
        account
    };
    let order = [silent("a-2"), foreign("a-1"), silent("a-3")];
    let docs = read(&listed(&order, "u-1")).unwrap();
    assert_eq!(owners(&docs), ["u-1", "u-9", "u-1"]);
    let ids: Vec<_> = docs.batch.accounts.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["a-2", "a-1", "a-3"], "in their order");
    // a list in a list: the inner one says it, else the outer one
    let inner: serde_json::Value = serde_json::from_str(&listed(&[silent("a-4")], "u-2")).unwrap();
    let unsaid = json!({"type": "list", "data": [silent("a-5")]});
    let docs = read(&listed(&[inner, unsaid, silent("a-6")], "u-1")).unwrap();
    assert_eq!(owners(&docs), ["u-2", "u-1", "u-1"]);
    // the type or the links may stand anywhere
    for text in [
        r#"{"data":[D],"links":{"self":"/users/u-7/accounts"},"type":"list"}"#,
        r#"{"links":{"self":"/users/u-7/accounts"},"data":[D]}"#,
        r#"{"type":"list","links":{"self":"/users/u-7/accounts"},"data":[D]}"#,
        r#"[{"type":"list","links":{"self":"/users/u-7/accounts"},"data":D}]"#,
    ] {
        let docs = read(&text.replace('D', &silent("a-8").to_string())).unwrap();
        assert_eq!(owners(&docs), ["u-7"], "{text}");
        assert_eq!(docs.notes, [], "{text}");
    }
}

#[test]
fn of_a_list_that_breaks_off_only_full_chunks_stay() {
    let many = |n: usize| (0..n).map(|i| with(transaction(), "id", json!(format!("t-{i}"))));
    let whole = listed(&many(CHUNK + 2).collect::<Vec<_>>(), "u-1");
    let cut = whole.split_once("],\"links\"").unwrap().0;
    let (chunks, end) = gathered(format!("{}\n{cut}", user()).as_bytes());
    assert!(
        matches!(end, Err(WireError::Json { document: 2, .. })),
        "{end:?}"
    );
    let sizes: Vec<_> = chunks.iter().map(Documents::len).collect();
    assert_eq!(
        sizes,
        [CHUNK],
        "the user and all but one of the first full chunk"
    );
    let (chunks, end) = gathered(format!("{}\n[{},", user(), account()).as_bytes());
    assert!(end.is_err());
    assert_eq!((chunks.len(), chunks[0].batch.accounts.len()), (1, 0));
}
