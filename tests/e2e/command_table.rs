//! Every command with good and bad input, as a document, into a closed pipe and without a terminal; exit codes as a
//! table. A command without a row fails.

use super::harness::{Desk, Done, ended, text};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Stdio;

/// A command, good words with their exit code, bad words with theirs. `{…}` is replaced by an id of the world.
pub(super) type Row = (&'static str, (&'static str, i32), (&'static str, i32));

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("connections", ("connections status:active", 0), ("connections statsu:active", 2)),
    ("connection", ("connection {id}", 0), ("connection nothing-like-it", 3)),
    ("why", ("why {id}", 0), ("why nothing-like-it", 3)),
    ("jobs", ("jobs kind:refresh", 0), ("jobs knd:refresh", 2)),
    ("job", ("job {job}", 0), ("job nothing-like-it", 3)),
    ("plans", ("plans", 0), ("plans --limit 0", 2)),
    ("plan", ("plan {plan}", 0), ("plan nothing-like-it", 3)),
    ("users", ("users", 0), ("users monica@", 2)),
    ("user", ("user {user}", 0), ("user nothing-like-it", 3)),
    ("accounts", ("accounts --user {user}", 0), ("accounts", 2)),
    ("transactions", ("transactions --user {user}", 0), ("transactions --user {user} --account nothing-like-it", 3)),
    ("consents", ("consents", 0), ("consents --user nothing-like-it", 3)),
    ("consent", ("consent {consent}", 0), ("consent nothing-like-it", 3)),
    ("institutions", ("institutions", 0), ("institutions --columns colour", 2)),
    ("institution", ("institution AU00000", 0), ("institution AU99999", 3)),
    ("schedule", ("schedule --limit 3", 0), ("schedule --institution AU99999", 3)),
    ("events", ("events --limit 3", 0), ("events --type invalidatd", 2)),
    ("event", ("event 1", 0), ("event 999999999", 3)),
    ("sequences", ("sequences", 0), ("sequences --cursor x", 2)),
    ("sequence", ("sequence {sequence}", 0), ("sequence nothing-like-it", 3)),
    ("certificate", ("certificate {sequence}", 0), ("certificate {job}", 3)),
    ("enrich", ("enrich HOOLI-CAFE --institution AU00000 --country AU", 0), ("enrich ho --institution AU00000 --country AU", 4)),
    ("connect", ("connect --user {user} --institution AU00000 --method openbanking", 0), ("connect --user {user} --institution AU99999 --method openbanking", 3)),
    ("update-credentials", ("update-credentials {id} --password-stdin", 0), ("update-credentials {consented} --password-stdin", 4)),
    ("answer", ("answer {question} 1234", 0), ("answer {job} 1234", 4)),
    ("auth-link", ("auth-link create {user} --mobile +61400111222", 0), ("auth-link", 2)),
    ("auth-link create", ("auth-link create {user} --mobile +61400111222", 0), ("auth-link create nothing-like-it", 3)),
    ("auth-link show", ("auth-link show {linked}", 0), ("auth-link show nothing-like-it", 3)),
    ("auth-link delete", ("auth-link delete {linked}", 0), ("auth-link delete nothing-like-it", 3)),
    ("refresh", ("refresh {id}", 0), ("refresh {gone}", 4)),
    ("purge", ("purge {id} --dry-run", 0), ("purge {id}", 5)),
    ("revoke", ("revoke {id} --dry-run", 0), ("revoke {id}", 5)),
    ("apply", ("apply {plan} --confirm {words} --reason left", 0), ("apply {plan}", 5)),
    ("migrate", ("migrate {id} --dry-run", 0), ("migrate {consented}", 4)),
    ("erase", ("erase --user {user} --dry-run", 0), ("erase --user {user}", 5)),
    ("work", ("work --until-idle", 0), ("work --until-dawn", 2)),
    ("status", ("status", 0), ("status --cursor x", 2)),
    ("doctor", ("doctor", 0), ("doctor --db config.toml", 8)),
    ("audit", ("audit --limit 3", 0), ("audit --since yesterday", 2)),
    ("audit verify", ("audit verify", 0), ("audit verify --against 1:0000000000000000000000000000000000000000000000000000000000000000", 10)),
    ("audit export", ("audit export new.jsonl", 0), ("audit export w.db", 4)),
    ("audit head", ("audit head", 0), ("audit head --db none.db", 8)),
    ("import", ("import good.json", 0), ("import bad.json", 2)),
    ("export", ("export connections", 0), ("export colours", 2)),
    ("backup", ("backup copy.db", 0), ("backup w.db", 4)),
    ("accept-loss", ("accept-loss audit --confirm {loss} --reason lost --db headless.db", 0), ("accept-loss audit --confirm {loss} --reason lost", 4)),
    ("demo", ("demo", 2), ("demo --connections many", 2)),
    ("generate", ("generate --connections 2 --db new.db", 0), ("generate --db w.db", 4)),
    ("snapshot", ("snapshot --size 80x24", 0), ("snapshot --size 0x3", 2)),
    ("sandbox", ("sandbox outage AU00000 --for 1m", 0), ("sandbox", 2)),
    ("sandbox authorise", ("sandbox authorise {waiting}", 0), ("sandbox authorise {id}", 4)),
    ("sandbox abandon", ("sandbox abandon {waiting}", 0), ("sandbox abandon nothing-like-it", 3)),
    ("sandbox deny", ("sandbox deny {waiting}", 0), ("sandbox deny nothing-like-it", 3)),
    ("sandbox health", ("sandbox health AU00000 partial-outage", 0), ("sandbox health AU00000 sad", 2)),
    ("sandbox outage", ("sandbox outage AU00000 --for 1m", 0), ("sandbox outage AU99999 --for 1m", 3)),
    ("user create", ("user create --email b@example.test", 0), ("user create", 4)),
    ("user update", ("user update {user} --first-name Bo", 0), ("user update nothing-like-it --first-name Bo", 3)),
    ("user delete", ("user delete {user} --dry-run", 0), ("user delete {user}", 5)),
    ("consent extend", ("consent extend {consent} --reason agreed", 0), ("consent extend nothing-like-it", 3)),
    ("consent end", ("consent end {consent} --dry-run", 0), ("consent end {consent}", 5)),
    ("keys", ("keys", 0), ("keys --config bad.toml", 9)),
    ("config", ("config show", 0), ("config", 2)),
    ("config path", ("config path", 0), ("config path x", 2)),
    ("config check", ("config check", 0), ("config check --config bad.toml", 9)),
    ("config show", ("config show", 0), ("config show --config none.toml", 9)),
    ("config init", ("config init --config new.toml", 0), ("config init", 4)),
    ("restore-terminal", ("restore-terminal", 2), ("restore-terminal now", 2)),
    ("completions", ("completions bash", 0), ("completions tcsh", 2)),
    ("man", ("man purge", 0), ("man purg", 2)),
    ("causes", ("causes", 0), ("causes statsu:x", 2)),
    ("incidents", ("incidents", 0), ("incidents 99", 3)),
    ("since", ("since --at 2026-03-10T00:00:00Z", 0), ("since --at yesterday", 2)),
    ("timeline", ("timeline {id}", 0), ("timeline nothing-like-it", 3)),
    ("hold", ("hold --institution AU00000 --until 2h --reason page", 0), ("hold --institution AU99999 --until 2h --reason page", 3)),
    ("holds", ("holds", 0), ("holds --limit 0", 2)),
    ("release", ("release {hold}", 0), ("release nothing-like-it", 3)),
    ("cancel", ("cancel {question}", 0), ("cancel nothing-like-it", 3)),
    ("note", ("note {id} called", 0), ("note nothing-like-it called", 3)),
    ("take", ("take {id}", 0), ("take nothing-like-it", 3)),
    ("snooze", ("snooze {broken} --until 2h", 0), ("snooze {id} --until 2h", 4)),
    ("invite", ("invite {waiting}", 0), ("invite {id}", 4)),
    ("apikey", ("apikey list", 0), ("apikey", 2)),
    ("apikey create", ("apikey create second --role viewer", 0), ("apikey create second --role king", 2)),
    ("apikey list", ("apikey list", 0), ("apikey list x", 2)),
    ("apikey revoke", ("apikey revoke reporting", 0), ("apikey revoke nothing-like-it", 3)),
    // this file is of the sandbox, and mirrors no platform
    ("live", ("live status", 4), ("live", 2)),
    ("live login", ("live login https://h.example --api-key-stdin", 4), ("live login h.example --api-key-stdin", 2)),
    ("live logout", ("live logout", 4), ("live logout x", 2)),
    ("live users", ("live users", 4), ("live users --limit 0", 2)),
    ("live users add", ("live users add -", 2), ("live users add none.txt", 7)),
    ("live users remove", ("live users remove nothing-like-it", 3), ("live users remove", 2)),
    ("live sync", ("live sync", 4), ("live sync x", 2)),
    ("live status", ("live status", 4), ("live status x", 2)),
    ("outbox", ("outbox", 0), ("outbox --limit 0", 2)),
    // it goes on until a signal ends it
    ("serve", ("serve --listen nonsense", 2), ("serve --listen 192.0.2.1:1", 9)),
];

