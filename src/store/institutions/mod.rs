//! Banks, their connectors, and outages of the sandbox.

mod background_schedule;
mod fetch_stats;

pub(crate) use background_schedule::Upcoming;

use crate::domain::connection::Method;
use crate::domain::ids::InstitutionId;
use crate::domain::import_records::{ConnectorRecord, InstitutionRecord};
use crate::domain::moment::Moment;
use crate::store::codec::{Coded, sort_text};
use crate::store::error::Result;
use crate::store::sql::text;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

impl ReadTxn<'_> {
    pub(crate) fn institutions(&self) -> Result<Vec<InstitutionRecord>> {
        let sql = "SELECT id FROM institutions ORDER BY folded, id";
        let ids: Vec<InstitutionId> = self.column(sql, [])?;
        ids.iter()
            .filter_map(|id| self.institution(id).transpose())
            .collect()
    }

    pub(crate) fn institution(&self, id: &InstitutionId) -> Result<Option<InstitutionRecord>> {
        let sql = "SELECT method, stage, status, authorization FROM connectors
            WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1) ORDER BY method";
        let connectors = self.all(sql, [id], |row| {
            Ok(ConnectorRecord {
                method: row.get("method")?,
                stage: row.get("stage")?,
                status: row.get("status")?,
                authorization: row.get("authorization")?,
            })
        })?;
        let sql = "SELECT name, short_name, kind, country, tier FROM institutions WHERE id = ?1";
        self.first(sql, [id], |row| {
            Ok(InstitutionRecord {
                id: id.clone(),
                name: text(row, "name")?,
                short_name: text(row, "short_name")?,
                kind: row.get("kind")?,
                country: row.get("country")?,
                tier: row.get("tier")?,
                connectors,
            })
        })
    }

    pub(crate) fn outage(&self, id: &InstitutionId) -> Result<Option<Moment>> {
        let sql = "SELECT until FROM outages WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1)";
        self.find(sql, [id])
    }
}

impl WriteTxn<'_> {
    /// Writes a bank and its connectors. `true` when something changed.
    pub(crate) fn put_institution(&self, record: &InstitutionRecord) -> Result<bool> {
        let id = &record.id;
        let mut same = record.clone();
        same.connectors.sort_by_key(|c| c.method.code());
        if self.institution(id)?.as_ref() == Some(&same) {
            return Ok(false);
        }
        let sql = "INSERT INTO institutions (id, name, short_name, folded, kind, country, tier)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, short_name = excluded.short_name,
              folded = excluded.folded, kind = excluded.kind, country = excluded.country, tier = excluded.tier";
        let values = params![
            id,
            record.name,
            record.short_name,
            sort_text(&record.name),
            record.kind,
            record.country,
            record.tier,
        ];
        self.execute(sql, values)?;
        self.follow_bank_name(id)?;
        for method in Method::ALL {
            if record.connectors.iter().all(|c| c.method != method) {
                let sql = "DELETE FROM connectors
                    WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1) AND method = ?2";
                self.execute(sql, params![id, method])?;
            }
        }
        for connector in &record.connectors {
            // what was measured of it stays
            let sql = "INSERT INTO connectors (institution_n, method, stage, status, authorization)
                SELECT n, ?2, ?3, ?4, ?5 FROM institutions WHERE id = ?1
                ON CONFLICT (institution_n, method) DO UPDATE SET stage = excluded.stage, status = excluded.status,
                  authorization = excluded.authorization";
            let values = params![
                id,
                connector.method,
                connector.stage,
                connector.status,
                connector.authorization,
            ];
            self.execute(sql, values)?;
        }
        Ok(true)
    }

    fn follow_bank_name(&self, id: &InstitutionId) -> Result<()> {
        let sql = "UPDATE connections SET bank_sort = i.folded FROM institutions i
            WHERE i.id = ?1 AND connections.institution_n = i.n AND connections.bank_sort <> i.folded";
        self.execute(sql, [id]).map(drop)
    }

    /// Writes a bank that something refers to and that nobody has described yet.
    pub(crate) fn ensure_institution(&self, id: &InstitutionId) -> Result<()> {
        let sql =
            "INSERT OR IGNORE INTO institutions (id, name, short_name, folded, kind, country, tier)
            VALUES (?1, ?1, ?1, lower(?1), 'Bank', '', '')";
        self.execute(sql, [id]).map(drop)
    }

    /// Declares the status of a connector. `false` when the bank has no such connector.
    pub(crate) fn set_connector_status(
        &self,
        id: &InstitutionId,
        method: Method,
        status: &str,
    ) -> Result<bool> {
        let sql = "UPDATE connectors SET status = ?3
            WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1) AND method = ?2";
        Ok(self.execute(sql, params![id, method, status])? == 1)
    }

    /// Breaks a bank of the sandbox until a time; one in the past ends the outage.
    pub(crate) fn set_outage(&self, id: &InstitutionId, until: Moment) -> Result<bool> {
        let sql = "INSERT OR REPLACE INTO outages (institution_n, until) SELECT n, ?2 FROM institutions WHERE id = ?1";
        Ok(self.execute(sql, params![id, until])? == 1)
    }
}
