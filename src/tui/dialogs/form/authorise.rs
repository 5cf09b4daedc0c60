//! The user's visit to the bank, played in the sandbox: they agree, leave, or refuse.

use super::password::about;
use super::{Form, What};
use crate::domain::connection::Label;
use crate::domain::views::ConnectionRow;
use crate::tui::dialogs::{Press, Scene, entry, headless};
use crate::tui::effect::{Effect, VisitEnd};
use crate::tui::role::Role;
use crate::tui::terminal::key::Key;
use crate::tui::widgets::canvas::{Row, Span, wrap};

/// The buttons that answer it.
pub(crate) const BUTTONS: [(usize, &str); 3] =
    [(0, "a  Agrees"), (1, "l  Leaves"), (2, "d  Denies")];

/// How a visit can end, as the buttons stand.
const ENDS: [VisitEnd; 3] = [VisitEnd::Agrees, VisitEnd::Leaves, VisitEnd::Denies];

/// Whose visit.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The connection as it was when the form opened.
    pub(crate) row: ConnectionRow,
}

/// The form.
pub(crate) fn form(row: ConnectionRow) -> Form {
    Form::new(What::Visit(Visit { row }), vec![])
}

/// The button of a letter.
pub(crate) fn letter(key: Key) -> Option<Press> {
    BUTTONS
        .iter()
        .find(|(_, words)| key.typed().is_some_and(|c| words.starts_with(c)))
        .map(|(n, _)| Press::Choose(*n))
}

impl Visit {
    pub(super) fn title(&self) -> Vec<Span> {
        about("At the bank", &self.row)
    }

    pub(super) fn content(&self, scene: Scene) -> Vec<Row> {
        let row = &self.row;
        let says =
            "Plays the user's part at the sandbox's bank. A real user does this there, not here.";
        let mut rows = wrap(says, scene.wide, Role::Text);
        rows.push(vec![]);
        let label = row.label.word();
        entry(
            &mut rows,
            "status now",
            &format!("{} {label}", scene.signs.label(row.label)),
            Role::of(row.label),
            scene,
        );
        let (agrees, denies) = match row.label {
            Label::PreInit => (
                "it becomes init, its accounts are fetched, and then it is active".to_owned(),
                "it becomes invalid: the authorisation failed".to_owned(),
            ),
            _ => (
                "a new period begins: init, then active; the accounts keep their ids".to_owned(),
                format!("nothing changes: it stays {label}, under what was agreed before"),
            ),
        };
        entry(&mut rows, "agrees", &agrees, Role::Good, scene);
        entry(
            &mut rows,
            "leaves",
            &format!("nothing changes: it stays {label} and the flow can be gone through again"),
            Role::Text,
            scene,
        );
        entry(&mut rows, "denies", &denies, Role::Warning, scene);
        headless(
            &mut rows,
            &format!("switchboard sandbox authorise {}", row.id),
            scene,
        );
        rows
    }

    pub(super) fn order(&self, press: Press) -> Option<Effect> {
        let Press::Choose(n) = press else { return None };
        Some(Effect::Visit {
            id: self.row.id.clone(),
            end: *ENDS.get(n)?,
        })
    }
}
