//! The only place that paints: text goes through [`Shown`], is clipped by cells and named by a role.

pub(crate) use crate::domain::counts::{grouped_count as count, thousands};
use crate::domain::text::Shown;
use crate::tui::glyphs::Signs;
use crate::tui::hit::Hit;
use crate::tui::role::Role;
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::widgets::{Block, Widget};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) text: Shown,
    pub(crate) role: Role,
}

/// A run of text; it may come from anywhere.
pub(crate) fn span(text: impl AsRef<str>, role: Role) -> Span {
    Span {
        text: Shown::of_limited(text.as_ref(), 1000),
        role,
    }
}

pub(crate) fn text(text: impl AsRef<str>) -> Span {
    span(text, Role::Text)
}

pub(crate) type Row = Vec<Span>;

pub(crate) fn width(row: &[Span]) -> usize {
    row.iter().map(|span| span.text.width()).sum()
}

pub(crate) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: &'a Theme,
    pub(crate) signs: Signs,
    /// What a click meets; what was painted last lies on top.
    hits: Vec<(Rect, Hit)>,
}

impl<'a> Canvas<'a> {
    pub(crate) fn new(buffer: &'a mut Buffer, theme: &'a Theme, signs: Signs) -> Self {
        Self {
            buffer,
            theme,
            signs,
            hits: vec![],
        }
    }

    pub(crate) fn area(&self) -> Rect {
        self.buffer.area
    }

    pub(crate) fn hits(&mut self, area: Rect, hit: Hit) {
        self.hits.push((area, hit));
    }

    /// What is painted so far takes no click: something lies over it.
    pub(crate) fn no_hits(&mut self) {
        self.hits.clear();
    }

    pub(crate) fn hit(&self, x: u16, y: u16) -> Option<Hit> {
        let at = |(area, _): &&(Rect, Hit)| area.contains((x, y).into());
        self.hits.iter().rev().find(at).map(|(_, hit)| *hit)
    }

    /// Says how many cells it took; the text may come from anywhere.
    pub(crate) fn text(&mut self, x: u16, y: u16, width: u16, text: &str, role: Role) -> u16 {
        let plain = text.bytes().all(|b| (0x20..0x7f).contains(&b));
        if plain && text.len() <= usize::from(width) {
            return self.put(x, y, width, text, role);
        }
        self.shown(x, y, width, &Shown::of_limited(text, 1000), role)
    }

    pub(crate) fn shown(&mut self, x: u16, y: u16, width: u16, text: &Shown, role: Role) -> u16 {
        let cut;
        let text = if text.width() > usize::from(width) {
            cut = text.cut(usize::from(width));
            &cut
        } else {
            text
        };
        if !text.is_marked() {
            return self.put(x, y, width, text.plain(), role);
        }
        let mut used = 0;
        for piece in text.pieces() {
            let role = if piece.warning { Role::Hostile } else { role };
            used += self.put(x + used, y, width - used.min(width), piece.text, role);
        }
        used
    }

    pub(crate) fn row(&mut self, x: u16, y: u16, width: u16, row: &[Span]) -> u16 {
        let mut used = 0;
        for span in row {
            if used >= width {
                break;
            }
            used += self.shown(x + used, y, width - used, &span.text, span.role);
        }
        used
    }

    pub(crate) fn rows(&mut self, area: Rect, rows: &[Row]) {
        for (row, y) in rows.iter().zip(area.top()..area.bottom()) {
            self.row(area.x, y, area.width, row);
        }
    }

    /// Says in the frame's line when there are more.
    pub(crate) fn scrolled(&mut self, area: Rect, rows: &[Row], scroll: usize) {
        let height = usize::from(area.height);
        let scroll = scroll.min(rows.len().saturating_sub(height));
        self.rows(area, &rows[scroll..]);
        if rows.len() > scroll + height && area.width > 12 {
            let more = [span(" more ", Role::Dim)];
            self.right(area.right(), area.bottom(), area.width, &more);
        }
    }

    /// Ends before `x` if `width` cells hold it; says how many it took.
    pub(crate) fn right(&mut self, x: u16, y: u16, width: u16, row: &[Span]) -> u16 {
        let wide = self::width(row);
        if wide == 0 || wide > usize::from(width.min(x)) {
            return 0;
        }
        self.row(x - wide as u16, y, wide as u16, row)
    }

    fn put(&mut self, x: u16, y: u16, width: u16, text: &str, role: Role) -> u16 {
        let area = self.buffer.area;
        if y < area.y || y >= area.bottom() || x < area.x || x >= area.right() {
            return 0;
        }
        let width = width.min(area.right() - x);
        let (end, _) =
            self.buffer
                .set_stringn(x, y, text, usize::from(width), self.theme.style(role));
        if !text.is_ascii() {
            (x..end.saturating_sub(1)).for_each(|x| self.part(x, y));
        }
        end - x
    }

