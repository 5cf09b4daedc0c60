//! The advice for what is missing in this program, so that no bank was asked.

use super::Advice;
use super::Whose::Us;
use super::failure_advice::OUR_FAULT;

pub(super) const SIGN_IN_MISSING: Advice = Advice {
    headline: "No sign-in is stored here, so the bank was not asked",
    whose: Us,
    web: &["Store a password: switchboard update-credentials ID; that starts a fetch by itself."],
    open_banking: &["Nothing: open banking needs no password."],
    tell_customer: OUR_FAULT,
    will_not_help: &["Refreshing: without a sign-in no bank is asked."],
};

pub(super) const CONSENT_MISSING: Advice = Advice {
    headline: "No consent is stored here, so the bank was not asked",
    whose: Us,
    web: &["Nothing: a web connection needs no consent at the bank."],
    open_banking: &[
        "Send the user a link: switchboard auth-link create USER; the consent that they give there starts a fetch by \
         itself.",
    ],
    tell_customer: OUR_FAULT,
    will_not_help: &["Refreshing: without a consent no bank is asked."],
};

pub(super) const NOT_EXECUTED: Advice = Advice {
    headline: "Imported: a fetch asked for here could not be done",
    whose: Us,
    web: AT_ITS_PLATFORM,
    open_banking: AT_ITS_PLATFORM,
    tell_customer: OUR_FAULT,
    will_not_help: &["Refreshing here: no bank or platform is connected here."],
};

pub(super) const DATA_DAMAGED: Advice = Advice {
    headline: "Something stored here for this fetch cannot be read",
    whose: Us,
    web: RESTORED,
    open_banking: RESTORED,
    tell_customer: OUR_FAULT,
    will_not_help: &["Asking the bank: it was not the cause."],
};

const RESTORED: &[&str] = &[
    "Run switchboard doctor: it says what is damaged or missing, such as a key file.",
    "Put back what is missing, or store the password anew, and refresh again.",
];

pub(super) const AT_ITS_PLATFORM: &[&str] =
    &["Act where it came from, and import what that platform says then."];

pub(super) const NEWS_BY_IMPORT: &[&str] = &["Nothing. What is new there comes by an import."];
