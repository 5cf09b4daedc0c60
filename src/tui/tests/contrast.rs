//! The contrast of every role in every theme, as WCAG computes it: 4.5:1 for what is read, 3:1 for frames, on the
//! backgrounds that the theme is for. What has no colour is the terminal's own text, and is not judged.

use crate::tui::colour_depth::{Depth, SIXTEEN, rgb};
use crate::tui::role::Role;
use crate::tui::theme::Theme;
use ratatui::style::{Color, Style};
use toml::Table;

type Rgb = [u8; 3];

const BLACK: Rgb = [0, 0, 0];
const GREY: Rgb = [0x1e, 0x1e, 0x1e];
const WHITE: Rgb = [0xff; 3];
const SOLARIZED_DARK: Rgb = [0x00, 0x2b, 0x36];
const SOLARIZED_LIGHT: Rgb = [0xfd, 0xf6, 0xe3];

/// The backgrounds that each theme is for.
const THEMES: [(&str, &[Rgb]); 5] = [
    ("dark", &[BLACK, GREY, SOLARIZED_DARK]),
    ("colour-blind", &[BLACK, GREY, SOLARIZED_DARK]),
    ("light", &[WHITE, SOLARIZED_LIGHT]),
    ("colour-blind-light", &[WHITE, SOLARIZED_LIGHT]),
    // it has a background of its own
    ("high-contrast", &[BLACK]),
];

/// The six hues as Solarized has them.
const SOLARIZED: [(Color, Rgb); 6] = [
    (Color::Red, [0xdc, 0x32, 0x2f]),
    (Color::Green, [0x85, 0x99, 0x00]),
    (Color::Yellow, [0xb5, 0x89, 0x00]),
    (Color::Blue, [0x26, 0x8b, 0xd2]),
    (Color::Magenta, [0xd3, 0x36, 0x82]),
    (Color::Cyan, [0x2a, 0xa1, 0x98]),
];

fn luminance(color: Rgb) -> f64 {
    let [r, g, b] = color.map(|c| match f64::from(c) / 255.0 {
        c if c <= 0.04045 => c / 12.92,
        c => ((c + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn shown(color: Option<Color>) -> Option<Rgb> {
    match color? {
        Color::Rgb(r, g, b) => Some([r, g, b]),
        Color::Indexed(n) => Some(rgb(n)),
        _ => None,
    }
}

fn least(role: Role) -> f64 {
    match role {
        Role::Border | Role::BorderFocus => 3.0,
        _ => 4.5,
    }
}

/// On its own background where it has one, else on each of the theme and on that of the row under the cursor.
fn backgrounds(theme: &Theme, style: Style, of_theme: &[Rgb]) -> Vec<Rgb> {
    match shown(style.bg) {
        Some(own) => vec![own],
        None => {
            let under = shown(theme.style(Role::Selected).bg);
            of_theme.iter().copied().chain(under).collect()
        }
    }
}

#[test]
fn every_role_of_every_theme_can_be_read_on_its_backgrounds() {
    let mut judged = 0;
    for (name, of_theme) in THEMES {
        for depth in [Depth::Full, Depth::Indexed] {
            let theme = Theme::with(name, &Table::new()).unwrap().at(depth);
            for role in Role::ALL {
                let style = theme.style(*role);
                let Some(color) = shown(style.fg) else {
                    continue;
                };
                for background in backgrounds(&theme, style, of_theme) {
                    let found = contrast(color, background);
                    // the 256 of a terminal are coarser than a theme's own colours
                    let least = match depth {
                        Depth::Full => least(*role),
                        _ => least(*role) - 0.6,
                    };
                    assert!(
                        found >= least,
                        "{name} {depth:?} {role:?}: {found:.2} on {background:?}"
                    );
                    judged += 1;
                }
            }
        }
    }
    assert!(judged > 400, "{judged}");
}

#[test]
fn the_high_contrast_theme_keeps_seven_to_one() {
    let theme = Theme::with("high-contrast", &Table::new()).unwrap();
    let own = shown(theme.style(Role::Text).bg);
    assert_eq!(own, Some(BLACK));
    for role in Role::ALL {
        let style = theme.style(*role);
        if let Some(color) = shown(style.fg) {
            for background in backgrounds(&theme, style, &[BLACK]) {
                let found = contrast(color, background);
                assert!(found >= 7.0, "{role:?}: {found:.2} on {background:?}");
            }
        }
    }
}

/// Nobody knows what a user made of the sixteen; of those that are used, each can be seen in two common palettes.
#[test]
fn the_sixteen_colours_can_be_seen_in_common_palettes() {
    let of_xterm = |color: Color| SIXTEEN.iter().find(|(known, _)| *known == color);
    let of_solarized = |color: Color| SOLARIZED.iter().find(|(known, _)| *known == color);
    for (name, depth) in [
        ("sixteen", Depth::Full),
        ("dark", Depth::Sixteen),
        ("colour-blind", Depth::Sixteen),
    ] {
        let theme = Theme::with(name, &Table::new()).unwrap().at(depth);
        for role in Role::ALL {
            let style = theme.style(*role);
            let Some(color) = style.fg.filter(|color| *color != Color::Reset) else {
                continue;
            };
            if style.bg.is_some() {
                continue;
            }
            let xterm = of_xterm(color).map(|(_, rgb)| contrast(*rgb, BLACK));
            let solarized = of_solarized(color).map(|(_, rgb)| contrast(*rgb, SOLARIZED_DARK));
            for found in [xterm, solarized] {
                let found = found.unwrap_or_else(|| panic!("{name} {role:?} is {color}"));
                assert!(found >= 3.0, "{name} {role:?} {color}: {found:.2}");
            }
        }
    }
}
