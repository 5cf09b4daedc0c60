//! Carrying out what forms order: a new password, a visit to the bank, a new connection. Every refusal goes
//! back into the form it came from.

use super::executor::Hands;
use crate::domain::bank_data::Credentials;
use crate::domain::connection::Label;
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::mask::Level;
use crate::domain::secret::Secret;
use crate::domain::time_format;
use crate::domain::views::{NewLink, Visit};
use crate::ops::Result;
use crate::tui::effect::{Link, VisitEnd};
use crate::tui::event::Event;

impl Hands {
    /// The order was taken, or the reason goes back into the form.
    pub(super) fn taken<T>(&self, result: Result<T>, event: impl FnOnce(T) -> Event) {
        self.tell(match result {
            Ok(value) => event(value),
            Err(error) => Event::FormRefused(error.to_string()),
        });
    }

    pub(super) async fn new_password(
        &self,
        id: ConnectionId,
        password: Secret,
        security_code: Option<Secret>,
    ) {
        let done = self
            .ops
            .update_credentials(&id, password, security_code, None)
            .await;
        self.taken(done, |done| Event::CredentialsTaken {
            id,
            job: done.job.id,
            deduplicated: done.deduplicated,
        });
    }

    pub(super) async fn visit(&self, id: ConnectionId, end: VisitEnd) {
        let (visit, words) = match end {
            VisitEnd::Agrees => (Visit::Granted, "The user agreed at the bank"),
            VisitEnd::Leaves => (Visit::Left, "The user left"),
            VisitEnd::Denies => (Visit::Refused, "The user said no at the bank"),
        };
        let done = self.ops.authorise(&id, visit).await;
        self.taken(done, |visited| {
            let words = if visited.changed {
                format!("{words}.")
            } else {
                format!("{words}; nothing changed.")
            };
            Event::Visited {
                id,
                job: visited.job.filter(|_| visited.changed).map(|job| job.id),
                words,
            }
        });
    }

    pub(super) async fn connect(&self, link: Link) {
        let user = match self.ops.resolve_user(&link.user).await {
            Ok(user) => user,
            Err(error) => return self.tell(Event::FormRefused(error.to_string())),
        };
        let credentials = Credentials {
            login: link.login,
            password: link.password,
            security_code: link.security_code,
            secondary_login: None,
        };
        let given = !credentials.login.is_empty() || !credentials.password.is_empty();
        let made = self
            .ops
            .connect(NewLink {
                user,
                institution: link.institution,
                method: link.method,
                credentials: given.then_some(credentials),
            })
            .await;
        self.taken(made, |job| {
            let pause = job.next_attempt.filter(|at| *at > job.created);
            let waits = pause.map(|at| {
                format!(
                    "the same sign-in is in use, so it starts at {}",
                    time_format::clock(at)
                )
            });
            Event::Connected {
                id: job.connection,
                job: job.id,
                waits,
            }
        });
    }

    /// What refreshing all of a user's would meet (domain 12.4): those that are active or invalid.
    pub(super) async fn scout_user(&self, user: UserId) {
        let found = async {
            let rows = self.ops.user(&user, Level::Strict).await?.connections;
            let all = rows.len();
            let fit = |label| matches!(label, Label::Active | Label::Invalid | Label::Failed);
            let ids: Vec<_> = rows
                .into_iter()
                .filter(|row| fit(row.label))
                .map(|row| row.id)
                .collect();
            let left_out = all - ids.len();
            Ok((
                self.ops.scout_refreshes(ids, self.per_bank).await?,
                left_out,
            ))
        };
        let found = found.await;
        self.answer(found, |(preview, left_out)| Event::UserScouted {
            user,
            preview: Box::new(preview),
            left_out,
        });
    }

    pub(super) async fn banks(&self) {
        let banks = self.ops.bank_choices().await;
        self.answer(banks, |banks| Event::InstitutionsLoaded(banks.into()));
    }
}
