//! Reads what a platform answers when it is called: a token, its errors, the short form of a job, sizes of lists, and the
//! user ids of a file. The documents themselves are read as an import reads them.

use super::Documents;
use super::links;
use super::stream::{WireError, read_stream};
use super::write::link::query_value;
use crate::domain::auth_link::AuthLink;
use crate::domain::ids::UserId;
use crate::domain::moment::Moment;
use crate::domain::platform_address::is_private;
use crate::domain::secret::Secret;
use crate::domain::text::Shown;
use serde_json::{Map, Value};
use std::ops::ControlFlow;
use std::time::Duration;

/// The longest text of an answer that is repeated in an error.
const TEXT: usize = 120;

/// How long a link is taken to be good whose end the platform does not tell.
const UNTOLD: Duration = Duration::from_hours(1);

/// What an error answer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// It has the form of the API's errors, so that no gateway before the platform has made it.
    pub(crate) of_the_api: bool,
    pub(crate) code: String,
    pub(crate) detail: String,
    pub(crate) correlation: String,
}

fn object(body: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Some(fields),
        _ => None,
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> String {
    let found = fields.get(name).and_then(Value::as_str).unwrap_or_default();
    Shown::of_limited(found, TEXT).into_plain()
}

/// A token and for how many seconds it is valid.
pub(crate) fn token(body: &[u8]) -> Option<(Secret, i64)> {
    let fields = object(body)?;
    let token = fields.get("access_token")?.as_str()?;
    let fits = |c: char| c.is_ascii_graphic();
    if token.is_empty() || token.len() > 16_384 || !token.chars().all(fits) {
        return None;
    }
    let lasts = fields.get("expires_in").and_then(Value::as_i64);
    Some((Secret::new(token), lasts.unwrap_or(3_600).clamp(1, 86_400)))
}

/// The first error of an envelope; empty when there is none.
pub(crate) fn said(body: &[u8]) -> Said {
    let Some(fields) = object(body) else {
        return Said::default();
    };
    let first = match fields.get("data") {
        Some(Value::Array(errors)) => errors.first().and_then(Value::as_object),
        Some(Value::Object(error)) => Some(error),
        _ => None,
    };
    let of = first.unwrap_or(&fields);
    Said {
        of_the_api: first.is_some_and(|error| !text(error, "code").is_empty()),
        code: text(of, "code"),
        detail: text(of, "detail"),
        correlation: text(&fields, "correlationId"),
    }
}

/// The id of a job in its short or long form.
pub(crate) fn job_id(body: &[u8]) -> Option<String> {
    let fields = object(body)?;
    let is_job = fields.get("type").and_then(Value::as_str) == Some("job");
    let id = fields.get("id").and_then(Value::as_str)?;
    (is_job && links::fair_id(id)).then(|| id.to_owned())
}

/// The link that a platform made for a user: its address has to begin with https, or with http and lead to
/// this machine.
pub(crate) fn auth_link(body: &[u8], user: &UserId, now: Moment) -> Option<AuthLink> {
    let fields = object(body)?;
    let id = fields.get("id").and_then(Value::as_str).unwrap_or_default();
    let address = fields.get("links")?.get("public")?.as_str()?;
    let fits = |c: char| c.is_ascii_graphic();
    if !is_private(address) || address.len() > 4_096 || !address.chars().all(fits) {
        return None;
    }
    let expires = fields.get("expiresAt").and_then(Value::as_str);
    Some(AuthLink {
        id: if links::fair_id(id) {
            id
        } else {
            user.as_str()
        }
        .to_owned(),
        user: user.clone(),
        code: None,
        address: Some(Secret::new(address)),
        mobile: None,
        created: now,
        expires: expires.and_then(Moment::parse).unwrap_or(now.plus(UNTOLD)),
    })
}

/// How many rows a list has in all; of one without a size, how many it holds.
pub(crate) fn size(body: &[u8]) -> Option<u64> {
    let fields = object(body)?;
    let held = fields.get("data")?.as_array()?.len() as u64;
    let size = fields.get("size").and_then(Value::as_u64);
    Some(size.unwrap_or(held).max(held))
}

/// The ids of what a list holds; none when it is no list, or when something in it has none.
pub(crate) fn listed_ids(body: &[u8]) -> Option<Vec<String>> {
    let fields = object(body)?;
    let id = |item: &Value| {
        let id = item.get("id")?.as_str()?;
        links::fair_id(id).then(|| id.to_owned())
    };
    fields.get("data")?.as_array()?.iter().map(id).collect()
}

/// The path and query of the next page, when a list has one.
pub(crate) fn next_page(body: &[u8]) -> Option<String> {
    let fields = object(body)?;
    let next = fields.get("links")?.get("next")?.as_str()?;
    let query = next.split_once('?')?.1;
    let fits = |c: char| c.is_ascii_graphic();
    (!query.is_empty() && query.len() < 4_096 && query.chars().all(fits)).then(|| query.to_owned())
}

/// The user ids of a file: ids one a line, CSV with a header that has a column `id`, `userId` or `user_id`, or documents
/// of type user. What is no id is answered with its line.
pub(crate) fn user_ids(bytes: &[u8]) -> Result<Vec<String>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not text in UTF-8".to_owned())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) {
        return documented_ids(text);
    }
    let mut lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    let column = match lines.clone().next() {
        Some((_, first)) => header_column(first),
        None => return Err("it names no user".into()),
    };
    if column.is_some() {
        lines.next();
    }
    let mut ids = Vec::new();
    for (number, line) in lines {
        let cell = match column {
            Some(at) => line.split(',').nth(at).unwrap_or_default(),
            None => line,
        };
        let id = cell.trim().trim_matches('"').trim();
        if !links::fair_id(id) || id.contains(['/', '?', '#', ',']) {
            return Err(format!("line {number} holds no user id"));
        }
        ids.push(id.to_owned());
    }
    match ids.is_empty() {
        true => Err("it names no user".into()),
        false => Ok(ids),
    }
}

