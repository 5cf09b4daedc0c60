//! Find connections: pages of a filtered and ordered list, how many match, and what a typed id names.
//! Deliberately absent: what a row looks like.

use crate::domain::ids::{JobId, UserId};
use crate::domain::mask::{self, Level};
use crate::domain::query::Query;
use crate::domain::views::{Anchor, ConnectionRow, Counts, Page, Size, Sort};
use crate::ops::{Error, Ops, Result};
use std::fmt::Display;

/// Which part of which list.
#[derive(Clone, Debug)]
pub(crate) struct List {
    /// What has to match.
    pub(crate) query: Query,
    /// In which order; the history has one order only, newest first.
    pub(crate) sort: Sort,
    /// After which row; from the top when none.
    pub(crate) from: Option<Anchor>,
    /// How many rows at most.
    pub(crate) limit: usize,
}

/// The one thing that `found` says, or why there is none.
pub(crate) fn only<T: Display + Clone>(kind: &'static str, asked: &str, found: &[T]) -> Result<T> {
    if let Some(exact) = found.iter().find(|id| id.to_string() == asked) {
        return Ok(exact.clone());
    }
    match found {
        [] => Err(Error::NotFound {
            kind,
            id: asked.to_owned(),
        }),
        [one] => Ok(one.clone()),
        many => Err(Error::Ambiguous {
            id: asked.to_owned(),
            count: many.len(),
            some: many.iter().map(T::to_string).collect::<Vec<_>>().join(", "),
        }),
    }
}

/// What names do at this level.
pub(crate) fn masked(mut row: ConnectionRow, level: Level) -> ConnectionRow {
    if level != Level::Standard {
        row.user_name = mask::user_name(&row.user_name, level);
    }
    row
}

impl Ops {
    /// A page of the connections.
    ///
    /// # Errors
    /// When the file cannot be read, or a pattern of the filter cannot.
    pub(crate) async fn connections(
        &self,
        list: List,
        level: Level,
    ) -> Result<Page<ConnectionRow>> {
        let asker = self.asker();
        let page: Result<Page<ConnectionRow>> = self
            .store
            .read(move |rd| {
                Ok(rd.connection_page(
                    &list.query,
                    list.sort,
                    list.from.as_ref(),
                    false,
                    list.limit,
                    &asker,
                )?)
            })
            .await;
        let page = page?;
        Ok(Page {
            rows: page
                .rows
                .into_iter()
                .map(|row| masked(row, level))
                .collect(),
            ..page
        })
    }

    /// How many connections match, counting no further than `cap`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn connection_size(&self, query: &Query, cap: u64) -> Result<Size> {
        let (query, asker) = (query.clone(), self.asker());
        self.store
            .read(move |rd| Ok(rd.connection_size(&query, cap, &asker)?))
            .await
    }

    /// How many connections have which label.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn counts(&self) -> Result<Counts> {
        self.store.read(|rd| Ok(rd.counts()?)).await
    }

    /// The job that `text` names.
    ///
    /// # Errors
    /// When there is none, or several.
    pub(crate) async fn resolve_job(&self, text: &str) -> Result<JobId> {
        let asked = text.trim().to_owned();
        let wanted = asked.clone();
        let found: Result<Vec<JobId>> = self
            .store
            .read(move |rd| Ok(rd.jobs_named(&wanted, 6)?))
            .await;
        only("job", &asked, &found?)
    }

    /// The user that `text` names.
    ///
    /// # Errors
    /// When there is none, or several.
    pub(crate) async fn resolve_user(&self, text: &str) -> Result<UserId> {
        let asked = text.trim().to_owned();
        let wanted = asked.clone();
        let found: Result<Vec<UserId>> = self
            .store
            .read(move |rd| Ok(rd.users_named(&wanted, 6)?))
            .await;
        only("user", &asked, &found?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_id_wins_over_those_it_begins() {
        let ids = |texts: &[&str]| texts.iter().map(|t| JobId::from(*t)).collect::<Vec<_>>();
        assert_eq!(
            only("job", "abc", &ids(&["abc", "abcd"])).unwrap(),
            JobId::from("abc")
        );
        assert_eq!(
            only("job", "ab", &ids(&["abc"])).unwrap(),
            JobId::from("abc")
        );
        assert!(matches!(
            only("job", "ab", &ids(&["abc", "abd"])),
            Err(Error::Ambiguous { count: 2, .. })
        ));
        assert!(matches!(
            only::<JobId>("job", "ab", &[]),
            Err(Error::NotFound { kind: "job", .. })
        ));
    }
}
