//! The list of connections: cursor, filter, order, marks, pages.

use super::*;

#[test]
fn point_17_moving_moves_and_stays_on_the_list() {
    for (keys, at) in [
        ("j", 1),
        ("jjk", 1),
        ("k", 0),
        ("G", 13),
        ("Gj", 13),
        ("Gg", 0),
        ("<end><home>", 0),
        ("<c-d>", 13),
        ("<pgdn><pgup>", 0),
        ("<down><down><up>", 1),
        ("]", 1),
        ("]]]", 3),
        ("]]]]", 0),
        ("G[", 3),
    ] {
        let mut desk = Harness::new(SIZE);
        desk.press(keys);
        assert_eq!(desk.model.list.window.cursor, at, "{keys}");
    }
}

#[test]
fn point_19_esc_clears_filter_then_marks_and_asks_above_twenty() {
    let many: Vec<_> = (0..30).map(|n| row(n, Label::Active)).collect();
    let mut desk = Harness::with(SIZE, many.clone());
    desk.press("*/status:active<enter>");
    desk.answer_list(many);
    assert_eq!(desk.model.list.marks.len(), 30);
    desk.press("<esc>");
    assert!(desk.model.list.filter.query.expr.is_none());
    desk.press("<esc>");
    assert_eq!(desk.model.list.marks.len(), 30, "it asks first");
    desk.press("y");
    assert_eq!(desk.model.list.marks.len(), 0);
}

#[test]
fn point_20_the_filter_narrows_while_typing_and_a_mistake_keeps_what_held() {
    let mut desk = Harness::new(SIZE);
    let before = desk.model.list.generation;
    let effects = desk.press("/is:attention");
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::LoadPage { query, .. } if query.text == "is:attention"))
    );
    assert!(desk.model.list.generation > before);
    let held = desk.model.list.filter.query.clone();
    desk.press(" status:bogus x");
    assert_eq!(desk.model.list.filter.query.expr, held.expr);
    assert!(desk.model.list.filter.mistake.is_some());
    desk.press("<esc>");
    assert!(
        desk.model.list.filter.query.expr.is_none(),
        "Esc brings back what held before /"
    );
}

#[test]
fn point_21_tab_takes_the_suggestion_and_then_completes() {
    let mut desk = Harness::new(SIZE);
    desk.press("/status:invlid x<tab>");
    assert_eq!(desk.model.list.filter.field.text(), "status:invalid x");
    desk.press("<c-u>stat<tab>");
    assert_eq!(desk.model.list.filter.field.text(), "status:");
}

#[test]
fn sorting_asks_anew_and_the_same_key_turns_it_round() {
    let mut desk = Harness::new(SIZE);
    let sorts = |effects: Vec<Effect>| {
        effects.into_iter().find_map(|e| {
            if let Effect::LoadPage { sort, .. } = e {
                Some(sort)
            } else {
                None
            }
        })
    };
    let first = sorts(desk.press("sb")).unwrap();
    desk.answer_list(rows());
    let second = sorts(desk.press("sb")).unwrap();
    assert_eq!(
        (first.field, first.reversed, second.reversed),
        (second.field, false, true)
    );
}

#[test]
fn point_26_marks_are_put_and_taken() {
    for (keys, count) in [
        ("<space>", 1),
        ("<space>k<space>", 0),
        ("<space>jjV", 4),
        ("*", 14),
        ("*-", 0),
        ("<space><space>-", 0),
    ] {
        let mut desk = Harness::new(SIZE);
        desk.press(keys);
        assert_eq!(desk.model.list.marks.len(), count, "{keys}");
    }
}

#[test]
fn point_30_live_changes_leave_cursor_and_top_where_they_are() {
    let many: Vec<_> = (0..100).map(|n| row(n, Label::Active)).collect();
    let mut desk = Harness::with((80, 24), many.clone());
    // without headings, which come and go with what changes
    desk.press("sl");
    desk.answer_list(many.clone());
    desk.press(&"j".repeat(40));
    let seen = |desk: &Harness| {
        let window = &desk.model.list.window;
        (
            window.current().unwrap().row.id.clone(),
            window.lines()[window.top].row.id.clone(),
        )
    };
    let before = seen(&desk);
    for round in 0..500 {
        let n = (round * 37) % 100;
        let label = Label::ALL[round % 7];
        let changed = ConnectionRow {
            version: round as i64,
            attention: matches!(label, Label::Invalid | Label::Failed | Label::PreInit),
            ..row(n, label)
        };
        desk.reads(vec![changed], &[], &[]);
        assert_eq!(seen(&desk), before);
    }
    desk.waits(2_500);
    desk.reads(vec![row(3, Label::Active)], &[], &[]);
    assert_eq!(seen(&desk), before, "putting it in order keeps both too");
}

#[test]
fn point_31_a_row_that_vanished_is_shown_as_gone_and_then_left() {
    let mut desk = on_active();
    let id = current(&desk).id;
    desk.reads(vec![], &[], std::slice::from_ref(&id));
    assert!(desk.screen().contains("gone     000007"));
    assert!(desk.screen().contains("gone; 13 rows"), "{}", desk.screen());
    assert_eq!(desk.press("r"), []);
    desk.waits(900);
    assert_eq!(current(&desk).id, row(8, Label::Active).id);
    assert!(
        desk.screen()
            .contains("is gone; the cursor is on its neighbour")
    );
}

#[test]
fn pages_are_read_ahead_and_the_window_stays_bounded() {
    let stretch = |from: usize| -> Vec<ConnectionRow> {
        (from..from + 200).map(|n| row(n, Label::Active)).collect()
    };
    let mut desk = Harness::bare((80, 24));
    let generation = desk.model.list.generation;
    desk.sees(Event::PageLoaded {
        generation,
        from: Place::Start,
        page: page(stretch(0), true),
    });
    let mut next = 200;
    for _ in 0..400 {
        for effect in desk.press("<pgdn>") {
            if let Effect::LoadPage { from, .. } = effect {
                assert!(matches!(from, Place::After(_)), "{from:?}");
                desk.sees(Event::PageLoaded {
                    generation,
                    from,
                    page: page(stretch(next), true),
                });
                next += 200;
            }
        }
    }
    let window = &desk.model.list.window;
    // seven rows a page: one row is the heading's, one that of the news
    assert_eq!(window.cursor as u64 + window.before.unwrap(), 2_800);
    assert!(window.lines().len() <= 1_000, "{}", window.lines().len());
    assert!(!window.starts);
    let effects = desk.press("g");
    assert!(matches!(
        &effects[0],
        Effect::LoadPage {
            from: Place::Start,
            ..
        }
    ));
}

#[test]
fn a_held_key_asks_for_the_panes_once() {
    let mut desk = Harness::new(SIZE);
    let effects = desk.press("jjjjjj");
    let profiles = effects
        .iter()
        .filter(|e| matches!(e, Effect::LoadProfile { .. }))
        .count();
    assert_eq!(profiles, 1, "{effects:?}");
}
