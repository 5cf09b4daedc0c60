//! Why a connection is as it is, in two or three words: for lists. `why` has the sentences.

use super::facts::{Facts, FailedStep};
use super::need::Need;
use crate::domain::counts::count;
use crate::domain::job::{State, countdown};
use crate::domain::moment::Moment;
use crate::domain::rows::{ConnectionRow, LastJob};
use crate::domain::time_format;

const DAY_MS: i64 = 86_400_000;

/// What a failure code says, as nouns. Every code of the tables of advice is here, by a test.
const CODES: &[(&str, &str)] = &[
    ("invalid-credentials", "wrong password"),
    (
        "account-not-accessible-requires-user-action",
        "accounts not shown",
    ),
    ("user-action-required", "user must act"),
    ("authorization-failed", "consent refused"),
    ("invalid-connection", "link is gone"),
    ("service-unavailable", "bank unavailable"),
    ("system-unavailable", "bank unavailable"),
    ("temporary-unavailable", "bank unavailable"),
    ("maintenance", "bank maintenance"),
    ("maintenance-error", "bank maintenance"),
    ("connector-error", "connector error"),
    ("unknown-error", "unknown error"),
    ("internal-error", "our own error"),
    ("job-timed-out", "timed out"),
    ("institution-not-found", "bank not known"),
    ("institution-not-available", "bank not offered"),
    ("institution-disabled", "bank switched off"),
    ("bank-statement-invalid", "file not valid"),
    ("bank-statement-new-product", "new product"),
    ("bank-statement-parsing-error", "file not readable"),
    ("bank-statement-not-supported", "file not supported"),
    ("missing-required-field", "field missing"),
    ("missing-required-field-value", "value missing"),
    ("invalid-field-value", "value not valid"),
    ("invalid-csv-row", "row not valid"),
    ("row-count-exceeded", "too many rows"),
    ("account-data-differs", "account differs"),
    ("empty-file", "file is empty"),
    ("txn-after-last-updated-date", "date not valid"),
    ("sign-in-missing", "no sign-in stored"),
    ("consent-missing", "no consent stored"),
    ("not-executed-here", "not run here"),
    ("local-data-damaged", "data damaged"),
];

/// What a sign-in that the bank refused failed with.
const REFUSED: &str = "invalid-credentials";

/// Empty where nothing is to be said: it works. Who has taken it on stands behind.
/// `limit`: how many refused sign-ins in a row hold back more, where that is known.
pub(crate) fn brief(row: &ConnectionRow, now: Moment, limit: Option<u32>) -> String {
    let cause = cause(row, now, limit);
    match row.handling.taken_by.as_deref() {
        Some(by) if cause.is_empty() => format!("{by} has it"),
        Some(by) => format!("{cause}, {by} has it"),
        None => cause,
    }
}

fn cause(row: &ConnectionRow, now: Moment, limit: Option<u32>) -> String {
    let left = |at: Moment| short(at.since(now));
    if let Some(until) = row.handling.snoozed.filter(|_| row.handling.quiet(now)) {
        return format!("quiet for {}", left(until));
    }
    let facts = Facts::of_row(row, now);
    let job = row.last_job.as_ref();
    let waits = job.and_then(|job| countdown::words(job.state, job.due, now, true));
    match facts.need() {
        Need::Ended => kept(row),
        Need::Elsewhere => "runs elsewhere".into(),
        Need::Answer => waits.unwrap_or_else(|| "bank asks the user".into()),
        Need::Authorising => "user at the bank".into(),
        Need::Authorisation => "left the bank page".into(),
        Need::ConsentEnded => "consent ended".into(),
        Need::Guarded => format!("{} refused", count(row.refused.into(), "sign-in")),
        Need::ConsentEnding => facts
            .bank_consent_ends()
            .map_or_else(String::new, |at| format!("consent ends in {}", left(at))),
        Need::Stuck => "worker is gone".into(),
        Need::LeftOver => "left by an import".into(),
        Need::Retry if row.bank.hit => match waits {
            Some(waits) => format!("outage, {waits}"),
            None => "outage".into(),
        },
        Need::Retry => job.map_or_else(String::new, |job| retry(job, &facts, waits)),
        Need::Pause => waits.unwrap_or_else(|| "paused".into()),
        Need::FirstFetch | Need::Mending => job.map_or_else(|| "starting".into(), under_way),
        Need::Broken if row.bank.hit && facts.passes() => {
            facts.incident.map_or_else(String::new, |open| {
                format!("outage {}", short(now.since(open.since)))
            })
        }
        Need::Lacking | Need::Broken => broken(row, &facts, limit),
        Need::Stale => format!("not asked for {}", short(now.since(row.last_used))),
        Need::Works => match (job, &facts.failed) {
            (Some(job), _) if job.state.open() => under_way(job),
            (_, Some(failed)) => words(failed),
            (None, _) => "not fetched yet".into(),
            _ if row.accounts == 0 && row.ever_active => "no data stored".into(),
            _ => String::new(),
        },
    }
}

fn kept(row: &ConnectionRow) -> String {
    match (row.accounts, row.transactions) {
        (0, 0) => "nothing kept".into(),
        (0, n) => format!("{} kept", count(n, "transaction")),
        (n, _) => format!("{} kept", count(n, "account")),
    }
}

