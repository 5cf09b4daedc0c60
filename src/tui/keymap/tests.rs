//! What the shipped keymap promises, and what a user may do to it.

use super::*;
use crate::tui::terminal::key::Code;

fn user(text: &str) -> Result<Keymap, Vec<Mistake>> {
    Keymap::with(&text.parse().unwrap())
}

fn said(text: &str) -> Vec<String> {
    user(text)
        .unwrap_err()
        .iter()
        .map(Mistake::to_string)
        .collect()
}

fn press(keymap: &Keymap, layer: Layer, keys: &str) -> Resolution {
    let mut pending = Vec::new();
    let mut last = Resolution::None;
    for key in Key::parse_all(keys).unwrap() {
        last = keymap.resolve(layer.stack(), &pending, key);
        match last {
            Resolution::Pending(_) => pending.push(key),
            _ => pending.clear(),
        }
    }
    last
}

/// What changes the world, or begins to.
const ACTS: &[Action] = &[
    Action::Refresh,
    Action::Purge,
    Action::Revoke,
    Action::Answer,
    Action::Hold,
    Action::Invite,
    Action::TakeBack,
    Action::RefreshUser,
    Action::UpdateCredentials,
    Action::Authorise,
    Action::Connect,
    Action::Migrate,
    Action::Erase,
];
const DESTROYS: &[Action] = &[
    Action::Purge,
    Action::Revoke,
    Action::Migrate,
    Action::Erase,
];

/// Every key of an action, in any layer, each once.
fn keys_for(keymap: &Keymap, action: Action) -> Vec<&Sequence> {
    let mut keys: Vec<&Sequence> = Vec::new();
    for binding in keymap.bindings().iter().filter(|b| b.action == action) {
        if !keys.contains(&&binding.keys) {
            keys.push(&binding.keys);
        }
    }
    keys
}

#[test]
fn the_shipped_file_is_sound() {
    let shipped: Table = STANDARD.parse().unwrap();
    assert_eq!(Keymap::with(&Table::new()).map(|_| ()), Ok(()));
    let named: Vec<_> = shipped
        .keys()
        .map(|name| Layer::named(name).unwrap())
        .collect();
    assert_eq!(named.len(), Layer::ALL.len(), "every layer has its table");
}

#[test]
fn every_action_has_a_key() {
    let keymap = Keymap::standard();
    for action in Action::ALL {
        assert!(!keys_for(&keymap, *action).is_empty(), "{}", action.name());
    }
}

#[test]
fn no_action_needs_a_key_that_multiplexers_keep_or_that_some_terminals_lack() {
    let keymap = Keymap::standard();
    let awkward = |key: &Key| {
        let kept = key.ctrl && matches!(key.code, Code::Char(c) if "bagptnoqs".contains(c));
        kept || key.alt || matches!(key.code, Code::F(_) | Code::Insert)
    };
    for action in Action::ALL {
        let easy = keys_for(&keymap, *action)
            .iter()
            .any(|sequence| !sequence.0.iter().any(awkward));
        assert!(easy, "{} needs an awkward key", action.name());
    }
    let kept: Vec<_> = keymap
        .bindings()
        .iter()
        .filter(|b| b.keys.0.iter().any(awkward))
        .collect();
    assert_eq!(kept.len(), 1, "only the second key of page up: {kept:?}");
}

#[test]
fn nothing_that_acts_sits_on_a_motion_and_what_destroys_is_upper_case() {
    let keymap = Keymap::standard();
    let motions =
        Key::parse_all("hjklgGwbe0$^{}<c-d><c-u><c-f><c-b><c-e><c-y><enter><space>").unwrap();
    for action in ACTS {
        for key in keys_for(&keymap, *action).iter().flat_map(|s| &s.0) {
            assert!(!motions.contains(key), "{} on {key}", action.name());
        }
    }
    for action in DESTROYS {
        for sequence in keys_for(&keymap, *action) {
            let upper = sequence
                .0
                .iter()
                .all(|k| k.typed().is_some_and(char::is_uppercase));
            assert!(upper, "{} on {sequence}", action.name());
        }
    }
}

#[test]
fn the_key_that_opens_a_dialog_never_confirms_it() {
    let keymap = Keymap::standard();
    let openers = [ACTS, &[Action::Quit]].concat();
    for opener in openers {
        for sequence in keys_for(&keymap, opener) {
            for layer in [Layer::Dialog, Layer::Typed] {
                let meant = keymap.resolve(layer.stack(), &[], sequence.0[0]);
                assert_eq!(
                    meant,
                    Resolution::None,
                    "{} opens and means {meant:?}",
                    opener.name()
                );
            }
        }
    }
    for layer in [Layer::Dialog, Layer::Typed] {
        assert_eq!(
            press(&keymap, layer, "<esc>"),
            Resolution::Action(Action::Back)
        );
        assert_eq!(
            press(&keymap, layer, "<c-c>"),
            Resolution::Action(Action::QuitNow)
        );
    }
}

