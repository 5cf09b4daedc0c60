//! Why a connection is as it is, whose move it is, and the three actions with their state.

use super::rows::paragraph;
use crate::domain::diagnosis::{self, Facts, Whose};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::ConnectionPane;
use crate::tui::action::Action;
use crate::tui::availability::{acts_on_row, judge};
use crate::tui::layer::Layer;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};

const ACTIONS: [(Action, &str); 3] = [
    (Action::Refresh, "refresh"),
    (Action::Purge, "purge"),
    (Action::Revoke, "revoke"),
];

pub(super) fn rows(
    rows: &mut Vec<Row>,
    model: &Model,
    row: &ConnectionRow,
    pane: Option<&ConnectionPane>,
    wide: usize,
) {
    let meaning = diagnosis::explain(&facts(model, row, pane));
    paragraph(rows, "WHY", &meaning.headline, Role::Text, wide);
    let next = meaning.what_to_do.first().map_or("", String::as_str);
    let (whose, role) = match meaning.whose {
        Whose::Nobody => (String::new(), Role::Dim),
        Whose::System => ("goes on by itself: ".to_owned(), Role::Text),
        Whose::Us => ("ours: ".to_owned(), Role::Text),
        other => (format!("{}: ", other.possessive()), Role::Text),
    };
    paragraph(rows, "MOVE", &format!("{whose}{next}"), role, wide);
    actions(rows, model, row, wide);
}

/// What the list knows of it, and of its surroundings what was read with the profile.
fn facts(model: &Model, row: &ConnectionRow, pane: Option<&ConnectionPane>) -> Facts {
    let facts = Facts::of_row(row, model.now).told_in(model.zone);
    let Some(pane) = pane else { return facts };
    Facts {
        health: pane.around.health,
        measured: pane.around.measured,
        sequence: pane.around.sequence.clone(),
        consent: pane.around.consent,
        hold: pane.around.hold.clone(),
        ..facts
    }
}

/// One line with what is possible; under it, why the rest is not.
fn actions(rows: &mut Vec<Row>, model: &Model, row: &ConnectionRow, wide: usize) {
    let mut line: Row = vec![];
    let mut off: Vec<(String, String)> = vec![];
    for (action, words) in ACTIONS {
        let key = model.hints.key(Layer::Profile, action);
        let key = key.or_else(|| model.hints.key(Layer::Connections, action));
        let key = key.unwrap_or("").to_owned();
        match acts_on_row(model).and_then(|()| judge(row, action)) {
            Ok(()) => {
                line.push(span(&key, Role::HintKey));
                line.push(span(format!(" {words}   "), Role::Hint));
            }
            Err(reason) => {
                line.push(span(format!("({key} {words})  "), Role::Disabled));
                off.push((key, reason.to_string()));
            }
        }
    }
    rows.push(line);
    let same = off.iter().all(|(_, reason)| *reason == off[0].1);
    let heads = match off.as_slice() {
        [] => vec![],
        [(_, reason), _, ..] if same => vec![format!("Off: {reason}.")],
        some => some
            .iter()
            .map(|(key, reason)| format!("{key} off: {reason}."))
            .collect(),
    };
    for words in heads {
        rows.extend(wrap(&words, wide, Role::Dim));
    }
}
