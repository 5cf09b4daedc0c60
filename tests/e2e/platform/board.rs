//! The three workflows by keys on a live board: who does it is named, and each is followed to its end.

use super::{Rehearsal, ended_without_data};
use crate::harness::{purge_words, text};
use crate::tty::Tty;

/// Types the words that arm a dialog, and presses its button.
fn confirm(tty: &mut Tty, words: &str, button: &str) {
    tty.sees("to enable");
    tty.types(words);
    tty.quiet(std::time::Duration::from_millis(120));
    tty.types("\t");
    tty.sees(&format!("[>{button}<]"));
    tty.insists("\r", "an order", |screen| !screen.contains("to enable"));
}

#[test]
fn refresh_purge_and_revoke_are_ordered_there_and_followed_to_their_ends() {
    let rehearsal = Rehearsal::of(20);
    let (id, _) = rehearsal.plain();
    let bank = text(&rehearsal.source().connection(&id)["institution"]["name"]);
    let host = rehearsal.proxy.url.trim_start_matches("http://").to_owned();
    let mut tty = Tty::open(&rehearsal.board, (120, 35));
    tty.goes_to(&id);
    tty.types("r");
    tty.sees(&format!("Done by the platform, {host}"));
    tty.insists("y", "an order", |screen| {
        !screen.contains("Done by the platform")
    });
    tty.sees("Refreshed");
    tty.types("P");
    confirm(&mut tty, &purge_words(&id), "Purge");
    tty.sees("complete: there as the platform reported");
    tty.types("X");
    confirm(&mut tty, &bank, "Revoke");
    tty.sees("Revoked: there as the platform reported");
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    for desk in [rehearsal.source(), &rehearsal.board] {
        ended_without_data(desk, &id);
    }
}
