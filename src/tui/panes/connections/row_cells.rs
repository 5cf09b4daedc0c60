//! One row of the list as cells, made when the row arrives; ages are drawn, because they move with the clock.

use crate::domain::connection::Method;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::{self, Level};
use crate::domain::text::Shown;
use crate::domain::views::{ConnectionRow, Sort, SortField};

/// The longest part of a stored text that is looked at for a cell.
pub(crate) const CELL_CHARS: usize = 120;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    #[default]
    Settled,
    /// It would stand elsewhere, or no longer matches the filter.
    Moved,
    /// It is not there any more, since this running time.
    Gone(u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) row: ConnectionRow,
    pub(crate) bank: Shown,
    /// The user's name as the privacy level allows it; the end of the id where there is none.
    pub(crate) user: Shown,
    pub(crate) id: Shown,
    /// The step the newest job stands at, or what became of it.
    pub(crate) job: Shown,
    pub(crate) standing: Standing,
}

impl Line {
    pub(crate) fn of(row: ConnectionRow, level: Level) -> Self {
        let cell = |text: &str| Shown::of_limited(text, CELL_CHARS);
        let name: String = row.user_name.chars().take(CELL_CHARS).collect();
        let user = match mask::user_name(&name, level) {
            name if name.trim().is_empty() => cell(row.user.short()),
            name => Shown::of(&name),
        };
        Self {
            bank: cell(&row.institution_name),
            user,
            id: cell(row.id.short()),
            job: cell(&job_words(&row)),
            standing: Standing::Settled,
            row,
        }
    }

    pub(crate) fn id(&self) -> &ConnectionId {
        &self.row.id
    }

    pub(crate) fn gone(&self) -> bool {
        matches!(self.standing, Standing::Gone(_))
    }

    /// Takes the row's new facts; it keeps its place and is marked when the order says otherwise.
    pub(crate) fn renew(&mut self, row: ConnectionRow, sort: Sort, left: bool, level: Level) {
        let moved =
            left || self.standing == Standing::Moved || order(&self.row, sort) != order(&row, sort);
        *self = Self::of(row, level);
        if moved {
            self.standing = Standing::Moved;
        }
    }
}

fn job_words(row: &ConnectionRow) -> String {
    use crate::domain::job::{Label, State};
    let Some(job) = &row.last_job else {
        return "none".into();
    };
    if let Some(words) = row.sign_in_words().filter(|_| !job.state.open()) {
        return words;
    }
    match (job.state, job.label) {
        (_, Label::Success) if job.kind.fetches() => "done".into(),
        (_, Label::Success) => format!("{} done", job.kind.word()),
        (State::Cancelled, _) => format!("{} cancelled", job.kind.word()),
        (_, Label::Failed) => job.step.short().to_owned(),
        (State::Queued, _) => "queued".into(),
        // how long still is told when it is drawn; what waits for no time waits for the user
        (State::Paused, _) if row.method == Method::OpenBanking => "awaits user".into(),
        (State::Paused, _) => "paused".into(),
        (State::WaitingRetry, _) => format!("retries {}", job.step.short()),
        (State::WaitingMfa, _) => "asks the user".into(),
        _ => format!("{}/{} {}", job.position, job.of, job.step.short()),
    }
}

/// What decides a row's place, as in the store; here it only tells whether a row would stand elsewhere.
fn order(row: &ConnectionRow, sort: Sort) -> (u8, i64, String) {
    let last = row.last_used.0;
    match sort.field {
        SortField::Attention => (u8::from(row.attention), last, String::new()),
        SortField::LastUsed => (0, last, String::new()),
        SortField::Status => (row.label as u8, last, String::new()),
        SortField::Bank => (0, last, row.institution_name.clone()),
        SortField::User => (0, last, row.user.as_str().to_owned()),
        SortField::Job => (
            0,
            0,
            row.last_job
                .as_ref()
                .map(|j| j.id.as_str().to_owned())
                .unwrap_or_default(),
        ),
    }
}
