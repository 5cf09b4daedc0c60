//! The dashboard's list of connections: pages, and all that is shown of it read again at once.

use crate::domain::ids::{ConnectionId, InstitutionId};
use crate::domain::job::Job;
use crate::domain::query::{Expr, Flag, Query, Term};
use crate::domain::views::{
    Anchor, Figures, Marks, Page, Place, Placed, Seen, Shown, Sort, Stretch,
};
use crate::ops::banks::health;
use crate::ops::{Ops, Result};
use crate::store::{Asker, ReadTxn};
use std::collections::HashSet;

/// Counting stops here; the screen shows "10,000+" then.
pub(super) const CAP: u64 = 10_000;

/// Without a filter only an index is walked, so the number of a row is counted further.
const FAR: u64 = 50_000;

impl Ops {
    /// A page from the start or the end interrupts one that is still being read; one that continues does not.
    pub(crate) async fn stretch(
        &self,
        query: Query,
        sort: Sort,
        from: Place,
        limit: usize,
    ) -> Result<Stretch> {
        let asker = self.asker();
        let goes_on = matches!(from, Place::After(_) | Place::Before(_));
        let read =
            move |rd: &ReadTxn<'_>| List::new(rd, &query, sort, &asker).stretch(&from, limit);
        if goes_on {
            self.read(read).await
        } else {
            self.store.read_newest(read).await
        }
    }

    /// How many there are and how many match, and which of the marked ones the filter hides.
    pub(crate) async fn figures(
        &self,
        query: Query,
        marked: Vec<ConnectionId>,
    ) -> Result<(Figures, Marks)> {
        let asker = self.asker();
        self.read(move |rd| {
            let list = List::new(rd, &query, Sort::default(), &asker);
            Ok((list.figures(true, false)?, list.marks(&marked)?))
        })
        .await
    }