/// Which column of a header holds the ids; none when the line is no header.
fn header_column(line: &str) -> Option<usize> {
    let names = line
        .split(',')
        .map(|name| name.trim().trim_matches('"').to_ascii_lowercase());
    let names: Vec<String> = names.collect();
    ["id", "userid", "user_id"]
        .iter()
        .find_map(|wanted| names.iter().position(|name| name == wanted))
}

fn documented_ids(text: &str) -> Result<Vec<String>, String> {
    let mut ids = Vec::new();
    let documents = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    for (number, document) in (1..).zip(documents) {
        let document = document.map_err(|_| format!("document {number} is not JSON"))?;
        collect(&document, &mut ids);
    }
    match ids.is_empty() {
        true => Err("it holds no document of type user".into()),
        false => Ok(ids),
    }
}

fn collect(document: &Value, ids: &mut Vec<String>) {
    match document {
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        Value::Object(fields) => match fields.get("type").and_then(Value::as_str) {
            Some("user") => {
                let id = fields.get("id").and_then(Value::as_str);
                ids.extend(id.filter(|id| links::fair_id(id)).map(str::to_owned));
            }
            _ => {
                if let Some(data) = fields.get("data") {
                    collect(data, ids);
                }
            }
        },
        _ => {}
    }
}

/// A path of these parts, each of which stays one.
pub(crate) fn path(parts: &[&str]) -> String {
    let part = |text: &&str| format!("/{}", query_value(text).replace('/', "%2F"));
    parts.iter().map(part).collect()
}

/// A path with a filter by one property.
pub(crate) fn narrowed(parts: &[&str], property: &str, id: &str) -> String {
    format!(
        "{}?filter={property}.eq('{}')",
        path(parts),
        query_value(id)
    )
}

/// Everything in an answer, by the checks of an import.
pub(crate) fn documents(body: &[u8]) -> Result<Documents, WireError> {
    let mut all = Documents::default();
    read_stream(body, |docs| {
        all.append(docs);
        ControlFlow::Continue(())
    })?;
    Ok(all)
}