/// Commands whose output is a text for another program, whatever the format.
pub(super) const TEXTS: [&str; 3] = ["completions", "man", "snapshot"];

/// A world in which everything that the rows name is there, and the ids by their names.
pub(super) struct World {
    pub(super) desk: Desk,
    names: BTreeMap<&'static str, String>,
}

impl World {
    pub(super) fn new() -> Self {
        let desk = Desk::new(60, 2, 0.0).with("mfa_expiry = \"1s\"", "mfa_expiry = \"1h\"");
        let mut names = BTreeMap::new();
        fs::write(desk.path("bad.toml"), "[jobs]\nleese = \"3s\"\n").unwrap();
        fs::write(desk.path("bad.json"), "{not json").unwrap();
        fs::write(
            desk.path("good.json"),
            r#"[{"type": "user", "id": "u-1", "email": "ada@example.test"}]"#,
        )
        .unwrap();
        // a sequence that ended with a certificate
        let user = |id: &str| text(&desk.connection(id)["userId"]);
        let first = desk.ids("status:active acc>0 via:web");
        let erased = user(&first[0]);
        let words = format!("erase {}", &erased[erased.len() - 3..]);
        let done = desk.run(&[
            "erase",
            "--user",
            &erased,
            "--confirm",
            &words,
            "--reason",
            "left",
        ]);
        assert_eq!(done.exit, 0, "{done:?}");
        names.insert("{sequence}", text(&desk.rows(&["sequences"])[0]["id"]));
        let consents = desk.rows(&["consents"]);
        names.insert("{consent}", text(&consents[0]["id"]));
        let id = desk
            .one("status:active acc>0 via:web bank:hooli,acme,contoso,fabrikam,northwind,tailspin");
        names.insert("{user}", user(&id));
        names.insert("{consented}", desk.one("status:active via:ob consent>30d"));
        names.insert("{gone}", desk.one("status:deleted"));
        names.insert("{broken}", desk.one("status:invalid"));
        names.insert(
            "{job}",
            text(&desk.rows(&["jobs", "kind:refresh job:success"])[0]["id"]),
        );
        let linked = user(&desk.one("status:active via:ob consent>30d"));
        assert_eq!(desk.run(&["auth-link", "create", &linked]).exit, 0);
        names.insert("{linked}", linked);
        // a bank that asks a question, and one where nobody has agreed yet
        let asks = desk
            .run(&["refresh", "--filter", "status:active", "--plan", "--json"])
            .document();
        let (plan, words) = (text(&asks["id"]), text(&asks["confirm"]));
        let applied = desk.run(&["apply", &plan, "--confirm", &words]);
        assert!([0, 11].contains(&applied.exit), "{applied:?}");
        desk.run(&["work", "--until-idle"]);
        names.insert(
            "{question}",
            text(&desk.rows(&["jobs", "state:waiting-mfa"])[0]["id"]),
        );
        let made = desk.document(&[
            "connect",
            "--user",
            &names["{user}"],
            "--institution",
            "AU00000",
            "--method",
            "openbanking",
        ]);
        names.insert("{waiting}", text(&made["connectionId"]));
        let plan = desk.run(&["purge", &id, "--plan", "--json"]).document();
        names.insert("{plan}", text(&plan["id"]));
        names.insert("{words}", text(&plan["confirm"]));
        let hold = [
            "hold",
            "--institution",
            "NZ10001",
            "--until",
            "2h",
            "--reason",
            "page",
        ];
        names.insert("{hold}", text(&desk.document(&hold)["id"]));
        assert_eq!(desk.run(&["apikey", "create", "reporting"]).exit, 0);
        names.insert("{loss}", "accept loss of audit".into());
        names.insert("{id}", id);
        Self { desk, names }
    }

