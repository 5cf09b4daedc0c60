//! The table of refusals in the documents is made from the policy: every refusal that it knows, once. The test
//! `tests/e2e/refusals` reads it, and asks every face for each of them.

use super::docs::{agrees, cell};
use crate::domain::connection::{Label, Method, Origin};
use crate::domain::policy::{Act, KeptBack, Reason, may_now};
use crate::testing::fixtures;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Of which acts and connections a reason is told.
struct Told {
    reason: Reason,
    when: Vec<(Act, String)>,
}

/// What the policy refuses, in the order of the acts.
fn told() -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    let mut add = |act, reason: Reason, when: String| {
        let known = all.iter_mut().find(|told| told.reason == reason);
        let when = (act, when);
        match known {
            Some(told) if told.when.contains(&when) => {}
            Some(told) => told.when.push(when),
            None => all.push(Told {
                reason,
                when: vec![when],
            }),
        }
    };
    let row = |origin, method, label, guarded| {
        let mut row = fixtures::row(1, label);
        (row.origin, row.method, row.guarded) = (origin, method, guarded);
        row
    };
    let free = KeptBack::default();
    let used_up = KeptBack {
        day_used_up: true,
        ..free
    };
    let on_hold = KeptBack {
        on_hold: true,
        ..free
    };
    for act in Act::ALL {
        for method in Method::ALL {
            for label in Label::ALL {
                let ask = |origin, guarded, kept_back| {
                    may_now(act, &row(origin, method, label, guarded), kept_back).err()
                };
                if let Some(reason) = ask(Origin::Imported, false, free) {
                    add(act, reason, "imported".into());
                }
                let whose = format!("{} {}", label.name(), method.word());
                match ask(Origin::Sandbox, false, free) {
                    Some(reason) => add(act, reason, whose),
                    None => {
                        if let Some(reason) = ask(Origin::Sandbox, true, free) {
                            add(act, reason, "its sign-ins were refused too often".into());
                        }
                        if let Some(reason) = ask(Origin::Sandbox, false, used_up) {
                            add(act, reason, "its refreshes of the day are used up".into());
                        }
                        if let Some(reason) = ask(Origin::Sandbox, false, on_hold) {
                            add(act, reason, "an operator holds it or its bank".into());
                        }
                    }
                }
            }
        }
    }
    all
}

/// `deleted, invalid web`: without the method where both are meant.
fn whose(when: &[(Act, String)]) -> Vec<String> {
    let all: BTreeSet<&str> = when.iter().map(|(_, whose)| whose.as_str()).collect();
    let mut of: Vec<String> = Vec::new();
    for (_, whose) in when {
        let label = Label::ALL.into_iter().find(|l| whose.starts_with(l.name()));
        let both = label.filter(|l| {
            let of =
                |method: Method| all.contains(format!("{} {}", l.name(), method.word()).as_str());
            Method::ALL.into_iter().all(of)
        });
        let words = both.map_or_else(|| whose.clone(), |l| l.name().to_owned());
        if !of.contains(&words) {
            of.push(words);
        }
    }
    of
}

fn refusals() -> String {
    let mut table = String::from(
        "| act | of a connection that is | code | detail | what to do |\n|---|---|---|---|---|\n",
    );
    for Told { reason, when } in told() {
        let acts: BTreeSet<&str> = when.iter().map(|(act, _)| act.word()).collect();
        let of = whose(&when);
        let acts: Vec<&str> = acts.into_iter().collect();
        writeln!(
            table,
            "| {} | {} | `{}` | {} | {} |",
            acts.join(", "),
            of.join(", "),
            reason.code,
            cell(reason.detail),
            cell(reason.words)
        )
        .unwrap();
    }
    table
}

#[test]
fn the_table_of_refusals_is_the_policy() {
    agrees("docs/domain.md", "refusals", &refusals());
}
