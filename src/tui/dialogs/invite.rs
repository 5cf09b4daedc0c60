//! Asking a user to act again: the link is made where there is none, and it is noted that they were asked.

use super::{Button, Form, Press, Question, Reply, Scene, connection_title, headless};
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::tui::effect::Order;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, wrap};

#[derive(Debug)]
pub(super) struct Invite {
    pub(super) connection: ConnectionId,
    pub(super) level: Level,
}

impl Question for Invite {
    fn title(&self) -> Row {
        connection_title("Ask the user", &self.connection, None)
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let says = "Makes the link for the consent page where none is good, and notes that the user is asked now. Nothing is sent from here: call or write them yourself.";
        let mut rows = wrap(says, scene.wide, Role::Text);
        let command = format!(
            "switchboard invite {} --mark-asked",
            self.connection.short()
        );
        headless(&mut rows, &command, scene);
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        vec![
            Button::confirm("y  Note it", form.sending.is_none()),
            Button::cancel("n  Cancel"),
        ]
    }

    fn press(&mut self, _: &mut Form, _: Press) -> Reply {
        Reply::Submit(Order::Invite {
            id: self.connection.clone(),
            level: self.level,
        })
    }
}
