//! `events [--follow]`, `events --types`, `event ID`: events, and their types.

use crate::cli::args::{EventsArgs, Format};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list_formats::{self, PAGE, Printer};
use crate::domain::edit_distance::nearest;
use crate::domain::events::{self, EventType, Kinds};
use crate::store::{Event, EventFilter};

/// The default number of rows on a terminal: the newest.
const ON_A_TERMINAL: i64 = 50;

fn kinds(entity: Option<&str>, happened: Option<&str>) -> Result<Kinds, Failure> {
    events::kinds(entity, happened).map_err(|word| {
        let words = events::words();
        let hint = nearest(word, words.iter().map(String::as_str)).map_or_else(
            || "`switchboard events --types` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Failure::Usage(format!("no event is called `{word}`; {hint}"))
    })
}

fn types(ctx: &mut Context, only: Option<Vec<&'static EventType>>) -> Result<(), Failure> {
    let types: Vec<_> = only
        .unwrap_or_else(|| events::TYPES.iter().collect())
        .into_iter()
        .copied()
        .collect();
    // the types do not depend on the time
    let now = ctx.clock().now();
    list_formats::whole(&mut ctx.out, now, Some(types.len() as u64), &types)
}

pub(crate) async fn one(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let id = ops.resolve_event(id).await?;
    let detail = ops.event(&id, ctx.level()).await?;
    let document = || documents::event_detail(&detail);
    if list_formats::single(&mut ctx.out, &detail.event, document)? {
        return Ok(());
    }
    ctx.out.text(&documents::pretty(&document()))
}

pub(crate) async fn run(ctx: &mut Context, args: &EventsArgs) -> Result<(), Failure> {
    let types = kinds(args.entity.as_deref(), args.happened.as_deref())?.only;
    if args.types {
        return self::types(ctx, types);
    }
    let (follow, limit) = (args.follow, args.limit);
    if follow && ctx.out.manner.form == Format::Json {
        return Err(Failure::Usage(
            "--follow has no end, so it is no document; use --jsonl".into(),
        ));
    }
    let ops = ctx.reading()?;
    let user = match &args.user {
        Some(user) => Some(ops.resolve_user(user).await?),
        None => None,
    };
    let everything = user.is_none() && types.is_none();
    let filter = EventFilter { user, types };
    let last = ops.last_event().await?;
    // of some only, so many places back need hold none
    let newest = if ctx.out.terminal && limit.is_none() && everything {
        ON_A_TERMINAL
    } else {
        i64::MAX
    };
    let mut seq = args
        .since
        .unwrap_or_else(|| last.saturating_sub(newest).max(0))
        .max(0);
    let mut left = limit.unwrap_or(u64::MAX);
    let mut wakes = ops.store.wakes();
    let size = match ctx.out.manner.form {
        // those after a place are counted one by one
        _ if ctx.out.pick.count && args.since.is_some() => None,
        _ if ctx.out.pick.count => Some(ops.event_size(&filter).await?),
        Format::Json => Some(ops.event_size(&filter).await?),
        Format::Table | Format::Jsonl | Format::Csv => None,
    };
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), size)?;
    if printer.knows_enough() {
        return printer.end(None);
    }
    loop {
        wakes.mark_unchanged();
        let events: Vec<Event> = ops
            .events_like(
                &filter,
                seq,
                usize::try_from(left).unwrap_or(PAGE).min(PAGE),
            )
            .await?;
        printer.rows(&events)?;
        left = left.saturating_sub(events.len() as u64);
        if let Some(event) = events.last() {
            seq = event.seq;
        }
        match (left, events.is_empty(), follow) {
            (0, ..) | (_, true, false) => return printer.end(None),
            (_, true, true) => {
                printer.flush()?;
                ops.committed(&mut wakes).await?;
            }
            (_, false, _) => {}
        }
    }
}
