//! What is said when the board is left: what was ordered in this sitting, what is still open, and how to see more.

use crate::domain::counts::count;
use crate::domain::time_format;
use crate::tui::model::Model;
use crate::tui::panes::messages::Message;

/// The most orders that are named.
const NAMED: usize = 8;

/// The lines, none where nothing was ordered. `stays` is false where the database goes with the board.
pub(crate) fn lines(model: &Model, stays: bool) -> Vec<String> {
    let orders = model.notices.all.iter().filter(|it| it.command.is_some());
    let orders: Vec<&Message> = orders.collect();
    let Some(first) = orders.last() else {
        return vec![];
    };
    let since = time_format::age(first.when, model.now);
    let mut lines = vec![format!(
        "{} in this session, the first {since} ago:",
        count(orders.len() as u64, "order")
    )];
    let left_out = orders.len().saturating_sub(NAMED);
    if left_out > 0 {
        lines.push(format!("  ... {left_out} before these"));
    }
    for order in orders.iter().take(NAMED).rev() {
        let what = order
            .text
            .trim_end_matches('.')
            .trim_end_matches(": ordered");
        let when = model.zone.when(order.when, model.now);
        lines.push(match order.command.as_ref().filter(|_| stays) {
            Some(command) => format!("  {when}  {what:<36}  {command}"),
            None => format!("  {when}  {what}"),
        });
    }
    let open: Vec<String> = model
        .endings
        .open()
        .map(|id| id.short().to_owned())
        .collect();
    match (open.first(), stays) {
        (None, _) => lines.push("Nothing of it is still open.".into()),
        (Some(_), false) => lines.push(format!("{} had not ended.", count(open.len() as u64, "job"))),
        (Some(job), true) => lines.push(format!(
            "{} still open: {}. They go on where a board, `serve` or `work` runs; `switchboard job {job} --follow` shows one.",
            count(open.len() as u64, "job"),
            open.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", "),
        )),
    }
    lines.push(match stays {
        true => "`switchboard audit` has every line of it.".into(),
        false => "The made-up database is gone; `switchboard demo --keep FILE` keeps one.".into(),
    });
    lines
}