#[test]
fn one_letter_means_one_thing_in_every_pane() {
    let keymap = Keymap::standard();
    let panes = [Layer::Connections, Layer::Profile, Layer::Jobs, Layer::Job];
    for binding in keymap.bindings().iter().filter(|b| b.keys.0.len() == 1) {
        let meanings = panes.map(|pane| keymap.resolve(pane.stack(), &[], binding.keys.0[0]));
        let mut meant: Vec<_> = meanings
            .iter()
            .filter(|m| **m != Resolution::None)
            .collect();
        meant.dedup();
        assert!(meant.len() <= 1, "{}: {meant:?}", binding.keys);
    }
}

#[test]
fn places_where_letters_are_text_bind_none() {
    let keymap = Keymap::standard();
    for layer in Layer::ALL.into_iter().filter(|l| l.takes_text()) {
        for c in ' '..='~' {
            assert_eq!(
                keymap.resolve(layer.stack(), &[], Key::char(c)),
                Resolution::None,
                "{c} in {}",
                layer.name()
            );
        }
    }
}

#[test]
fn keys_mean_what_the_table_says() {
    let keymap = Keymap::standard();
    for (layer, keys, action) in [
        (Layer::Connections, "j", Action::MoveDown),
        (Layer::Connections, "<down>", Action::MoveDown),
        (Layer::Connections, "g", Action::MoveTop),
        (Layer::Connections, "<c-d>", Action::HalfPageDown),
        (Layer::Connections, "<s-tab>", Action::PanePrevious),
        (Layer::Connections, "<space>", Action::Mark),
        (Layer::Connections, "r", Action::Refresh),
        (Layer::Profile, "P", Action::Purge),
        (Layer::Jobs, "<enter>", Action::Open),
        (Layer::Job, "f", Action::Follow),
        (Layer::Why, "w", Action::Why),
        (Layer::Why, "j", Action::MoveDown),
        (Layer::Messages, "<esc>", Action::Back),
        (Layer::Copy, "i", Action::CopyId),
        (Layer::Sort, "j", Action::SortJob),
        (Layer::Filter, "<enter>", Action::FilterAccept),
        (Layer::Help, "<c-z>", Action::Suspend),
    ] {
        assert_eq!(
            press(&keymap, layer, keys),
            Resolution::Action(action),
            "{keys} in {}",
            layer.name()
        );
    }
    for (layer, keys) in [
        (Layer::Why, "P"),
        (Layer::Dialog, "q"),
        (Layer::Sort, "r"),
        (Layer::Jobs, "<space>"),
    ] {
        assert_eq!(
            press(&keymap, layer, keys),
            Resolution::None,
            "{keys} in {}",
            layer.name()
        );
    }
}