    /// A copy of it, in which a command changes nothing that another one sees.
    pub(super) fn copy(&self) -> Desk {
        let copy = Desk::empty(0.0);
        for (path, bytes) in self.desk.files() {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name.ends_with(".reserve") {
                // empty space, made again where it is needed
                continue;
            }
            fs::write(copy.path(&name), &bytes).unwrap();
            // the same database without the head of its audit
            for end in ["", ".master", ".keys"] {
                if name == format!("w.db{end}") {
                    let other = copy.path(&format!("headless.db{end}"));
                    fs::write(&other, &bytes).unwrap();
                    private(&other);
                }
            }
            private(&copy.path(&name));
        }
        copy
    }

    pub(super) fn words(&self, line: &str) -> Vec<String> {
        let word = |word: &str| {
            self.names
                .get(word)
                .cloned()
                .unwrap_or_else(|| word.to_owned())
        };
        line.split(' ').map(word).collect()
    }
}

fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// Runs without a terminal. `closed` closes the reading end of its output before anything is read.
pub(super) fn run(desk: &Desk, words: &[String], more: &[&str], closed: bool) -> Done {
    let words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .chain(more.iter().copied())
        .collect();
    let mut command = desk.command(&words);
    // a password where one is asked for on stdin
    let stdin = words.contains(&"--password-stdin");
    if stdin {
        fs::write(desk.path("password"), "hunter2\n").unwrap();
        command.stdin(fs::File::open(desk.path("password")).unwrap());
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    if closed {
        drop(child.stdout.take());
    }
    ended(child.wait_with_output().unwrap(), &words)
}

#[test]
fn point_59_every_command_has_a_row_and_a_manual_page_with_its_exit_codes() {
    let desk = Desk::empty(0.0);
    fs::create_dir(desk.path("pages")).unwrap();
    let made = desk.run(&["man", "--into", "pages", "--json"]);
    assert_eq!(made.exit, 0, "{made:?}");
    let pages: BTreeSet<String> = fs::read_dir(desk.path("pages"))
        .unwrap()
        .map(|page| page.unwrap().file_name().into_string().unwrap())
        .filter(|page| page != "switchboard.1")
        .collect();
    let rows = ROWS
        .iter()
        .map(|(name, ..)| format!("switchboard-{}.1", name.replace(' ', "-")));
    assert_eq!(rows.collect::<BTreeSet<_>>(), pages);
    for name in &pages {
        let page = fs::read_to_string(desk.path("pages").join(name)).unwrap();
        assert!(
            page.contains(".SH NAME") && page.contains("Exit codes"),
            "{name}"
        );
    }
}

#[test]
fn every_command_answers_good_and_bad_input_with_its_exit_code() {
    let world = World::new();
    let mut wrong = vec![];
    for (name, good, bad) in ROWS {
        let help: Vec<String> = name.split(' ').map(str::to_owned).collect();
        let help = run(&world.desk, &help, &["--help"], false).out;
        for (line, exit) in [good, bad] {
            let listed = |l: &str| l.trim_start().starts_with(&format!("{exit}  "));
            if !help.lines().any(listed) {
                wrong.push(format!("{name} --help does not list {exit}"));
            }
            wrong.extend(answers(&world, name, line, *exit));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with the answers of one command line.
fn answers(world: &World, name: &str, line: &str, exit: i32) -> Vec<String> {
    let mut wrong = vec![];
    let words = world.words(line);
    let plain = run(&world.copy(), &words, &[], false);
    let says_why = exit == 0 || !plain.err.is_empty() || name == "status";
    if plain.exit != exit || plain.out.contains('\x1b') || plain.err.contains('\x1b') || !says_why {
        wrong.push(format!(
            "{line}: not {exit}, or it does not say why: {plain:?}"
        ));
    }
    let json = run(&world.copy(), &words, &["--json"], false);
    let text = exit == 0 && TEXTS.contains(&name);
    let document = serde_json::from_str::<serde_json::Value>(&json.out).unwrap_or_default();
    if json.exit != exit || (!text && document["schemaVersion"] != 1) {
        wrong.push(format!("{line} --json: {json:?}"));
    }
    let unread = run(&world.copy(), &words, &[], true);
    let quiet = exit == 0 && [0, 141].contains(&unread.exit);
    if !(quiet || unread.exit == exit) || unread.err.contains("roken pipe") {
        wrong.push(format!("{line} into a closed pipe: {unread:?}"));
    }
    wrong
}
