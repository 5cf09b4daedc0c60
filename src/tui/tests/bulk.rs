//! Acts on several, from the marks to the outcomes: what is asked of the world, what arms the button, what
//! is shown.

use crate::domain::act::{
    ActKind, Confirmation, Figures, Outcome, Pins, Plan, Selection, Step, StepAct,
};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::rows::ConnectionRow;
use crate::testing::fixtures::{now, rows};
use crate::testing::plans::{bank, plan_of_several};
use crate::testing::screen::{Harness, ordered, shot};
use crate::tui::effect::{Effect, Order, OrderId};
use crate::tui::event::{Event, Input};

fn step(kind: ActKind, row: &ConnectionRow) -> Step {
    let cannot = match kind {
        ActKind::Purge => row.label != Label::Active,
        _ => row.label == Label::Deleted,
    };
    let (planned, reason) = match (cannot, kind) {
        (false, _) => (Outcome::WouldRun, ""),
        (true, ActKind::Purge) => (
            Outcome::Refused,
            "Connection is not active. Refresh it first.",
        ),
        (true, _) => (Outcome::Refused, "It is revoked already."),
    };
    let figures = Figures {
        accounts: row.accounts,
        transactions: row.transactions,
        profiles: 1,
    };
    Step {
        planned,
        reason: reason.into(),
        pins: Pins::of(kind, row, &figures),
        figures,
        ..Step::new(kind.step().unwrap(), row.id.as_str())
    }
}

/// What counting the marked rows answers.
fn counted(desk: &Harness, kind: ActKind) -> Plan {
    let all = rows();
    let row = |id: &ConnectionId| all.iter().find(|row| row.id == *id).unwrap();
    let marked = desk.model.list.targets();
    let steps = marked.iter().map(|id| step(kind, row(id))).collect();
    let plan = plan_of_several(kind, steps);
    Plan {
        banks: vec![bank("Hooli", plan.head.runs - 2), bank("Fabrikam Bank", 2)],
        ..plan
    }
}

fn asked(size: (u16, u16), key: &str, kind: ActKind) -> (Harness, Plan) {
    let mut desk = Harness::new(size);
    let effects = desk.press(&format!("*{key}"));
    let selection = Selection::Ids(desk.model.list.targets());
    let asked = Effect::PlanAct {
        kind,
        selection: selection.clone(),
    };
    assert_eq!(effects, [asked]);
    let plan = counted(&desk, kind);
    desk.sees(Event::ActPlanned {
        selection,
        plan: Box::new(plan.clone()),
    });
    (desk, plan)
}

/// To the end of the text, as a person has to on a small screen.
const READ: &str = "<pgdn><pgdn><pgdn><pgdn><pgdn><pgdn>";

#[test]
fn the_words_and_a_reason_arm_it_and_nothing_less() {
    for (key, kind, word) in [
        ("P", ActKind::Purge, "purge 7"),
        ("X", ActKind::Revoke, "revoke 13"),
    ] {
        let short = &word[..word.len() - 1];
        for keys in [
            format!("{READ}<enter>"),
            format!("{READ}{word}<tab><tab><enter>"),
            format!("{READ}{short}<tab>why<tab><enter>"),
            format!("{READ}{word}<tab>why<enter>"),
            format!("{READ}{word}9<tab>why<tab><enter>"),
            format!("{READ}{word}<tab> <tab><enter>"),
        ] {
            let (mut desk, _) = asked((120, 35), key, kind);
            let effects = desk.press(&keys);
            assert!(
                !effects
                    .iter()
                    .any(|e| matches!(e, Effect::Order(_, Order::Apply { .. }))),
                "{keys}: {effects:?}"
            );
        }
        let (mut desk, plan) = asked((120, 35), key, kind);
        desk.gets(Input::Paste(word.into()));
        let given_up = Effect::NoteCancelled {
            kind,
            target: plan.head.id.to_string(),
        };
        assert_eq!(
            desk.press("<tab>why<tab><enter>"),
            [given_up],
            "pasted words do not arm"
        );
        let (mut desk, _) = asked((120, 35), key, kind);
        let effects = desk.press(&format!("{READ}{word}<tab>left us<tab><enter>"));
        let sent = ordered(Order::Apply {
            plan: Box::new(plan),
            typed: Confirmation::new(Some(word), Some("left us")),
            refresh_after: false,
        });
        assert_eq!(effects, [sent]);
        assert_eq!(desk.model.in_flight.len(), 1);
    }
}

