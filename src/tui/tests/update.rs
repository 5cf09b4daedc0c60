//! What keys ask for, and what stays where it is whatever happens.

use crate::domain::act::{ActKind, OneConnection, Outlook, Plan};
use crate::domain::connection::Label;
use crate::domain::job::{Kind, State};
use crate::domain::mask::Level;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Page, Place, Size};
use crate::testing::fixtures::{self, job, now, page, plan, plan_of, row, rows};
use crate::testing::screen::Harness;
use crate::tui::effect::{CopyWhat, Effect, Scope, Subject};
use crate::tui::event::{Event, Input};
use crate::tui::model::Over;
use crate::tui::panes::Pane;

pub(super) const SIZE: (u16, u16) = (120, 35);

pub(super) fn current(desk: &Harness) -> ConnectionRow {
    desk.model.selected().unwrap().row.clone()
}

pub(super) fn on_active() -> Harness {
    let mut desk = Harness::new(SIZE);
    desk.press("jjjjjjj");
    desk.answer_panes();
    desk
}

/// The plan of a refresh with this against it.
pub(super) fn outlook(row: &ConnectionRow, against: &[&str]) -> Plan {
    let outlook = Outlook {
        against: against.iter().map(|a| (*a).to_owned()).collect(),
        ..fixtures::outlook(row)
    };
    let one = OneConnection {
        outlook: Some(outlook),
        ..fixtures::one(ActKind::Refresh, row)
    };
    plan_of(ActKind::Refresh, one)
}

#[test]
fn the_first_requests() {
    let mut desk = Harness::bare(SIZE);
    let effects = crate::tui::update::begin(&mut desk.model);
    let [
        Effect::LoadPage {
            from: Place::Start,
            limit: 200,
            ..
        },
        Effect::LoadSize { .. },
        Effect::LoadCounts,
        Effect::LoadBanks,
    ] = &effects[..]
    else {
        panic!("{effects:?}")
    };
}

#[test]
fn an_explanation_that_is_open_follows_its_connection() {
    let mut desk = Harness::new(SIZE);
    desk.press("w");
    let (row, generation) = (
        desk.model.selected().unwrap().row.clone(),
        desk.model.list.generation,
    );
    let loaded = |rows| Event::RowsLoaded {
        generation,
        rows,
        left: vec![],
        gone: vec![],
    };
    assert!(
        !desk
            .sees(loaded(vec![row.clone()]))
            .contains(&Effect::LoadWhy(row.id.clone())),
        "nothing changed"
    );
    let changed = ConnectionRow {
        version: row.version + 1,
        refused: 2,
        ..row.clone()
    };
    assert!(
        desk.sees(loaded(vec![changed]))
            .contains(&Effect::LoadWhy(row.id))
    );
}

#[test]
fn keys_that_go_straight_to_the_world() {
    let id = || Subject::Connection(row(7, Label::Active).id);
    let plans = |kind| {
        let scope = Scope::One(row(7, Label::Active).id);
        vec![Effect::PlanAct { kind, scope }]
    };
    let copy = |what| {
        vec![Effect::Copy {
            subject: id(),
            what,
            level: Level::Standard,
        }]
    };
    for (keys, effects) in [
        ("q", vec![Effect::Quit]),
        ("<c-c>", vec![Effect::Quit]),
        ("<c-l>", vec![Effect::Redraw]),
        ("<c-z>", vec![Effect::Suspend]),
        (
            "v",
            vec![Effect::Page {
                subject: id(),
                level: Level::Standard,
            }],
        ),
        ("yi", copy(CopyWhat::Id)),
        ("yu", copy(CopyWhat::User)),
        ("yj", copy(CopyWhat::Json)),
        ("yt", copy(CopyWhat::Support)),
        (
            "yc",
            vec![Effect::CopyText(format!(
                "switchboard connection {}",
                row(7, Label::Active).id
            ))],
        ),
        ("w", vec![Effect::LoadWhy(row(7, Label::Active).id)]),
        ("r", plans(ActKind::Refresh)),
        ("P", plans(ActKind::Purge)),
        ("X", plans(ActKind::Revoke)),
        (
            "m",
            vec![Effect::LoadProfile {
                id: row(7, Label::Active).id,
                level: Level::Strict,
            }],
        ),
        ("yx", vec![]),
        ("A", vec![]),
        ("f", vec![]),
        ("?", vec![]),
        ("!", vec![]),
    ] {
        assert_eq!(on_active().press(keys), effects, "{keys}");
    }
}

