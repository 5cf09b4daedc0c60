//! Commands that read, those about the program itself, and every help.

use super::{Session, World};

/// The first line of the options that every help repeats.
const COMMON: &str = "Options of every command:";

#[test]
fn help_of_every_command() {
    let mut session = Session::empty(World::Fixed);
    let root = session.run("--help").out;
    let (_, common) = root.split_once(COMMON).unwrap();
    session.keep("help");
    let mut open: Vec<String> = groups(&root);
    open.reverse();
    while let Some(command) = open.pop() {
        let help = session.quietly(&format!("{command} --help")).out;
        let (own, shared) = help.split_once(COMMON).unwrap();
        let (options, told) = shared.split_at(shared.find("\nExample").unwrap());
        assert!(
            common.starts_with(options),
            "{command} has other options of every command: {options}"
        );
        session.transcript = format!("$ switchboard {command} --help\n{}\n{told}", own.trim_end());
        session.keep(&format!("help-{}", command.replace(' ', "-")));
        let inner = below(&help).into_iter().rev();
        open.extend(inner.map(|name| format!("{command} {name}")));
    }
    session.compare();
}

/// The commands that the main help names, in its groups.
fn groups(help: &str) -> Vec<String> {
    let (_, after) = help.split_once("[COMMAND]\n").unwrap();
    let (lists, _) = after.split_once("\nOptions:\n").unwrap();
    let lines = lists
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    lines
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect()
}

