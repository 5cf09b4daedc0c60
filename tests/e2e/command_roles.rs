//! The role that each command needs: refused below it with exit code 5, the name of the role and a line in the audit. What
//! only reads is for everybody.

use super::command_table::{World, run};
use super::harness::text;
use std::collections::BTreeSet;

/// A command line that does its act, the act, and the least role.
#[rustfmt::skip]
const ACTS: &[(&str, &str, &str)] = &[
    ("refresh {id}", "refresh", "operator"),
    ("refresh {id} --dry-run", "", "operator"),
    ("refresh --filter status:active --plan", "refresh", "operator"),
    ("purge {id}", "purge", "operator"),
    ("revoke {id}", "revoke", "operator"),
    ("apply {plan} --confirm {words} --reason left", "purge", "operator"),
    ("migrate {id} --confirm x", "migrate", "operator"),
    ("connect --user {user} --institution AU00000 --method openbanking", "connect", "operator"),
    ("update-credentials {id} --password-stdin", "update-credentials", "operator"),
    ("answer {question} 1234", "answer", "operator"),
    ("auth-link create {user} --mobile +61400111222", "auth-link-create", "operator"),
    ("auth-link delete {linked}", "auth-link-delete", "operator"),
    ("import good.json", "import", "operator"),
    ("sandbox authorise {waiting}", "authorise", "operator"),
    ("sandbox abandon {waiting}", "abandon", "operator"),
    ("sandbox deny {waiting}", "deny", "operator"),
    ("sandbox health AU00000 partial-outage", "declare-health", "operator"),
    ("sandbox outage AU00000 --for 1m", "outage", "operator"),
    ("user create --email b@example.test", "user-create", "operator"),
    ("user update {user} --first-name Bo", "user-update", "operator"),
    ("consent extend {consent} --reason agreed", "extend-consent", "operator"),
    ("hold --institution AU00000 --until 2h --reason page", "hold", "operator"),
    ("hold {id} --until 2h --reason page", "hold", "operator"),
    ("release {hold}", "release", "operator"),
    ("cancel {question}", "cancel", "operator"),
    ("note {id} called", "note", "operator"),
    ("take {id}", "take", "operator"),
    ("snooze {broken} --until 2h", "snooze", "operator"),
    ("invite {waiting}", "invite", "operator"),
    ("erase --user {user}", "erase", "privacy"),
    ("user delete {user}", "delete-user", "privacy"),
    ("consent end {consent}", "end-consent", "privacy"),
    ("import good.json --restore-purged", "import-purged", "privacy"),
    ("backup copy.db", "backup", "admin"),
    ("doctor --fix-counts", "recount", "admin"),
    ("doctor --accept-clock", "accept-clock", "admin"),
    ("apikey create second --role viewer", "apikey-create", "admin"),
    ("apikey revoke reporting", "apikey-revoke", "admin"),
    ("accept-loss audit --confirm {loss} --reason lost --db headless.db", "", "admin"),
];

/// In their order: each may do what the ones before it may.
const ROLES: [&str; 4] = ["viewer", "operator", "privacy", "admin"];

#[test]
fn a_command_below_its_role_names_the_role_and_is_audited() {
    let world = World::new();
    let mut wrong = vec![];
    for (line, act, needs) in ACTS {
        let least = ROLES.iter().position(|role| role == needs).unwrap();
        // the role itself and the one below it; that the others follow is tried without processes
        for (rank, role) in ROLES.iter().enumerate().take(least + 1).skip(least - 1) {
            let section = format!("[access]\nrole = \"{role}\"\n[sandbox]");
            let desk = world.copy().with("[sandbox]", &section);
            let done = run(&desk, &world.words(line), &["--json"], false);
            let told = done
                .err
                .contains(&format!("this needs the role {needs}; yours is {role}"));
            let as_it_should = match rank < least {
                true => done.exit == 5 && told && done.document()["code"] == "permission-missing",
                // nothing that the act writes needs more than the act
                false => !done.err.contains("this needs the role"),
            };
            if !as_it_should {
                wrong.push(format!("{line} as {role}: {done:?}"));
            }
            if act.is_empty() || rank >= least {
                continue;
            }
            let lines = desk.rows(&["audit", "--action", act, "--limit", "1"]);
            let outcome = lines.first().map(|row| text(&row["outcome"]));
            if outcome != Some(format!("refused: needs {needs}")) {
                wrong.push(format!("{line} as {role} is not audited: {lines:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn whoever_reads_needs_no_more_than_a_viewer() {
    let world = World::new();
    let section = "[access]\nrole = \"viewer\"\n[sandbox]";
    let desk = world.copy().with("[sandbox]", section);
    for line in [
        "connections",
        "connection {id}",
        "why {id}",
        "jobs",
        "job {job}",
        "plans",
        "plan {plan}",
        "users",
        "user {user}",
        "accounts --user {user}",
        "transactions --user {user}",
        "consents",
        "consent {consent}",
        "institutions",
        "institution AU00000",
        "schedule",
        "events",
        "sequences",
        "sequence {sequence}",
        "certificate {sequence}",
        "doctor",
        "audit",
        "audit verify",
        "audit head",
        "audit export lines.jsonl",
        "export connections",
        "causes",
        "incidents",
        "since",
        "timeline {id}",
        "holds",
        "apikey list",
        "config show",
        "snapshot --size 80x24",
        "work --until-idle",
    ] {
        let done = run(&desk, &world.words(line), &[], false);
        assert_eq!(done.exit, 0, "{line}: {done:?}");
    }
}

#[test]
fn the_role_stands_in_the_configuration_and_only_one_of_four_is_taken() {
    let desk = super::harness::Desk::empty(0.0);
    let shown = |desk: &super::harness::Desk| {
        let rows = desk.rows(&["config", "show"]);
        let row = rows.into_iter().find(|row| row["key"] == "access.role");
        let row = row.unwrap();
        (text(&row["value"]), text(&row["origin"]))
    };
    assert_eq!(shown(&desk), ("admin".into(), "default".into()));
    let mut seen = BTreeSet::new();
    for role in ROLES {
        let desk = super::harness::Desk::empty(0.0);
        let section = format!("[access]\nrole = \"{role}\"\n[sandbox]");
        let desk = desk.with("[sandbox]", &section);
        assert_eq!(shown(&desk), (role.into(), "file".into()));
        seen.insert(role);
    }
    assert_eq!(seen.len(), 4);
    let desk = desk.with("[sandbox]", "[access]\nrole = \"root\"\n[sandbox]");
    let done = desk.run(&["config", "check"]);
    assert_eq!(done.exit, 9, "{done:?}");
    let names = r#"allowed: "viewer" or "operator" or "privacy" or "admin""#;
    assert!(
        done.err.contains(names) || done.out.contains(names),
        "{done:?}"
    );
}
