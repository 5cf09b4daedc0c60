//! The cursor of a list as text: the last row's sort keys and a hash of filter and order.

use super::exit::Failure;
use crate::domain::views::{Anchor, AnchorKey};
use sha2::{Digest, Sha256};

fn mark(list: &str) -> String {
    hex(&Sha256::digest(list.as_bytes())[..4])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<String> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect();
    String::from_utf8(bytes?).ok()
}

pub(crate) fn write(list: &str, anchor: &Anchor) -> String {
    let mut text = mark(list);
    for key in &anchor.0 {
        text.push('.');
        match key {
            AnchorKey::Number(n) => text.push_str(&format!("n{n}")),
            AnchorKey::Text(t) => text.push_str(&format!("t{}", hex(t.as_bytes()))),
        }
    }
    text
}

/// A cursor of another list is a usage error.
pub(crate) fn read(list: &str, text: &str) -> Result<Anchor, Failure> {
    let wrong = || {
        Failure::Usage(
            "--cursor: this is not the `next` of a list; leave it out to begin at the top".into(),
        )
    };
    let mut parts = text.split('.');
    if parts.next() != Some(mark(list).as_str()) {
        return Err(Failure::Usage(
            "--cursor: it belongs to another list; give the same filter and order".into(),
        ));
    }
    let keys: Option<Vec<AnchorKey>> = parts
        .map(|part| match part.split_at_checked(1)? {
            ("n", number) => number.parse().ok().map(AnchorKey::Number),
            ("t", text) => unhex(text).map(AnchorKey::Text),
            _ => None,
        })
        .collect();
    keys.filter(|keys| !keys.is_empty())
        .map(Anchor)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_in_its_own_list_only() {
        let anchor = Anchor(vec![
            AnchorKey::Text("bánk.".into()),
            AnchorKey::Number(-5),
            AnchorKey::Number(7),
        ]);
        let text = write("a", &anchor);
        assert_eq!(read("a", &text).unwrap(), anchor);
        assert!(read("b", &text).is_err());
        for bad in [
            "",
            "x",
            &text[..8],
            &format!("{}.q1", &text[..8]),
            &format!("{}.tzz", &text[..8]),
        ] {
            assert!(read("a", bad).is_err(), "{bad}");
        }
    }
}
