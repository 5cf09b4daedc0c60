//! Opening the palette, the keys in it, and what its lines do.

use super::{Model as Palette, Run, sources};
use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::saved_view::{KeptSettings, SavedView};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::glyphs::Signs;
use crate::tui::kept;
use crate::tui::model::{Model, Over};
use crate::tui::panes::connections::update as list;
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{Pane, rows_moved};
use crate::tui::terminal::key::Key;
use crate::tui::update::view_actions::show_at;

/// From so many characters on people are looked for.
const LEAST: usize = 2;

pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let known = sources::known(model);
    // of no other palette, also of one that was closed
    let generation = model.at;
    model.over = Some(Over::Palette(Box::new(Palette::new(known, generation))));
    vec![Effect::Seek {
        generation,
        people: None,
        level: model.level,
    }]
}

/// Takes a key of the palette; what its line asks for, when it is run.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Run> {
    let Some(Over::Palette(palette)) = &mut model.over else {
        return None;
    };
    match action {
        Action::Back => model.over = None,
        Action::PaneNext => palette.step(1),
        Action::HelpRun => {
            let run = palette.current()?.run.clone();
            model.over = None;
            return Some(run);
        }
        _ => {
            if let Some(by) = rows_moved(action, 10) {
                palette.step(by);
            }
        }
    }
    None
}

pub(crate) fn type_key(model: &mut Model, key: Key) -> Vec<Effect> {
    if let Some(Over::Palette(palette)) = &mut model.over
        && palette.search.press(key)
    {
        return typed(model);
    }
    vec![]
}

pub(crate) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if let Some(Over::Palette(palette)) = &mut model.over {
        palette.search.insert(text);
        return typed(model);
    }
    vec![]
}

/// What is known is narrowed at once; people are looked for in the file.
fn typed(model: &mut Model) -> Vec<Effect> {
    let level = model.level;
    let Some(Over::Palette(palette)) = &mut model.over else {
        return vec![];
    };
    palette.generation += 1;
    palette.people.clear();
    palette.moved = false;
    palette.narrow();
    let text = palette.search.text().trim();
    if text.chars().count() < LEAST {
        return vec![];
    }
    vec![Effect::Seek {
        generation: palette.generation,
        people: Some(text.to_owned()),
        level,
    }]
}

pub(crate) fn filled(
    model: &mut Model,
    banks: Vec<(InstitutionId, String)>,
    views: Vec<SavedView>,
) {
    if let Some(Over::Palette(palette)) = &mut model.over {
        (palette.banks, palette.views) = (banks, views);
        palette.narrow();
    }
}

pub(crate) fn people_found(model: &mut Model, generation: u64, people: Vec<(UserId, String)>) {
    if let Some(Over::Palette(palette)) = &mut model.over
        && palette.generation == generation
    {
        palette.people = people;
        palette.narrow();
    }
}

/// What is set is said; what is shown is the list with that filter.
pub(crate) fn set(model: &mut Model, run: Run) -> Vec<Effect> {
    match run {
        Run::Act(_) => {}
        Run::Show(filter) => {
            model.pages.leave();
            model.go(Pane::Connections);
            let done = model.list.filter.set(&filter);
            return list::refilter(&mut model.list, done, model.at);
        }
        Run::View(view) => return kept::open_view(model, &view),
        Run::Theme(name) => {
            model.set.theme = Some(name.to_owned());
            return vec![Effect::UseTheme(name)];
        }
        Run::Mouse(on) => {
            model.set.mouse = Some(on);
            model.mouse = on;
            return vec![Effect::UseMouse(on)];
        }
        Run::Privacy(level) => {
            model.set.privacy = Some(level);
            show_at(model, level.max(model.floor));
        }
        Run::Signs(signs) => {
            model.set.ascii = Some(signs == Signs::Ascii);
            model.signs = signs;
            model.pages.changed();
        }
        Run::Usual => {
            model.set = KeptSettings::default();
            let words = "From the next start on, what is configured holds again.";
            model.say(Tone::Plain, words);
        }
        Run::Zone(zone) => {
            model.set.zone = Some(zone);
            (model.zone, model.list.filter.zone) = (zone, zone);
            model.pages.use_zone(zone);
            let words = format!("Times are told in {}.", zone.title());
            model.say(Tone::Plain, words);
            return vec![Effect::UseZone(zone)];
        }
    }
    vec![]
}
