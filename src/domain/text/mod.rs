//! Text that is safe to draw ([`Shown`]): control, hidden and direction characters become visible ASCII marks.

mod class;
mod entities;
mod export;
mod latin;

use class::Class;
pub(crate) use entities::decode_entities;
pub(crate) use export::{escape_json, for_csv};
pub(crate) use latin::plain_letter;
use std::fmt;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The sign at the end of a text that was cut.
pub(crate) const CUT: char = '~';

/// How many combining marks one base letter may carry; more than an honest name needs.
const MARKS: usize = 4;

/// Text that is safe to draw, with the places that are our marks and not the author's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Shown {
    text: String,
    /// Byte ranges of `text`, in order, never touching.
    warnings: Vec<Range<usize>>,
    width: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    /// Whether it is our mark for something that was not shown.
    pub(crate) warning: bool,
}

impl Shown {
    /// Reads the whole text; where it may be huge, use [`Shown::of_limited`].
    pub(crate) fn of(raw: &str) -> Self {
        if class::plain(raw) {
            return Self {
                text: raw.into(),
                warnings: Vec::new(),
                width: raw.len(),
            };
        }
        let mut pen = Pen::with_room(raw.len());
        pen.write(raw);
        pen.finish()
    }

    /// Reads only the first `max_chars` characters, and ends in `~` when there are more.
    pub(crate) fn of_limited(raw: &str, max_chars: usize) -> Self {
        let Some((end, _)) = raw.char_indices().nth(max_chars) else {
            return Self::of(raw);
        };
        let mut shown = Self::of(&raw[..end]);
        shown.text.push(CUT);
        shown.width += 1;
        shown
    }

    pub(crate) fn plain(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_plain(self) -> String {
        self.text
    }

    /// How many cells it takes, counted cluster by cluster as the drawing does.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn is_marked(&self) -> bool {
        !self.warnings.is_empty()
    }

    pub(crate) fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::with_capacity(self.warnings.len() * 2 + 1);
        let mut at = 0;
        for range in &self.warnings {
            if at < range.start {
                pieces.push(Piece {
                    text: &self.text[at..range.start],
                    warning: false,
                });
            }
            pieces.push(Piece {
                text: &self.text[range.clone()],
                warning: true,
            });
            at = range.end;
        }
        if at < self.text.len() {
            pieces.push(Piece {
                text: &self.text[at..],
                warning: false,
            });
        }
        pieces
    }

    /// At most `width` cells of it, ending in `~` when that is not all. Clusters are never split.
    pub(crate) fn cut(&self, width: usize) -> Shown {
        if self.width <= width {
            return self.clone();
        }
        if width == 0 {
            return Shown::default();
        }
        let (end, taken) = self.prefix(width - 1);
        let mut text = String::with_capacity(end + 1);
        text.push_str(&self.text[..end]);
        text.push(CUT);
        let warnings = self
            .warnings
            .iter()
            .take_while(|r| r.start < end)
            .map(|r| r.start..r.end.min(end))
            .collect();
        Shown {
            text,
            warnings,
            width: taken + 1,
        }
    }

    /// Where the clusters that fit into `width` cells end, and how many cells they take.
    fn prefix(&self, width: usize) -> (usize, usize) {
        let (mut end, mut taken) = (0, 0);
        for piece in self.pieces() {
            for cluster in piece.text.graphemes(true) {
                let cells = cells(cluster);
                if taken + cells > width {
                    return (end, taken);
                }
                end += cluster.len();
                taken += cells;
            }
        }
        (end, taken)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl AsRef<str> for Shown {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// As the screen's library counts: it gives a half-width sound mark one cell more than the width tables do.
fn cells(cluster: &str) -> usize {
    if cluster.len() == 1 {
        return 1;
    }
    cluster.width() + cluster.chars().filter(|c| class::sound_mark(*c)).count()
}

/// After one of our marks no combining mark may follow, so that nothing changes what the mark looks like.
struct Pen {
    shown: Shown,
    before: Option<char>,
    marks: usize,
    swallowed: usize,
}

impl Pen {
    fn with_room(bytes: usize) -> Self {
        let shown = Shown {
            text: String::with_capacity(bytes),
            ..Shown::default()
        };
        Self {
            shown,
            before: None,
            marks: 0,
            swallowed: 0,
        }
    }

    fn write(&mut self, raw: &str) {
        let mut chars = raw.chars().peekable();
        while let Some(c) = chars.next() {
            let class = class::of(c);
            if class == Class::Mark && self.marks == MARKS {
                self.swallowed += 1;
                continue;
            }
            self.settle();
            match class {
                Class::Base => {
                    self.marks = 0;
                    self.keep(c);
                }
                Class::Mark if self.before.is_some() => {
                    self.marks += 1;
                    self.keep(c);
                }
                Class::Hidden if class::belongs(c, self.before, chars.peek().copied()) => {
                    self.keep(c)
                }
                Class::Mark | Class::Hidden => self.warn(&format!("<U+{:04X}>", u32::from(c))),
                Class::C0 => self.warn(class::caret(c)),
                Class::C1 => self.warn(&format!("<{:02X}>", u32::from(c))),
            }
        }
    }

    fn keep(&mut self, c: char) {
        self.shown.text.push(c);
        self.before = Some(c);
    }

    fn warn(&mut self, mark: &str) {
        self.settle();
        let start = self.shown.text.len();
        self.shown.text.push_str(mark);
        let end = self.shown.text.len();
        match self.shown.warnings.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => self.shown.warnings.push(start..end),
        }
        self.before = None;
        self.marks = 0;
    }

    /// Says how many combining marks were left out, once their run is over.
    fn settle(&mut self) {
        if self.swallowed > 0 {
            let count = std::mem::take(&mut self.swallowed);
            self.warn(&format!("<+{count}>"));
        }
    }

    fn finish(mut self) -> Shown {
        self.settle();
        let width = self
            .shown
            .pieces()
            .iter()
            .flat_map(|p| p.text.graphemes(true))
            .map(cells)
            .sum();
        Shown {
            width,
            ..self.shown
        }
    }
}

#[cfg(test)]
mod tests;
