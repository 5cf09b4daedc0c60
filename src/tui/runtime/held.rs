//! How the screen shows that nothing ends by itself.

use crate::ops::Held;
use crate::tui::event::Trouble;

pub(crate) fn trouble(held: &Held) -> Trouble {
    let word = match held {
        Held::Clock { .. } => "CLOCK",
        Held::Share { .. } => "HELD",
    };
    Trouble {
        word: word.into(),
        what: held.what(),
        advice: held.advice().into(),
        stops_actions: false,
    }
}
