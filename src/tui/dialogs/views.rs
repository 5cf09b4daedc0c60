//! Saving what the list shows under a name, and deleting a saved view.

use super::{Button, Form, Press, Question, Reply, Scene, entry, headless};
use crate::domain::saved_view::SavedView;
use crate::tui::effect::Effect;
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};

const NAME: usize = 0;

/// What is saved, still without its name.
#[derive(Debug)]
pub(crate) struct SaveView {
    pub(crate) view: SavedView,
}

impl SaveView {
    fn named(&self, form: &Form) -> SavedView {
        SavedView {
            name: form.text(NAME).trim().to_owned(),
            ..self.view.clone()
        }
    }
}

impl Question for SaveView {
    fn title(&self) -> Row {
        vec![span("Save this view", Role::Title)]
    }

    fn content(&self, form: &Form, scene: Scene) -> Vec<Row> {
        let view = self.named(form);
        let says = "Filter, order, columns and groups go into the file of saved views under this name. One of the same name is replaced.";
        let mut rows = wrap(says, scene.wide, Role::Text);
        rows.push(vec![]);
        let filter = match view.filter.as_str() {
            "" => "none",
            filter => filter,
        };
        entry(&mut rows, "filter", filter, Role::Text, scene);
        entry(&mut rows, "sort", &view.sort.words(), Role::Text, scene);
        if let Some(columns) = &view.columns {
            let columns: Vec<&str> = columns.iter().map(|it| it.word()).collect();
            entry(&mut rows, "columns", &columns.join(", "), Role::Text, scene);
        }
        if let Some(group) = view.group {
            entry(&mut rows, "group by", group.words(), Role::Text, scene);
        }
        if !view.name.is_empty() {
            match SavedView::bad_name(&view.name) {
                Some(bad) => entry(&mut rows, "name", &bad, Role::Warning, scene),
                None => headless(&mut rows, &view.command(), scene),
            }
        }
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        let good = SavedView::bad_name(form.text(NAME).trim()).is_none();
        vec![
            Button::confirm("Save", good && form.complete()),
            form.cancel(),
        ]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        Reply::Ask(Effect::SaveView(Box::new(self.named(form))))
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        heard(form, event)
    }
}

#[derive(Debug)]
pub(crate) struct DeleteView {
    pub(crate) name: String,
}

impl Question for DeleteView {
    fn title(&self) -> Row {
        vec![span("Delete a saved view", Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let says = format!(
            "`{}` is taken out of the file of saved views. No connection changes.",
            self.name
        );
        wrap(&says, scene.wide, Role::Text)
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        vec![
            Button::confirm("y  Delete it", true),
            Button::cancel("n  Keep it"),
        ]
    }

    fn press(&mut self, _: &mut Form, _: Press) -> Reply {
        Reply::Ask(Effect::DeleteView(self.name.clone()))
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        heard(form, event)
    }
}

fn heard(form: &mut Form, event: &Event) -> Reply {
    match event {
        Event::ViewsChanged(Ok(_)) => Reply::Close,
        Event::ViewsChanged(Err(reason)) => {
            form.refused = Some(reason.clone());
            Reply::Renew
        }
        _ => Reply::Stay,
    }
}
