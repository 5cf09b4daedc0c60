//! Incidents: the trouble of banks that our own fetches showed, and the connections each of them hit.

use crate::domain::incident::{Incident, IncidentShown};
use crate::domain::views::{Anchor, Page};
use crate::ops::{Ops, Result, not_found};

impl Ops {
    /// Those that last first, then the newest.
    pub(crate) async fn incidents(
        &self,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<Page<Incident>> {
        self.read(move |rd| Ok(rd.incident_page(from.as_ref(), limit)?))
            .await
    }

    pub(crate) async fn incident_size(&self) -> Result<u64> {
        self.read(|rd| Ok(rd.incidents_kept()?)).await
    }

    /// By its number, as people and other programs write it.
    pub(crate) async fn incident(&self, number: &str) -> Result<IncidentShown> {
        let asked = number.trim().to_owned();
        self.read(move |rd| {
            let number = asked.parse::<u64>().ok();
            let found = match number {
                Some(number) => rd.incident(number)?,
                None => None,
            };
            let incident = found.ok_or_else(|| not_found("incident", &asked))?;
            Ok(IncidentShown {
                hit: rd.hit(incident.number)?,
                incident,
            })
        })
        .await
    }
}
