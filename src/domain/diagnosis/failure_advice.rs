//! The advice for every failure code (docs/domain.md 14.1), and for cases that share a code but not a remedy.

use super::Advice;
use super::Whose::{Bank, Us, User};
use super::lacks;
use super::states::NOT_REVOKE;
use crate::domain::failure_codes::{DAMAGED, Failure};

const SIGN_IN_WEB: &[&str] = &[
    "Ask the user to sign in at the bank's own site, to see whether name and password still work.",
    "Then have the credentials updated here; that starts a fetch by itself.",
];
const AUTHORISE: &[&str] =
    &["Send the user through the whole authorisation again, with a new link."];
const CLEAR_AND_REFRESH: &[&str] = &[
    "Ask the user to sign in at the bank and clear what it asks there: new terms, a notice, a new device.",
    "Refresh once the user says it is done.",
];
const WAIT_OR_REPORT: &[&str] = &[
    "Look at the connector: in a major outage wait, otherwise wait 10 minutes and refresh once.",
    "After two or three failures report the connection id to the connector's support.",
];
const WAIT: &[&str] = &["Wait until the bank is back, then refresh once if no retry is under way."];
const REPORT: &[&str] = &[
    "Refresh once; it may have been a passing fault.",
    "If it fails again, report the ids of user, connection and job to the connector's support.",
];
const OTHER_WAY: &[&str] = &[
    "Choose another way to the same bank, or wait until this one is enabled, then connect or refresh again.",
];
const FILE: &[&str] = &["Correct the file and upload it again."];

const NOT_AGAIN: &str = "Refreshing with the same credentials: it fails the same way, and refreshing now risks a lock-out.";
const NOT_CREDENTIALS: &str = "A new password: the bank did not complain about the sign-in.";
const NOT_OFTEN: &str = "Refreshing again and again: it loads the bank and may lock the user out.";

const BANK_AWAY: &str = "Your bank could not be reached when we last tried. Your details with us are fine; please try again later.";
pub(super) const OUR_FAULT: &str =
    "Something went wrong on the way to your bank. It is not your doing; we are looking into it.";
const WRONG_FILE: &str =
    "The file you uploaded could not be used. Please check it and upload it again.";

