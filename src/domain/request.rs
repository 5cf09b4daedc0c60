//! A request that may be sent again, and what is known of one that was.

use super::ids::JobId;
use super::moment::Moment;

pub(crate) type Digest = [u8; 32];

/// How long a request is known.
pub(crate) const KEPT_MS: i64 = 86_400_000;

/// How long whoever answers one is trusted without a word.
pub(crate) const LEASE_MS: i64 = 5_000;

/// A request that somebody answers; of two that think they do, the later epoch is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) digest: Digest,
    pub(crate) epoch: i64,
    /// When it came first.
    pub(crate) began: Moment,
}

/// What is stored of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) content: Digest,
    pub(crate) began: Moment,
    pub(crate) epoch: i64,
    pub(crate) lease: Moment,
    /// Action and target of the first thing it did.
    pub(crate) did: Option<(String, String)>,
    pub(crate) answer: Option<Answer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// None where the answer is written anew from what is stored, because it holds personal data.
    pub(crate) text: Option<String>,
}

/// What to do with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It is new, or nobody has done anything for it: carry it out.
    Begin(Mark),
    /// It was carried out and answered.
    Again {
        answer: Answer,
        did: Option<(String, String)>,
    },
    /// Whoever carried it out did not live to answer.
    Unanswered {
        mark: Mark,
        action: String,
        target: String,
        /// The job that it made, when it made one.
        job: Option<JobId>,
    },
    /// Somebody is at it until then, unless that is prolonged.
    Busy(Moment),
    /// The same key was used for something else.
    Other,
}