    /// What the screen shows, read again in one view of the file, so that none of it contradicts the rest.
    pub(crate) async fn seen(&self, query: Query, sort: Sort, shown: Shown) -> Result<Seen> {
        let asker = self.asker();
        self.read(move |rd| {
            let list = List::new(rd, &query, sort, &asker);
            let from = shown.place.map_or(Place::Start, Place::At);
            let mut stretch = list.stretch(&from, shown.limit)?;
            stretch.figures = list.figures(true, true)?;
            let connections = rd.placed_connections(&shown.connections, &query, sort, &asker)?;
            let there: Vec<ConnectionId> = connections.iter().map(|c| c.row.id.clone()).collect();
            let gone = |id: &ConnectionId| !there.contains(id);
            let mut seen = Seen {
                stretch,
                left: list.hidden(&there)?,
                gone: shown.connections.into_iter().filter(gone).collect(),
                connections,
                marks: list.marks(&shown.marks)?,
                ..Seen::default()
            };
            for id in shown.jobs {
                if rd.job_is_open(&id)? {
                    continue;
                }
                // one that does not read has ended all the same
                match rd.job_shown(&id)? {
                    // by the id that was asked for: a platform may have given it another
                    Some(job) => seen.ended.push(Job { id, ..job }),
                    None => seen.lost.push(id),
                }
            }
            Ok(seen)
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

    /// The next row in list order that needs action: from this place on, else from the other end of the list on.
    /// With it, whether it was found only there.
    pub(crate) async fn next_attention(
        &self,
        query: Query,
        sort: Sort,
        from: Place,
        back: bool,
    ) -> Result<Option<(ConnectionId, bool)>> {
        let attention = Expr::Term(Term::Is(Flag::Attention));
        let parts = query.expr.into_iter().chain([attention]).collect();
        let narrowed = Query {
            expr: Expr::all(parts),
            ..query
        };
        let asker = self.asker();
        self.read(move |rd| {
            let first = |from: Option<&Anchor>| -> Result<Option<ConnectionId>> {
                let page = rd.connection_page(&narrowed, sort, from, back, 1, &asker)?;
                Ok(page.rows.into_iter().next().map(|row| row.id))
            };
            if let Place::After(from) | Place::Before(from) | Place::At(from) = &from
                && let Some(found) = first(Some(from))?
            {
                return Ok(Some((found, false)));
            }
            Ok(first(None)?.map(|found| (found, true)))
        })
        .await
    }

    pub(crate) async fn bank_names(&self) -> Result<Vec<String>> {
        let banks = self.banks_named().await?;
        Ok(banks.into_iter().map(|(_, name)| name).collect())
    }

    pub(crate) async fn banks_named(&self) -> Result<Vec<(InstitutionId, String)>> {
        self.read(|rd| {
            let banks = rd.institutions()?.into_iter();
            Ok(banks.map(|bank| (bank.id, bank.name)).collect())
        })
        .await
    }
}

/// The list of one filter and order, in one view of the file.
struct List<'a> {
    rd: &'a ReadTxn<'a>,
    query: &'a Query,
    sort: Sort,
    asker: &'a Asker,
}

impl<'a> List<'a> {
    fn new(rd: &'a ReadTxn<'a>, query: &'a Query, sort: Sort, asker: &'a Asker) -> Self {
        Self {
            rd,
            query,
            sort,
            asker,
        }
    }

    fn page(&self, from: Option<&Anchor>, back: bool, limit: usize) -> Result<Page<Placed>> {
        let (query, sort) = (self.query, self.sort);
        Ok(self
            .rd
            .placed_page(query, sort, from, back, limit, self.asker)?)
    }

    fn stretch(&self, from: &Place, limit: usize) -> Result<Stretch> {
        let one = |page: Page<Placed>, starts, ends, before| Stretch {
            rows: page.rows,
            place: 0,
            starts,
            ends,
            before,
            figures: Figures::default(),
        };
        let mut stretch = match from {
            Place::After(anchor) => {
                let page = self.page(Some(anchor), false, limit)?;
                let more = page.more;
                return Ok(one(page, false, !more, None));
            }
            Place::Before(anchor) => {
                let page = self.page(Some(anchor), true, limit)?;
                let more = page.more;
                return Ok(one(page, !more, false, None));
            }
            Place::Start => self.head(limit)?,
            Place::End => {
                let page = self.page(None, true, limit)?;
                let (starts, place) = (!page.more, page.rows.len().saturating_sub(1));
                let stretch = one(page, starts, true, starts.then_some(0));
                Stretch { place, ..stretch }
            }
            Place::At(anchor) => self.around(anchor, limit)?,
            Place::Around(id) => {
                let (query, sort) = (self.query, self.sort);
                match self.rd.connection_anchor(id, query, sort, self.asker)? {
                    Some(anchor) => self.around(&anchor, limit)?,
                    None => self.head(limit)?,
                }
            }
        };
        stretch.figures = self.figures(false, false)?;
        Ok(stretch)
    }

    fn head(&self, limit: usize) -> Result<Stretch> {
        let page = self.page(None, false, limit)?;
        Ok(Stretch {
            ends: !page.more,
            rows: page.rows,
            starts: true,
            before: Some(0),
            ..Stretch::default()
        })
    }

    fn around(&self, anchor: &Anchor, limit: usize) -> Result<Stretch> {
        let half = (limit / 2).max(1);
        let before = self.page(Some(anchor), true, half)?;
        let place = before.rows.len();
        let mut rows = before.rows;
        let rest = match rows.last() {
            // what stands at the place itself comes first of what follows the row before it
            Some(last) => self.page(Some(&last.at), false, half + 1)?,
            None => self.page(None, false, half + 1)?,
        };
        rows.extend(rest.rows);
        let far = if self.query.expr.is_none() { FAR } else { CAP };
        let number = match (before.more, rows.first()) {
            (false, _) => Some(0),
            (true, Some(first)) => {
                let (query, sort) = (self.query, self.sort);
                self.rd
                    .connections_before(&first.at, query, sort, far, self.asker)?
            }
            (true, None) => None,
        };
        Ok(Stretch {
            rows,
            place,
            starts: !before.more,
            ends: !rest.more,
            before: number,
            figures: Figures::default(),
        })
    }

    /// With the size of the list where it is kept, or in any case.
    fn figures(&self, counted: bool, after_commit: bool) -> Result<Figures> {
        let kept = self.query.expr.is_none();
        let size = || self.rd.connection_size(self.query, CAP, self.asker);
        let down = || health::down(self.rd, self.asker.now);
        Ok(Figures {
            counts: self.rd.counts(self.asker.now)?,
            // while a filter is typed only the list matters
            down: (counted && (kept || after_commit)).then(down).transpose()?,
            size: (counted || kept).then(size).transpose()?,
        })
    }

    /// Those of these that the filter does not let through.
    fn hidden(&self, ids: &[ConnectionId]) -> Result<Vec<ConnectionId>> {
        let matching: HashSet<ConnectionId> = self
            .rd
            .connections_matching(self.query, ids, self.asker)?
            .into_iter()
            .collect();
        let hidden = ids.iter().filter(|id| !matching.contains(*id));
        Ok(hidden.cloned().collect())
    }

    fn marks(&self, marked: &[ConnectionId]) -> Result<Marks> {
        Ok(Marks {
            hidden: self.hidden(marked)?,
            gone: self.rd.missing_connections(marked)?,
        })
    }
}
