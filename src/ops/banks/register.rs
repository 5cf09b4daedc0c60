//! Describe banks: what somebody outside this file knows of them.

use crate::domain::import_records::InstitutionRecord;
use crate::ops::{Ops, Result};
use crate::store::WriteTxn;

impl Ops {
    /// Writes what is known of these banks and their connectors.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) async fn declare_banks(&self, banks: Vec<InstitutionRecord>) -> Result<()> {
        self.store
            .write(move |tx: &WriteTxn<'_>| {
                for bank in &banks {
                    tx.put_institution(bank)?;
                }
                Ok(())
            })
            .await
    }
}
