//! Imports documents in the API's own shapes, in any order: records merge by id, and a document that refers to
//! something missing waits until that comes. A chunk is one transaction, and the next one is read meanwhile.

mod accounts;
mod chunk;
mod connections;
mod merge;
mod merge_transaction;
mod mirror;
mod needs;
mod outcome;
mod owner;
mod records;
mod transactions;

#[cfg(test)]
mod tests;

use super::{Error, Ops, Result};
use crate::domain::import_records::WaitingRow;
use crate::domain::views::{Anchor, Page};
use crate::store::{Apart, Ingested};
use crate::wire::{self, Documents, Note, Placeholder};
use chunk::{Chunk, Course};
pub(crate) use mirror::Mirrored;
use needs::Unmet;
use outcome::Outcome;
pub(crate) use owner::read_owners;
use std::io::Read;
use std::ops::ControlFlow;
use tokio::sync::mpsc;

/// How many deferred documents are tried again in one transaction.
const PAGE: usize = 500;

/// A reference to something that is not in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dangling {
    /// `connection`, `account`, `transaction`, `job`; `reference` for a bare id in a list.
    pub(crate) kind: &'static str,
    /// Its id; of a reference, its place in the document.
    pub(crate) id: String,
    /// What is missing: `connection 79630a12`, or what the document lacks.
    pub(crate) missing: String,
}

/// The result of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ImportReport {
    pub(crate) documents: u64,
    /// New and changed records by type. Its `unchanged` stays 0.
    pub(crate) imported: Ingested,
    /// Those of them that were there before.
    pub(crate) changed: Ingested,
    /// Records that changed nothing.
    pub(crate) unchanged: u64,
    /// Documents deferred until what they refer to is there.
    pub(crate) kept: u64,
    /// Records and values that were left out or could not be read; some wait.
    pub(crate) lost: u64,
    /// Records that were left out because their data was purged here.
    pub(crate) held_back: u64,
    pub(crate) dangling: Vec<Dangling>,
    /// Fields that hold the name of a value instead of a value.
    pub(crate) placeholders: Vec<Placeholder>,
    pub(crate) notes: Vec<Note>,
}

impl Ops {
    /// Imports the documents of `input`, which messages call `name`. `progress` hears after each chunk how many records
    /// were read.
    ///
    /// # Errors
    /// [`Error::Input`] when something in it is not JSON; what came before is imported all the same. And when nothing
    /// is in it but an error of the API.
    pub(crate) async fn import(
        &self,
        input: impl Read + Send + 'static,
        name: &str,
        progress: impl FnMut(u64) + Send,
    ) -> Result<ImportReport> {
        self.permit("import", name).await?;
        self.take_in(input, name, false, progress).await
    }

    /// Imports also data that was purged here.
    ///
    /// # Errors
    /// As [`Ops::import`].
    pub(crate) async fn import_purged(
        &self,
        input: impl Read + Send + 'static,
        name: &str,
        progress: impl FnMut(u64) + Send,
    ) -> Result<ImportReport> {
        self.permit("import-purged", name).await?;
        self.take_in(input, name, true, progress).await
    }

