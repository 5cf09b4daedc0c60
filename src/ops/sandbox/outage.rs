//! Banks of the sandbox that are broken for a while.

use crate::domain::ids::InstitutionId;
use crate::domain::moment::Moment;
use crate::ops::{Error, Ops, Result};
use crate::store::WriteTxn;

impl Ops {
    /// Breaks a bank of the sandbox until a time; none mends it.
    ///
    /// # Errors
    /// When there is no such bank.
    pub(crate) async fn outage(&self, id: &InstitutionId, until: Option<Moment>) -> Result<()> {
        let (ops, asked) = (self.clone(), id.clone());
        let found: Result<bool> = self
            .store
            .write(move |tx: &WriteTxn<'_>| {
                let now = ops.now();
                let found = tx.set_outage(&asked, until.unwrap_or(now))?;
                if found {
                    let what =
                        until.map_or("mended".to_owned(), |at| format!("until {}", at.rfc3339()));
                    tx.append_audit(&ops.entry("outage", asked.as_str(), &what, ""), now)?;
                }
                Ok(found)
            })
            .await;
        match found? {
            true => Ok(()),
            false => Err(Error::NotFound {
                kind: "institution",
                id: id.to_string(),
            }),
        }
    }
}
