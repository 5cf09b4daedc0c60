//! The known word nearest to a misspelt one: letters missing, added, wrong or exchanged are counted.

use strsim::osa_distance;

/// Only so much of what was typed is compared.
const LONGEST: usize = 64;

/// The word of `good` that `bad` was most probably meant to be; none when all are too far off.
pub(crate) fn nearest<'a>(bad: &str, good: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bad = beginning(bad);
    let length = bad.chars().count();
    let allowed = (length / 3).max(1);
    let distance = |word: &str| {
        let word = word.to_lowercase();
        // A word that was begun and not finished is nearer than any slip.
        if length >= 2 && word.starts_with(&bad) {
            return Some(0);
        }
        let far = osa_distance(&bad, &word);
        (far <= allowed && far < word.chars().count().max(length)).then_some(far)
    };
    good.into_iter()
        .filter_map(|word| Some((distance(word)?, word)))
        .min_by_key(|(far, _)| *far)
        .map(|(_, word)| word)
}

/// The nearest however far off, the first of equals: for lists so short that one of them was meant.
pub(crate) fn nearest_of_few<'a>(bad: &str, good: &[&'a str]) -> Option<&'a str> {
    let far = |word: &&str| osa_distance(&beginning(bad), &word.to_lowercase());
    nearest(bad, good.iter().copied()).or_else(|| good.iter().copied().min_by_key(far))
}

fn beginning(text: &str) -> String {
    text.to_lowercase().chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_offered_and_nothing_far() {
        let words = [
            "active", "invalid", "failed", "pre-init", "init", "pending", "deleted",
        ];
        for (bad, good) in [
            ("invlid", Some("invalid")),
            ("INVALDI", Some("invalid")),
            ("pre", Some("pre-init")),
            ("int", Some("init")),
            ("faled", Some("failed")),
            ("broken", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(bad, words), good, "{bad}");
        }
    }

    #[test]
    fn of_few_words_one_is_always_offered() {
        for (bad, good) in [
            ("invlid", "invalid"),
            ("pre", "pre-init"),
            ("broken", "failed"),
            ("", "init"),
        ] {
            let words = [
                "active", "invalid", "failed", "pre-init", "init", "pending", "deleted",
            ];
            assert_eq!(nearest_of_few(bad, &words), Some(good), "{bad}");
        }
        assert_eq!(nearest_of_few("foo", &[]), None);
    }
}
