//! What a job waits for and how long still, the same in the list, the history and an open job.

use crate::domain::job::{Job, State};
use crate::domain::moment::Moment;
use crate::domain::time_format;

pub(crate) fn due(job: &Job) -> Option<Moment> {
    match job.state {
        State::WaitingMfa => job.challenge.as_ref().map(|asked| asked.expires),
        State::Paused | State::WaitingRetry => job.next_attempt,
        State::Queued | State::Running | State::Succeeded | State::Failed | State::Cancelled => {
            None
        }
    }
}

/// `paused 5:12`, `retry in 1h 58m`; brief leaves out the small words. None when it waits for no time.
pub(crate) fn words(state: State, due: Option<Moment>, now: Moment, brief: bool) -> Option<String> {
    let left = due?.since(now);
    let small = |word: &'static str| if brief { " " } else { word };
    Some(match (state, left > 0) {
        (State::Paused, true) => format!("paused {}", seconds(left)),
        (State::WaitingMfa, true) => format!("answer{}{}", small(" within "), seconds(left)),
        (State::WaitingMfa, false) => "answer lapsed".into(),
        (State::WaitingRetry, true) => format!("retry{}{}", small(" in "), time_format::span(left)),
        (State::Paused | State::WaitingRetry, false) => "due now".into(),
        _ => return None,
    })
}

/// Whether those words change every second; a retry is hours away and goes by the minute.
pub(crate) fn by_the_second(state: State, due: Option<Moment>, now: Moment) -> bool {
    matches!(state, State::Paused | State::WaitingMfa) && due.is_some_and(|due| due > now)
}

/// What is left, never `0:00` while there is something left.
fn seconds(left_ms: i64) -> String {
    if left_ms >= 24 * 3_600_000 {
        time_format::span(left_ms)
    } else {
        time_format::took(left_ms + 999)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_in_the_unit_that_matters() {
        let now = Moment(1_000_000_000);
        for (state, left, whole, short, seconds) in [
            (
                State::Paused,
                Some(312_000),
                "paused 5:12",
                "paused 5:12",
                true,
            ),
            (State::Paused, Some(1), "paused 0:01", "paused 0:01", true),
            (State::Paused, Some(0), "due now", "due now", false),
            (State::Paused, None, "", "", false),
            (
                State::WaitingMfa,
                Some(99_001),
                "answer within 1:40",
                "answer 1:40",
                true,
            ),
            (
                State::WaitingMfa,
                Some(-1),
                "answer lapsed",
                "answer lapsed",
                false,
            ),
            (
                State::WaitingRetry,
                Some(7_080_000),
                "retry in 1h 58m",
                "retry 1h 58m",
                false,
            ),
            (
                State::WaitingRetry,
                Some(20_000),
                "retry in <1m",
                "retry <1m",
                false,
            ),
            (
                State::WaitingRetry,
                Some(-20_000),
                "due now",
                "due now",
                false,
            ),
            (State::Running, Some(20_000), "", "", false),
            (State::Queued, Some(20_000), "", "", false),
        ] {
            let due = left.map(|ms| now.plus_ms(ms));
            let said = |brief| words(state, due, now, brief).unwrap_or_default();
            assert_eq!(
                (said(false).as_str(), said(true).as_str()),
                (whole, short),
                "{state} {left:?}"
            );
            assert_eq!(by_the_second(state, due, now), seconds, "{state} {left:?}");
        }
    }
}
