//! Keys that belong to no pane: copying, privacy, reading again, quitting.

use crate::domain::mask::Level;
use crate::tui::action::Action;
use crate::tui::availability::judge;
use crate::tui::dialogs;
use crate::tui::dialogs::yes_no::Quit;
use crate::tui::effect::{CopyWhat, Effect, Subject};
use crate::tui::model::{Model, Over};
use crate::tui::panes::connections::update as list;
use crate::tui::panes::messages::Tone;

pub(super) fn copy(model: &mut Model, action: Action) -> Vec<Effect> {
    let subject = model.subject();
    if let (Some(page), Action::CopyCommand, None) = (model.pages.shown(), action, &subject) {
        return vec![Effect::CopyText(page.command())];
    }
    let Some(subject) = subject else {
        model.say(Tone::Plain, "Nothing here to copy but the command (c).");
        return vec![];
    };
    let what = match action {
        Action::CopyId => CopyWhat::Id,
        Action::CopyUser => CopyWhat::User,
        Action::CopyLink => CopyWhat::Link,
        Action::CopyJson => CopyWhat::Json,
        Action::CopyText => CopyWhat::Support,
        Action::CopyCommand => {
            let command = match &subject {
                Subject::Connection(id) => format!("switchboard connection {id}"),
                Subject::Job(id) => format!("switchboard job {id} --follow"),
            };
            return vec![Effect::CopyText(command)];
        }
        _ => return vec![],
    };
    vec![Effect::Copy {
        subject,
        what,
        level: model.level,
    }]
}

pub(super) fn page(model: &Model) -> Vec<Effect> {
    let level = model.level;
    let page = |subject| Effect::Page { subject, level };
    model.subject().map(page).into_iter().collect()
}

pub(super) fn privacy(model: &mut Model) {
    show_at(model, model.level.toggled(model.floor));
}

/// Milliseconds of use after which it is kept again that somebody looks.
const LOOKS_EVERY: u64 = 5 * 60_000;

/// Keeps now and then that somebody looks, so that it is known when they left.
pub(super) fn looks(model: &mut Model) -> Vec<Effect> {
    if model.read_only || model.at < model.looked + LOOKS_EVERY {
        return vec![];
    }
    model.looked = model.at;
    vec![Effect::KeepLook]
}

pub(super) fn nobody_here(model: &mut Model) {
    let idle = model
        .idle_after
        .is_some_and(|after| model.at.saturating_sub(model.touched) >= after);
    if idle && model.away.is_none() && model.level < Level::Strict {
        model.away = Some(model.level);
        show_at(model, Level::Strict);
    }
}

pub(super) fn somebody_here(model: &mut Model) {
    model.touched = model.at;
    if let Some(level) = model.away.take() {
        show_at(model, level);
    }
}

pub(crate) fn show_at(model: &mut Model, level: Level) {
    model.level = level;
    if let Some(Over::Palette(palette)) = &mut model.over {
        palette.forget();
    }
    model.list.window.remask(model.level);
    model.pages.forget();
    // What was read at the other level is dropped at once, not when the new one comes.
    model.profile.shown = None;
    model.profile.asked = None;
}

pub(super) fn reload(model: &mut Model) -> Vec<Effect> {
    model.profile.asked = None;
    model.jobs.asked = None;
    let mut effects = list::reorder(&mut model.list, model.at);
    effects.extend(
        model
            .job
            .as_ref()
            .map(|job| Effect::LoadJob(job.id.clone())),
    );
    effects
}

pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    let (orders, counting) = (model.in_flight.len(), model.countdown.len());
    match (orders, counting) {
        (0, 0) => vec![Effect::Quit],
        _ => {
            let question = Quit { orders, counting };
            dialogs::update::open(model, Box::new(question), Default::default());
            vec![]
        }
    }
}

/// Says why an action is not possible; of a purge in a dialog.
pub(super) fn impossible(model: &mut Model, action: Action, reason: &str) {
    let target = model.target().and_then(|id| model.line(&id));
    let row = target.map(|line| line.row.clone());
    match row {
        Some(row)
            if action == Action::Purge
                && model.pages.kind().is_none()
                && !model.read_only
                && model.list.marks.len() < 2
                && judge(&row, action).is_err() =>
        {
            dialogs::start::explain_no_purge(model, row);
        }
        _ => {
            // the first words of what it is called
            let name = action.words().split([':', ';', ',']).next();
            let words = format!("{}: {reason}.", name.unwrap_or_default());
            model.say(Tone::Bad, words);
        }
    }
}
