//! Whether the terminal's background is dark or light, as the terminal says it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Background {
    Dark,
    Light,
}

/// Asks for the colour of the background; the answer comes among the keys.
pub(super) const ASK: &[u8] = b"\x1b]11;?\x1b\\";

impl Background {
    /// The theme for it.
    pub(crate) fn theme(self) -> &'static str {
        match self {
            Background::Dark => "dark",
            Background::Light => "light",
        }
    }

    /// From `COLORFGBG`: numbers of the sixteen colours, the last one of the background.
    pub(crate) fn of_variable(value: &str) -> Option<Self> {
        let (_, last) = value.rsplit_once(';')?;
        match last.parse::<u8>().ok()? {
            7 | 9..=15 => Some(Background::Light),
            0..=6 | 8 => Some(Background::Dark),
            _ => None,
        }
    }

    /// From an answer like `11;rgb:fdfd/f6f6/e3e3`, without what begins and ends it.
    pub(super) fn of_answer(answer: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(answer).ok()?.strip_prefix("11;rgb")?;
        let (_, colours) = text.split_once(':')?;
        let mut parts = colours.split('/').map(|part| {
            let most = (1_u64 << (4 * part.len().clamp(1, 4))) - 1;
            u64::from_str_radix(part, 16)
                .ok()
                .filter(|_| part.len() <= 4)
                .map(|n| n * 1_000 / most)
        });
        let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
        // as bright as the eye takes it
        let bright = red * 299 + green * 587 + blue * 114;
        Some(match bright {
            500_000.. => Background::Light,
            _ => Background::Dark,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Background::{Dark, Light};

    #[test]
    fn answers_of_terminals_are_understood_and_nothing_else() {
        for (answer, background) in [
            ("11;rgb:0000/0000/0000", Some(Dark)),
            ("11;rgb:ffff/ffff/ffff", Some(Light)),
            ("11;rgb:fdfd/f6f6/e3e3", Some(Light)),
            ("11;rgb:0000/2b2b/3636", Some(Dark)),
            ("11;rgb:ff/ff/ff", Some(Light)),
            ("11;rgb:f/f/f", Some(Light)),
            ("11;rgba:1e1e/1e1e/1e1e/ffff", Some(Dark)),
            ("10;rgb:ffff/ffff/ffff", None),
            ("11;rgb:ffff/ffff", None),
            ("11;rgb:fffff/0/0", None),
            ("11;rgb:x/y/z", None),
            ("11;?", None),
        ] {
            assert_eq!(
                Background::of_answer(answer.as_bytes()),
                background,
                "{answer}"
            );
        }
    }

    #[test]
    fn the_variable_names_the_background_last() {
        for (value, background) in [
            ("15;0", Some(Dark)),
            ("0;15", Some(Light)),
            ("0;default;15", Some(Light)),
            ("12;8", Some(Dark)),
            ("0;7", Some(Light)),
            ("15;default", None),
            ("15", None),
            ("", None),
        ] {
            assert_eq!(Background::of_variable(value), background, "{value}");
        }
    }
}
