//! The list of users, newest first: everybody, or those whom words, an id, or a whole address or number find.

use crate::domain::ids::UserId;
use crate::domain::mask::{self, Level};
use crate::domain::moment::Moment;
use crate::domain::person::UserRow;
use crate::domain::query::{Contact, People};
use crate::domain::secret::Secret;
use crate::domain::views::{Anchor, AnchorKey, Page};
use crate::store::ReadTxn;
use crate::store::error::Result;
use crate::store::search::{backwards, phrase};
use rusqlite::types::Value;

/// The id itself, its shown end, or its beginning.
const IDS: &str = "SELECT n FROM users WHERE id = ?2 OR (tail = ?3 AND length(?2) = 6)
    OR (id >= ?2 AND id < ?2 || char(1114111) AND length(?2) >= 4)";

/// A condition over `u`, with its values from `?2` on.
fn condition(rd: &ReadTxn<'_>, people: &People) -> (String, Vec<Value>) {
    let id = |text: &str| vec![Value::Text(text.to_owned()), Value::Text(backwards(text))];
    match people {
        People::Everyone => ("1".into(), vec![]),
        // without the master key nothing hidden can be found; what is in the clear still can
        People::Contact(contact) => {
            let digest = rd
                .keys
                .contact_digest(&Secret::new(contact.plain()))
                .unwrap_or_default();
            match contact {
                Contact::Email(_) => ("u.email_digest = ?2".into(), vec![Value::Blob(digest)]),
                Contact::Phone(text) => {
                    let mut values = id(text);
                    values.push(Value::Blob(digest));
                    (
                        format!(
                            "u.n IN ({IDS} UNION SELECT n FROM users WHERE mobile_digest = ?4)"
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
    /// A page of the users that are meant, newest first, after `from`.
    pub(crate) fn user_page(
        &self,
        people: &People,
        from: Option<&Anchor>,
        limit: usize,
        level: Level,
    ) -> Result<Page<UserRow>> {
        let before = from.map_or(i64::MAX, |anchor| match anchor.0.first() {
            Some(AnchorKey::Number(n)) => *n,
            _ => i64::MAX,
        });
        let (condition, mut values) = condition(self, people);
        values.insert(0, Value::Integer(before));
        let place = values.len() + 1;
        values.push(Value::Integer(limit as i64 + 1));
        let sql = format!(
            "SELECT u.n, u.id, u.name, u.created,
               (SELECT count(*) FROM connections c WHERE c.user_n = u.n),
               (SELECT count(*) FROM accounts a WHERE a.user_n = u.n)
             FROM users u WHERE u.n < ?1 AND {condition} ORDER BY u.n DESC LIMIT ?{place}"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut found = query.query(rusqlite::params_from_iter(values))?;
        let (mut rows, mut places) = (Vec::new(), Vec::new());
        while let Some(r) = found.next()? {
            let id: UserId = r.get::<_, String>(1)?.into();
            let (email, mobile) = self
                .user(&id)?
                .map(|u| u.masked_contact(level))
                .unwrap_or_default();
            places.push(r.get::<_, i64>(0)?);
            rows.push(UserRow {
                id,
                name: mask::user_name(&crate::store::connections::text(r, 2)?, level),
                email,
                mobile,
                created: Moment(r.get(3)?),
                connections: r.get::<_, i64>(4)?.unsigned_abs(),
                accounts: r.get::<_, i64>(5)?.unsigned_abs(),
            });
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        places.truncate(limit);
        let anchor = |n: Option<&i64>| n.map(|n| Anchor(vec![AnchorKey::Number(*n)]));
        Ok(Page {
            first: anchor(places.first()),
            last: anchor(places.last()),
            rows,
            more,
        })
    }

    /// How many users are meant.
    pub(crate) fn user_size(&self, people: &People) -> Result<u64> {
        let (condition, mut values) = condition(self, people);
        values.insert(0, Value::Integer(0));
        let sql = format!("SELECT count(*) FROM users u WHERE u.n > ?1 AND {condition}");
        let mut query = self.conn.prepare_cached(&sql)?;
        let count: i64 = query.query_row(rusqlite::params_from_iter(values), |r| r.get(0))?;
        Ok(count.unsigned_abs())
    }
}
