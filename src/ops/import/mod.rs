//! Imports documents in the API's own shapes, in any order: records merge by id, and a document that refers to
//! something missing waits until that comes. A chunk is one transaction, and the next one is read meanwhile.

mod chunk;
mod merge;
mod needs;
mod records;
mod stored_data;

#[cfg(test)]
mod tests;

use super::{Error, Ops, Result};
use crate::store::Ingested;
use crate::wire::{self, Documents, Note, Placeholder};
use chunk::{Chunk, Outcome};
use needs::Unmet;
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
    /// Records that changed nothing.
    pub(crate) unchanged: u64,
    /// Documents deferred until what they refer to is there.
    pub(crate) kept: u64,
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
    /// [`Error::Input`] when something in it is not JSON; what came before is imported all the same.
    pub(crate) async fn import(
        &self,
        input: impl Read + Send + 'static,
        name: &str,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<ImportReport> {
        let (send, mut chunks) = mpsc::channel::<Documents>(1);
        let reader = tokio::task::spawn_blocking(move || {
            wire::read_stream(input, |docs| match send.blocking_send(docs) {
                Ok(()) => ControlFlow::Continue(()),
                // the writer has failed and reports why
                Err(_) => ControlFlow::Break(()),
            })
        });
        let mut report = ImportReport::default();
        let mut unmet = vec![];
        let mut read = 0;
        while let Some(mut docs) = chunks.recv().await {
            read += docs.len() as u64;
            report.placeholders.append(&mut docs.placeholders);
            report.notes.append(&mut docs.notes);
            let mut outcome = self
                .write(move |ops, tx| Ok(Chunk::new(ops, tx, false).take(docs)?))
                .await?;
            report.count(&outcome);
            report.notes.append(&mut outcome.notes);
            unmet.append(&mut outcome.unmet);
            progress(read);
        }
        let ended = match reader.await {
            Ok(ended) => ended,
            Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
            Err(_) => return Err(Error::Store(crate::store::Error::Closed)),
        };
        let came = report.imported;
        if came.users + came.connections + came.accounts > 0 {
            self.retry(&mut report, &mut unmet).await?;
        }
        report.dangling = self.dangling(unmet).await?;
        let outcome = match &ended {
            Ok(_) => format!("done: {}", report.words()),
            Err(_) => format!("stopped: {}", report.words()),
        };
        let target = ended
            .as_ref()
            .map_or("part of a file".into(), |n| format!("{n} documents"));
        self.write(move |ops, tx| ops.audit(tx, "import", &target, &outcome, "", ops.now()))
            .await?;
        match ended {
            Ok(0) => Err(Error::Input(format!("{name} holds no document"))),
            Ok(documents) => Ok(ImportReport {
                documents,
                ..report
            }),
            Err(why) => Err(Error::Input(format!(
                "{name}: {why}; what came before it was taken in: {}",
                report.words()
            ))),
        }
    }

    /// Tries every deferred document again, until no more go in. One that now lacks something else is named for that.
    async fn retry(&self, report: &mut ImportReport, unmet: &mut Vec<Unmet>) -> Result<()> {
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
                    Ok((Chunk::new(ops, tx, true).take(docs)?, last))
                });
                let (mut outcome, last) = retry.await?;
                outcome.ingested.unchanged = 0;
                came += sum(&outcome.ingested);
                report.count(&outcome);
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
    fn count(&mut self, outcome: &Outcome) {
        self.unchanged += outcome.ingested.unchanged;
        self.imported.add(Ingested {
            unchanged: 0,
            ..outcome.ingested
        });
        self.kept += outcome.kept;
    }

    /// For the audit: counts only, nothing personal.
    fn words(&self) -> String {
        let all = &self.imported;
        let counts = [
            (all.institutions, "institutions"),
            (all.users, "users"),
            (all.connections, "connections"),
            (all.accounts, "accounts"),
            (all.transactions, "transactions"),
            (all.jobs, "jobs"),
            (all.events, "events"),
            (all.consents, "consents"),
            (self.unchanged, "unchanged"),
            (self.kept, "kept for later"),
        ];
        let said: Vec<String> = counts
            .iter()
            .filter(|c| c.0 > 0)
            .map(|(n, what)| format!("{n} {what}"))
            .collect();
        if said.is_empty() {
            "nothing".into()
        } else {
            said.join(", ")
        }
    }
}

fn sum(done: &Ingested) -> u64 {
    done.institutions
        + done.users
        + done.connections
        + done.accounts
        + done.transactions
        + done.jobs
        + done.events
        + done.consents
}
