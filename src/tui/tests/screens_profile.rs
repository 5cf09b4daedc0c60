//! What a person sees in the profile pane, as snapshots. Read one before you accept it.

use crate::domain::diagnosis::{Around, ConsentFacts, Health, Seen, SequenceFacts};
use crate::domain::health::Window;
use crate::domain::mask::Level;
use crate::domain::views::ConnectionPane;
use crate::testing::fixtures::{now, profile};
use crate::testing::screen::{Harness, shot};
use crate::tui::event::Event;

/// A desk with the profile of the first active row, everything around it worth a word.
fn around(size: (u16, u16), keys: &str) -> Harness {
    let mut desk = Harness::new(size);
    desk.press("jjjjjjj");
    desk.answer_panes();
    let row = desk.model.selected().unwrap().row.clone();
    let around = Around {
        health: Some(Health::Operational),
        measured: Some(Seen {
            health: Health::PartialOutage,
            passed: 12,
            sample: 30,
            window: Window::Day,
        }),
        incident: None,
        sequence: Some(SequenceFacts {
            what: "erasure of the user".into(),
            at: "purge".into(),
            waits: false,
        }),
        hold: None,
        consent: Some(ConsentFacts::Ends(now().plus_ms(12 * 86_400_000))),
        stranded: 2,
    };
    let pane = ConnectionPane {
        around,
        next_background: Some(now().plus_ms(3 * 3_600_000)),
        ..profile(&row, Level::Standard)
    };
    desk.sees(Event::ProfileLoaded {
        id: row.id,
        level: Level::Standard,
        pane: Some(Box::new(pane)),
    });
    desk.press(keys);
    desk
}

#[test]
fn what_is_around_a_connection_stands_before_its_dates() {
    for (size, keys) in [((120, 35), ""), ((40, 12), "2jjjjjjjj")] {
        let name = format!("profile-around-{}x{}", size.0, size.1);
        shot(&name, &around(size, keys));
    }
}
