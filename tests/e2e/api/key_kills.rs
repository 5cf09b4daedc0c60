//! Keys are made, used and revoked all the time, while the server and the commands are killed: what was answered holds,
//! and a revoked key is refused for ever.

use super::{Api, said, serve};
use crate::harness::{Desk, LIMIT, kill, text, until};
use crate::settings;
use crate::sql_probe::Raw;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, RwLock};

/// What is known of a key whose making was answered.
#[derive(Clone, Default)]
struct Known {
    name: String,
    key: String,
    token: Option<String>,
    /// The users that it has made, as far as that was answered.
    users: Vec<String>,
    /// A command that revokes it has begun.
    begun: bool,
    /// Such a command has said that it is done.
    revoked: bool,
}

/// What all of them share.
struct Run<'a> {
    desk: &'a Desk,
    host: RwLock<String>,
    known: Mutex<Vec<Known>>,
    /// The command of each thread that runs one now.
    commands: [Mutex<Option<Child>>; 3],
    answers: AtomicUsize,
    over: AtomicBool,
}

impl Run<'_> {
    /// The document of a command; none when it was killed before it had written all of it.
    fn command(&self, of: usize, words: &[&str]) -> Option<Value> {
        let child = self
            .desk
            .command(&[words, &["--json"]].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.unwrap();
        let mut out = child.stdout.take().unwrap();
        *self.commands[of].lock().unwrap() = Some(child);
        let mut told = String::new();
        out.read_to_string(&mut told).unwrap();
        let child = self.commands[of].lock().unwrap().take();
        let ended = child.unwrap().wait().unwrap();
        match ended.code() {
            // it may have been killed after it had said everything, which counts as an answer
            Some(0) | None => serde_json::from_str(&told).ok().inspect(|_| self.count()),
            Some(code) => panic!("{words:?} ended with {code}"),
        }
    }

    fn count(&self) {
        self.answers.fetch_add(1, Ordering::Relaxed);
    }

    /// Status and document of an answer; none when no whole one came.
    fn asks(&self, path: &str, credentials: &str, kind: &str, body: &str) -> Option<(u16, Value)> {
        let host = self.host.read().unwrap().clone();
        let mut socket = TcpStream::connect(&host).ok()?;
        socket.set_read_timeout(Some(LIMIT)).unwrap();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {credentials}\r\nContent-Type: {kind}\r\n\
             Basiq-Version: 3.0\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(request.as_bytes()).ok()?;
        let (status, told) = said(socket);
        let document = serde_json::from_str(told.split_once("\r\n\r\n")?.1).ok()?;
        self.count();
        Some((status, document))
    }

    fn token(&self, key: &str) -> Option<(u16, Value)> {
        let form = "application/x-www-form-urlencoded";
        let scope = "scope=SERVER_ACCESS";
        self.asks("/token", &format!("Basic {key}"), form, scope)
    }

    fn user(&self, token: &str, email: &str) -> Option<(u16, Value)> {
        let body = format!(r#"{{"email": "{email}"}}"#);
        let bearer = format!("Bearer {token}");
        self.asks("/users", &bearer, "application/json", &body)
    }

    fn of(&self, n: usize) -> Known {
        self.known.lock().unwrap()[n].clone()
    }

    /// Makes every second key of so many, and tells the others where each is.
    fn makes(&self, of: usize, keys: usize, tell: &[Sender<usize>]) {
        for n in (of..keys).step_by(2) {
            let name = format!("k{n}");
            if let Some(made) = self.command(of, &["apikey", "create", &name]) {
                let key = text(&made["key"]);
                let known = Known {
                    name,
                    key,
                    ..Known::default()
                };
                let mut all = self.known.lock().unwrap();
                all.push(known);
                for to in tell {
                    // who has ended needs none
                    let _ = to.send(all.len() - 1);
                }
            }
        }
    }

    /// Uses every key again and again; one is refused only when a command has begun that revokes it, and never answered
    /// when such a command has said that it is done.
    fn uses(&self, told: Receiver<usize>) {
        let first = told.recv().unwrap();
        for turn in first.. {
            if self.over.load(Ordering::Relaxed) {
                break;
            }
            let n = turn % self.known.lock().unwrap().len();
            let known = self.of(n);
            let change = |change: &dyn Fn(&mut Known)| change(&mut self.known.lock().unwrap()[n]);
            let answer = match &known.token {
                None => self.token(&known.key),
                Some(token) => self.user(token, &format!("{}@example.test", known.name)),
            };
            match answer {
                Some((200, told)) => change(&|key| key.token = Some(text(&told["access_token"]))),
                Some((201, told)) => change(&|key| key.users.push(text(&told["id"]))),
                // killed, or too many wrong ones in one second
                None | Some((429, _)) => continue,
                Some((status, told)) => {
                    let begun = self.of(n).begun;
                    assert!(begun && matches!(status, 401 | 403), "{status}: {told}");
                    continue;
                }
            }
            assert!(!known.revoked, "{} is used after its end", known.name);
        }
    }

    /// Revokes every third key.
    fn revokes(&self, told: Receiver<usize>) {
        for n in told.into_iter().filter(|n| n % 3 == 0) {
            self.known.lock().unwrap()[n].begun = true;
            let known = self.of(n);
            if self
                .command(2, &["apikey", "revoke", &known.name])
                .is_none()
            {
                continue;
            }
            self.known.lock().unwrap()[n].revoked = true;
            let answer = self.token(&known.key).map(|(status, _)| status);
            assert!(matches!(answer, None | Some(403 | 429)), "{answer:?}");
        }
    }

    /// Kills the server each time so many keys were made, and half of the time a command too. Answers how many it killed.
    fn kills(&self, every: usize, told: Receiver<usize>, mut server: Child) -> usize {
        let mut dice = settings::dice(every as u64);
        let mut kills = 0;
        for n in told {
            if n % every != every - 1 {
                continue;
            }
            kill(&mut server);
            kills += 1;
            let chosen = dice.below(6) as usize;
            if let Some(command) = self.commands.get(chosen)
                && let Some(command) = command.lock().unwrap().as_mut()
            {
                // it may have ended by itself
                let _ = command.kill();
                kills += 1;
            }
            let (next, url) = serve(self.desk, SERVE);
            server = next;
            *self.host.write().unwrap() = host(&url);
        }
        self.over.store(true, Ordering::Relaxed);
        kill(&mut server);
        kills
    }
}

const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:0"];

fn host(url: &str) -> String {
    url.split_once("://").unwrap().1.to_owned()
}

/// Makes so many keys while it kills, and looks at what is left. Answers the number of kills and of answers.
fn survives(keys: usize, every: usize) -> (usize, usize) {
    let calls = "[api]\ntoken_calls = 1000000\n[sandbox]";
    let desk = Desk::empty(0.0).with("[sandbox]", calls);
    let (server, url) = serve(&desk, SERVE);
    let run = Run {
        desk: &desk,
        host: RwLock::new(host(&url)),
        known: Mutex::default(),
        commands: Default::default(),
        answers: AtomicUsize::default(),
        over: AtomicBool::default(),
    };
    let [(make, used), (revoke, revoked), (kill, killed)] = [(); 3].map(|()| channel());
    let kills = std::thread::scope(|scope| {
        for of in [0, 1] {
            let (run, tell) = (&run, [make.clone(), revoke.clone(), kill.clone()]);
            scope.spawn(move || run.makes(of, keys, &tell));
        }
        drop((make, revoke, kill));
        scope.spawn(|| run.uses(used));
        scope.spawn(|| run.revokes(revoked));
        run.kills(every, killed, server)
    });
    let answers = run.answers.into_inner();
    let known = run.known.into_inner().unwrap();
    holds(desk, &known);
    (kills, answers)
}

/// What was answered is in the file, and the next server goes by it.
fn holds(desk: Desk, known: &[Known]) {
    let raw = Raw::of(&desk);
    let stored =
        raw.lines("SELECT name, revoked IS NOT NULL, count(*) FROM api_keys GROUP BY name");
    let stored: BTreeMap<String, bool> = stored
        .iter()
        .map(|line| {
            let parts: Vec<&str> = line.split(' ').collect();
            assert_eq!(parts[2], "1", "{line}");
            (parts[0].to_owned(), parts[1] == "1")
        })
        .collect();
    for (action, count) in [
        ("apikey-create", stored.len()),
        (
            "apikey-revoke",
            stored.values().filter(|revoked| **revoked).count(),
        ),
    ] {
        let lines = format!(
            "SELECT count(*) FROM audit WHERE action = '{action}' AND outcome LIKE 'done%'"
        );
        assert_eq!(raw.number(&lines), count as i64, "{action}");
    }
    let users: BTreeSet<String> = raw.lines("SELECT id FROM users").into_iter().collect();
    let api = Api::on(desk, &[]);
    for key in known {
        let gone = stored[&key.name];
        assert!(gone || !key.revoked, "{} is back", key.name);
        assert!(!gone || key.begun, "{} was revoked by nobody", key.name);
        assert!(key.users.iter().all(|id| users.contains(id)));
        let asks = || api.ask_token(&key.key, "scope=SERVER_ACCESS").status;
        slowly(asks, if gone { 403 } else { 200 });
        if let Some(token) = &key.token {
            let uses = || api.by(token, "GET", "/connectors", None).status;
            slowly(uses, if gone { 401 } else { 200 });
        }
    }
    api.desk.healthy();
}

/// The status of an answer, asked again as long as there were too many wrong ones in a second.
fn slowly(ask: impl Fn() -> u16, wanted: u16) {
    let mut status = 429;
    until("an answer", || {
        status = ask();
        status != 429
    });
    assert_eq!(status, wanted);
}

#[test]
fn what_was_answered_of_keys_holds_while_servers_and_commands_are_killed() {
    let (kills, answers) = survives(150, 10);
    assert!(
        kills >= 10 && answers > 300,
        "{kills} kills, {answers} answers"
    );
}

#[test]
#[ignore = "long, 1,000 API keys: run by ./check --full"]
fn api_key_kills_long() {
    let (kills, answers) = survives(1_000, 20);
    settings::figure(&format!(
        "1,000 API keys: {kills} kills of servers and commands, {answers} answers, none lost, no revoked key taken"
    ));
}