/// The commands that a help names.
fn below(help: &str) -> Vec<String> {
    let Some((_, list)) = help.split_once("\nCommands:\n") else {
        return vec![];
    };
    list.lines()
        .take_while(|line| !line.is_empty())
        // what goes on from the line before stands further in
        .filter(|line| !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect()
}

/// A command, what it is read with, and what it refuses.
const READING: &[(&str, &[&str])] = &[
    (
        "connections",
        &[
            "connections",
            "connections status:invalid,failed,pre-init --json",
            "connections status:invalid,failed,pre-init --jsonl",
            "connections status:invalid,failed,pre-init --csv",
            "connections bank:hooli --sort bank:desc --limit 3",
            "connections user:nobody",
            "connections user:nobody --json",
            "connections --ascii status:invalid",
            "connections statsu:invalid",
            "connections statsu:invalid --json",
            "connections --sort colour",
            "connections --cursor x",
        ],
    ),
    (
        "connection",
        &[
            "connection ea979b",
            "connection ea979b --json",
            "connection c128d9",
            "connection f1e1b0",
            "connection e89640",
            "connection nothing-like-it",
            "connection nothing-like-it --json",
        ],
    ),
    (
        "why",
        &[
            "why ea979b",
            "why ea979b --json",
            "why 59f6ab",
            "why c128d9",
            "why 255850",
            "why 868089",
            "why 9e8c50",
            "why e89640",
            "why nothing-like-it",
        ],
    ),
    (
        "jobs",
        &[
            "jobs --limit 12",
            "jobs job:failed",
            "jobs --limit 2 --json",
            "jobs --limit 2 --jsonl",
            "jobs --limit 3 --csv",
            "jobs kind:nothing",
            "jobs user:nobody",
        ],
    ),
    (
        "job",
        &[
            "job 0117c2",
            "job 0117c2 --json",
            "job 93f0ff",
            "job nothing-like-it",
        ],
    ),
    (
        "users",
        &[
            "users --limit 8",
            "users hall",
            "users isla --json",
            "users isla --csv",
            "users monica@",
            "users nobody",
        ],
    ),
    (
        "user",
        &["user aa6fd7", "user aa6fd7 --json", "user nothing-like-it"],
    ),
    (
        "institutions",
        &["institutions", "institutions --csv", "institutions --jsonl"],
    ),
    (
        "institution",
        &[
            "institution AU10003",
            "institution AU10003 --json",
            "institution NZ10001",
            "institution AU99999",
        ],
    ),
    (
        "accounts",
        &[
            "accounts --user aa6fd7",
            "accounts --user aa6fd7 --json",
            "accounts --connection f1e1b0 --csv",
            "accounts --institution AU10003 --limit 3",
            "accounts",
            "accounts --user nothing-like-it",
        ],
    ),
    (
        "transactions",
        &[
            "transactions --user aa6fd7",
            "transactions --user aa6fd7 --json",
            "transactions --connection f1e1b0 --csv",
            "transactions --connection f1e1b0 --pending",
            "transactions --connection f1e1b0 --posted --limit 1",
            "transactions --institution AU00000",
            "transactions --account nothing-like-it",
        ],
    ),
    (
        "consents",
        &[
            "consents --limit 3",
            "consents --user aa6fd7",
            "consents --user aa6fd7 --json",
            "consents --user aa6fd7 --csv",
            "consents --user nothing-like-it",
        ],
    ),
    (
        "consent",
        &[
            "consent 24cb77",
            "consent 24cb77 --json",
            "consent nothing-like-it",
        ],
    ),
    (
        "events",
        &[
            "events --limit 5",
            "events --limit 2 --json",
            "events --limit 2 --csv",
            "events --type invalidated",
            "events --entity connection --since 60",
            "events --types",
            "events --types --jsonl",
            "events --type invalidatd",
        ],
    ),
    ("event", &["event 3", "event 3 --json", "event 999999999"]),
    ("status", &["status", "status --json"]),
    ("doctor", &["doctor", "doctor --json"]),
    (
        "schedule",
        &[
            "schedule",
            "schedule --json",
            "schedule --institution AU99999",
        ],
    ),
    ("plans-empty", &["plans", "plans --json"]),
    ("sequences-empty", &["sequences", "sequences --json"]),
    (
        "audit-empty",
        &["audit", "audit --json", "audit verify", "audit head --json"],
    ),
    (
        "enrich",
        &[
            "enrich 'HOOLI CAFE SYDNEY' --institution AU00000 --country AU",
            "enrich 'WOOLWORTHS 1234 SYDNEY' --institution AU00000 --country AU --amount -42.10 --json",
            "enrich ho --institution AU00000 --country AU",
            "enrich 'HOOLI CAFE' --institution AU99999 --country AU",
        ],
    ),
    (
        "snapshot",
        &[
            "snapshot --size 80x12",
            "snapshot --size 80x12 --keys j<enter>",
            "snapshot --size 80",
        ],
    ),
];

#[test]
fn commands_that_read() {
    let mut session = Session::new(World::Fixed);
    for (name, lines) in READING {
        lines.iter().for_each(|line| session.read(line));
        session.keep(name);
    }
    // turns of background refreshing, where it is on
    let config = session.desk.path("config.toml");
    std::fs::write(
        &config,
        "[sandbox]\nspeed = 0.0\n[smart_cache]\nenabled = true\n",
    )
    .unwrap();
    session.read("schedule --limit 4");
    session.read("schedule --limit 2 --json");
    session.read("schedule --institution AU00000 --csv");
    session.keep("schedule-enabled");
    session.compare();
}

#[test]
fn commands_about_the_program_itself() {
    let mut session = Session::new(World::Fixed);
    session.run("config path");
    session.run("config path --json");
    session.run("config check");
    session.run("config check --json");
    session.run("config show");
    session.run("config show --json");
    session.run("config show --csv");
    session.run("config init");
    let config = session.desk.path("config.toml");
    std::fs::write(
        &config,
        "[jobs]\nleese = \"3s\"\nlease = \"long\"\n[colours]\n",
    )
    .unwrap();
    session.run("config check");
    session.run("config check --json");
    session.run("connections");
    std::fs::remove_file(&config).unwrap();
    session.run("config init --read-only");
    session.run("config init --json");
    session.run("config show --jsonl");
    session.keep("config");
    std::fs::write(&config, "").unwrap();

    session.run("keys");
    session.run("keys --jsonl");
    session.keep("keys");

    for shell in ["bash", "zsh", "fish"] {
        let done = session.quietly(&format!("completions {shell}"));
        let first = done.out.lines().next().unwrap_or_default();
        let shown = format!(
            "$ switchboard completions {shell}\n{first}\n= {}\n\n",
            done.exit
        );
        session.transcript.push_str(&shown);
    }
    session.run("completions tcsh");
    session.keep("completions");

    session.run("");
    session.run("frobnicate");
    session.run("connection");
    session.run("connections --frobnicate --json");
    session.run("refresh ea979b --read-only");
    session.run("refresh ea979b --at 2026-03-10T09:41:07Z");
    session.run("connections --at yesterday");
    session.run("connections --db nowhere/w.db");
    session.run("connections --db config.toml");
    session.run("connections --db config.toml --json");
    session.run("connections --config none.toml");
    session.run("demo");
    session.run("--version");
    session.keep("mistakes");

    session.run("generate --connections 5 --transactions 1 --db other.db");
    session.run("generate --connections 5 --transactions 1 --db third.db --json");
    session.run("generate --connections 5");
    session.run("generate --connections many");
    session.run("connections --db other.db --at 2026-03-10T09:41:07Z");
    session.keep("generate");

    std::fs::write(session.desk.path("one.json"), IMPORTED).unwrap();
    std::fs::write(session.desk.path("bad.json"), "{\"type\": \"user\",").unwrap();
    session.run("import one.json --db new.db");
    session.run("import one.json --db new.db");
    session.run("import one.json --db new2.db --json");
    session.run("accounts --user u-1 --db new.db");
    session.run("transactions --user u-1 --db new.db");
    session.run("import bad.json --db new.db");
    session.run("import nothing.json --db new.db");
    session.run_with("import - --db new.db", Some(IMPORTED));
    session.keep("import");
    session.compare();
}

/// A user with a connection, an account, two transactions, and one of an account nobody has.
const IMPORTED: &str = r#"{"type": "list", "data": [
 {"type": "user", "id": "u-1", "email": "ada@example.test", "mobile": "+61400111222", "firstName": "Ada", "lastName": "Byron",
  "links": {"self": "https://api.example.test/users/u-1"}},
 {"type": "connection", "id": "c-1", "status": "active", "method": "web", "createdDate": "2026-03-02T01:14:07Z",
  "lastUsed": "2026-03-09T22:40:31Z", "institution": {"type": "institution", "id": "AU00000"},
  "links": {"self": "https://api.example.test/users/u-1/connections/c-1", "user": "https://api.example.test/users/u-1"}},
 {"type": "account", "id": "a-1", "name": "Daily", "currency": "AUD", "class": {"type": "savings", "product": "Saver"},
  "accountNo": "600000114210017", "accountHolder": "ADA BYRON", "balance": "835.15", "availableFunds": "812.40",
  "connection": "c-1", "institution": "AU00000", "lastUpdated": "2026-03-09T22:40:36Z", "status": "available",
  "links": {"self": "https://api.example.test/users/u-1/accounts/a-1"}},
 {"type": "transaction", "id": "t-1", "status": "posted", "description": "HOOLI CAFE SYDNEY", "amount": "-4.80",
  "currency": "AUD", "account": "a-1", "class": "payment", "direction": "debit", "institution": "AU00000",
  "connection": "c-1", "postDate": "2026-03-08T00:00:00Z",
  "links": {"self": "https://api.example.test/users/u-1/transactions/t-1"}},
 {"type": "transaction", "id": "t-2", "status": "pending", "description": "PAY", "amount": "1200.00", "currency": "AUD",
  "account": "a-1", "class": "direct-credit", "direction": "credit", "institution": "AU00000", "connection": "c-1",
  "transactionDate": "2026-03-09T00:00:00Z", "links": {"self": "https://api.example.test/users/u-1/transactions/t-2"}},
 {"type": "transaction", "id": "t-3", "status": "posted", "description": "LOST", "amount": "-1.00", "currency": "AUD",
  "account": "a-9", "class": "payment", "direction": "debit", "institution": "AU00000", "connection": "c-1",
  "postDate": "2026-03-08T00:00:00Z", "links": {"self": "https://api.example.test/users/u-1/transactions/t-3"}}
]}"#;
