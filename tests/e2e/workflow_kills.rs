//! Migrations, erasures and ends of consents, killed after each step and at random moments, and continued by the same
//! command or by a worker: the order holds, no step is left half done, no deleted data comes back.

use super::harness::{Desk, Dice, dead, hits, kill, kill_after, text, until, wait_for};
use super::settings;
use super::sql_probe::Raw;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// Workflows in one world.
const EACH: u64 = 6;

/// Active web connections whose bank is reached by open banking as well.
const MOVES: &str =
    "status:active via:web acc>0 bank:hooli,fabrikam,contoso,northwind,tailspin,acme !bank:gov";

#[derive(Default)]
struct Cuts {
    kills: u64,
    /// Right after a step.
    after: BTreeSet<usize>,
}

/// Cuts off this many workflows, up to `EACH` in one world. `cut` is told how many there were before, and answers
/// nothing when its candidate is not one.
fn in_worlds<T>(
    rounds: u64,
    connections: u64,
    candidates: impl Fn(&Desk) -> Vec<T>,
    mut cut: impl FnMut(&Desk, &T, u64) -> Option<Cuts>,
) -> Cuts {
    let mut all = Cuts::default();
    let (mut done, mut world) = (0, 0);
    while done < rounds {
        let desk = Desk::seeded(settings::seed() + world, connections, 5, 0.0).hasty();
        world += 1;
        desk.work();
        let most = rounds.min(done + EACH);
        for candidate in candidates(&desk) {
            if done == most {
                break;
            }
            if let Some(cuts) = cut(&desk, &candidate, done) {
                done += 1;
                all.kills += cuts.kills;
                all.after.extend(cuts.after);
            }
        }
    }
    all
}

fn newest(desk: &Desk, kind: &str, user: &str) -> Option<Value> {
    desk.rows(&["sequences"])
        .into_iter()
        .find(|it| it["kind"] == kind && it["userId"] == user)
}

fn done(sequence: &Value) -> usize {
    let steps = sequence["steps"].as_array().unwrap();
    let done = steps
        .iter()
        .take_while(|step| step["status"] == "success")
        .count();
    let rest = steps[done..]
        .iter()
        .filter(|step| step["status"] == "success")
        .count();
    assert_eq!(
        rest, 0,
        "a later act is done before an earlier one: {sequence:#}"
    );
    done
}

/// The words that confirm a command, from its own message.
fn armed(desk: &Desk, command: &[&str]) -> String {
    let refused = desk.run(command);
    assert_eq!(refused.exit, 5, "{refused:?}");
    let (_, words) = refused
        .err
        .split_once("--confirm \"")
        .expect("the words are told");
    words.split_once('"').unwrap().0.to_owned()
}

/// Starts the command and kills it, until the workflow has ended.
fn cut_off(
    desk: &Desk,
    command: &[&str],
    kind: &str,
    user: &str,
    dice: &mut Dice,
    look: impl Fn(),
) -> (Value, Cuts) {
    let raw = Raw::of(desk);
    // the user may have had other workflows before
    let earlier = newest(desk, kind, user).map(|it| text(&it["id"]));
    let last = raw.number("SELECT coalesce(max(n), 0) FROM plans");
    let acts = || {
        let done = raw.number(&format!(
            "SELECT count(*) FROM plan_steps s JOIN plans p ON p.n = s.plan_n
             WHERE p.workflow = 1 AND p.user_id = '{user}' AND p.n > {last} AND s.outcome = 'done'"
        ));
        usize::try_from(done).unwrap()
    };
    let mut cuts = Cuts::default();
    let mut before = 0;
    loop {
        cuts.kills += 1;
        assert!(cuts.kills < 200, "{command:?} does not come to its end");
        if dice.below(5) == 0 && before > 0 {
            // a worker continues it as well
            kill_after(
                desk.start(&["work"]),
                Duration::from_millis(300) + dice.millis(100),
            );
        } else {
            let mut child = desk.start(command);
            if dice.below(3) > 0 {
                until("an act", || acts() > before || dead(&mut child));
                cuts.after.insert(acts());
            } else {
                wait_for(dice.millis(60));
            }
            kill(&mut child);
        }
        desk.healthy();
        look();
        let Some(sequence) = newest(desk, kind, user).filter(|it| Some(text(&it["id"])) != earlier)
        else {
            continue;
        };
        let now = done(&sequence);
        assert!(now >= before, "an act that was done is not: {sequence:#}");
        before = now;
        if sequence["state"] != "open" {
            assert_eq!(sequence["state"], "done", "{sequence:#}");
            return (sequence, cuts);
        }
    }
}

/// Nothing of these users may be left in any file.
fn gone(desk: &Desk, private: &BTreeSet<String>) {
    for (path, bytes) in desk.files() {
        assert!(
            hits(private, &bytes).is_empty(),
            "{} holds what had to go",
            path.display()
        );
    }
}

/// A connection that has ended and whose data is deleted.
fn emptied(row: &Value) {
    assert_eq!(
        (&row["status"], &row["transactions"]),
        (&"deleted".into(), &0.into()),
        "{row:#}"
    );
}

fn connections_of(desk: &Desk, user: &str) -> Vec<Value> {
    desk.rows(&["connections"])
        .into_iter()
        .filter(|row| row["userId"] == user)
        .collect()
}

