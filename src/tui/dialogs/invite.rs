//! Asking users to act again: a link is made where there is none, and it is noted that they were asked.

use super::{Button, Form, Press, Question, Reply, Scene, connection_title, headless};
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::tui::deeds;
use crate::tui::effect::Order;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};

#[derive(Debug)]
pub(super) struct Invite {
    pub(super) of: Vec<ConnectionId>,
    pub(super) level: Level,
}

impl Question for Invite {
    fn title(&self) -> Row {
        match &self.of[..] {
            [id] => connection_title("Ask the user", id, None),
            of => {
                let words = format!("Ask the users  of {} marked connections", of.len());
                vec![span(words, Role::Title)]
            }
        }
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let says = "Makes the link for the consent page where none is good, and notes that the user is asked now. Nothing is sent from here: call or write them yourself.";
        let mut rows = wrap(says, scene.wide, Role::Text);
        if self.of.len() > 1 {
            let left = "Who was asked within 7 days is left out, and whose move it is not.";
            rows.extend(wrap(left, scene.wide, Role::Text));
        }
        let command = format!("switchboard {}", deeds::invite(&self.of));
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
            of: self.of.clone(),
            level: self.level,
        })
    }
}
