//! Webhooks and their messages (docs/domain.md 10.4): what is taken, when a message is tried again, and when it is
//! given up.

use super::events::{self, EventType};
use super::ids::{MessageId, WebhookId};
use super::moment::Moment;
use super::secret::Secret;
use super::words::words;
use std::time::Duration;

words! {
    Status [word] {
        Active "active";
        /// It gets nothing until it is changed. The wire has no other word for it.
        Disabled "pending-approval";
    }
}

words! {
    State [word] parse {
        Waiting "pending";
        Delivered "delivered";
        Failed "failed";
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Webhook {
    pub(crate) id: WebhookId,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) url: String,
    /// What the links in its messages begin with.
    pub(crate) base: String,
    pub(crate) events: Vec<&'static EventType>,
    pub(crate) status: Status,
    pub(crate) created: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) webhook: WebhookId,
    /// `user.created`
    pub(crate) event_type: String,
    pub(crate) event: String,
    /// The address of what the event is about, without its beginning.
    pub(crate) entity: String,
    /// What a test message says.
    pub(crate) said: Option<Secret>,
    pub(crate) created: Moment,
    pub(crate) state: State,
    pub(crate) failures: u32,
}

/// One try to deliver a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) at: Moment,
    pub(crate) took_ms: i64,
    /// The status of the answer; none when there was none.
    pub(crate) status: Option<u16>,
    /// The reason phrase of the answer, or why there was none.
    pub(crate) answer: String,
}

impl Attempt {
    pub(crate) fn delivered(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// Figures of the messages that are kept for a webhook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stats {
    pub(crate) waiting: u64,
    pub(crate) delivered: u64,
    pub(crate) failed: u64,
    pub(crate) attempts: u64,
    pub(crate) attempts_failed: u64,
    /// The mean time of an attempt that delivered.
    pub(crate) took_ms: Option<i64>,
    pub(crate) last_attempt: Option<Moment>,
    pub(crate) last_delivered: Option<Moment>,
}

const fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// The wait after each failure. After one failure more the message is given up and its webhook disabled.
const WAITS: [Duration; 7] = [
    secs(5),
    secs(5 * 60),
    secs(30 * 60),
    secs(2 * 3_600),
    secs(5 * 3_600),
    secs(10 * 3_600),
    secs(10 * 3_600),
];

/// The longest wait there is.
pub(crate) const LONGEST_WAIT: Duration = WAITS[WAITS.len() - 1];

/// How long after a failure the message is tried again, at most `longest`; none when it is given up.
pub(crate) fn wait_after(failures: u32, longest: Duration) -> Option<Duration> {
    let nth = usize::try_from(failures).ok()?.checked_sub(1)?;
    WAITS.get(nth).map(|wait| (*wait).min(longest))
}

/// No attempt can be due later, unless a clock was wrong.
pub(crate) fn horizon(now: Moment, longest: Duration) -> Moment {
    now.plus(longest.saturating_mul(2))
}

/// How long messages that have ended are kept.
pub(crate) const KEPT: Duration = Duration::from_hours(30 * 24);

const LONGEST_NAME: usize = 200;
const LONGEST_TEXT: usize = 2_000;

/// What was given for a webhook. What is none was not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) url: String,
    pub(crate) events: Option<Vec<String>>,
}

/// What is wrong with what was given, in the words of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong(pub(crate) &'static str);

pub(crate) const NOT_VALID: Wrong = Wrong("Posted request not valid.");
const UNSUPPORTED: Wrong = Wrong("Posted subscribedEvents contains unsupported event types.");
const UNKNOWN_TYPE: Wrong = Wrong("Posted eventTypeId doesn't exists.");

/// Whether this is one line, or none, of at most so many characters.
fn line(text: &str, longest: usize) -> Result<(), Wrong> {
    let fits = text.chars().count() <= longest && !text.chars().any(char::is_control);
    fits.then_some(()).ok_or(NOT_VALID)
}

fn told(name: &str) -> Option<&'static EventType> {
    events::named(name).filter(|one| one.webhook())
}

impl Given {
    /// The types that are asked for: all of them when none is named.
    pub(crate) fn types(&self) -> Result<Vec<&'static EventType>, Wrong> {
        let all = || events::TYPES.iter().filter(|one| one.webhook()).collect();
        let Some(names) = self.events.as_ref().filter(|names| !names.is_empty()) else {
            return Ok(all());
        };
        let mut types: Vec<&'static EventType> = Vec::new();
        for name in names {
            let one = told(name).ok_or(UNSUPPORTED)?;
            if !types.contains(&one) {
                types.push(one);
            }
        }
        Ok(types)
    }

    /// Whether the texts can be kept. The address is looked at by what sends to it.
    pub(crate) fn check(&self) -> Result<(), Wrong> {
        line(self.name.as_deref().unwrap_or_default(), LONGEST_NAME)?;
        line(
            self.description.as_deref().unwrap_or_default(),
            LONGEST_TEXT,
        )?;
        self.types().map(drop)
    }
}

/// The type of a test message, and whether what it says can be sent.
pub(crate) fn tested(name: &str, said: Option<&Secret>) -> Result<&'static EventType, Wrong> {
    let one = told(name).ok_or(UNKNOWN_TYPE)?;
    said.map_or(Ok(()), |said| line(said.expose(), LONGEST_TEXT))?;
    Ok(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_eight_times_in_all() {
        let waits = |longest| -> Vec<u64> {
            let waits = (1..).map_while(|failures| wait_after(failures, longest));
            waits.map(|wait| wait.as_secs()).collect()
        };
        assert_eq!(
            waits(LONGEST_WAIT),
            [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]
        );
        assert_eq!(waits(secs(60)), [5, 60, 60, 60, 60, 60, 60]);
        assert_eq!(wait_after(0, LONGEST_WAIT), None);
    }

    #[test]
    fn types_are_those_that_webhooks_are_told_of() {
        let types = |names: Option<&[&str]>| {
            let events = names.map(|names| names.iter().map(|n| (*n).to_owned()).collect());
            let given = Given {
                events,
                ..Given::default()
            };
            given.types().map(|types| types.len())
        };
        assert_eq!(types(None), Ok(15));
        assert_eq!(types(Some(&[])), Ok(15));
        assert_eq!(
            types(Some(&["user.created", "user.deleted", "user.created"])),
            Ok(2)
        );
        for name in [
            "job.created",
            "connection.updated",
            "user",
            "user.grown",
            "",
        ] {
            assert_eq!(types(Some(&[name])), Err(UNSUPPORTED), "{name}");
        }
    }

    #[test]
    fn an_answer_of_success_delivers_and_nothing_else_does() {
        for (status, delivered) in [
            (Some(200), true),
            (Some(204), true),
            (Some(299), true),
            (Some(302), false),
            (Some(410), false),
            (Some(500), false),
            (None, false),
        ] {
            let attempt = Attempt {
                id: String::new(),
                url: String::new(),
                at: Moment(0),
                took_ms: 0,
                status,
                answer: String::new(),
            };
            assert_eq!(attempt.delivered(), delivered, "{status:?}");
        }
    }
}
