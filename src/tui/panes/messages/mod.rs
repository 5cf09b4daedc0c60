//! The messages of this session. Good ones go by themselves, bad ones stay until the next key.

mod rows;
pub(crate) mod update;
pub(crate) mod view;

use crate::domain::moment::Moment;
use std::collections::VecDeque;

const MOST: usize = 500;

pub(crate) const TOASTS: usize = 3;

/// Milliseconds good news is shown.
const GOOD_FOR: u64 = 4_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Bad,
    Plain,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) when: Moment,
    pub(crate) tone: Tone,
    pub(crate) text: String,
    /// Of an order, the command that does the same.
    pub(crate) command: Option<String>,
    /// Until when it is a toast, as running time; none until the next key.
    until: Option<u64>,
    toast: bool,
    /// Whether it was ever one.
    told: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    /// Newest first.
    pub(crate) all: VecDeque<Message>,
    /// How many bad ones were not looked at yet.
    pub(crate) unseen: usize,
    pub(crate) scroll: usize,
    /// How many there were, also those that are not kept any more.
    pub(crate) said: u64,
}

impl Model {
    pub(crate) fn say(&mut self, tone: Tone, text: impl Into<String>, when: Moment, at: u64) {
        let until = (tone != Tone::Bad).then_some(at + GOOD_FOR);
        let text = text.into();
        // The same refusal pressed again is one message.
        if self
            .all
            .front()
            .is_some_and(|m| m.text == text && m.tone == tone)
        {
            self.all.pop_front();
        } else if tone == Tone::Bad {
            self.unseen += 1;
        }
        self.all.push_front(Message {
            when,
            tone,
            text,
            command: None,
            until,
            toast: true,
            told: true,
        });
        self.said += 1;
        self.all.truncate(MOST);
    }

    /// Adds a message to the list without showing it.
    pub(crate) fn note(&mut self, tone: Tone, text: impl Into<String>, when: Moment) {
        self.unseen += usize::from(tone == Tone::Bad);
        self.all.push_front(Message {
            when,
            tone,
            text: text.into(),
            command: None,
            until: None,
            toast: false,
            told: false,
        });
        self.said += 1;
        self.all.truncate(MOST);
    }

    /// Adds what was ordered, with its command, without showing it.
    pub(crate) fn ordered(&mut self, text: String, command: String, when: Moment) {
        self.note(Tone::Plain, text, when);
        if let Some(newest) = self.all.front_mut() {
            newest.command = Some(command);
        }
    }

    pub(crate) fn key(&mut self) {
        for message in self.all.iter_mut().filter(|m| m.toast) {
            message.toast &= message.until.is_some();
        }
    }

    pub(crate) fn tick(&mut self, at: u64) {
        for message in self.all.iter_mut().filter(|m| m.toast) {
            message.toast = message.until.is_none_or(|until| at < until);
        }
    }

    pub(crate) fn toasts(&self) -> impl Iterator<Item = &Message> {
        self.all.iter().filter(|m| m.toast).take(TOASTS)
    }

    /// The last one that was shown as news.
    pub(crate) fn last_told(&self) -> Option<&Message> {
        self.all.iter().find(|m| m.told)
    }

    pub(crate) fn next(&self) -> Option<u64> {
        self.toasts().filter_map(|m| m.until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_news_goes_by_itself_and_bad_news_with_the_next_key() {
        let mut model = Model::default();
        model.say(Tone::Good, "queued", Moment(0), 0);
        model.say(Tone::Bad, "refused", Moment(0), 0);
        model.tick(3_999);
        assert_eq!(model.toasts().count(), 2);
        model.tick(4_000);
        assert_eq!(
            model.toasts().map(|m| m.text.as_str()).collect::<Vec<_>>(),
            ["refused"]
        );
        model.key();
        assert_eq!(model.toasts().count(), 0);
        assert_eq!((model.all.len(), model.unseen), (2, 1));
    }

    #[test]
    fn the_same_refusal_twice_is_one_message() {
        let mut model = Model::default();
        model.say(Tone::Bad, "no", Moment(0), 0);
        model.key();
        model.say(Tone::Bad, "no", Moment(0), 1);
        assert_eq!(
            (model.all.len(), model.unseen, model.toasts().count()),
            (1, 1, 1)
        );
    }
}
