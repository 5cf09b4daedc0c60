//! What a statement line says, for whoever asks: nothing stored is looked at or changed. Deliberately
//! absent: the table of merchants, which whoever puts the program together hands in.

use crate::domain::enrich::{self, Asked, Enriched, Merchant};
use crate::domain::ids::InstitutionId;
use crate::ops::{Error, Ops, Refusal, Result};

impl Ops {
    /// What is known of a line.
    ///
    /// # Errors
    /// When a part of the question is missing or does not read, or there is no such bank.
    pub(crate) async fn enrich<'m>(
        &self,
        merchants: &'m [Merchant],
        asked: &Asked,
    ) -> Result<Enriched<'m>> {
        // a question changes nothing, so a refusal of one is not written down
        let refused = |code, detail| {
            Err(Error::Refused(Refusal::new(
                code,
                detail,
                "Correct it and ask again.",
            )))
        };
        if let Err(wrong) = enrich::check(asked) {
            return refused(wrong.code, wrong.detail);
        }
        let id = InstitutionId::from(asked.institution.trim().to_uppercase());
        let there: Result<bool> = self
            .store
            .read(move |rd| Ok(rd.institution(&id)?.is_some()))
            .await;
        if !there? {
            return refused(
                "parameter-not-valid",
                "Requested institution does not exist.",
            );
        }
        Ok(enrich::answer(merchants, asked))
    }
}
