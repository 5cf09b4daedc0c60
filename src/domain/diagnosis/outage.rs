//! Whether a refresh now will likely fail, because the bank is known to be down: by report, or by our own refreshes.

use super::facts::{Outcomes, Seen};
use super::health::Health;
use crate::domain::health::{Figures, Measured, Window};

/// The fewest failures in an hour that count as trouble of the bank.
const TENDENCY: u64 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outage {
    /// Whether it is reported, by the bank's connector or as an outage of the sandbox.
    pub(crate) reported: bool,
    /// How many of our own refreshes failed, of how many, where those show it.
    pub(crate) measured: Option<(u64, u64, Window)>,
}

impl Outage {
    /// The one judgement for plans, refreshes, `why` and `status`.
    pub(crate) fn known(
        declared: Option<Health>,
        measured: Option<Seen>,
        hour: Option<Outcomes>,
    ) -> Option<Self> {
        let by_share = measured
            .filter(|seen| seen.health == Health::MajorOutage)
            .map(|seen| (seen.sample - seen.passed, seen.sample, seen.window));
        let by_hour = hour
            .filter(|hour| mostly_fails(hour.passed, hour.failed))
            .map(|hour| (hour.failed, hour.failed + hour.passed, Window::Hour));
        let outage = Self {
            reported: declared == Some(Health::MajorOutage),
            measured: by_hour.or(by_share),
        };
        (outage.reported || outage.measured.is_some()).then_some(outage)
    }

    pub(crate) fn of(declared: Option<Health>, measured: &Measured) -> Option<Self> {
        Self::known(
            declared,
            seen(measured),
            Some(outcomes(measured.figures(Window::Hour))),
        )
    }

    /// `down: 19 of 22 failed in 1h`, for a heading.
    pub(crate) fn brief(&self) -> String {
        match self.measured {
            Some((failed, sample, window)) => {
                format!("down: {failed} of {sample} failed in {}", window.word())
            }
            None => "down: a major outage is reported".into(),
        }
    }

    /// `19 of 22 failed in the last hour; refreshing now will likely fail`.
    pub(crate) fn words(&self) -> String {
        let what = match (self.reported, self.measured) {
            (true, None) => "a major outage is reported".to_owned(),
            (reported, measured) => {
                let known = if reported {
                    "a major outage is reported, and "
                } else {
                    ""
                };
                let (failed, sample, window) = measured.unwrap_or((0, 0, Window::Hour));
                format!("{known}{failed} of {sample} failed {}", window.words())
            }
        };
        format!("{what}; refreshing now will likely fail")
    }
}

/// Whether most of several fetches failed.
pub(crate) fn mostly_fails(passed: u64, failed: u64) -> bool {
    failed >= TENDENCY && passed <= failed / 2
}

/// What our own fetches measured, when there were enough of them.
pub(crate) fn seen(measured: &Measured) -> Option<Seen> {
    let (health, window) = measured.state()?;
    let figures = measured.figures(window);
    Some(Seen {
        health,
        passed: figures.passed,
        sample: figures.sample(),
        window,
    })
}

pub(crate) fn outcomes(figures: &Figures) -> Outcomes {
    Outcomes {
        passed: figures.passed,
        failed: figures.failed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(health: Health, passed: u64, sample: u64) -> Option<Seen> {
        Some(Seen {
            health,
            passed,
            sample,
            window: Window::Day,
        })
    }

    #[test]
    fn an_outage_is_known_by_report_or_by_our_own_refreshes() {
        let hour = |passed, failed| Some(Outcomes { passed, failed });
        let major = Some(Health::MajorOutage);
        for (declared, measured, last, words) in [
            (
                None,
                None,
                hour(3, 19),
                Some("19 of 22 failed in the last hour; refreshing now will likely fail"),
            ),
            (
                major,
                None,
                None,
                Some("a major outage is reported; refreshing now will likely fail"),
            ),
            (
                major,
                None,
                hour(0, 4),
                Some(
                    "a major outage is reported, and 4 of 4 failed in the last hour; refreshing now will likely fail",
                ),
            ),
            (
                Some(Health::Operational),
                seen(Health::MajorOutage, 1, 8),
                hour(0, 0),
                Some("7 of 8 failed in the last 24 hours; refreshing now will likely fail"),
            ),
            (
                Some(Health::PartialOutage),
                seen(Health::PartialOutage, 6, 10),
                hour(6, 4),
                None,
            ),
            (Some(Health::UnderMaintenance), None, hour(0, 2), None),
            (None, None, None, None),
        ] {
            let outage = Outage::known(declared, measured, last);
            assert_eq!(
                outage.map(|it| it.words()).as_deref(),
                words,
                "{declared:?} {last:?}"
            );
        }
    }
}
