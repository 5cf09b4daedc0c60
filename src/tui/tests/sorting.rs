//! The order of the list: one field, or two.

use crate::domain::views::Sort;
use crate::testing::screen::Harness;
use crate::tui::effect::Effect;
use crate::tui::event::Event;

fn asked(effects: &[Effect]) -> Option<String> {
    effects.iter().find_map(|effect| match effect {
        Effect::LoadPage { sort, .. } => Some(sort.written()),
        _ => None,
    })
}

#[test]
fn point_23_sort_menu_sets_one_field_or_a_second_one_and_turns_either_round() {
    let mut desk = Harness::new((120, 35));
    for (keys, order) in [
        ("sb", "bank"),
        ("sb", "bank:desc"),
        ("s,i", "bank:desc,since"),
        ("s,i", "bank:desc,since:desc"),
        ("s,b", "bank:desc"),
        ("st", "transactions"),
        ("s,v", "transactions,via"),
        ("sd", "id"),
        ("sa", "mover"),
    ] {
        assert_eq!(asked(&desk.press(keys)).as_deref(), Some(order), "{keys}");
    }
    desk.press("sb");
    desk.press("s,i");
    let words = "sort: bank, then since";
    assert!(desk.screen().contains(words), "{}", desk.screen());
}

#[test]
fn sort_menu_stays_for_the_second_field_and_esc_leaves_it() {
    let mut desk = Harness::new((120, 35));
    assert!(desk.press("s,").is_empty());
    assert!(desk.screen().contains("Then by"), "{}", desk.screen());
    assert!(desk.press("<esc>").is_empty());
    assert!(!desk.screen().contains("Then by"));
    assert_eq!(desk.model.list.sort, Sort::default());
}

#[test]
fn order_that_would_be_slow_is_refused_and_the_old_one_comes_back() {
    let mut desk = Harness::new((120, 35));
    let rows = |desk: &Harness| {
        let lines = desk.model.list.window.lines().iter();
        lines.map(|line| line.row.clone()).collect::<Vec<_>>()
    };
    let kept = rows(&desk);
    desk.press("su");
    desk.answer_list(kept);
    desk.press("sc");
    let generation = desk.model.list.generation;
    let reason = "the order `accounts` has no index";
    let refused = |generation| Event::NotOrdered {
        generation,
        reason: reason.into(),
    };
    // the answer to an older question changes nothing
    assert!(desk.sees(refused(generation - 1)).is_empty());
    let effects = desk.sees(refused(generation));
    assert_eq!(asked(&effects).as_deref(), Some("user"));
    let said = format!("Not sorted: {reason}.");
    assert!(desk.screen().contains(&said), "{}", desk.screen());
}
