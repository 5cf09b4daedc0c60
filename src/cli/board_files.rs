//! The files of the board besides the database: saved views, and what it goes on with at the next start.

use super::context::Context;
use super::exit::Failure;
use crate::config::{Mistake, file, views};
use crate::domain::saved_view::{KeptBoard, SavedView};
use crate::tui::runtime::{Ending, Left, ViewFile};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Replaces a file as a whole, for its owner only.
fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(folder)?;
    }
    let fresh = path.with_extension("toml.new");
    let mut how = std::fs::OpenOptions::new();
    let mut written = how
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    std::fs::rename(&fresh, path)
}

fn listed(path: &Path, mistakes: &[Mistake]) -> Option<String> {
    let first = mistakes.first()?;
    let more = match mistakes.len() {
        1 => String::new(),
        n => format!(" ({} more)", n - 1),
    };
    Some(format!(
        "{}:{}: {}{more}",
        path.display(),
        first.at,
        first.what
    ))
}

/// `views.toml` beside the configuration.
pub(crate) struct SavedViews {
    pub(crate) path: PathBuf,
}

impl SavedViews {
    fn text(&self) -> Result<String, String> {
        let text = file::text(&self.path).map_err(|error| error.to_string())?;
        Ok(text.unwrap_or_default())
    }

    /// Changes the file, unless it has a mistake, which a person has to mend first.
    fn change(&self, change: impl FnOnce(&str) -> String) -> Result<(), String> {
        let text = self.text()?;
        if let Some(wrong) = listed(&self.path, &views::views(&text).1) {
            return Err(format!("{wrong}; mend the file first, nothing was changed"));
        }
        write(&self.path, &change(&text))
            .map_err(|error| format!("{} cannot be written: {error}", self.path.display()))
    }

    /// The view of this name; the error names those there are.
    pub(crate) fn find(&self, name: &str) -> Result<SavedView, String> {
        let (mut all, wrong) = self.all()?;
        if let Some(at) = all.iter().position(|view| view.name == name) {
            // a view that is only half read would show something else than it says
            return wrong.map_or(Ok(all.swap_remove(at)), Err);
        }
        let names: Vec<String> = all.iter().map(|view| format!("`{}`", view.name)).collect();
        Err(match names.is_empty() {
            true => format!(
                "there is no saved view `{name}`; {} holds none",
                self.path.display()
            ),
            false => format!(
                "there is no saved view `{name}`; there are {}",
                names.join(", ")
            ),
        })
    }
}

impl ViewFile for SavedViews {
    fn all(&self) -> Result<(Vec<SavedView>, Option<String>), String> {
        let text = self.text()?;
        let (views, mistakes) = views::views(&text);
        Ok((views, listed(&self.path, &mistakes)))
    }

    fn save(&self, view: &SavedView) -> Result<(), String> {
        self.change(|text| views::with_view(text, view))
    }

    fn delete(&self, name: &str) -> Result<(), String> {
        self.change(|text| views::without_view(text, name))
    }
}

/// `board.toml` in the folder of states.
pub(crate) struct BoardState {
    pub(crate) path: PathBuf,
    /// Which board it is.
    pub(crate) database: String,
}

impl BoardState {
    /// What was kept. A file that does not read is set aside, and that is said.
    pub(crate) fn read(&self) -> (Option<KeptBoard>, Option<String>) {
        let text = match file::text(&self.path) {
            Ok(text) => text.unwrap_or_default(),
            Err(error) => return (None, Some(self.set_aside(&error.to_string()))),
        };
        let (kept, mistakes) = views::kept(&text, &self.database);
        match listed(&self.path, &mistakes) {
            Some(wrong) => (None, Some(self.set_aside(&wrong))),
            None => (kept, None),
        }
    }

