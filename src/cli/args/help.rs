//! What `--help` and the manual pages say beyond the arguments: groups of commands, an example and the exit codes of
//! each command.

use super::{Cli, help_table::ROWS};
use clap::{Command, CommandFactory as _};

/// What an exit code means, in few words.
pub(crate) const MEANINGS: &[(u8, &str)] = &[
    (0, "done (an empty list too)"),
    (1, "failed"),
    (2, "usage"),
    (3, "not found"),
    (4, "refused by a rule or the state"),
    (5, "confirmation, reason or permission missing"),
    (6, "try again later"),
    (7, "storage cannot be written"),
    (8, "database unusable"),
    (9, "configuration or key file"),
    (10, "verification failed"),
    (11, "some of several failed"),
    (12, "timed out waiting"),
];

/// What the main help shows as examples.
const ROOT: &str = "\
Examples:
  switchboard demo
  switchboard connections 'status:invalid last>3d'
  switchboard why CONNECTION";

/// The commands in groups, as `--help` lists them.
pub(crate) const GROUPS: &[(&str, &[&str])] = &[
    (
        "Look",
        &[
            "connections",
            "connection",
            "why",
            "causes",
            "incidents",
            "since",
            "timeline",
            "jobs",
            "job",
            "plans",
            "plan",
            "holds",
            "users",
            "user",
            "accounts",
            "transactions",
            "consents",
            "consent",
            "institutions",
            "institution",
            "schedule",
            "events",
            "event",
            "sequences",
            "sequence",
            "certificate",
            "enrich",
        ],
    ),
    (
        "Act on connections",
        &[
            "connect",
            "update-credentials",
            "answer",
            "auth-link",
            "refresh",
            "purge",
            "revoke",
            "apply",
            "cancel",
            "hold",
            "release",
            "migrate",
            "erase",
            "note",
            "take",
            "snooze",
            "invite",
        ],
    ),
    ("Work on a platform", &["live", "outbox"]),
    (
        "Run and look after it",
        &[
            "work",
            "serve",
            "apikey",
            "status",
            "doctor",
            "audit",
            "import",
            "export",
            "backup",
            "accept-loss",
        ],
    ),
    ("Try it out", &["demo", "generate", "snapshot", "sandbox"]),
    (
        "The program itself",
        &["keys", "restore-terminal", "config", "completions", "man"],
    ),
];

/// The command line with the examples and exit codes of every command; `grouped` also makes the list of all commands,
/// which only the main help needs.
pub(crate) fn command(grouped: bool) -> Command {
    let root = told(Cli::command(), "");
    match grouped {
        true => {
            let text = list(&root);
            root.override_help(text)
        }
        false => root,
    }
}

/// Adds example and exit codes to a command and to those below it.
fn told(mut command: Command, path: &str) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|below| below.get_name().to_owned())
        .collect();
    for name in names {
        let path = format!("{path} {name}").trim_start().to_owned();
        command = command.mut_subcommand(&name, |below| told(below, &path));
    }
    match path {
        // the main help has its own list of all exit codes
        "" => command.after_help(format!("{ROOT}\n\n{}", super::EXITS)),
        path => command.after_help(after(path)),
    }
}

fn after(path: &str) -> String {
    let Some((_, codes, examples)) = ROWS.iter().find(|(name, ..)| *name == path) else {
        return super::EXITS.to_owned();
    };
    let mut text = match examples.len() {
        1 => "Example:\n".to_owned(),
        _ => "Examples:\n".to_owned(),
    };
    for example in *examples {
        text.push_str(&format!("  switchboard {example}\n"));
    }
    text.push_str("\nExit codes:\n");
    let said = MEANINGS.iter().filter(|(code, _)| codes.contains(code));
    for (code, meaning) in said {
        let own = OWN
            .iter()
            .find(|(name, own, _)| *name == path && own == code);
        let meaning = own.map_or(*meaning, |(.., meaning)| *meaning);
        text.push_str(&format!("  {code:>2}  {meaning}\n"));
    }
    text.trim_end().to_owned()
}

/// Exit codes that mean something of their own with a command.
const OWN: &[(&str, u8, &str)] = &[
    ("status", 0, "no trouble"),
    ("status", 1, "a bank fails"),
    (
        "status",
        6,
        "ours: no worker, something does not go on, or the clock looks wrong",
    ),
    ("status", 11, "several banks fail at once"),
    ("doctor", 8, "the database or its files have a problem"),
    (
        "certificate",
        10,
        "with --verify: something of it was found",
    ),
    ("audit verify", 10, "a line was changed, removed or cut off"),
    (
        "work",
        12,
        "with --until-idle: something waited for longer than three leases",
    ),
    ("answer", 1, "with --wait: the job failed"),
];

/// The main help, with the commands in groups.
fn list(root: &Command) -> String {
    let mut lists = String::new();
    let named: Vec<&str> = GROUPS
        .iter()
        .flat_map(|(_, names)| *names)
        .copied()
        .collect();
    let others: Vec<&str> = root
        .get_subcommands()
        .map(Command::get_name)
        .filter(|name| !named.contains(name))
        .collect();
    for (title, names) in GROUPS.iter().copied().chain([("Other", others.as_slice())]) {
        let some = names
            .iter()
            .filter(|name| root.find_subcommand(name).is_some());
        let some: Vec<&str> = some.copied().collect();
        if some.is_empty() {
            continue;
        }
        let mut group = only(root, &some).help_template("{subcommands}");
        let rows = group.render_help().to_string();
        lists.push_str(&format!("{title}:\n{}\n\n", rows.trim_end()));
    }
    let template = format!(
        "{{about-with-newline}}\nUsage: switchboard [OPTIONS] [COMMAND]\n\n{lists}{{all-args}}{{after-help}}"
    );
    let mut bare = only(root, &[]).help_template(template);
    bare.render_long_help().to_string()
}

