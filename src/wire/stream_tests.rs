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
