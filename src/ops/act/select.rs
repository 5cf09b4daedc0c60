//! Which connections, or whose, an act is for.

use crate::domain::act::{ActKind, Selection};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Sort, SortField};
use crate::ops::{Error, Ops, Result, not_found};
use crate::store::ReadTxn;

const MOST: usize = 100_000;

const PAGE: usize = 2_000;

impl Selection {
    /// Hands each of several connections to `each`, one that is gone by its id. Answers how many of a user's
    /// connections the act does not mean.
    pub(super) fn each(
        &self,
        ops: &Ops,
        rd: &ReadTxn<'_>,
        kind: ActKind,
        mut each: impl FnMut(std::result::Result<ConnectionRow, ConnectionId>) -> Result<()>,
    ) -> Result<u64> {
        match self {
            Selection::One(_) | Selection::Consent(_) => Ok(0),
            Selection::Ids(ids) => {
                for id in ids {
                    each(rd.connection(id)?.ok_or_else(|| id.clone()))?;
                }
                Ok(0)
            }
            Selection::User(user) => {
                if !rd.user_exists(user)? {
                    return Err(not_found("user", user));
                }
                let meant = |label| match kind {
                    ActKind::Refresh => {
                        matches!(label, Label::Active | Label::Invalid | Label::Failed)
                    }
                    _ => label != Label::Deleted,
                };
                let (meant, left_out): (Vec<_>, Vec<_>) = rd
                    .connections_of(user, None)?
                    .into_iter()
                    .partition(|row| meant(row.label));
                meant.into_iter().try_for_each(|row| each(Ok(row)))?;
                Ok(left_out.len() as u64)
            }
            Selection::Found(query) => {
                let sort = Sort::by(SortField::Bank, false);
                let (mut from, mut found) = (None, 0);
                loop {
                    let page =
                        rd.connection_page(query, sort, from.as_ref(), false, PAGE, &ops.asker())?;
                    // no act is left for a revoked one, and nobody who filters means it
                    for row in page.rows.into_iter().filter(|r| r.label != Label::Deleted) {
                        found += 1;
                        each(Ok(row))?;
                    }
                    if found > MOST {
                        return Err(Error::Input(format!(
                            "more than {MOST} connections match; narrow the filter"
                        )));
                    }
                    from = page.last.filter(|_| page.more);
                    if from.is_none() {
                        return Ok(0);
                    }
                }
            }
        }
    }
}
