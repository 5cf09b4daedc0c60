//! The advice for a label alone, and for states of consents and jobs that come before any failure.

use super::lacks::AT_ITS_PLATFORM;
use super::{Advice, Whose};
use crate::domain::connection::Label;

pub(crate) fn state(label: Label) -> Advice {
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
    web: &[
        "Open its last job and look at the failed step.",
        "A refresh that succeeds makes it active again.",
    ],
    open_banking: &[
        "Open its last job and look at the failed step.",
        "A refresh that succeeds makes it active again.",
    ],
    tell_customer: "The link to your bank needs attention. We are finding out what it wants.",
    will_not_help: &[NOT_REVOKE],
};

const FAILED: Advice = Advice {
    headline: "It never worked: a step of its first fetch failed",
    whose: Whose::Us,
    web: &[
        "Open its first job and look at the failed step.",
        "A refresh that succeeds makes it active.",
    ],
    open_banking: &[
        "Open its first job and look at the failed step.",
        "A refresh that succeeds makes it active.",
    ],
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

const AGAIN: &[&str] = &[
    "Send the same user through the whole flow again, with a new link: switchboard auth-link create USER.",
    "Leave this connection as it is.",
];

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
    tell_customer: "The link to your bank has been ended. Nothing more is fetched through it.",
    will_not_help: &[NO_LINK],
};

const GONE: &[&str] =
    &["To read this bank again, make a new connection; the user has to give access again."];

const NO_LINK: &str =
    "Refreshing or updating credentials: there is no link and no credential left.";

/// Ended, and what it fetched is still there.
pub(super) const STRANDED: Advice = Advice {
    headline: "The link was ended for good, but what it fetched is still stored",
    whose: Whose::Nobody,
    web: LEFT,
    open_banking: LEFT,
    tell_customer: "The link to your bank has been ended. What was fetched before is still kept; tell us if you want \
                    it deleted.",
    will_not_help: &[NO_LINK],
};

const LEFT: &[&str] = &[
    "If it has to go: purge through an active connection of the same user at this bank, which takes it along.",
    "Where there is no such connection, make one first, or erase the user.",
];

pub(super) const USER_CONSENT_ENDED: Advice = Advice {
    headline: "The user's consent to us has ended, and with it the link and its data",
    whose: Whose::Nobody,
    web: AFTER_CONSENT,
    open_banking: AFTER_CONSENT,
    tell_customer: "Your consent has ended. We closed the links to your banks and deleted your data.",
    will_not_help: &[NO_LINK],
};

const AFTER_CONSENT: &[&str] =
    &["Nothing. To go on, the user gives a new consent and connects again."];

/// Active, but no fetch here shows it.
pub(super) const UNPROVEN: Advice = Advice {
    headline: "It is said to be active; no fetch made here shows it yet",
    whose: Whose::Nobody,
    web: PROVE,
    open_banking: PROVE,
    tell_customer: "Your bank is connected.",
    will_not_help: &[],
};

/// Broken, and no fetch is stored here that failed.
pub(super) const UNEXPLAINED: Advice = Advice {
    headline: "It is said to be broken; no fetch here shows what failed",
    whose: Whose::Us,
    web: FIND_OUT,
    open_banking: FIND_OUT,
    tell_customer: "The link to your bank needs attention. We are finding out what it wants.",
    will_not_help: &[NOT_REVOKE],
};

const FIND_OUT: &[&str] = &["Refresh it once: that shows what fails, or makes it active."];

/// What a label says of a connection for which no fetch is known here.
pub(crate) fn unfetched(label: Label) -> Advice {
    match label {
        Label::Active => UNPROVEN,
        Label::Invalid | Label::Failed => UNEXPLAINED,
        Label::PreInit | Label::Init | Label::Pending | Label::Deleted => state(label),
    }
}

const PROVE: &[&str] = &["Nothing. Refresh it once if you want to know for sure."];

pub(super) const GUARDED: Advice = Advice {
    headline: "The bank refused this sign-in again and again, so no more is tried",
    whose: Whose::User,
    web: &[
        "Ask the user to sign in at the bank's own site, to see whether name and password still work.",
        "Then have the credentials updated here; that lifts the hold and starts a fetch by itself.",
    ],
    open_banking: AGAIN_OB,
    tell_customer: "Your bank did not accept the sign-in several times, so we stopped trying before it locks your \
                    account. Please check that you can sign in there, then renew your details with us.",
    will_not_help: &[
        "Refreshing: it is held back; to force it is how accounts get locked.",
        NOT_REVOKE,
    ],
};

const AGAIN_OB: &[&str] =
    &["Send the user through the whole authorisation again, with a new link."];

/// The user is at the bank, to authorise anew.
pub(super) const AT_THE_BANK: Advice = Advice {
    headline: "It waits for the user, who has to authorise at the bank",
    whose: Whose::User,
    web: RENEW,
    open_banking: RENEW,
    tell_customer: "Please go through your bank's consent page to the end, so that we can go on fetching your data.",
    will_not_help: &[
        "Refreshing: the job is open, so the same one comes back and goes on waiting.",
    ],
};

