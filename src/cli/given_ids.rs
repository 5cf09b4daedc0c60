//! Ids as arguments or, where `-` stands for them, from stdin: one a line, or the documents of `--jsonl`.

use super::exit::Failure;
use serde_json::Value;
use std::io::{BufRead, IsTerminal as _, Read as _};

/// More is no list of ids.
const MOST: u64 = 64 << 20;

/// The ids that were given; a `-` among them is replaced by those on stdin.
pub(crate) fn all(given: &[String]) -> Result<Vec<String>, Failure> {
    let Some(at) = given.iter().position(|id| id == "-") else {
        return Ok(given.to_vec());
    };
    if std::io::stdin().is_terminal() {
        return Err(Failure::Usage(
            "`-` reads ids from stdin, which is a terminal; pipe them in, or give them as arguments"
                .into(),
        ));
    }
    let mut found = given.to_vec();
    let read = read(std::io::stdin().lock().take(MOST))?;
    found.splice(at..=at, read);
    found.retain(|id| id != "-");
    Ok(found)
}

/// The one id that was given, or the only one on stdin.
pub(crate) fn one(given: &str) -> Result<String, Failure> {
    let mut found = all(&[given.to_owned()])?;
    match (found.pop(), found.len()) {
        (Some(id), 0) => Ok(id),
        (None, _) => Err(Failure::Usage("there is no id on stdin".into())),
        (Some(_), more) => Err(Failure::Usage(format!(
            "there are {} ids on stdin, and this command takes one",
            more + 1
        ))),
    }
}

fn read(input: impl BufRead) -> Result<Vec<String>, Failure> {
    let mut ids = vec![];
    for line in input.lines() {
        let line =
            line.map_err(|cause| Failure::Usage(format!("stdin cannot be read: {cause}")))?;
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let id = match line.starts_with('{') {
            true => named(line),
            false => line.split_whitespace().next().map(str::to_owned),
        };
        let Some(id) = id else {
            let start: String = line.chars().take(40).collect();
            return Err(Failure::Usage(format!(
                "stdin: `{start}` has no id; give one id a line, or the output of a list with --jsonl"
            )));
        };
        ids.push(id);
    }
    Ok(ids)
}

/// The connection that a document is about, or the document's own id.
fn named(line: &str) -> Option<String> {
    let document: Value = serde_json::from_str(line).ok()?;
    let id = document
        .get("connectionId")
        .or_else(|| document.get("id"))?;
    id.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lines_or_documents() {
        let text = "  ea979b \n\nc8d005  ACME Mutual  active\n{\"type\":\"connection\",\"id\":\"f1e1b0\"}\n\
            {\"type\":\"job\",\"id\":\"0117c2\",\"connectionId\":\"e89640\"}";
        let found = read(text.as_bytes()).unwrap();
        assert_eq!(found, ["ea979b", "c8d005", "f1e1b0", "e89640"]);
        assert!(read(&b"\n  \n"[..]).unwrap().is_empty());
        for wrong in ["{\"id\":3}", "{\"name\":\"x\"}", "{not json"] {
            let refused = read(wrong.as_bytes()).unwrap_err();
            assert_eq!(refused.verdict().0, 2, "{wrong}");
        }
        assert_eq!(read(&b"\xff\xfe"[..]).unwrap_err().verdict().0, 2);
    }
}