/// The body that answers a challenge.
pub(crate) fn mfa_answer(answers: &[Secret]) -> Secret {
    let texts: Vec<&str> = answers.iter().map(Secret::expose).collect();
    Secret::new(serde_json::json!({ "mfa-response": texts }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_tells_its_code_detail_and_correlation() {
        let body = br#"{"type":"list","correlationId":"4d0e","data":[{"type":"error","code":"resource-not-found",
            "title":"t","detail":"Requested user does not exist."}]}"#;
        assert_eq!(
            said(body),
            Said {
                of_the_api: true,
                code: "resource-not-found".into(),
                detail: "Requested user does not exist.".into(),
                correlation: "4d0e".into()
            }
        );
        assert_eq!(said(b"<html>"), Said::default());
        assert_eq!(said(b"[]"), Said::default());
        for gateway in [
            r#"{"message":"Not Found"}"#,
            r#"{"code":"404","detail":"no such route"}"#,
        ] {
            assert!(!said(gateway.as_bytes()).of_the_api, "{gateway}");
        }
    }

    #[test]
    fn a_token_that_could_break_a_header_is_none() {
        let (token_read, lasts) = token(br#"{"access_token":"a.b","expires_in":3600}"#).unwrap();
        assert_eq!((token_read.expose(), lasts), ("a.b", 3_600));
        for broken in [
            &br#"{"access_token":"a\r\nb"}"#[..],
            br#"{"access_token":""}"#,
            b"{}",
            b"x",
        ] {
            assert_eq!(token(broken), None);
        }
    }

    #[test]
    fn a_link_is_kept_only_with_https_or_with_http_to_this_machine() {
        let user = UserId::from("u-1");
        let kept = |address: &str| {
            let body = format!(r#"{{"id":"l-1","links":{{"public":"{address}"}}}}"#);
            auth_link(
                body.as_bytes(),
                &user,
                Moment::parse("2026-01-01T00:00:00Z").unwrap(),
            )
            .is_some()
        };
        for good in [
            "https://consent.example.com/l-1?a=b",
            "http://127.0.0.1:8787/l-1",
            "http://localhost/l-1",
            "http://[::1]:9/l-1",
        ] {
            assert!(kept(good), "{good}");
        }
        for bad in [
            "http://consent.example.com/l-1",
            "javascript://localhost/%0aalert(1)",
            "file://localhost/etc/passwd",
            "localhost/l-1",
            "http://localhost:x@consent.example.com/l-1",
            "https://consent.example.com@elsewhere.example/l-1",
            "https:///l-1",
        ] {
            assert!(!kept(bad), "{bad}");
        }
    }

    #[test]
    fn ids_come_from_lines_tables_and_documents() {
        for (file, ids) in [
            ("u-1\n\n u-2 \r\n", &["u-1", "u-2"][..]),
            ("name,userId\nMonica,u-1\nx,\"u-2\"\n", &["u-1", "u-2"]),
            ("id\nu-1\n", &["u-1"]),
            (
                r#"{"type":"user","id":"u-1"} {"type":"user","id":"u-2"}"#,
                &["u-1", "u-2"],
            ),
            (
                r#"{"type":"list","data":[{"type":"user","id":"u-1"},{"type":"job","id":"j"}]}"#,
                &["u-1"],
            ),
        ] {
            assert_eq!(user_ids(file.as_bytes()).unwrap(), ids, "{file}");
        }
        for (file, why) in [
            ("", "names no user"),
            ("a b\n", "line 1"),
            ("u-1\n../x\n", "line 2"),
            ("{\"type\":\"job\",\"id\":\"j\"}", "type user"),
            ("{", "not JSON"),
        ] {
            let told = user_ids(file.as_bytes()).unwrap_err();
            assert!(told.contains(why), "{file}: {told}");
        }
    }

    #[test]
    fn a_list_counts_what_it_holds_at_least() {
        assert_eq!(size(br#"{"size":9,"data":[1]}"#), Some(9));
        assert_eq!(size(br#"{"data":[1,2]}"#), Some(2));
        assert_eq!(size(br#"{"size":9}"#), None);
        assert_eq!(
            listed_ids(br#"{"data":[{"id":"a"},{"id":"b"}]}"#).unwrap(),
            ["a", "b"]
        );
        assert_eq!(listed_ids(br#"{"data":[{"id":"a"},{}]}"#), None);
        let next = next_page(br#"{"links":{"next":"https://x/y?next=abc&limit=5"}}"#);
        assert_eq!(next.as_deref(), Some("next=abc&limit=5"));
    }
}
