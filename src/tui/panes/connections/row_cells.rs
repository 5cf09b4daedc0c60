//! One row of the list as cells, made when the row arrives; ages are drawn, because they move with the clock.

use crate::domain::connection::Method;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::{self, Level};
use crate::domain::rows::ConnectionRow;
use crate::domain::text::Shown;
use crate::domain::views::{Anchor, Placed};

/// The longest part of a stored text that is looked at for a cell.
pub(crate) const CELL_CHARS: usize = 120;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    #[default]
    Settled,
    /// What decides its place has changed.
    Moved,
    /// It stands elsewhere by now, and is kept here for the cursor.
    Elsewhere,
    /// The filter no longer lets it through.
    Left,
    /// It is not there any more, since this running time.
    Gone(u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) row: ConnectionRow,
    /// Its place in the list when it was put there.
    pub(crate) at: Anchor,
    pub(crate) bank: Shown,
    /// The user's name as the privacy level allows it; the end of the id where there is none.
    pub(crate) user: Shown,
    pub(crate) id: Shown,
    /// The step the newest job stands at, or what became of it.
    pub(crate) job: Shown,
    pub(crate) standing: Standing,
}

impl Line {
    pub(crate) fn of(placed: Placed, level: Level) -> Self {
        let Placed { at, row } = placed;
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
            at,
            row,
        }
    }

    pub(crate) fn id(&self) -> &ConnectionId {
        &self.row.id
    }

    pub(crate) fn gone(&self) -> bool {
        matches!(self.standing, Standing::Gone(_))
    }

    fn standing_by(&self, placed: &Placed, left: bool) -> Standing {
        match self.standing {
            _ if left => Standing::Left,
            Standing::Elsewhere => Standing::Elsewhere,
            _ if placed.at != self.at => Standing::Moved,
            _ => Standing::Settled,
        }
    }

    /// Takes the row's new facts; it keeps its place and is marked when the order or the filter says otherwise.
    pub(crate) fn renew(&mut self, placed: &Placed, left: bool, level: Level) {
        let standing = self.standing_by(placed, left);
        let (at, row) = (self.at.clone(), placed.row.clone());
        *self = Self {
            standing,
            ..Self::of(Placed { at, row }, level)
        };
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
