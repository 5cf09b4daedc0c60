//! The list of connections by one field: how many there are of each value.

use super::list_pages::CAP;
use crate::domain::connection::{Label, Method};
use crate::domain::diagnosis::Whose;
use crate::domain::groups::{Group, GroupField, GroupValue};
use crate::domain::mask::{self, Level};
use crate::domain::query::{Expr, Query, Term};
use crate::domain::views::Size;
use crate::ops::{Ops, Result};
use crate::store::{Asker, ReadTxn};

impl Ops {
    /// The largest groups first, at most `limit`, and whether there are more.
    pub(crate) async fn groups(
        &self,
        query: Query,
        field: GroupField,
        limit: usize,
        level: Level,
    ) -> Result<(Vec<Group>, bool)> {
        let asker = self.asker();
        self.read(move |rd| {
            let groups = match kept(rd, &query, field, &asker)? {
                Some(groups) => groups,
                None => counted(rd, &query, field, limit, &asker)?,
            };
            let more = groups.len() > limit;
            let group = |(value, size): (GroupValue, Size)| {
                let term = value.term();
                Group {
                    field,
                    name: match field {
                        GroupField::User => mask::user_name(value.name(), level),
                        _ => value.name().to_owned(),
                    },
                    filter: term.as_ref().map(|term| narrowed(&query, term).to_string()),
                    term: term.as_ref().map(Term::to_string),
                    size,
                }
            };
            Ok((groups.into_iter().take(limit).map(group).collect(), more))
        })
        .await
    }
}

fn narrowed(query: &Query, term: &Term) -> Expr {
    let parts = query.expr.iter().cloned();
    Expr::all(parts.chain([Expr::Term(term.clone())]).collect())
        .unwrap_or_else(|| Expr::Term(term.clone()))
}

/// From the counters that are kept, where they say it.
fn kept(
    rd: &ReadTxn<'_>,
    query: &Query,
    field: GroupField,
    asker: &Asker,
) -> Result<Option<Vec<(GroupValue, Size)>>> {
    if query.expr.is_some() {
        return Ok(None);
    }
    let counts = rd.counts(asker.now)?;
    let exact = |value, count: u64| (value, Size { count, exact: true });
    let mut groups: Vec<(GroupValue, Size)> = match field {
        GroupField::Status => {
            let all = Label::ALL.into_iter();
            all.map(|it| exact(GroupValue::Status(it), counts.of(it)))
                .collect()
        }
        GroupField::Mover => {
            let all = Whose::ORDER.into_iter();
            all.map(|it| exact(GroupValue::Mover(it), counts.whose(it)))
                .collect()
        }
        _ => return Ok(None),
    };
    groups.retain(|(_, size)| size.count > 0);
    // whose move it is has an order of its own
    if field == GroupField::Status {
        groups.sort_by_key(|(_, size)| std::cmp::Reverse(size.count));
    }
    Ok(Some(groups))
}

/// From at most [`CAP`] rows. Where there are more, each value that the field can have is counted for itself, no further
/// than that; of users and codes, which are many, what was read is the least there are.
fn counted(
    rd: &ReadTxn<'_>,
    query: &Query,
    field: GroupField,
    limit: usize,
    asker: &Asker,
) -> Result<Vec<(GroupValue, Size)>> {
    let (groups, all) = rd.connection_groups(query, field, (CAP, limit + 1), asker)?;
    let found: Vec<(GroupValue, Size)> = groups
        .into_iter()
        .map(|(value, count)| (value, Size { count, exact: all }))
        .collect();
    if all || matches!(field, GroupField::User | GroupField::Code) {
        return Ok(found);
    }
    let values: Vec<GroupValue> = match field {
        GroupField::Status => Label::ALL.into_iter().map(GroupValue::Status).collect(),
        GroupField::Mover => Whose::ORDER.into_iter().map(GroupValue::Mover).collect(),
        GroupField::Via => Method::ALL.into_iter().map(GroupValue::Via).collect(),
        _ => {
            let banks = rd.institutions()?.into_iter();
            banks
                .map(|bank| GroupValue::Bank(bank.id.to_string(), bank.name))
                .collect()
        }
    };
    let mut sized = vec![];
    for value in values {
        let expr = value.term().map(|term| narrowed(query, &term));
        let query = Query {
            expr,
            ..query.clone()
        };
        let size = rd.connection_size(&query, CAP, asker)?;
        if size.count > 0 {
            sized.push((value, size));
        }
    }
    sized.sort_by_key(|(_, size)| std::cmp::Reverse(size.count));
    Ok(sized)
}
