//! The file of saved views, as whoever started the board gives it.

use super::executor::Executor;
use crate::domain::saved_view::SavedView;
use crate::tui::event::Event;
use std::sync::Arc;

/// Reads and writes saved views; an error is a sentence for people.
pub(crate) trait ViewFile: Send + Sync {
    /// In the order of the file, and what is wrong in it.
    fn all(&self) -> Result<(Vec<SavedView>, Option<String>), String>;

    /// In the place of the one of its name.
    fn save(&self, view: &SavedView) -> Result<(), String>;

    fn delete(&self, name: &str) -> Result<(), String>;
}

pub(crate) type Views = Arc<dyn ViewFile>;

impl Executor {
    pub(crate) fn with_views(mut self, views: Option<Views>) -> Self {
        self.views = views;
        self
    }

    /// The saved views; what is wrong in the file is told beside them.
    pub(crate) fn saved_views(&self) -> Result<Vec<SavedView>, String> {
        let Some(file) = &self.views else {
            return Ok(vec![]);
        };
        let (views, wrong) = file.all()?;
        if let Some(wrong) = wrong {
            self.tell(Event::Failed(wrong));
        }
        Ok(views)
    }

    pub(super) fn save_view(&self, view: &SavedView) {
        let saved = self.with_file(|file| file.save(view));
        let saved = saved.map(|()| format!("Saved as `{}`; o lists the saved views.", view.name));
        self.tell(Event::ViewsChanged(saved));
    }

    pub(super) fn delete_view(&self, name: &str) {
        let deleted = self.with_file(|file| file.delete(name));
        self.tell(Event::ViewsChanged(
            deleted.map(|()| format!("View `{name}` is deleted.")),
        ));
    }

    fn with_file(
        &self,
        work: impl FnOnce(&dyn ViewFile) -> Result<(), String>,
    ) -> Result<(), String> {
        match &self.views {
            Some(file) => work(file.as_ref()),
            None => Err("there is no place for saved views: set HOME or XDG_CONFIG_HOME".into()),
        }
    }
}
