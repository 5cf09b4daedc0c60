//! When a step of a job that runs has taken far too long: against what that step usually takes at that bank.

use super::health::LEAST;
use super::time_format::{span, took, words};

/// So many times the usual time, but never less than a minute.
pub(crate) const TIMES: i64 = 10;
pub(crate) const FLOOR_MS: i64 = 60_000;

/// Where the bank's usual time is not known.
pub(crate) const UNKNOWN_MS: i64 = 10 * 60_000;

/// A usual time of fewer fetches than this is none.
pub(crate) const SAMPLE: u64 = LEAST;

/// How long a step may take whose usual time is known or not.
pub(crate) fn limit(usual: Option<i64>) -> i64 {
    usual.map_or(UNKNOWN_MS, |usual| (usual * TIMES).max(FLOOR_MS))
}

/// Both numbers, of a step that runs for so long: `for 14 minutes; usually 6s here`.
pub(crate) fn told(runs: i64, usual: Option<i64>) -> String {
    let here = match usual {
        Some(usual) => format!("usually {} here", took(usual)),
        None => format!(
            "the usual time here is not known; {} is the most",
            span(UNKNOWN_MS)
        ),
    };
    format!("for {}; {here}", words(runs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_stuck_by_its_banks_usual_time() {
        for (usual, most) in [
            (Some(2_000), 60_000),
            (Some(6_000), 60_000),
            (Some(30_000), 300_000),
            (None, 600_000),
        ] {
            assert_eq!(limit(usual), most, "{usual:?}");
        }
        assert_eq!(
            told(840_000, Some(6_000)),
            "for 14 minutes; usually 0:06 here"
        );
    }
}
