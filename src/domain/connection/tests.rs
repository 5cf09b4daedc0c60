//! The table of legal moves, row by row with the numbers of docs/domain.md 2.3, and the proof that there is no other.

use super::*;
use ConnectionEvent as E;
use Happening as H;
use Method::{OpenBanking as Ob, Web};
use Status as S;

/// A row: its number, the methods, the statuses it leaves (none: it did not exist), what happens, where it
/// goes (none: it stays), and the event.
type RowOf = (
    &'static str,
    &'static [Method],
    &'static [Option<Status>],
    Happening,
    Option<Status>,
    Option<ConnectionEvent>,
);

const BOTH: &[Method] = &[Web, Ob];
const ANY: &[Option<Status>] = &[
    Some(S::Pending),
    Some(S::PreInit),
    Some(S::Init),
    Some(S::Active),
    Some(S::Invalid),
];
const ACTIVE: &[Option<Status>] = &[Some(S::Active)];
const INVALID: &[Option<Status>] = &[Some(S::Invalid)];

/// Row 24 is not here: a connection whose user is deleted has no status any more.
const ROWS: &[RowOf] = &[
    (
        "1",
        &[Web],
        &[None],
        H::Created,
        Some(S::Pending),
        Some(E::Created),
    ),
    (
        "2",
        &[Ob],
        &[None],
        H::Created,
        Some(S::PreInit),
        Some(E::Created),
    ),
    (
        "3",
        &[Web],
        &[Some(S::Pending)],
        H::StepsSucceeded,
        Some(S::Active),
        Some(E::Activated),
    ),
    (
        "4",
        &[Web],
        &[Some(S::Pending)],
        H::StepFailed(Blame::User),
        Some(S::Invalid),
        Some(E::Updated),
    ),
    (
        "4",
        &[Web],
        &[Some(S::Pending)],
        H::StepFailed(Blame::Bank),
        Some(S::Invalid),
        Some(E::Updated),
    ),
    (
        "4",
        &[Web],
        &[Some(S::Pending)],
        H::StepFailed(Blame::Us),
        Some(S::Invalid),
        Some(E::Updated),
    ),
    (
        "5, 7",
        &[Ob],
        &[Some(S::PreInit)],
        H::Authorised,
        Some(S::Init),
        Some(E::Updated),
    ),
    (
        "8",
        &[Ob],
        &[Some(S::PreInit)],
        H::FlowRefused,
        Some(S::Invalid),
        Some(E::Updated),
    ),
    (
        "9",
        &[Ob],
        &[Some(S::Init)],
        H::StepsSucceeded,
        Some(S::Active),
        Some(E::Activated),
    ),
    (
        "10",
        &[Ob],
        &[Some(S::Init)],
        H::StepFailed(Blame::User),
        Some(S::Invalid),
        Some(E::Updated),
    ),
    (
        "10",
        &[Ob],
        &[Some(S::Init)],
        H::StepFailed(Blame::Bank),
        Some(S::Invalid),
        Some(E::Updated),
    ),
    (
        "10",
        &[Ob],
        &[Some(S::Init)],
        H::StepFailed(Blame::Us),
        Some(S::Invalid),
        Some(E::Updated),
    ),
    (
        "10",
        &[Ob],
        &[Some(S::Init)],
        H::ReauthorisationFailed(Blame::User),
        Some(S::Invalid),
        Some(E::Invalidated),
    ),
    (
        "10",
        &[Ob],
        &[Some(S::Init)],
        H::ReauthorisationFailed(Blame::Bank),
        Some(S::Invalid),
        Some(E::Updated),
    ),
    (
        "10",
        &[Ob],
        &[Some(S::Init)],
        H::ReauthorisationFailed(Blame::Us),
        Some(S::Invalid),
        Some(E::Updated),
    ),
    (
        "first job",
        &[Web],
        &[Some(S::Pending)],
        H::JobOpen,
        None,
        None,
    ),
    (
        "first job",
        &[Ob],
        &[Some(S::PreInit), Some(S::Init)],
        H::JobOpen,
        None,
        None,
    ),
    ("11, 18", BOTH, ACTIVE, H::JobOpen, None, None),
    (
        "12, 18",
        BOTH,
        ACTIVE,
        H::StepsSucceeded,
        Some(S::Active),
        Some(E::Updated),
    ),
    (
        "13, 18",
        BOTH,
        ACTIVE,
        H::StepFailed(Blame::User),
        Some(S::Invalid),
        Some(E::Invalidated),
    ),
    (
        "14, 18",
        BOTH,
        ACTIVE,
        H::StepFailed(Blame::Bank),
        Some(S::Invalid),
        Some(E::Updated),
    ),
    (
        "14, 18",
        BOTH,
        ACTIVE,
        H::StepFailed(Blame::Us),
        Some(S::Invalid),
        Some(E::Updated),
    ),
    ("15, 18", BOTH, INVALID, H::JobOpen, None, None),
    (
        "16, 18",
        BOTH,
        INVALID,
        H::StepsSucceeded,
        Some(S::Active),
        Some(E::Activated),
    ),
    (
        "17, 18",
        BOTH,
        INVALID,
        H::StepFailed(Blame::User),
        None,
        None,
    ),
    (
        "17, 18",
        BOTH,
        INVALID,
        H::StepFailed(Blame::Bank),
        None,
        None,
    ),
    (
        "17, 18",
        BOTH,
        INVALID,
        H::StepFailed(Blame::Us),
        None,
        None,
    ),
    (
        "19",
        &[Ob],
        ACTIVE,
        H::Expired,
        Some(S::Invalid),
        Some(E::Invalidated),
    ),
    (
        "20",
        &[Ob],
        &[Some(S::Active), Some(S::Invalid)],
        H::Reauthorised,
        Some(S::Init),
        Some(E::Updated),
    ),
    (
        "21",
        BOTH,
        ACTIVE,
        H::Purged,
        Some(S::Active),
        Some(E::Updated),
    ),
    (
        "22",
        BOTH,
        ANY,
        H::Revoked,
        Some(S::Deleted),
        Some(E::Deleted),
    ),
    (
        "23",
        BOTH,
        ANY,
        H::ConsentEnded,
        Some(S::Deleted),
        Some(E::Deleted),
    ),
];

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
