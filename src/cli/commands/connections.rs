//! `connections [FILTER]`.

use super::paged::{BESIDE, counted, exact, limit, page as rows_of, told};
use crate::cli::args::{Part, Pick};
use crate::cli::board_files::saved_views;
use crate::cli::context::Context;
use crate::cli::cursor;
use crate::cli::exit::Failure;
use crate::cli::list_formats::{Printer, whole};
use crate::domain::groups::GroupField;
use crate::domain::query::{self, Query, Scope};
use crate::domain::rows::ConnectionRow;
use crate::domain::saved_view::SavedView;
use crate::domain::views::{Size, Sort};
use crate::ops::{self, List};

pub(crate) fn filter(ctx: &Context, text: &str, scope: Scope) -> Result<Query, Failure> {
    let zone = ctx.out.manner.zone;
    Ok(query::parse_in(text, scope, zone).map_err(ops::Error::from)?)
}

fn order(text: Option<&str>) -> Result<Sort, Failure> {
    let sort = text.map(Sort::read).transpose();
    let sort = sort.map_err(|wrong| Failure::Usage(format!("--sort: {wrong}")))?;
    Ok(sort.unwrap_or_default())
}

/// What was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) filter: String,
    pub(crate) sort: Option<String>,
    pub(crate) view: Option<String>,
    pub(crate) group_by: Option<String>,
}

/// The saved view, with what was typed beside it.
fn viewed(ctx: &mut Context, asked: &Asked) -> Result<SavedView, Failure> {
    let mut view = match &asked.view {
        None => SavedView::default(),
        Some(name) => {
            let file = saved_views(ctx)?;
            let found = file.map_or_else(
                || Err("there is no place for saved views: set HOME or XDG_CONFIG_HOME".into()),
                |file| file.find(name),
            );
            found.map_err(|wrong| Failure::Usage(format!("--view: {wrong}")))?
        }
    };
    view.filter = match (view.filter.as_str(), asked.filter.as_str()) {
        (kept, "") => kept.to_owned(),
        ("", typed) => typed.to_owned(),
        (kept, typed) => format!("({kept}) ({typed})"),
    };
    if asked.sort.is_some() || asked.view.is_none() {
        view.sort = order(asked.sort.as_deref())?;
    }
    if let Some(by) = &asked.group_by {
        let field = GroupField::named(by);
        view.group = Some(field.map_err(|wrong| Failure::Usage(format!("--group-by: {wrong}")))?);
    } else if asked.sort.is_some() {
        view.group = None;
    }
    let chosen = view.columns.take().filter(|_| view.group.is_none());
    if let Some(columns) = chosen.filter(|_| ctx.out.pick == Pick::default()) {
        ctx.out.pick.columns = columns.iter().map(|it| it.word().to_owned()).collect();
    }
    Ok(view)
}

pub(crate) async fn run(ctx: &mut Context, asked: Asked, part: &Part) -> Result<(), Failure> {
    let view = viewed(ctx, &asked)?;
    let (query, sort) = (filter(ctx, &view.filter, Scope::Connections)?, view.sort);
    if let Some(by) = view.group {
        return groups(ctx, query, by, part).await;
    }
    let list = format!("connections {} {}", sort.written(), query.text);
    let mut from = part
        .cursor
        .as_deref()
        .map(|c| cursor::read(&list, c))
        .transpose()?;
    let ops = ctx.reading()?;
    let (level, now) = (ctx.level(), ops.now());
    let mut left = limit(ctx, part);
    if ctx.out.pick.count {
        let size = ops.connection_size(&query, counted(ctx)).await?;
        return Printer::<ConnectionRow>::begin(&mut ctx.out, now, exact(size))?.end(None);
    }
    let ask = |from, left: u64| {
        let limit = rows_of(left);
        let (ops, list) = (
            ops.clone(),
            List {
                query: query.clone(),
                sort,
                from,
                limit,
            },
        );
        tokio::spawn(async move { ops.connections(list, level).await })
    };
    let closed = |_| crate::store::Error::Closed;
    let mut page = ask(from.clone(), left).await.map_err(closed)??;
    let size = match told(&page, from.as_ref()) {
        Some(count) => Size { count, exact: true },
        None => ops.connection_size(&query, BESIDE).await?,
    };
    let mut printer = Printer::begin(&mut ctx.out, now, exact(size))?;
    let next = loop {
        left = left.saturating_sub(page.rows.len() as u64);
        from = page.last.clone();
        let on = page.more && left > 0;
        // read the next page while this one is printed
        let coming = on.then(|| ask(from.clone(), left));
        printer.rows(&page.rows)?;
        match coming {
            Some(coming) => page = coming.await.map_err(closed)??,
            None => {
                break from
                    .filter(|_| page.more)
                    .map(|anchor| cursor::write(&list, &anchor));
            }
        }
    };
    let count = printer.count();
    printer.end(next.clone())?;
    if next.is_some() && ctx.out.for_people() {
        let more = if size.exact { "" } else { "+" };
        ctx.out
            .say(&format!("{count} of {}{more} shown", size.count));
    }
    Ok(())
}

/// How many there are of each value of a field.
async fn groups(
    ctx: &mut Context,
    query: Query,
    field: GroupField,
    part: &Part,
) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let limit = rows_of(limit(ctx, part));
    let (groups, more) = ops.groups(query, field, limit, ctx.level()).await?;
    let size = (!more).then_some(groups.len() as u64);
    whole(&mut ctx.out, ops.now(), size, &groups)?;
    if more && ctx.out.for_people() {
        ctx.out.say("there are more; --limit shows more");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::views::SortField;

    #[test]
    fn sort_reads_field_and_direction() {
        for (text, field, reversed) in [
            ("attention", SortField::Mover, false),
            ("lastUsed", SortField::LastUsed, false),
            ("lastUsed:desc", SortField::LastUsed, false),
            ("last:asc", SortField::LastUsed, true),
            ("user:desc", SortField::User, true),
        ] {
            assert_eq!(
                order(Some(text)).unwrap(),
                Sort::by(field, reversed),
                "{text}"
            );
        }
        for bad in ["users:up", "statsu", "user:down", ""] {
            assert_eq!(order(Some(bad)).unwrap_err().verdict().0, 2, "{bad}");
        }
    }
}
