//! Orders on the way to the world: what arms them, what disarms them, and what never sends one.

use super::update::{SIZE, current, on_active, outlook};
use crate::domain::act::{ActKind, Confirmation, Plan, Selection};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::rows::ConnectionRow;
use crate::testing::fixtures::{row, rows};
use crate::testing::plans::plan;
use crate::testing::screen::{Harness, ordered};
use crate::tui::effect::{Effect, Order, OrderId};
use crate::tui::event::{Event, Input};

fn asks(kind: ActKind, id: &ConnectionId) -> Effect {
    let selection = Selection::One(id.clone());
    Effect::PlanAct { kind, selection }
}

/// The order that carries out this plan.
fn applied(plan: Plan, words: &str, reason: Option<&str>) -> Effect {
    ordered(Order::Apply {
        plan: Box::new(plan),
        typed: Confirmation::new(Some(words), reason),
        refresh_after: false,
    })
}

fn refreshes(row: &ConnectionRow) -> Effect {
    applied(outlook(row, &[]), "refresh 1", None)
}

fn queued(row: &ConnectionRow) -> Event {
    Event::ActDone {
        kind: ActKind::Refresh,
        id: row.id.clone(),
        job: "job-new".into(),
        deduplicated: false,
        summary: String::new(),
    }
}

#[test]
fn actions_are_for_the_marks_when_there_are_any() {
    let mut desk = Harness::new(SIZE);
    let effects = desk.press("<space><space>r");
    assert!(
        matches!(&effects[0], Effect::PlanAct { selection: Selection::Ids(ids), .. } if ids.len() == 2),
        "{effects:?}"
    );
    desk.press("<esc>");
    let effects = desk.press("P");
    assert!(
        matches!(&effects[..], [Effect::PlanAct { selection: Selection::Ids(ids), .. }] if ids.len() == 2),
        "{effects:?}"
    );
}

#[test]
fn refresh_and_enter_sends_once_however_fast() {
    let mut desk = on_active();
    let row = current(&desk);
    let id = row.id.clone();
    assert_eq!(desk.rush("r<enter>"), [asks(ActKind::Refresh, &id)]);
    assert_eq!(desk.plans(outlook(&row, &[])), [refreshes(&row)]);
    assert!(desk.model.dialog.is_none());
    let effects = desk.sees(queued(&row));
    assert!(effects.contains(&Effect::LoadJobs { id, limit: 50 }));
    assert_eq!(desk.model.in_flight.len(), 1);
    desk.answers(OrderId(1));
    assert_eq!(desk.model.in_flight.len(), 0);
}

#[test]
fn a_hurried_enter_does_not_pass_a_warning() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.rush("r<enter>");
    assert_eq!(desk.plans(outlook(&row, &["refreshed 2m ago"])), []);
    assert_eq!(
        desk.rush("y"),
        [],
        "nothing is confirmed in the first moments"
    );
    assert_eq!(desk.press("<enter>"), [], "Enter is Cancel");
    desk.press("r");
    let plan = outlook(&row, &["refreshed 2m ago"]);
    let refreshes_anyway = applied(plan.clone(), "refresh 1", None);
    desk.plans(plan);
    assert_eq!(desk.press("y"), [refreshes_anyway]);
}

#[test]
fn point_37_nothing_is_purged_by_accident() {
    for keys in [
        "P<enter>",
        "Py",
        "PP",
        "PPPPPPPPPPPPPPPPPPPPP<enter>",
        "Ppurge 008<tab><enter>",
        "PPurge 007<tab><enter>",
        "Ppurge007<tab><enter>",
        "Ppurge 00<tab><enter>",
        "Ppurge 007<enter>",
    ] {
        let mut desk = on_active();
        let row = current(&desk);
        let (open, rest) = keys.split_at(1);
        desk.press(open);
        desk.plans(plan(ActKind::Purge, &row));
        let effects = desk.press(rest);
        assert!(
            !effects.iter().any(|e| matches!(e, Effect::Order(..))),
            "{keys}: {effects:?}"
        );
    }
}

#[test]
fn point_38_purge_takes_its_words_tab_and_enter() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.press("P");
    desk.plans(plan(ActKind::Purge, &row));
    let effects = desk.press("purge 007<tab><enter>");
    let sent = applied(plan(ActKind::Purge, &row), "purge 007", None);
    assert_eq!(effects, [sent]);
    assert_eq!(desk.press("<enter>"), [], "and is sent once");
}

