//! The nearest good word to a bad one, by the slips of a hand: a letter missing, added, wrong, or two
//! exchanged.

/// The word of `good` that `bad` was most probably meant to be; none when all are too far off.
pub(crate) fn nearest<'a>(bad: &str, good: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bad: Vec<char> = bad.to_lowercase().chars().take(64).collect();
    let allowed = (bad.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for word in good {
        let letters: Vec<char> = word.to_lowercase().chars().collect();
        // A word that was begun and not finished is nearer than any slip.
        let begun = bad.len() >= 2 && letters.starts_with(&bad);
        let far = if begun { 0 } else { distance(&bad, &letters) };
        let near = begun || (far <= allowed && far < letters.len().max(bad.len()));
        if near && best.is_none_or(|(least, _)| far < least) {
            best = Some((far, word));
        }
    }
    best.map(|(_, word)| word)
}

/// The nearest however far off, the first of equals: for lists so short that one of them was meant.
pub(crate) fn nearest_of_few<'a>(bad: &str, good: &[&'a str]) -> Option<&'a str> {
    let letters = |word: &str| word.to_lowercase().chars().take(64).collect::<Vec<_>>();
    let bad_letters = letters(bad);
    nearest(bad, good.iter().copied()).or_else(|| {
        good.iter()
            .copied()
            .min_by_key(|word| distance(&bad_letters, &letters(word)))
    })
}

/// How many slips lie between two words, each letter touched once at most.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let wrong = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + wrong);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (a, b, slips) in [
            ("", "", 0),
            ("", "abc", 3),
            ("invlid", "invalid", 1),
            ("inavlid", "invalid", 1),
            ("actove", "active", 1),
            ("actives", "active", 1),
            ("kitten", "sitting", 3),
        ] {
            let (left, right): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!(distance(&left, &right), slips, "{a} {b}");
            assert_eq!(distance(&right, &left), slips, "{b} {a}");
        }
    }

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
