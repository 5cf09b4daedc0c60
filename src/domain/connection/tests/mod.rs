//! The legal moves, row by row with the numbers of docs/domain.md 2.3; no other move is legal.

mod rows;

use super::*;
use ConnectionEvent as E;
use Happening as H;
use Method::{OpenBanking as Ob, Web};
use Status as S;
use rows::{BOTH, ROWS};

/// The happening after this one, so that all of them can be walked; one that is new does not compile
/// until it has its place.
fn after(happening: Happening) -> Option<Happening> {
    Some(match happening {
        H::Created => H::Authorised,
        H::Authorised => H::FlowRefused,
        H::FlowRefused => H::StepsSucceeded,
        H::StepsSucceeded => H::StepFailed(Blame::User),
        H::StepFailed(Blame::User) => H::StepFailed(Blame::Bank),
        H::StepFailed(Blame::Bank) => H::StepFailed(Blame::Us),
        H::StepFailed(Blame::Us) => H::JobOpen,
        H::JobOpen => H::Expired,
        H::Expired => H::Reauthorised,
        H::Reauthorised => H::ReauthorisationFailed(Blame::User),
        H::ReauthorisationFailed(Blame::User) => H::ReauthorisationFailed(Blame::Bank),
        H::ReauthorisationFailed(Blame::Bank) => H::ReauthorisationFailed(Blame::Us),
        H::ReauthorisationFailed(Blame::Us) => H::Purged,
        H::Purged => H::Revoked,
        H::Revoked => H::ConsentEnded,
        H::ConsentEnded => return None,
    })
}

fn product() -> impl Iterator<Item = (Method, Option<Status>, Happening)> {
    let froms: Vec<Option<Status>> = std::iter::once(None).chain(S::ALL.map(Some)).collect();
    let happenings: Vec<Happening> =
        std::iter::successors(Some(H::Created), |h| after(*h)).collect();
    BOTH.iter().flat_map(move |method| {
        let happenings = happenings.clone();
        froms.clone().into_iter().flat_map(move |from| {
            let (method, from) = (*method, from);
            happenings
                .clone()
                .into_iter()
                .map(move |happening| (method, from, happening))
        })
    })
}

fn possible(method: Method, status: Status) -> bool {
    match status {
        S::Pending => method == Web,
        S::PreInit | S::Init => method == Ob,
        S::Active | S::Invalid | S::Deleted => true,
    }
}

#[test]
fn every_move_is_a_row_and_every_row_is_a_move() {
    let mut met = vec![false; ROWS.len()];
    for (method, from, happening) in product() {
        let rows: Vec<usize> = (0..ROWS.len())
            .filter(|n| {
                ROWS[*n].1.contains(&method)
                    && ROWS[*n].2.contains(&from)
                    && ROWS[*n].3 == happening
            })
            .collect();
        let moved = transition(method, from, happening);
        let shown = format!("{method:?} {from:?} {happening:?}");
        // a status the method never has: whatever becomes of it, nobody can be there
        if from.is_some_and(|from| !possible(method, from))
            && !matches!(happening, H::Revoked | H::ConsentEnded)
        {
            assert!(moved.is_err(), "{shown}");
            continue;
        }
        match rows.as_slice() {
            [] => assert_eq!(
                moved,
                Err(Illegal {
                    method,
                    from,
                    happening
                }),
                "{shown}"
            ),
            [row] => {
                let (number, .., to, event) = ROWS[*row];
                let to = to
                    .or(from)
                    .expect("a row that stays has a status to stay in");
                assert_eq!(moved, Ok(Move { to, event }), "row {number}: {shown}");
                assert!(
                    possible(method, to) || !possible(method, from.unwrap_or(to)),
                    "row {number}: {shown}"
                );
                met[*row] = true;
            }
            more => panic!("{shown} is in {} rows", more.len()),
        }
    }
    let unmet: Vec<&str> = ROWS
        .iter()
        .zip(&met)
        .filter(|(_, met)| !**met)
        .map(|(row, _)| row.0)
        .collect();
    assert!(unmet.is_empty(), "rows never met: {unmet:?}");
}

/// Row 6, a user who leaves the flow, moves nothing and is no happening.
#[test]
fn every_row_of_the_reference_that_moves_something_is_in_the_table() {
    let written: Vec<&str> = ROWS.iter().flat_map(|row| row.0.split(", ")).collect();
    for number in (1..=23).filter(|n| *n != 6) {
        assert!(
            written.contains(&number.to_string().as_str()),
            "row {number}"
        );
    }
}

#[test]
fn nothing_leaves_deleted_and_pre_init_never_goes_straight_to_active() {
    for (method, from, happening) in product() {
        let moved = transition(method, from, happening);
        assert!(
            from != Some(S::Deleted) || moved.is_err(),
            "{method:?} {happening:?}"
        );
        let to = moved.ok().map(|m| m.to);
        assert!(
            from != Some(S::PreInit) || to != Some(S::Active),
            "{method:?} {happening:?}"
        );
    }
}

#[test]
fn failed_is_invalid_that_never_was_active() {
    assert_eq!(Label::of(S::Invalid, false), Label::Failed);
    assert_eq!(Label::of(S::Invalid, true), Label::Invalid);
    assert_eq!(Label::of(S::Deleted, true), Label::Deleted);
}
