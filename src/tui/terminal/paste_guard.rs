//! Bursts, pastes, and keys that come too soon. No key is held back; a burst is judged by
//! what arrived with it and just before it.

use super::key::{Code, Key};
use std::collections::VecDeque;

/// A burst is this many printable keys ...
const BURST_KEYS: usize = 6;
/// ... with this many different characters ...
const BURST_DIFFERENT: usize = 4;
/// ... within this many milliseconds; it lasts until as long a silence.
const BURST_MS: u64 = 60;
/// How long a new dialog ignores the keys that confirm it, in milliseconds.
const ARM_MS: u64 = 400;
/// A shorter gap is one key held down: keyboards wait up to 660 ms before the first repeat.
const HELD_MS: u64 = 700;

/// What a batch of keys came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Admitted {
    pub(crate) keys: Vec<Key>,
    /// How many keys were dropped with a burst.
    pub(crate) dropped: Option<usize>,
}

/// Drops what no fingers typed: text that a terminal without bracketed paste pours in as keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guard {
    recent: VecDeque<(u64, char)>,
    /// When the burst that is being dropped last went on.
    burst: Option<u64>,
}

impl Guard {
    /// In a text field (`in_input`) a burst is welcome, but a Return in its midst submits nothing.
    pub(crate) fn admit(&mut self, batch: &[(u64, Key)], in_input: bool) -> Admitted {
        let bursts: Vec<bool> = batch
            .iter()
            .map(|(at, key)| self.in_burst(*at, *key))
            .collect();
        if in_input {
            return Self::admit_text(batch, &bursts);
        }
        // The keys before the one that gave it away belong to the burst as well.
        let first = bursts.iter().position(|burst| *burst);
        let mut admitted = Admitted::default();
        for (at, (ms, key)) in batch.iter().enumerate() {
            let began = first
                .filter(|first| at < *first)
                .is_some_and(|first| batch[first].0.saturating_sub(*ms) <= BURST_MS);
            if (bursts[at] || began) && *key != Key::ctrl('c') {
                *admitted.dropped.get_or_insert(0) += 1;
            } else {
                admitted.keys.push(*key);
            }
        }
        admitted
    }

    fn admit_text(batch: &[(u64, Key)], bursts: &[bool]) -> Admitted {
        let burst = bursts.contains(&true);
        let last_text = batch.iter().rposition(|(_, key)| key.typed().is_some());
        let pasted = |at: usize, key: Key| {
            key == Key::of(Code::Enter) && burst && last_text.is_some_and(|last| at < last)
        };
        let keys = batch
            .iter()
            .enumerate()
            .filter(|(at, (_, key))| !pasted(*at, *key))
            .map(|(_, (_, key))| *key)
            .collect();
        Admitted {
            keys,
            dropped: None,
        }
    }

    fn in_burst(&mut self, now: u64, key: Key) -> bool {
        while self
            .recent
            .front()
            .is_some_and(|(at, _)| now.saturating_sub(*at) > BURST_MS)
        {
            self.recent.pop_front();
        }
        if self
            .burst
            .is_some_and(|last| now.saturating_sub(last) > BURST_MS)
        {
            self.burst = None;
        }
        if let Some(c) = key.typed() {
            self.recent.push_back((now, c));
            // Enough to judge; a flood does not make the window grow.
            if self.recent.len() > 64 {
                self.recent.pop_front();
            }
            let mut different: Vec<char> = self.recent.iter().map(|(_, c)| *c).collect();
            different.sort_unstable();
            different.dedup();
            if self.recent.len() >= BURST_KEYS && different.len() >= BURST_DIFFERENT {
                self.burst = Some(now);
            }
        }
        if self.burst.is_some() {
            self.burst = Some(now);
        }
        self.burst.is_some()
    }
}

/// Keeps a dialog from being confirmed by a key that was on its way before the dialog was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArmDelay {
    opened: u64,
    held: Option<(u64, Key)>,
}

impl ArmDelay {
    /// For a dialog that opened at `opened`; `last` is the last key before that, and when.
    pub(crate) fn new(opened: u64, last: Option<(u64, Key)>) -> Self {
        Self {
            opened,
            held: last.filter(|(at, _)| opened.saturating_sub(*at) <= HELD_MS),
        }
    }

    /// Whether a click counts by now: the first ones may be the second half of a double click.
    pub(crate) fn clicked(&self, now: u64) -> bool {
        now.saturating_sub(self.opened) >= ARM_MS
    }

    /// A key held since before the dialog opened does not count, nor one that confirms in the first moments.
    pub(crate) fn admits(&mut self, now: u64, key: Key, confirms: bool) -> bool {
        match self.held {
            Some((at, held)) if held == key && now.saturating_sub(at) <= HELD_MS => {
                self.held = Some((now, key));
                return false;
            }
            // Another key, or a silence: it was let go.
            _ => self.held = None,
        }
        !confirms || now.saturating_sub(self.opened) >= ARM_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        Key::parse_all(text).unwrap()
    }