pub(crate) const ADVICE: &[(&str, Advice)] = &[
    (
        "invalid-credentials",
        Advice {
            headline: "The bank refused the sign-in",
            whose: User,
            web: SIGN_IN_WEB,
            open_banking: AUTHORISE,
            tell_customer: "Your bank did not accept the sign-in. Please check that you can sign in at your bank, \
                            then renew your details with us.",
            will_not_help: &[NOT_AGAIN, NOT_REVOKE],
        },
    ),
    (
        "account-not-accessible-requires-user-action",
        Advice {
            headline: "The bank shows no accounts until the user acts",
            whose: User,
            web: CLEAR_AND_REFRESH,
            open_banking: CLEAR_AND_REFRESH,
            tell_customer: "Your bank wants you to do something before it shows your accounts. Please sign in there, \
                            follow what it asks, and tell us when it is done.",
            will_not_help: &[
                "Refreshing before the user has been at the bank: it stops at the same place.",
                NOT_CREDENTIALS,
            ],
        },
    ),
    (
        "user-action-required",
        Advice {
            headline: "The bank wants the user to do something first",
            whose: User,
            web: CLEAR_AND_REFRESH,
            open_banking: CLEAR_AND_REFRESH,
            tell_customer: "Your bank wants you to do something first. Please sign in there, follow what it asks, and \
                            tell us when it is done.",
            will_not_help: &[
                "Refreshing before the user has been at the bank: it stops at the same place.",
            ],
        },
    ),
    (
        "authorization-failed",
        Advice {
            headline: "The authorisation was refused, by the user or the bank",
            whose: User,
            web: SIGN_IN_WEB,
            open_banking: AUTHORISE,
            tell_customer: "Your bank did not give us access, or the request was declined. If you want to go on, \
                            please go through the bank's consent page once more.",
            will_not_help: &["Refreshing: without an authorisation there is nothing to fetch."],
        },
    ),
    (
        "invalid-connection",
        Advice {
            headline: "The link behind this connection is gone",
            whose: User,
            web: &["Create the connection anew; the user has to sign in once more."],
            open_banking: &["Create the connection anew; the user has to give consent once more."],
            tell_customer: "The link to your bank is no longer there. Please connect your bank again.",
            will_not_help: &["Refreshing: there is no link left to refresh."],
        },
    ),
    (
        "service-unavailable",
        bank_away("The bank's service did not answer", WAIT_OR_REPORT),
    ),
    (
        "system-unavailable",
        bank_away("The bank's own system was not available", WAIT_OR_REPORT),
    ),
    ("maintenance", MAINTENANCE),
    ("maintenance-error", MAINTENANCE),
    (
        "temporary-unavailable",
        bank_away("The bank was out of reach for a while", WAIT),
    ),
    (
        "connector-error",
        Advice {
            headline: "The connector to the bank broke down on the way",
            whose: Us,
            web: REPORT,
            open_banking: REPORT,
            tell_customer: OUR_FAULT,
            will_not_help: &[NOT_CREDENTIALS],
        },
    ),
    (
        "unknown-error",
        Advice {
            headline: "The bank reported an unknown error",
            whose: Us,
            web: REPORT,
            open_banking: REPORT,
            tell_customer: OUR_FAULT,
            will_not_help: &[NOT_OFTEN],
        },
    ),
    (
        "job-timed-out",
        Advice {
            headline: "A step took longer than it may",
            whose: Us,
            web: &[
                "Refresh again.",
                "If it runs out of time again, look at the connector and report the job id.",
            ],
            open_banking: &[
                "Refresh again.",
                "If it runs out of time again, look at the connector and report the job id.",
            ],
            tell_customer: "Fetching your data took too long. It is not your doing; we try again.",
            will_not_help: &[NOT_CREDENTIALS],
        },
    ),
    (
        "institution-not-found",
        Advice {
            headline: "The bank is not known to the platform",
            whose: Us,
            web: OTHER_WAY,
            open_banking: OTHER_WAY,
            tell_customer: "We cannot connect to this bank at present. We will tell you when we can.",
            will_not_help: &["Refreshing: it fails the same way until the bank is known."],
        },
    ),
    (
        "institution-not-available",
        Advice {
            headline: "The bank is not offered by this method",
            whose: Us,
            web: OTHER_WAY,
            open_banking: OTHER_WAY,
            tell_customer: "We cannot connect to your bank in this way at present. We will tell you when we can.",
            will_not_help: &["Refreshing: it fails the same way until the bank is available."],
        },
    ),
    (
        "institution-disabled",
        Advice {
            headline: "The connector to this bank is switched off",
            whose: Us,
            web: OTHER_WAY,
            open_banking: OTHER_WAY,
            tell_customer: "The way to your bank is switched off at present. We will tell you when it is back.",
            will_not_help: &[
                "Refreshing: it fails the same way until the connector is enabled.",
                NOT_CREDENTIALS,
            ],
        },
    ),
    (
        "bank-statement-invalid",
        file("The file is not a bank statement"),
    ),
    (
        "bank-statement-new-product",
        file("The statement is of a product that is not known yet"),
    ),
    (
        "bank-statement-parsing-error",
        file("The statement could not be read"),
    ),
    (
        "bank-statement-not-supported",
        file("Statements of this kind are not supported"),
    ),
    (
        "missing-required-field",
        file("The file lacks a column it must have"),
    ),
    (
        "missing-required-field-value",
        file("The file lacks a value it must have"),
    ),
    (
        "invalid-field-value",
        file("The file has a value that cannot be right"),
    ),
    (
        "invalid-csv-row",
        file("The file has a row that cannot be read"),
    ),
    ("row-count-exceeded", file("The file has too many rows")),
    (
        "account-data-differs",
        file("The file tells of another account than before"),
    ),
    ("empty-file", file("The file is empty")),
    (
        "txn-after-last-updated-date",
        file("The file has a transaction later than its own date"),
    ),
    ("sign-in-missing", lacks::SIGN_IN_MISSING),
    ("consent-missing", lacks::CONSENT_MISSING),
    ("not-executed-here", lacks::NOT_EXECUTED),
    (DAMAGED, lacks::DATA_DAMAGED),
];

const MAINTENANCE: Advice = Advice {
    headline: "The bank is under maintenance",
    whose: Bank,
    web: WAIT,
    open_banking: WAIT,
    tell_customer: "Your bank was being worked on when we last tried. Please try again later.",
    will_not_help: &[NOT_CREDENTIALS, NOT_OFTEN],
};

