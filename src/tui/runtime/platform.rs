//! How the screen shows that the platform is silent, or that nobody reads it.

use crate::domain::counts::count;
use crate::domain::live::Trouble as Silence;
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::ops::LiveStatus;
use crate::tui::event::Trouble;

/// What is shown is stale when nothing was heard for longer.
const STALE_MS: i64 = 5 * 60_000;

/// The gravest thing between this board and its platform; none when what is shown is fresh.
pub(crate) fn silence(status: &LiveStatus, now: Moment) -> Option<Trouble> {
    let (platform, waiting) = (&status.platform, status.progress.open);
    let host = platform.host();
    let waits = match waiting {
        0 => String::new(),
        n => format!(" {} in the outbox, not sent.", count(n, "act")),
    };
    let shown = match platform.heard {
        Some(heard) => format!("You see data from {}.", time_format::ago(heard, now)),
        None => "Nothing was read yet.".into(),
    };
    let next = match platform.next_try.filter(|at| *at > now) {
        Some(at) => format!(" Next try {}.", time_format::until(at, now)),
        None => String::new(),
    };
    if platform.signed_in.is_none() {
        return Some(Trouble {
            word: Silence::SignedOut.band().into(),
            what: format!("Nobody is signed in to {host}. {shown}{waits}"),
            advice: format!(
                "Run `switchboard live login {}` in another terminal.",
                platform.address
            ),
            stops_actions: true,
        });
    }
    if let Some((what, since, how)) = &platform.trouble {
        let since_ms = now.since(*since);
        let (what_words, advice) = match what {
            Silence::SignedOut => (
                format!("{host} refuses the key: {how}."),
                format!(
                    "{shown}{waits} Run `switchboard live login {}` in another terminal.",
                    platform.address
                ),
            ),
            Silence::Slowed => (
                format!("{host} asked for fewer calls: {how}."),
                format!("Reading and sending go on by themselves.{next}{waits}"),
            ),
            Silence::Offline => (
                format!("{host} does not answer: {how}."),
                format!("{shown}{next}{waits}"),
            ),
        };
        return Some(Trouble {
            word: format!("{} {}", what.band(), time_format::span(since_ms.max(0))),
            what: what_words,
            advice,
            stops_actions: *what == Silence::SignedOut,
        });
    }
    let led = platform.leader_until.is_some_and(|until| until > now);
    let heard = platform.heard.filter(|heard| now.since(*heard) <= STALE_MS);
    (!led && heard.is_none()).then(|| Trouble {
        word: "STALE".into(),
        what: format!("No process reads {host}. {shown}"),
        advice: "Run `switchboard work`, or open a dashboard that may write.".into(),
        stops_actions: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::live::{Platform, Progress};

    fn status(trouble: Option<Silence>, heard: i64) -> LiveStatus {
        LiveStatus {
            platform: Platform {
                address: "https://au-api.example.com".into(),
                signed_in: Some(Moment(0)),
                lacks: vec![],
                rate: 5_000,
                slowed: None,
                heard: Some(Moment(heard)),
                trouble: trouble.map(|what| (what, Moment(1_000_000), "HTTP 503".into())),
                next_try: Some(Moment(1_060_000)),
                events_read: None,
                connectors_read: None,
                spoiled: 0,
                leader_until: None,
            },
            progress: Progress {
                open: 3,
                ..Progress::default()
            },
            environment: "PROD",
            left: None,
        }
    }

    #[test]
    fn the_band_says_what_is_wrong_and_when_it_is_tried_again() {
        let now = Moment(1_030_000);
        let offline = silence(&status(Some(Silence::Offline), 990_000), now).unwrap();
        assert_eq!(offline.word, "OFFLINE <1m");
        assert!(
            offline
                .what
                .contains("au-api.example.com does not answer: HTTP 503"),
            "{offline:?}"
        );
        assert!(offline.advice.contains("Next try"), "{offline:?}");
        assert!(
            offline.advice.contains("3 acts in the outbox, not sent"),
            "{offline:?}"
        );
        assert!(!offline.stops_actions);
        let refused = silence(&status(Some(Silence::SignedOut), 990_000), now).unwrap();
        assert!(
            refused.stops_actions && refused.word.starts_with("SIGNED OUT"),
            "{refused:?}"
        );
        assert_eq!(silence(&status(None, 990_000), now), None);
        let stale = silence(&status(None, 990_000), Moment(990_000 + STALE_MS + 1)).unwrap();
        assert_eq!(stale.word, "STALE");
        let mut out = status(None, 990_000);
        out.platform.signed_in = None;
        assert_eq!(silence(&out, now).unwrap().word, "SIGNED OUT");
    }
}
