//! The other panes, and what is asked for and read again.

use super::*;

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
    let row = desk.model.selected().unwrap().row.clone();
    assert!(
        !desk
            .reads(vec![row.clone()], &[], &[])
            .contains(&Effect::LoadWhy(row.id.clone())),
        "nothing changed"
    );
    let changed = ConnectionRow {
        version: row.version + 1,
        refused: 2,
        ..row.clone()
    };
    assert!(
        desk.reads(vec![changed], &[], &[])
            .contains(&Effect::LoadWhy(row.id))
    );
}

#[test]
fn keys_that_go_straight_to_the_world() {
    let id = || Subject::Connection(row(7, Label::Active).id);
    let plans = |kind| {
        let selection = Selection::One(row(7, Label::Active).id);
        vec![Effect::PlanAct { kind, selection }]
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
        ("yl", copy(CopyWhat::Link)),
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
fn point_18_panes_are_walked_and_left_in_order() {
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
fn point_57_on_a_tiny_screen_only_leaving_works_and_growing_back_brings_all_back() {
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
fn late_answers_are_dropped() {
    let mut desk = Harness::new(SIZE);
    let old = desk.model.list.generation;
    desk.press("sb");
    desk.sees(Event::PageLoaded {
        generation: old,
        from: Place::Start,
        page: page(vec![row(99, Label::Active)], false),
    });
    desk.sees(Event::FiguresLoaded {
        generation: old,
        figures: Figures::default(),
        marks: Marks::default(),
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
fn point_11_help_runs_the_line_under_its_cursor() {
    let mut desk = on_active();
    let id = current(&desk).id;
    assert_eq!(
        desk.press("?refresh<enter>"),
        [Effect::PlanAct {
            kind: ActKind::Refresh,
            selection: Selection::One(id)
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
    let here = current(&desk).id;
    let effects = desk.sees(Event::Changed);
    assert!(
        effects.iter().any(
            |e| matches!(e, Effect::ReadAgain { shown, .. } if shown.connections.contains(&here)
                && shown.connections.len() == 14)
        ),
        "{effects:?}"
    );
    for pane in [
        Effect::LoadJobs {
            id: here.clone(),
            limit: 50,
        },
        Effect::LoadProfile {
            id: here,
            level: Level::Standard,
        },
    ] {
        assert!(effects.contains(&pane), "{effects:?}");
    }
    assert_eq!(desk.sees(Event::Changed), [], "one reading at a time");
    assert_eq!(desk.reads(vec![], &[], &[]), [], "and a pause after it");
    desk.waits(300);
    let effects = desk.press("");
    assert!(
        matches!(&effects[0], Effect::ReadAgain { .. }),
        "{effects:?}"
    );
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
