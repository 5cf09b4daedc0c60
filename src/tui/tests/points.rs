//! Points of `docs/board-points.md` that no other test shows: what each place offers, and what frames hold at every size.

use super::live::{connection, import, person};
use super::update::{SIZE, current, outlook};
use crate::domain::act::{ActKind, Confirmation, Selection};
use crate::domain::connection::Label;
use crate::domain::diagnosis::{self, Facts};
use crate::domain::job::{Job, Kind, State, StepStatus};
use crate::domain::mask::Level;
use crate::testing::board::Board;
use crate::testing::fixtures::{job, now, row, rows};
use crate::testing::lifecycle::Rig;
use crate::testing::plans::plan;
use crate::testing::screen::Harness;
use crate::tui::action::Action;
use crate::tui::availability::possible;
use crate::tui::dialogs::{Press, Spot};
use crate::tui::effect::Effect;
use crate::tui::event::{Event, Trouble};
use crate::tui::footer::Hints;
use crate::tui::keymap::Keymap;
use crate::tui::layer::Layer;
use crate::tui::model::Environment;
use crate::tui::theme::Theme;
use crate::tui::view;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr as _;

const SIZES: [(u16, u16); 6] = [
    (40, 12),
    (60, 18),
    (80, 24),
    (120, 35),
    (200, 60),
    (250, 70),
];

/// Keys to the places that are no dialog and take no text.
const PLACES: [&str; 14] = [
    "",
    "2",
    "3",
    "<enter><enter>",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "=",
    "o",
    "!",
    "w",
];

