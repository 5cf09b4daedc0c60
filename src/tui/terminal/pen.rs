//! Cells as bytes for the terminal. Of a style only what differs from the cell before is written, and a place only where
//! it does not follow from the cell before.

use ratatui::buffer::Cell;
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr as _;

/// What turns a modifier on and off. Bold and dim are turned off together.
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

const BOLD_OR_DIM: Modifier = Modifier::BOLD.union(Modifier::DIM);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// How the terminal writes at the moment.
#[derive(Debug, Default)]
pub(super) struct Pen {
    look: Look,
}

impl Pen {
    /// Writes cells, in the order of their places. The first place is always said.
    pub(super) fn write<'c>(
        &mut self,
        out: &mut impl Write,
        cells: impl IntoIterator<Item = (u16, u16, &'c Cell)>,
    ) -> io::Result<()> {
        let mut next: Option<Position> = None;
        for (x, y, cell) in cells {
            match next {
                Some(at) if (at.x, at.y) == (x, y) => {}
                Some(at) if at.y == y => write!(out, "\x1b[{}G", x + 1)?,
                _ => write!(out, "\x1b[{};{}H", y + 1, x + 1)?,
            }
            self.turn(out, look(cell))?;
            out.write_all(cell.symbol().as_bytes())?;
            let width = u16::try_from(cell.symbol().width()).unwrap_or(1);
            next = Some(Position::new(x.saturating_add(width), y));
        }
        Ok(())
    }

    /// Empties a line, which takes the background that is turned on.
    pub(super) fn empty(&mut self, out: &mut impl Write, line: u16) -> io::Result<()> {
        self.rest(out)?;
        write!(out, "\x1b[{};1H\x1b[2K", line + 1)
    }

    /// The usual look again.
    pub(super) fn rest(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.turn(out, Look::default())
    }

    fn turn(&mut self, out: &mut impl Write, to: Look) -> io::Result<()> {
        let from = std::mem::replace(&mut self.look, to);
        if from == to {
            return Ok(());
        }
        if to == Look::default() {
            return out.write_all(b"\x1b[m");
        }
        let mut codes: Vec<String> = vec![];
        let mut on = from.modifier;
        let gone = on - to.modifier;
        for (modifier, _, off) in MODIFIERS {
            if gone.contains(modifier) {
                let off = off.to_string();
                if !codes.contains(&off) {
                    codes.push(off);
                }
            }
        }
        if gone.intersects(BOLD_OR_DIM) {
            on -= BOLD_OR_DIM;
        }
        let new = to.modifier - on;
        let turned_on = MODIFIERS.iter().filter(|(it, ..)| new.contains(*it));
        codes.extend(turned_on.map(|(_, on, _)| on.to_string()));
        if from.fg != to.fg {
            codes.push(colour(to.fg, 38));
        }
        if from.bg != to.bg {
            codes.push(colour(to.bg, 48));
        }
        write!(out, "\x1b[{}m", codes.join(";"))
    }
}

fn look(cell: &Cell) -> Look {
    Look {
        fg: cell.fg,
        bg: cell.bg,
        modifier: cell.modifier,
    }
}

/// `base` is 38 for text and 48 for the background.
fn colour(colour: Color, base: u8) -> String {
    let place = match colour {
        Color::Reset => return (base + 1).to_string(),
        Color::Rgb(r, g, b) => return format!("{base};2;{r};{g};{b}"),
        Color::Indexed(place) => place,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    format!("{base};5;{place}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::Style;

    fn written(cells: &[(u16, u16, Cell)]) -> String {
        let (mut pen, mut out) = (Pen::default(), vec![]);
        let cells = cells.iter().map(|(x, y, cell)| (*x, *y, cell));
        pen.write(&mut out, cells).unwrap();
        pen.rest(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn cell(symbol: &'static str, style: Style) -> Cell {
        let mut cell = Cell::new(symbol);
        cell.set_style(style);
        cell
    }

    #[test]
    fn only_what_differs_is_written() {
        let plain = Style::new();
        let red = plain.fg(Color::Indexed(9));
        let bold = red.add_modifier(Modifier::BOLD);
        let cells = [
            (1, 0, cell("a", plain)),
            (2, 0, cell("b", red)),
            (3, 0, cell("c", bold.bg(Color::Rgb(1, 2, 3)))),
            (4, 0, cell("日", bold)),
            (6, 0, cell("d", red)),
            (9, 0, cell("e", red)),
            (0, 1, cell("f", plain)),
        ];
        assert_eq!(
            written(&cells),
            "\x1b[1;2Ha\x1b[38;5;9mb\x1b[1;48;2;1;2;3mc\x1b[49m日\x1b[22md\x1b[10Ge\x1b[2;1H\x1b[mf"
        );
    }

    proptest! {
        /// A terminal that is told only the differences shows each cell as it is.
        #[test]
        fn a_terminal_shows_every_look(looks in proptest::collection::vec((0..4_u8, 0..4_u8, 0..8_u16), 1..40)) {
            let colours = [Color::Reset, Color::Red, Color::Indexed(200), Color::Rgb(9, 8, 7)];
            let modifiers = [Modifier::BOLD, Modifier::ITALIC, Modifier::REVERSED];
            let style = |(fg, bg, bits): &(u8, u8, u16)| {
                let on = modifiers.iter().zip(0..).filter(|(_, bit)| bits >> bit & 1 == 1);
                let style = Style::new().fg(colours[usize::from(*fg)]).bg(colours[usize::from(*bg)]);
                on.fold(style, |style, (modifier, _)| style.add_modifier(*modifier))
            };
            let cells: Vec<_> = looks.iter().zip(0..).map(|(look, x)| (x, 0, cell("x", style(look)))).collect();
            let size = |n| std::num::NonZeroU16::new(n).unwrap();
            let mut terminal = vt100::Parser::new(size(2), size(40), 0);
            terminal.process(written(&cells).as_bytes());
            let shown = |colour| match colour {
                Color::Red => vt100::Color::Idx(1),
                Color::Indexed(place) => vt100::Color::Idx(place),
                Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
                _ => vt100::Color::Default,
            };
            for (x, _, cell) in &cells {
                let there = terminal.screen().cell(0, *x).unwrap();
                prop_assert_eq!(there.fgcolor(), shown(cell.fg));
                prop_assert_eq!(there.bgcolor(), shown(cell.bg));
                let has = |modifier| cell.modifier.contains(modifier);
                prop_assert_eq!(there.bold(), has(Modifier::BOLD));
                prop_assert_eq!(there.italic(), has(Modifier::ITALIC));
                prop_assert_eq!(there.inverse(), has(Modifier::REVERSED));
            }
        }
    }
}
