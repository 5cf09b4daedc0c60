//! `Need::attention` of `domain/diagnosis` as SQL. A test compares both over every combination of facts.

use crate::domain::connection::{Label, Method, Origin};
use crate::domain::diagnosis::ENDING_SOON_MS;
use crate::domain::failure_codes::LACKS;
use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::store::codec::{ACTIVE, ACTS, ATTENTION, Coded, FETCHES};

/// Whether somebody has to act on the connection `c`.
pub(in crate::store) fn test(now: Moment) -> String {
    format!("(NOT {} AND {})", quiet(now), unquieted(now))
}

/// The same, whether an operator wanted to be told of it now or not.
fn unquieted(now: Moment) -> String {
    format!(
        "((c.urgency <= {ATTENTION} AND NOT {}) OR {})",
        calm(now),
        raised(now)
    )
}

/// Whether an operator has put `c` off until later.
fn quiet(now: Moment) -> String {
    format!("coalesce(c.snoozed > {}, 0)", now.0)
}

/// Lets through all that [`test`] does, by indexes: those that were judged so, and those that time may have changed since.
pub(in crate::store) fn driver(now: Moment) -> String {
    format!(
        "(c.mover <= {ACTS} OR (c.judge_at IS NOT NULL AND c.judge_at <= {}))",
        now.0
    )
}

/// Whether a job deals with what is wrong with `c`, or somebody else runs one, so that nobody here has to act.
pub(in crate::store) fn calm(now: Moment) -> String {
    let ended = format!(
        "(c.method = {} AND coalesce(c.expiry <= {}, 0))",
        Method::OpenBanking.code(),
        now.0
    );
    format!(
        "EXISTS (SELECT 1 FROM jobs f WHERE f.connection_n = c.n AND f.open = 1 AND f.kind <= {FETCHES}
          AND (c.label = {pre_init} OR NOT {ended})
          AND ((c.origin <> {sandbox} AND NOT (c.origin = {live} AND f.state = {mfa})) OR f.state = {queued}
            OR (f.state = {running} AND NOT coalesce(f.due < {now}, 0))
            OR (c.label <> {pre_init} AND (f.state = {retry} OR (f.state = {paused} AND f.due IS NOT NULL)))))",
        sandbox = Origin::Sandbox.code(),
        live = Origin::Live.code(),
        mfa = State::WaitingMfa.code(),
        queued = State::Queued.code(),
        running = State::Running.code(),
        retry = State::WaitingRetry.code(),
        paused = State::Paused.code(),
        pre_init = Label::PreInit.code(),
        now = now.0,
    )
}

/// Whether `c` needs somebody whatever its status is.
fn raised(now: Moment) -> String {
    let lacks: Vec<String> = LACKS.iter().map(|code| format!("'{code}'")).collect();
    format!(
        "((c.label <> {deleted} AND c.origin = {sandbox} AND c.n IN (
            SELECT f.connection_n FROM jobs f WHERE f.open = 1 AND f.kind <= {FETCHES}
              AND f.state = {running} AND f.due < {now}))
          OR (c.label <> {deleted} AND c.origin = {sandbox} AND c.n IN (
            SELECT f.connection_n FROM jobs f WHERE f.open = 1 AND f.kind <= {FETCHES}
              AND f.state = {paused} AND f.due IS NULL))
          OR (c.label = {active} AND c.n IN (
            SELECT l.connection_n FROM jobs l WHERE l.code IS NOT NULL AND l.code IN ({lacks})
              AND l.kind <= {FETCHES} AND l.state = {failed}
              AND l.n = (SELECT k.job_n FROM connections k WHERE k.n = l.connection_n)))
          OR (c.guarded = 1 AND c.label = {active})
          OR (c.expiry IS NOT NULL AND c.status = {ACTIVE} AND c.method = {ob} AND c.expiry < {soon}))",
        deleted = Label::Deleted.code(),
        sandbox = Origin::Sandbox.code(),
        active = Label::Active.code(),
        ob = Method::OpenBanking.code(),
        running = State::Running.code(),
        paused = State::Paused.code(),
        failed = State::Failed.code(),
        lacks = lacks.join(", "),
        now = now.0,
        soon = now.0.saturating_add(ENDING_SOON_MS),
    )
}
