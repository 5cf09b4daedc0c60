//! `Need::attention` of `domain/diagnosis` as SQL. A test compares both over every combination of facts.

use crate::domain::connection::{Label, Method};
use crate::domain::diagnosis::ENDING_SOON_MS;
use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::store::codec::{ACTIVE, ATTENTION, Coded, FETCHES};

/// Whether somebody has to act on the connection `c`.
pub(in crate::store) fn test(now: Moment) -> String {
    format!(
        "((c.urgency <= {ATTENTION} AND NOT {calm}) OR (c.urgency > {ATTENTION} AND {raised}))",
        calm = calm(now),
        raised = raised(now)
    )
}

/// Lets through all that [`test`] does, by indexes.
pub(in crate::store) fn driver(now: Moment) -> String {
    format!("(c.urgency <= {ATTENTION} OR {})", raised(now))
}

/// Whether what is wrong with `c` is being dealt with by a job, so that nobody has to act.
pub(in crate::store) fn calm(now: Moment) -> String {
    let ended = format!(
        "(c.method = {} AND coalesce(c.expiry <= {}, 0))",
        Method::OpenBanking.code(),
        now.0
    );
    format!(
        "EXISTS (SELECT 1 FROM jobs f WHERE f.connection_n = c.n AND f.open = 1 AND f.kind <= {FETCHES}
          AND (f.state = {queued} OR (f.state = {running} AND NOT coalesce(f.due < {now}, 0))
            OR (c.label <> {pre_init} AND (f.state = {retry}
              OR (f.state = {paused} AND (f.due IS NOT NULL OR c.method = {web})))))
          AND (c.label = {pre_init} OR NOT {ended}))",
        queued = State::Queued.code(),
        running = State::Running.code(),
        retry = State::WaitingRetry.code(),
        paused = State::Paused.code(),
        web = Method::Web.code(),
        pre_init = Label::PreInit.code(),
        now = now.0,
    )
}

/// Whether `c`, which is not broken by its status, needs somebody all the same.
pub(in crate::store) fn raised(now: Moment) -> String {
    format!(
        "((c.label <> {deleted} AND c.n IN (
            SELECT f.connection_n FROM jobs f WHERE f.open = 1 AND f.kind <= {FETCHES}
              AND f.state = {running} AND f.due < {now}))
          OR (c.method = {ob} AND c.label <> {deleted} AND c.n IN (
            SELECT f.connection_n FROM jobs f WHERE f.open = 1 AND f.kind <= {FETCHES}
              AND f.state = {paused} AND f.due IS NULL))
          OR (c.guarded = 1 AND c.label = {active})
          OR (c.expiry IS NOT NULL AND c.status = {ACTIVE} AND c.method = {ob} AND c.expiry < {soon}))",
        deleted = Label::Deleted.code(),
        active = Label::Active.code(),
        ob = Method::OpenBanking.code(),
        running = State::Running.code(),
        paused = State::Paused.code(),
        now = now.0,
        soon = now.0.saturating_add(ENDING_SOON_MS),
    )
}
