//! The pages: their lists as snapshots, and on a real file where their rows lead to.

use super::live::{SIZE, connection, import, person};
use crate::domain::act::{ActKind, Selection};
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use crate::testing::pages::{all_jobs, audit, banks, causes, people};
use crate::testing::screen::{Harness, shot};
use crate::tui::effect::Effect;
use crate::tui::event::Event;
use crate::tui::panes::pages::Rows;

const SIZES: [(u16, u16); 4] = [(120, 35), (80, 24), (200, 60), (40, 12)];

/// A desk with a page opened by this key, and these rows read for it.
fn page(size: (u16, u16), key: &str, rows: Rows) -> Harness {
    let mut desk = Harness::new(size);
    desk.press(key);
    reads(&mut desk, rows);
    desk
}

/// The newest question of the page is answered with these rows.
fn reads(desk: &mut Harness, rows: Rows) {
    let generation = desk.model.pages.asked();
    let more = false;
    desk.sees(Event::RowsLoaded {
        generation,
        rows,
        more,
    });
}

fn asks(effects: &[Effect]) -> bool {
    let rows = |effect: &Effect| matches!(effect, Effect::LoadRows { .. });
    effects.iter().any(rows)
}

#[test]
fn causes_at_every_size() {
    for (wide, high) in SIZES {
        let mut desk = page((wide, high), "5", Rows::Causes(causes()));
        shot(&format!("page-causes-{wide}x{high}"), &desk);
        desk.press("jjj");
        if wide == 80 {
            shot("page-causes-held", &desk);
        }
    }
}

#[test]
fn all_jobs_at_every_size() {
    for (wide, high) in SIZES {
        let mut desk = page((wide, high), "7", Rows::Jobs(all_jobs()));
        desk.press("j");
        shot(&format!("page-jobs-{wide}x{high}"), &desk);
    }
}