#[test]
fn a_killed_migration_continues_in_order() {
    kill_migrations(2);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn a_killed_migration_continues_in_order_long() {
    kill_migrations(60);
}

fn kill_migrations(rounds: u64) {
    let mut dice = settings::dice(20);
    let cut = |desk: &Desk, id: &String, _| cut_migration(desk, id, &mut dice);
    let Cuts { kills, after } = in_worlds(rounds, 60, |desk| desk.ids(MOVES), cut);
    settings::figure(&format!(
        "{rounds} moves to open banking cut off {kills} times (seen right after acts {after:?}): purge, revoke, connect \
         in this order each time, never two active at a bank, all done"
    ));
}

fn cut_migration(desk: &Desk, id: &str, dice: &mut Dice) -> Option<Cuts> {
    if desk.run(&["migrate", id]).exit == 4 {
        return None;
    }
    let words = armed(desk, &["migrate", id]);
    let (user, bank) = desk.pair(id);
    let private = desk.private(Some((&user, &bank)));
    let here = || -> Vec<Value> {
        let all = connections_of(desk, &user);
        all.into_iter()
            .filter(|row| row["institution"]["id"] == bank.as_str())
            .collect()
    };
    let look = || {
        let alive: Vec<Value> = here()
            .into_iter()
            .filter(|row| row["status"] != "deleted")
            .collect();
        let active = alive.iter().filter(|row| row["status"] == "active").count();
        assert!(
            active <= 1 && alive.len() <= 1,
            "two ways to one bank at a time: {alive:#?}"
        );
    };
    let command = ["migrate", id, "--confirm", words.as_str()];
    let (sequence, cuts) = cut_off(desk, &command, "migrate", &user, dice, look);
    let acts: Vec<String> = sequence["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| text(&s["act"]))
        .collect();
    assert_eq!(acts, ["purge", "revoke", "connect"]);
    gone(desk, &private);
    let made = text(&sequence["newConnectionId"]);
    emptied(&desk.connection(id));
    assert_eq!(desk.connection(&made)["status"], "pre-init");
    assert_eq!(
        here()
            .iter()
            .filter(|row| row["method"] == "openbanking")
            .count(),
        1,
        "it was made once"
    );
    desk.document(&["sandbox", "authorise", &made]);
    desk.work();
    assert_eq!(desk.connection(&made)["status"], "active");
    Some(cuts)
}

/// Every user and bank with its private values.
fn private_of(desk: &Desk, user: &str) -> BTreeSet<String> {
    let rows = connections_of(desk, user);
    let pairs: BTreeSet<String> = rows.iter().map(|row| text(&row["id"])).collect();
    pairs
        .iter()
        .flat_map(|id| {
            let (user, bank) = desk.pair(id);
            desk.private(Some((&user, &bank)))
        })
        .collect()
}

/// Users with data, those with most connections first.
fn people(desk: &Desk) -> Vec<String> {
    let rows = desk.rows(&["connections"]);
    let users: BTreeSet<String> = rows
        .iter()
        .filter(|r| r["transactions"] != 0)
        .map(|r| text(&r["userId"]))
        .collect();
    let mut users: Vec<(usize, String)> = users
        .into_iter()
        .map(|u| (connections_of(desk, &u).len(), u))
        .collect();
    users.sort();
    users.into_iter().rev().map(|(_, user)| user).collect()
}

#[test]
fn a_killed_erasure_leaves_no_data() {
    kill_erasures(2);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn a_killed_erasure_leaves_no_data_long() {
    kill_erasures(60);
}

fn kill_erasures(rounds: u64) {
    let mut dice = settings::dice(21);
    let Cuts { kills, after } = in_worlds(rounds, 40, people, |desk, user, before| {
        let private = private_of(desk, user);
        // every other one to the last row
        let (kind, start) = match before % 2 {
            0 => ("erase", ["erase", "--user", user]),
            _ => ("delete-user", ["user", "delete", user]),
        };
        let words = armed(desk, &[&start[..], &["--reason", "asked for"]].concat());
        let command = [
            &start[..],
            &["--confirm", words.as_str(), "--reason", "asked for"],
        ]
        .concat();
        let (sequence, cuts) = cut_off(desk, &command, kind, user, &mut dice, || ());
        gone(desk, &private);
        connections_of(desk, user).iter().for_each(emptied);
        if kind == "delete-user" {
            assert_eq!(desk.run(&["user", user]).exit, 3, "the user is gone");
        }
        let proof = desk.run(&["certificate", sequence["id"].as_str().unwrap(), "--verify"]);
        assert_eq!(proof.exit, 0, "{proof:?}");
        Some(cuts)
    });
    settings::figure(&format!(
        "{rounds} erasures cut off {kills} times (seen right after acts {after:?}): all done, nothing left in any file, \
         every certificate holds"
    ));
}

#[test]
fn a_killed_consent_end_deletes_all_data() {
    kill_consent_ends(1);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn a_killed_consent_end_deletes_all_data_long() {
    kill_consent_ends(30);
}

fn kill_consent_ends(rounds: u64) {
    let mut dice = settings::dice(22);
    let consents = |desk: &Desk| {
        let consents = desk.rows(&["consents"]);
        assert!(!consents.is_empty(), "people have given consents");
        consents
    };
    let Cuts { kills, .. } = in_worlds(rounds, 40, consents, |desk, consent, _| {
        let (id, user) = (text(&consent["id"]), text(&consent["userId"]));
        let private = private_of(desk, &user);
        let start = ["consent", "end", id.as_str(), "--reason", "withdrawn"];
        let words = armed(desk, &start);
        let command = [&start[..], &["--confirm", words.as_str()]].concat();
        let (_, cuts) = cut_off(desk, &command, "end-consent", &user, &mut dice, || ());
        gone(desk, &private);
        connections_of(desk, &user).iter().for_each(emptied);
        assert_eq!(desk.document(&["consent", &id])["status"], "revoked");
        Some(cuts)
    });
    settings::figure(&format!(
        "{rounds} ends of consents cut off {kills} times: all done, nothing left in any file"
    ));
}