    /// Feeds batches of (milliseconds, keys) and says what got through, `|` between batches.
    fn through(batches: &[(u64, &str)], in_input: bool) -> String {
        let mut guard = Guard::default();
        let mut said = Vec::new();
        for (ms, text) in batches {
            let batch: Vec<_> = keys(text).into_iter().map(|key| (*ms, key)).collect();
            let admitted = guard.admit(&batch, in_input);
            let dropped = admitted
                .dropped
                .map_or(String::new(), |n| format!("(-{n})"));
            said.push(admitted.keys.iter().map(Key::to_string).collect::<String>() + &dropped);
        }
        said.join("|")
    }

    #[test]
    fn bursts_are_dropped_whole() {
        for (batches, expected) in [
            (&[(0, "PyXjjq")][..], "(-6)"),
            (&[(0, "PyXjjq<enter>y")], "(-8)"),
            (&[(0, "<enter>PyXjjq")], "(-7)"),
            (&[(0, "PyXj<c-c>jq")], "<c-c>(-6)"),
            // Repeats of one key, or of two, are a held key.
            (&[(0, "jjjjjjjjjjjj")], "jjjjjjjjjjjj"),
            (&[(0, "jjjkkkjjj")], "jjjkkkjjj"),
            (
                &[(0, "<down><down><up><home><end><pgdn><pgup>")],
                "<down><down><up><home><end><pgdn><pgup>",
            ),
            // Five keys, or six that are spread out, may be fast fingers.
            (&[(0, "PyXjq")], "PyXjq"),
            (&[(0, "Py"), (40, "Xj"), (80, "jq")], "Py|Xj|jq"),
            // Split over reads: what came before the sixth has acted, the rest has not.
            (&[(0, "Py"), (20, "Xj"), (40, "jq")], "Py|Xj|(-2)"),
            (
                &[
                    (0, "Py"),
                    (20, "Xjj"),
                    (40, "qqq"),
                    (90, "y<enter>"),
                    (200, "j"),
                ],
                "Py|Xjj|(-3)|(-2)|j",
            ),
            // A burst of one letter does not ride on the one before.
            (&[(0, "abcdef"), (61, "jj")], "(-6)|jj"),
        ] {
            assert_eq!(through(batches, false), expected, "{batches:?}");
        }
    }

    #[test]
    fn inputs_take_bursts_but_no_pasted_return() {
        for (batches, expected) in [
            (&[(0, "status:invalid")][..], "status:invalid"),
            (&[(0, "status:invalid<enter>")], "status:invalid<enter>"),
            (
                &[(0, "status:invalid"), (5, "<enter>")],
                "status:invalid|<enter>",
            ),
            (
                &[(0, "status:<enter>invalid<enter>")],
                "status:invalid<enter>",
            ),
            (&[(0, "bob<enter>jj")], "bob<enter>jj"),
        ] {
            assert_eq!(through(batches, true), expected, "{batches:?}");
        }
    }

    #[test]
    fn a_flood_is_judged_in_bounded_memory() {
        let mut guard = Guard::default();
        let batch: Vec<_> = keys(&"abcdefgh".repeat(20_000))
            .into_iter()
            .map(|k| (7, k))
            .collect();
        assert_eq!(guard.admit(&batch, false).dropped, Some(160_000));
        assert!(guard.recent.len() <= 64);
    }

    #[test]
    fn a_dialog_is_not_confirmed_by_what_was_on_its_way() {
        let (open, yes, enter) = (Key::char('r'), Key::char('y'), Key::of(Code::Enter));
        let held: Vec<_> = (0..60)
            .map(|n| (1_000 + 33 * n, open, true, false))
            .collect();
        for (last, presses) in [
            (
                Some((1_000, open)),
                vec![
                    (1_100, yes, true, false),
                    (1_399, yes, true, false),
                    (1_400, yes, true, true),
                ],
            ),
            (
                Some((1_000, open)),
                vec![(1_100, Key::char('j'), false, true)],
            ),
            (
                Some((1_000, open)),
                [held, vec![(3_700, open, true, true)]].concat(),
            ),
            // The first repeat comes late, the next ones fast.
            (
                Some((1_000, open)),
                vec![
                    (1_650, open, true, false),
                    (1_690, open, true, false),
                    (1_700, yes, true, true),
                ],
            ),
            (
                Some((900, enter)),
                vec![
                    (1_450, enter, true, false),
                    (1_490, enter, true, false),
                    (2_200, enter, true, true),
                ],
            ),
            (Some((200, enter)), vec![(1_450, enter, true, true)]),
            (
                None,
                vec![(1_000, enter, true, false), (1_500, enter, true, true)],
            ),
        ] {
            let mut delay = ArmDelay::new(1_000, last);
            for (now, key, confirms, expected) in presses {
                assert_eq!(
                    delay.admits(now, key, confirms),
                    expected,
                    "{key} at {now} after {last:?}"
                );
            }
        }
    }
}
