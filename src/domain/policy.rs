//! Which acts are allowed on a connection. Asked when one is offered, and again in its transaction.

use super::connection::{Label, Method, Origin};
use super::moment::Moment;
use super::rows::ConnectionRow;
use crate::domain::words::words;
use std::time::Duration;

words! {
    Act [word] {
        Refresh "refresh";
        Purge "purge";
        Revoke "revoke";
        UpdateCredentials "update-credentials";
        Authorise "authorise";
        /// To open banking.
        Migrate "migrate";
    }
}

/// Why an action is not possible: the wire's code and detail, and a sentence for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    /// The code of docs/domain.md 14.2.
    pub(crate) code: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) words: &'static str,
}

impl Reason {
    /// The first sentence of the words, where there is room for one only.
    pub(crate) fn first_sentence(&self) -> &'static str {
        self.words
            .split_inclusive(". ")
            .next()
            .unwrap_or(self.words)
            .trim_end()
    }
}

const GONE: Reason = Reason {
    code: "resource-not-found",
    detail: "Requested resource is not found",
    words: "It is revoked: nothing more can be done with it. A new link needs the user to connect again.",
};

/// The code of a refusal because nobody here executes for the connection.
pub(crate) const NOT_EXECUTED: &str = "imported";

const IMPORTED: Reason = Reason {
    code: NOT_EXECUTED,
    detail: "Nobody here executes for this connection.",
    words: "It is imported: no bank or platform is connected here. Act where it came from, and import what it says then.",
};

/// The code of a refusal because something is the platform's, and not built for it here.
pub(crate) const AT_PLATFORM: &str = "at-the-platform";

/// An act of which the platform's API has no call.
pub(crate) const NO_CALL: Reason = Reason {
    code: AT_PLATFORM,
    detail: "The platform has no call for this.",
    words: "Its user does it there, by a link: `switchboard auth-link create USER` makes one at the platform, and \
            what the user does is followed here.",
};

/// Who carries out what is done to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Executor {
    /// A job of the engine in this program.
    Sandbox,
    /// A call to the platform, by way of the outbox.
    Platform,
}

/// Who executes for a connection of this origin: the first question of all that would act on it, whoever asks. Deleting a
/// user from this file asks nobody else, so it does not depend on the answer.
pub(crate) fn executes(origin: Origin) -> Result<Executor, Reason> {
    match origin {
        Origin::Sandbox => Ok(Executor::Sandbox),
        Origin::Live => Ok(Executor::Platform),
        Origin::Imported => Err(IMPORTED),
    }
}

/// Whether the engine of this program runs its jobs and moves its status.
pub(crate) fn runs_here(origin: Origin) -> bool {
    executes(origin) == Ok(Executor::Sandbox)
}

/// By origin, method and label. Whether a step is under way is asked in the transaction.
pub(crate) fn may(act: Act, origin: Origin, method: Method, label: Label) -> Result<(), Reason> {
    let executor = executes(origin)?;
    match act {
        Act::UpdateCredentials | Act::Authorise if executor == Executor::Platform => Err(NO_CALL),
        Act::Migrate => may_migrate(method, label),
        _ if label == Label::Deleted => Err(GONE),
        Act::Refresh | Act::Revoke => Ok(()),
        Act::Purge if label == Label::Active => Ok(()),
        Act::Purge => Err(Reason {
            code: "parameter-not-valid",
            detail: "Connection is not active.",
            words: match label {
                Label::PreInit => {
                    "Purge works only while a connection is active; this one waits for its user at the bank."
                }
                Label::Init | Label::Pending => {
                    "Purge works only while a connection is active; the first fetch of this one has not ended yet."
                }
                _ => {
                    "Purge works only while a connection is active. Refresh it; if it becomes active, purge it then."
                }
            },
        }),
        Act::UpdateCredentials if method == Method::Web => Ok(()),
        Act::UpdateCredentials => Err(Reason {
            code: "parameter-not-valid",
            detail: "Connection type is not Web",
            words: "Open banking has no password here: the user authorises again at the bank.",
        }),
        Act::Authorise if method == Method::OpenBanking => match label {
            Label::PreInit | Label::Active | Label::Invalid | Label::Failed => Ok(()),
            Label::Init | Label::Pending | Label::Deleted => Err(Reason {
                code: "parameter-not-valid",
                detail: "Connection is not waiting for its authorisation.",
                words: "The user has just authorised it and the first data is being fetched. Wait for that.",
            }),
        },
        Act::Authorise => Err(Reason {
            code: "parameter-not-valid",
            detail: "Connection type is not open banking",
            words: "A web connection has no authorisation at the bank.",
        }),
    }
}

/// A move purges first, so the words name the way that is left.
fn may_migrate(method: Method, label: Label) -> Result<(), Reason> {
    let not_active = Reason {
        code: "parameter-not-valid",
        detail: "Connection is not active.",
        words: "Its first job has not ended. Wait for that; when it is active, migrate it.",
    };
    Err(match label {
        _ if method == Method::OpenBanking => Reason {
            detail: "Connection type is not Web",
            words: "It is reached by open banking already; nothing is left to move.",
            ..not_active
        },
        Label::Active => return Ok(()),
        Label::Invalid | Label::Failed => Reason {
            words: "Only an active one can be purged first. Refresh it; if the user has to act at the bank, ask for \
                    that; when it is active, migrate it. If it never will be, erase the user or end the consent, then \
                    connect.",
            ..not_active
        },
        Label::Pending | Label::Init | Label::PreInit => not_active,
        Label::Deleted => Reason {
            words: "It is revoked: connect by open banking instead.",
            ..GONE
        },
    })
}

