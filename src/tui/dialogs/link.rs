//! A link for a user of a platform, where only the user can connect, sign in anew or authorise.

use super::{Button, Form, Press, Question, Reply, Scene, headless};
use crate::domain::ids::UserId;
use crate::domain::mask::Level;
use crate::tui::effect::Order;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};

#[derive(Debug)]
pub(super) struct NewLink {
    pub(super) user: UserId,
    pub(super) level: Level,
}

impl Question for NewLink {
    fn title(&self) -> Row {
        let user = span(self.user.short(), Role::Dim);
        Row::from(vec![span("Link for user  ", Role::Title), user])
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let says = "The user connects, signs in anew or authorises at the platform. This has the platform make a link for that, which ends the one made before; it is shown here to be copied, and on the page of people.";
        let mut rows = wrap(says, scene.wide, Role::Text);
        let command = format!("switchboard auth-link create {}", self.user.short());
        headless(&mut rows, &command, scene);
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        vec![
            Button::confirm("y  Make it", form.sending.is_none()),
            Button::cancel("n  Cancel"),
        ]
    }

    fn press(&mut self, _: &mut Form, _: Press) -> Reply {
        Reply::Submit(Order::Link {
            user: self.user.clone(),
            level: self.level,
        })
    }
}
