//! What changed since an operator last looked: by cause, and no longer than there is room for.

use super::connection::{Label, Method};
use super::ids::{ConnectionId, InstitutionId};
use super::job::Title;
use super::moment::Moment;
use super::words::words;
use std::collections::BTreeMap;

/// Who was away for less has not left.
const AWAY_MS: i64 = 30 * 60_000;

/// How far back it is told of when nothing is known of an earlier look.
const DAY_MS: i64 = 86_400_000;

/// When somebody looked last: in this sitting, and at the end of the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Looked {
    pub(crate) last: Moment,
    pub(crate) before: Option<Moment>,
}

impl Looked {
    /// They look now. A look after a while begins a new sitting.
    pub(crate) fn again(earlier: Option<Self>, now: Moment) -> Self {
        let before = earlier.and_then(|it| it.left(now));
        Self { last: now, before }
    }

    /// When they left the sitting before this one; looking again does not move it.
    pub(crate) fn left(self, now: Moment) -> Option<Moment> {
        match now.since(self.last) > AWAY_MS {
            true => Some(self.last),
            false => self.before,
        }
    }
}

words! {
    /// Since when it is told.
    From [word] {
        Given "given";
        Look "last-look";
        Day "day";
    }
}

impl From {
    /// What was asked for, else the last look, else a day ago.
    pub(crate) fn choose(
        given: Option<Moment>,
        looked: Option<Looked>,
        now: Moment,
    ) -> (Self, Moment) {
        let left = looked.and_then(|it| it.left(now));
        match (given, left) {
            (Some(at), _) => (From::Given, at),
            (None, Some(at)) => (From::Look, at),
            (None, None) => (From::Day, now.plus_ms(-DAY_MS)),
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            From::Given => "as asked",
            From::Look => "when you left",
            From::Day => "the last 24 hours; no earlier look of yours is known",
        }
    }
}

words! {
    /// In the order in which it is told.
    What [word about] {
        Incident "incident" "trouble of banks that began or ended";
        Broke "broke" "what works no more, by cause";
        Yours "yours" "what you took or put off, and what became of it";
        Healed "healed" "what works again";
        New "new" "what works for the first time";
        Revoked "revoked" "what was ended for good";
        Consent "consent" "consents that ended";
        Hold "hold" "holds that began or ended";
        Act "act" "what others did, or were refused";
    }
}

/// What changed alike, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) what: What,
    pub(crate) count: u64,
    pub(crate) text: String,
    /// Who did it, where that is known.
    pub(crate) by: String,
    pub(crate) last: Moment,
    /// Finds the connections; none where there are none, or several sorts of them.
    pub(crate) filter: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Digest {
    pub(crate) from: From,
    pub(crate) since: Moment,
    pub(crate) now: Moment,
    /// In order: by what it is, the largest first.
    pub(crate) changes: Vec<Change>,
    /// More changed than is looked at; the newest were.
    pub(crate) cut: bool,
}

/// A connection that has had another status since then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changed {
    pub(crate) connection: ConnectionId,
    pub(crate) institution: InstitutionId,
    pub(crate) institution_name: String,
    pub(crate) method: Method,
    pub(crate) label: Label,
    pub(crate) since: Moment,
    /// Whether it was made since then.
    pub(crate) made: bool,
    /// Whether it became active first of all; none when it did not become active or invalid.
    pub(crate) rose: Option<bool>,
    /// Whether a fetch had ended before, and whether one had failed.
    pub(crate) tried: bool,
    pub(crate) failed: bool,
    /// Whether whoever asks has taken it on, or had put it off.
    pub(crate) taken: bool,
    pub(crate) put_off: bool,
    /// What its newest fetch failed with.
    pub(crate) step: Option<Title>,
    pub(crate) code: Option<String>,
}

impl Changed {
    /// The difference between then and now; none where both are alike, whatever was between.
    fn what(&self) -> Option<What> {
        let worked = self.rose == Some(false);
        match self.label {
            Label::Deleted => Some(What::Revoked),
            Label::Active if worked => None,
            Label::Active if self.made || !self.tried => Some(What::New),
            Label::Active => Some(What::Healed),
            Label::Invalid if !self.made && self.rose == Some(true) => None,
            Label::Failed if !self.made && self.failed => None,
            Label::Invalid | Label::Failed => Some(What::Broke),
            Label::PreInit | Label::Init | Label::Pending => None,
        }
    }

    fn text(&self, what: What) -> String {
        let place = format!("{} ({})", self.institution_name, self.method.short());
        match (what, &self.code) {
            (What::Broke, Some(code)) => match &self.step {
                Some(step) => format!("{place}  {}  {code}", step.short()),
                None => format!("{place}  {code}"),
            },
            (What::Broke, None) => format!("{place}  no failure recorded"),
            _ => place,
        }
    }

