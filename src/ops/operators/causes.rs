//! Broken connections as causes: what failed alike, since when, whose move it is and what to do.

pub(crate) use crate::domain::diagnosis::CauseShown;
use crate::domain::query::Query;
use crate::ops::banks::health::known_outage;
use crate::ops::{Ops, Result};

impl Ops {
    /// Of the connections that match, those that are broken, in groups; the largest group first.
    pub(crate) async fn causes(&self, query: &Query) -> Result<Vec<CauseShown>> {
        let (query, asker) = (query.clone(), self.asker());
        self.read(move |rd| {
            let causes = rd.causes(&query, &asker)?.into_iter();
            causes
                .map(|cause| {
                    let bank = &cause.institution;
                    let outage = known_outage(rd, bank, cause.method, asker.now)?;
                    Ok(CauseShown {
                        remedy: cause.remedy(outage, rd.works_since(bank, cause.method)?),
                        hold: rd.hold_of_bank(bank, asker.now)?,
                        outage,
                        cause,
                    })
                })
                .collect()
        })
        .await
    }
}
