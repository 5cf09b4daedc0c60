//! What the board keeps: the look at the list as a view, and where one was. Nothing personal is kept, and no mark.

use crate::domain::ids::ConnectionId;
use crate::domain::list_columns::Column;
use crate::domain::query::{Scope, parse_in, personal};
use crate::domain::saved_view::{KeptBoard, KeptSettings, SavedView};
use crate::domain::views::Place;
use crate::tui::dialogs;
use crate::tui::dialogs::field::FormField;
use crate::tui::dialogs::views::{DeleteView, SaveView};
use crate::tui::effect::Effect;
use crate::tui::glyphs::Signs;
use crate::tui::model::Model;
use crate::tui::panes::connections::model::Land;
use crate::tui::panes::connections::update as list;
use crate::tui::panes::messages::Tone;
use crate::tui::panes::pages::{self, Kind};
use crate::tui::panes::palette::{self, Run};
use crate::tui::panes::{Pane, pages::Item};
use crate::tui::theme::Theme;
use crate::tui::update;

/// The most filters of the history that are kept.
const FILTERS: usize = 20;

/// What the list shows, still without a name.
fn looked_at(model: &Model) -> SavedView {
    let list = &model.list;
    let groups = model.pages.shown().filter(|page| page.kind == Kind::Groups);
    SavedView {
        name: String::new(),
        filter: list.filter.query.text.trim().to_owned(),
        sort: list.sort,
        columns: (list.columns != Column::USUAL).then(|| list.columns.clone()),
        group: groups.map(|page| page.by),
    }
}

fn look(model: &mut Model, view: &SavedView) {
    let list = &mut model.list;
    list.columns = view.columns.clone().unwrap_or(Column::USUAL.to_vec());
    list.sort = view.sort;
    list.window.headed = view.sort.headed();
    // of which it was changed before, or else every key would have to ask whether it was
    let _ = list.filter.set(&view.filter);
}

/// Opens a saved view.
pub(crate) fn open_view(model: &mut Model, view: &SavedView) -> Vec<Effect> {
    model.pages.close();
    model.focus = Pane::Connections;
    look(model, view);
    let effects = list::ordered(&mut model.list, view.sort, model.at);
    if let Some(by) = view.group {
        pages::update::group(model, by);
    }
    model.say(Tone::Plain, format!("View `{}`.", view.name));
    effects
}

/// The dialog that saves what the list shows. What may be a person's name is not written to a file.
pub(crate) fn save_view(model: &mut Model) {
    let filter = &model.list.filter;
    if let Some(word) = personal(&filter.query, &filter.banks) {
        let words = format!(
            "Not saved: `{word}` may be a person's, and a view is kept in the clear; find a user by their id (user=ID)."
        );
        model.say(Tone::Bad, words);
        return;
    }
    let question = SaveView {
        view: looked_at(model),
    };
    let form = dialogs::Form::with(vec![FormField::text("name", "", false)]);
    dialogs::update::open(model, Box::new(question), form);
}

/// The dialog that deletes the saved view under the cursor.
pub(crate) fn delete_view(model: &mut Model) {
    let page = model.pages.shown();
    let Some(Item::View(view)) = page.and_then(|page| page.current()).map(|line| &line.item) else {
        return;
    };
    let question = DeleteView {
        name: view.name.clone(),
    };
    dialogs::update::open(model, Box::new(question), Default::default());
}

fn pane(pane: Pane) -> &'static str {
    match pane {
        Pane::Connections => "connections",
        Pane::Profile => "profile",
        Pane::Jobs | Pane::Job => "jobs",
    }
}

pub(crate) fn keep(model: &Model) -> KeptBoard {
    let mut view = looked_at(model);
    let filter = &model.list.filter;
    if personal(&filter.query, &filter.banks).is_some() {
        view.filter.clear();
    }
    let nobodys = |text: &&String| {
        let read = parse_in(text, Scope::Connections, model.zone);
        read.is_ok_and(|query| personal(&query, &filter.banks).is_none())
    };
    let mut filters: Vec<String> = filter.past().iter().filter(nobodys).cloned().collect();
    filters.drain(..filters.len().saturating_sub(FILTERS));
    KeptBoard {
        view,
        cursor: model.selected().map(|line| line.row.id.to_string()),
        page: model.pages.kind().and_then(Kind::kept).map(str::to_owned),
        pane: Some(pane(model.focus).to_owned()).filter(|name| name != "connections"),
        zoom: model.zoom,
        filters,
        settings: model.set.clone(),
    }
}

/// Sets again what was set on the board. What is not possible any more stays as it is configured.
fn set_again(model: &mut Model, kept: &KeptSettings) -> Vec<Effect> {
    let theme = Theme::names().find(|name| kept.theme.as_deref() == Some(*name));
    let signs = kept.ascii.map(|ascii| match ascii {
        true => Signs::Ascii,
        false => model.first_signs,
    });
    let runs = [
        theme.map(Run::Theme),
        kept.privacy.map(Run::Privacy),
        signs.map(Run::Signs),
        kept.mouse.map(Run::Mouse),
        kept.zone.map(Run::Zone),
    ];
    let runs = runs.into_iter().flatten();
    let effects = runs
        .flat_map(|run| palette::update::set(model, run))
        .collect();
    // nobody set them just now, and what was not possible is not forgotten
    model.notices = Default::default();
    model.set = kept.clone();
    effects
}

/// Goes on with what was kept.
pub(crate) fn go_on(model: &mut Model, kept: &KeptBoard) -> Vec<Effect> {
    let mut effects = set_again(model, &kept.settings);
    look(model, &kept.view);
    model.list.filter.recalls(kept.filters.clone());
    let named = |it: &Pane| kept.pane.as_deref() == Some(pane(*it));
    model.focus = Pane::WALK.into_iter().find(named).unwrap_or_default();
    model.zoom = kept.zoom;
    if let Some(by) = kept.view.group {
        pages::update::group(model, by);
    }
    let page = Kind::ALL
        .into_iter()
        .find(|it| it.kept().is_some() && it.kept() == kept.page.as_deref());
    if let Some(page) = page {
        pages::update::open(model, page);
    }
    let Some(cursor) = &kept.cursor else {
        effects.extend(update::begin(model));
        return effects;
    };
    let around = Place::Around(ConnectionId::from(cursor.as_str()));
    effects.extend(list::ask(&mut model.list, around, Land::Here, model.at));
    effects.push(Effect::LoadBanks);
    effects
}