    /// Gives each advancing letter of a cluster its own cell (Thai sara am, Devanagari vowel signs), as terminals do.
    #[expect(
        clippy::disallowed_methods,
        reason = "both halves have just been let through"
    )]
    fn part(&mut self, x: u16, y: u16) {
        let symbol = self.buffer[(x, y)].symbol().to_owned();
        let mut advancing = symbol.char_indices().filter(|(_, c)| c.width() == Some(1));
        let (Some((0, _)), Some((second, _))) = (advancing.next(), advancing.next()) else {
            return;
        };
        if symbol.width() == 2 {
            let style = self.buffer[(x, y)].style();
            self.buffer[(x, y)].set_symbol(&symbol[..second]);
            self.buffer[(x + 1, y)]
                .set_symbol(&symbol[second..])
                .set_style(style);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a blank is our own")]
    pub(crate) fn fill(&mut self, area: Rect, role: Role) {
        let area = area.intersection(self.buffer.area);
        let style = self.theme.style(role);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                let cell = &mut self.buffer[(x, y)];
                cell.reset();
                cell.set_symbol(" ").set_style(style);
            }
        }
    }

    /// Lays a role over what is painted already.
    pub(crate) fn over(&mut self, area: Rect, role: Role) {
        let area = area.intersection(self.buffer.area);
        self.buffer.set_style(area, self.theme.style(role));
    }

    /// The words go first when it is narrow. Gives the rectangle inside.
    pub(crate) fn frame(
        &mut self,
        area: Rect,
        title: &[Span],
        right: &[Span],
        focused: bool,
    ) -> Rect {
        let area = area.intersection(self.buffer.area);
        if area.width < 2 || area.height < 2 {
            return Rect::new(area.x, area.y, 0, 0);
        }
        let role = if focused {
            Role::BorderFocus
        } else {
            Role::Border
        };
        let block = Block::bordered()
            .border_set(self.signs.frame())
            .border_style(self.theme.style(role));
        let inside = block.inner(area);
        block.render(area, self.buffer);
        self.caption(Rect::new(area.x, area.y, area.width, 1), title, right);
        inside
    }

    /// A frame over what is painted already, and the rectangle inside it with a blank on each side.
    pub(crate) fn window(&mut self, area: Rect, title: &[Span], right: &[Span]) -> Rect {
        self.fill(area, Role::Text);
        self.hits(area, Hit::Nothing);
        inset(self.frame(area, title, right, true))
    }

    pub(crate) fn caption(&mut self, line: Rect, left: &[Span], right: &[Span]) {
        let room = line.width.saturating_sub(6);
        let wide = width(left).min(usize::from(room)) as u16;
        if wide > 0 && room > 0 {
            let x = line.x + 2;
            self.put(x, line.y, 1, " ", Role::Title);
            let used = self.row(x + 1, line.y, room, left);
            self.put(x + 1 + used, line.y, 1, " ", Role::Title);
        }
        let spare = room.saturating_sub(wide + 3);
        let wide = width(right) as u16;
        if wide > 0 && wide <= spare {
            let x = line.right() - 3 - wide;
            self.put(x, line.y, 1, " ", Role::Title);
            self.row(x + 1, line.y, wide, right);
            self.put(x + 1 + wide, line.y, 1, " ", Role::Title);
        }
    }
}

pub(crate) fn inset(area: Rect) -> Rect {
    area.inner(Margin::new(1, 0))
}

/// Breaks between words where it can.
pub(crate) fn wrap(text: &str, width: usize, role: Role) -> Vec<Row> {
    let width = width.max(1);
    let shown = Shown::of_limited(text, 4000);
    let mut rows = Vec::new();
    let mut row = String::new();
    let mut used = 0;
    for word in shown.plain().split_whitespace() {
        let mut word = word.to_owned();
        loop {
            let wide = Shown::of(&word).width();
            let gap = usize::from(used > 0);
            if used + gap + wide <= width {
                if gap > 0 {
                    row.push(' ');
                }
                row.push_str(&word);
                used += gap + wide;
                break;
            }
            if used > 0 {
                rows.push(vec![span(std::mem::take(&mut row), role)]);
                used = 0;
                continue;
            }
            // A word longer than the line: as much of it as fits, by characters that have a width.
            let fits = word
                .char_indices()
                .map(|(i, c)| i + c.len_utf8())
                .take_while(|end| Shown::of(&word[..*end]).width() <= width);
            let end = fits
                .last()
                .unwrap_or_else(|| word.chars().next().map_or(0, char::len_utf8));
            rows.push(vec![span(&word[..end], role)]);
            word = word[end..].to_owned();
            if word.is_empty() {
                break;
            }
        }
    }
    if used > 0 || rows.is_empty() {
        rows.push(vec![span(row, role)]);
    }
    rows
}

/// Adds a text that goes on under itself behind a head.
pub(crate) fn hanging(rows: &mut Vec<Row>, head: Span, body: &str, role: Role, wide: usize) {
    let indent = head.text.width();
    let under = span(" ".repeat(indent), head.role);
    let lines = wrap(body, wide.saturating_sub(indent), role);
    let heads = std::iter::once(head).chain(std::iter::repeat(under));
    rows.extend(heads.zip(lines).map(|(head, mut line)| {
        line.insert(0, head);
        line
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_inside_what_is_too_long() {
        let rows = |text: &str, width| -> Vec<String> {
            wrap(text, width, Role::Text)
                .iter()
                .map(|r| r[0].text.plain().to_owned())
                .collect()
        };
        assert_eq!(rows("one two three", 7), ["one two", "three"]);
        assert_eq!(rows("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(rows("日本語", 4), ["日本", "語"]);
        assert_eq!(rows("日本語", 1), ["日", "本", "語"]);
        assert_eq!(rows("", 5), [""]);
    }
}
