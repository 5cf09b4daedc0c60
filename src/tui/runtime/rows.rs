//! Reading the rows of the pages.

use super::executor::Executor;
use crate::domain::mask::Level;
use crate::domain::query::Query;
use crate::domain::views::Sort;
use crate::ops::{List, Result};
use crate::tui::event::Event;
use crate::tui::panes::pages::{Kind, Rows};

impl Executor {
    pub(super) async fn read_rows(
        &self,
        kind: Kind,
        generation: u64,
        query: Query,
        limit: usize,
        level: Level,
    ) {
        self.tell(match self.rows(kind, query, limit, level).await {
            Ok((rows, more)) => Event::RowsLoaded {
                generation,
                rows,
                more,
            },
            Err(error) => Event::RowsFailed {
                kind,
                generation,
                reason: error.to_string(),
            },
        });
    }

    /// The first rows of a page, and whether there are more.
    async fn rows(
        &self,
        kind: Kind,
        query: Query,
        limit: usize,
        _level: Level,
    ) -> Result<(Rows, bool)> {
        let ops = &self.ops;
        Ok(match kind {
            Kind::Causes => (Rows::Causes(ops.causes(&query).await?), false),
            Kind::Banks => (Rows::Banks(ops.banks_now().await?), false),
            Kind::Jobs => {
                let page = ops
                    .jobs(List {
                        query,
                        sort: Sort::default(),
                        from: None,
                        limit,
                    })
                    .await?;
                (Rows::Jobs(page.rows), page.more)
            }
        })
    }
}
