//! How many colours a terminal has, and the nearest of them to a colour of a theme.

use ratatui::style::Color;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// The sixteen of the user's own palette.
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    Full,
}

impl Depth {
    /// Read from `COLORTERM` and `TERM`.
    pub(crate) fn of(colorterm: Option<&str>, term: Option<&str>) -> Self {
        let term = term.unwrap_or_default();
        match colorterm {
            Some("truecolor" | "24bit") => Depth::Full,
            _ if term.ends_with("-direct") => Depth::Full,
            _ if term.contains("256color") => Depth::Indexed,
            _ => Depth::Sixteen,
        }
    }
}

/// The levels of the colour cube in the 256 of xterm.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// As xterm has them.
pub(super) const SIXTEEN: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

pub(super) fn reduced(color: Color, depth: Depth) -> Color {
    match (color, depth) {
        (Color::Rgb(r, g, b), Depth::Indexed) => {
            // The cube and the greys; the first sixteen are whatever the user made of them.
            let indexes = 16..=255u8;
            Color::Indexed(
                indexes
                    .min_by_key(|n| apart(rgb(*n), [r, g, b]))
                    .expect("the range is not empty"),
            )
        }
        (Color::Rgb(r, g, b), Depth::Sixteen) => sixteen([r, g, b]),
        (Color::Indexed(n), Depth::Sixteen) => sixteen(rgb(n)),
        (color, _) => color,
    }
}

/// By its hue. What has none is the terminal's own colour of text: of the greys of the sixteen, each is invisible in some
/// common palette. A light blue is cyan, because blue is too dark to read on black.
fn sixteen(wanted: [u8; 3]) -> Color {
    let [r, g, b] = wanted.map(i32::from);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let span = most - least;
    if span * 5 <= most {
        return Color::Reset;
    }
    let sixth = |from: i32, to: i32, base: i32| base + 60 * (from - to) / span;
    let hue = if most == r {
        sixth(g, b, 360) % 360
    } else if most == g {
        sixth(b, r, 120)
    } else {
        sixth(r, g, 240)
    };
    match hue {
        20..75 => Color::Yellow,
        75..160 => Color::Green,
        160..195 => Color::Cyan,
        195..250 if most > 200 => Color::Cyan,
        195..250 => Color::Blue,
        250..340 => Color::Magenta,
        _ => Color::Red,
    }
}

pub(super) fn rgb(index: u8) -> [u8; 3] {
    match index {
        0..16 => SIXTEEN[usize::from(index)].1,
        16..232 => [36, 6, 1].map(|weight| LEVELS[usize::from((index - 16) / weight % 6)]),
        232.. => [8 + 10 * (index - 232); 3],
    }
}

fn apart(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter()
        .zip(b)
        .map(|(a, b)| u32::from(a.abs_diff(b)).pow(2))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_read_from_the_names_terminals_give() {
        for (colorterm, term, depth) in [
            (Some("truecolor"), Some("xterm"), Depth::Full),
            (Some("24bit"), None, Depth::Full),
            (None, Some("xterm-direct"), Depth::Full),
            (None, Some("tmux-256color"), Depth::Indexed),
            (Some(""), Some("xterm"), Depth::Sixteen),
            (None, None, Depth::Sixteen),
        ] {
            assert_eq!(Depth::of(colorterm, term), depth, "{colorterm:?} {term:?}");
        }
    }

    #[test]
    fn sixteen_colours_are_chosen_by_hue_and_never_a_grey() {
        for (wanted, color) in [
            ([0xff, 0x87, 0x00], Color::Yellow),
            ([0x7d, 0x4e, 0x00], Color::Yellow),
            ([0xff, 0x7b, 0x72], Color::Red),
            ([0xb0, 0x00, 0x20], Color::Red),
            ([0x5f, 0xd7, 0x87], Color::Green),
            ([0x56, 0xb6, 0xc2], Color::Cyan),
            ([0x6c, 0xbd, 0xf0], Color::Cyan),
            ([0x05, 0x50, 0xae], Color::Blue),
            ([0xd7, 0x8f, 0xe0], Color::Magenta),
            ([0x9a, 0xa4, 0xad], Color::Reset),
            ([0, 0, 0], Color::Reset),
        ] {
            assert_eq!(sixteen(wanted), color, "{wanted:?}");
        }
    }
}
