//! Questions of a sentence.

use super::{Button, Form, Press, Question, Reply, Scene, short_ids};
use crate::domain::ids::ConnectionId;
use crate::tui::action::Action;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, span, wrap};

/// Quit while so many orders are in flight, and so many still count down.
#[derive(Debug)]
pub(crate) struct Quit {
    pub(crate) orders: usize,
    pub(crate) counting: usize,
}

impl Question for Quit {
    fn title(&self) -> Row {
        vec![span("Quit", Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let mut words = vec![];
        if self.orders > 0 {
            let orders = count(self.orders as u64, "order");
            let is = if self.orders == 1 { "has" } else { "have" };
            words.push(format!(
                "{orders} {is} not been answered yet. What was queued continues without this screen."
            ));
        }
        if self.counting > 0 {
            let orders = count(self.counting as u64, "order");
            words.push(format!("{orders} still counting down will not be sent."));
        }
        wrap(&words.join(" "), scene.wide, Role::Warning)
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        vec![Button::confirm("y  Quit", true), Button::cancel("n  Stay")]
    }

    fn press(&mut self, _: &mut Form, _: Press) -> Reply {
        Reply::Quit
    }
}

/// Clear so many marks at once.
#[derive(Debug)]
pub(crate) struct ClearMarks(pub(crate) usize);

impl Question for ClearMarks {
    fn title(&self) -> Row {
        vec![span("Clear marks", Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let marks = count(self.0 as u64, "mark");
        let words = format!("{marks} will be cleared. There is no undo.");
        wrap(&words, scene.wide, Role::Text)
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        vec![
            Button::confirm("y  Clear them", true),
            Button::cancel("n  Keep them"),
        ]
    }

    fn press(&mut self, _: &mut Form, _: Press) -> Reply {
        Reply::ClearMarks
    }
}

/// Act on marked connections of which the filter hides every one.
#[derive(Debug)]
pub(crate) struct HiddenMarks {
    pub(crate) action: Action,
    pub(crate) hidden: Vec<ConnectionId>,
}

impl Question for HiddenMarks {
    fn title(&self) -> Row {
        vec![span("Hidden marks", Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let marked = count(self.hidden.len() as u64, "marked connection");
        let words = format!(
            "This is for the {marked}, and the filter hides all of them: {}. The row under the cursor is not marked.",
            short_ids(&self.hidden)
        );
        wrap(&words, scene.wide, Role::Warning)
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        vec![
            Button::confirm("y  Act on them", true),
            Button::cancel("n  Cancel"),
        ]
    }

    fn press(&mut self, _: &mut Form, _: Press) -> Reply {
        Reply::Start(self.action)
    }
}
