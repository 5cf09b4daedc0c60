//! The band that says that nothing ends by itself, and what to do, as snapshots. Read one before you accept it.

use crate::domain::moment::Moment;
use crate::ops::Held;
use crate::testing::screen::{Harness, shot};
use crate::tui::event::Event;
use crate::tui::runtime::trouble;

#[test]
fn a_clock_that_looks_wrong_is_told_with_what_to_do() {
    let mut desk = Harness::new((80, 24));
    desk.sees(Event::TroubleChanged(Some(trouble(&Held::Clock {
        now: Moment::parse("2038-01-20T00:00:00Z").unwrap(),
        ahead: 400 * 86_400_000,
    }))));
    shot("clock-looks-wrong", &desk);
}

#[test]
fn consents_that_only_a_person_ends_are_told() {
    let mut desk = Harness::new((80, 24));
    desk.sees(Event::TroubleChanged(Some(trouble(&Held::Share {
        due: 10_000,
        users: 10_002,
        most: 500,
    }))));
    shot("consents-held", &desk);
}
