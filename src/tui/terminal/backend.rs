//! What ratatui draws to: the bytes of one frame, none without a change. Nothing is written here.

use super::pen::Pen;
use crate::domain::text::Shown;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Size};
use rustix::fd::OwnedFd;
use rustix::termios::tcgetwinsize;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Begin and end of a synchronized update: the terminal shows the frame whole.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

#[derive(Clone, Default)]
pub(super) struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Bytes {
    /// The frame's bytes between its brackets; none when nothing changed.
    pub(super) fn frame(&self) -> Option<Vec<u8>> {
        let mut drawn = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let frame = (!drawn.is_empty()).then(|| [BEGIN, drawn.as_slice(), END].concat());
        drawn.clear();
        frame
    }
}

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether terminals disagree about the width of a cell: letters with marks, and sequences.
pub(super) fn is_disputed(cell: &Cell) -> bool {
    cell.symbol().chars().nth(1).is_some()
}

/// How many cells to empty before a cell is drawn: of those that only some terminals give two, both. These are disputed
/// cells, and pictures, which older terminals do not know as wide.
fn emptied(cell: &Cell) -> u16 {
    let symbol = cell.symbol();
    // the canvas gives a half-width sound mark a cell of its own, and the differ believes that it has two
    if symbol.starts_with(['\u{FF9E}', '\u{FF9F}']) {
        return 2;
    }
    let picture = |c: char| matches!(c, '\u{231A}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}');
    if !is_disputed(cell) && !symbol.starts_with(picture) {
        return 0;
    }
    let width = Shown::of(symbol).width();
    u16::try_from(width)
        .ok()
        .filter(|width| *width > 1)
        .unwrap_or(0)
}

pub(super) struct Frames {
    inner: CrosstermBackend<Bytes>,
    bytes: Bytes,
    pen: Pen,
    terminal: OwnedFd,
    /// Where the cursor stands, if it shows.
    cursor: Option<Position>,
    moved: bool,
}

impl Frames {
    pub(super) fn new(bytes: Bytes, terminal: OwnedFd) -> Self {
        Self {
            inner: CrosstermBackend::new(bytes.clone()),
            bytes,
            pen: Pen::default(),
            terminal,
            cursor: None,
            moved: false,
        }
    }

    /// Draws cells whose first place is told anew.
    fn run(&mut self, cells: &[(u16, u16, &Cell)]) -> io::Result<()> {
        self.pen.write(&mut self.bytes, cells.iter().copied())
    }

    /// Draws a line as if nothing were there.
    pub(super) fn rewrite(&mut self, line: &Buffer) -> io::Result<()> {
        self.pen.empty(&mut self.bytes, line.area.y)?;
        let cells = Buffer::empty(line.area);
        self.draw(cells.diff(line).into_iter())
    }
}

