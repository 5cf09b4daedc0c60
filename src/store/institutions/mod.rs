//! Banks, the ways to reach them, and which are broken for a while in the sandbox.

mod background_schedule;
mod fetch_stats;

pub(crate) use background_schedule::Upcoming;

use crate::domain::connection::Method;
use crate::domain::ids::InstitutionId;
use crate::domain::import_records::{ConnectorRecord, InstitutionRecord};
use crate::domain::moment::Moment;
use crate::store::codec::Coded;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::{OptionalExtension, params};

impl ReadTxn<'_> {
    /// Every bank by name, with its connectors.
    pub(crate) fn institutions(&self) -> Result<Vec<InstitutionRecord>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT id FROM institutions ORDER BY folded, id")?;
        let ids: Vec<String> = query
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        ids.into_iter()
            .filter_map(|id| self.institution(&id.into()).transpose())
            .collect()
    }

    /// One bank.
    pub(crate) fn institution(&self, id: &InstitutionId) -> Result<Option<InstitutionRecord>> {
        let sql = "SELECT n, name, short_name, kind, country, tier FROM institutions WHERE id = ?1";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| {
                Ok((
                    r.get::<_, i64>(0)?,
                    InstitutionRecord {
                        id: id.clone(),
                        name: r.get(1)?,
                        short_name: r.get(2)?,
                        kind: r.get(3)?,
                        country: r.get(4)?,
                        tier: r.get(5)?,
                        connectors: vec![],
                    },
                ))
            });
        let Some((n, mut record)) = found.optional()? else {
            return Ok(None);
        };
        let sql = "SELECT method, stage, status, authorization FROM connectors WHERE institution_n = ?1 ORDER BY method";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query([n])?;
        while let Some(r) = rows.next()? {
            record.connectors.push(ConnectorRecord {
                method: Method::decode(r.get(0)?)?,
                stage: r.get(1)?,
                status: r.get(2)?,
                authorization: r.get(3)?,
            });
        }
        Ok(Some(record))
    }

    /// Until when this bank of the sandbox is broken, if it is.
    pub(crate) fn outage(&self, id: &InstitutionId) -> Result<Option<Moment>> {
        let sql = "SELECT until FROM outages WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1)";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| r.get(0))
            .optional()?
            .map(Moment))
    }
}

impl WriteTxn<'_> {
    /// Writes a bank and its connectors. `true` when something changed.
    pub(crate) fn put_institution(&self, record: &InstitutionRecord) -> Result<bool> {
        let mut same = record.clone();
        same.connectors.sort_by_key(|c| c.method.code());
        if self.institution(&record.id)?.as_ref() == Some(&same) {
            return Ok(false);
        }
        let folded = crate::store::connections::sorted(&record.name);
        let sql = "INSERT INTO institutions (id, name, short_name, folded, kind, country, tier)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, short_name = excluded.short_name,
              folded = excluded.folded, kind = excluded.kind, country = excluded.country, tier = excluded.tier";
        self.conn.prepare_cached(sql)?.execute(params![
            record.id.as_str(),
            record.name,
            record.short_name,
            folded,
            record.kind,
            record.country,
            record.tier,
        ])?;
        let n = "(SELECT n FROM institutions WHERE id = ?1)";
        let sql = format!(
            "UPDATE connections SET bank_sort = ?2 WHERE institution_n = {n} AND bank_sort <> ?2"
        );
        self.conn
            .prepare_cached(&sql)?
            .execute(params![record.id.as_str(), folded])?;
        for method in Method::ALL
            .into_iter()
            .filter(|m| record.connectors.iter().all(|c| c.method != *m))
        {
            let sql = format!("DELETE FROM connectors WHERE institution_n = {n} AND method = ?2");
            self.conn
                .prepare_cached(&sql)?
                .execute(params![record.id.as_str(), method.code()])?;
        }
        for connector in &record.connectors {
            // what was measured of it stays
            let sql = "INSERT INTO connectors (institution_n, method, stage, status, authorization)
                SELECT n, ?2, ?3, ?4, ?5 FROM institutions WHERE id = ?1
                ON CONFLICT (institution_n, method) DO UPDATE SET stage = excluded.stage, status = excluded.status,
                  authorization = excluded.authorization";
            self.conn.prepare_cached(sql)?.execute(params![
                record.id.as_str(),
                connector.method.code(),
                connector.stage,
                connector.status,
                connector.authorization,
            ])?;
        }
        Ok(true)
    }

    /// Notes a bank that something refers to and that nobody has described yet.
    pub(crate) fn ensure_institution(&self, id: &InstitutionId) -> Result<()> {
        let sql =
            "INSERT OR IGNORE INTO institutions (id, name, short_name, folded, kind, country, tier)
            VALUES (?1, ?1, ?1, lower(?1), 'Bank', '', '')";
        self.conn.prepare_cached(sql)?.execute([id.as_str()])?;
        Ok(())
    }

    /// Declares the state of a way to a bank. `false` when there is no such way.
    pub(crate) fn set_connector_status(
        &self,
        id: &InstitutionId,
        method: Method,
        status: &str,
    ) -> Result<bool> {
        let sql = "UPDATE connectors SET status = ?3
            WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1) AND method = ?2";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .execute(params![id.as_str(), method.code(), status])?
            == 1)
    }

    /// Breaks a bank of the sandbox until a time; one in the past mends it.
    pub(crate) fn set_outage(&self, id: &InstitutionId, until: Moment) -> Result<bool> {
        let sql = "INSERT OR REPLACE INTO outages (institution_n, until) SELECT n, ?2 FROM institutions WHERE id = ?1";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .execute(params![id.as_str(), until.0])?
            == 1)
    }
}
