//! What stands together in help, in its order: what acts first, then finding, looking, going, moving; signs and words last.

use super::{Entry, Line};
use crate::domain::connection::Label;
use crate::tui::action::Action;
use crate::tui::glyphs::{CURSOR, MARK, MOVED, Signs, TAKEN};
use Action as A;

/// Heading and actions; an action that stands in none comes under the last heading.
const GROUPS: &[(&str, &[Action])] = &[
    (
        "ACT on marked ones, else the row",
        &[
            A::Refresh,
            A::Purge,
            A::Revoke,
            A::Why,
            A::TakeBack,
            A::Hold,
            A::Invite,
            A::Answer,
            A::UpdateCredentials,
            A::Authorise,
            A::Migrate,
            A::Connect,
            A::RefreshUser,
            A::Erase,
            A::Take,
            A::Snooze,
            A::Note,
        ],
    ),
    (
        "FIND",
        &[
            A::AttentionNext,
            A::AttentionPrevious,
            A::Filter,
            A::Sort,
            A::Group,
            A::Columns,
            A::Views,
            A::ViewSave,
            A::ViewDelete,
            A::Palette,
        ],
    ),
    ("MARK", &[A::Mark, A::MarkRange, A::MarkShown, A::MarkClear]),
    (
        "LOOK",
        &[
            A::Open,
            A::Back,
            A::Timeline,
            A::Follow,
            A::Copy,
            A::Raw,
            A::Messages,
            A::Privacy,
        ],
    ),
    (
        "GO TO",
        &[
            A::PageActivity,
            A::PageCauses,
            A::PageBanks,
            A::PageJobs,
            A::PagePeople,
            A::PageAudit,
            A::PageSince,
            A::PaneConnections,
            A::PaneProfile,
            A::PaneJobs,
            A::PaneNext,
            A::PanePrevious,
            A::Zoom,
        ],
    ),
    (
        "MOVE",
        &[
            A::MoveDown,
            A::MoveUp,
            A::MoveTop,
            A::MoveEnd,
            A::HalfPageDown,
            A::HalfPageUp,
            A::PageDown,
            A::PageUp,
        ],
    ),
    (
        "PROGRAM",
        &[
            A::Help,
            A::Reload,
            A::Redraw,
            A::Suspend,
            A::Quit,
            A::QuitNow,
        ],
    ),
];

const SIGNS: &str = "SIGNS";
const WORDS: &str = "WORDS";

/// What a word on the board means.
const MEANINGS: &[(&str, &str)] = &[
    (
        "ours",
        "we have to act next; the bank, the user: they have to",
    ),
    ("WHY", "why it is so, in two or three words"),
    ("SINCE", "since when it is so"),
    ("ASKED", "when the bank was asked last"),
    ("LAST 7", "the last seven fetches, the newest at the right"),
    (
        "VIA",
        "web: we sign in for the user; ob: open banking, the user consents at the bank",
    ),
    ("2/84", "the second of at most 84 tries"),
    ("PII", "how much of people is hidden"),
];

/// The keys of a place under their headings, then the legend.
pub(super) fn entries(lines: &[Line], signs: Signs) -> Vec<Entry> {
    let last = GROUPS.last().map_or("", |(heading, _)| heading);
    let known = |action: Action| GROUPS.iter().any(|(_, all)| all.contains(&action));
    let entry = |group: &'static str, line: &Line| Entry {
        group,
        keys: line.keys.clone(),
        words: line.action.words().to_owned(),
        name: line.action.name(),
        off: line.off.clone(),
        run: Some(line.action),
    };
    let grouped = GROUPS.iter().flat_map(|(heading, actions)| {
        let found = |action: &Action| lines.iter().find(|line| line.action == *action);
        let found = actions.iter().filter_map(found);
        found.map(|line| entry(heading, line)).collect::<Vec<_>>()
    });
    let others = lines.iter().filter(|line| !known(line.action));
    let others = others.map(|line| entry(last, line));
    grouped.chain(others).chain(legend(signs)).collect()
}

fn legend(signs: Signs) -> impl Iterator<Item = Entry> {
    let label = move |label: Label| {
        let sign = signs.label(label);
        let words = match label {
            Label::Active => "it works; of a job: done",
            Label::Invalid => "it worked, and its last fetch failed",
            Label::Failed => "it never worked; of a job: failed",
            Label::PreInit => "the user has to authorise it at the bank",
            Label::Init => "its first data is fetched; of a job: running",
            Label::Pending => "its first job has not ended; of a job: waiting",
            Label::Deleted => "revoked: the link is ended, the data is kept",
        };
        (SIGNS, sign, format!("{}: {words}", label.word()))
    };
    let others = [
        (CURSOR, "the cursor"),
        (MARK, "marked"),
        (MOVED, "it would stand elsewhere in this order now"),
        (TAKEN, "somebody works on it"),
    ];
    let others = others.map(|(sign, words)| (SIGNS, sign, words.to_owned()));
    let meanings = MEANINGS
        .iter()
        .map(|(word, words)| (WORDS, *word, (*words).to_owned()));
    let all = Label::ALL
        .into_iter()
        .map(label)
        .chain(others)
        .chain(meanings);
    all.map(|(group, keys, words)| Entry {
        group,
        keys: keys.to_owned(),
        words,
        name: "",
        off: None,
        run: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keymap::Keymap;
    use crate::tui::layer::Layer;

    #[test]
    fn every_key_of_a_pane_or_page_stands_under_a_heading() {
        let keymap = Keymap::standard();
        for place in [Layer::Connections, Layer::Page, Layer::Job] {
            let bound = place.stack().iter().flat_map(|it| keymap.bindings_of(*it));
            for binding in bound {
                let action = binding.action;
                let stands = GROUPS.iter().any(|(_, all)| all.contains(&action));
                assert!(stands, "{}", action.name());
            }
        }
    }
}
