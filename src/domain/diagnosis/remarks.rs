//! One-line remarks on a connection's surroundings: workflow, connector, consent, stranded data.

use super::facts::{ConsentFacts, Seen, SequenceFacts};
use super::health::Health;
use crate::domain::counts;
use crate::domain::health::worse;
use crate::domain::hold::Hold;
use crate::domain::incident::Incident;
use crate::domain::moment::Moment;
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::domain::zone::Zone;

/// A consent that ends within this is told of: a month is time enough to ask the user.
const TOLD_MS: i64 = 30 * 86_400_000;

/// An incident that is over is told of for so long.
const TOLD_AFTER_MS: i64 = 24 * 3_600_000;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Around {
    pub(crate) health: Option<Health>,
    /// What our own fetches there make of it, where there were enough.
    pub(crate) measured: Option<Seen>,
    /// The incident that is open at its bank, or the last one that hit it.
    pub(crate) incident: Option<Incident>,
    /// The open workflow of its user at this bank.
    pub(crate) sequence: Option<SequenceFacts>,
    pub(crate) consent: Option<ConsentFacts>,
    /// The hold of an operator that is in force.
    pub(crate) hold: Option<Hold>,
    /// Accounts of the user at this bank whose connection is over.
    pub(crate) stranded: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) about: &'static str,
    pub(crate) words: String,
    pub(crate) alarming: bool,
}

/// What there is to say, the most pressing first.
pub(crate) fn remarks(around: &Around, now: Moment, zone: Zone) -> Vec<Remark> {
    let all = [
        around.sequence.as_ref().map(sequence),
        around.hold.as_ref().map(|hold| held(hold, now, zone)),
        around
            .incident
            .as_ref()
            .filter(|it| {
                it.ended
                    .is_none_or(|ended| now.since(ended) < TOLD_AFTER_MS)
            })
            .map(|it| incident(it, now, zone)),
        connector(around.health, around.measured),
        around
            .consent
            .and_then(|consent| ending(consent, now, zone)),
        stranded(around.stranded),
    ];
    all.into_iter().flatten().collect()
}

fn sequence(it: &SequenceFacts) -> Remark {
    let what = Shown::of_limited(&it.what, 60).into_plain();
    let at = Shown::of_limited(&it.at, 40).into_plain();
    let stands = if it.waits { "waits at" } else { "at" };
    Remark {
        about: "Under way",
        words: format!("{what}, {stands} {at}"),
        alarming: it.waits,
    }
}

fn held(hold: &Hold, now: Moment, zone: Zone) -> Remark {
    let why = match hold.reason.as_str() {
        "" => hold.actor.clone(),
        reason => format!("{}, {reason}", hold.actor),
    };
    let why = Shown::of_limited(&why, 120).into_plain();
    Remark {
        about: "On hold",
        words: format!("until {} ({why})", zone.spoken(hold.until, now)),
        alarming: true,
    }
}

fn incident(it: &Incident, now: Moment, zone: Zone) -> Remark {
    Remark {
        about: "Incident",
        words: format!("{} {}", it.number, it.words(zone, now)),
        alarming: it.ended.is_none(),
    }
}

/// Nothing where both, or the one there is, say that it works.
fn connector(declared: Option<Health>, measured: Option<Seen>) -> Option<Remark> {
    let held = worse(declared, measured.map(|seen| seen.health))?;
    if held == Health::Operational {
        return None;
    }
    let said = declared.map_or("no report".to_owned(), |health| {
        format!("reported {}", health.short())
    });
    let ours = measured.map_or(String::new(), |seen| {
        let (passed, sample, when) = (seen.passed, seen.sample, seen.window.word());
        format!(
            "; ours {passed} of {sample} in {when} ({})",
            seen.health.short()
        )
    });
    Some(Remark {
        about: "Connector",
        words: format!("{said}{ours}"),
        alarming: true,
    })
}

fn ending(consent: ConsentFacts, now: Moment, zone: Zone) -> Option<Remark> {
    let words = match consent {
        ConsentFacts::Ends(at) if at <= now => {
            format!(
                "ended on {}; the connections are being closed",
                zone.date(at)
            )
        }
        ConsentFacts::Ends(at) if at.since(now) < TOLD_MS => {
            format!("ends {} ({})", time_format::coming(at, now), zone.date(at))
        }
        ConsentFacts::Ends(_) => return None,
        ConsentFacts::Expired(at) => format!("ended on {}", zone.date(at)),
        ConsentFacts::Revoked(at) => format!("revoked by the user on {}", zone.date(at)),
    };
    Some(Remark {
        about: "Consent",
        words,
        alarming: true,
    })
}

