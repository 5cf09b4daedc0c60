//! What `doctor` looks for beside the checks of SQLite: keys, sealed rows, certificates, files and the clock. Each
//! finding is a sentence for people. Reads only.

use crate::domain::counts::count;
use crate::domain::ids::{ConnectionId, JobId, UserId};
use crate::domain::moment::Moment;
use crate::store::codec::PURGE;
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::{Bound, ReadTxn};
use crate::vault::{DataKey, Record, Sealed, Slot};
use rusqlite::params;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

/// So many sealed rows of each table are opened, spread over the table, unless all are.
const SAMPLE: i64 = 500;

/// A clock may be so much behind the newest line of the audit, which another machine may have written.
const BEHIND_MS: i64 = 10 * 60 * 1000;

/// How far the check goes, and the present.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) deep: bool,
    pub(crate) now: Moment,
}

/// Rows sealed under the master key: their table, a query for the row's name and blob, and what they are.
const RECORDS: [(&str, &str, Record); 11] = [
    (
        "credentials",
        "SELECT c.n AS place, c.id AS id, t.sealed FROM credentials t JOIN connections c ON c.n = t.connection_n",
        Record::Credentials,
    ),
    (
        "contacts",
        "SELECT n AS place, id, contact AS sealed FROM users t WHERE contact IS NOT NULL",
        Record::Contact,
    ),
    (
        "businesses",
        "SELECT n AS place, id, business AS sealed FROM users t WHERE business IS NOT NULL",
        Record::Business,
    ),
    (
        "auth links",
        "SELECT u.n AS place, u.id, t.mobile AS sealed FROM auth_links t JOIN users u ON u.n = t.user_n",
        Record::AuthLink,
    ),
    (
        "answers",
        "SELECT j.n AS place, j.id, t.sealed FROM job_answers t JOIN jobs j ON j.n = t.job_n",
        Record::Answers,
    ),
    (
        "platform keys",
        "SELECT one AS place, address AS id, sealed_key AS sealed FROM live_platform t WHERE sealed_key IS NOT NULL",
        Record::PlatformKey,
    ),
    (
        "platform tokens",
        "SELECT one AS place, address AS id, token AS sealed FROM live_platform t WHERE token IS NOT NULL",
        Record::PlatformToken,
    ),
    (
        "waiting documents",
        "SELECT 0 AS place, kind || '/' || id AS id, sealed FROM waiting t",
        Record::Waiting,
    ),
    (
        "notes",
        "SELECT t.n AS place, t.id, t.sealed FROM notes t",
        Record::Note,
    ),
    (
        "webhooks",
        "SELECT t.n AS place, t.id, t.secret AS sealed FROM webhooks t",
        Record::Webhook,
    ),
    (
        "webhook messages",
        "SELECT t.n AS place, t.id, t.said AS sealed FROM webhook_messages t WHERE t.said IS NOT NULL",
        Record::WebhookText,
    ),
];

/// Rows sealed under the key of their pair.
const DATA: [(&str, &str, Sealed); 4] = [
    (
        "profiles",
        "SELECT c.n AS place, c.id, t.sealed, k.slot FROM profiles t JOIN connections c ON c.n = t.connection_n
         LEFT JOIN data_keys k ON k.user_n = c.user_n AND k.institution_n = c.institution_n",
        Sealed::Profile,
    ),
    (
        "accounts",
        "SELECT a.n AS place, a.id, a.sealed, k.slot FROM accounts a
         LEFT JOIN data_keys k ON k.user_n = a.user_n AND k.institution_n = a.institution_n",
        Sealed::Account,
    ),
    (
        "transactions",
        "SELECT t.n AS place, t.id, t.sealed, k.slot FROM transactions t JOIN accounts a ON a.n = t.account_n
         LEFT JOIN data_keys k ON k.user_n = a.user_n AND k.institution_n = a.institution_n",
        Sealed::Transaction,
    ),
    (
        "texts of banks",
        "SELECT j.n AS place, j.id, t.sealed, k.slot FROM bank_words t JOIN jobs j ON j.n = t.job_n
         LEFT JOIN data_keys k ON k.user_n = j.user_n AND k.institution_n = j.institution_n",
        Sealed::BankWords,
    ),
];

