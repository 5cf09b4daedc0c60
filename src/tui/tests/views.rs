//! Saved views, what is kept between two starts, and what is said at the end.

use crate::domain::groups::GroupField;
use crate::domain::list_columns::Column;
use crate::domain::mask::Level;
use crate::domain::saved_view::{KeptSettings, SavedView};
use crate::domain::views::{Place, Sort};
use crate::testing::screen::{Harness, shot};
use crate::tui::effect::{Effect, Order};
use crate::tui::event::Event;
use crate::tui::glyphs::Signs;
use crate::tui::panes::pages::{Kind, Rows};
use crate::tui::{kept, receipt};

const SIZES: [(u16, u16); 5] = [(40, 12), (60, 18), (80, 24), (120, 35), (200, 60)];

fn view() -> SavedView {
    SavedView {
        name: "morning triage".into(),
        filter: "status:invalid,failed via:web".into(),
        sort: Sort::read("bank,since").unwrap(),
        columns: Some(vec![Column::Status, Column::Bank, Column::Why]),
        group: Some(GroupField::Bank),
    }
}

fn listed(desk: &mut Harness) {
    desk.press("o");
    let generation = desk.model.pages.asked();
    let plain = SavedView {
        name: "all".into(),
        ..SavedView::default()
    };
    desk.sees(Event::RowsLoaded {
        generation,
        rows: Rows::Views(vec![view(), plain]),
        more: false,
    });
}

/// The harness with this view's look, typed as a person would.
fn looking(size: (u16, u16)) -> Harness {
    let mut desk = Harness::new(size);
    desk.press("/status:invalid,failed via:web<enter>sb");
    desk.press("s,i");
    desk.model.list.columns = view().columns.unwrap();
    desk
}

#[test]
fn saved_views_at_every_size() {
    for (wide, high) in SIZES {
        let mut desk = Harness::new((wide, high));
        listed(&mut desk);
        shot(&format!("page-views-{wide}x{high}"), &desk);
        let mut desk = looking((wide, high));
        desk.press("S");
        desk.waits(1_000);
        desk.press("triage");
        shot(&format!("view-save-{wide}x{high}"), &desk);
    }
}

#[test]
fn what_the_list_shows_is_saved_under_a_name() {
    let mut desk = looking((120, 35));
    desk.press("S");
    desk.waits(1_000);
    desk.press("morning triage");
    let effects = desk.press("<enter>");
    let wanted = SavedView {
        group: None,
        ..view()
    };
    assert_eq!(effects, [Effect::SaveView(Box::new(wanted))]);
    desk.sees(Event::ViewsChanged(Err("views.toml:3:1: no".into())));
    assert!(
        desk.screen().contains("views.toml:3:1: no"),
        "{}",
        desk.screen()
    );
    desk.sees(Event::ViewsChanged(Ok("Saved as `morning triage`.".into())));
    assert!(desk.model.dialog.is_none());
    assert!(desk.screen().contains("Saved as `morning triage`."));
}

#[test]
fn filter_with_a_persons_word_is_not_saved_and_not_kept() {
    let mut desk = Harness::new((120, 35));
    desk.press("/via:web<enter><esc>/monica<enter>");
    desk.press("S");
    assert!(desk.model.dialog.is_none());
    let words = "Not saved: `monica` may be a person's";
    assert!(desk.screen().contains(words), "{}", desk.screen());
    let board = kept::keep(&desk.model);
    assert_eq!(
        (board.view.filter.as_str(), board.filters),
        ("", vec!["via:web".into()])
    );
}

#[test]
fn enter_opens_a_view_and_x_deletes_it() {
    let mut desk = Harness::new((120, 35));
    listed(&mut desk);
    desk.press("x");
    desk.waits(1_000);
    assert_eq!(
        desk.press("y"),
        [Effect::DeleteView("morning triage".into())]
    );
    desk.sees(Event::ViewsChanged(Ok(
        "View `morning triage` is deleted.".into()
    )));
    assert!(desk.model.dialog.is_none());
    let effects = desk.press("<enter>");
    let asked = effects.iter().any(|effect| {
        matches!(effect, Effect::LoadPage { query, sort, from: Place::Start, .. }
            if query.text == view().filter && *sort == view().sort)
    });
    assert!(asked, "{effects:?}");
    assert_eq!(desk.model.list.columns, view().columns.unwrap());
    assert_eq!(desk.model.pages.kind(), Some(Kind::Groups));
    // no act is for a view
    listed(&mut desk);
    for keys in ["r", "H", "<space>", "t"] {
        assert!(desk.press(keys).is_empty(), "{keys}");
        assert!(desk.model.dialog.is_none(), "{keys}");
    }
}

