//! What each command does with the database, for `--at` and `--read-only`: one table over clap's names.

use clap::ArgMatches;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Shows what is stored; `--at` shows it as of another moment.
    Reads,
    /// Changes nothing, and means the present moment.
    Present,
    /// Changes the database now.
    Writes,
    /// Writes a made-up world, at any moment.
    Makes,
}

/// Every command that does not only read, once.
const TABLE: &[(Access, &[&str])] = &[
    (Access::Present, PRESENT),
    (Access::Writes, WRITES),
    (Access::Makes, &["generate"]),
];

#[rustfmt::skip]
const PRESENT: &[&str] = &[
    "completions", "config check", "config path", "config show", "consent end --dry-run", "erase --dry-run",
    "events --follow", "job --follow", "keys", "man", "migrate --dry-run", "purge --dry-run", "refresh --dry-run", "restore-terminal",
    "revoke --dry-run", "user delete --dry-run",
];

#[rustfmt::skip]
const WRITES: &[&str] = &[
    "accept-loss", "answer", "apikey create", "apikey revoke", "apply", "auth-link create", "auth-link delete", "backup", "cancel",
    "config init", "connect", "consent end", "consent extend", "doctor --accept-clock", "doctor --fix-counts", "erase", "hold",
    "import", "invite", "live login", "live logout", "live sync", "live users add", "live users remove", "migrate", "note", "purge", "refresh", "release", "revoke", "sandbox abandon", "sandbox authorise",
    "sandbox deny", "sandbox health", "sandbox outage", "serve", "snooze", "take", "update-credentials", "user create",
    "user delete", "user update", "work",
];

/// The flags that change the access of a command, and so are a part of its name.
const FLAGS: [(&str, &str); 5] = [
    ("follow", "--follow"),
    ("dry_run", "--dry-run"),
    ("list_waiting", "--list-waiting"),
    ("accept_clock", "--accept-clock"),
    ("fix_counts", "--fix-counts"),
];

/// The command as it was typed: `user create`, `job --follow`.
pub(crate) fn name(matches: &ArgMatches) -> String {
    let mut words = Vec::new();
    let mut at = matches;
    while let Some((word, below)) = at.subcommand() {
        words.push(word);
        at = below;
    }
    for (flag, typed) in FLAGS {
        if matches!(at.try_get_one(flag), Ok(Some(true))) {
            words.push(typed);
        }
    }
    words.join(" ")
}

impl Access {
    pub(crate) fn of(name: &str) -> Self {
        TABLE
            .iter()
            .find(|(_, names)| names.contains(&name))
            .map_or(Access::Reads, |(access, _)| *access)
    }

    /// Whether `--at` means something to it.
    pub(crate) fn takes_at(self) -> bool {
        matches!(self, Access::Reads | Access::Makes)
    }

    /// Whether `--read-only` forbids it.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Access::Writes | Access::Makes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Cli;
    use super::*;
    use clap::CommandFactory as _;
    use std::collections::BTreeSet;

    #[rustfmt::skip]
    const READS: &[&str] = &[
        "accounts", "apikey list", "audit", "audit export", "audit head", "audit verify", "auth-link show", "causes", "certificate",
        "connection", "connections", "consent", "consents", "demo", "doctor", "enrich", "event", "events", "export", "holds",
        "import --list-waiting", "incidents", "institution", "institutions", "job", "jobs", "live status", "live users", "outbox", "plan", "plans", "schedule", "sequence",
        "sequences", "since", "snapshot", "status", "timeline", "transactions", "user", "users", "why",
    ];

    /// The names of a command and of all below it; of one that has to be followed by another, only those.
    fn names(command: &clap::Command, before: &str, all: &mut BTreeSet<String>) {
        for below in command.get_subcommands() {
            let name = format!("{before} {}", below.get_name()).trim().to_owned();
            names(below, &name, all);
            for (flag, typed) in FLAGS {
                if below.get_arguments().any(|a| a.get_id() == flag) {
                    all.insert(format!("{name} {typed}"));
                }
            }
            if !below.is_subcommand_required_set() {
                all.insert(name);
            }
        }
    }

    #[test]
    fn every_command_is_in_the_access_table_once() {
        let mut real = BTreeSet::new();
        names(&Cli::command(), "", &mut real);
        let listed = TABLE.iter().flat_map(|(_, names)| *names).chain(READS);
        let listed: Vec<String> = listed.map(|name| (*name).to_owned()).collect();
        let once: BTreeSet<String> = listed.iter().cloned().collect();
        assert_eq!(listed.len(), once.len());
        assert_eq!(real, once);
    }

    #[test]
    fn access_goes_by_the_whole_name_as_typed() {
        for (words, name, access) in [
            (&["user", "9d1c"][..], "user", Access::Reads),
            (
                &["user", "create", "--email", "m@example.test"],
                "user create",
                Access::Writes,
            ),
            (
                &["user", "update", "9d1c", "--mobile", ""],
                "user update",
                Access::Writes,
            ),
            (&["users", "monica", "hall"], "users", Access::Reads),
            (
                &["auth-link", "show", "9d1c"],
                "auth-link show",
                Access::Reads,
            ),
            (
                &["auth-link", "create", "9d1c"],
                "auth-link create",
                Access::Writes,
            ),
            (&["events", "--type", "created"], "events", Access::Reads),
            (&["job", "a", "--follow"], "job --follow", Access::Present),
            (
                &["purge", "9d1c", "--dry-run"],
                "purge --dry-run",
                Access::Present,
            ),
            (&["generate", "--json"], "generate", Access::Makes),
        ] {
            let words = ["switchboard"].iter().chain(words);
            let typed = super::name(&Cli::command().try_get_matches_from(words).unwrap());
            assert_eq!((typed.as_str(), Access::of(&typed)), (name, access));
        }
    }
}
