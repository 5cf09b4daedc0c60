//! Text in documents: JSON and CSV that are safe in pagers, terminals and spreadsheets.

use super::{Shown, class};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Escapes, in serialised JSON, what could mislead a terminal or a reader. It only occurs within strings.
pub(crate) fn escape_json(serialized: &str) -> Cow<'_, str> {
    let Some(first) = serialized.find(risky) else {
        return Cow::Borrowed(serialized);
    };
    let mut out = String::with_capacity(serialized.len() + 16);
    out.push_str(&serialized[..first]);
    for c in serialized[first..].chars() {
        if risky(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").expect("writing to a String cannot fail");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn risky(c: char) -> bool {
    matches!(c, '\u{7F}'..='\u{9F}') || (!c.is_ascii() && class::hidden(c))
}

/// A cell that no spreadsheet takes for a formula and no terminal acts on. Numbers stay numbers.
pub(crate) fn for_csv(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let shown = Shown::of(cell);
    if formula && !number(cell) {
        format!("'{shown}")
    } else {
        shown.into_plain()
    }
}

fn number(cell: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let unsigned = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    match unsigned.split_once('.') {
        Some((whole, rest)) => digits(whole) && digits(rest),
        None => digits(unsigned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_reads_back_as_it_was() {
        let raw = "a\u{202E}b\u{9B}c\u{7F}d\u{E0041}e\u{2028}f 王 👩\u{200D}💻 \u{1b}[2J";
        let serialized = serde_json::to_string(raw).unwrap();
        let escaped = escape_json(&serialized);
        for hostile in [
            '\u{202E}',
            '\u{9B}',
            '\u{7F}',
            '\u{E0041}',
            '\u{2028}',
            '\u{1b}',
            '\u{200D}',
        ] {
            assert!(!escaped.contains(hostile), "{hostile:?} is left");
        }
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), raw);
        assert!(escaped.contains("\\udb40\\udc41"), "{escaped}");
        assert!(escaped.contains('王'));
    }

    #[test]
    fn json_without_risks_is_not_copied() {
        assert!(matches!(
            escape_json("{\n  \"a\": \"王\"\n}"),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        for (cell, out) in [
            ("=1+1", "'=1+1"),
            ("+61400111222", "+61400111222"),
            ("-4.80", "-4.80"),
            ("-4.80.1", "'-4.80.1"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'^I=1"),
            ("\r=1", "'^M=1"),
            ("＝1+1", "'＝1+1"),
            ("-2+3", "'-2+3"),
            ("Monica Hall", "Monica Hall"),
            ("'=1", "'=1"),
            ("", ""),
            ("a\u{1b}[2J", "a^[[2J"),
        ] {
            assert_eq!(for_csv(cell), out, "{cell:?}");
            assert_eq!(for_csv(out), out, "{cell:?}, twice");
        }
    }
}
