//! The board on a platform: `serve` on a file of the sandbox is the platform, another process with a file of its own is
//! the live board, and a proxy between them loses, repeats and changes what is said.

mod acts;
mod board;
mod lost_answers;
mod proxy;
mod questions;
mod reading;
mod secrets;
mod sequences;
mod strange_answers;
mod unanswered;

use super::api::Api;
use super::harness::{Desk, Done, fed, text, until};
use proxy::Proxy;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Child;

/// A platform, a proxy before it, and a board that is signed in to it through the proxy.
struct Rehearsal {
    api: Api,
    proxy: Proxy,
    board: Desk,
    key: String,
}

/// A board asks as fast as it can, and reads the feed at once.
pub(crate) fn board() -> Desk {
    Desk::empty(0.0).with(
        "[sandbox]",
        "[live]\ncalls = 1000\nevents_every = \"200ms\"\n[sandbox]",
    )
}

impl Rehearsal {
    /// On a world of so many connections, all of whose users are brought to the board.
    fn of(connections: u64) -> Self {
        let rehearsal = Self::on(Desk::new(connections, 2, 0.0));
        rehearsal.bring();
        rehearsal
    }

    fn on(source: Desk) -> Self {
        let made = source.document(&["apikey", "create", "live", "--role", "admin"]);
        let key = text(&made["key"]);
        let api = Api::on(source, &[]);
        let proxy = Proxy::of(&api.url);
        let board = board();
        let rehearsal = Self {
            api,
            proxy,
            board,
            key,
        };
        let done = rehearsal.login(&rehearsal.proxy.url, &rehearsal.key);
        assert_eq!(done.exit, 0, "{done:?}");
        rehearsal
    }

    fn source(&self) -> &Desk {
        &self.api.desk
    }

    fn login(&self, url: &str, key: &str) -> Done {
        typed(&self.board, &["live", "login", url, "--api-key-stdin"], key)
    }

    /// Brings every user of the platform; answers how many are new.
    fn bring(&self) -> u64 {
        let ids: Vec<String> = self
            .source()
            .rows(&["users"])
            .iter()
            .map(|u| text(&u["id"]))
            .collect();
        let done = typed(
            &self.board,
            &["live", "users", "add", "-", "--json"],
            &ids.join("\n"),
        );
        assert_eq!(done.exit, 0, "{done:?}");
        done.document()["added"].as_u64().unwrap()
    }

    fn sync(&self) -> Value {
        self.board.document(&["live", "sync"])
    }

    /// A worker of the board, until it is dropped.
    fn worker(&self) -> Worker {
        Worker(self.board.start(&["work"]))
    }

    /// Both sides are compared field by field.
    fn equals(&self) {
        assert_eq!(shown(&self.board), shown(self.source()));
    }

    fn outbox(&self) -> Vec<Value> {
        self.board.rows(&["outbox"])
    }

    fn settled(&self) {
        until("the outbox", || {
            self.board.rows(&["outbox", "--open"]).is_empty()
        });
    }
}

struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        super::harness::kill(&mut self.0);
    }
}

/// Runs a command with a line on its stdin.
pub(crate) fn typed(desk: &Desk, words: &[&str], input: &str) -> Done {
    fed(
        desk,
        words,
        &format!(
            "{input}
"
        ),
    )
}

/// A connection has ended, and nothing of it is stored.
fn ended_without_data(desk: &Desk, id: &str) {
    let row = desk.connection(id);
    assert_eq!(
        (&row["status"], &row["accounts"], &row["transactions"]),
        (&"deleted".into(), &0.into(), &0.into()),
        "{row:#}"
    );
}

/// What a board says of its connections that have not ended, without what only one side can know: whether a connection
/// that is broken and has no accounts was ever active.
fn shown(desk: &Desk) -> BTreeMap<String, Value> {
    const SAME: [&str; 8] = [
        "userId",
        "institution",
        "method",
        "status",
        "createdDate",
        "lastUsed",
        "expiryDate",
        "userName",
    ];
    let rows = desk.rows(&["connections", "!status:deleted"]);
    rows.iter()
        .map(|row| {
            let fields = SAME.map(|name| (name.to_owned(), row[name].clone()));
            (
                text(&row["id"]),
                Value::Object(fields.into_iter().collect()),
            )
        })
        .collect()
}
