//! What roles look like: themes from `assets/themes/*.toml`, and a user's table `[theme]` over them.

use super::colour_depth::{Depth, reduced};
use super::keymap::nearest;
use super::role::Role;
use ratatui::style::{Color, Modifier, Style};
use toml::{Table, Value};

const SHIPPED: [(&str, &str); 7] = [
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    ("mono", include_str!("../../assets/themes/mono.toml")),
    (
        "colour-blind",
        include_str!("../../assets/themes/colour-blind.toml"),
    ),
    (
        "colour-blind-light",
        include_str!("../../assets/themes/colour-blind-light.toml"),
    ),
    (
        "high-contrast",
        include_str!("../../assets/themes/high-contrast.toml"),
    ),
    ("sixteen", include_str!("../../assets/themes/sixteen.toml")),
];

const MODIFIERS: [(&str, Modifier); 4] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("reversed", Modifier::REVERSED),
    ("underlined", Modifier::UNDERLINED),
];

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Mistake {
    #[error("there is no theme {name:?}; did you mean {nearest}?")]
    Theme { name: String, nearest: &'static str },
    #[error("[theme] {role}: there is no such role; did you mean {nearest}?")]
    Role { role: String, nearest: &'static str },
    #[error("[theme] {}: {what} is no style; one is {{ fg = \"yellow\", bg = \"#202020\", bold = true }}", role.name())]
    Style { role: Role, what: String },
    #[error("[theme] {}: {what:?} is no colour; one is a name of the sixteen, 0 to 255, or #rrggbb", role.name())]
    Color { role: Role, what: String },
}

impl Mistake {
    /// The role it is about; none when it is about the name of the theme.
    pub(crate) fn role(&self) -> Option<&str> {
        match self {
            Mistake::Theme { .. } => None,
            Mistake::Role { role, .. } => Some(role),
            Mistake::Style { role, .. } | Mistake::Color { role, .. } => Some(role.name()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Theme {
    styles: Vec<Style>,
}

impl Theme {
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// A shipped theme with a user's table over it, or everything that is wrong.
    pub(crate) fn with(name: &str, user: &Table) -> Result<Self, Vec<Mistake>> {
        let Some((_, text)) = SHIPPED.iter().find(|(known, _)| *known == name) else {
            return Err(vec![Mistake::Theme {
                name: name.to_owned(),
                nearest: nearest(name, Self::names()),
            }]);
        };
        let shipped: Table = text
            .parse()
            .expect("the shipped themes are checked by a test");
        let mut theme = Self {
            styles: vec![Style::new(); Role::ALL.len()],
        };
        let mut mistakes = Vec::new();
        for table in [&shipped, user] {
            for (name, value) in table {
                match Role::ALL.iter().find(|role| role.name() == name) {
                    Some(role) => theme.styles[*role as usize] = style(*role, value, &mut mistakes),
                    None => mistakes.push(Mistake::Role {
                        role: name.clone(),
                        nearest: nearest(name, Role::ALL.iter().map(|r| r.name())),
                    }),
                }
            }
        }
        if mistakes.is_empty() {
            Ok(theme)
        } else {
            Err(mistakes)
        }
    }

    pub(crate) fn mono() -> Self {
        Self::with("mono", &Table::new()).expect("the shipped themes are checked by a test")
    }

    /// The same with no more colours than the terminal has.
    pub(crate) fn at(mut self, depth: Depth) -> Self {
        for (role, style) in Role::ALL.iter().zip(&mut self.styles) {
            // of sixteen colours none is a background that keeps what is written on it readable
            if *role == Role::Selected && depth == Depth::Sixteen && style.bg.is_some() {
                *style = Style::new()
                    .fg(Color::Reset)
                    .add_modifier(Modifier::REVERSED);
            }
            style.fg = style.fg.map(|color| reduced(color, depth));
            style.bg = style.bg.map(|color| reduced(color, depth));
        }
        self
    }

    /// A theme for tests: each role has an index colour of its own, so that [`crate::tui::widgets::dump`] can tell them.
    pub(crate) fn indexed() -> Self {
        let own = |role: &Role| {
            let color = Color::Indexed(*role as u8);
            if role.lies_under() {
                Style::new().bg(color)
            } else {
                Style::new().fg(color)
            }
        };
        Self {
            styles: Role::ALL.iter().map(own).collect(),
        }
    }

    pub(crate) fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }
}

fn style(role: Role, value: &Value, mistakes: &mut Vec<Mistake>) -> Style {
    let mut style = Style::new();
    let Some(table) = value.as_table() else {
        mistakes.push(Mistake::Style {
            role,
            what: value.to_string(),
        });
        return style;
    };
    for (name, value) in table {
        let modifier = MODIFIERS.iter().find(|(known, _)| known == name);
        match (name.as_str(), modifier, value) {
            ("fg" | "bg", _, value) => {
                let what = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                match what.parse() {
                    Ok(color) if name == "fg" => style.fg = Some(color),
                    Ok(color) => style.bg = Some(color),
                    Err(_) => mistakes.push(Mistake::Color { role, what }),
                }
            }
            (_, Some((_, modifier)), Value::Boolean(true)) => style = style.add_modifier(*modifier),
            (_, Some((_, modifier)), Value::Boolean(false)) => {
                style = style.remove_modifier(*modifier)
            }
            _ => mistakes.push(Mistake::Style {
                role,
                what: format!("{name} = {value}"),
            }),
        }
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped(name: &str) -> Theme {
        Theme::with(name, &Table::new()).unwrap()
    }

    #[test]
    fn every_theme_names_every_role() {
        for (name, text) in SHIPPED {
            let table: Table = text.parse().unwrap();
            shipped(name);
            let missing: Vec<_> = Role::ALL
                .iter()
                .filter(|r| !table.contains_key(r.name()))
                .collect();
            assert!(missing.is_empty(), "{name} lacks {missing:?}");
        }
    }

    #[test]
    fn what_must_not_be_confused_looks_different() {
        let apart = [
            Role::Active,
            Role::Invalid,
            Role::Failed,
            Role::Unknown,
            Role::Dim,
        ];
        for (name, depth) in Theme::names().flat_map(|n| [(n, Depth::Sixteen), (n, Depth::Full)]) {
            let theme = shipped(name).at(depth);
            for (at, one) in apart.iter().enumerate() {
                for other in apart[at + 1..].iter().filter(|_| name != "mono") {
                    assert_ne!(
                        theme.style(*one),
                        theme.style(*other),
                        "{name} {depth:?}: {one:?} {other:?}"
                    );
                }
            }
            // one background for the whole row: a reversed one has one text colour too, or none anywhere
            let selected = theme.style(Role::Selected);
            let reversed = selected.add_modifier.contains(Modifier::REVERSED);
            let uniform = selected.fg == Some(Color::Reset) || name == "mono";
            assert_eq!(reversed, selected.bg.is_none(), "{name} {depth:?}");
            assert!(!reversed || uniform, "{name} {depth:?}");
            assert_ne!(
                theme.style(Role::Border),
                theme.style(Role::BorderFocus),
                "{name}"
            );
        }
    }

    #[test]
    fn mono_has_no_colour() {
        for role in Role::ALL {
            let style = Theme::mono().style(*role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn a_user_changes_single_roles() {
        let theme = Theme::with(
            "dark",
            &r##"invalid = { fg = "#ff8700", bold = true }"##
                .parse()
                .unwrap(),
        )
        .unwrap();
        let orange = |color| Style::new().fg(color).add_modifier(Modifier::BOLD);
        assert_eq!(theme.style(Role::Invalid), orange(Color::Rgb(255, 135, 0)));
        assert_eq!(theme.style(Role::Text), shipped("dark").style(Role::Text));
        assert_eq!(
            theme.clone().at(Depth::Indexed).style(Role::Invalid),
            orange(Color::Indexed(208))
        );
        assert_eq!(
            theme.at(Depth::Sixteen).style(Role::Invalid),
            orange(Color::Yellow)
        );
    }

    #[test]
    fn all_mistakes_are_told_together() {
        let user = r##"
            actve = { fg = "green" }
            busy = "cyan"
            danger = { fg = "#12345", bg = 300, blink = true }
            dim = { bold = "yes" }
        "##;
        let said: Vec<_> = Theme::with("dark", &user.parse().unwrap())
            .unwrap_err()
            .iter()
            .map(|m| m.to_string())
            .collect();
        assert_eq!(said.len(), 6, "{said:#?}");
        assert_eq!(
            said[0],
            "[theme] actve: there is no such role; did you mean active?"
        );
        assert!(
            said.iter()
                .any(|s| s.starts_with("[theme] danger: \"#12345\" is no colour")),
            "{said:#?}"
        );
        let unknown = Theme::with("drak", &Table::new()).unwrap_err();
        assert_eq!(
            unknown[0].to_string(),
            "there is no theme \"drak\"; did you mean dark?"
        );
    }
}
