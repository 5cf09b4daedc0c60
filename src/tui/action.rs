//! What a person can mean with a key. Declared once: the keymap, help, hints and the README table all
//! derive from this.

macro_rules! actions {
    ($($variant:ident $name:literal $words:literal)+) => {
        /// An intent, imperative. Bound to keys in `assets/keymap.toml` by its name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $words] $variant,)+
        }

        impl Action {
            /// Every action, in the order help shows them.
            pub const ALL: &[Action] = &[$(Action::$variant,)+];

            /// Its name in keymap files.
            pub fn name(self) -> &'static str {
                match self { $(Action::$variant => $name,)+ }
            }

            /// What it does, for people.
            pub fn words(self) -> &'static str {
                match self { $(Action::$variant => $words,)+ }
            }

            /// The action of that name.
            pub fn named(name: &str) -> Option<Self> {
                Action::ALL.iter().copied().find(|a| a.name() == name)
            }
        }
    };
}

actions! {
    MoveDown            "move.down"            "Next row"
    MoveUp              "move.up"              "Previous row"
    MoveTop             "move.top"             "First row"
    MoveEnd             "move.end"             "Last row"
    HalfPageDown        "move.half-down"       "Half a page down"
    HalfPageUp          "move.half-up"         "Half a page up"
    PageDown            "move.page-down"       "A page down"
    PageUp              "move.page-up"         "A page up"
    Open                "open"                 "Open: connection, then job, then step"
    Back                "back"                 "One step back"
    PaneNext            "pane.next"            "Next pane"
    PanePrevious        "pane.previous"        "Previous pane"
    PaneConnections     "pane.connections"     "Go to connections"
    PaneProfile         "pane.profile"         "Go to profile"
    PaneJobs            "pane.jobs"            "Go to jobs"
    Zoom                "pane.zoom"            "Zoom this pane, again to undo"
    AttentionNext       "attention.next"       "Next connection that needs someone to act"
    AttentionPrevious   "attention.previous"   "Previous connection that needs someone to act"
    Filter              "filter"               "Filter as you type"
    Sort                "sort"                 "Sort menu: l last used, s status, b bank, u user, j job, a attention"
    Mark                "mark"                 "Mark this row and step down"
    MarkRange           "mark.range"           "Mark from the last mark to here"
    MarkShown           "mark.shown"           "Mark all shown"
    MarkClear           "mark.clear"           "Clear all marks"
    Refresh             "connection.refresh"   "Refresh: fetch new data now"
    Purge               "connection.purge"     "Purge: delete the fetched data of this user at this bank"
    Revoke              "connection.revoke"    "Revoke: end the link for good, keep the data"
    Answer              "job.answer"           "Answer what the bank asks"
    Why                 "why"                  "Why: this status in plain words"
    Follow              "job.follow"           "Follow the running job"
    Copy                "copy"                 "Copy: i id, u user id, j masked JSON, c command, t text for support"
    Raw                 "raw"                  "Raw masked JSON in the pager"
    Privacy             "privacy"              "Privacy one step up, again one step back"
    Messages            "messages"             "Messages and errors of this sitting"
    Help                "help"                 "Help for this place"
    Reload              "reload"               "Read again now"
    Redraw              "redraw"               "Redraw the screen"
    Suspend             "suspend"              "Suspend to the shell"
    Quit                "quit"                 "Quit"
    QuitNow             "quit.now"             "Quit at once"
}
