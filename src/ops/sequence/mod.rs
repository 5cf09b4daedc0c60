//! Endings of several acts in an order (docs/domain.md 2.3, 7, 12.8): move a connection to open banking, erase a user,
//! end a consent, delete a user. The order is on disk before the first act; each act is safe to do again and
//! is recorded by itself, so that the same command typed again, or upkeep, goes on where a crash left it.
//!
//! # What it keeps away
//! While one is under way, nothing that would bring data back begins for that user (for a move: at that bank);
//! see `Ops::not_in_sequence`. Purges and revokes by hand are let through: each act looks again before it acts.
//!
//! To add a kind: its plan and its beginning here, its acts in `acts`. Deliberately absent: banks.

mod acts;
mod begin;
mod certify;
mod migrate;
mod plan;
mod run;

pub(crate) use run::{Run, Went};

use super::{Error, Ops, Refusal, Result};
use crate::domain::ids::{InstitutionId, SequenceId, UserId};
use crate::domain::sequence::Sequence;
use crate::domain::views::{Anchor, Page};
use crate::store::ReadTxn;
use std::time::Duration;

/// How long a step that cannot be done now waits before it is tried again.
pub(crate) const AGAIN: Duration = Duration::from_secs(2);

impl Ops {
    /// One sequence.
    ///
    /// # Errors
    /// When there is none with this id.
    pub(crate) async fn sequence(&self, id: &SequenceId) -> Result<Sequence> {
        let asked = id.clone();
        let found: Result<Option<Sequence>> =
            self.store.read(move |rd| Ok(rd.sequence(&asked)?)).await;
        found?.ok_or_else(|| Error::NotFound {
            kind: "sequence",
            id: id.to_string(),
        })
    }

    /// The sequence that `text` names.
    ///
    /// # Errors
    /// When it names none, or several.
    pub(crate) async fn resolve_sequence(&self, text: &str) -> Result<SequenceId> {
        self.resolve_one("sequence", text, |rd, text, limit| {
            rd.sequences_named(text, limit)
        })
        .await
    }

    /// A page of them, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn sequences(
        &self,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<Page<Sequence>> {
        self.store
            .read(move |rd| Ok(rd.sequence_page(from.as_ref(), limit)?))
            .await
    }

    /// How many there are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn sequence_size(&self) -> Result<u64> {
        self.store.read(|rd| Ok(rd.sequence_size()?)).await
    }

    /// Those that are under way.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn open_sequences(&self) -> Result<Vec<Sequence>> {
        self.store.read(|rd| Ok(rd.open_sequences()?)).await
    }

    /// Refuses to fetch for this user at this bank while a sequence is under way.
    pub(crate) fn not_in_sequence(
        &self,
        rd: &ReadTxn<'_>,
        user: &UserId,
        at: &InstitutionId,
    ) -> Result<()> {
        self.not_in_workflow(rd, user, at)?;
        match rd.open_sequence(user)?.filter(|it| it.concerns(at)) {
            Some(it) => Err(under_way(&it).into()),
            None => Ok(()),
        }
    }
}

/// What is said to whoever comes in the way of a sequence.
fn under_way(it: &Sequence) -> Refusal {
    Refusal::new(
        "sequence-open",
        "Another operation is in progress for this user.",
        format!(
            "`{}` has to end first; `switchboard sequence {}` says where it stands, and the same command typed again \
             goes on with it.",
            it.kind.command(),
            it.id.short()
        ),
    )
}