#[test]
fn a_purge_that_does_not_fit_is_not_armed_before_its_end_was_seen() {
    let mut desk = on_active();
    desk.gets(Input::Resize(60, 18));
    let row = current(&desk);
    desk.press("P");
    desk.plans(plan(ActKind::Purge, &row));
    assert_eq!(desk.press("purge 007<tab><enter>"), [given_up(&row)]);
    assert!(
        desk.model.dialog.is_none(),
        "the only button there was Cancel"
    );
    desk.press("P");
    desk.plans(plan(ActKind::Purge, &row));
    assert_eq!(
        desk.press("purge 007<pgdn><pgdn><pgdn><tab><enter>").len(),
        1
    );
}

/// What is left of a purge whose dialog was closed again: a line in the audit.
fn given_up(row: &ConnectionRow) -> Effect {
    Effect::NoteCancelled {
        kind: ActKind::Purge,
        target: row.id.to_string(),
    }
}

#[test]
fn a_dialog_that_is_closed_without_its_act_is_noted_once() {
    for close in [
        "<esc>",
        "<tab><enter>",
        "purge 007<esc>",
        "purge 00<tab><enter>",
    ] {
        let mut desk = on_active();
        let row = current(&desk);
        desk.press("P");
        desk.plans(plan(ActKind::Purge, &row));
        assert_eq!(desk.press(close), [given_up(&row)], "{close}");
        assert_eq!(desk.press("<esc>"), [], "{close}");
    }
    // before anything was counted nothing was refused, and a refresh deletes nothing
    let mut desk = on_active();
    desk.press("P");
    assert_eq!(desk.press("<esc>"), []);
    let row = current(&desk);
    desk.press("r");
    desk.plans(plan(ActKind::Refresh, &row));
    assert_eq!(desk.press("<esc>"), []);
}

#[test]
fn point_47_pasted_words_do_not_arm() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.press("P");
    desk.plans(plan(ActKind::Purge, &row));
    desk.gets(Input::Paste("purge 007\n".into()));
    assert_eq!(desk.press("<tab><enter>"), [given_up(&row)]);
    let mut desk = on_active();
    assert_eq!(desk.gets(Input::Paste("PyXjjq\n".into())), []);
    assert!(desk.model.dialog.is_none());
    assert!(desk.screen().contains("Pasted text was dropped"));
}

#[test]
fn point_41_a_target_that_changed_disarms() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.press("P");
    desk.plans(plan(ActKind::Purge, &row));
    desk.press("purge 007");
    let changed = ConnectionRow {
        version: 2,
        transactions: row.transactions + 17,
        ..row.clone()
    };
    desk.reads(vec![changed], &[], &[]);
    assert!(desk.screen().contains("Stopped before sending"));
    assert!(
        desk.screen().contains("2,264") || desk.screen().contains("2264"),
        "{}",
        desk.screen()
    );
    assert_eq!(desk.press("<enter>"), []);
    assert!(desk.model.dialog.is_none());
}

#[test]
fn point_42_revoke_arms_on_the_banks_name_in_any_case_and_g_leads_to_purge() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.press("X");
    desk.plans(plan(ActKind::Revoke, &row));
    let effects = desk.press("hOOli<tab><enter>");
    let sent = applied(plan(ActKind::Revoke, &row), "hOOli", Some(""));
    assert_eq!(effects, [sent]);
    desk.press("X");
    desk.plans(plan(ActKind::Revoke, &row));
    assert_eq!(desk.press("g"), [asks(ActKind::Purge, &row.id)]);
}

#[test]
fn point_44_purge_is_refused_with_an_explanation_and_read_only_with_a_line() {
    let mut desk = Harness::new(SIZE);
    assert_eq!(desk.press("P"), []);
    assert!(desk.screen().contains("Purge is not possible"));
    let mut desk = on_active();
    desk.model.read_only = true;
    for (keys, word) in [("r", "Refresh"), ("P", "Purge"), ("X", "Revoke")] {
        assert_eq!(desk.press(keys), [], "{keys}");
        assert!(desk.model.dialog.is_none());
        assert!(
            desk.screen()
                .contains(&format!("{word}: nothing can be changed: read-only.")),
            "{}",
            desk.screen()
        );
    }
}

