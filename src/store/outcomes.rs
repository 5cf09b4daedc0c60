//! How fetches went at each bank, by our own jobs.

use super::Rd;
use super::codec::Coded;
use super::error::Result;
use crate::domain::connection::Method;
use crate::domain::failure::{Blame, RULES};
use crate::domain::ids::InstitutionId;
use crate::domain::job::Label;
use crate::domain::moment::Moment;
use rusqlite::params;

impl Rd<'_> {
    /// How many fetches at a bank by this method ended well and how many failed since, the user's own trouble
    /// left out.
    pub fn bank_outcomes(&self, at: &InstitutionId, method: Method, since: Moment) -> Result<(u64, u64)> {
        // what failed for the user's own trouble says nothing of the bank
        let users: Vec<String> =
            RULES.iter().filter(|rule| rule.blame == Blame::User).map(|rule| format!("'{}'", rule.code)).collect();
        let sql = format!(
            "SELECT label, count(*) FROM jobs INDEXED BY jobs_outcomes
             WHERE open = 0 AND kind <= 2 AND created >= ?2 AND (code IS NULL OR code NOT IN ({}))
               AND institution_n = (SELECT n FROM institutions WHERE id = ?1) AND method = ?3 GROUP BY label",
            users.join(", ")
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut rows = query.query(params![at.as_str(), since.0, method.code()])?;
        let (mut passed, mut failed) = (0, 0);
        while let Some(r) = rows.next()? {
            let count = r.get::<_, i64>(1)?.unsigned_abs();
            match Label::decode(r.get(0)?)? {
                Label::Success => passed += count,
                Label::Failed => failed += count,
                Label::Pending => {}
            }
        }
        Ok((passed, failed))
    }
}