impl ReadTxn<'_> {
    pub(super) fn findings(&self, look: Look) -> Result<Vec<String>> {
        let mut found = vec![];
        let whole = match self.keys.key_file_trouble() {
            Some(trouble) => {
                found.push(trouble.to_string());
                false
            }
            None => true,
        };
        if self.keys.have_master() {
            if whole {
                found.extend(self.slot_findings()?);
                found.extend(self.data_findings(look)?);
            }
            found.extend(self.record_findings(look)?);
            found.extend(self.certificate_findings()?);
        }
        let key = |path: PathBuf| {
            let path = path.display();
            format!("{path} is left from making the master key, and may be a copy of it: delete it")
        };
        let strange = self.strange_rows()?;
        if strange > 0 {
            found.push(format!(
                "not written by this program, or changed by something else, and so not carried out: {}",
                count(strange, "open job or plan")
            ));
        }
        found.extend(self.keys.files().leftovers().into_iter().map(key));
        found.extend(self.clock_finding(look.now)?);
        Ok(found)
    }

    /// A deletion that is under way may have destroyed a key and not yet deleted its rows.
    fn deleting(&self) -> Result<bool> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM jobs WHERE open = 1 AND kind = {PURGE})
               OR EXISTS (SELECT 1 FROM plans WHERE workflow = 1 AND finished IS NULL)"
        );
        self.value(&sql, [])
    }

    fn slot_findings(&self) -> Result<Vec<String>> {
        let deleting = self.deleting()?;
        let slots = |sql| -> Result<HashSet<i64>> {
            Ok(self.column::<i64>(sql, [])?.into_iter().collect())
        };
        let known = slots("SELECT slot FROM data_keys UNION SELECT slot FROM search_lists")?;
        // the key of a list that has served is destroyed before the row of the list goes
        let needed = slots(
            "SELECT slot FROM data_keys UNION SELECT slot FROM search_lists WHERE length(sealed) > 0",
        )?;
        let (mut empty, mut damaged, mut revived) = (0u64, 0u64, vec![]);
        let given: i64 = self.value("SELECT value FROM counters WHERE name = 'next_slot'", [])?;
        for slot in 0..given {
            match (self.keys.slot(slot)?, known.contains(&slot)) {
                (Slot::Damaged, true) => damaged += 1,
                (Slot::Empty | Slot::Beyond, true) => {
                    empty += u64::from(!deleting && needed.contains(&slot));
                }
                (Slot::Key | Slot::Damaged, false) => revived.push(slot),
                _ => {}
            }
        }
        let mut found = vec![];
        if empty > 0 {
            found.push(format!(
                "{} of users at banks missing in the key file: what they sealed is lost; a refresh fetches again what the \
                 bank still sends",
                count(empty, "data key")
            ));
        }
        if damaged > 0 {
            found.push(format!(
                "{} damaged in the key file: what they sealed is lost; a refresh makes a new one, a purge destroys it",
                count(damaged, "data key")
            ));
        }
        if let Some(first) = revived.first() {
            found.push(format!(
                "{} in the key file that the database does not know (first in slot {first}): an older key file was put \
                 back after a purge, and with an older copy of the database purged data can be read again",
                count(revived.len() as u64, "key")
            ));
        }
        Ok(found)
    }

    /// Rows spread over the table, or all of them.
    fn sampled(
        &self,
        rows: &str,
        look: Look,
        mut each: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        if look.deep {
            self.all(rows, [], |row| each(row))?;
            return Ok(());
        }
        // every so many-th place, so that both ends and the middle are looked at
        let sql = format!("SELECT coalesce(max(place), 0) FROM ({rows})");
        let step = (self.value::<i64>(&sql, [])? / SAMPLE).max(1);
        let sql = format!("SELECT * FROM ({rows}) WHERE place % ?1 = 0 OR place % ?1 = 1 LIMIT ?2");
        self.all(&sql, params![step, 2 * SAMPLE], |row| each(row))?;
        Ok(())
    }

    fn data_findings(&self, look: Look) -> Result<Vec<String>> {
        let deleting = self.deleting()?;
        let mut keys: HashMap<i64, Option<DataKey>> = HashMap::new();
        let mut found = vec![];
        for (table, rows, kind) in DATA {
            let mut lost = 0u64;
            self.sampled(rows, look, |row| {
                let (id, sealed): (String, Vec<u8>) = (row.get("id")?, row.get("sealed")?);
                let key = match row.get::<_, Option<i64>>("slot")? {
                    Some(slot) => keys
                        .entry(slot)
                        .or_insert_with(|| self.keys.data_key(slot).ok().flatten())
                        .as_ref(),
                    None => None,
                };
                let opens = match key {
                    Some(key) => key.open(kind, &id, &sealed).is_ok(),
                    None => deleting,
                };
                lost += u64::from(!opens);
                Ok(())
            })?;
            found.extend(unopened(table, lost));
        }
        Ok(found)
    }

    fn record_findings(&self, look: Look) -> Result<Vec<String>> {
        let mut found = vec![];
        for (table, rows, kind) in RECORDS {
            let mut lost = 0u64;
            self.sampled(rows, look, |row| {
                let (id, sealed): (String, Vec<u8>) = (row.get("id")?, row.get("sealed")?);
                lost += u64::from(self.opened_record(kind, &id, &sealed).is_err());
                Ok(())
            })?;
            found.extend(unopened(table, lost));
        }
        Ok(found)
    }

    fn certificate_findings(&self) -> Result<Vec<String>> {
        let sql = "SELECT count(*) FROM audit WHERE action = 'certificate' AND outcome LIKE 'done%'
            AND target NOT IN (SELECT id FROM certificates WHERE mac IS NOT NULL)";
        let gone: u64 = self.value(sql, [])?;
        let mut found = vec![];
        if gone > 0 {
            found.push(format!(
                "{} that the audit tells of deleted from the database",
                count(gone, "certificate")
            ));
        }
        let mut wrong = 0u64;
        for id in self.column::<String>("SELECT id FROM certificates WHERE mac IS NOT NULL", [])? {
            wrong += u64::from(!matches!(self.certificate(&id), Ok(Some((_, _, true)))));
        }
        if wrong > 0 {
            found.push(format!(
                "{} changed, or not written by this program",
                count(wrong, "certificate")
            ));
        }
        Ok(found)
    }

    fn clock_finding(&self, now: Moment) -> Result<Option<String>> {
        let newest: Option<Moment> =
            self.find("SELECT at FROM audit ORDER BY seq DESC LIMIT 1", [])?;
        let behind = newest.filter(|at| at.since(now) > BEHIND_MS);
        Ok(behind.map(|at| {
            format!(
                "the clock says {}, and the newest line of the audit was written at {}: set the clock",
                now.rfc3339(),
                at.rfc3339()
            )
        }))
    }

    /// The connection of a credential or the id of a user decides to whom the row is bound.
    fn opened_record(&self, kind: Record, id: &str, sealed: &[u8]) -> Result<()> {
        match kind {
            Record::Credentials => self.credentials(&ConnectionId::from(id)).map(drop),
            Record::Answers => self.answers(&JobId::from(id)).map(drop),
            Record::AuthLink => self.auth_link(&UserId::from(id)).map(drop),
            Record::Note => self.note_opens(id),
            Record::Contact | Record::Business => {
                let of = Bound::of_user(id, id);
                self.keys.open_record(kind, &of, sealed).map(drop)
            }
            Record::Waiting
            | Record::Webhook
            | Record::WebhookText
            | Record::PlatformKey
            | Record::PlatformToken => {
                let of = Bound::row(id);
                self.keys.open_record(kind, &of, sealed).map(drop)
            }
        }
    }
}

fn unopened(table: &str, lost: u64) -> Option<String> {
    (lost > 0).then(|| format!("{table}: {} cannot be opened", count(lost, "sealed row")))
}