impl Backend for Frames {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.moved = true;
        // before a cell that may be drawn narrower than we believe its whole place is emptied, so that what stood in
        // the rest of it goes; after a disputed cell the place is said again, so that nothing behind it is shifted
        let cells: Vec<_> = content.collect();
        let mut from = 0;
        for at in 0..cells.len() {
            let (x, y, cell) = cells[at];
            // what is drawn beside it is not a part of its place
            let beside = cells.get(at + 1).filter(|(_, line, _)| *line == y);
            let room = beside.map_or(u16::MAX, |(next, ..)| next.saturating_sub(x));
            let place = emptied(cell).min(room);
            if place > 1 {
                self.run(&cells[from..at])?;
                from = at;
                let mut blank = Cell::new(" ");
                blank.set_style(cell.style());
                let blanks: Vec<_> = (x..x.saturating_add(place))
                    .map(|x| (x, y, &blank))
                    .collect();
                self.run(&blanks)?;
            }
            if is_disputed(cell) {
                self.run(&cells[from..=at])?;
                from = at + 1;
            }
        }
        self.run(&cells[from..])?;
        self.pen.rest(&mut self.bytes)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor.take().is_some() {
            self.inner.hide_cursor()
        } else {
            Ok(())
        }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.cursor.is_none() {
            self.cursor = Some(Position::ORIGIN);
            self.moved = true;
            self.inner.show_cursor()?;
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or(Position::ORIGIN))
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor.is_some() && (self.moved || self.cursor != Some(position)) {
            self.cursor = Some(position);
            self.moved = false;
            self.inner.set_cursor_position(position)?;
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.moved = true;
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        let size = tcgetwinsize(&self.terminal)?;
        Ok(Size::new(size.ws_col, size.ws_row))
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        let size = tcgetwinsize(&self.terminal)?;
        Ok(WindowSize {
            columns_rows: Size::new(size.ws_col, size.ws_row),
            pixels: Size::new(size.ws_xpixel, size.ws_ypixel),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::screen::Harness;
    use crate::tui::event::Event;
    use crate::tui::tests::points::at_step;
    use crate::tui::theme::Theme;
    use crate::tui::view;
    use ratatui::layout::Rect;
    use ratatui::{Terminal, TerminalOptions, Viewport};

    #[test]
    fn point_36_frames_are_bracketed_and_silent_when_nothing_changed() {
        let bytes = Bytes::default();
        let elsewhere = std::fs::File::open("/dev/null").unwrap().into();
        let options = TerminalOptions {
            viewport: Viewport::Fixed(Rect::new(0, 0, 10, 2)),
        };
        let mut screen =
            Terminal::with_options(Frames::new(bytes.clone(), elsewhere), options).unwrap();
        let mut draw = |text: &str, cursor: Option<u16>| {
            screen
                .draw(|frame| {
                    frame
                        .buffer_mut()
                        .set_string(0, 0, text, ratatui::style::Style::new());
                    if let Some(x) = cursor {
                        frame.set_cursor_position((x, 0));
                    }
                })
                .unwrap();
            String::from_utf8(bytes.frame().unwrap_or_default()).unwrap()
        };
        let first = draw("ab", None);
        assert!(
            first.starts_with("\x1b[?2026h")
                && first.ends_with("\x1b[?2026l")
                && first.contains("ab"),
            "{first:?}"
        );
        assert_eq!(draw("ab", None), "");
        assert!(draw("ac", None).len() < 60);
        assert_eq!(
            draw("ac", Some(2)),
            "\x1b[?2026h\x1b[?25h\x1b[1;3H\x1b[?2026l"
        );
        assert_eq!(draw("ac", Some(2)), "");
        assert!(
            draw("ad", Some(2)).ends_with("\x1b[1;3H\x1b[?2026l"),
            "back to where it was"
        );
        assert_eq!(draw("ad", None), "\x1b[?2026h\x1b[?25l\x1b[?2026l");
    }

    #[test]
    fn point_33_a_step_that_changes_costs_few_bytes() {
        for (wide, high) in [(120, 35), (200, 60)] {
            let bytes = Bytes::default();
            let elsewhere = std::fs::File::open("/dev/null").unwrap().into();
            let options = TerminalOptions {
                viewport: Viewport::Fixed(Rect::new(0, 0, wide, high)),
            };
            let mut screen =
                Terminal::with_options(Frames::new(bytes.clone(), elsewhere), options).unwrap();
            let theme = Theme::with("dark", &toml::Table::new()).unwrap();
            let mut desk = Harness::new((wide, high));
            desk.press("jjjjj");
            desk.answer_panes();
            desk.press("f");
            let mut sizes = vec![];
            for step in 0..3 {
                let job = at_step(&desk, step);
                desk.sees(Event::JobLoaded(job.id.clone(), Some(Box::new(job))));
                screen
                    .draw(|frame| view::view(&desk.model, &theme, frame.buffer_mut()))
                    .unwrap();
                sizes.push(bytes.frame().map_or(0, |frame| frame.len()));
            }
            assert!(sizes[0] > 2_000, "the first draws all: {sizes:?}");
            let steps = &sizes[1..];
            assert!(
                steps.iter().all(|size| (1..400).contains(size)),
                "{sizes:?}"
            );
        }
    }

    #[test]
    fn the_whole_place_of_a_cell_of_doubtful_width_is_emptied_first() {
        for (symbol, cells) in [
            ("ｶ\u{FF9E}", 3), // half-width, voiced
            ("ﾊ\u{FF9F}", 3), // half-width, semi-voiced
            ("\u{FF9E}", 2),  // in a cell of its own
            ("\u{FF9F}", 2),
            ("\u{1FAE8}", 2), // a picture that is younger than many terminals
            ("\u{1F469}\u{200D}\u{1F4BB}", 2),
            ("e\u{301}", 0),
            ("日", 0),
            ("ｶ", 0),
            ("✓", 0),
            ("a", 0),
        ] {
            assert_eq!(
                emptied(&Cell::new(symbol.to_owned().leak())),
                cells,
                "{symbol}"
            );
        }
        let elsewhere = std::fs::File::open("/dev/null").unwrap().into();
        let bytes = Bytes::default();
        let mut frames = Frames::new(bytes.clone(), elsewhere);
        let kana = Cell::new("ｶ\u{FF9E}");
        let (left, right) = (Cell::new("a"), Cell::new("b"));
        frames
            .draw([(0, 0, &left), (1, 0, &kana), (4, 0, &right)].into_iter())
            .unwrap();
        let drawn = String::from_utf8(bytes.frame().unwrap()).unwrap();
        let before = drawn.split("ｶ").next().unwrap();
        assert!(
            before.contains("\x1b[1;2H   ") && before.ends_with("\x1b[1;2H"),
            "{drawn:?}"
        );
    }

    #[test]
    fn nothing_stays_beside_a_sound_mark_that_has_a_cell_of_its_own() {
        let elsewhere = std::fs::File::open("/dev/null").unwrap().into();
        let bytes = Bytes::default();
        let mut frames = Frames::new(bytes.clone(), elsewhere);
        let cells = ["\u{FF80}", "\u{FF9E}", " "].map(|text| Cell::new(text.to_owned().leak()));
        // the differ leaves out the third column, where something else stood
        let drawn = [0, 1, 3].into_iter().zip(&cells);
        frames.draw(drawn.map(|(x, cell)| (x, 0, cell))).unwrap();
        let drawn = String::from_utf8(bytes.frame().unwrap()).unwrap();
        let (before, behind) = drawn.split_once('\u{FF9E}').unwrap();
        assert!(before.contains("\x1b[1;2H  "), "{drawn:?}");
        assert!(before.ends_with("\x1b[1;2H"), "{drawn:?}");
        assert!(behind.contains("\x1b[4G"), "{drawn:?}");
    }

    #[test]
    fn what_stands_behind_a_disputed_cell_is_placed_anew() {
        let elsewhere = std::fs::File::open("/dev/null").unwrap().into();
        let bytes = Bytes::default();
        let mut frames = Frames::new(bytes.clone(), elsewhere);
        let cells: Vec<Cell> = ["a", "र्मा", "b", "c"]
            .into_iter()
            .map(|text| Cell::new(text.to_owned().leak()))
            .collect();
        frames
            .draw(cells.iter().zip(0..).map(|(cell, x)| (x, 0, cell)))
            .unwrap();
        let drawn = String::from_utf8(bytes.frame().unwrap()).unwrap();
        let behind = drawn.split("र्मा").nth(1).unwrap();
        assert!(behind.contains("\x1b[1;3H"), "{drawn:?}");
        assert_eq!(drawn.matches('H').count(), 2, "{drawn:?}");
    }
}
