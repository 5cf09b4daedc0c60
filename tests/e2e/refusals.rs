//! What each face says of the same refusal: the screen, the command, its document and the audit. The refusals are
//! those of the table in docs/domain.md, which is made from the policy; none of them is left out here.

use super::harness::{Desk, Done, ended, purge_words, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Stdio;

/// A row of the table in the documents.
struct Rule {
    acts: Vec<String>,
    code: String,
    words: String,
}

fn rules() -> Vec<Rule> {
    let text = include_str!("../../docs/domain.md");
    let (_, rest) = text.split_once("<!-- refusals -->").unwrap();
    let (table, _) = rest.split_once("<!-- end of refusals -->").unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        Rule {
            acts: cells[0].split(", ").map(str::to_owned).collect(),
            code: cells[2].trim_matches('`').to_owned(),
            words: cells[4].to_owned(),
        }
    })
    .collect()
}

/// A connection that is in the way of an act.
struct Case {
    act: &'static str,
    state: &'static str,
    id: String,
}

impl Case {
    fn words(&self, bank: &str) -> Vec<String> {
        let mut words: Vec<&str> = match self.act {
            "update-credentials" => vec!["update-credentials", &self.id, "--password-stdin"],
            "authorise" => vec!["sandbox", "authorise", &self.id],
            act => vec![act, &self.id],
        };
        let purge = purge_words(&self.id);
        match self.act {
            "purge" => words.extend(["--confirm", &purge]),
            "revoke" => words.extend(["--confirm", bank]),
            _ => {}
        }
        words.into_iter().map(str::to_owned).collect()
    }

    fn key(&self) -> &'static str {
        match self.act {
            "refresh" => "r",
            "purge" => "P",
            "revoke" => "X",
            "update-credentials" => "U",
            "authorise" => "O",
            _ => "M",
        }
    }
}

fn run(desk: &Desk, words: &[String]) -> Done {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut child = desk
        .command(&words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // one that needs no password may have ended
    let _ = child.stdin.take().unwrap().write_all(b"hooli2016\n");
    ended(child.wait_with_output().unwrap(), &words)
}

/// Whether all these words stand on the screen in this order; a dialog wraps them, and panes stand beside it.
fn shows(screen: &str, sentence: &str) -> bool {
    let mut on_screen = screen.split_whitespace();
    let mut words = sentence.split_whitespace();
    words.all(|word| on_screen.any(|seen| seen.trim_end_matches('.') == word.trim_end_matches('.')))
}

fn first_sentence(words: &str) -> &str {
    words.split_inclusive(". ").next().unwrap_or(words).trim()
}

/// What the screen says when the key is pressed: the line of news, or the dialog that cannot go on.
fn screen(desk: &Desk, case: &Case) -> String {
    let keys = format!("/{}<enter>{}", case.id, case.key());
    let done = desk.run(&["snapshot", "--size", "120x35", "--keys", &keys]);
    assert_eq!(done.exit, 0, "{done:?}");
    done.out
}

fn world(speed: f64) -> Desk {
    let desk = Desk::new(60, 2, speed);
    let documents = json!([
        {"type": "user", "id": "u-imp", "email": "ada@example.test", "firstName": "Ada", "lastName": "Byron"},
        {"type": "connection", "id": "c-imp", "status": "active", "createdDate": "2026-01-01T00:00:00Z",
         "lastUsed": "2026-02-01T00:00:00Z", "institution": {"id": "AU00000"}, "links": {"user": "/users/u-imp"}},
    ]);
    std::fs::write(desk.path("imported.json"), documents.to_string()).unwrap();
    assert_eq!(desk.run(&["import", "imported.json"]).exit, 0);
    desk
}

/// A web connection whose sign-in was refused as often as a bank may refuse it.
fn guarded(desk: &Desk) -> String {
    let id = desk.one("status:active acc>0 via:web bank:hooli,fabrikam,contoso");
    let wrong = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
        run(desk, &words)
    };
    for _ in 0..3 {
        wrong(&["update-credentials", &id, "--password-stdin", "--wait"]);
    }
    assert_eq!(
        desk.ids(&format!("is:guarded {id}")),
        std::slice::from_ref(&id)
    );
    id
}

/// An open-banking connection that was refreshed as often as is allowed in a day.
fn used_up(desk: &Desk) -> String {
    let id = desk.one("status:active via:ob acc>0 consent>30d");
    for _ in 0..40 {
        let done = desk.run(&["refresh", &id, "--force-recent", "--wait", "--json"]);
        if done.exit == 6 {
            return id;
        }
        assert_eq!(done.exit, 0, "{done:?}");
    }
    panic!("nothing limits the refreshes of a day");
}

