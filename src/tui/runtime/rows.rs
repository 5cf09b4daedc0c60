//! Reading the rows of the pages.

use super::executor::Executor;
use crate::domain::audit_words::AuditAsked;
use crate::domain::groups::GroupField;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::query::Query;
use crate::domain::views::Sort;
use crate::ops::{Error, List, Result};
use crate::store::AuditLine;
use crate::tui::effect::Effect;
use crate::tui::event::Event;
use crate::tui::panes::pages::audit::AuditEntry;
use crate::tui::panes::pages::{Kind, Rows};

impl Executor {
    pub(super) async fn read_rows(&self, effect: Effect) {
        let Effect::LoadRows {
            kind,
            generation,
            of,
            by,
            query,
            limit,
            level,
        } = effect
        else {
            return;
        };
        self.tell(match self.rows(kind, (of, by), query, limit, level).await {
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
        (of, by): (Option<ConnectionId>, GroupField),
        query: Query,
        limit: usize,
        level: Level,
    ) -> Result<(Rows, bool)> {
        let ops = &self.ops;
        Ok(match kind {
            // the screen has them itself
            Kind::Activity => (Rows::Activity(vec![]), false),
            Kind::Causes => (Rows::Causes(ops.causes(&query).await?), false),
            Kind::Banks => (Rows::Banks(ops.banks_now().await?), false),
            Kind::Audit => {
                let asked =
                    AuditAsked::read(&query.text).map_err(|bad| Error::Input(bad.to_string()))?;
                let filter = ops.audit_filter(&asked, ops.caller.zone).await?;
                let lines = ops.audit_before(&filter, i64::MAX, limit).await?;
                let more = lines.len() == limit;
                (Rows::Audit(lines.into_iter().map(entry).collect()), more)
            }
            Kind::People => {
                let (people, more) = ops.people_to_ask(query, limit, level).await?;
                (Rows::People(people), more)
            }
            Kind::Since => (Rows::Since(Box::new(ops.since(None).await?), limit), false),
            Kind::Views => {
                let views = self.saved_views().map_err(Error::Input)?;
                (Rows::Views(views), false)
            }
            Kind::Groups => {
                let (groups, more) = ops.groups(query, by, limit, level).await?;
                (Rows::Groups(groups), more)
            }
            Kind::Timeline => {
                let mut entries = match of {
                    Some(of) => ops.timeline(&of, limit, level).await?,
                    None => vec![],
                };
                // the command tells them from the oldest on
                entries.reverse();
                let more = entries.len() == limit;
                (Rows::Timeline(entries), more)
            }
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

fn entry(line: AuditLine) -> AuditEntry {
    AuditEntry {
        seq: line.seq,
        at: line.at,
        actor: line.actor,
        face: line.face,
        action: line.action,
        target: line.target,
        outcome: line.outcome,
        reason: line.reason,
        was: line.change.was,
        became: line.change.became,
    }
}
