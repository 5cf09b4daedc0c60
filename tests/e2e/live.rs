//! A board that is open beside every command that changes something: two seconds after the command has ended it shows
//! what a board shows that is opened then.

use super::harness::{Desk, Dice, Done, fed, purge_words, text, wait_for};
use super::life::{self, one_life};
use super::settings::{dice, figure};
use super::tty::Tty;
use serde_json::Value;
use std::time::{Duration, Instant};

const SIZE: (u16, u16) = (120, 40);
const SOON: Duration = Duration::from_secs(2);

/// The rows of the list, without the signs of the cursor and of rows that moved, in no order.
fn list(screen: &str) -> Vec<String> {
    let cell = |line: &str| line.strip_prefix('│')?.split('│').next().map(str::to_owned);
    let mut rows: Vec<String> = screen
        .lines()
        .filter_map(cell)
        .map(|row| {
            row.chars()
                .skip(3)
                .collect::<String>()
                .trim_end()
                .to_owned()
        })
        .filter(|row| !row.is_empty())
        .collect();
    rows.sort();
    // the number of all, and the figures of the title
    rows.extend(screen.lines().nth(1).map(|line| line.trim_end().to_owned()));
    rows
}

/// The list, and the beginning of the profile beside it, without the sign of a cursor. The board that is opened now may
/// change nothing and says so beside its actions, so these are left out.
fn panes(screen: &str) -> Vec<String> {
    let lines = screen.lines().skip(1).take(24);
    let halves = lines.map(|line| line.split_once("││").unwrap_or((line, "")));
    let (list, profile): (Vec<&str>, Vec<&str>) = halves.unzip();
    let words = profile.iter().map(|line| line.trim_end_matches('│').trim());
    let mut actions = false;
    let said = words.filter(|words| {
        // they end with an empty row
        actions = !words.is_empty() && (actions || words.contains("r refresh"));
        !words.is_empty() && !actions
    });
    list.into_iter()
        .chain(said.take(10))
        .map(|line| line.replace('>', " ").trim_end().to_owned())
        .collect()
}

/// Waits until the board shows what one shows that is opened now.
fn agrees(desk: &Desk, tty: &mut Tty, what: &str, keys: &str, read: fn(&str) -> Vec<String>) {
    let began = Instant::now();
    loop {
        let late = began.elapsed() >= SOON;
        let fresh = desk.run(&[
            "--read-only",
            "snapshot",
            "--size",
            "120x40",
            "--keys",
            keys,
        ]);
        assert_eq!(fresh.exit, 0, "{fresh:?}");
        let wanted = read(&fresh.out);
        let left = SOON.saturating_sub(began.elapsed());
        if tty.within(left.max(Duration::from_millis(200)), &|screen: &str| {
            read(screen) == wanted
        }) {
            return;
        }
        assert!(
            !late,
            "two seconds after {what} the board shows\n{}\nand a fresh one\n{}",
            tty.screen(),
            fresh.out
        );
    }
}

pub(crate) fn import(desk: &Desk, documents: &[Value]) -> Done {
    fed(
        desk,
        &["import", "-"],
        &Value::from(documents.to_vec()).to_string(),
    )
}

pub(crate) struct Beside<'a> {
    pub(crate) desk: &'a Desk,
    tty: Tty,
    dice: Option<Dice>,
    keys: String,
    read: fn(&str) -> Vec<String>,
    /// How often the board was compared.
    compared: u64,
}

impl Beside<'_> {
    /// The command has succeeded, and the board shows it.
    pub(crate) fn after(&mut self, what: &str, done: &Done) {
        assert_eq!(done.exit, 0, "{what}: {done:?}");
        agrees(self.desk, &mut self.tty, what, &self.keys, self.read);
        self.compared += 1;
        if let Some(dice) = &mut self.dice {
            wait_for(dice.millis(400));
        }
    }

    pub(crate) fn runs(&mut self, words: &[&str]) -> Done {
        let done = self.desk.run(words);
        self.after(&words.join(" "), &done);
        done
    }
}

/// A board beside so many lives, without a filter and with one that all match.
fn boards(rounds: usize, mut dice: Option<Dice>) {
    let long = dice.is_some();
    let mut compared = 0;
    // a question waits until it is answered here, however busy the machine is
    let desk = Desk::new(12, 3, 0.0)
        .with("mfa_expiry = \"1s\"", "mfa_expiry = \"2m\"")
        // a board that gets no key for five minutes masks more than the one it is compared with
        .with("[sandbox]", "[privacy]\nidle_after = \"1d\"\n[sandbox]");
    desk.work();
    for (typed, keys) in [("", ""), ("/acc>=0", "/acc>=0<enter>")] {
        let mut tty = Tty::started(&desk, SIZE);
        if !typed.is_empty() {
            tty.types("/");
            tty.sees("Enter keep");
            tty.types(&typed[1..]);
            tty.sees("acc>=0");
            tty.quiet(Duration::from_millis(150));
            tty.types("\r");
            tty.sees("r refresh");
        }
        let mut beside = Beside {
            desk: &desk,
            tty,
            dice: dice.take(),
            keys: keys.to_owned(),
            read: list,
            compared: 0,
        };
        for round in 0..rounds {
            match long || typed.is_empty() {
                true => one_life(&mut beside, round),
                false => drop(life::by_documents(&mut beside, round)),
            }
        }
        dice = beside.dice.take();
        compared += beside.compared;
        beside.tty.types("q");
        assert_eq!(beside.tty.ends(), 0);
    }
    desk.healthy();
    figure(&format!(
        "{rounds} rounds beside a board without and one with a filter: {compared} commands, each on screen within two seconds"
    ));
}

#[test]
fn a_board_shows_what_every_command_beside_it_changes() {
    boards(1, None);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn a_board_shows_what_every_command_beside_it_changes_long() {
    boards(50, Some(dice(8_800)));
}

#[test]
fn the_panes_of_one_connection_follow_what_commands_change() {
    let desk = Desk::new(12, 3, 0.0);
    desk.work();
    let id = desk.one("status:active acc>0 via:web");
    let row = desk.connection(&id);
    let (user, bank) = (text(&row["userId"]), text(&row["institution"]["id"]));
    let mut tty = Tty::started(&desk, SIZE);
    tty.goes_to(&id);
    let mut beside = Beside {
        desk: &desk,
        tty,
        dice: None,
        keys: format!("/{id}<enter>"),
        read: panes,
        compared: 0,
    };
    beside.runs(&["user", "update", &user, "--first-name", "Nova"]);
    beside.runs(&["sandbox", "outage", &bank, "--for", "20m"]);
    beside.runs(&["sandbox", "outage", &bank, "--for", "0s"]);
    beside.runs(&["refresh", &id, "--force-recent", "--wait"]);
    beside.runs(&["purge", &id, "--confirm", &purge_words(&id)]);
    let words = format!("erase {}", &user[user.len() - 3..]);
    beside.runs(&[
        "erase",
        "--user",
        &user,
        "--confirm",
        &words,
        "--reason",
        "r",
    ]);
    beside.tty.types("q");
    assert_eq!(beside.tty.ends(), 0);
    desk.healthy();
}
