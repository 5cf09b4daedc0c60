//! Checks the words and the reason that were typed to carry out a plan.

use super::detail::Detail;
use super::kind::{ActKind, StepAct};
use super::plan::Plan;
use crate::domain::ids::{ConnectionId, ConsentId, UserId};
use crate::domain::moment::Moment;
use crate::domain::text::Shown;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Confirmation {
    pub(crate) words: Option<String>,
    pub(crate) reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    Finished,
    Lapsed,
    Words,
    Reason,
}

impl Confirmation {
    pub(crate) fn new(words: Option<&str>, reason: Option<&str>) -> Self {
        Self {
            words: words.map(str::to_owned),
            reason: reason.map(str::to_owned),
        }
    }

    /// Whether these are the words, exactly, of something that is no plan and always wants a reason.
    pub(crate) fn confirms(&self, words: &str) -> Result<(), Objection> {
        if self.words.as_deref().map(str::trim) != Some(words) {
            Err(Objection::Words)
        } else if self.reason().is_empty() {
            Err(Objection::Reason)
        } else {
            Ok(())
        }
    }

    /// The reason, trimmed; empty when none was given.
    pub(crate) fn reason(&self) -> &str {
        self.reason.as_deref().unwrap_or("").trim()
    }
}

impl Plan {
    pub(crate) fn words(&self) -> String {
        let head = &self.head;
        let user = || head.user.as_ref().map_or("", UserId::tail);
        match (head.kind, &self.detail) {
            (ActKind::Purge, Detail::One(one)) => format!("purge {}", one.target.id.tail()),
            (ActKind::Revoke, Detail::One(one)) => one.target.institution_name.clone(),
            (ActKind::Refresh | ActKind::Purge | ActKind::Revoke, _) => head.words(),
            (ActKind::Migrate, _) => format!(
                "move {}",
                head.connection.as_ref().map_or("", ConnectionId::tail)
            ),
            (ActKind::Erase, _) => format!("erase {}", user()),
            (ActKind::DeleteUser, _) => format!("delete {}", user()),
            (ActKind::EndConsent, _) => {
                let step = self.steps.iter().find(|s| s.act == StepAct::EndConsent);
                let consent = ConsentId::from(step.map_or("", |step| step.target.as_str()));
                format!("end {}", consent.tail())
            }
        }
    }

    /// A bank's name that cannot be shown as it is may be typed as it is shown.
    pub(crate) fn armed_by(&self, words: &str) -> bool {
        let (typed, wanted) = (self.compared(words), self.words());
        let shown = Shown::of_limited(&wanted, 60).into_plain();
        !typed.is_empty() && (typed == self.compared(&wanted) || typed == self.compared(&shown))
    }

    /// Words as they are compared: blanks at the ends never matter. Words that hold an id have to be exact; the name
    /// of a bank is compared in any case, the words of several in any case and with any number of blanks.
    fn compared(&self, words: &str) -> String {
        match (self.head.kind.step(), self.detail.one()) {
            (Some(StepAct::Revoke), Some(_)) => words.trim().to_lowercase(),
            (Some(_), None) => {
                let parts: Vec<&str> = words.split_whitespace().collect();
                parts.join(" ").to_lowercase()
            }
            _ => words.trim().to_owned(),
        }
    }

    /// Whether it wants words: everything but the refresh of one connection.
    pub(crate) fn needs_words(&self) -> bool {
        !(self.head.kind == ActKind::Refresh && self.detail.one().is_some())
    }

    /// Whether it wants a reason: the end of a user's data always does, a purge or revoke when there are several.
    pub(crate) fn needs_reason(&self) -> bool {
        match self.head.kind {
            ActKind::Refresh | ActKind::Migrate => false,
            ActKind::Purge | ActKind::Revoke => self.head.runs > 1,
            ActKind::Erase | ActKind::EndConsent | ActKind::DeleteUser => true,
        }
    }

    /// A plan that was begun lapses too: what is left of it is counted anew.
    pub(crate) fn may_apply(&self, typed: &Confirmation, now: Moment) -> Result<(), Objection> {
        let head = &self.head;
        if head.finished.is_some() {
            Err(Objection::Finished)
        } else if head.expires.is_some_and(|expires| now >= expires) {
            Err(Objection::Lapsed)
        } else if self.needs_words() && !typed.words.as_deref().is_some_and(|w| self.armed_by(w)) {
            Err(Objection::Words)
        } else if self.needs_reason() && typed.reason().is_empty() {
            Err(Objection::Reason)
        } else {
            Ok(())
        }
    }
}
