//! The dashboard's list of connections: pages, rows read again, and changes.

use crate::domain::ids::ConnectionId;
use crate::domain::query::{Expr, Flag, Query, Term};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Anchor, Page, Place, Size, Sort};
use crate::ops::{Ops, Result};
use crate::store::{Asker, ReadTxn};

/// Counting stops here; the screen shows "10,000+" then.
const CAP: u64 = 10_000;

/// More changes than this at once are not named one by one.
const CHANGES: usize = 500;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RereadRows {
    pub(crate) rows: Vec<ConnectionRow>,
    /// Those of `rows` that no longer match the filter.
    pub(crate) left: Vec<ConnectionId>,
    /// Those that are not in the file any more.
    pub(crate) gone: Vec<ConnectionId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) seq: i64,
    /// None when they are too many to name.
    pub(crate) ids: Option<Vec<ConnectionId>>,
}

impl Ops {
    /// A page from the start or the end interrupts one that is still being read; one that continues does not.
    pub(crate) async fn page(
        &self,
        query: Query,
        sort: Sort,
        from: Place,
        limit: usize,
    ) -> Result<Page<ConnectionRow>> {
        let asker = self.asker();
        let goes_on = matches!(from, Place::After(_) | Place::Before(_));
        let read = move |rd: &ReadTxn<'_>| -> Result<_> {
            let read = |from: Option<&Anchor>, back| {
                rd.connection_page(&query, sort, from, back, limit, &asker)
            };
            Ok(match &from {
                Place::Start => read(None, false)?,
                Place::End => read(None, true)?,
                Place::After(anchor) => read(Some(anchor), false)?,
                Place::Before(anchor) => read(Some(anchor), true)?,
                Place::Around(id) => match rd.connection_anchor(id, &query, sort, &asker)? {
                    Some(anchor)
                        if !rd
                            .connections_matching(&query, std::slice::from_ref(id), &asker)?
                            .is_empty() =>
                    {
                        around(rd, &query, sort, id, &anchor, limit, &asker)?
                    }
                    _ => read(None, false)?,
                },
            })
        };
        if goes_on {
            self.read(read).await
        } else {
            self.store.read_newest(read).await
        }
    }

    pub(crate) async fn size(&self, query: Query) -> Result<Size> {
        self.connection_size(&query, CAP).await
    }

    pub(crate) async fn rows(&self, query: Query, ids: Vec<ConnectionId>) -> Result<RereadRows> {
        let asker = self.asker();
        self.read(move |rd| {
            let rows = rd.connections(&ids)?;
            let rows = rows
                .into_iter()
                .map(|row| row.judged(asker.now))
                .collect::<Vec<_>>();
            let there: Vec<ConnectionId> = rows.iter().map(|r| r.id.clone()).collect();
            let matching = rd.connections_matching(&query, &there, &asker)?;
            Ok(RereadRows {
                left: there
                    .iter()
                    .filter(|id| !matching.contains(id))
                    .cloned()
                    .collect(),
                gone: ids.into_iter().filter(|id| !there.contains(id)).collect(),
                rows,
            })
        })
        .await
    }

    /// The ids of the list, at most `limit`, and whether that is all of them.
    pub(crate) async fn ids(
        &self,
        query: Query,
        limit: usize,
    ) -> Result<(Vec<ConnectionId>, bool)> {
        let asker = self.asker();
        self.read(move |rd| {
            let page = rd.connection_page(&query, Sort::default(), None, false, limit, &asker)?;
            Ok((page.rows.into_iter().map(|r| r.id).collect(), !page.more))
        })
        .await
    }

    /// The next row in list order that needs attention.
    pub(crate) async fn next_attention(
        &self,
        query: Query,
        sort: Sort,
        from: Place,
    ) -> Result<Option<ConnectionId>> {
        let attention = Expr::Term(Term::Is(Flag::Attention));
        let parts = query.expr.into_iter().chain([attention]).collect();
        let narrowed = Query {
            expr: Expr::all(parts),
            ..query
        };
        let asker = self.asker();
        self.read(move |rd| {
            let (anchor, back) = match &from {
                Place::Start | Place::Around(_) => (None, false),
                Place::End => (None, true),
                Place::After(anchor) => (Some(anchor), false),
                Place::Before(anchor) => (Some(anchor), true),
            };
            let page = rd.connection_page(&narrowed, sort, anchor, back, 1, &asker)?;
            Ok(page.rows.into_iter().next().map(|r| r.id))
        })
        .await
    }

    pub(crate) async fn bank_names(&self) -> Result<Vec<String>> {
        self.read(|rd| {
            Ok(rd
                .institutions()?
                .into_iter()
                .map(|bank| bank.name)
                .collect())
        })
        .await
    }

    /// What changed after `seq`; with a negative one only the newest place is returned.
    pub(crate) async fn changes(&self, seq: i64) -> Result<Changes> {
        self.read(move |rd| {
            if seq < 0 {
                return Ok(Changes {
                    seq: rd.last_event()?,
                    ids: Some(vec![]),
                });
            }
            let events = rd.events_after(seq, CHANGES)?;
            if events.len() == CHANGES {
                return Ok(Changes {
                    seq: rd.last_event()?,
                    ids: None,
                });
            }
            let seq = events.last().map_or(seq, |e| e.seq);
            let mut ids: Vec<ConnectionId> =
                events.into_iter().filter_map(|e| e.connection).collect();
            ids.sort_unstable();
            ids.dedup();
            Ok(Changes {
                seq,
                ids: Some(ids),
            })
        })
        .await
    }
}

fn around(
    rd: &ReadTxn<'_>,
    query: &Query,
    sort: Sort,
    id: &ConnectionId,
    anchor: &Anchor,
    limit: usize,
    asker: &Asker,
) -> Result<Page<ConnectionRow>> {
    let half = (limit / 2).max(1);
    let before = rd.connection_page(query, sort, Some(anchor), true, half, asker)?;
    let after = rd.connection_page(query, sort, Some(anchor), false, half, asker)?;
    let here = rd.connection(id)?.map(|row| row.judged(asker.now));
    let (first, last) = (
        before.first.or_else(|| Some(anchor.clone())),
        after.last.or_else(|| Some(anchor.clone())),
    );
    let rows = before
        .rows
        .into_iter()
        .chain(here)
        .chain(after.rows)
        .collect();
    Ok(Page {
        rows,
        first,
        last,
        more: after.more || before.more,
    })
}
