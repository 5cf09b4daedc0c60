//! Pages and sizes of the list of connections, for commands.

use crate::domain::mask::{self, Level};
use crate::domain::query::Query;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Anchor, Counts, Page, Size, Sort};
use crate::ops::{Ops, Result};

#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) query: Query,
    /// The history of jobs ignores it: newest first.
    pub(crate) sort: Sort,
    /// After which row; from the top when none.
    pub(crate) from: Option<Anchor>,
    pub(crate) limit: usize,
}

pub(crate) fn masked(mut row: ConnectionRow, level: Level) -> ConnectionRow {
    if level != Level::Standard {
        row.user_name = mask::user_name(&row.user_name, level);
    }
    row
}

impl Ops {
    pub(crate) async fn connections(
        &self,
        list: List,
        level: Level,
    ) -> Result<Page<ConnectionRow>> {
        let asker = self.asker();
        let page = self
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
            .await?;
        let rows = page.rows.into_iter().map(|row| masked(row, level));
        Ok(Page {
            rows: rows.collect(),
            ..page
        })
    }

    /// How many connections match, counting no further than `cap`.
    pub(crate) async fn connection_size(&self, query: &Query, cap: u64) -> Result<Size> {
        let (query, asker) = (query.clone(), self.asker());
        self.read(move |rd| Ok(rd.connection_size(&query, cap, &asker)?))
            .await
    }

    pub(crate) async fn counts(&self) -> Result<Counts> {
        let now = self.now();
        self.read(move |rd| Ok(rd.counts(now)?)).await
    }
}