fn retry(job: &LastJob, facts: &Facts, waits: Option<String>) -> String {
    let waits = waits.unwrap_or_else(|| "waits to retry".into());
    match job.attempt {
        0 | 1 => waits,
        n => format!("{waits}, {}/{}", n - 1, facts.most_retries),
    }
}

fn under_way(job: &LastJob) -> String {
    match job.state {
        State::Running => format!("{}/{} {}", job.position, job.of, job.step.short()),
        other => other.word().into(),
    }
}

/// What it failed with, and how often: sign-ins in a row that the bank refused, or tries of one job.
fn broken(row: &ConnectionRow, facts: &Facts, limit: Option<u32>) -> String {
    let Some(failed) = &facts.failed else {
        return "no fetch known".into();
    };
    let words = words(failed);
    match (row.refused, row.last_job.as_ref().map(|job| job.attempt)) {
        (refused @ 1.., _) if failed.failure.code == REFUSED => match limit {
            Some(limit) => format!("{words} {refused}/{limit}"),
            None => format!("{words} {refused}x"),
        },
        // where that fits a narrow cell; the job says it too
        (_, Some(tries @ 2..)) if words.len() <= 13 => format!("{words} {tries}x"),
        _ => words,
    }
}

fn words(failed: &FailedStep) -> String {
    let code = failed.failure.code.as_str();
    match (code, failed.at_challenge()) {
        ("job-timed-out", true) => "no answer given".into(),
        ("invalid-credentials", true) => "wrong answer".into(),
        _ => of_code(code),
    }
}

/// What a failure code says, in two or three words.
pub(crate) fn of_code(code: &str) -> String {
    let found = CODES.iter().find(|(known, _)| *known == code);
    found.map_or_else(|| code.replace('-', " "), |(_, words)| (*words).into())
}

/// Whole days from one day on, which is exact enough here.
fn short(ms: i64) -> String {
    match ms / DAY_MS {
        0 => time_format::span(ms),
        days => format!("{days}d"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::Label;
    use crate::domain::diagnosis::ADVICE;
    use crate::domain::handling::Handling;
    use crate::testing::fixtures::{now, row};

    #[test]
    fn every_code_of_the_tables_has_words_that_fit_a_cell() {
        for (code, _) in ADVICE {
            let found = CODES.iter().find(|(known, _)| known == code);
            let words = found.unwrap_or_else(|| panic!("no words for {code}")).1;
            assert!(words.len() <= 18, "{code}: {words}");
        }
        for (at, (code, _)) in CODES.iter().enumerate() {
            assert!(CODES[..at].iter().all(|(known, _)| known != code), "{code}");
        }
    }

    #[test]
    fn the_cause_is_told_in_a_few_words() {
        let day = |n: i64| now().plus_ms(n * DAY_MS + 1);
        let failed = |code: &str, attempt| ConnectionRow {
            last_job: row(0, Label::Invalid).last_job.map(|job| LastJob {
                code: Some(code.into()),
                attempt,
                ..job
            }),
            ..row(0, Label::Invalid)
        };
        let waits = |state, due, attempt| ConnectionRow {
            last_job: row(0, Label::Pending).last_job.map(|job| LastJob {
                state,
                due: Some(due),
                attempt,
                ..job
            }),
            ..row(0, Label::Active)
        };
        let due = now().plus_ms(6_240_000);
        for (row, words) in [
            (failed("invalid-credentials", 1), "wrong password"),
            (failed("unknown-error", 85), "unknown error 85x"),
            (failed("service-unavailable", 85), "bank unavailable"),
            (failed("some-new-code", 1), "some new code"),
            (
                ConnectionRow {
                    refused: 2,
                    ..failed("invalid-credentials", 1)
                },
                "wrong password 2/3",
            ),
            (
                ConnectionRow {
                    refused: 3,
                    guarded: true,
                    ..failed("invalid-credentials", 1)
                },
                "3 sign-ins refused",
            ),
            (row(0, Label::PreInit), "left the bank page"),
            (row(0, Label::Init), "2/3 accounts"),
            (waits(State::WaitingRetry, due, 3), "retry 1h 44m, 2/84"),
            (waits(State::Queued, due, 0), "queued"),
            (row(2, Label::Deleted), "2 accounts kept"),
            (row(0, Label::Deleted), "nothing kept"),
            (row(2, Label::Active), ""),
            (
                ConnectionRow {
                    expiry: Some(day(2)),
                    ..row(3, Label::Active)
                },
                "consent ends in 2d",
            ),
            (
                ConnectionRow {
                    expiry: Some(day(-1)),
                    ..row(3, Label::Active)
                },
                "consent ended",
            ),
            (
                ConnectionRow {
                    last_used: day(-9),
                    ..row(2, Label::Active)
                },
                "not asked for 8d",
            ),
            (
                ConnectionRow {
                    handling: Handling {
                        snoozed: Some(day(3)),
                        ..Handling::default()
                    },
                    ..failed("invalid-credentials", 1)
                },
                "quiet for 3d",
            ),
            (
                ConnectionRow {
                    handling: Handling {
                        taken_by: Some("monica".into()),
                        ..Handling::default()
                    },
                    ..failed("invalid-credentials", 1)
                },
                "wrong password, monica has it",
            ),
        ] {
            assert_eq!(brief(&row, now(), Some(3)), words, "{row:?}");
        }
    }
}
