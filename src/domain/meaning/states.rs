//! The words for a label by itself, when no failure tells more, and for the states of a consent and a
//! job that come before any failure.

use super::{Advice, Whose};
use crate::domain::connection::Label;

/// The words for a label.
pub fn state(label: Label) -> Advice {
    match label {
        Label::Active => ACTIVE,
        Label::Invalid => INVALID,
        Label::Failed => FAILED,
        Label::PreInit => PRE_INIT,
        Label::Init => INIT,
        Label::Pending => PENDING,
        Label::Deleted => DELETED,
    }
}

const ACTIVE: Advice = Advice {
    headline: "It works: every step of its last fetch went through",
    whose: Whose::Nobody,
    web: &["Nothing. Look at the age of the last contact before you refresh by hand."],
    open_banking: &["Nothing. Look at the age of the last contact before you refresh by hand."],
    tell_customer: "Your bank is connected and everything works.",
    will_not_help: &[],
};

const INVALID: Advice = Advice {
    headline: "It worked once and does not now: a step of its last fetch failed",
    whose: Whose::Us,
    web: &["Open its last job and look at the failed step.", "A refresh that succeeds makes it active again."],
    open_banking: &["Open its last job and look at the failed step.", "A refresh that succeeds makes it active again."],
    tell_customer: "The link to your bank needs attention. We are finding out what it wants.",
    will_not_help: &[NOT_REVOKE],
};

const FAILED: Advice = Advice {
    headline: "It never worked: a step of its first fetch failed",
    whose: Whose::Us,
    web: &["Open its first job and look at the failed step.", "A refresh that succeeds makes it active."],
    open_banking: &["Open its first job and look at the failed step.", "A refresh that succeeds makes it active."],
    tell_customer: "Connecting your bank did not work yet. We are finding out what it wants.",
    will_not_help: &[],
};

const PRE_INIT: Advice = Advice {
    headline: "The user has not finished the bank's consent page; most often they left early",
    whose: Whose::User,
    web: AGAIN,
    open_banking: AGAIN,
    tell_customer: "Your bank is not connected yet: the bank's consent page was not completed. Please open the link \
                    again and go through to the end.",
    will_not_help: &[
        "Deleting it: there is no need, the same connection goes on when the user comes back.",
        "Refreshing: there is no authorisation to fetch with yet.",
    ],
};

const AGAIN: &[&str] =
    &["Send the same user through the whole flow again, with a new link.", "Leave this connection as it is."];

const INIT: Advice = Advice {
    headline: "The user has authorised; the first data is being fetched",
    whose: Whose::System,
    web: WAIT,
    open_banking: WAIT,
    tell_customer: "Your bank has given access. Your data is on its way.",
    will_not_help: &["Refreshing: the first fetch is open, so the same job comes back."],
};

const PENDING: Advice = Advice {
    headline: "New: the first fetch has not decided yet whether it works",
    whose: Whose::System,
    web: WAIT,
    open_banking: WAIT,
    tell_customer: "Your bank is being connected. This takes a moment.",
    will_not_help: &["Refreshing: the first fetch is open, so the same job comes back."],
};

const WAIT: &[&str] = &["Wait, and watch the job; a run mostly takes less than a minute."];

const DELETED: Advice = Advice {
    headline: "The link was ended for good; nothing leaves this state",
    whose: Whose::Nobody,
    web: GONE,
    open_banking: GONE,
    tell_customer: "The link to your bank has been ended. What was fetched before is still kept; tell us if you want \
                    it deleted.",
    will_not_help: &["Refreshing or updating credentials: there is no link and no credential left."],
};

const GONE: &[&str] = &[
    "To read this bank again, make a new connection; the user has to give access again.",
    "Data it fetched stays with the user; purging an active connection of the user at this bank takes it along.",
];

/// The arrangement at the bank has ended.
pub(super) const CONSENT_ENDED: Advice = Advice {
    headline: "The user's consent at the bank has ended",
    whose: Whose::User,
    web: RENEW,
    open_banking: RENEW,
    tell_customer: "Your consent at the bank has ended. Please renew it, so that we can go on fetching your data.",
    will_not_help: &["Refreshing: without a consent the bank gives nothing.", NOT_REVOKE],
};

/// The arrangement ends soon.
pub(super) const CONSENT_ENDS: Advice = Advice {
    headline: "It works, but the user's consent at the bank is about to end",
    whose: Whose::User,
    web: RENEW,
    open_banking: RENEW,
    tell_customer: "Your consent at the bank ends soon. Please renew it, so that nothing is interrupted.",
    will_not_help: &["Refreshing: it does not lengthen the consent."],
};

const RENEW: &[&str] = &["Send the user to authorise again; the accounts keep their ids."];

/// The bank asks the user something.
pub(super) const QUESTION: Advice = Advice {
    headline: "The bank asks the user a question, and the job waits for the answer",
    whose: Whose::User,
    web: &["Get the answer from the user and enter it while the time runs."],
    open_banking: &["Get the answer from the user and enter it while the time runs."],
    tell_customer: "Your bank has just asked for a code or an answer. Please tell it to us, or enter it, right away.",
    will_not_help: &["Refreshing: the job is open, so the same one comes back with the same question."],
};

/// The same credentials were used a moment ago.
pub(super) const PAUSED: Advice = Advice {
    headline: "It waits, because another connection uses the same sign-in",
    whose: Whose::System,
    web: PAUSE,
    open_banking: PAUSE,
    tell_customer: "Your bank is being connected. It takes a few minutes longer, so that the bank does not lock your \
                    account.",
    will_not_help: &["Refreshing, or ending the older connection: neither shortens the pause."],
};

const PAUSE: &[&str] = &["Wait; the pause of six minutes keeps the bank from locking the account."];

pub(super) const NOT_REVOKE: &str = "Revoking: the data stays, and a revoked connection can never be purged.";
/// Said of everything that is not active.
pub(super) const NOT_PURGE: &str = "Purging: that works only while a connection is active.";
