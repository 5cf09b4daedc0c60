//! The hints of the footer for each place, with the keys bound now; what is possible is asked when drawn.

use crate::tui::action::Action;
use crate::tui::keymap::Keymap;
use crate::tui::layer::Layer;
use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hint {
    pub(crate) action: Action,
    pub(crate) key: String,
    pub(crate) words: &'static str,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Hints {
    by_place: HashMap<Layer, Vec<Hint>>,
}

/// What every pane offers, the most wanted first.
const COMMON: &[(Action, &str)] = &[
    (Action::Refresh, "refresh"),
    (Action::Purge, "purge"),
    (Action::Revoke, "revoke"),
    (Action::Why, "why"),
    (Action::Open, "open"),
    (Action::Filter, "filter"),
];

const FURTHER: &[(Action, &str)] = &[
    (Action::AttentionNext, "next to act on"),
    (Action::PaneNext, "next pane"),
    (Action::Answer, "answer"),
    (Action::TakeBack, "take back"),
    (Action::Authorise, "at the bank"),
    (Action::Follow, "follow"),
    (Action::Copy, "copy"),
    (Action::Raw, "raw"),
    (Action::Timeline, "time line"),
    (Action::UpdateCredentials, "new password"),
    (Action::Hold, "hold"),
    (Action::Invite, "invite"),
    (Action::Zoom, "zoom"),
    (Action::Privacy, "privacy"),
    (Action::Messages, "messages"),
    (Action::Note, "note"),
    (Action::Take, "take on"),
    (Action::Snooze, "put off"),
    (Action::Reload, "read again"),
    (Action::Connect, "connect"),
    (Action::RefreshUser, "refresh user"),
    (Action::Migrate, "to open banking"),
    (Action::Erase, "erase user"),
];

const LAST: &[(Action, &str)] = &[
    (Action::Palette, "palette"),
    (Action::Quit, "quit"),
    (Action::Help, "help"),
];

fn table(place: Layer) -> Vec<(Action, &'static str)> {
    use Action::*;
    let own: &[(Action, &str)] = match place {
        Layer::Everywhere | Layer::Move | Layer::App => &[],
        Layer::Connections => &[
            (Mark, "mark"),
            (Sort, "sort"),
            (Columns, "columns"),
            (Group, "group"),
            (Views, "views"),
            (ViewSave, "save view"),
            (MarkRange, "range"),
            (MarkShown, "all"),
            (MarkClear, "unmark"),
        ],
        Layer::Profile | Layer::Jobs => &[(Back, "back")],
        Layer::Job => &[(Back, "back"), (Follow, "follow")],
        Layer::Page => {
            return vec![
                (Open, "its connections"),
                (Refresh, "refresh"),
                (Hold, "hold"),
                (Invite, "invite"),
                (TakeBack, "take back"),
                (Mark, "mark"),
                (Filter, "filter"),
                (MarkClear, "unmark"),
                (ViewDelete, "delete"),
                (Copy, "copy"),
                (Messages, "messages"),
                (Reload, "read again"),
                (Back, "back"),
                (Palette, "palette"),
                (Note, "note"),
                (Take, "take on"),
                (Snooze, "put off"),
                (Quit, "quit"),
                (Help, "help"),
            ];
        }
        Layer::Help | Layer::Palette => {
            return vec![
                (HelpRun, "run it"),
                (MoveDown, "down"),
                (PageDown, "page"),
                (Back, "close"),
            ];
        }
        Layer::Messages | Layer::Why => {
            return vec![
                (MoveDown, "down"),
                (PageDown, "page"),
                (Back, "close"),
                (Quit, "quit"),
                (Help, "help"),
            ];
        }
        Layer::Dialog => {
            return vec![
                (DialogYes, "yes"),
                (DialogNo, "no"),
                (DialogNext, "next"),
                (MoveDown, "scroll"),
                (Back, "cancel"),
            ];
        }
        Layer::Typed => {
            return vec![
                (DialogNext, "next"),
                (DialogPress, "press"),
                (MoveDown, "scroll"),
                (Back, "cancel"),
            ];
        }
        Layer::Filter => {
            return vec![
                (FilterAccept, "keep"),
                (FilterComplete, "complete"),
                (FilterEarlier, "earlier"),
                (Back, "undo"),
            ];
        }
        Layer::Sort => {
            return vec![
                (SortAttention, "attention"),
                (SortLastUsed, "last used"),
                (SortStatus, "status"),
                (SortBank, "bank"),
                (SortUser, "user"),
                (SortJob, "job"),
                (SortSince, "since"),
                (SortAccounts, "accounts"),
                (SortTransactions, "transactions"),
                (SortConsent, "consent end"),
                (SortVia, "method"),
                (SortCreated, "created"),
                (SortId, "id"),
                (SortThen, "second field"),
                (Back, "close"),
            ];
        }
        Layer::Columns => {
            return vec![
                (ColumnShow, "show or hide"),
                (ColumnDown, "down"),
                (ColumnUp, "up"),
                (ColumnsUsual, "usual"),
                (Back, "close"),
                (Help, "help"),
            ];
        }
        Layer::Group => {
            return vec![
                (GroupStatus, "status"),
                (GroupMover, "whose move"),
                (GroupBank, "bank"),
                (GroupVia, "method"),
                (GroupUser, "user"),
                (GroupCode, "error code"),
                (Back, "close"),
            ];
        }
        Layer::Copy => {
            return vec![
                (CopyId, "id"),
                (CopyUser, "user id"),
                (CopyLink, "link"),
                (CopyJson, "masked JSON"),
                (CopyCommand, "command"),
                (CopyText, "text for support"),
                (Back, "close"),
            ];
        }
    };
    let first = if place == Layer::Connections {
        2
    } else {
        own.len()
    };
    let further = FURTHER
        .iter()
        .filter(|(a, _)| !own.iter().any(|(o, _)| o == a));
    COMMON
        .iter()
        .chain(&own[..first])
        .chain(further)
        .chain(&own[first..])
        .chain(LAST)
        .copied()
        .collect()
}

impl Hints {
    /// The hints as the keys are bound now; an action without a key has none.
    pub(crate) fn of(keymap: &Keymap) -> Self {
        let hints = |place: Layer| {
            let hint = |(action, words)| {
                Some(Hint {
                    action,
                    key: keymap.hint(place.stack(), action)?,
                    words,
                })
            };
            table(place).into_iter().filter_map(hint).collect()
        };
        Self {
            by_place: Layer::ALL
                .into_iter()
                .map(|place| (place, hints(place)))
                .collect(),
        }
    }

    pub(crate) fn at(&self, place: Layer) -> &[Hint] {
        self.by_place.get(&place).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn key(&self, place: Layer, action: Action) -> Option<&str> {
        self.at(place)
            .iter()
            .find(|hint| hint.action == action)
            .map(|hint| hint.key.as_str())
    }
}
