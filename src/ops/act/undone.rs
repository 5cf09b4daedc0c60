//! Acts that were refused, or given up, before anything was done: each leaves a line in the audit.

use crate::domain::act::{ActKind, Selection};
use crate::ops::{Error, Ops, Result};

impl Ops {
    /// A dialog that was closed again, or a plan that is not wanted. A refresh deletes nothing, so one that is given up has
    /// no line.
    pub(crate) async fn cancelled(&self, kind: ActKind, target: &str) -> Result<()> {
        if kind == ActKind::Refresh {
            return Ok(());
        }
        self.undone(kind, target, "cancelled").await
    }

    /// Hands a refusal on, and has it in the audit.
    pub(super) async fn noting<T>(
        &self,
        kind: ActKind,
        target: &str,
        judged: Result<T>,
    ) -> Result<T> {
        let code = match &judged {
            Err(Error::Refused(refusal)) => refusal.code,
            Err(Error::Unconfirmed(_)) => "confirmation-missing",
            Err(Error::PlanChanged(_)) => "changed",
            _ => return judged,
        };
        let outcome = format!("refused: {code}");
        self.undone(kind, target, &outcome).await?;
        judged
    }

    async fn undone(&self, kind: ActKind, target: &str, outcome: &str) -> Result<()> {
        // a dry run reads only, and so does a dashboard that may not write
        if self.store.read_only() {
            return Ok(());
        }
        self.note_refusal(kind.word(), target, outcome.to_owned())
            .await
    }
}

/// What was asked for; none when it is for several and has no id yet.
pub(super) fn asked(selection: &Selection) -> Option<String> {
    match selection {
        Selection::One(id) => Some(id.to_string()),
        Selection::User(id) => Some(id.to_string()),
        Selection::Consent(id) => Some(id.to_string()),
        Selection::Ids(_) | Selection::Found(_) => None,
    }
}
