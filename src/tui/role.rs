//! The parts text plays on the screen; the theme says what a role looks like.

use crate::domain::connection::Label;

macro_rules! roles {
    ($($variant:ident $name:literal $words:literal)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Role {
            $(#[doc = $words] $variant,)+
        }

        impl Role {
            /// Every role, in the order theme files name them.
            pub(crate) const ALL: &[Role] = &[$(Role::$variant,)+];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Role::$variant => $name,)+ }
            }
        }
    };
}

roles! {
    Text        "text"         "Text that is nothing else"
    Dim         "dim"          "What steps back: captions, ids, ages"
    Border      "border"       "A frame"
    BorderFocus "border-focus" "The frame of the pane that takes the keys"
    Title       "title"        "The title in a frame"
    Header      "header"       "The first row"
    Band        "band"         "Trouble under the title"
    Selected    "selected"     "The row under the cursor"
    Marked      "marked"       "A marked row's sign"
    Active      "active"       "Label Active"
    Invalid     "invalid"      "Label Invalid"
    Failed      "failed"       "Label Failed, and what failed"
    PreInit     "pre-init"     "Label Pre-init, and what was not reached"
    Init        "init"         "Label Init"
    Pending     "pending"      "Label Pending, and what waits"
    Deleted     "deleted"      "Label Deleted, and what was cancelled"
    Unknown     "unknown"      "A label nobody knows"
    Busy        "busy"         "What is under way"
    Good        "good"         "Good news"
    Ours        "ours"         "What is ours to mend"
    Heading     "heading"      "A heading among rows"
    Production  "production"   "The word that names an environment of production"
    Warning     "warning"      "What wants care"
    Danger      "danger"       "What destroys, and errors"
    Hint        "hint"         "What a key does"
    HintKey     "hint-key"     "The key itself"
    Disabled    "disabled"     "What is off now"
    Input       "input"        "A field that takes text"
    Caret       "caret"        "The place where text goes in"
    Hostile     "hostile"      "Marks in place of characters that may not be drawn"
}

impl Role {
    pub(crate) fn of(label: Label) -> Self {
        match label {
            Label::Active => Role::Active,
            Label::Invalid => Role::Invalid,
            Label::Failed => Role::Failed,
            Label::Pending => Role::Pending,
            Label::Init => Role::Init,
            Label::PreInit => Role::PreInit,
            Label::Deleted => Role::Deleted,
        }
    }

    /// Whether it lies under other roles: a row or a field keeps showing what is written on it.
    pub(crate) fn lies_under(self) -> bool {
        matches!(
            self,
            Role::Selected | Role::Header | Role::Band | Role::Input | Role::Caret
        )
    }
}