    fn filter(&self, what: What, then: Moment) -> String {
        let place = format!("bank={} via:{}", self.institution, self.method.short());
        let label = self.label.word();
        let failed = match (what, &self.step, &self.code) {
            (What::Broke, Some(step), Some(code)) => {
                format!(" step:{} error:{code}", step.word())
            }
            (What::Broke, None, Some(code)) => format!(" error:{code}"),
            _ => String::new(),
        };
        let then = Moment(then.0.div_euclid(1_000) * 1_000).rfc3339();
        let made = match (what, self.made) {
            (What::New, true) => format!(" created>{then}"),
            (What::Healed, _) => format!(" created<={then}"),
            _ => String::new(),
        };
        format!("{place} status:{label}{failed} since>{then}{made}")
    }

    fn yours(&self) -> Change {
        let how = match (self.taken, self.put_off) {
            (true, true) => "you took it and put it off",
            (true, false) => "you took it",
            (false, _) => "you put it off",
        };
        let (id, bank, label) = (
            self.connection.short(),
            &self.institution_name,
            self.label.word(),
        );
        Change {
            what: What::Yours,
            count: 1,
            text: format!("{id} {bank}: {how}, now {label}"),
            by: String::new(),
            last: self.since,
            filter: Some(format!("id:{}", self.connection)),
        }
    }
}

/// The connections that changed, by cause.
pub(crate) fn by_cause(changed: &[Changed], then: Moment) -> Vec<Change> {
    let mut found: BTreeMap<(What, String), Change> = BTreeMap::new();
    let mut yours = vec![];
    for one in changed {
        if one.taken || one.put_off {
            yours.push(one.yours());
        }
        let Some(what) = one.what() else { continue };
        let filter = one.filter(what, then);
        let change = found.entry((what, filter.clone())).or_insert(Change {
            what,
            count: 0,
            text: one.text(what),
            by: String::new(),
            last: one.since,
            filter: Some(filter),
        });
        change.count += 1;
        change.last = change.last.max(one.since);
    }
    found.into_values().chain(yours).collect()
}

/// In the order in which they are told.
pub(crate) fn in_order(mut changes: Vec<Change>) -> Vec<Change> {
    let key = |it: &Change| {
        let (count, last) = (std::cmp::Reverse(it.count), std::cmp::Reverse(it.last));
        (it.what, count, last, it.text.clone())
    };
    changes.sort_by_cached_key(key);
    changes
}

/// At most so many lines, though at least one of each sort; what has no line of its own is counted in the last.
pub(crate) fn fit(changes: &[Change], most: usize) -> Vec<Change> {
    let sorts: Vec<&[Change]> = changes.chunk_by(|a, b| a.what == b.what).collect();
    let mut shown: Vec<usize> = sorts.iter().map(|sort| sort.len()).collect();
    while shown.iter().sum::<usize>() > most {
        // causes are what it is read for, so they keep three lines for one of another sort; of two of a length the later
        // one gives way
        let weight = |at: usize| match sorts[at][0].what {
            What::Broke => shown[at] / 3,
            _ => shown[at],
        };
        let longer = (0..shown.len()).filter(|at| shown[*at] > 1);
        match longer.max_by_key(|at| (weight(*at), *at)) {
            Some(at) => shown[at] -= 1,
            None => break,
        }
    }
    let mut lines = vec![];
    for (sort, shown) in sorts.into_iter().zip(shown) {
        if sort.len() == shown {
            lines.extend_from_slice(sort);
            continue;
        }
        let (first, rest) = sort.split_at(shown.saturating_sub(1));
        lines.extend_from_slice(first);
        lines.extend(together(rest, first.is_empty()));
    }
    lines
}

fn together(rest: &[Change], all: bool) -> Option<Change> {
    let what = rest.first()?.what;
    let more = if all { "" } else { "more " };
    let n = rest.len();
    let text = match what {
        What::Broke => format!("{n} {more}causes"),
        What::Healed | What::New | What::Revoked => format!("at {n} {more}banks and ways"),
        What::Yours => format!("{n} {more}that you took or put off"),
        What::Incident | What::Consent | What::Hold | What::Act => format!("{n} {more}lines"),
    };
    Some(Change {
        what,
        count: rest.iter().map(|it| it.count).sum(),
        text,
        by: String::new(),
        last: rest.iter().map(|it| it.last).max()?,
        filter: None,
    })
}

#[cfg(test)]
mod tests;
