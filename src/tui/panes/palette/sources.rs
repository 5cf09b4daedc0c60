//! Where the lines of the palette come from; a new sort of line is one more source.

use super::{Entry, Run, Sort};
use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::mask::Level;
use crate::domain::saved_view::{KeptSettings, SavedView};
use crate::domain::zone::Zone;
use crate::tui::glyphs::Signs;
use crate::tui::model::Model;
use crate::tui::panes::pages::Kind;
use crate::tui::panes::{help, rows_moved};
use crate::tui::theme::Theme;

type Source = fn(&Model) -> Vec<Entry>;

const SOURCES: &[Source] = &[actions, themes, levels, signs, mouse, usual, zones];

pub(super) fn known(model: &Model) -> Vec<Entry> {
    SOURCES.iter().flat_map(|source| source(model)).collect()
}

/// All that has a key here and is more than a motion, with the reason why it is off.
fn actions(model: &Model) -> Vec<Entry> {
    let entry = |line: help::Line| Entry {
        sort: match Kind::opened_by(line.action) {
            Some(_) => Sort::Page,
            None => Sort::Action,
        },
        words: line.action.words().to_owned(),
        name: line.action.name().to_owned(),
        keys: line.keys,
        off: line.off,
        many: false,
        run: Run::Act(line.action),
    };
    let lines = help::update::lines(model).into_iter();
    lines
        .filter(|line| rows_moved(line.action, 1).is_none())
        .map(entry)
        .collect()
}

fn setting(what: &str, value: &str, off: Option<&str>, run: Run) -> Entry {
    Entry {
        sort: Sort::Setting,
        words: format!("{what}: {value}"),
        name: format!("{} {value}", what.to_lowercase()),
        keys: String::new(),
        off: off.map(str::to_owned),
        many: false,
        run,
    }
}

/// That it is so already.
const SO: &str = "it is so already";

fn themes(_: &Model) -> Vec<Entry> {
    let theme = |name| setting("Theme", name, None, Run::Theme(name));
    Theme::names().map(theme).collect()
}

fn levels(model: &Model) -> Vec<Entry> {
    let level = |level: Level| {
        let off = match level {
            _ if level == model.level => Some(SO),
            _ if level < model.floor => Some("policy allows no less"),
            _ => None,
        };
        setting("Privacy", level.word(), off, Run::Privacy(level))
    };
    Level::ALL.into_iter().map(level).collect()
}

fn signs(model: &Model) -> Vec<Entry> {
    let ascii = model.first_signs == Signs::Ascii;
    [("ASCII", Signs::Ascii), ("Unicode", Signs::Unicode)]
        .into_iter()
        .map(|(word, signs)| {
            let off = match signs {
                _ if signs == model.signs => Some(SO),
                Signs::Unicode if ascii => Some("this terminal or its locale has no such signs"),
                _ => None,
            };
            setting("Signs", word, off, Run::Signs(signs))
        })
        .collect()
}

fn mouse(model: &Model) -> Vec<Entry> {
    let mouse = |(word, on)| {
        let off = (on == model.mouse).then_some(SO);
        setting("Mouse", word, off, Run::Mouse(on))
    };
    [("on", true), ("off", false)].map(mouse).into()
}

fn usual(model: &Model) -> Vec<Entry> {
    let nothing = model.set == KeptSettings::default();
    let off = nothing.then_some("nothing was set here");
    vec![setting("Settings", "as configured", off, Run::Usual)]
}

fn zones(model: &Model) -> Vec<Entry> {
    let zone = |zone: Zone| {
        let off = (zone == model.zone).then_some(SO);
        Entry {
            many: true,
            ..setting("Time zone", zone.title(), off, Run::Zone(zone))
        }
    };
    Zone::all().map(zone).collect()
}

pub(super) fn view(view: &SavedView) -> Entry {
    Entry {
        sort: Sort::View,
        words: view.name.clone(),
        name: view.filter.clone(),
        keys: String::new(),
        off: None,
        many: false,
        run: Run::View(Box::new(view.clone())),
    }
}

pub(super) fn bank((id, name): &(InstitutionId, String)) -> Entry {
    Entry {
        sort: Sort::Bank,
        words: name.clone(),
        name: id.to_string(),
        keys: String::new(),
        off: None,
        many: false,
        run: Run::Show(format!("bank={id}")),
    }
}

pub(super) fn person((id, name): &(UserId, String)) -> Entry {
    Entry {
        sort: Sort::Person,
        words: name.clone(),
        name: id.to_string(),
        keys: String::new(),
        off: None,
        many: false,
        run: Run::Show(format!("user:{id}")),
    }
}
