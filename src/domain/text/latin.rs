//! Latin letters without accents, one for one, so that columns keep their width on ASCII terminals.

use super::class::{self, Class};

/// What stands for U+00C0 to U+024F, one letter each; a question mark where nothing does.
const FROM_C0: &str = concat!(
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty",
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL",
    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs",
    "bB?????CcDD????E?FfG???IKkl??NnOOo??Pp??????TtTUu?VYyZz?????????",
    "????DDdLLlNNnAaIiOoUuUuUuUuUu?AaAaAaGgGgKkOoOo??jDDdGg??NnAaAaOo",
    "AaAaEeEeIiIiOoOoRrRrUuUuSsTt??Hh??????AaEeOoOoOoOoYy??????ACcLTs",
    "z??BU?EeJj??RrYy",
);

/// The same for U+1E00 to U+1EFF, the letters of Vietnamese among them.
const FROM_1E00: &str = concat!(
    "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm",
    "MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv",
    "WwWwWwWwWwXxXxYyZzZzZzhtwy?s??S?AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe",
    "EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy??????",
);

/// The letter without its marks, when it is a Latin one with nothing but marks on it.
pub(crate) fn plain_letter(cluster: &str) -> Option<&str> {
    let first = cluster.chars().next()?;
    let marked = cluster.chars().skip(1).all(|c| class::of(c) == Class::Mark);
    if !marked {
        return None;
    }
    if first.is_ascii_graphic() {
        return Some(&cluster[..1]);
    }
    let at = u32::from(first);
    let (table, from) = if at < 0x1E00 {
        (FROM_C0, 0xC0)
    } else {
        (FROM_1E00, 0x1E00)
    };
    let at = usize::try_from(at.checked_sub(from)?).ok()?;
    table.get(at..=at).filter(|letter| *letter != "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latin_letter_loses_its_marks_and_others_are_not_guessed() {
        for (cluster, letter) in [
            ("ä", Some("a")),
            ("É", Some("E")),
            ("ß", Some("s")),
            ("ł", Some("l")),
            ("Ø", Some("O")),
            ("ÿ", Some("y")),
            ("ž", Some("z")),
            ("ș", Some("s")),
            ("ệ", Some("e")),
            ("Ỹ", Some("Y")),
            ("e\u{308}", Some("e")),
            ("ê\u{303}", Some("e")),
            ("a", Some("a")),
            ("ǁ", None),
            ("ỿ", None),
            ("王", None),
            ("д", None),
            ("ｱ", None),
            ("\u{301}", None),
            ("a王", None),
            ("", None),
        ] {
            assert_eq!(plain_letter(cluster), letter, "{cluster}");
        }
        assert_eq!(
            (FROM_C0.len(), FROM_1E00.len()),
            (0x250 - 0xC0, 0x1F00 - 0x1E00)
        );
        assert!(FROM_C0.is_ascii() && FROM_1E00.is_ascii());
    }
}
