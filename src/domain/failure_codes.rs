//! The failure codes of steps (docs/domain.md 14.1): whose trouble each is, and whether it is retried.

/// Whose trouble a failure is, which decides the event, the retry and whose move is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Blame {
    User,
    Bank,
    Us,
}

/// The title of what failed before the bank was asked.
const NOT_ASKED: &str = "The Bank Was Not Asked";

/// The codes of what is missing here. An active connection stays active when its fetch ends with one.
pub(crate) const LACKS: [&str; 5] = [
    "sign-in-missing",
    "consent-missing",
    "not-executed-here",
    "institution-not-found",
    "institution-not-available",
];

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Failure {
    /// The code of docs/domain.md 14.1; an unknown one is kept as it is.
    pub(crate) code: String,
    pub(crate) title: String,
    /// A sentence or two. Never holds personal data.
    pub(crate) detail: String,
}

impl Failure {
    pub(crate) fn new(code: &str, title: &str, detail: &str) -> Self {
        Self {
            code: code.into(),
            title: title.into(),
            detail: detail.into(),
        }
    }

    /// What is missing here, so that the bank was not asked.
    pub(crate) fn lack(code: &str, detail: &str) -> Self {
        Self::new(code, NOT_ASKED, detail)
    }

    /// Whether the bank was not asked, because something is missing here. It says nothing about the connection.
    pub(crate) fn is_lack(&self) -> bool {
        self.title == NOT_ASKED
    }

    pub(crate) fn of(code: &str) -> Self {
        let row = rule(code);
        Self::new(code, row.title, row.detail)
    }

    /// Whose trouble it is. A challenge that was not answered in time is the user's (docs/domain.md 14.1).
    pub(crate) fn blame(&self, at_challenge: bool) -> Blame {
        match self.code.as_str() {
            "job-timed-out" if at_challenge => Blame::User,
            code => rule(code).blame,
        }
    }

    pub(crate) fn retried(&self) -> bool {
        rule(&self.code).retried
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) code: &'static str,
    pub(crate) blame: Blame,
    pub(crate) retried: bool,
    /// The title, where the bank gave none.
    pub(crate) title: &'static str,
    /// The detail, where the bank gave none.
    pub(crate) detail: &'static str,
}

const fn row(
    code: &'static str,
    blame: Blame,
    retried: bool,
    title: &'static str,
    detail: &'static str,
) -> Rule {
    Rule {
        code,
        blame,
        retried,
        title,
        detail,
    }
}

const fn file(code: &'static str) -> Rule {
    row(
        code,
        Blame::User,
        false,
        "File Not Accepted",
        "The uploaded file could not be read. Correct the file and upload it again.",
    )
}

/// Of a job that was put aside because something stored here does not read.
pub(crate) const DAMAGED: &str = "local-data-damaged";

