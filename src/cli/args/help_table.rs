//! An example and the exit codes of every command; a test compares it with the commands there are.

/// Reads a list.
const LIST: &[u8] = &[0, 2, 6, 7, 8, 9];
/// Reads what an id names.
const ONE: &[u8] = &[0, 2, 3, 6, 7, 8, 9];
/// Opens no database.
const PROGRAM: &[u8] = &[0, 2, 7, 9];
/// Changes what an id names.
const CHANGE: &[u8] = &[0, 2, 3, 4, 5, 6, 7, 8, 9];
/// Makes a job, and may wait for it.
const JOB: &[u8] = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12];
/// Acts on one or several, after a confirmation.
const ACT: &[u8] = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/// Ends several things in order, after a confirmation.
const ENDING: &[u8] = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/// Shows the screen or makes a made-up world.
const WORLD: &[u8] = &[0, 2, 4, 6, 7, 8, 9];

/// Command, exit codes, examples.
pub(crate) type Row = (&'static str, &'static [u8], &'static [&'static str]);

#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    ("connections", LIST, &["connections 'status:invalid last>3d'", "connections --columns id,userName,status --csv"]),
    ("connection", ONE, &["connection ea979b", "connection 0191f3a2 --json"]),
    ("why", ONE, &["why ea979b"]),
    ("jobs", LIST, &["jobs 'job:failed kind:refresh' --limit 20"]),
    ("job", &[0, 1, 2, 3, 6, 7, 8, 9], &["job 0117c2 --follow"]),
    ("connect", JOB, &["connect --user aa6fd7 --institution AU00000 --login-id gavin --password-stdin --wait"]),
    ("refresh", ACT, &["refresh ea979b --wait", "connections is:stale --jsonl | switchboard refresh - --dry-run"]),
    ("purge", ACT, &["purge ea979b --confirm 'purge 79b' --reason 'asked for by the user'", "purge --filter 'bank:hooli' --plan"]),
    ("revoke", ACT, &["revoke ea979b --confirm 'Hooli Bank' --reason 'left'"]),
    ("apply", ACT, &["apply 0191f3 --confirm 'purge 12' --reason 'left'"]),
    ("plans", LIST, &["plans --limit 5"]),
    ("plan", ONE, &["plan 0191f3 --csv"]),
    ("update-credentials", JOB, &["update-credentials ea979b --password-stdin --wait"]),
    ("answer", JOB, &["answer 0117c2 123456 --wait"]),
    ("work", &[0, 2, 6, 7, 8, 9, 12], &["work --until-idle"]),
    ("doctor", &[0, 2, 4, 5, 6, 7, 8, 9, 10], &["doctor --deep --json"]),
    ("audit", LIST, &["audit --action purge --since 90d --csv"]),
    ("audit verify", &[0, 2, 6, 7, 8, 9, 10], &["audit verify"]),
    ("audit export", &[0, 2, 4, 6, 7, 8, 9], &["audit export audit-2026.jsonl", "audit export - --csv"]),
    ("audit head", LIST, &["audit head"]),
    ("accept-loss", &[0, 2, 4, 5, 6, 7, 8, 9], &["accept-loss keys --confirm 'accept loss of keys' --reason 'the disk broke'"]),
    ("keys", PROGRAM, &["keys --json"]),
    ("restore-terminal", &[0, 2, 7], &["restore-terminal"]),
    ("completions", PROGRAM, &["completions bash"]),
    ("man", &[0, 2, 7], &["man purge", "man --into /usr/local/share/man/man1"]),
    ("institutions", LIST, &["institutions --csv"]),
    ("institution", ONE, &["institution AU00000"]),
    ("schedule", ONE, &["schedule --institution AU00000 --limit 20"]),
    ("users", LIST, &["users monica hall"]),
    ("user", ONE, &["user aa6fd7"]),
    ("user create", CHANGE, &["user create --email monica@example.test --first-name Monica"]),
    ("user update", CHANGE, &["user update aa6fd7 --mobile +61400111222"]),
    ("user delete", ENDING, &["user delete aa6fd7 --confirm 'delete fd7' --reason 'account closed'"]),
    ("accounts", ONE, &["accounts --user aa6fd7"]),
    ("transactions", ONE, &["transactions --connection ea979b --posted --limit 50"]),
    ("auth-link", CHANGE, &["auth-link create aa6fd7"]),
    ("auth-link create", CHANGE, &["auth-link create aa6fd7"]),
    ("auth-link show", ONE, &["auth-link show aa6fd7"]),
    ("auth-link delete", CHANGE, &["auth-link delete aa6fd7"]),
    ("enrich", &[0, 2, 3, 4, 6, 7, 8, 9], &["enrich 'HOOLI CAFE SYDNEY' --institution AU00000 --country AU"]),
    ("event", ONE, &["event 1042"]),
    ("events", ONE, &["events --follow --type connection.invalidated --jsonl"]),
    ("migrate", ENDING, &["migrate ea979b --confirm 'move 79b'"]),
    ("erase", ENDING, &["erase --user aa6fd7 --confirm 'erase fd7' --reason 'asked for by the user'"]),
    ("consents", ONE, &["consents --user aa6fd7"]),
    ("consent", ONE, &["consent ab53ad"]),
    ("consent extend", CHANGE, &["consent extend ab53ad --reason 'agreed on the phone'"]),
    ("consent end", ENDING, &["consent end ab53ad --confirm 'end 3ad' --reason 'withdrawn'"]),
    ("certificate", &[0, 2, 3, 4, 6, 7, 8, 9, 10], &["certificate 0117c2 --verify"]),
    ("sequences", LIST, &["sequences --limit 5"]),
    ("sequence", ONE, &["sequence 0191f3"]),
    ("config", PROGRAM, &["config show"]),
    ("config path", PROGRAM, &["config path"]),
    ("config check", PROGRAM, &["config check"]),
    ("config show", PROGRAM, &["config show --csv"]),
    ("config init", &[0, 2, 4, 7, 9], &["config init --config switchboard.toml"]),
    ("status", &[0, 1, 2, 6, 7, 8, 9, 11], &["status"]),
    ("import", &[0, 2, 4, 5, 6, 7, 8, 9, 11], &["import export.jsonl"]),
    ("export", ONE, &["export connections 'status:invalid' -o csv", "export audit action:purge since:90d --jsonl"]),
    ("backup", &[0, 2, 4, 5, 6, 7, 8, 9, 10], &["backup /mnt/backup/switchboard-monday.db"]),
    ("generate", WORLD, &["generate --connections 200 --db world.db"]),
    ("demo", WORLD, &["demo --connections 200 --keep world.db"]),
    ("snapshot", WORLD, &["snapshot --size 80x24 --keys 'jj<enter>'"]),
    ("sandbox", CHANGE, &["sandbox outage AU00000 --for 20m"]),
    ("sandbox authorise", CHANGE, &["sandbox authorise ea979b"]),
    ("sandbox abandon", CHANGE, &["sandbox abandon ea979b"]),
    ("sandbox deny", CHANGE, &["sandbox deny ea979b"]),
    ("sandbox health", CHANGE, &["sandbox health AU00000 degraded-performance --method web"]),
    ("sandbox outage", CHANGE, &["sandbox outage AU00000 --for 20m"]),
    ("causes", LIST, &["causes 'bank:hooli via:ob'"]),
    ("incidents", ONE, &["incidents", "incidents 3 --json"]),
    ("since", LIST, &["since", "since --at 2026-03-10T18:00:00Z --json"]),
    ("timeline", ONE, &["timeline ea979b --limit 50"]),
    ("hold", CHANGE, &["hold --institution AU10001 --until 14:00 --reason 'the bank changed its page'"]),
    ("holds", LIST, &["holds"]),
    ("release", CHANGE, &["release 0191f3"]),
    ("cancel", &[0, 2, 3, 4, 5, 6, 7, 8, 9, 11], &["cancel 0117c2", "cancel --plan 0191f3 --reason 'wrong filter'"]),
    ("note", CHANGE, &["note ea979b 'called, will sign in tonight'"]),
    ("take", CHANGE, &["take ea979b"]),
    ("snooze", CHANGE, &["snooze ea979b --until 2h"]),
    ("invite", CHANGE, &["invite ea979b --mark-asked"]),
    ("live", CHANGE, &["live login https://au-api.example.com --db live.db", "live status"]),
    ("live login", &[0, 1, 2, 4, 6, 7, 8, 9], &["live login https://au-api.example.com --db live.db"]),
    ("live logout", CHANGE, &["live logout --db live.db"]),
    ("live users", &[0, 2, 4, 6, 7, 8, 9], &["live users --db live.db", "live users add users.csv --db live.db"]),
    ("live users add", CHANGE, &["live users add users.csv --db live.db", "live users add -"]),
    ("live users remove", CHANGE, &["live users remove aa6fd7"]),
    ("live sync", &[0, 1, 2, 3, 4, 6, 7, 8, 9], &["live sync --db live.db", "live sync --user aa6fd7"]),
    ("live status", &[0, 2, 4, 6, 7, 8, 9], &["live status --json"]),
    ("outbox", LIST, &["outbox --open", "outbox --json"]),
    ("serve", &[0, 2, 4, 6, 7, 8, 9], &["serve --listen 127.0.0.1:8787"]),
    ("apikey", CHANGE, &["apikey list"]),
    ("apikey create", CHANGE, &["apikey create reporting --role viewer --expires 90d"]),
    ("apikey list", LIST, &["apikey list"]),
    ("apikey revoke", CHANGE, &["apikey revoke reporting"]),
];