#[test]
fn a_sequence_waits_says_what_it_can_become_and_ends() {
    let keymap = user(r#"app = { "copy.id" = "y i", "copy.user" = "y u", copy = [] }"#).unwrap();
    let Resolution::Pending(onward) = press(&keymap, Layer::Jobs, "y") else {
        panic!()
    };
    assert_eq!(
        onward,
        [
            (Key::char('i'), Action::CopyId),
            (Key::char('u'), Action::CopyUser)
        ]
    );
    assert_eq!(
        press(&keymap, Layer::Jobs, "yu"),
        Resolution::Action(Action::CopyUser)
    );
    assert_eq!(
        press(&keymap, Layer::Jobs, "yr"),
        Resolution::None,
        "r alone would refresh"
    );
    let keymap = user(r#"connections = { zoom = [], "move.top" = "g g", "move.end" = "g e" }"#);
    assert!(keymap.is_err(), "zoom is called pane.zoom");
    let keymap = user(r#"connections = { "move.top" = "g g" }"#).unwrap();
    assert!(
        matches!(
            press(&keymap, Layer::Connections, "g"),
            Resolution::Pending(_)
        ),
        "hides the g below"
    );
    assert_eq!(
        press(&keymap, Layer::Connections, "gg"),
        Resolution::Action(Action::MoveTop)
    );
    assert_eq!(
        press(&keymap, Layer::Jobs, "g"),
        Resolution::Action(Action::MoveTop)
    );
}

#[test]
fn moving_a_key_frees_the_old_and_an_empty_list_unbinds() {
    let keymap = user(
        "[app]\n\"connection.purge\" = \"B\"\nraw = []\n[move]\nmove.down = [\"n\", \"ctrl-n\"]",
    )
    .unwrap();
    let here = Layer::Connections;
    assert_eq!(press(&keymap, here, "B"), Resolution::Action(Action::Purge));
    assert_eq!(press(&keymap, here, "P"), Resolution::None);
    assert_eq!(press(&keymap, here, "v"), Resolution::None);
    assert_eq!(
        press(&keymap, here, "<c-n>"),
        Resolution::Action(Action::MoveDown)
    );
    assert_eq!(
        keymap.hint(here.stack(), Action::Purge).as_deref(),
        Some("B")
    );
    assert_eq!(keymap.hint(here.stack(), Action::Raw), None);
    assert_eq!(keys_for(&keymap, Action::Raw), Vec::<&Sequence>::new());
}

#[test]
fn a_hint_names_a_key_that_works_here() {
    let keymap = user(r#"connections = { "mark" = "r" }"#).unwrap();
    assert_eq!(
        keymap.hint(Layer::Connections.stack(), Action::Refresh),
        None,
        "r marks here"
    );
    assert_eq!(
        keymap.hint(Layer::Jobs.stack(), Action::Refresh).as_deref(),
        Some("r")
    );
    assert_eq!(keymap.hint(Layer::Why.stack(), Action::Purge), None);
    assert_eq!(
        keymap
            .hint(Layer::Jobs.stack(), Action::HalfPageDown)
            .as_deref(),
        Some("^d")
    );
}

#[test]
fn all_mistakes_are_told_together() {
    let said = said(
        r#"
        conections = { mark = "x" }
        app = { "connection.purg" = "D", "connection.refresh" = "P", "connection.revoke" = "P", raw = ["<entr>", 3], why = "" }
        jobs = "q"
        sort = { "sort.job" = "t t", "sort.last-used" = "t" }
        "#,
    );
    assert_eq!(
        said,
        [
            "[keys.app] connection.purg: there is no such action; did you mean connection.purge?",
            "[keys.app] raw: \"<entr>\" is not the name of a key",
            "[keys.app.raw]: expected a key or a list of keys",
            "[keys.app] why: \"\" is not the name of a key",
            "[keys.conections]: there is no such layer; did you mean connections?",
            "[keys.jobs]: expected a table of actions",
            "[keys.app] P means both connection.refresh and connection.revoke",
            "[keys.sort] t means both sort.last-used and sort.job",
        ]
    );
}

#[test]
fn a_users_key_wins_over_the_shipped_one_of_another_action() {
    let keymap = user(r#"app = { "connection.refresh" = ["P", "y y"] }"#).unwrap();
    let here = Layer::Connections;
    assert_eq!(
        press(&keymap, here, "P"),
        Resolution::Action(Action::Refresh)
    );
    assert_eq!(
        press(&keymap, here, "yy"),
        Resolution::Action(Action::Refresh)
    );
    assert_eq!(press(&keymap, here, "r"), Resolution::None, "it was moved");
    assert_eq!(keymap.hint(here.stack(), Action::Purge), None);
    let lost: Vec<_> = keymap.lost().iter().map(Lost::to_string).collect();
    assert_eq!(
        lost,
        [
            "[keys.app] P is connection.refresh; connection.purge has lost P",
            "[keys.app] y y is connection.refresh; copy has lost y",
        ]
    );
    let kept = user(r#"app = { "connection.refresh" = "P", "connection.purge" = "B" }"#).unwrap();
    assert_eq!(
        (kept.lost(), press(&kept, here, "B")),
        (&[][..], Resolution::Action(Action::Purge))
    );
    let partly = user(r#"move = { "quit" = "j" }"#).unwrap();
    assert_eq!(
        press(&partly, here, "<down>"),
        Resolution::Action(Action::MoveDown),
        "its other key stays"
    );
    assert_eq!(Keymap::standard().lost(), []);
}

#[test]
fn the_way_out_stays() {
    for text in [
        r#"everywhere = { "quit.now" = [] }"#,
        r#"everywhere = { "quit.now" = "<c-x>" }"#,
        r#"everywhere = { "redraw" = "<c-c>" }"#,
        r#"app = { "copy" = "<c-c>" }"#,
        r#"filter = { "back" = ["<esc>", "<c-c>"] }"#,
    ] {
        assert!(user(text).unwrap_err().contains(&Mistake::WayOut), "{text}");
    }
    assert!(user(r#"everywhere = { "quit.now" = ["<c-c>", "<c-x>"] }"#).is_ok());
}