const fn bank_away(headline: &'static str, to_do: &'static [&'static str]) -> Advice {
    Advice {
        headline,
        whose: Bank,
        web: to_do,
        open_banking: to_do,
        tell_customer: BANK_AWAY,
        will_not_help: &[NOT_CREDENTIALS, NOT_OFTEN],
    }
}

const fn file(headline: &'static str) -> Advice {
    Advice {
        headline,
        whose: User,
        web: FILE,
        open_banking: FILE,
        tell_customer: WRONG_FILE,
        will_not_help: &["Uploading the same file again: it is refused the same way."],
    }
}

const UNKNOWN: Advice = Advice {
    headline: "The bank gave a code that is not in the list",
    whose: Us,
    web: REPORT,
    open_banking: REPORT,
    tell_customer: OUR_FAULT,
    will_not_help: &[NOT_OFTEN],
};

const LOCKED: Advice = Advice {
    headline: "The bank has locked the user's account",
    whose: User,
    web: &[
        "Ask the user to contact the bank and have the account unlocked.",
        "Then have the credentials updated here; that starts a fetch by itself.",
    ],
    open_banking: &[
        "Ask the user to contact the bank and have the account unlocked.",
        AUTHORISE[0],
    ],
    tell_customer: "Your bank has locked your account. Please contact the bank; once it is unlocked, renew your \
                    details with us.",
    will_not_help: &[
        "Refreshing: every sign-in on a locked account may keep it locked.",
        NOT_REVOKE,
    ],
};

const NO_SECOND_FACTOR: Advice = Advice {
    headline: "The bank asks for a second factor this way cannot give",
    whose: User,
    web: &[
        "Move the user to open banking, where the bank offers it: there the bank asks the user itself.",
        "Otherwise ask the user whether the bank's login can be set so that this way is accepted.",
    ],
    open_banking: AUTHORISE,
    tell_customer: "Your bank asks for an extra confirmation that this way of connecting cannot give. Please connect \
                    through the bank's own consent page, where it has one.",
    will_not_help: &[
        "Refreshing: the bank asks for the same again.",
        "A new password: it was not the trouble.",
    ],
};

const WRONG_ANSWER: Advice = Advice {
    headline: "The answer to the bank's question was wrong",
    whose: User,
    web: ASK_TOGETHER,
    open_banking: ASK_TOGETHER,
    tell_customer: "Your bank did not accept the answer or the code. Please have your phone at hand; we try once more \
                    together.",
    will_not_help: &[
        "Refreshing without the user: the bank asks again and nobody answers.",
        NOT_OFTEN,
    ],
};

const NO_ANSWER: Advice = Advice {
    headline: "Nobody answered the bank's question in time",
    whose: User,
    web: ASK_TOGETHER,
    open_banking: ASK_TOGETHER,
    tell_customer: "Your bank asked you for a code or an answer and got none in time. Please tell us when you are at \
                    hand; we try again together.",
    will_not_help: &["Refreshing without the user: the bank asks again and nobody answers."],
};

const ASK_TOGETHER: &[&str] = &[
    "Agree on a time with the user, refresh then, and answer the bank's question while its time runs.",
];

/// Cases that share a code, each with how it is told from the others; for `docs/why.md`.
#[cfg(test)]
pub(crate) const CASES: &[(&str, &str, Advice)] = &[
    (
        "invalid-credentials",
        "the bank's text says that the account is locked",
        LOCKED,
    ),
    (
        "invalid-credentials",
        "the bank's text says that it wants a second factor",
        NO_SECOND_FACTOR,
    ),
    (
        "invalid-credentials",
        "at the bank's question",
        WRONG_ANSWER,
    ),
    ("job-timed-out", "at the bank's question", NO_ANSWER),
    ("any other code", "it is not in the list", UNKNOWN),
];

/// The words for a code; an unknown one gets words that hold for any.
pub(crate) fn advice(code: &str) -> Advice {
    ADVICE
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(UNKNOWN, |(_, advice)| *advice)
}

/// The words for a failure where it happened. The bank's own texts tell a locked account, or a second
/// factor that cannot be given, from a wrong password; the step tells a wrong or missing answer.
pub(crate) fn advice_for(failure: &Failure, at_challenge: bool) -> Advice {
    let says = |word: &str| {
        let said = |text: &str| {
            text.chars()
                .take(400)
                .collect::<String>()
                .to_ascii_lowercase()
                .contains(word)
        };
        said(&failure.title) || said(&failure.detail)
    };
    match failure.code.as_str() {
        "job-timed-out" if at_challenge => NO_ANSWER,
        "invalid-credentials" if at_challenge => WRONG_ANSWER,
        "invalid-credentials" if says("locked") => LOCKED,
        "invalid-credentials" if says("multi-factor") => NO_SECOND_FACTOR,
        code => advice(code),
    }
}