    fn set_aside(&self, wrong: &str) -> String {
        let aside = self.path.with_extension("toml.damaged");
        match std::fs::rename(&self.path, &aside) {
            Ok(()) => format!(
                "What was kept of the last session does not read and is set aside as {}: {wrong}",
                aside.display()
            ),
            Err(error) => format!(
                "What was kept of the last session does not read ({wrong}) and cannot be set aside: {error}"
            ),
        }
    }

    pub(crate) fn write(&self, kept: &KeptBoard) -> io::Result<()> {
        // one that does not read was set aside at the start; another process may have written one since
        let text = file::text(&self.path).ok().flatten().unwrap_or_default();
        write(&self.path, &views::with_board(&text, &self.database, kept))
    }
}

/// Where the board of this database keeps what it goes on with; nowhere with `--read-only`.
pub(super) fn board_state(ctx: &Context, database: &Path) -> Result<Option<BoardState>, Failure> {
    if ctx.common.read_only {
        return Ok(None);
    }
    let whole = std::path::absolute(database).unwrap_or_else(|_| database.to_owned());
    let state = |path| BoardState {
        path,
        database: whole.display().to_string(),
    };
    Ok(ctx.places.board()?.map(state))
}

/// The file of saved views; none when there is no place for it.
pub(super) fn saved_views(ctx: &Context) -> Result<Option<SavedViews>, Failure> {
    Ok(ctx.places.views()?.map(|path| SavedViews { path }))
}

/// Keeps what the next start goes on with, and says what was done in the session.
pub(super) fn board_left(
    ctx: &mut Context,
    state: Option<BoardState>,
    left: &Left,
) -> Result<(), Failure> {
    if let Some(Err(error)) = state.map(|state| state.write(&left.kept)) {
        let words = format!("what the board shows could not be kept for the next start: {error}");
        ctx.out.complain(&words);
    }
    match left.ending {
        Ending::Quit => left.receipt.iter().try_for_each(|line| ctx.out.line(line)),
        // nobody is there to read it
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str) -> SavedView {
        SavedView {
            name: name.into(),
            filter: "via:ob".into(),
            ..SavedView::default()
        }
    }

    #[test]
    fn views_are_saved_found_and_deleted_for_the_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let file = SavedViews {
            path: dir.path().join("new/views.toml"),
        };
        assert!(file.find("a").unwrap_err().contains("holds none"));
        file.save(&view("a")).unwrap();
        file.save(&view("b")).unwrap();
        assert_eq!(file.find("b").unwrap(), view("b"));
        let mode = std::fs::metadata(&file.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        file.delete("b").unwrap();
        let said = file.find("b").unwrap_err();
        assert!(said.contains("there are `a`"), "{said}");
    }

    #[test]
    fn file_of_views_with_a_mistake_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("views.toml");
        let text = "[a]\nfilter = \"via:ob\"\n[b]\nsort = \"bnak\"\n";
        std::fs::write(&path, text).unwrap();
        let file = SavedViews { path: path.clone() };
        let said = file.save(&view("c")).unwrap_err();
        assert!(said.contains("views.toml:4:"), "{said}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        assert!(file.find("a").unwrap_err().contains("views.toml:4:"));
    }

    #[test]
    fn state_that_does_not_read_is_set_aside_and_said() {
        let dir = tempfile::tempdir().unwrap();
        let state = BoardState {
            path: dir.path().join("board.toml"),
            database: "/x.db".into(),
        };
        assert_eq!(state.read(), (None, None));
        let kept = KeptBoard {
            view: view(""),
            cursor: Some("id".into()),
            ..KeptBoard::default()
        };
        state.write(&kept).unwrap();
        assert_eq!(state.read(), (Some(kept.clone()), None));
        std::fs::write(&state.path, "[broken\n").unwrap();
        let (none, said) = state.read();
        let said = said.unwrap();
        assert!(none.is_none() && said.contains("board.toml:1:"), "{said}");
        assert!(dir.path().join("board.toml.damaged").exists());
        state.write(&kept).unwrap();
        assert_eq!(state.read(), (Some(kept), None));
    }
}
