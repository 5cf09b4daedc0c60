//! Turns what a person typed into the one id it names: the whole id, its short form, or its beginning.

use super::{Error, Ops, Result, not_found};
use crate::domain::holdings::HoldingsFilter;
use crate::domain::ids::{AccountId, ConnectionId, ConsentId, EventId, JobId, UserId};
use crate::domain::mask::Level;
use crate::store::{self, ReadTxn};
use std::fmt::Display;

/// How many of several are named.
const NAMED: usize = 6;

/// How many are counted at most.
const COUNTED: usize = 10_000;

const ACCOUNTS: usize = 5_000;

impl Ops {
    pub(crate) async fn resolve_one<T, F>(
        &self,
        kind: &'static str,
        text: &str,
        find: F,
    ) -> Result<T>
    where
        T: Display + Clone + Send + 'static,
        F: FnOnce(&ReadTxn<'_>, &str, usize) -> store::Result<Vec<T>> + Send + 'static,
    {
        let (text, wanted) = (text.trim(), text.trim().to_owned());
        let found = self.read(move |rd| Ok(find(rd, &wanted, COUNTED)?)).await?;
        only(kind, text, &found)
    }

    pub(crate) async fn resolve(&self, text: &str) -> Result<ConnectionId> {
        self.resolve_one("connection", text, |rd, text, limit| {
            rd.connections_named(text, limit)
        })
        .await
    }

    pub(crate) async fn resolve_job(&self, text: &str) -> Result<JobId> {
        self.resolve_one("job", text, |rd, text, limit| rd.jobs_named(text, limit))
            .await
    }

    pub(crate) async fn resolve_user(&self, text: &str) -> Result<UserId> {
        self.resolve_one("user", text, |rd, text, limit| rd.users_named(text, limit))
            .await
    }

    pub(crate) async fn resolve_live_user(&self, text: &str) -> Result<UserId> {
        self.resolve_one("user", text, |rd, text, limit| {
            rd.live_users_named(text, limit)
        })
        .await
    }

    pub(crate) async fn resolve_consent(&self, text: &str) -> Result<ConsentId> {
        self.resolve_one("consent", text, |rd, text, limit| {
            rd.consents_named(text, limit)
        })
        .await
    }

    /// An event is also named by its place in the feed.
    pub(crate) async fn resolve_event(&self, text: &str) -> Result<EventId> {
        self.resolve_one("event", text, |rd, text, limit| {
            rd.events_named(text, limit)
        })
        .await
    }

    /// Without a user or a connection to look under, only a whole id names an account.
    pub(crate) async fn resolve_account(
        &self,
        text: &str,
        among: &HoldingsFilter,
    ) -> Result<AccountId> {
        let among = among.clone();
        self.resolve_one("account", text, move |rd, text, _| {
            if among.user.is_none() && among.connection.is_none() {
                let id = AccountId::from(text);
                let place = rd.account_place(&id)?;
                return Ok(place.map(|_| id).into_iter().collect());
            }
            let page = rd.account_page(&among, None, ACCOUNTS, Level::default())?;
            let named = |id: &AccountId| {
                id.as_str() == text
                    || id.short() == text
                    || (text.len() >= 4 && id.as_str().starts_with(text))
            };
            Ok(page
                .rows
                .into_iter()
                .map(|account| account.row.id)
                .filter(named)
                .collect())
        })
        .await
    }
}

/// The only one found; a whole id wins over ids that begin with it.
fn only<T: Display + Clone>(kind: &'static str, text: &str, found: &[T]) -> Result<T> {
    if let Some(exact) = found.iter().find(|id| id.to_string() == text) {
        return Ok(exact.clone());
    }
    match found {
        [] => Err(not_found(kind, text)),
        [one] => Ok(one.clone()),
        many => Err(Error::Ambiguous {
            id: text.to_owned(),
            fits: match many.len() {
                COUNTED => format!("{COUNTED} or more"),
                count => count.to_string(),
            },
            kind,
            some: some(many),
        }),
    }
}

/// The first of them, and how many more there are.
fn some<T: Display>(many: &[T]) -> String {
    let named: Vec<String> = many.iter().take(NAMED).map(T::to_string).collect();
    match many.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_id_wins_over_ids_that_begin_with_it() {
        let ids = |texts: &[&str]| texts.iter().map(|t| JobId::from(*t)).collect::<Vec<_>>();
        assert_eq!(
            only("job", "abc", &ids(&["abc", "abcd"])).unwrap(),
            JobId::from("abc")
        );
        assert_eq!(
            only("job", "ab", &ids(&["abc"])).unwrap(),
            JobId::from("abc")
        );
        let two = only("job", "ab", &ids(&["abc", "abd"])).unwrap_err();
        assert!(matches!(two, Error::Ambiguous { .. }));
        assert_eq!(
            two.to_string(),
            "ab fits 2 jobs: abc, abd; give more of the id"
        );
        assert!(matches!(
            only::<JobId>("job", "ab", &[]),
            Err(Error::NotFound { kind: "job", .. })
        ));
    }

    #[test]
    fn an_id_that_fits_many_says_how_many() {
        for (many, said) in [
            (6, "x fits 6 users: "),
            (9, "x fits 9 users: "),
            (COUNTED, "x fits 10000 or more users: "),
        ] {
            let ids: Vec<String> = (0..many).map(|n| format!("x{n}")).collect();
            let text = only("user", "x", &ids).unwrap_err().to_string();
            assert!(text.starts_with(said), "{text}");
            assert_eq!(text.matches("x").count(), 1 + NAMED, "{text}");
            assert_eq!(text.contains(" more; give"), many > NAMED, "{text}");
        }
    }
}
