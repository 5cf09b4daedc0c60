//! What a person sees, as snapshots of text and roles. Read one before you accept it.

use crate::domain::act::{
    ActKind, Difference, OneConnection, Outcome, Outlook, Selection, Sibling, Step, StepAct, Stored,
};
use crate::domain::connection::Label;
use crate::domain::job::{Kind, State};
use crate::domain::mask::Level;
use crate::domain::mfa::{Challenge, ChallengeMethod};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Figures, Page, Place, Size};
use crate::testing::fixtures::{job, now, row, rows};
use crate::testing::plans::{bank, one, outlook, plan, plan_of, plan_of_several};
use crate::testing::screen::{Harness, compare, shot};
use crate::tui::event::{Event, Input, Trouble};
use crate::tui::glyphs::Signs;

const SIZES: [(u16, u16); 5] = [(80, 24), (120, 35), (200, 60), (60, 18), (40, 12)];

/// A desk with the cursor on the first active row.
fn on_active(size: (u16, u16)) -> Harness {
    let mut desk = Harness::new(size);
    desk.press("jjjjjjj");
    desk.answer_panes();
    desk
}

fn current(desk: &Harness) -> ConnectionRow {
    desk.model.selected().unwrap().row.clone()
}

#[test]
fn the_board_at_every_size() {
    for size in SIZES {
        shot(&format!("board-{}x{}", size.0, size.1), &on_active(size));
    }
}

#[test]
fn the_roles_of_the_board() {
    let mut desk = on_active((80, 24));
    desk.press("kk<space>");
    shot("board-roles", &desk);
}

#[test]
fn point_53_ascii_draws_ascii_only() {
    let mut desk = on_active((120, 35));
    desk.model.signs = Signs::Ascii;
    let screen = desk.screen();
    assert!(
        screen
            .bytes()
            .all(|b| b == b'\n' || (0x20..0x7f).contains(&b))
    );
    shot("board-ascii", &desk);
}

#[test]
fn too_small_says_what_it_needs_and_what_is_kept() {
    let mut desk = on_active((80, 24));
    desk.press("<space><space>/status:active<enter>P");
    desk.gets(Input::Resize(39, 9));
    shot("tiny", &desk);
}

#[test]
fn an_empty_store_says_how_to_begin() {
    shot("empty", &Harness::with((80, 24), vec![]));
}

#[test]
fn point_22_a_filter_that_matches_nothing_says_so() {
    let mut desk = Harness::new((80, 24));
    desk.press("/bank:nobody<enter>");
    let generation = desk.model.list.generation;
    let counts = desk.model.counts.unwrap();
    let (count, exact) = (0, true);
    let size = Some(Size { count, exact });
    let mut page = crate::testing::lists::page(vec![], false);
    let down = None;
    page.figures = Figures { counts, size, down };
    desk.sees(Event::PageLoaded {
        generation,
        from: Place::Start,
        page,
    });
    shot("filtered-to-nothing", &desk);
}

#[test]
fn point_21_a_bad_word_keeps_the_rows_and_gets_a_caret() {
    let mut desk = Harness::new((80, 24));
    desk.press("/status:invlid bank:hooli");
    shot("filter-mistake", &desk);
}

#[test]
fn reading_for_the_first_time() {
    shot("loading", &Harness::bare((80, 24)));
}

#[test]
fn trouble_leaves_the_data_readable() {
    let mut desk = on_active((80, 24));
    desk.sees(Event::TroubleChanged(Some(Trouble {
        word: "READ-ONLY".into(),
        what: "The database cannot be written: no space left on device.".into(),
        advice: "What you see is current. Actions are off until there is room; ! has the details."
            .into(),
        stops_actions: true,
    })));
    desk.press("r");
    shot("trouble", &desk);
}

#[test]
fn a_refresh_with_nothing_against_it() {
    let mut desk = on_active((80, 24));
    desk.press("r");
    let row = current(&desk);
    desk.plans(plan(ActKind::Refresh, &row));
    shot("dialog-refresh", &desk);
}