fn last_row(desk: &Harness) -> String {
    let screen = desk.screen();
    screen.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn point_10_the_key_for_help_is_in_the_last_row_of_every_size() {
    for size in SIZES {
        for keys in PLACES {
            let mut desk = Harness::new(size);
            desk.press(keys);
            let row = last_row(&desk);
            assert!(row.trim_end().ends_with("? help"), "{size:?} {keys}: {row}");
        }
    }
}

#[test]
fn point_14_a_key_that_is_off_changes_nothing_and_says_why() {
    let mut tried = BTreeSet::new();
    for label in Label::ALL {
        for action in Action::ALL {
            let mut desk = Harness::with(SIZE, vec![row(3, label)]);
            desk.answer_panes();
            let key = desk.model.keymap.hint(Layer::Connections.stack(), *action);
            let (Some(key), Err(reason)) = (key, possible(&desk.model, *action)) else {
                continue;
            };
            assert_eq!(desk.press(&key), [], "{key} {label}");
            let screen = desk.screen().replace('\n', " ");
            let explains = *action == Action::Purge && screen.contains("Purge is not possible");
            let said = desk.model.notices.all.front();
            let said = said.is_some_and(|it| it.text.contains(&reason.to_string()));
            assert!(explains || said, "{key} {label}: {reason}\n{screen}");
            tried.insert(action.name());
        }
    }
    assert!(tried.len() > 10, "{tried:?}");
}

#[test]
fn point_15_why_gives_meaning_since_when_whose_move_and_what_to_do_for_every_label() {
    for label in Label::ALL {
        let row = row(3, label);
        let meaning = diagnosis::explain(&Facts::of_row(&row, now()));
        let mut desk = Harness::with((100, 60), vec![row.clone()]);
        desk.press("w");
        let screen = desk.screen();
        let words = |text: &str| {
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            plain(&screen.replace('│', " ")).contains(&plain(text))
        };
        for told in [
            meaning.headline.as_str(),
            meaning.whose.words(),
            "for 2 days",
            label.word(),
        ] {
            assert!(words(told), "{label}: {told}\n{screen}");
        }
        for (action, key) in [(ActKind::Refresh, "r refresh"), (ActKind::Purge, "P purge")] {
            assert!(words(key), "{label} {action:?}\n{screen}");
        }
    }
}

#[test]
fn point_16_a_key_that_was_moved_is_in_footer_help_and_palette() {
    let read = |text: &str| Keymap::with(&text.parse().unwrap()).unwrap();
    let shown = |keymap: &Keymap| {
        let mut desk = Harness::with(SIZE, vec![row(0, Label::Active)]);
        desk.model.hints = Hints::of(keymap);
        desk.model.keymap = keymap.clone();
        let line = |screen: String, words: &str| {
            let found = screen.lines().rev().find(|line| line.contains(words));
            found.unwrap_or_default().to_owned()
        };
        let footer = line(desk.screen(), "refresh");
        desk.press("?purge");
        let help = line(desk.screen(), "Purge:");
        desk.press("<esc><esc>:purge");
        let palette = line(desk.screen(), "Purge:");
        [footer, help, palette]
    };
    let [footer, help, palette] = shown(&read("[app]\n\"connection.purge\" = \"B\""));
    assert!(
        footer.contains("B purge") && !footer.contains("P purge"),
        "{footer}"
    );
    for line in [help, palette] {
        assert!(line.contains(" B ") && !line.contains(" P "), "{line}");
    }
    let [footer, help, palette] = shown(&read("[app]\n\"connection.purge\" = []"));
    assert!(!footer.contains("purge"), "{footer}");
    assert!(help.is_empty(), "{help}");
    assert!(!palette.contains(" P "), "{palette}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn point_27_a_marked_connection_that_is_gone_loses_its_mark_and_it_is_said() {
    let rig = Rig::new().await;
    let all = [
        person("u-1", "Ada"),
        connection("c-1", "active", 1),
        connection("c-2", "active", 2),
    ];
    import(&rig.ops, &all).await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("*").await;
    assert_eq!(board.still.model.list.marks.len(), 2);
    let selection = Selection::User("u-1".into());
    let plan = rig
        .ops
        .plan(ActKind::DeleteUser, selection, false)
        .await
        .unwrap();
    let typed = Confirmation::new(Some(&plan.words()), Some("asked for"));
    rig.ops.apply(&plan, &typed, |_| ()).await.unwrap();
    board.follows().await;
    assert!(board.still.model.list.marks.is_empty());
    let said = &board.still.model.notices.all;
    let lost = "2 marked connections no longer exist; unmarked.";
    assert!(
        said.iter().any(|it| it.text.contains(lost)),
        "{}",
        board.screen()
    );
}

/// The running job of the row, at this step.
pub(crate) fn at_step(desk: &Harness, step: usize) -> Job {
    let row = current(desk);
    let mut job = job(
        &row,
        "0195-job-000005",
        Kind::Connect,
        State::Running,
        now(),
    );
    for (at, it) in job.steps.iter_mut().enumerate() {
        it.status = match at.cmp(&step) {
            std::cmp::Ordering::Less => StepStatus::Success,
            std::cmp::Ordering::Equal => StepStatus::InProgress,
            std::cmp::Ordering::Greater => StepStatus::Pending,
        };
    }
    job
}

#[test]
fn point_34_f_follows_the_running_step_and_a_motion_stops_that() {
    let mut desk = Harness::new(SIZE);
    desk.press("jjjjj");
    desk.answer_panes();
    desk.press("f");
    let shown = |desk: &Harness| desk.model.job.as_ref().map(|job| job.step);
    let reads = |desk: &mut Harness, step: usize| {
        let job = at_step(desk, step);
        desk.sees(Event::JobLoaded(job.id.clone(), Some(Box::new(job))));
        shown(desk)
    };
    assert_eq!(reads(&mut desk, 0), Some(0));
    assert_eq!(reads(&mut desk, 1), Some(1), "it goes along");
    assert!(desk.screen().contains("following"), "{}", desk.screen());
    desk.press("k");
    assert_eq!(reads(&mut desk, 2), Some(0), "it stays");
    assert!(!desk.screen().contains("following"), "{}", desk.screen());
    desk.press("f");
    assert_eq!(shown(&desk), Some(2), "and goes along again");
}

#[test]
fn point_45_production_is_named_in_the_first_row_of_every_size() {
    for size in [SIZES.as_slice(), &[(40, 10)]].concat() {
        for trouble in [false, true] {
            let mut desk = Harness::new(size);
            desk.model.environment = Environment {
                word: "PROD".into(),
                platform: Some("api.example.test".into()),
            };
            desk.model.read_only = trouble;
            if trouble {
                desk.sees(Event::TroubleChanged(Some(Trouble {
                    word: "STALE 4m".into(),
                    what: "The platform cannot be reached.".into(),
                    advice: "What you see is old.".into(),
                    stops_actions: true,
                })));
            }
            let screen = desk.screen();
            let first = screen.lines().next().unwrap_or_default();
            assert!(first.contains("[PROD] "), "{size:?} {first:?}");
        }
    }
}

#[test]
fn point_50_one_key_hides_names_too_and_again_goes_back_but_not_below_policy() {
    let mut desk = Harness::new(SIZE);
    assert!(desk.screen().contains("Monica"), "{}", desk.screen());
    desk.press("m");
    assert!(!desk.screen().contains("Monica"), "{}", desk.screen());
    desk.press("m");
    assert!(desk.screen().contains("Monica"), "{}", desk.screen());
    desk.press("m");
    desk.model.floor = Level::Strict;
    assert_eq!(desk.press("m"), []);
    assert!(!desk.screen().contains("Monica"), "{}", desk.screen());
    assert!(desk.screen().contains("policy allows no other level"));
}

#[test]
fn point_51_a_part_of_what_is_hidden_is_not_searched_for() {
    for typed in ["ana@", "user:ana@", "user~ana@"] {
        let mut desk = Harness::new(SIZE);
        desk.press(&format!("/{typed}<enter>"));
        let filter = &desk.model.list.filter;
        let mistake = filter.mistake.as_ref();
        let said = mistake.unwrap_or_else(|| panic!("{typed} is searched for"));
        assert!(filter.query.expr.is_none(), "{typed}");
        assert!(desk.screen().contains("^"), "{typed}: {}", said.message);
    }
}

#[test]
fn point_52_every_theme_shows_the_same_words_and_none_needs_colour() {
    let draw = |desk: &Harness, theme: &Theme| {
        let (wide, high) = SIZE;
        let mut buffer = Buffer::empty(Rect::new(0, 0, wide, high));
        view::view(&desk.model, theme, &mut buffer);
        let cells = buffer.content.iter();
        cells.map(|cell| cell.symbol()).collect::<String>()
    };
    let mut desk = Harness::new(SIZE);
    let words = draw(&desk, &Theme::indexed());
    for name in Theme::names() {
        let theme = Theme::with(name, &toml::Table::new()).expect("it is shipped");
        assert_eq!(draw(&desk, &theme), words, "{name}");
    }
    // the cursor is a sign, and every label a word
    for (at, row) in rows().iter().enumerate() {
        let screen = desk.screen();
        let line = screen.lines().find(|line| line.starts_with("│>"));
        let line = line.unwrap_or_else(|| panic!("no cursor at {at}\n{screen}"));
        assert!(line.contains(row.label.word()), "{line}");
        desk.press("j");
    }
}

/// The hints of the last rows, each as it stands there.
fn hints(desk: &Harness) -> Vec<String> {
    let known = desk.model.hints.at(desk.model.place());
    let screen = desk.screen();
    let lines: Vec<&str> = screen.lines().collect();
    let first = lines.len() - if lines.len() >= 24 { 2 } else { 1 };
    let words = lines[first..].iter().flat_map(|line| line.split("  "));
    let words = words.map(|word| word.trim().trim_matches(['(', ')']));
    let words: Vec<String> = words.filter(|w| !w.is_empty()).map(str::to_owned).collect();
    for word in &words {
        let whole = known
            .iter()
            .any(|hint| format!("{} {}", hint.key, hint.words) == *word);
        assert!(whole, "{word:?} is no whole hint\n{screen}");
    }
    words
}

#[test]
fn point_56_no_hint_is_cut_and_every_line_has_its_width_at_every_size() {
    for size in SIZES {
        for keys in PLACES.iter().chain(&["/", "s", "y", "c", "b", "?", ":"]) {
            let mut desk = Harness::new(size);
            desk.press(keys);
            let screen = desk.screen();
            for line in screen.lines() {
                assert!(
                    line.width() <= usize::from(size.0),
                    "{size:?} {keys}\n{screen}"
                );
            }
            assert!(!hints(&desk).is_empty(), "{size:?} {keys}\n{screen}");
        }
    }
}

#[test]
fn point_56_every_dialog_of_an_act_can_be_armed_at_every_size() {
    for size in SIZES.iter().chain(&[(40, 10)]) {
        for (key, kind) in [("P", ActKind::Purge), ("X", ActKind::Revoke)] {
            let mut desk = Harness::with(*size, vec![row(7, Label::Active)]);
            desk.answer_panes();
            desk.press(key);
            let row = current(&desk);
            let plan = plan(kind, &row);
            let words = plan.words().replace(' ', "<space>");
            desk.plans(plan);
            desk.press(&"<pgdn>".repeat(40));
            desk.press(&words);
            for _ in 0..5 {
                let dialog = desk.model.dialog.as_ref().unwrap();
                if dialog.focus == Spot::Button(Press::Confirm) {
                    break;
                }
                desk.press("<tab>");
            }
            let screen = desk.screen();
            let button = format!("[>{}<]", if key == "P" { "Purge" } else { "Revoke" });
            assert!(screen.contains(&button), "{size:?}\n{screen}");
            let effects = desk.press("<enter>");
            assert!(
                matches!(effects[..], [Effect::Order(..)]),
                "{size:?} {effects:?}"
            );
        }
        let mut desk = Harness::with(*size, vec![row(7, Label::Active)]);
        desk.answer_panes();
        desk.press("r");
        let row = current(&desk);
        desk.plans(outlook(&row, &["the last 2 tries failed at sign-in"]));
        assert!(
            desk.screen().contains("Refresh ]"),
            "{size:?}\n{}",
            desk.screen()
        );
        let effects = desk.press("y");
        assert!(
            matches!(effects[..], [Effect::Order(..)]),
            "{size:?} {effects:?}"
        );
    }
}