#[test]
fn enter_in_a_field_says_what_is_missing() {
    for (keys, says) in [
        ("purge<enter>", "the words are not complete"),
        ("purge<tab>why<enter>", "the words are not complete"),
        ("purge 7<enter>", "it wants a reason"),
        ("purge 7<tab><enter>", "it wants a reason"),
        ("purge 7<tab>why<enter>", "Tab goes to the button"),
    ] {
        let (mut desk, _) = asked((120, 35), "P", ActKind::Purge);
        assert_eq!(desk.press(&format!("{READ}{keys}")), [], "{keys}");
        let said = &desk.model.notices.all.front().expect("a message").text;
        assert!(said.contains(says), "{keys}: {said}");
    }
}

#[test]
fn marked_ones_with_an_open_job_are_sent_and_their_marks_go() {
    let (mut desk, _) = asked((80, 24), "r", ActKind::Refresh);
    let marked = desk.model.list.targets();
    let steps = marked.iter().map(|id| Step {
        planned: Outcome::Deduplicated,
        reason: format!("job {} is open already", id.short()),
        ..Step::new(StepAct::Refresh, id.as_str())
    });
    let plan = Box::new(plan_of_several(ActKind::Refresh, steps.collect()));
    desk.sees(Event::ActPlanned {
        selection: Selection::Ids(marked),
        plan: plan.clone(),
    });
    let shown = desk.screen();
    assert!(shown.contains("[ y  Refresh 14 ]"), "{shown}");
    assert!(shown.contains("left alone   a job is open already; it is shown instead"));
    assert!(shown.contains("2 at once per bank"), "{shown}");
    let sent = ordered(Order::Apply {
        plan: plan.clone(),
        typed: Confirmation::new(Some("refresh 0"), None),
        refresh_after: false,
    });
    assert_eq!(desk.press("y"), [sent]);
    desk.sees(Event::ActApplied(plan));
    assert!(desk.model.list.marks.is_empty());
    let shown = desk.screen();
    assert!(shown.contains("left alone"), "{shown}");
    assert!(
        !shown.contains("switchboard plan"),
        "it was not kept: {shown}"
    );
}

#[test]
fn a_plan_for_other_marks_fills_no_dialog() {
    let (mut desk, plan) = asked((120, 35), "P", ActKind::Purge);
    desk.press("<esc>-<space><space>P");
    let marked = rows().into_iter().map(|row| row.id).collect();
    desk.sees(Event::ActPlanned {
        selection: Selection::Ids(marked),
        plan: Box::new(plan),
    });
    assert!(desk.screen().contains("Looking"), "{}", desk.screen());
    desk.sees(Event::ActRefused {
        kind: ActKind::Purge,
        selection: Selection::Ids(desk.model.list.targets()),
        reason: "the disk is full.".into(),
    });
    let said = desk.screen();
    assert!(
        said.contains("the disk is full.") && !said.contains("full.."),
        "{said}"
    );
    assert!(desk.model.dialog.is_none() && desk.model.in_flight.is_empty());
}

#[test]
fn point_29_marks_stay_where_work_is_left_and_the_outcomes_are_shown() {
    let (mut desk, mut plan) = asked((120, 35), "P", ActKind::Purge);
    desk.press(&format!("{READ}purge 7<tab>left us<tab><enter>"));
    let mut runs = 0;
    for item in &mut plan.steps {
        item.outcome = Some(item.planned);
        item.why = item.reason.clone();
        if item.planned == Outcome::WouldRun {
            runs += 1;
            item.outcome = Some(if runs == 2 {
                Outcome::Skipped
            } else {
                Outcome::Done
            });
            item.why = if runs == 2 {
                "changed: transactions was 2247, is 2264".into()
            } else {
                String::new()
            };
        }
    }
    plan.head.finished = Some(now());
    desk.sees(Event::ActApplied(Box::new(plan.clone())));
    assert_eq!(desk.model.list.marks.len(), 8);
    shot("dialog-outcomes", &desk);
    assert_eq!(desk.model.in_flight.len(), 1, "outcomes are no answer");
    desk.answers(OrderId(1));
    assert!(desk.model.in_flight.is_empty());
    desk.press("<esc>");
    assert!(desk.model.dialog.is_none());
    desk.press("/");
    desk.sees(Event::ActApplied(Box::new(plan)));
    assert!(
        desk.model.dialog.is_none(),
        "nothing is put over what somebody types"
    );
}

#[test]
fn what_several_would_lose_at_every_size() {
    for size in [(120, 35), (80, 24), (200, 60), (40, 12)] {
        let (mut desk, _) = asked(size, "P", ActKind::Purge);
        desk.press("purge ");
        shot(&format!("dialog-purge-many-{}x{}", size.0, size.1), &desk);
    }
    let (mut desk, _) = asked((100, 40), "X", ActKind::Revoke);
    desk.press(&format!("{READ}revoke 13<tab>left us<tab>"));
    shot("dialog-revoke-many", &desk);
}