#[test]
fn a_refresh_with_a_warning() {
    let mut desk = Harness::new((80, 24));
    desk.press("r");
    let row = current(&desk);
    let code = "invalid-credentials".to_owned();
    let outlook = Outlook {
        failures: vec![code.clone(), code],
        against: vec!["the last 2 tries failed at sign-in: ask the user first".into()],
        ..outlook(&row)
    };
    desk.plans(plan_of(
        ActKind::Refresh,
        OneConnection {
            outlook: Some(outlook),
            ..one(ActKind::Refresh, &row)
        },
    ));
    shot("dialog-refresh-warning", &desk);
}

#[test]
fn point_28_a_refresh_of_many_is_a_preview() {
    let mut desk = Harness::new((80, 24));
    desk.press("*r");
    let step = |row: &ConnectionRow| {
        let (planned, reason) = match row.label {
            Label::Active | Label::Invalid => (Outcome::WouldRun, ""),
            Label::Failed => (Outcome::Skipped, "It was refreshed too recently."),
            Label::Deleted => (Outcome::Refused, "It is revoked."),
            Label::Pending | Label::Init | Label::PreInit => (Outcome::Deduplicated, "open"),
        };
        Step {
            planned,
            reason: reason.into(),
            ..Step::new(StepAct::Refresh, row.id.as_str())
        }
    };
    let steps = rows().iter().map(step).collect();
    let mut plan = plan_of_several(ActKind::Refresh, steps);
    plan.head.takes_ms = 180_000;
    plan.banks = vec![bank("Hooli", 4), bank("Fabrikam Bank", 3)];
    let selection = Selection::Ids(desk.model.list.targets());
    let plan = Box::new(plan);
    desk.sees(Event::ActPlanned { selection, plan });
    shot("dialog-refresh-many", &desk);
}

#[test]
fn a_purge_half_typed_and_armed() {
    for (name, size) in [
        ("dialog-purge", (100, 35)),
        ("dialog-purge-small", (60, 18)),
    ] {
        let mut desk = on_active(size);
        desk.press("P");
        let row = current(&desk);
        desk.plans(plan(ActKind::Purge, &row));
        desk.press("purge 00");
        shot(name, &desk);
        desk.press("7<pgdn><pgdn><tab>");
        shot(&format!("{name}-armed"), &desk);
    }
}

#[test]
fn point_39_a_purge_that_reaches_further_says_so() {
    let mut desk = on_active((100, 35));
    desk.press("P");
    let row = current(&desk);
    desk.plans(plan_of(
        ActKind::Purge,
        OneConnection {
            siblings: vec![Sibling::of(&self::row(12, Label::Active))],
            stored: Stored::default(),
            kept: vec![],
            ..one(ActKind::Purge, &row)
        },
    ));
    shot("dialog-purge-siblings", &desk);
}

#[test]
fn point_40_a_purge_that_cannot_be_is_explained_for_every_label() {
    let mut all = String::new();
    for label in Label::ALL.into_iter().filter(|l| *l != Label::Active) {
        let mut desk = Harness::with((80, 24), vec![row(3, label)]);
        assert_eq!(desk.press("P"), [], "{label}");
        all.push_str(&desk.roles());
    }
    compare("dialog-no-purge", all);
}

#[test]
fn point_42_a_revoke_warns_that_a_door_closes() {
    let mut desk = on_active((80, 30));
    desk.press("X");
    let row = current(&desk);
    desk.plans(plan(ActKind::Revoke, &row));
    desk.press("hoo");
    shot("dialog-revoke", &desk);
    desk.press("LI<tab>");
    shot("dialog-revoke-armed", &desk);
}

#[test]
fn point_41_what_changed_before_sending_is_shown() {
    let mut desk = on_active((80, 24));
    let id = current(&desk).id;
    let difference = |what: &str, before: &str, now: &str| Difference {
        what: what.into(),
        before: before.into(),
        now: now.into(),
    };
    desk.sees(Event::PlanChanged {
        kind: ActKind::Purge,
        id,
        differences: vec![
            difference("transactions", "1,284", "1,301"),
            difference("status", "active", "active"),
        ],
    });
    shot("dialog-changed", &desk);
}

#[test]
fn quitting_with_orders_on_their_way_asks() {
    let mut desk = on_active((80, 24));
    let row = current(&desk);
    desk.press("r");
    desk.plans(plan(ActKind::Refresh, &row));
    desk.press("<enter>q");
    shot("dialog-quit", &desk);
}

