//! The list of users, newest first, or those found by name, id, or a whole email or phone number.

use crate::domain::ids::UserId;
use crate::domain::mask::{self, Level};
use crate::domain::person::UserRow;
use crate::domain::query::{Contact, People};
use crate::domain::secret::Secret;
use crate::domain::views::{Anchor, Page, Size};
use crate::store::ReadTxn;
use crate::store::error::Result;
use crate::store::search::phrase;
use crate::store::sql::{backwards, numbers, page, place, text};
use rusqlite::params_from_iter;
use rusqlite::types::Value;

/// The id itself, its shown end, or its beginning.
const IDS: &str = "SELECT n FROM users WHERE id = ?2 OR (tail = ?3 AND length(?2) = 6)
    OR (id >= ?2 AND id < ?2 || char(1114111) AND length(?2) >= 4)";

/// The owners of profiles that hold a contact, by its digest.
const SENT: &str = "SELECT c.user_n FROM connections c JOIN profile_contacts p ON p.connection_n = c.n WHERE p.digest =";

/// A condition over `u`, with its values from `?2` on.
fn condition(rd: &ReadTxn<'_>, people: &People) -> (String, Vec<Value>) {
    let id = |text: &str| vec![Value::Text(text.to_owned()), Value::Text(backwards(text))];
    match people {
        People::Everyone => ("1".into(), vec![]),
        // without the master key sealed values cannot be found; ids and names still can
        People::Contact(contact) => {
            let digest = rd
                .keys
                .contact_digest(&Secret::new(contact.plain()))
                .unwrap_or_default();
            match contact {
                Contact::Email(_) => (
                    format!("(u.email_digest = ?2 OR u.n IN ({SENT} ?2))"),
                    vec![Value::Blob(digest)],
                ),
                Contact::Phone(text) => {
                    let mut values = id(text);
                    values.push(Value::Blob(digest));
                    (
                        format!(
                            "u.n IN ({IDS} UNION SELECT n FROM users WHERE mobile_digest = ?4
                               UNION {SENT} ?4)"
                        ),
                        values,
                    )
                }
            }
        }
        People::Words(text) => {
            let mut values = id(text);
            let names = match phrase(text) {
                Some(words) => {
                    values.push(Value::Text(words));
                    " UNION SELECT rowid FROM user_words WHERE user_words MATCH ?4"
                }
                None => "",
            };
            (format!("u.n IN ({IDS}{names})"), values)
        }
    }
}

impl ReadTxn<'_> {
    pub(crate) fn user_page(
        &self,
        people: &People,
        from: Option<&Anchor>,
        limit: usize,
        level: Level,
    ) -> Result<Page<UserRow>> {
        let [before] = numbers(from).unwrap_or([i64::MAX]);
        let (condition, mut values) = condition(self, people);
        values.insert(0, Value::Integer(before));
        let sql = format!(
            "SELECT u.n, u.id, u.name, u.created,
               (SELECT count(*) FROM connections c WHERE c.user_n = u.n) AS connections,
               (SELECT count(*) FROM accounts a WHERE a.user_n = u.n) AS accounts
             FROM users u WHERE u.n < ?1 AND {condition} ORDER BY u.n DESC LIMIT {}",
            limit + 1
        );
        let found = self.all(&sql, params_from_iter(values), |row| {
            let id: UserId = row.get("id")?;
            let (email, mobile) = self
                .user(&id)?
                .map(|u| u.masked_contact(level))
                .unwrap_or_default();
            let user = UserRow {
                id,
                name: mask::user_name(&text(row, "name")?, level),
                email,
                mobile,
                created: row.get("created")?,
                connections: row.get("connections")?,
                accounts: row.get("accounts")?,
            };
            Ok((place([row.get("n")?]), user))
        })?;
        Ok(page(found, limit, false))
    }

    /// How many users match, counting no further than `cap`.
    pub(crate) fn user_size(&self, people: &People, cap: u64) -> Result<Size> {
        let (condition, mut values) = condition(self, people);
        values.insert(0, Value::Integer(0));
        self.counted(
            &format!("users u WHERE u.n > ?1 AND {condition}"),
            &values,
            cap,
        )
    }
}
