//! Broken connections as causes: what failed alike, since when, whose move it is and what to do.

use crate::domain::diagnosis::{Cause, Outage, Remedy};
use crate::domain::hold::Hold;
use crate::domain::query::Query;
use crate::ops::banks::health::known_outage;
use crate::ops::{Ops, Result};

#[derive(Clone, Debug)]
pub(crate) struct CauseShown {
    pub(crate) cause: Cause,
    pub(crate) remedy: Remedy,
    pub(crate) outage: Option<Outage>,
    /// The hold of the bank that is in force.
    pub(crate) hold: Option<Hold>,
}

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
                        remedy: cause.remedy(outage),
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