    async fn take_in(
        &self,
        input: impl Read + Send + 'static,
        name: &str,
        restore: bool,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<ImportReport> {
        let (send, mut chunks) = mpsc::channel::<Documents>(1);
        let reader = Apart::start("import", move || {
            wire::read_stream(input, |docs| match send.blocking_send(docs) {
                Ok(()) => ControlFlow::Continue(()),
                // the writer has failed and reports why
                Err(_) => ControlFlow::Break(()),
            })
        })?;
        let mut report = ImportReport::default();
        let (mut unmet, mut errors) = (vec![], vec![]);
        let mut read = 0;
        let course = Course {
            restore,
            before: self.read(|rd| Ok(rd.newest_transaction()?)).await?,
            live: false,
        };
        while let Some(mut docs) = chunks.recv().await {
            read += docs.len() as u64;
            report.placeholders.append(&mut docs.placeholders);
            report.notes.append(&mut docs.notes);
            errors.append(&mut docs.errors);
            let mut outcome = self
                .write(move |ops, tx| Ok(Chunk::new(ops, tx, course, false)?.take(docs)?))
                .await?;
            report.count(&mut outcome);
            unmet.append(&mut outcome.unmet);
            progress(read);
        }
        let ended = reader.end().await?;
        let came = report.imported;
        if came.users + came.connections + came.accounts > 0 {
            self.retry(course, &mut report, &mut unmet).await?;
        }
        report.dangling = self.dangling(unmet).await?;
        let outcome = match &ended {
            Ok(_) => format!("done: {}", report.words()),
            Err(_) => format!("stopped: {}", report.words()),
        };
        let mut target = ended
            .as_ref()
            .map_or("part of a file".into(), |n| format!("{n} documents"));
        if restore {
            target.push_str(", with purged data");
        }
        self.write(move |ops, tx| ops.audit(tx, "import", &target, &outcome, "", ops.now()))
            .await?;
        match ended {
            Ok(0) => Err(Error::Input(format!("{name} holds no document"))),
            Ok(_) if report.nothing_came() && !errors.is_empty() => Err(Error::Input(format!(
                "{name} is an error of the API ({}), and holds no data",
                errors[0]
            ))),
            Ok(documents) => Ok(ImportReport {
                documents,
                ..report
            }),
            Err(why) if read == 0 => Err(Error::Input(format!("{name}: {why}"))),
            Err(why) => Err(Error::Input(format!(
                "{name}: {why}; what came before it was taken in: {}",
                report.words()
            ))),
        }
    }

    /// The documents that wait, by kind and id.
    pub(crate) async fn waiting(
        &self,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<Page<WaitingRow>> {
        self.read(move |rd| Ok(rd.waiting_page(from.as_ref(), limit)?))
            .await
    }

    pub(crate) async fn waiting_size(&self) -> Result<u64> {
        self.read(|rd| Ok(rd.waiting_size()?)).await
    }

    /// Tries every deferred document again, until no more go in. One that now lacks something else is named for that.
    async fn retry(
        &self,
        course: Course,
        report: &mut ImportReport,
        unmet: &mut Vec<Unmet>,
    ) -> Result<()> {
        loop {
            let mut came = 0;
            let mut after = (String::new(), String::new());
            loop {
                let retry = self.write(move |ops, tx| {
                    let page = tx.waiting_after((&after.0, &after.1), PAGE)?;
                    let mut docs = Documents::default();
                    for waiting in &page {
                        docs.append(wire::read_kept(&waiting.body));
                    }
                    let last = page.into_iter().last().map(|w| (w.kind, w.id));
                    docs.lost = 0;
                    Ok((Chunk::new(ops, tx, course, true)?.take(docs)?, last))
                });
                let (mut outcome, last) = retry.await?;
                outcome.ingested.unchanged = 0;
                came += outcome.ingested.sum();
                report.count(&mut outcome);
                unmet.append(&mut outcome.unmet);
                match last {
                    Some(last) => after = last,
                    None => break,
                }
            }
            if came == 0 {
                return Ok(());
            }
        }
    }

    /// The references that are still open after everything was read.
    async fn dangling(&self, mut unmet: Vec<Unmet>) -> Result<Vec<Dangling>> {
        unmet.sort_unstable();
        unmet.dedup();
        self.read(move |rd| {
            let mut dangling = vec![];
            for Unmet { kind, id, needs } in unmet {
                if !needs.met(rd)? {
                    let missing = needs.to_string();
                    dangling.push(Dangling { kind, id, missing });
                }
            }
            Ok(dangling)
        })
        .await
    }
}

impl ImportReport {
    fn count(&mut self, outcome: &mut Outcome) {
        self.unchanged += outcome.ingested.unchanged;
        self.imported.add(Ingested {
            unchanged: 0,
            ..outcome.ingested
        });
        self.changed.add(outcome.changed);
        self.kept += outcome.kept;
        self.lost += outcome.lost;
        self.held_back += outcome.held_back;
        self.notes.append(&mut outcome.notes);
    }

    /// Whether nothing of it is in the file now, and nothing waits to be.
    pub(crate) fn nothing_came(&self) -> bool {
        self.imported.sum() + self.unchanged + self.kept == 0
    }

    /// For the audit: counts only, nothing personal.
    fn words(&self) -> String {
        let others = [
            ("unchanged", self.unchanged),
            ("kept for later", self.kept),
            ("left out", self.lost),
            ("held back, because they were purged", self.held_back),
        ];
        let said: Vec<String> = self
            .imported
            .by_type()
            .into_iter()
            .chain(others)
            .filter(|(_, n)| *n > 0)
            .map(|(what, n)| format!("{n} {what}"))
            .collect();
        if said.is_empty() {
            "nothing".into()
        } else {
            said.join(", ")
        }
    }
}
