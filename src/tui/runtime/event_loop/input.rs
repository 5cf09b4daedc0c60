//! What the terminal told, on its way to the model.

use super::EventLoop;
use crate::tui::action::Action;
use crate::tui::event::Input;
use crate::tui::keymap::Resolution;
use crate::tui::terminal::decode::TermEvent;
use crate::tui::terminal::input::{Batch, InputReader};
use crate::tui::terminal::key::Key;
use crate::tui::update;
use std::time::Duration;

/// How long the first frame waits for the terminal's answer.
const ANSWER: Duration = Duration::from_millis(100);

impl EventLoop<'_> {
    /// Keys that arrived together go through the guard together; each is told where it meets the model.
    pub(super) fn keys(&mut self, batch: Batch) {
        let mut keys: Vec<(u64, Key)> = Vec::new();
        for (at, event) in batch {
            match event {
                TermEvent::Key(key) => keys.push((at, key)),
                TermEvent::Paste(text) => {
                    self.press(&mut keys);
                    self.feed(Input::Paste(text));
                }
                TermEvent::Mouse(mouse) if self.dashboard.mouse => {
                    self.press(&mut keys);
                    self.feed(Input::Mouse { mouse, at });
                    self.settle();
                }
                TermEvent::Background(background) if self.asks_background => {
                    self.use_theme(background.theme());
                }
                TermEvent::Background(_)
                | TermEvent::Mouse(_)
                | TermEvent::FocusGained
                | TermEvent::FocusLost => {}
            }
        }
        self.press(&mut keys);
    }

    fn press(&mut self, keys: &mut Vec<(u64, Key)>) {
        let mut waiting = std::mem::take(keys);
        // of several, a key that opens an input is judged alone: what comes with it is text for that input
        while waiting.len() > 1
            && !self.model.place().takes_text()
            && matches!(
                update::resolve(&self.model, waiting[0].1),
                Resolution::Action(Action::Filter | Action::Palette)
            )
        {
            let (at, key) = waiting.remove(0);
            self.feed(Input::Key { key, at });
        }
        let Some((at, _)) = waiting.first().copied() else {
            return;
        };
        let takes_text = self.model.place().takes_text();
        let admitted = self.guard.admit(&waiting, takes_text);
        if let Some(dropped) = admitted.dropped {
            self.feed(Input::Burst(dropped));
        }
        for key in admitted.keys {
            self.feed(Input::Key { key, at });
            self.settle();
        }
    }
}

/// Waits until the terminal has said what its background is, or does not say it in time, so that the first frame has
/// its colours. Gives back all that came.
pub(super) async fn answered(input: &mut InputReader) -> Vec<Batch> {
    let mut early: Vec<Batch> = vec![];
    let told = |(_, event): &(u64, TermEvent)| matches!(event, TermEvent::Background(_));
    let reading = async {
        while let Some(batch) = input.next().await {
            early.push(batch);
            if early.iter().flatten().any(told) {
                return;
            }
        }
    };
    // one that does not answer is dark, or what COLORFGBG says
    let _ = tokio::time::timeout(ANSWER, reading).await;
    early
}