#[test]
fn moving_moves_and_stays_on_the_list() {
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
        ("]]]]", 3),
        ("G[", 3),
    ] {
        let mut desk = Harness::new(SIZE);
        desk.press(keys);
        assert_eq!(desk.model.list.window.cursor, at, "{keys}");
    }
}

#[test]
fn panes_are_walked_and_left_in_order() {
    for (keys, focus, zoom) in [
        ("<tab>", Pane::Profile, false),
        ("<tab><tab>", Pane::Jobs, false),
        ("<tab><tab><tab>", Pane::Connections, false),
        ("<s-tab>", Pane::Jobs, false),
        ("3", Pane::Jobs, false),
        ("2z", Pane::Profile, true),
        ("2z<esc>", Pane::Profile, false),
        ("2z<esc><esc>", Pane::Connections, false),
        ("<enter>", Pane::Jobs, false),
        ("<enter><enter>", Pane::Job, false),
        ("<enter><enter><esc>", Pane::Jobs, false),
        ("<enter><enter><esc><esc>", Pane::Connections, false),
    ] {
        let mut desk = on_active();
        desk.press(keys);
        assert_eq!((desk.model.focus, desk.model.zoom), (focus, zoom), "{keys}");
    }
}

#[test]
fn esc_clears_filter_then_marks_and_asks_above_twenty() {
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
fn the_filter_narrows_while_typing_and_a_mistake_keeps_what_held() {
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
fn tab_takes_the_suggestion_and_then_completes() {
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
fn marks_are_put_and_taken() {
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
fn the_followed_job_takes_the_cursor() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.sees(Event::ActDone {
        kind: ActKind::Refresh,
        id: row.id.clone(),
        job: "job-new".into(),
        deduplicated: false,
        summary: String::new(),
    });
    let mut jobs = vec![job(&row, "job-new", Kind::Refresh, State::Running, now())];
    jobs.extend(crate::testing::fixtures::jobs(&row));
    desk.sees(Event::JobsLoaded(
        row.id,
        Page {
            rows: jobs,
            first: None,
            last: None,
            more: false,
        },
    ));
    assert_eq!(desk.model.jobs.current().unwrap().id.as_str(), "job-new");
    assert_eq!(desk.model.jobs.at(), 0);
}

#[test]
fn on_a_tiny_screen_only_leaving_works_and_growing_back_brings_all_back() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.press("<space>kP");
    desk.plans(plan(ActKind::Purge, &row));
    desk.press("purge 0");
    desk.gets(Input::Resize(39, 9));
    for keys in ["r", "P", "X", "07", "<tab><enter>", "jjj", "<esc>"] {
        assert_eq!(desk.press(keys), [], "{keys}");
    }
    desk.gets(Input::Resize(SIZE.0, SIZE.1));
    assert!(
        desk.screen().contains("purge 0 ") || desk.screen().contains("purge 0"),
        "{}",
        desk.screen()
    );
    assert_eq!(desk.model.list.marks.len(), 1);
    desk.gets(Input::Resize(20, 4));
    assert_eq!(desk.press("q"), [Effect::Quit]);
}

#[test]
fn live_changes_leave_cursor_and_top_where_they_are() {
    let many: Vec<_> = (0..100).map(|n| row(n, Label::Active)).collect();
    let mut desk = Harness::with((80, 24), many.clone());
    desk.press(&"j".repeat(40));
    let seen = |desk: &Harness| {
        let window = &desk.model.list.window;
        (
            window.current().unwrap().row.id.clone(),
            window.lines()[window.top].row.id.clone(),
        )
    };
    let before = seen(&desk);
    let generation = desk.model.list.generation;
    for round in 0..500 {
        let n = (round * 37) % 100;
        let label = Label::ALL[round % 7];
        let changed = ConnectionRow {
            version: round as i64,
            attention: matches!(label, Label::Invalid | Label::Failed | Label::PreInit),
            ..row(n, label)
        };
        desk.sees(Event::RowsLoaded {
            generation,
            rows: vec![changed],
            left: vec![],
            gone: vec![],
        });
    }
    assert_eq!(seen(&desk), before);
    assert!(desk.model.list.window.unsettled());
    let effects = desk.waits(2_500);
    assert!(
        matches!(&effects[0], Effect::LoadPage { from: Place::Around(id), .. } if *id == before.0),
        "{effects:?}"
    );
    let generation = desk.model.list.generation;
    desk.sees(Event::PageLoaded {
        generation,
        from: Place::Around(before.0.clone()),
        page: page(many, false),
    });
    assert_eq!(seen(&desk), before, "putting it in order keeps both too");
}

#[test]
fn a_row_that_vanished_is_shown_as_gone_and_then_left() {
    let mut desk = on_active();
    let id = current(&desk).id;
    let generation = desk.model.list.generation;
    desk.sees(Event::RowsLoaded {
        generation,
        rows: vec![],
        left: vec![],
        gone: vec![id.clone()],
    });
    assert!(desk.screen().contains("gone     000007"));
    assert_eq!(desk.press("r"), []);
    desk.waits(3_100);
    assert_eq!(current(&desk).id, row(8, Label::Active).id);
    assert!(
        desk.screen()
            .contains("is gone; the cursor is on its neighbour")
    );
}

#[test]
fn late_answers_are_dropped() {
    let mut desk = Harness::new(SIZE);
    let old = desk.model.list.generation;
    desk.press("sb");
    desk.sees(Event::PageLoaded {
        generation: old,
        from: Place::Start,
        page: page(vec![row(99, Label::Active)], false),
    });
    desk.sees(Event::SizeLoaded {
        generation: old,
        size: Size {
            count: 1,
            exact: true,
        },
    });
    assert_eq!(desk.model.list.window.lines().len(), 14);
    desk.sees(Event::ProfileLoaded {
        id: row(50, Label::Active).id,
        level: Level::Standard,
        pane: None,
    });
    desk.sees(Event::JobLoaded("nobody".into(), None));
    desk.plans(outlook(&row(1, Label::Active), &[]));
    desk.sees(Event::Refused {
        id: row(1, Label::Active).id,
        reason: "late".into(),
    });
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
    assert_eq!(window.cursor as u64 + window.before.unwrap(), 3_600);
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

#[test]
fn help_runs_the_line_under_its_cursor() {
    let mut desk = on_active();
    let id = current(&desk).id;
    assert_eq!(
        desk.press("?refresh<enter>"),
        [Effect::PlanAct {
            kind: ActKind::Refresh,
            scope: Scope::One(id)
        }]
    );
    desk.press("<esc>?zzzz<esc>");
    assert!(
        matches!(desk.model.over, Some(Over::Help(_))),
        "the first Esc clears the search"
    );
    desk.press("<esc>");
    assert!(desk.model.over.is_none());
}

#[test]
fn what_changed_is_read_again_where_it_shows() {
    let mut desk = on_active();
    let (here, other) = (current(&desk).id, row(2, Label::Failed).id);
    let effects = desk.sees(Event::Changed {
        ids: vec![here.clone(), other.clone()],
    });
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::LoadRows { ids, .. } if ids.len() == 2))
    );
    assert!(effects.contains(&Effect::LoadJobs {
        id: here,
        limit: 50
    }));
    let effects = desk.sees(Event::Changed { ids: vec![other] });
    assert!(!effects.iter().any(|e| matches!(e, Effect::LoadJobs { .. })));
}

#[test]
fn when_nobody_is_here_names_are_hidden_until_the_next_key() {
    let mut desk = Harness::new(SIZE);
    desk.model.idle_after = Some(300_000);
    desk.waits(299_000);
    assert_eq!(desk.model.level, Level::Standard);
    desk.waits(2_000);
    assert_eq!(desk.model.level, Level::Strict);
    assert!(
        desk.model.profile.shown.is_none(),
        "what was read in the clear is dropped at once"
    );
    desk.press("j");
    assert_eq!(desk.model.level, Level::Standard);
    desk.press("m");
    desk.waits(400_000);
    desk.press("j");
    assert_eq!(
        desk.model.level,
        Level::Strict,
        "a level that was chosen stays"
    );
}
