//! What a mouse does on the screen: each click goes where the text stands that it is meant for.

use crate::domain::act::ActKind;
use crate::domain::views::SortField;
use crate::testing::fixtures::rows;
use crate::testing::plans::plan;
use crate::testing::screen::Harness;
use crate::tui::effect::Effect;
use crate::tui::event::Input;
use crate::tui::layer::Layer;
use crate::tui::panes::Pane;
use crate::tui::terminal::mouse::{Deed, Mouse};
use unicode_width::UnicodeWidthStr as _;

const WIDE: (u16, u16) = (120, 35);

/// Where this text begins on the screen for the last time, in cells.
fn place(desk: &Harness, text: &str) -> (u16, u16) {
    let screen = desk.screen();
    let lines: Vec<(usize, &str)> = screen.lines().enumerate().collect();
    let mut found = lines.into_iter().filter_map(|(y, line)| {
        let at = line.find(text)?;
        Some((line[..at].width() as u16, y as u16))
    });
    found
        .next_back()
        .unwrap_or_else(|| panic!("{text} is not on the screen:\n{screen}"))
}

fn at(desk: &mut Harness, deed: Deed, (x, y): (u16, u16), later: u64) -> Vec<Effect> {
    let at = desk.model.at + later;
    let mouse = Mouse { deed, x, y };
    desk.gets(Input::Mouse { mouse, at })
}

fn click(desk: &mut Harness, text: &str) -> Vec<Effect> {
    let place = place(desk, text);
    at(desk, Deed::Press, place, 1_000)
}

/// The beginning of the name in this row, which may be cut on the screen.
fn name(desk: &Harness, row: usize) -> String {
    let name = desk.model.list.window.lines()[row].user.plain();
    name.chars().take(8).collect()
}

/// Clicks on this text where it stands first: names come again in lower rows.
fn click_first(desk: &mut Harness, text: &str, times: u64) -> (u16, u16) {
    let screen = desk.screen();
    let mut lines = screen.lines().enumerate();
    let found = lines.find_map(|(y, line)| Some((y, line[..line.find(text)?].width())));
    let (y, x) = found.expect("the row is on the screen");
    let place = (x as u16, y as u16);
    for time in 0..times {
        at(
            desk,
            Deed::Press,
            place,
            if time == 0 { 1_000 } else { 100 },
        );
    }
    place
}

fn cursor(desk: &Harness) -> usize {
    desk.model.list.window.cursor
}

#[test]
fn a_click_selects_a_row_and_a_double_click_opens_it() {
    let mut desk = Harness::new(WIDE);
    let wanted = desk.model.list.window.lines()[4].row.clone();
    // the name of its user stands in its row only
    let name = name(&desk, 4);
    desk.press("2");
    assert_eq!(desk.model.focus, Pane::Profile);
    click_first(&mut desk, &name, 1);
    assert_eq!(cursor(&desk), 4, "{} {}", wanted.id, desk.screen());
    assert_eq!(desk.model.focus, Pane::Connections);
    click_first(&mut desk, &name, 2);
    assert_eq!(desk.model.focus, Pane::Jobs);
}

#[test]
fn a_click_on_a_pane_gives_it_the_keys() {
    let mut desk = Harness::new(WIDE);
    click(&mut desk, "3 Jobs");
    assert_eq!(desk.model.focus, Pane::Jobs);
    click(&mut desk, "2 Profile");
    assert_eq!(desk.model.focus, Pane::Profile);
    click(&mut desk, "1 Connections");
    assert_eq!(desk.model.focus, Pane::Connections);
}