/// The codes of job steps (docs/domain.md 14.1), connection codes first, then file codes, and those of this
/// program alone.
pub(crate) const RULES: &[Rule] = &[
    row(
        "invalid-credentials",
        Blame::User,
        false,
        "Cannot login to target institution, check credentials.",
        "Cannot login to target institution using supplied credentials. Please check credentials and try again.",
    ),
    row(
        "account-not-accessible-requires-user-action",
        Blame::User,
        false,
        "Not Accessible",
        "An action is required from end-user before account details can be returned.",
    ),
    row(
        "user-action-required",
        Blame::User,
        false,
        "User Action Required",
        "An action is required from end-user before account details can be returned.",
    ),
    row(
        "authorization-failed",
        Blame::User,
        false,
        "Authorization Failed",
        "access_denied",
    ),
    row(
        "invalid-connection",
        Blame::User,
        false,
        "Invalid Connection",
        "The connection is no longer there. Create it anew.",
    ),
    row(
        "service-unavailable",
        Blame::Bank,
        true,
        "Service Unavailable",
        "Service is currently unavailable. Please try again later.",
    ),
    row(
        "system-unavailable",
        Blame::Bank,
        true,
        "System Unavailable",
        "The institution's system is currently unavailable. Please try again later.",
    ),
    row(
        "maintenance",
        Blame::Bank,
        true,
        "Maintenance",
        "The institution is under maintenance. Please try again later.",
    ),
    row(
        "maintenance-error",
        Blame::Bank,
        true,
        "Maintenance",
        "The institution is under maintenance. Please try again later.",
    ),
    row(
        "temporary-unavailable",
        Blame::Bank,
        true,
        "Temporarily Unavailable",
        "The institution is temporarily unavailable. Please try again later.",
    ),
    row(
        "connector-error",
        Blame::Us,
        true,
        "Connector Error",
        "Something went wrong while talking to the institution.",
    ),
    row(
        "unknown-error",
        Blame::Us,
        true,
        "Unknown Error",
        "The bank reported an unknown error.",
    ),
    row(
        "job-timed-out",
        Blame::Us,
        false,
        "Job Timed Out",
        "The step took longer than it may. Refresh again.",
    ),
    row(
        "institution-not-found",
        Blame::Us,
        false,
        "Institution Not Found",
        "The institution is not known.",
    ),
    row(
        "institution-not-available",
        Blame::Us,
        false,
        "Institution Not Available",
        "The institution is not available by this method.",
    ),
    row(
        "institution-disabled",
        Blame::Us,
        false,
        "Institution Disabled",
        "The institution is currently disabled.",
    ),
    file("bank-statement-invalid"),
    file("bank-statement-new-product"),
    file("bank-statement-parsing-error"),
    file("bank-statement-not-supported"),
    file("missing-required-field"),
    file("missing-required-field-value"),
    file("invalid-field-value"),
    file("invalid-csv-row"),
    file("row-count-exceeded"),
    file("account-data-differs"),
    file("empty-file"),
    file("txn-after-last-updated-date"),
    // of this program alone: what is missing here
    row(
        "sign-in-missing",
        Blame::Us,
        false,
        NOT_ASKED,
        "No sign-in is stored here for this connection, so the bank was not asked.",
    ),
    row(
        "consent-missing",
        Blame::Us,
        false,
        NOT_ASKED,
        "No consent at the bank is stored here for this connection, so the bank was not asked.",
    ),
    row(
        "not-executed-here",
        Blame::Us,
        false,
        NOT_ASKED,
        "The connection is imported: no bank or platform is connected here, so nobody was asked.",
    ),
    row(
        DAMAGED,
        Blame::Us,
        false,
        "Put aside: local data damaged",
        "Something that this job needs cannot be used here. The bank was not the cause.",
    ),
];

const UNKNOWN: Rule = row(
    "",
    Blame::Us,
    false,
    "Unknown",
    "The institution gave a code that is not in the list.",
);

/// The row of a code. An unknown one is not the user's trouble and is not retried (docs/domain.md 14.1).
pub(crate) fn rule(code: &str) -> Rule {
    RULES
        .iter()
        .copied()
        .find(|r| r.code == code)
        .unwrap_or(UNKNOWN)
}

/// The texts of these tables: what a bank says in these words says nothing about a person.
pub(crate) fn texts() -> impl Iterator<Item = &'static str> {
    let rules = RULES.iter().flat_map(|rule| [rule.title, rule.detail]);
    rules.chain(credentials::SAID)
}

/// The texts of `invalid-credentials` by case (docs/domain.md 14.1, last table).
pub(crate) mod credentials {
    use super::Failure;

    pub(crate) const CODE: &str = "invalid-credentials";

    const WRONG: &str = "Cannot login to target institution: invalid username or password.";
    const WRONG_DETAIL: &str = "Cannot login to target institution: invalid username or password. Please check \
                                credentials and try again.";
    /// What banks say in these cases.
    pub(super) const SAID: [&str; 5] = [
        WRONG,
        WRONG_DETAIL,
        "Cannot login to target institution: this account is locked.",
        "Account is locked",
        "Cannot login to target institution: multi-factor authentication is required.",
    ];

    /// The bank was not asked: it has refused too often in a row.
    pub(crate) fn held(refused: u32) -> Failure {
        Failure::new(
            CODE,
            "Sign-in not tried.",
            &format!(
                "The institution refused these credentials {refused} times in a row, so it was not asked again: one \
                 more wrong try may lock the account. Sign in at the institution, then give the password anew."
            ),
        )
    }

    pub(crate) fn wrong() -> Failure {
        Failure::new(CODE, WRONG, WRONG_DETAIL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_users_trouble_is_retried_by_itself() {
        for rule in RULES {
            assert!(
                !(rule.retried && rule.blame == Blame::User),
                "{}",
                rule.code
            );
        }
    }

    #[test]
    fn codes_stand_once() {
        let mut codes: Vec<_> = RULES.iter().map(|r| r.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), RULES.len());
    }

    #[test]
    fn an_unknown_code_is_kept_and_blamed_on_nobody() {
        let failure = Failure::new("bank-of-mars-closed", "Closed", "Dust storm.");
        assert_eq!(failure.blame(false), Blame::Us);
        assert!(!failure.retried());
    }

    #[test]
    fn a_lapsed_challenge_is_the_users() {
        assert_eq!(Failure::of("job-timed-out").blame(true), Blame::User);
        assert_eq!(Failure::of("job-timed-out").blame(false), Blame::Us);
    }
}