#[test]
fn a_job_is_marked_by_its_connection_and_refreshed_as_one() {
    let mut desk = page((80, 24), "7", Rows::Jobs(all_jobs()));
    let job = desk.model.pages.shown().unwrap().job().unwrap().clone();
    let effects = desk.press("r");
    assert!(
        matches!(&effects[..], [Effect::PlanAct { selection: Selection::One(id), .. }] if *id == job.connection),
        "{effects:?}"
    );
    desk.press("<esc><space>");
    assert!(desk.model.list.marks.contains(&job.connection));
    desk.press("k<space>");
    assert!(desk.model.list.marks.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_jobs_are_filtered_followed_and_opened_at_their_connections() {
    let rig = Rig::new().await;
    let mut made = vec![];
    for (login, password) in [("gilfoyle", "satan"), ("Wentworth-Smith", "whislter")] {
        made.push(rig.connect("AU00000", login, password).await);
    }
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("7").await;
    assert!(board.screen().contains("row 1 of 2"), "{}", board.screen());
    rig.clock.advance(std::time::Duration::from_secs(3_600));
    rig.ops.refresh(&made[0].connection, false).await.unwrap();
    let screen = board.follows().await;
    assert!(
        screen.contains("row 2 of 3"),
        "the cursor stays on its job: {screen}"
    );
    board.press("/kind:refresh<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("1 job"), "{screen}");
    assert!(screen.contains("queued"), "{screen}");
    board.press("u").await;
    board.press("y").await;
    let screen = board.follows().await;
    assert!(screen.contains("cancelled"), "{screen}");
    board.press("<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("row 1 of 1"), "{screen}");
    assert!(screen.contains(made[0].connection.short()), "{screen}");
    board.press("<esc><esc><esc>").await;
    let screen = board.screen();
    assert!(screen.contains("7 All jobs"), "{screen}");
    assert!(
        screen.contains("kind:refresh"),
        "its filter is kept: {screen}"
    );
    rig.healthy().await;
}

#[test]
fn banks_at_every_size() {
    for (wide, high) in SIZES {
        let mut desk = page((wide, high), "6", Rows::Banks(banks()));
        shot(&format!("page-banks-{wide}x{high}"), &desk);
        if wide == 120 {
            desk.model.signs = crate::tui::glyphs::Signs::Ascii;
            desk.press("R");
            reads(&mut desk, Rows::Banks(banks()));
            shot("page-banks-ascii", &desk);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_leads_to_its_connections_and_is_held_from_its_row() {
    let rig = Rig::new().await;
    rig.connect("AU00000", "gilfoyle", "satan").await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("6").await;
    let screen = board.screen();
    assert!(screen.contains("Hooli"), "{screen}");
    assert!(screen.contains("0/2"), "the slots: {screen}");
    board.press("H<enter><enter>").await;
    let screen = board.follows().await;
    assert!(screen.contains("held 2h 00m"), "{screen}");
    board.press("<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("bank="), "{screen}");
    board.press("<esc>").await;
    assert!(board.screen().contains("6 Banks"), "{}", board.screen());
    rig.healthy().await;
}

#[test]
fn the_audit_at_every_size() {
    for (wide, high) in SIZES {
        let desk = page((wide, high), "9", Rows::Audit(audit()));
        shot(&format!("page-audit-{wide}x{high}"), &desk);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_is_narrowed_by_its_words_and_leads_to_what_it_is_of() {
    let rig = Rig::new().await;
    let job = rig.connect("AU00000", "gilfoyle", "satan").await;
    rig.ops
        .hold_bank(&"AU00000".into(), rig.ops.now().plus_ms(9_000), "")
        .await
        .unwrap();
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("9").await;
    let screen = board.screen();
    assert!(screen.contains("held until"), "{screen}");
    assert!(screen.contains("connect"), "{screen}");
    board.press("/action:connect actor:tester<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("1 line"), "{screen}");
    board.press("yc").await;
    board.press("<enter>").await;
    let screen = board.screen();
    assert!(screen.contains(job.connection.short()), "{screen}");
    board.press("<esc>/action:nothing<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("Nothing matches"), "{screen}");
    board.press("/<c-u>actr:x<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("did you mean `actor:`?"), "{screen}");
    rig.healthy().await;
}

#[test]
fn people_at_every_size() {
    for (wide, high) in SIZES {
        let desk = page((wide, high), "8", Rows::People(people()));
        shot(&format!("page-people-{wide}x{high}"), &desk);
    }
}

#[test]
fn more_privacy_drops_the_names_of_people_at_once() {
    let mut desk = page((120, 35), "8", Rows::People(people()));
    assert!(desk.screen().contains("Ann Lee"));
    let effects = desk.press("m");
    assert!(!desk.screen().contains("Ann Lee"), "{}", desk.screen());
    assert!(asks(&effects), "{effects:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_who_has_to_act_is_listed_and_noted_as_asked() {
    let rig = Rig::new().await;
    let job = rig.connect("AU00000", "gilfoyle", "wrong").await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("8").await;
    let screen = board.screen();
    assert!(screen.contains("1 person"), "{screen}");
    assert!(screen.contains("never"), "{screen}");
    board.press("i").await;
    assert!(
        board.screen().contains("Nothing is sent from here"),
        "{}",
        board.screen()
    );
    board.press("y").await;
    let screen = board.follows().await;
    assert!(screen.contains("Noted that the user is asked"), "{screen}");
    assert!(!screen.contains("never"), "{screen}");
    assert_eq!(
        rig.row(&job.connection).await.handling.asked,
        Some(rig.ops.now())
    );
    rig.healthy().await;
}

#[test]
fn what_was_ordered_stands_in_the_activity_with_its_command() {
    let mut desk = Harness::new((120, 35));
    desk.press("4");
    shot("page-activity-empty", &desk);
    desk.press("<esc>r");
    let row = desk.model.selected().unwrap().row.clone();
    desk.plans(crate::testing::plans::plan(ActKind::Refresh, &row));
    desk.press("y4j");
    let command = format!("switchboard refresh {}", row.id.short());
    assert!(desk.screen().contains(&command), "{}", desk.screen());
    shot("page-activity", &desk);
    assert_eq!(desk.press("yc"), [Effect::CopyText(command)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_time_line_of_a_connection_is_told_from_the_list_and_from_a_page() {
    let rig = Rig::new().await;
    let job = rig.connect("AU00000", "gilfoyle", "wrong").await;
    rig.ops
        .hold_connections(
            std::slice::from_ref(&job.connection),
            rig.ops.now().plus_ms(9_000),
            "asked",
        )
        .await
        .unwrap();
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("t").await;
    let screen = board.screen();
    assert!(
        screen.contains(&format!("Time line  {}", job.connection.short())),
        "{screen}"
    );
    assert!(
        screen.contains("connect failed at verify-credentials"),
        "{screen}"
    );
    assert!(screen.contains("1 connection held until"), "{screen}");
    board.press("<esc>").await;
    assert!(
        board.screen().contains("1 Connections"),
        "{}",
        board.screen()
    );
    board.press("7t").await;
    assert!(board.screen().contains("Time line"), "{}", board.screen());
    board.press("<esc>").await;
    assert!(board.screen().contains("7 All jobs"), "{}", board.screen());
    board.press("<esc>").await;
    assert!(
        board.screen().contains("1 Connections"),
        "{}",
        board.screen()
    );
    rig.healthy().await;
}

#[test]
fn an_empty_page_says_what_would_be_here() {
    let mut desk = Harness::new((80, 24));
    desk.press("5");
    assert!(desk.screen().contains("Reading ..."), "{}", desk.screen());
    reads(&mut desk, Rows::Causes(vec![]));
    shot("page-causes-empty", &desk);
}

#[test]
fn a_page_is_asked_for_when_it_opens_and_when_something_was_committed() {
    let mut desk = Harness::new((80, 24));
    assert!(asks(&desk.press("5")));
    assert!(!asks(&desk.press("j")), "one question at a time");
    reads(&mut desk, Rows::Causes(causes()));
    assert!(asks(&desk.press("5")), "opened again, it is read again");
    reads(&mut desk, Rows::Causes(causes()));
    assert!(!asks(&desk.sees(Event::Changed)), "not at once");
    desk.waits(1_000);
    assert!(asks(&desk.press("j")));
    desk.press("<esc>");
    desk.sees(Event::Changed);
    desk.waits(2_000);
    assert!(!asks(&desk.press("j")), "not while it is not shown");
}

#[test]
fn the_cursor_stays_on_its_row_when_rows_come_and_go() {
    let mut desk = page((80, 24), "5", Rows::Causes(causes()));
    desk.press("jj");
    let key = |desk: &Harness| {
        let page = desk.model.pages.shown().unwrap();
        page.current().unwrap().key.clone()
    };
    let before = key(&desk);
    let mut rows = causes();
    rows.rotate_right(1);
    desk.press("R");
    reads(&mut desk, Rows::Causes(rows));
    assert_eq!(key(&desk), before);
    desk.press("<esc>5");
    assert_eq!(key(&desk), before, "also while the page is away");
}

#[test]
fn the_refresh_of_a_cause_is_planned_for_its_connections() {
    let mut desk = page((80, 24), "5", Rows::Causes(causes()));
    let effects = desk.press("jr");
    let planned = effects.iter().find_map(|effect| match effect {
        Effect::PlanAct {
            kind: ActKind::Refresh,
            selection: Selection::Found(query),
        } => Some(query.text.clone()),
        _ => None,
    });
    let filter = causes()[1].cause.filter();
    assert_eq!(planned, Some(filter), "{effects:?}");
}

#[test]
fn what_is_for_connections_is_off_on_a_page_and_says_so() {
    let mut desk = page((80, 24), "5", Rows::Causes(causes()));
    for key in ["P", "X", "w", "U", "M", "D", "z"] {
        desk.press(key);
        assert!(desk.model.dialog.is_none() && desk.model.over.is_none());
        let said = desk.model.notices.toasts().next().unwrap().text.clone();
        assert!(said.contains("this is for"), "{key}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cause_leads_to_its_connections_and_escape_back_to_it() {
    let rig = Rig::new().await;
    let broken = |n: usize| connection(&format!("c-{n}"), "invalid", n);
    let mut all = vec![person("u-1", "Ada"), connection("a-1", "active", 9)];
    all.extend((1..=3).map(broken));
    import(&rig.ops, &all).await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("/c-<enter>5").await;
    let screen = board.screen();
    assert!(screen.contains("1 cause"), "{screen}");
    assert!(screen.contains("none recorded"), "{screen}");
    board.press("<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("row 1 of 3"), "{screen}");
    assert!(screen.contains("bank=AU00000 via:web"), "{screen}");
    board.press("<esc>").await;
    assert!(board.screen().contains("5 Causes"), "{}", board.screen());
    assert_eq!(board.still.model.list.filter.field.text(), "c-");

    import(&rig.ops, &[broken(4)]).await;
    board.follows().await;
    board.press("<space>").await;
    let screen = board.follows().await;
    assert!(screen.contains("marked 4"), "{screen}");
    assert!(screen.contains(">*"), "{screen}");
    board.press("<space>").await;
    let screen = board.screen();
    assert!(!screen.contains("marked 4"), "{screen}");
    rig.healthy().await;
}