#[test]
fn the_banks_question_is_answered_in_the_dark() {
    let mut desk = Harness::new((80, 24));
    desk.press("jjjj");
    let row = current(&desk);
    let asking = crate::domain::job::Job {
        challenge: Some(Challenge {
            method: ChallengeMethod::Token,
            description: "Enter the code that was sent to your phone.".into(),
            input: vec!["OTP Password".into()],
            expires: now().plus_ms(120_000),
        }),
        ..job(
            &row,
            "0195-job-000004",
            Kind::Connect,
            State::WaitingMfa,
            now().plus_ms(-20_000),
        )
    };
    desk.sees(Event::JobsLoaded(
        row.id,
        Page {
            rows: vec![asking],
            first: None,
            last: None,
            more: false,
        },
    ));
    desk.press("A1234");
    shot("dialog-answer", &desk);
}

#[test]
fn point_11_help_is_a_menu() {
    let mut desk = on_active((80, 24));
    desk.press("?");
    shot("help", &desk);
    desk.press("purge");
    shot("help-search", &desk);
    for (wide, high) in [(40, 12), (120, 35), (200, 60)] {
        let mut desk = on_active((wide, high));
        desk.press("?");
        shot(&format!("help-{wide}x{high}"), &desk);
    }
}

#[test]
fn why_in_plain_words() {
    let mut desk = Harness::new((100, 40));
    desk.press("w");
    shot("why", &desk);
}

#[test]
fn point_13_menus_show_their_keys() {
    let mut desk = Harness::new((80, 24));
    desk.press("s");
    shot("menu-sort", &desk);
    desk.press("<esc>y");
    shot("menu-copy", &desk);
    let mut low = Harness::new((40, 12));
    low.press("s");
    shot("menu-sort-40x12", &low);
}

#[test]
fn messages_are_kept() {
    let mut desk = Harness::new((80, 24));
    desk.press("P<esc>ff");
    desk.sees(Event::Failed(
        "The pager could not be started: not found.".into(),
    ));
    shot("toasts", &desk);
    desk.press("!");
    shot("messages", &desk);
}

#[test]
fn a_running_job_and_a_failed_one() {
    let mut desk = Harness::new((80, 24));
    desk.press("<enter><enter>");
    shot("job-failed", &desk);
    desk.press("<enter>");
    shot("job-step-detail", &desk);
    let mut desk = Harness::new((80, 24));
    desk.press("jjjjj");
    desk.answer_panes();
    desk.press("f");
    shot("job-running", &desk);
    desk.waits(7_000);
    assert!(desk.screen().contains("0:41"), "{}", desk.screen());
}

#[test]
fn no_job_has_run() {
    let mut desk = Harness::new((80, 24));
    desk.press("jjj");
    desk.answer_panes();
    shot("no-jobs", &desk);
}

#[test]
fn strict_privacy_hides_names_at_once() {
    let mut desk = on_active((120, 35));
    desk.press("m");
    assert!(!desk.screen().contains("Monica"), "{}", desk.screen());
    assert_eq!(desk.model.level, Level::Strict);
    desk.answer_panes();
    shot("strict", &desk);
}

#[test]
fn point_54_hostile_names_are_marked_and_columns_stay() {
    let names = [
        "\u{1b}[2J\u{1b}[HPAID",
        "a\u{202e}cod.exe",
        "日本語銀行 株式会社",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}x",
        "👩‍👩‍👧 family",
        "\u{9b}31m",
        "بنك القاهرة",
    ];
    let hostile = |(n, name): (usize, &&str)| ConnectionRow {
        institution_name: (*name).to_owned(),
        user_name: name.repeat(200),
        ..row(n, Label::Active)
    };
    for size in SIZES {
        let mut desk = Harness::with(size, names.iter().enumerate().map(hostile).collect());
        desk.answer_panes();
        let screen = desk.screen();
        assert!(
            !screen.chars().any(|c| c.is_control() && c != '\n'),
            "{screen:?}"
        );
        assert!(!screen.contains('\u{202e}'));
        let (_, list) = desk.model.panes()[0];
        for y in list.y + 1..list.bottom() - 1 {
            assert_eq!(desk.cell(list.right() - 1, y), "│", "row {y}\n{screen}");
        }
        shot(&format!("hostile-{}x{}", size.0, size.1), &desk);
    }
}
