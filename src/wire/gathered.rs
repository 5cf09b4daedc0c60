//! What a stream of documents gave so far, handed on whenever it is enough for one transaction.

use super::documents::Documents;
use std::ops::ControlFlow;

pub(super) struct Gathered<'a> {
    /// Of documents that were read to their end.
    done: Documents,
    /// Of the document that is being read; dropped when that turns out to be broken.
    pub(super) here: Documents,
    enough: usize,
    take: &'a mut dyn FnMut(Documents) -> ControlFlow<()>,
}

impl<'a> Gathered<'a> {
    /// Calls `take` with `enough` records and notes at a time.
    pub(super) fn new(
        enough: usize,
        take: &'a mut dyn FnMut(Documents) -> ControlFlow<()>,
    ) -> Self {
        Self {
            done: Documents::default(),
            here: Documents::default(),
            enough,
            take,
        }
    }

    /// Hands on what there is, when it is enough.
    pub(super) fn full(&mut self) -> ControlFlow<()> {
        if self.done.len() + self.here.len() < self.enough {
            return ControlFlow::Continue(());
        }
        self.document_ended();
        (self.take)(std::mem::take(&mut self.done))
    }

    pub(super) fn document_ended(&mut self) {
        let here = std::mem::take(&mut self.here);
        self.done.append(here);
    }

    pub(super) fn document_broke(&mut self) {
        self.here = Documents::default();
    }

    /// Hands on what is left.
    pub(super) fn end(&mut self) -> ControlFlow<()> {
        match self.done.is_empty() {
            true => ControlFlow::Continue(()),
            false => (self.take)(std::mem::take(&mut self.done)),
        }
    }
}