fn cases(desk: &Desk) -> Vec<Case> {
    let deleted = desk.one("status:deleted");
    let web = desk.one("status:active via:web acc>0");
    let (ob, invalid) = (
        desk.one("status:active via:ob"),
        desk.one("status:invalid via:web"),
    );
    let (pre_init, init) = (desk.one("status:pre-init"), desk.one("status:init"));
    let (pending, failed) = (desk.one("status:pending"), desk.one("status:failed"));
    let mut all: Vec<(&'static str, &'static str, &str)> = Vec::new();
    for act in [
        "refresh",
        "purge",
        "revoke",
        "update-credentials",
        "authorise",
        "migrate",
    ] {
        all.push((act, "imported", "c-imp"));
        all.push((act, "deleted", &deleted));
    }
    all.extend([
        ("purge", "invalid", invalid.as_str()),
        ("purge", "failed", &failed),
        ("purge", "pre-init", &pre_init),
        ("purge", "init", &init),
        ("purge", "pending", &pending),
        ("update-credentials", "open banking", &ob),
        ("authorise", "web", &web),
        ("authorise", "init", &init),
        ("migrate", "open banking", &ob),
        ("migrate", "invalid", &invalid),
        ("migrate", "pending", &pending),
    ]);
    all.into_iter().map(case).collect()
}

fn case((act, state, id): (&'static str, &'static str, &str)) -> Case {
    Case {
        act,
        state,
        id: id.to_owned(),
    }
}

/// The code and the detail of the document, which every other face is held against.
fn document(desk: &Desk, case: &Case, words: &[String]) -> (i32, String, String) {
    let with = [words, &["--json".to_owned()]].concat();
    let done = run(desk, &with);
    let document: Value = done.document();
    // the limit of a day is over tomorrow, so trying again later helps
    let exit = match document["code"] == "too-many-requests" {
        true => 6,
        false => 4,
    };
    assert_eq!(done.exit, exit, "{with:?}: {done:?}");
    assert_eq!(
        (&document["type"], &document["exit"]),
        (&"error".into(), &exit.into())
    );
    // standard error says the same for people
    let detail = text(&document["detail"]);
    assert!(done.err.contains(&detail), "{}: {done:?}", case.state);
    (exit, text(&document["code"]), detail)
}

fn newest_line(desk: &Desk) -> Value {
    desk.rows(&["audit", "--limit", "1"]).remove(0)
}

/// Asks each face, and writes down what they said. What a rule of the table was met by is crossed off.
fn ask(
    desk: &Desk,
    case: &Case,
    rules: &[Rule],
    missing: &mut BTreeSet<(String, String)>,
) -> String {
    let bank = text(&desk.connection(&case.id)["institution"]["name"]);
    let words = case.words(&bank);
    let (exit, code, detail) = document(desk, case, &words);
    let plain = run(desk, &words);
    assert_eq!(
        (plain.exit, plain.out.as_str()),
        (exit, ""),
        "{words:?}: {plain:?}"
    );
    assert!(plain.err.contains(&detail), "{words:?}: {plain:?}");
    let line = newest_line(desk);
    assert_eq!(
        (text(&line["outcome"]), text(&line["target"])),
        (format!("refused: {code}"), case.id.clone()),
        "{words:?}: {line}"
    );
    let rule = rules
        .iter()
        .find(|rule| {
            rule.code == code
                && detail.contains(&rule.words)
                && rule.acts.iter().any(|act| act == case.act)
        })
        .unwrap_or_else(|| panic!("{words:?}: {detail} is in no row of the table"));
    missing.remove(&(case.act.to_owned(), rule.words.clone()));
    let seen = screen(desk, case);
    let first = match case.state {
        // whoever confirms the dialog forces it, so there it is a warning
        "guarded" => "one more may lock the account",
        _ => first_sentence(&rule.words),
    };
    assert!(
        shows(&seen, first),
        "{words:?}: `{first}` is not on the screen\n{seen}"
    );
    let outcome = text(&line["outcome"]);
    // the sentence before names the hold and its end
    let detail = match case.state {
        "on hold" => rule.words.clone(),
        _ => detail,
    };
    format!(
        "\n{} / {} / {code} / {exit} / {outcome}\n  command, document: {}\n  screen: {first}\n",
        case.act,
        case.state,
        detail.replace(&case.id[case.id.len().saturating_sub(6)..], "<id>"),
    )
}

#[test]
fn every_face_says_the_same_of_every_refusal() {
    // banks that take long, so that what is under way stays so
    let desk = world(1_000.0);
    let rules = rules();
    let mut missing: BTreeSet<(String, String)> = rules
        .iter()
        .flat_map(|rule| {
            rule.acts
                .iter()
                .map(|act| (act.clone(), rule.words.clone()))
        })
        .collect();
    let mut table = String::from("ACT / STATE / CODE / EXIT / AUDIT\n");
    for case in cases(&desk) {
        table += &ask(&desk, &case, &rules, &mut missing);
    }
    let desk = desk.with("speed = 1000.0", "speed = 0.0");
    let held = [
        ("refresh", "guarded", guarded(&desk)),
        ("refresh", "used up today", used_up(&desk)),
    ];
    for (act, state, id) in held {
        table += &ask(&desk, &case((act, state, &id)), &rules, &mut missing);
    }
    let id = desk.one("status:active via:ob");
    assert_eq!(desk.run(&["hold", &id, "--until", "2h"]).exit, 0);
    table += &ask(
        &desk,
        &case(("refresh", "on hold", &id)),
        &rules,
        &mut missing,
    );
    assert_eq!(
        missing,
        BTreeSet::new(),
        "these rows of the table were met by no case"
    );
    insta::assert_snapshot!("refusals", table);
    desk.healthy();
}
