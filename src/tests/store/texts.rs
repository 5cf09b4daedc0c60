//! How the reference model of the filters compares texts and times.

use crate::domain::moment::Moment;
use crate::domain::query::{Cmp, When};

pub(super) fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .chars()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .map(plain)
        .collect();
    plain
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'ä' | 'ã' | 'â' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ï' => 'i',
        'ó' | 'ö' | 'õ' | 'ô' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

pub(super) fn id(id: &str, text: &str) -> bool {
    let spelled = |text: &str| {
        text.len() >= 4 && id.starts_with(text) || text.len() == 6 && id.ends_with(text)
    };
    spelled(text) || spelled(&text.to_lowercase())
}

pub(super) fn part(id: &str, text: &str, whole: bool) -> bool {
    let spelled = |text: &str| text.len() >= 4 && id.starts_with(text) || id.ends_with(text);
    if whole {
        id == text
    } else {
        spelled(text) || spelled(&text.to_lowercase())
    }
}

pub(super) fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('0') {
        Some(rest) if rest.len() == 9 => format!("61{rest}"),
        _ => digits,
    }
}

/// Whether the comparison holds between `left` and `right`.
pub(super) fn compares<T: Ord>(cmp: Cmp, left: &T, right: &T) -> bool {
    match cmp {
        Cmp::Eq => left == right,
        Cmp::Lt => left < right,
        Cmp::Le => left <= right,
        Cmp::Gt => left > right,
        Cmp::Ge => left >= right,
    }
}

pub(super) fn ago(cmp: Cmp, when: When, at: Moment, now: Moment) -> bool {
    when.ago(cmp, now)
        .is_some_and(|(cmp, bound)| compares(cmp, &at, &bound))
}
