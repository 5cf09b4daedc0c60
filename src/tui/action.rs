//! What a person can mean with a key; keymap, help, hints and the README table derive from it.

macro_rules! actions {
    ($($variant:ident $name:literal $words:literal)+) => {
        /// An intent, imperative. Bound to keys in `assets/keymap.toml` by its name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Action {
            $(#[doc = $words] $variant,)+
        }

        impl Action {
            /// Every action, in the order help shows them.
            pub(crate) const ALL: &[Action] = &[$(Action::$variant,)+];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Action::$variant => $name,)+ }
            }

            pub(crate) fn words(self) -> &'static str {
                match self { $(Action::$variant => $words,)+ }
            }

            pub(crate) fn named(name: &str) -> Option<Self> {
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
    PageActivity        "page.activity"        "Activity: what was done in this session, with its commands"
    PageCauses          "page.causes"          "Causes: what is broken, by what it failed with"
    PageBanks           "page.banks"           "Banks: declared and measured state, queue, holds, trouble"
    PageJobs            "page.jobs"            "All jobs, of every connection"
    PagePeople          "page.people"          "People: whom to ask to act again, and when they were asked"
    PageAudit           "page.audit"           "Audit: who did what, and what was refused"
    PageSince           "page.since"           "What changed since you left, by cause"
    Timeline            "timeline"             "Time line: all that is kept about this connection, in one order"
    Zoom                "pane.zoom"            "Zoom this pane, again to undo"
    AttentionNext       "attention.next"       "Next connection that needs someone to act"
    AttentionPrevious   "attention.previous"   "Previous connection that needs someone to act"
    Filter              "filter"               "Filter as you type"
    Sort                "sort"                 "Sort menu: l last used, s status, b bank, u user, j job, i since, c accounts, t transactions, e consent end, v method, n created, d id, a whose move; , sets the second"
    Columns             "columns"              "Columns: which the list has, and in which order"
    Group               "group"                "Group by: s status, a whose move, b bank, v method, u user, e error code"
    Views               "views"                "Saved views: Enter opens one"
    ViewSave            "view.save"            "Save filter, order, columns and groups as a view"
    ViewDelete          "view.delete"          "Delete this saved view"
    Mark                "mark"                 "Mark this row and step down"
    MarkRange           "mark.range"           "Mark from the last mark to here"
    MarkShown           "mark.shown"           "Mark all shown"
    MarkClear           "mark.clear"           "Clear all marks"
    Refresh             "connection.refresh"   "Refresh: fetch new data now"
    Purge               "connection.purge"     "Purge: delete the fetched data of this user at this bank"
    Revoke              "connection.revoke"    "Revoke: end the link for good, keep the data"
    Hold                "hold"                 "Hold: no refresh of this bank, or of the marked ones, until a time; again to release"
    Invite              "invite"               "Invite: make the link for the user, and note that they were asked to act"
    Note                "note"                 "Note: write down what the next one has to know; it goes with a purge"
    Take                "take"                 "Take on: others see that you work on it; again to give it back"
    Snooze              "snooze"               "Put off: it needs nobody until a time or a change; again to end that"
    TakeBack            "take-back"            "Take back: what counts down; else cancel the open job or the plan"
    RefreshUser         "user.refresh"         "Refresh all of this user: what is active or invalid"
    UpdateCredentials   "connection.update-credentials" "Update credentials: a new password for a web connection"
    Authorise           "connection.authorise" "At the bank: play the user's authorisation in the sandbox"
    Connect             "connect"              "Connect a bank: a new connection for a user"
    Migrate             "connection.migrate"   "Move to open banking: purge, revoke, connect, in that order"
    Erase               "user.erase"           "Erase the user: all that was fetched, every connection"
    Answer              "job.answer"           "Answer what the bank asks"
    Why                 "why"                  "Why: this status in plain words"
    Follow              "job.follow"           "Follow the running job"
    Copy                "copy"                 "Copy: i id, u user id, l link, j masked JSON, c command, t text for support"
    Raw                 "raw"                  "Raw masked JSON in the pager"
    Privacy             "privacy"              "Privacy one step up, again one step back"
    Messages            "messages"             "Messages and errors of this session"
    Palette             "palette"              "Palette: any action, page, bank, person or setting, by its letters"
    Help                "help"                 "Help for this place"
    Reload              "reload"               "Reload"
    Redraw              "redraw"               "Redraw the screen"
    Suspend             "suspend"              "Suspend to the shell"
    Quit                "quit"                 "Quit"
    QuitNow             "quit.now"             "Quit at once"
    FilterAccept        "filter.accept"        "Keep the filter and go back to the rows"
    FilterComplete      "filter.complete"      "Complete the word, or take the suggestion"
    FilterEarlier       "filter.earlier"       "An earlier filter"
    FilterLater         "filter.later"         "A later filter"
    SortLastUsed        "sort.last-used"       "Sort by last used; again turns it round"
    SortStatus          "sort.status"          "Sort by status; again turns it round"
    SortBank            "sort.bank"            "Sort by bank; again turns it round"
    SortUser            "sort.user"            "Sort by user; again turns it round"
    SortJob             "sort.job"             "Sort by last job; again turns it round"
    SortSince           "sort.since"           "Sort by since when; again turns it round"
    SortAccounts        "sort.accounts"        "Sort by accounts; again turns it round"
    SortTransactions    "sort.transactions"    "Sort by transactions; again turns it round"
    SortConsent         "sort.consent"         "Sort by the end of consent; again turns it round"
    SortVia             "sort.via"             "Sort by method; again turns it round"
    SortCreated         "sort.created"         "Sort by when it was made; again turns it round"
    SortId              "sort.id"              "Sort by id; again turns it round"
    SortThen            "sort.then"            "The next key says what equal rows are sorted by"
    SortAttention       "sort.attention"       "Sort by who has to act next"
    ColumnShow          "columns.show"         "Show or hide this column"
    ColumnDown          "columns.down"         "Move this column towards the end"
    ColumnUp            "columns.up"           "Move this column towards the front"
    ColumnsUsual        "columns.usual"        "The usual columns again"
    GroupStatus         "group.status"         "Group by status"
    GroupMover          "group.mover"          "Group by who has to act next"
    GroupBank           "group.bank"           "Group by bank"
    GroupVia            "group.via"            "Group by method"
    GroupUser           "group.user"           "Group by user"
    GroupCode           "group.error"          "Group by what the newest job failed with"
    CopyId              "copy.id"              "Copy the id"
    CopyUser            "copy.user"            "Copy the user's id"
    CopyLink            "copy.link"            "Copy the link that leads the user to the consent page"
    CopyJson            "copy.json"            "Copy the masked JSON"
    CopyCommand         "copy.command"         "Copy the command for it"
    CopyText            "copy.text"            "Copy a text for support"
    DialogYes           "dialog.yes"           "Yes, do it"
    DialogNo            "dialog.no"            "No, leave it"
    DialogPress         "dialog.press"         "Press the button that is lit"
    DialogNext          "dialog.next"          "Next field or button"
    DialogPrevious      "dialog.previous"      "Previous field or button"
    HelpRun             "help.run"             "Run the line under the cursor"
}
