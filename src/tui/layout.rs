//! Where things stand on a screen; two columns of slack keep a class while a window is dragged over its edge.
//!
//! ```text
//! single          stacked              beside                  three
//! +--------+      +--------------+     +--------+-------+      +------+------+------+
//! |  list  |      |     list     |     |        |profile|      |      |      | jobs |
//! |   or   |      +-------+------+     |  list  +-------+      | list |profi.+------+
//! | another|      |profile| jobs |     |        | jobs  |      |      |      | job  |
//! +--------+      +-------+------+     +--------+-------+      +------+------+------+
//! ```

use ratatui::layout::{Constraint, Layout as Split, Rect};

/// The most rows of the strip of messages, with its frame; it has no more than there are messages.
const ACTIVITY: u16 = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Too small: a notice, and nearly every key is dead.
    Tiny,
    Single,
    Stacked,
    /// The list at the left of profile over jobs.
    Beside,
    /// List, profile, jobs, each in a column.
    Three,
}

/// The smallest screen that is not tiny.
pub(crate) const LEAST: (u16, u16) = (40, 10);

/// Columns by which a class is kept when the screen shrinks.
const SLACK: u16 = 2;

impl Class {
    /// The class of a screen; `before` is the one it had.
    pub(crate) fn of(width: u16, height: u16, before: Option<Class>) -> Self {
        let fresh = Self::fresh(width, height);
        match before {
            Some(before)
                if before > fresh
                    && fresh != Class::Tiny
                    && before == Self::fresh(width + SLACK, height) =>
            {
                before
            }
            _ => fresh,
        }
    }

    fn fresh(width: u16, height: u16) -> Self {
        match (width, height) {
            (w, h) if w < LEAST.0 || h < LEAST.1 => Class::Tiny,
            (w, h) if w < 80 || (w < 120 && h < 24) || h < 14 => Class::Single,
            (w, _) if w < 120 => Class::Stacked,
            (w, _) if w < 180 => Class::Beside,
            _ => Class::Three,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) class: Class,
    pub(crate) header: Rect,
    /// None to three rows, when there is trouble.
    pub(crate) band: Rect,
    /// One row, two while a mistake is shown.
    pub(crate) filter: Rect,
    pub(crate) body: Rect,
    /// One row for what was said last; none on a low screen.
    pub(crate) news: Rect,
    pub(crate) hints: Rect,
    /// How many messages there are to show.
    told: u16,
}

impl Layout {
    /// The regions of a screen. `band` and `filter` are the rows those parts want; `told` is how many messages there are.
    pub(crate) fn of(area: Rect, class: Class, band: u16, filter: u16, told: usize) -> Self {
        let roomy = area.width >= 80 && area.height >= 24;
        let hints = if roomy || (class == Class::Single && area.height >= 14) {
            2
        } else {
            1
        };
        let band = band.min(area.height.saturating_sub(8));
        let news = u16::from(area.height >= 14 && class != Class::Tiny);
        let [header, band, filter, body, news, hints] = Split::vertical([
            Constraint::Length(1),
            Constraint::Length(band),
            Constraint::Length(filter),
            Constraint::Fill(1),
            Constraint::Length(news),
            Constraint::Length(hints),
        ])
        .areas(area);
        Self {
            class,
            header,
            band,
            filter,
            body,
            news,
            hints,
            told: u16::try_from(told).unwrap_or(u16::MAX),
        }
    }

    pub(crate) fn activity(&self) -> Option<Rect> {
        let roomy = self.class == Class::Three && self.body.height >= ACTIVITY * 5;
        let height = self.told.saturating_add(2).min(ACTIVITY);
        (roomy && self.told > 0).then(|| Rect {
            y: self.body.bottom() - height,
            height,
            ..self.body
        })
    }

    /// List, profile and jobs; none where one pane has it all.
    pub(crate) fn panes(&self) -> Option<[Rect; 3]> {
        let Rect { width, height, .. } = self.body;
        match self.class {
            Class::Tiny | Class::Single => None,
            Class::Stacked => {
                let lower = (height * 2 / 5).clamp(8, 18).min(height);
                let [list, below] = above(height - lower).areas(self.body);
                let [profile, jobs] = beside(width / 2).areas(below);
                Some([list, profile, jobs])
            }
            Class::Beside => {
                let [list, right] = beside(width * 2 / 3).areas(self.body);
                // the profile opens with what is to be done, and gets the room for it
                let [profile, jobs] =
                    above(height.saturating_sub((height / 3).max(9))).areas(right);
                Some([list, profile, jobs])
            }
            Class::Three => {
                let strip = self.activity().map_or(0, |strip| strip.height);
                let [panes, _] = above(height - strip).areas(self.body);
                let [list, rest] = beside(width * 28 / 50).areas(panes);
                let [profile, jobs] = beside(width * 23 / 100).areas(rest);
                Some([list, profile, jobs])
            }
        }
    }
}

fn beside(left: u16) -> Split {
    Split::horizontal([Constraint::Length(left), Constraint::Fill(1)])
}

pub(crate) fn above(upper: u16) -> Split {
    Split::vertical([Constraint::Length(upper), Constraint::Fill(1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_classes_they_are_said_to_have() {
        for (w, h, class) in [
            (39, 10, Class::Tiny),
            (40, 9, Class::Tiny),
            (1, 1, Class::Tiny),
            (40, 10, Class::Single),
            (60, 18, Class::Single),
            (79, 60, Class::Single),
            (80, 24, Class::Stacked),
            (90, 60, Class::Stacked),
            (120, 35, Class::Beside),
            (200, 60, Class::Three),
            (200, 20, Class::Three),
        ] {
            assert_eq!(Class::of(w, h, None), class, "{w}x{h}");
        }
    }

    #[test]
    fn a_class_is_kept_for_two_columns_when_shrinking_and_not_when_growing() {
        assert_eq!(Class::of(79, 24, Some(Class::Stacked)), Class::Stacked);
        assert_eq!(Class::of(78, 24, Some(Class::Stacked)), Class::Stacked);
        assert_eq!(Class::of(77, 24, Some(Class::Stacked)), Class::Single);
        assert_eq!(Class::of(79, 24, Some(Class::Single)), Class::Single);
        assert_eq!(Class::of(39, 24, Some(Class::Single)), Class::Tiny);
    }

    #[test]
    fn panes_fill_the_body_without_overlap_at_every_size() {
        for width in 1..=260 {
            for height in 1..=80 {
                let class = Class::of(width, height, None);
                let layout = Layout::of(Rect::new(0, 0, width, height), class, 3, 2, 4);
                let rows = [
                    layout.header,
                    layout.band,
                    layout.filter,
                    layout.body,
                    layout.news,
                    layout.hints,
                ];
                assert!(
                    rows.iter().map(|r| r.height).sum::<u16>() <= height,
                    "{width}x{height}"
                );
                if let Some(panes) = layout.panes() {
                    let panes: Vec<Rect> = panes.into_iter().chain(layout.activity()).collect();
                    let cells: u32 = panes
                        .iter()
                        .map(|r| u32::from(r.width) * u32::from(r.height))
                        .sum();
                    assert_eq!(
                        cells,
                        u32::from(layout.body.width) * u32::from(layout.body.height),
                        "{width}x{height}"
                    );
                    for (i, a) in panes.iter().enumerate() {
                        for b in &panes[i + 1..] {
                            assert!(a.intersection(*b).is_empty(), "{width}x{height}");
                        }
                    }
                }
            }
        }
    }
}
