//! Prints a list page by page, with limit and cursor. `connections` has its own loop, which reads ahead.

use crate::cli::args::Part;
use crate::cli::context::Context;
use crate::cli::cursor;
use crate::cli::exit::Failure;
use crate::cli::list_formats::{Listed, PAGE, Printer};
use crate::domain::views::{Anchor, Page, Size};
use crate::ops::{Ops, Result};

const ON_A_TERMINAL: u64 = 50;

/// The most matches that are counted; more than any database holds.
const COUNTED: u64 = 1 << 40;

/// How far the rows beside a page are counted: further takes longer than the page.
pub(crate) const BESIDE: u64 = 100_000;

/// How far the rows of a list are counted: to their end where only their number is asked for.
pub(crate) fn counted(ctx: &Context) -> u64 {
    match ctx.out.pick.count {
        true => COUNTED,
        false => BESIDE,
    }
}

/// The size of a list; none where counting stopped.
pub(crate) fn exact(size: Size) -> Option<u64> {
    size.exact.then_some(size.count)
}

pub(crate) fn limit(ctx: &Context, part: &Part) -> u64 {
    part.limit
        .unwrap_or(if ctx.out.terminal && ctx.out.for_people() {
            ON_A_TERMINAL
        } else {
            u64::MAX
        })
}

pub(crate) fn page(left: u64) -> usize {
    usize::try_from(left).unwrap_or(PAGE).min(PAGE)
}

/// How many rows a list has, when its first page says so by being the last.
pub(crate) fn told<T>(first: &Page<T>, from: Option<&Anchor>) -> Option<u64> {
    (from.is_none() && !first.more).then_some(first.rows.len() as u64)
}

/// `size` counts the rows in all, if they can be counted, and is asked only when the first page does not tell it; `ask`
/// reads the page after an anchor.
pub(crate) async fn print<T: Listed, A: Future<Output = Result<Page<T>>>>(
    ctx: &mut Context,
    ops: &Ops,
    list: &str,
    part: &Part,
    size: impl Future<Output = Result<Option<u64>>>,
    ask: impl Fn(Option<Anchor>, usize) -> A,
) -> std::result::Result<(), Failure> {
    let mut from = part
        .cursor
        .as_deref()
        .map(|c| cursor::read(list, c))
        .transpose()?;
    let mut left = limit(ctx, part);
    let mut first = None;
    if !ctx.out.pick.count {
        first = Some(ask(from.clone(), page(left)).await?);
    }
    let size = match first.as_ref().and_then(|page| told(page, from.as_ref())) {
        Some(size) => Some(size),
        None => size.await?,
    };
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), size)?;
    let next = loop {
        if printer.knows_enough() {
            break None;
        }
        let page = match first.take() {
            Some(page) => page,
            None => ask(from, page(left)).await?,
        };
        printer.rows(&page.rows)?;
        left = left.saturating_sub(page.rows.len() as u64);
        if !page.more || left == 0 {
            break page
                .last
                .filter(|_| page.more)
                .map(|anchor| cursor::write(list, &anchor));
        }
        from = page.last;
    };
    printer.end(next)
}