#[test]
fn point_25_board_goes_on_where_it_was_left() {
    let mut desk = looking((120, 35));
    desk.press("/<enter>");
    desk.press("2z7");
    desk.press("3");
    desk.press("7");
    let left = kept::keep(&desk.model);
    assert_eq!(
        left.view,
        SavedView {
            name: String::new(),
            group: None,
            ..view()
        }
    );
    let mut next = Harness::bare((120, 35));
    let effects = kept::go_on(&mut next.model, &left);
    let around = left.cursor.clone().unwrap();
    let asked = effects.iter().any(|effect| {
        matches!(effect, Effect::LoadPage { query, sort, from: Place::Around(id), .. }
            if query.text == view().filter && *sort == view().sort && id.as_str() == around)
    });
    assert!(asked, "{effects:?}");
    assert_eq!(next.model.pages.kind(), Some(Kind::Jobs));
    let again = crate::domain::saved_view::KeptBoard {
        cursor: left.cursor.clone(),
        ..kept::keep(&next.model)
    };
    assert_eq!(again, left);
    assert!(next.model.list.marks.is_empty());
}

#[test]
fn settings_of_the_palette_hold_at_the_next_start() {
    let mut desk = Harness::new((120, 35));
    let set = [
        "theme<space>light",
        "signs<space>ascii",
        "privacy<space>strict",
        "mouse<space>on",
        "australia/sydney",
    ];
    for words in set {
        desk.press(&format!(":{words}<enter>"));
    }
    let left = kept::keep(&desk.model);
    let mut next = Harness::bare((120, 35));
    let effects = kept::go_on(&mut next.model, &left);
    for wanted in [Effect::UseTheme("light"), Effect::UseMouse(true)] {
        assert!(effects.contains(&wanted), "{effects:?}");
    }
    assert!(next.screen().contains("AEDT"), "{}", next.screen());
    assert_eq!(next.model.level, Level::Strict);
    assert_eq!(next.model.signs, Signs::Ascii);
    assert_eq!(kept::keep(&next.model).settings, left.settings);
    assert!(next.model.notices.all.is_empty(), "nobody set it now");
    // a terminal without the signs keeps its own, and what was set is not forgotten
    let mut left = left;
    left.settings.ascii = Some(false);
    let mut poor = Harness::bare((120, 35));
    (poor.model.signs, poor.model.first_signs) = (Signs::Ascii, Signs::Ascii);
    kept::go_on(&mut poor.model, &left);
    assert_eq!(poor.model.signs, Signs::Ascii);
    assert_eq!(kept::keep(&poor.model).settings.ascii, Some(false));
    // and what is configured can have its place back
    next.press(":settings<enter>");
    assert_eq!(kept::keep(&next.model).settings, KeptSettings::default());
}

#[test]
fn receipt_names_orders_with_their_commands_and_what_is_open() {
    let mut desk = Harness::new((120, 35));
    assert!(receipt::lines(&desk.model, true).is_empty());
    for n in 0..10 {
        desk.model
            .order(Order::CancelJob(format!("job-{n}").as_str().into()));
    }
    desk.model
        .endings
        .begun("job-open-81c4f2".into(), "c1".into());
    let lines = receipt::lines(&desk.model, true);
    assert_eq!(lines[0], "10 orders in this session, the first <1m ago:");
    assert_eq!(lines[1], "  ... 2 before these");
    assert!(
        lines[2].contains("Cancel of job job-2") && lines[2].contains("switchboard cancel job-2"),
        "{lines:#?}"
    );
    assert_eq!(lines.len(), 12);
    assert!(
        lines[10].starts_with("1 job still open: 81c4f2."),
        "{lines:#?}"
    );
    let gone = receipt::lines(&desk.model, false);
    assert!(
        !gone.iter().any(|line| line.contains("switchboard cancel")),
        "{gone:#?}"
    );
    assert!(gone.last().unwrap().contains("demo --keep FILE"));
}
