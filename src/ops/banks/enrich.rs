//! Identifies the merchant of a statement line. Nothing stored is read or changed but the list of banks.

use crate::domain::enrich::{self, Asked, Enriched, Merchant};
use crate::domain::ids::InstitutionId;
use crate::ops::{Ops, Refusal, Result};

impl Ops {
    /// Refused when a part of the question is missing or cannot be read, or there is no such bank.
    pub(crate) async fn enrich<'m>(
        &self,
        merchants: &'m [Merchant],
        asked: &Asked,
    ) -> Result<Enriched<'m>> {
        // reading is not audited, and so is its refusal
        let refused = |code, detail| Refusal::new(code, detail, "Correct it and ask again.");
        enrich::check(asked).map_err(|wrong| refused(wrong.code, wrong.detail))?;
        let id = InstitutionId::from(asked.institution.trim().to_uppercase());
        if self
            .read(move |rd| Ok(rd.institution(&id)?))
            .await?
            .is_none()
        {
            let detail = "Requested institution does not exist.";
            return Err(refused("parameter-not-valid", detail).into());
        }
        Ok(enrich::answer(merchants, asked))
    }
}