fn stranded(accounts: u64) -> Option<Remark> {
    (accounts > 0).then(|| Remark {
        about: "Stranded",
        words: format!(
            "{} without a connection",
            counts::count(accounts, "account")
        ),
        alarming: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::health::Window;

    fn said(around: Around) -> Vec<String> {
        let now = Moment::parse("2026-03-10T09:41:07Z").unwrap();
        remarks(&around, now, Zone::UTC)
            .into_iter()
            .map(|r| format!("{}: {}", r.about, r.words))
            .collect()
    }

    fn on(day: &str) -> Moment {
        Moment::parse(&format!("{day}T12:00:00Z")).unwrap()
    }

    #[test]
    fn nothing_is_said_where_nothing_is_the_matter() {
        let seen = Seen {
            health: Health::Operational,
            passed: 30,
            sample: 30,
            window: Window::Hour,
        };
        let consent = Some(ConsentFacts::Ends(on("2026-09-01")));
        let fine = Around {
            health: Some(Health::Operational),
            measured: Some(seen),
            consent,
            ..Around::default()
        };
        assert_eq!(said(fine), Vec::<String>::new());
        assert_eq!(said(Around::default()), Vec::<String>::new());
    }

    #[test]
    fn a_connector_is_told_of_when_either_side_says_so() {
        let seen = |health, passed| {
            Some(Seen {
                health,
                passed,
                sample: 30,
                window: Window::Day,
            })
        };
        let (works, partly) = (Health::Operational, Health::PartialOutage);
        for (health, measured, line) in [
            (
                Some(works),
                seen(partly, 12),
                "Connector: reported up; ours 12 of 30 in 24h (partial outage)",
            ),
            (Some(partly), None, "Connector: reported partial outage"),
            (
                Some(Health::UnderMaintenance),
                seen(works, 30),
                "Connector: reported maintenance; ours 30 of 30 in 24h (up)",
            ),
            (
                None,
                seen(partly, 12),
                "Connector: no report; ours 12 of 30 in 24h (partial outage)",
            ),
        ] {
            assert_eq!(
                said(Around {
                    health,
                    measured,
                    ..Around::default()
                }),
                [line]
            );
        }
    }

    #[test]
    fn a_consent_is_told_of_near_its_end_and_after() {
        for (consent, line) in [
            (
                ConsentFacts::Ends(on("2026-03-22")),
                "Consent: ends in 12 days (2026-03-22)",
            ),
            (
                ConsentFacts::Ends(on("2026-03-09")),
                "Consent: ended on 2026-03-09; the connections are being closed",
            ),
            (
                ConsentFacts::Expired(on("2026-02-01")),
                "Consent: ended on 2026-02-01",
            ),
            (
                ConsentFacts::Revoked(on("2026-02-01")),
                "Consent: revoked by the user on 2026-02-01",
            ),
        ] {
            assert_eq!(
                said(Around {
                    consent: Some(consent),
                    ..Around::default()
                }),
                [line]
            );
        }
        let month = ConsentFacts::Ends(on("2026-04-10"));
        assert_eq!(
            said(Around {
                consent: Some(month),
                ..Around::default()
            }),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_ending_and_what_is_left_behind_are_told_in_this_order() {
        let sequence = |waits| {
            Some(SequenceFacts {
                what: "erasure of the user".into(),
                at: "purge".into(),
                waits,
            })
        };
        let both = Around {
            sequence: sequence(false),
            stranded: 2,
            ..Around::default()
        };
        assert_eq!(
            said(both),
            [
                "Under way: erasure of the user, at purge",
                "Stranded: 2 accounts without a connection"
            ]
        );
        let stopped = Around {
            sequence: sequence(true),
            stranded: 1,
            ..Around::default()
        };
        assert_eq!(
            said(stopped),
            [
                "Under way: erasure of the user, waits at purge",
                "Stranded: 1 account without a connection"
            ]
        );
    }
}
