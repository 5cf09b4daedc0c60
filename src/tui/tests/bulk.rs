//! Acts on several, from the marks to the outcomes: what is asked of the world, what arms the button, what
//! is shown.

use crate::domain::bulk::{BulkPlan, Head, Item, Load, Outcome};
use crate::domain::connection::Label;
use crate::domain::policy::Act;
use crate::domain::views::ConnectionRow;
use crate::testing::fixtures::{now, rows};
use crate::testing::screen::{Harness, ordered, shot};
use crate::tui::effect::{Effect, Order};
use crate::tui::event::{Event, Input};

fn item(place: usize, act: Act, row: &ConnectionRow) -> Item {
    let cannot = match act {
        Act::Purge => row.label != Label::Active,
        _ => row.label == Label::Deleted,
    };
    let reason = if act == Act::Purge {
        "Connection is not active. Refresh it first."
    } else {
        "It is revoked already."
    };
    Item {
        place: place as u32,
        connection: row.id.clone(),
        planned: if cannot {
            Outcome::Refused
        } else {
            Outcome::WouldRun
        },
        reason: if cannot { reason.into() } else { String::new() },
        fingerprint: format!(
            "{}-{}-{}",
            row.status.word(),
            row.accounts,
            row.transactions
        ),
        accounts: row.accounts,
        transactions: row.transactions,
        profiles: 1,
        within: None,
        outcome: None,
        why: String::new(),
        job: None,
    }
}

/// What counting the marked rows answers.
fn plan(desk: &Harness, act: Act) -> BulkPlan {
    let marked = desk.model.list.targets();
    let all = rows();
    let row = |id: &crate::domain::ids::ConnectionId| {
        all.iter()
            .find(|row| row.id == *id)
            .expect("marks are of the usual rows")
    };
    let items: Vec<Item> = marked
        .iter()
        .map(row)
        .enumerate()
        .map(|(n, row)| item(n, act, row))
        .collect();
    let runs = items
        .iter()
        .filter(|item| item.planned == Outcome::WouldRun)
        .count() as u64;
    let head = Head {
        id: "0195-plan-9f1a22".into(),
        act,
        forced: false,
        forced_sign_in: false,
        made: now(),
        expires: now().plus_ms(900_000),
        actor: "monica".into(),
        items: items.len() as u64,
        runs,
        takes_ms: 0,
        applied: None,
        finished: None,
        reason: String::new(),
    };
    let bank = |name: &str, count| Load {
        institution: "AU00000".into(),
        name: name.into(),
        count,
    };
    BulkPlan {
        head,
        banks: vec![bank("Hooli", runs - 2), bank("Fabrikam Bank", 2)],
        items,
    }
}

fn asked(size: (u16, u16), key: &str, act: Act) -> (Harness, BulkPlan) {
    let mut desk = Harness::new(size);
    let effects = desk.press(&format!("*{key}"));
    let ids = desk.model.list.targets();
    assert_eq!(effects, [Effect::PlanBulk { act, ids }]);
    let plan = plan(&desk, act);
    desk.sees(Event::BulkPlanned(Box::new(plan.clone())));
    (desk, plan)
}

/// To the end of the text, as a person has to on a small screen.
const READ: &str = "<pgdn><pgdn><pgdn><pgdn><pgdn><pgdn>";

#[test]
fn the_words_and_a_reason_arm_it_and_nothing_less() {
    for (key, act, word) in [
        ("P", Act::Purge, "purge 7"),
        ("X", Act::Revoke, "revoke 13"),
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
            let (mut desk, _) = asked((120, 35), key, act);
            let effects = desk.press(&keys);
            assert!(
                !effects
                    .iter()
                    .any(|e| matches!(e, Effect::Order(_, Order::ApplyBulk { .. }))),
                "{keys}: {effects:?}"
            );
        }
        let (mut desk, plan) = asked((120, 35), key, act);
        desk.gets(Input::Paste(word.into()));
        assert_eq!(
            desk.press("<tab>why<tab><enter>"),
            [],
            "pasted words do not arm"
        );
        let (mut desk, _) = asked((120, 35), key, act);
        let effects = desk.press(&format!("{READ}{word}<tab>left us<tab><enter>"));
        let sent = ordered(Order::ApplyBulk {
            act,
            plan: plan.head.id,
            words: word.into(),
            reason: "left us".into(),
        });
        assert_eq!(effects, [sent]);
        assert_eq!(desk.model.in_flight.len(), 1);
    }
}

#[test]
fn a_plan_for_other_marks_fills_no_dialog() {
    let (mut desk, plan) = asked((120, 35), "P", Act::Purge);
    desk.press("<esc>-<space><space>P");
    desk.sees(Event::BulkPlanned(Box::new(plan)));
    assert!(desk.screen().contains("Looking"), "{}", desk.screen());
    desk.sees(Event::BulkFailed {
        act: Act::Purge,
        reason: "the disk is full".into(),
    });
    assert!(desk.model.dialog.is_none() && desk.model.in_flight.len() == 0);
}

#[test]
fn marks_stay_where_work_is_left_and_the_outcomes_are_shown() {
    let (mut desk, mut plan) = asked((120, 35), "P", Act::Purge);
    desk.press(&format!("{READ}purge 7<tab>left us<tab><enter>"));
    let mut runs = 0;
    for item in &mut plan.items {
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
    desk.sees_answer(Event::BulkApplied(Box::new(plan.clone())));
    assert_eq!(
        (desk.model.in_flight.len(), desk.model.list.marks.len()),
        (0, 8)
    );
    shot("dialog-outcomes", &desk);
    desk.press("<esc>");
    assert!(desk.model.dialog.is_none());
    desk.press("/");
    desk.sees(Event::BulkApplied(Box::new(plan)));
    assert!(
        desk.model.dialog.is_none(),
        "nothing is put over what somebody types"
    );
}

#[test]
fn what_several_would_lose_at_every_size() {
    for size in [(120, 35), (80, 24), (200, 60), (40, 12)] {
        let (mut desk, _) = asked(size, "P", Act::Purge);
        desk.press("purge ");
        shot(&format!("dialog-purge-many-{}x{}", size.0, size.1), &desk);
    }
    let (mut desk, _) = asked((100, 40), "X", Act::Revoke);
    desk.press(&format!("{READ}revoke 13<tab>left us<tab>"));
    shot("dialog-revoke-many", &desk);
}