pub(crate) const HELD: Reason = Reason {
    code: "sign-in-guard",
    detail: "The bank refused sign-ins with this login too often.",
    words: "One more wrong try may lock the account at the bank. The user signs in there, then \
            `switchboard update-credentials` tries the new password. `--force` tries once all the same.",
};

/// Refreshes of one open-banking connection a day.
pub(crate) const OPEN_BANKING_A_DAY: u64 = 20;

pub(crate) const DAY_USED_UP: Reason = Reason {
    code: "too-many-requests",
    detail: "Limit of 20 refreshes a day reached for this connection.",
    words: "Open banking allows no more until midnight UTC.",
};

pub(crate) const ON_HOLD: Reason = Reason {
    code: "on-hold",
    detail: "An operator holds its refreshes back.",
    words: "It can be refreshed when the hold ends. `switchboard holds` names it, `switchboard release` ends it now.",
};

/// What keeps a refresh from beginning now, beside the state of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeptBack {
    /// A hold of an operator is in force, for the connection or its bank.
    pub(crate) on_hold: bool,
    /// No open-banking refresh is left today.
    pub(crate) day_used_up: bool,
}

/// Also checks what holds refreshes back.
pub(crate) fn may_now(act: Act, row: &ConnectionRow, kept_back: KeptBack) -> Result<(), Reason> {
    may(act, row.origin, row.method, row.label)?;
    match act {
        Act::Refresh if kept_back.on_hold => Err(ON_HOLD),
        Act::Refresh if row.guarded => Err(HELD),
        Act::Refresh if kept_back.day_used_up => Err(DAY_USED_UP),
        _ => Ok(()),
    }
}

/// Milliseconds since the last contact, when under the floor. None with nothing stored: then a refresh makes sense.
pub(crate) fn too_recent(row: &ConnectionRow, now: Moment, floor: Duration) -> Option<i64> {
    let age = now.since(row.last_used);
    let young = row.ever_used() && (0..floor.as_millis() as i64).contains(&age);
    (young && row.accounts > 0).then_some(age)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::Status;
    use crate::domain::diagnosis::Whose;

    #[test]
    fn purge_is_for_active_ones_and_nothing_is_for_deleted_ones() {
        for label in Label::ALL {
            for method in Method::ALL {
                assert_eq!(
                    may(Act::Purge, Origin::Sandbox, method, label).is_ok(),
                    label == Label::Active,
                    "{label}"
                );
                for act in Act::ALL {
                    let may = may(act, Origin::Sandbox, method, label);
                    match act {
                        _ if label != Label::Deleted => {}
                        Act::Migrate => assert!(may.is_err()),
                        _ => assert_eq!(may, Err(GONE)),
                    }
                }
            }
        }
        assert_eq!(
            may(Act::Purge, Origin::Sandbox, Method::Web, Label::Invalid)
                .unwrap_err()
                .detail,
            "Connection is not active."
        );
    }

    #[test]
    fn a_user_authorises_open_banking_whenever_no_authorisation_is_under_way() {
        for label in Label::ALL {
            let open = may(Act::Authorise, Origin::Sandbox, Method::OpenBanking, label).is_ok();
            assert_eq!(
                open,
                !matches!(label, Label::Init | Label::Pending | Label::Deleted),
                "{label}"
            );
            assert!(
                may(Act::Authorise, Origin::Sandbox, Method::Web, label).is_err(),
                "{label}"
            );
        }
    }

    #[test]
    fn nothing_is_done_to_what_nobody_here_executes_for() {
        for label in Label::ALL {
            for method in Method::ALL {
                for act in Act::ALL {
                    assert_eq!(may(act, Origin::Imported, method, label), Err(IMPORTED));
                    let here = may(act, Origin::Sandbox, method, label);
                    let there = may(act, Origin::Live, method, label);
                    match act {
                        Act::Refresh | Act::Purge | Act::Revoke | Act::Migrate => {
                            assert_eq!(there, here);
                        }
                        Act::UpdateCredentials | Act::Authorise => {
                            assert!(there.is_err(), "{act:?}");
                        }
                    }
                }
            }
        }
        assert!(
            IMPORTED
                .words
                .contains("imported: no bank or platform is connected here")
        );
    }

    #[test]
    fn a_clock_that_went_back_makes_nothing_too_recent() {
        let floor = Duration::from_secs(900);
        let asked = |used: i64, now: i64, accounts| {
            let row = ConnectionRow {
                id: "c".into(),
                user: "u".into(),
                user_name: String::new(),
                institution: "AU00000".into(),
                institution_name: "Hooli".into(),
                method: Method::Web,
                origin: Origin::Sandbox,
                status: Status::Active,
                label: Label::Active,
                attention: false,
                mover: Whose::Nobody,
                runs: vec![],
                since: Moment(0),
                created: Moment(0),
                last_used: Moment(used),
                expiry: None,
                accounts,
                transactions: 0,
                version: 1,
                last_job: None,
                ever_active: true,
                refused: 0,
                guarded: false,
                handling: Default::default(),
                bank: Default::default(),
            };
            too_recent(&row, Moment(now), floor)
        };
        assert_eq!(asked(1_000, 61_000, 2), Some(60_000));
        assert_eq!(asked(1_000, 61_000, 0), None, "after a purge");
        assert_eq!(asked(61_000, 1_000, 2), None, "the clock went back");
        assert_eq!(asked(0, 1_000, 2), None, "never used");
        assert_eq!(asked(1_000, 901_000, 2), None);
    }
}