#[test]
fn point_48_quitting_asks_while_orders_are_on_their_way() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.press("r");
    desk.plans(outlook(&row, &[]));
    desk.press("<enter>");
    assert_eq!(desk.press("q"), []);
    assert_eq!(desk.press("n"), []);
    assert_eq!(desk.press("qy"), [Effect::Quit]);
}

#[test]
fn an_order_is_in_flight_until_it_is_answered_however_much_is_told_of_it() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.press("P");
    desk.plans(plan(ActKind::Purge, &row));
    desk.press("purge 007<tab><tab><tab> <s-tab><s-tab>");
    let [Effect::Order(_, Order::Apply { refresh_after, .. })] = desk.press("<enter>")[..] else {
        panic!("{}", desk.screen())
    };
    assert!(refresh_after);
    desk.press("r");
    desk.plans(outlook(&row, &[]));
    desk.press("<enter>");
    assert_eq!(desk.model.in_flight.len(), 2);
    let (purge, refresh) = (OrderId(1), OrderId(2));
    let (id, summary) = (row.id.clone(), "2,247 transactions gone".to_owned());
    desk.sees(Event::ActDone {
        kind: ActKind::Purge,
        id,
        job: "job-purge".into(),
        deduplicated: false,
        summary,
    });
    desk.sees(queued(&row));
    assert_eq!(desk.press("q"), [], "both are told of, none is answered");
    desk.press("n");
    desk.sees(Event::OrderAnswered(purge));
    desk.sees(Event::OrderAnswered(purge));
    assert_eq!(desk.press("q"), [], "the refresh is in flight still");
    desk.press("n");
    desk.sees(Event::OrderAnswered(refresh));
    assert_eq!(desk.press("q"), [Effect::Quit]);
}

#[test]
fn a_plan_refused_after_esc_answers_no_order() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.press("r");
    desk.plans(outlook(&row, &[]));
    desk.press("<enter>P<esc>");
    desk.sees(Event::ActRefused {
        kind: ActKind::Purge,
        selection: Selection::One(row.id),
        reason: "a job is running".into(),
    });
    assert_eq!(desk.model.in_flight.len(), 1);
    assert_eq!(desk.press("q"), [], "the refresh is in flight still");
}

#[test]
fn any_keys_at_any_size_draw_and_order_nothing_destructive() {
    let keys = [
        "j", "k", "G", "g", "<enter>", "<esc>", "<tab>", "r", "P", "X", "y", "n", "w", "?", "!",
        "/", "a", ":", "s", "m", "z", "<space>", "V", "*", "-", "]", "f", "<pgdn>", "R", "é", "日",
    ];
    let sizes = [
        (80, 24),
        (120, 35),
        (39, 10),
        (1, 1),
        (200, 60),
        (60, 18),
        (40, 12),
        (250, 70),
        (200, 20),
        (0, 0),
    ];
    let mut state: u64 = 7;
    let mut pick = |n: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let mut desk = Harness::new((80, 24));
    for round in 0..4_000 {
        let effects = match pick(12) {
            0 => {
                let (w, h) = sizes[pick(sizes.len())];
                desk.gets(Input::Resize(w, h))
            }
            1 => desk.waits(700),
            2 => {
                let row = current_or(&desk);
                desk.plans(plan(ActKind::Purge, &row))
            }
            3 => {
                let row = current_or(&desk);
                desk.plans(plan(ActKind::Revoke, &row))
            }
            _ => desk.press(keys[pick(keys.len())]),
        };
        let destroys = effects.iter().any(|e| {
            matches!(e, Effect::Order(_, Order::Apply { plan, .. }) if plan.head.kind != ActKind::Refresh)
        });
        assert!(!destroys, "{effects:?}");
        if desk.model.list.loading.is_some() && pick(3) == 0 {
            desk.answer_list(rows());
            desk.answer_panes();
        }
        if round % 5 == 0 {
            desk.screen();
            desk.drawn_on(sizes[pick(sizes.len())]);
        }
    }
}

fn current_or(desk: &Harness) -> ConnectionRow {
    desk.model
        .selected()
        .map_or_else(|| row(1, Label::Active), |l| l.row.clone())
}