/// A command that lists only these below it, in this order.
fn only(root: &Command, shown: &[&str]) -> Command {
    let mut one = root.clone();
    for below in root.get_subcommands() {
        let place = shown.iter().position(|name| *name == below.get_name());
        one = one.mut_subcommand(below.get_name(), |below| match place {
            Some(place) => below.display_order(place),
            None => below.hide(true),
        });
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every command with the words that lead to it.
    fn all(command: &Command, path: &str, into: &mut Vec<(String, Command)>) {
        for below in command.get_subcommands() {
            let path = format!("{path} {}", below.get_name());
            let path = path.trim_start().to_owned();
            all(below, &path, into);
            into.push((path, below.clone()));
        }
    }

    /// The words of a command line; single quotes keep spaces together.
    fn words(line: &str) -> Vec<String> {
        let mut words = vec!["switchboard".to_owned()];
        for (n, part) in line.split('\'').enumerate() {
            match n % 2 {
                0 => words.extend(part.split_whitespace().map(str::to_owned)),
                _ => words.push(part.to_owned()),
            }
        }
        words
    }

    fn commands() -> Vec<(String, Command)> {
        let mut found = vec![];
        let mut root = command(false);
        root.build();
        all(&root, "", &mut found);
        found
    }

    #[test]
    fn every_command_has_an_example_that_reads_and_its_exit_codes() {
        for (path, command) in commands() {
            let row = ROWS.iter().find(|(name, ..)| *name == path);
            let (_, codes, examples) =
                row.unwrap_or_else(|| panic!("no row in help_table.rs: {path}"));
            assert!(
                codes.starts_with(&[0]) && codes.is_sorted(),
                "{path}: {codes:?}"
            );
            assert!(
                codes.contains(&2),
                "any command can be typed wrongly: {path}"
            );
            assert!(!examples.is_empty(), "{path}");
            for example in *examples {
                let parts = example.split(" | ");
                let mut parts = parts.map(|part| part.trim_start_matches("switchboard "));
                let own = parts.find(|part| part.starts_with(&path));
                let own = own.unwrap_or_else(|| panic!("`{example}` is not of {path}"));
                let words = words(own);
                let read = super::command(false).try_get_matches_from(words);
                assert!(read.is_ok(), "{example}: {read:?}");
            }
            let help = command.clone().render_long_help().to_string();
            assert!(
                help.contains("Example") && help.contains("Exit codes:"),
                "{path}"
            );
        }
        let named: BTreeSet<&str> = ROWS.iter().map(|(name, ..)| *name).collect();
        assert_eq!(named.len(), ROWS.len(), "a command has one row");
        let real: BTreeSet<String> = commands().into_iter().map(|(path, _)| path).collect();
        for (path, code, _) in OWN {
            assert!(real.contains(*path), "{path}");
            let row = ROWS.iter().find(|(name, ..)| name == path).unwrap();
            assert!(row.1.contains(code), "{path} {code}");
        }
    }

    #[test]
    fn every_command_is_in_one_group_of_the_main_help() {
        let named: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| *names)
            .copied()
            .collect();
        let once: BTreeSet<&str> = named.iter().copied().collect();
        assert_eq!(once.len(), named.len(), "a command is in one group");
        let help = command(true).render_long_help().to_string();
        assert!(!help.contains("Other:"), "{help}");
        for below in Cli::command().get_subcommands() {
            let name = below.get_name();
            assert!(once.contains(name), "{name} is in no group");
            assert!(help.contains(&format!("\n  {name} ")), "{name}: {help}");
        }
        for part in [
            "Usage: switchboard [OPTIONS] [COMMAND]",
            "Options of every command:",
            "Exit codes:",
        ] {
            assert!(help.contains(part), "{part}");
        }
    }

    #[test]
    fn docs_cli_names_every_command_and_every_option() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/cli.md");
        let text = std::fs::read_to_string(file).unwrap();
        for (path, command) in commands() {
            let last = path.rsplit(' ').next().unwrap_or_default();
            assert!(text.contains(last), "docs/cli.md does not name `{path}`");
            let own = command.get_arguments().filter(|arg| !arg.is_global_set());
            for option in own.filter_map(|arg| arg.get_long()) {
                let named = text.contains(&format!("--{option}"));
                assert!(
                    named || option == "help",
                    "docs/cli.md does not name --{option} of `{path}`"
                );
            }
        }
    }

    #[test]
    fn examples_of_the_main_help_can_be_run() {
        for line in ROOT.lines().skip(1) {
            let words = line.split_whitespace().map(|word| word.trim_matches('\''));
            assert!(Cli::command().try_get_matches_from(words).is_ok(), "{line}");
        }
        let help = command(true).render_help().to_string();
        assert!(help.contains(ROOT), "{help}");
    }

    #[test]
    fn exit_codes_in_the_main_help_are_those_of_the_table() {
        for (code, meaning) in MEANINGS {
            assert!(
                crate::cli::args::EXITS.contains(&format!("{code} {meaning}")),
                "{code}"
            );
        }
    }
}
