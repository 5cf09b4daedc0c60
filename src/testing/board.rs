//! A board over a real file: what is committed beside it reaches it as from another process, and running time moves
//! only when it is told to.

use crate::domain::mask::Level;
use crate::domain::zone::Zone;
use crate::ops::Ops;
use crate::tui::glyphs::Signs;
use crate::tui::keymap::Keymap;
use crate::tui::model::Environment;
use crate::tui::model::Settings;
use crate::tui::runtime::{Snapshot, Still};
use crate::tui::terminal::key::Key;
use crate::tui::widgets::dump;
use std::sync::Arc;

pub(crate) struct Board {
    pub(crate) still: Still,
}

impl Board {
    pub(crate) async fn open(ops: &Ops, size: (u16, u16)) -> Self {
        Self::counting_down(ops, size, 0).await
    }

    /// The same where what destroys can be taken back for so many milliseconds.
    pub(crate) async fn counting_down(ops: &Ops, size: (u16, u16), countdown: u64) -> Self {
        let documents = |_, _| -> futures::future::BoxFuture<'static, crate::ops::Result<String>> {
            Box::pin(async { Ok("{}".to_owned()) })
        };
        let still = Still::open(Snapshot {
            ops: ops.clone(),
            documents: Arc::new(documents),
            settings: Settings {
                keymap: Keymap::standard(),
                signs: Signs::Unicode,
                environment: Environment::default(),
                level: Level::Standard,
                floor: Level::Standard,
                idle_after: None,
                zone: Zone::UTC,
                countdown,
                refused_limit: 3,
                actor: ops.caller.actor.clone(),
                role: ops.caller.role,
            },
            size,
            keys: vec![],
            read_only: false,
            roles: false,
        })
        .await;
        Self { still }
    }

    /// Presses these keys, each a second after the one before.
    pub(crate) async fn press(&mut self, keys: &str) {
        for key in Key::parse_all(keys).expect("keys written by hand") {
            self.still.press(key).await;
        }
    }

    /// Two seconds after something was committed elsewhere, in steps of a fifth of a second.
    pub(crate) async fn follows(&mut self) -> String {
        self.still.changed(500).await;
        for _ in 0..7 {
            self.still.pass(200).await;
        }
        self.screen()
    }

    pub(crate) fn screen(&self) -> String {
        dump::frame(&self.still.frame(), false)
    }

    /// The short id of the row under the cursor.
    pub(crate) fn cursor(&self) -> String {
        match self.still.model.list.current() {
            Some(line) => line.row.id.to_string(),
            None => panic!("there is no row:\n{}", self.screen()),
        }
    }

    /// The line of the screen that the cursor is on.
    pub(crate) fn line(&self) -> usize {
        let window = &self.still.model.list.window;
        window.cursor - window.top
    }
}