/// The open job of an imported connection.
pub(super) const ELSEWHERE: Advice = Advice {
    headline: "The platform it came from runs its open job; nothing here does",
    whose: Whose::System,
    web: AT_ITS_PLATFORM,
    open_banking: AT_ITS_PLATFORM,
    tell_customer: "Your bank is being connected. This takes a moment.",
    will_not_help: &["Acting on it here: no bank or platform is connected here."],
};

/// A job that came from elsewhere, of a connection that is of the sandbox.
pub(super) const LEFT_OVER: Advice = Advice {
    headline: "Its open job came from elsewhere and waits for nothing here",
    whose: Whose::Us,
    web: TAKE_OVER,
    open_banking: TAKE_OVER,
    tell_customer: "Your bank is being connected. This takes a moment.",
    will_not_help: &["Waiting: that job does not run here."],
};

const TAKE_OVER: &[&str] = &["Refresh it: that takes the open job over and runs it here."];

/// The worker that had its job is gone.
pub(super) const STUCK: Advice = Advice {
    headline: "Its job does not go on: the process that ran it is gone",
    whose: Whose::Us,
    web: NEW_WORKER,
    open_banking: NEW_WORKER,
    tell_customer: "Fetching your data takes longer than usual. It is not your doing; we are looking into it.",
    will_not_help: &["Refreshing: the job is open, so the same one comes back."],
};

const NEW_WORKER: &[&str] = &[
    "See that a process that runs jobs is there: switchboard work, or an open dashboard. It takes the job over.",
];

/// Active, and not asked for long.
pub(super) const STALE: Advice = Advice {
    headline: "It worked when the bank was last asked, more than 7 days ago",
    whose: Whose::Nobody,
    web: OLD_DATA,
    open_banking: OLD_DATA,
    tell_customer: "Your bank is connected. What we have of it is more than a week old; tell us if you need newer data.",
    will_not_help: &[],
};

const OLD_DATA: &[&str] = &["Refresh it, if newer data is needed."];

pub(super) const CONSENT_ENDED: Advice = Advice {
    headline: "The user's consent at the bank has ended",
    whose: Whose::User,
    web: RENEW,
    open_banking: RENEW,
    tell_customer: "Your consent at the bank has ended. Please renew it, so that we can go on fetching your data.",
    will_not_help: &[
        "Refreshing: without a consent the bank gives nothing.",
        NOT_REVOKE,
    ],
};

pub(super) const CONSENT_ENDS: Advice = Advice {
    headline: "It works, but the user's consent at the bank is about to end",
    whose: Whose::User,
    web: RENEW,
    open_banking: RENEW,
    tell_customer: "Your consent at the bank ends soon. Please renew it, so that nothing is interrupted.",
    will_not_help: &["Refreshing: it does not lengthen the consent."],
};

const RENEW: &[&str] = &["Send the user to authorise again; the accounts keep their ids."];

pub(super) const QUESTION: Advice = Advice {
    headline: "The bank asks the user a question, and the job waits for the answer",
    whose: Whose::User,
    web: &["Get the answer from the user and enter it while the time runs."],
    open_banking: &["Get the answer from the user and enter it while the time runs."],
    tell_customer: "Your bank has just asked for a code or an answer. Please tell it to us, or enter it, right away.",
    will_not_help: &[
        "Refreshing: the job is open, so the same one comes back with the same question.",
    ],
};

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

/// The rows above that no label or code chooses, each with when it holds; for `docs/why.md`.
#[cfg(test)]
pub(crate) const SITUATIONS: &[(&str, Advice)] = &[
    ("the bank's question is open", QUESTION),
    (
        "another connection used the same sign-in a moment ago",
        PAUSED,
    ),
    ("an open-banking job waits for the user", AT_THE_BANK),
    ("an open job of an imported connection", ELSEWHERE),
    (
        "an open job of a connection of the sandbox came by an import",
        LEFT_OVER,
    ),
    ("the worker of its job is gone", STUCK),
    ("active, and not asked for more than 7 days", STALE),
    ("the sign-in was refused too often", GUARDED),
    (
        "active, and the consent at the bank ends within 7 days",
        CONSENT_ENDS,
    ),
    ("the consent at the bank has ended", CONSENT_ENDED),
    ("active, and no fetch is recorded", UNPROVEN),
    ("invalid or failed, and no fetch is recorded", UNEXPLAINED),
    ("deleted, and data is left", STRANDED),
    (
        "deleted, because the user's consent to us ended",
        USER_CONSENT_ENDED,
    ),
];

pub(super) const NOT_REVOKE: &str =
    "Revoking: the data stays, and a revoked connection can never be purged.";
/// Said of everything that is not active.
pub(super) const NOT_PURGE: &str = "Purging: that works only while a connection is active.";
