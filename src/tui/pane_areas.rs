//! Where the panes stand on the screen, by its size and what is open.

use crate::tui::layout::{Class, Layout, above};
use crate::tui::model::Model;
use crate::tui::panes::{Pane, pages};
use ratatui::layout::{Margin, Rect};

impl Model {
    pub(crate) fn layout(&self) -> Layout {
        let (width, height) = self.size;
        let band = if self.trouble.is_some() { 2 } else { 0 };
        let band = band + u16::from(self.countdown.len() > 0);
        let filter = self.filter();
        let explains = filter.mistake.is_some() || (filter.typing && filter.offer().is_some());
        Layout::of(
            Rect::new(0, 0, width, height),
            self.class,
            band,
            if explains { 2 } else { 1 },
            self.notices.all.len(),
        )
    }

    pub(crate) fn single(&self) -> bool {
        self.zoom
            || self.class <= Class::Single
            || (self.class == Class::Stacked && self.focus == Pane::Job)
    }

    /// Where each pane stands; those that are not there have no room.
    pub(crate) fn panes(&self) -> Vec<(Pane, Rect)> {
        let layout = self.layout();
        let Some([list, profile, jobs]) = layout.panes().filter(|_| !self.single()) else {
            return vec![(self.focus, layout.body)];
        };
        let mut panes = vec![(Pane::Connections, list), (Pane::Profile, profile)];
        if layout.class == Class::Three && jobs.height >= 24 {
            let [jobs, job] = above(jobs.height / 2).areas(jobs);
            panes.extend([(Pane::Jobs, jobs), (Pane::Job, job)]);
        } else if self.job.is_some() {
            panes.push((Pane::Job, jobs));
        } else {
            panes.push((Pane::Jobs, jobs));
        }
        panes
    }

    pub(crate) fn room(&self, pane: Pane) -> Option<Rect> {
        let (_, area) = self.panes().into_iter().find(|(p, _)| *p == pane)?;
        Some(area.inner(Margin::new(1, 1)))
    }

    pub(crate) fn titled(&self) -> bool {
        self.size.1 >= 14
    }

    /// How wide the rows of the list are.
    pub(crate) fn list_width(&self) -> u16 {
        let room = self.room(Pane::Connections);
        room.map_or(self.size.0, |room| room.width)
    }

    /// Fits what scrolls to its room; done after everything that may have changed it.
    pub(crate) fn lay_out(&mut self) {
        let titles = usize::from(self.titled());
        let rows = self
            .room(Pane::Connections)
            .map(|room| usize::from(room.height));
        if let Some(rows) = rows {
            self.list.height = rows.saturating_sub(titles).max(1);
        }
        self.list.window.settle(self.list.height);
        let body = self.layout().body;
        if let Some(page) = self.pages.shown_mut() {
            page.height = pages::view::height(body, page.kind);
            page.settle();
        }
    }
}
