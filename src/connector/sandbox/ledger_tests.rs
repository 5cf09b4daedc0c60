//! The generated past of an account: balances follow the entries, and what was posted stays.

use super::*;
use crate::connector::sandbox::holding::holdings;
use crate::connector::sandbox::people;
use crate::connector::sandbox::script::Script;
use std::collections::BTreeSet;

fn held(login: &str) -> Vec<Holding> {
    holdings(
        7,
        Script::find(&"AU00000".into()).unwrap(),
        &crate::connector::sandbox::logins::find(7, login).unwrap(),
    )
}

fn everybody() -> Vec<Holding> {
    let guests = (0..12).map(|n| format!("guest-{n}"));
    let scripted = people::scripted().map(|p| p.login.clone());
    scripted
        .chain(guests)
        .flat_map(|login| held(&login))
        .collect()
}

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

#[test]
fn two_balances_differ_by_the_entries_between_them() {
    let times = [
        "2025-12-20T03:00:00Z",
        "2026-01-01T00:00:00Z",
        "2026-02-11T17:20:00Z",
        "2026-03-31T23:59:59Z",
    ];
    for holding in everybody() {
        for pair in times.windows(2) {
            let (before, after) = (at(pair[0]), at(pair[1]));
            let between: i64 = posted(&holding, before.plus_ms(1), after)
                .iter()
                .map(Entry::amount)
                .sum();
            let moved = balance(&holding, after) - balance(&holding, before);
            assert_eq!(between, moved, "{} {pair:?}", holding.plan.key);
        }
    }
}

#[test]
fn the_past_stays_and_grows() {
    let (from, now, later) = (
        at("2025-11-01"),
        at("2026-03-01T10:00:00Z"),
        at("2026-03-09T10:00:00Z"),
    );
    let references = |holding: &Holding, to| -> BTreeSet<String> {
        posted(holding, from, to)
            .iter()
            .map(|e| e.reference(holding))
            .collect()
    };
    for holding in everybody() {
        let entries = posted(&holding, from, now);
        let first = references(&holding, now);
        assert_eq!(
            first.len(),
            entries.len(),
            "{}: a reference stands twice",
            holding.plan.key
        );
        let second = references(&holding, later);
        assert!(first.is_subset(&second), "{}", holding.plan.key);
    }
    let everyday = &held("Gilfoyle")[0];
    assert!(references(everyday, later).len() > references(everyday, now).len());
}

#[test]
fn the_newest_are_the_end_of_the_past() {
    let now = at("2026-03-09T10:00:00Z");
    for holding in everybody() {
        let newest = newest(&holding, 40, now);
        assert_eq!(newest.len(), 40, "{}", holding.plan.key);
        let from = Moment(newest.last().unwrap().posted);
        let all = posted(&holding, from, now);
        let names = |entries: &[Entry]| {
            entries
                .iter()
                .map(|e| e.reference(&holding))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&newest), names(&all)[..40], "{}", holding.plan.key);
    }
}

#[test]
fn pending_ones_change_their_reference_and_become_posted() {
    let now = at("2026-03-09T10:00:00Z");
    let mut seen = 0;
    for holding in everybody() {
        let (one, other) = (
            pending(&holding, Method::Web, now, 1),
            pending(&holding, Method::Web, now, 2),
        );
        assert!(one.len() <= 3);
        seen += one.len();
        for (a, b) in one.iter().zip(&other) {
            assert_ne!(a.reference, b.reference);
            assert_eq!(a.details, b.details);
        }
        let later = posted(&holding, now, now.plus_ms(3 * DAY_MS));
        for transaction in one {
            assert!(!transaction.posted && transaction.at <= now);
            assert!(
                later
                    .iter()
                    .any(|e| e.details(&holding) == transaction.details)
            );
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn balances_stay_within_reason_for_years() {
    for holding in everybody() {
        for year in 2024..2034 {
            let balance = balance(&holding, at(&format!("{year}-12-30T00:00:00Z")));
            let indebted = matches!(holding.plan.class.as_str(), "mortgage" | "loan");
            assert!(
                balance.abs() < 200_000_000,
                "{} {year}: {balance}",
                holding.plan.key
            );
            assert!(
                !indebted || balance < 0,
                "{} {year}: {balance}",
                holding.plan.key
            );
        }
    }
}

#[test]
fn gilfoyles_salary_stops_and_benefits_follow() {
    let everyday = &held("Gilfoyle")[0];
    let says = |text: &str| {
        posted(everyday, at("2025-01-01"), at("2026-01-01"))
            .iter()
            .filter(|e| e.details(everyday).description.expose() == text)
            .map(|e| e.day.rem_euclid(364))
            .collect::<Vec<_>>()
    };
    let (salary, benefits) = (says("SALARY PIED PIPER INC"), says("JOBSEEKER PAYMENT"));
    assert!(
        salary.iter().all(|day| *day < 252) && salary.len() > 10,
        "{salary:?}"
    );
    assert!(
        benefits.iter().all(|day| *day >= 252) && benefits.len() > 4,
        "{benefits:?}"
    );
}
