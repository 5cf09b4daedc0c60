//! What every command prints as JSON lines and as CSV, the line of `status`, and the completions of every shell.

use super::command_table::{ROWS, TEXTS, World, run};
use serde_json::Value;

#[test]
fn every_command_prints_json_lines_and_csv_or_says_that_it_does_not() {
    let world = World::new();
    let mut wrong = vec![];
    for (name, (line, exit), _) in ROWS {
        if *exit != 0 || TEXTS.contains(name) {
            continue;
        }
        let words = world.words(line);
        let lines = run(&world.copy(), &words, &["--jsonl"], false);
        let read = lines.out.lines().map(serde_json::from_str::<Value>);
        let read: Result<Vec<Value>, _> = read.collect();
        let each = read.is_ok_and(|all| all.iter().all(|one| one.is_object()));
        if lines.exit != *exit || !each {
            wrong.push(format!("{line} --jsonl: {lines:?}"));
        }
        let table = run(&world.copy(), &words, &["--csv"], false);
        // names of fields, and nothing of another format
        let head = table.out.lines().next().unwrap_or_default();
        let named = !head.is_empty() && !head.contains(['{', '"', ' ']);
        let refused = table.exit == 2 && table.err.contains("csv");
        // what writes a file has nothing to say
        let filed = *name == "audit export" && table.out.is_empty();
        if !(refused || table.exit == *exit && (named || filed)) {
            wrong.push(format!("{line} --csv: {table:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_line_of_status_fits_a_monitor() {
    let world = World::new();
    for more in [&[][..], &["--ascii"], &["--quiet"]] {
        let words = world.words("status");
        let done = run(&world.desk, &words, more, false);
        assert_eq!(done.out.lines().count(), 1, "{done:?}");
        assert!(done.out.trim_end().chars().count() <= 80, "{done:?}");
    }
}

#[test]
fn point_59_the_completions_of_every_shell_name_every_command() {
    let world = World::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let done = run(
            &world.desk,
            &world.words(&format!("completions {shell}")),
            &[],
            false,
        );
        assert_eq!(done.exit, 0, "{done:?}");
        for (name, ..) in ROWS {
            let last = name.rsplit(' ').next().unwrap();
            assert!(done.out.contains(last), "{shell} does not name {name}");
        }
    }
}
