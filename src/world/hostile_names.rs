//! Names that break screens, shells or spreadsheets, for tests of safe output.

/// The empty one is made long by [`hostile`].
const NAMES: [&str; 11] = [
    "\u{1b}[31mRed Alert\u{1b}[0m",
    "\u{1b}]52;c;ZXZpbCBjbGlwYm9hcmQ=\u{7}Clip Board",
    "Abigail \u{202e}tseuG\u{202c} Forte",
    "Line\nBreak\tTab\rReturn",
    "",
    "Ze\u{200b}ro\u{200d} Wi\u{2060}dth\u{feff}",
    "Z\u{337}\u{321}\u{310}a\u{335}\u{301}\u{302}\u{303}l\u{334}\u{308}\u{30a}\u{30b}g\u{336}\u{311}\u{314}\u{317}o\u{338}\u{323}\u{324}",
    "Robert'); DROP TABLE users;--",
    "=HYPERLINK(\"http://evil.example\",\"Click\")",
    "\u{9b}31mEight Bit\u{7f}\u{8}\u{0}",
    "\u{1b}]0;Owned title\u{7}\u{1b}[2J\u{1b}[HTitle Taker",
];

pub(crate) const LONG: usize = 5_000;

/// `connections` tells how large the world is.
pub(crate) fn hostile(user: u64, connections: u64) -> Option<String> {
    let stride = (connections / 24).max(5);
    let place = usize::try_from(user / stride)
        .ok()
        .filter(|_| user % stride == 3)?;
    match NAMES.get(place).copied() {
        Some("") => Some("Maximilian ".chars().cycle().take(LONG).collect()),
        Some(name) => Some(name.to_owned()),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handful_in_a_world_of_any_size() {
        for (connections, least) in [(20, 1), (300, 6), (3012, 11), (1_000_000, 11)] {
            let users = connections * 11 / 19;
            let names: Vec<_> = (0..users).filter_map(|u| hostile(u, connections)).collect();
            assert!(
                names.len() >= least && names.len() <= NAMES.len(),
                "{connections}: {}",
                names.len()
            );
        }
        let long = (0..3012)
            .filter_map(|u| hostile(u, 3012))
            .map(|n| n.chars().count())
            .max();
        assert_eq!(long, Some(LONG));
    }
}