#[test]
fn a_click_on_a_title_sorts_and_once_more_turns_round() {
    let mut desk = Harness::new(WIDE);
    click(&mut desk, "BANK");
    assert_eq!(desk.model.list.sort.field, SortField::Bank);
    let turned = desk.model.list.sort.reversed;
    click(&mut desk, "BANK");
    assert_eq!(desk.model.list.sort.reversed, !turned);
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_the_keys_stay() {
    let mut desk = Harness::new(WIDE);
    let list = place(&desk, "BANK");
    at(&mut desk, Deed::Wheel(3), list, 10);
    assert_eq!(cursor(&desk), 3);
    at(&mut desk, Deed::Wheel(-3), list, 10);
    assert_eq!(cursor(&desk), 0);
    let jobs = place(&desk, "3 Jobs");
    at(&mut desk, Deed::Wheel(3), jobs, 10);
    assert!(desk.model.jobs.at() > 0);
    assert_eq!((cursor(&desk), desk.model.focus), (0, Pane::Connections));
    desk.press("?");
    at(&mut desk, Deed::Wheel(3), list, 10);
    let help = desk.screen();
    assert!(help.contains("Help"), "{help}");
    assert_eq!(cursor(&desk), 0, "the list under help stays");
}

#[test]
fn a_click_on_a_hint_runs_it_and_windows_keep_clicks_from_what_is_below() {
    let mut desk = Harness::new(WIDE);
    click(&mut desk, "/ filter");
    assert_eq!(desk.model.place(), Layer::Filter);
    // a click on a row keeps the filter and goes there
    let name = name(&desk, 2);
    click_first(&mut desk, &name, 1);
    assert_eq!((desk.model.place(), cursor(&desk)), (Layer::Connections, 2));
    let below = click_first(&mut desk, &name, 1);
    click(&mut desk, "s sort");
    assert_eq!(desk.model.place(), Layer::Sort);
    at(&mut desk, Deed::Press, (below.0, below.1 + 1), 1_000);
    assert_eq!((desk.model.place(), cursor(&desk)), (Layer::Sort, 2));
}

#[test]
fn clicks_press_buttons_and_arm_nothing_without_the_words() {
    let mut desk = Harness::new(WIDE);
    let active = (rows().iter().position(|row| row.label.word() == "active")).unwrap();
    let row = rows()[active].clone();
    let at_row = desk.model.list.window.position(&row.id).unwrap();
    desk.press(&"j".repeat(at_row));
    desk.press("P");
    desk.plans(plan(ActKind::Purge, &row));
    let words = plan(ActKind::Purge, &row).words();
    for _ in 0..3 {
        let effects = click(&mut desk, "Purge ]");
        assert_eq!(effects, [], "{}", desk.screen());
        assert!(desk.model.dialog.is_some());
    }
    // the tick by a click, the words by hand
    click(&mut desk, "refresh afterwards");
    let dialog = desk.model.dialog.as_ref().unwrap();
    assert!(dialog.form.fields[0].ticked());
    click(&mut desk, "to enable Purge");
    desk.press(&words.replace(' ', "<space>"));
    let effects = click(&mut desk, "Purge ]");
    assert_eq!(effects, [], "a click deletes nothing");
    let effects = desk.press("<enter>");
    assert!(
        matches!(effects.as_slice(), [Effect::Order(..)]),
        "{effects:?}"
    );
}

#[test]
fn a_dialog_is_not_pressed_by_the_second_half_of_a_double_click() {
    let mut desk = Harness::new(WIDE);
    desk.press("P<esc>r");
    desk.press("<esc>");
    let hint = place(&desk, "r refresh");
    at(&mut desk, Deed::Press, hint, 1_000);
    assert!(desk.model.dialog.is_some());
    let button = place(&desk, "Refresh<]");
    assert_eq!(at(&mut desk, Deed::Press, button, 100), []);
    assert!(desk.model.dialog.is_some());
    click(&mut desk, "Cancel ]");
    assert!(desk.model.dialog.is_none());
}

#[test]
fn every_cell_of_every_size_takes_clicks() {
    for size in [(40, 10), (60, 18), (80, 24), (120, 35), (200, 60)] {
        for keys in ["", "?", "c", "s", "5", ":", "P", "!", "w"] {
            let mut desk = Harness::new(size);
            desk.press(keys);
            let cells = (0..size.1).flat_map(|y| (0..size.0).step_by(7).map(move |x| (x, y)));
            for cell in cells.step_by(11) {
                at(&mut desk, Deed::Press, cell, 1_000);
                at(&mut desk, Deed::Wheel(3), cell, 10);
                let _ = desk.screen();
            }
        }
    }
}
