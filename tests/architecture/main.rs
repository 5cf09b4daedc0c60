//! The walls of the house. One crate has none from the compiler, so this reads `src/` and fails with file
//! and line where a room names what its row does not allow. Deliberately absent: exceptions in the code
//! itself; whoever needs one argues for it in the table.

mod points;
mod read;
mod rooms;

use read::{Token, paths, tokens};
use rooms::{CRATES, EXPOSE, LONG, LONGEST, NARROWER, ROOMS, Room, WORLDLY};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// One file of the house.
struct File {
    path: String,
    tokens: Vec<Token>,
    lines: usize,
    /// Whether only tests see it.
    test: bool,
}

fn house() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                sources.push(path);
            }
        }
    }
    sources.sort();
    let name = |path: &PathBuf| {
        path.strip_prefix(root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    files(
        sources
            .iter()
            .map(|path| (name(path), fs::read_to_string(path).unwrap())),
    )
}

fn files(sources: impl Iterator<Item = (String, String)>) -> Vec<File> {
    let mut files: Vec<File> = sources
        .map(|(path, source)| File {
            path,
            tokens: tokens(&source),
            lines: source.lines().count(),
            test: false,
        })
        .collect();
    let mut for_tests = BTreeSet::new();
    for file in &files {
        let folder = format!("src/{}", modules(&file.path).join("/"));
        let beside = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for module in read::test_modules(&file.tokens) {
            if module.ends_with(".rs") {
                for_tests.insert(format!("{beside}/{module}"));
            } else {
                for_tests
                    .extend([".rs", "/mod.rs"].map(|ending| format!("{folder}/{module}{ending}")));
            }
        }
    }
    files.iter_mut().for_each(|file| {
        let suite = ["src/testing/", "src/tests/", "src/tui/tests/"];
        file.test = for_tests.contains(&file.path)
            || suite.iter().any(|folder| file.path.starts_with(folder))
            || for_tests
                .iter()
                .filter_map(|path| path.strip_suffix("mod.rs"))
                .any(|folder| file.path.starts_with(folder));
    });
    files
}

/// `src/tui/panes/mod.rs` is `tui`, `panes`.
fn modules(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    inner
        .split('/')
        .filter(|part| *part != "lib")
        .map(str::to_owned)
        .collect()
}

fn room_of(modules: &[String]) -> Option<&'static Room> {
    let inside = |room: &&Room| {
        room.name
            .split('/')
            .enumerate()
            .all(|(i, part)| modules.get(i).is_some_and(|m| m == part))
    };
    ROOMS.iter().find(inside)
}

/// Where a path leads, from the root of the crate; nothing when it leads to another crate or nearby.
fn lands(path: &[String], here: &[String], test: bool) -> Option<Vec<String>> {
    let supers = path.iter().take_while(|s| *s == "super").count();
    let base: Vec<String> = match path[0].as_str() {
        "crate" => return Some(path[1..].to_vec()),
        "self" => return Some(here.iter().chain(&path[1..]).cloned().collect()),
        "super" => {
            // a module of tests inside a file is one step further down
            let up = if test {
                supers.saturating_sub(1)
            } else {
                supers
            };
            here[..here.len().saturating_sub(up)].to_vec()
        }
        _ => return None,
    };
    Some(
        base.into_iter()
            .chain(path[supers..].iter().cloned())
            .collect(),
    )
}

fn breaches(file: &File) -> Vec<String> {
    let here = modules(&file.path);
    let at = |i: usize| format!("{}:{}", file.path, file.tokens[i].line);
    if here
        .first()
        .is_some_and(|top| top == "testing" || top == "tests")
    {
        return habits(file, &at);
    }
    let Some(room) =
        room_of(&here).or_else(|| (file.path == "src/lib.rs").then(|| ROOMS.last().unwrap()))
    else {
        return vec![format!("{}:1: stands in no room; give it a row", file.path)];
    };
    let mut found = Vec::new();
    for (i, path) in paths(&file.tokens) {
        let test = file.test || file.tokens[i].test;
        if let Some(target) = lands(&path, &here, file.tokens[i].test)
            && let Some(named) = room_of(&target).map(|r| r.name)
            && named != room.name
            && !room.rooms.contains(&named)
            && !test
        {
            found.push(format!("{}: {} may not name {named}", at(i), room.name));
        }
        if path[0] == "crate" && path.get(1).is_some_and(|p| p == "*") {
            found.push(format!("{}: `crate::*` hides which rooms are meant", at(i)));
        }
        let worldly =
            path[0] == "std" && path.get(1).is_some_and(|p| WORLDLY.contains(&p.as_str()));
        let named = if worldly {
            format!("std::{}", path[1])
        } else {
            path[0].clone()
        };
        if !test && (worldly || CRATES.contains(&named.as_str())) {
            if !room.crates.contains(&named.as_str()) {
                found.push(format!("{}: {} may not name {named}", at(i), room.name));
            }
            for (_, _, only) in NARROWER.iter().filter(|n| n.0 == room.name && n.1 == named) {
                if !only.contains(&file.path.as_str()) {
                    found.push(format!(
                        "{}: in {} only {} may name {named}",
                        at(i),
                        room.name,
                        only.join(", ")
                    ));
                }
            }
        }
    }
    found.extend(habits(file, &at));
    found
}

/// What holds in every room.
fn habits(file: &File, at: &dyn Fn(usize) -> String) -> Vec<String> {
    let mut found = Vec::new();
    let tokens = &file.tokens;
    let text = |i: usize| tokens.get(i).map_or("", |t| t.text.as_str());
    for i in 0..tokens.len() {
        let test = file.test || tokens[i].test;
        let called = i > 0 && matches!(text(i - 1), "." | "::");
        if text(i) == "expose"
            && called
            && !test
            && !EXPOSE.iter().any(|(path, _)| file.path.starts_with(path))
        {
            found.push(format!(
                "{}: may not look into a secret; show the masked form",
                at(i)
            ));
        }
        if text(i) == "unwrap" && called && text(i + 1) == "(" && !test {
            found.push(format!(
                "{}: unwrap is for tests; say with `expect` why it cannot fail",
                at(i)
            ));
        }
        if let Some(end) = read::attribute(tokens, i) {
            let words: Vec<&str> = (i..end).map(text).collect();
            if words.contains(&"allow") && !words.contains(&"reason") {
                found.push(format!("{}: allow needs a reason", at(i)));
            }
        }
    }
    let first_test = tokens
        .iter()
        .find(|t| t.test)
        .map_or(file.lines, |t| t.line - 1);
    let closing_tests = tokens.last().is_some_and(|t| t.test);
    let lines = if closing_tests {
        first_test
    } else {
        file.lines
    };
    if lines > LONGEST && !file.test && !LONG.iter().any(|(path, _)| *path == file.path) {
        found.push(format!(
            "{}:{lines}: longer than {LONGEST} lines; it is two files",
            file.path
        ));
    }
    found
}

#[test]
fn every_room_names_only_what_its_row_allows() {
    let found: Vec<String> = house().iter().flat_map(breaches).collect();
    assert!(
        found.is_empty(),
        "{} breaches:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn every_crate_has_its_place_in_the_table() {
    let manifest =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let section = manifest
        .split("[dependencies]")
        .nth(1)
        .unwrap()
        .split("\n[")
        .next()
        .unwrap();
    let names = section
        .lines()
        .filter_map(|l| l.split_once('='))
        .map(|(name, _)| name.trim().replace('-', "_"));
    let missing: Vec<String> = names
        .filter(|name| !CRATES.contains(&name.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "in Cargo.toml and not in the table: {missing:?}"
    );
}

#[test]
fn no_row_is_left_over() {
    let house = house();
    let mut named: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for file in &house {
        let Some(room) = room_of(&modules(&file.path)) else {
            continue;
        };
        for (_, path) in paths(&file.tokens) {
            let target = lands(&path, &modules(&file.path), false);
            named
                .entry(room.name)
                .or_default()
                .extend(target.and_then(|t| room_of(&t)).map(|r| r.name.to_owned()));
            named.entry(room.name).or_default().insert(path[0].clone());
            named
                .entry(room.name)
                .or_default()
                .insert(path.iter().take(2).cloned().collect::<Vec<_>>().join("::"));
        }
    }
    let mut left = Vec::new();
    for room in ROOMS.iter().filter(|r| r.name != "cli" && r.name != "main") {
        let used = named.get(room.name).cloned().unwrap_or_default();
        let unused = room
            .rooms
            .iter()
            .chain(room.crates)
            .filter(|name| !used.contains(**name));
        left.extend(unused.map(|name| format!("{} no longer names {name}", room.name)));
    }
    let stands = |path: &str| house.iter().any(|f| f.path.starts_with(path));
    left.extend(
        EXPOSE
            .iter()
            .filter(|(path, _)| !stands(path))
            .map(|(path, _)| format!("{path} is gone")),
    );
    left.extend(
        LONG.iter()
            .filter(|(path, _)| !stands(path))
            .map(|(path, _)| format!("{path} is gone")),
    );
    assert!(
        left.is_empty(),
        "rows wider than the house:\n{}",
        left.join("\n")
    );
}

#[test]
fn a_breach_is_found_where_it_is() {
    for (path, source, line) in [
        (
            "src/domain/job.rs",
            "//! x\nuse crate::store::Store;",
            Some(2),
        ),
        (
            "src/domain/job.rs",
            "use crate::{domain::ids, ops};",
            Some(1),
        ),
        (
            "src/domain/job.rs",
            "use super::super::store::Store;",
            Some(1),
        ),
        ("src/domain/job.rs", "use super::ids::JobId;", None),
        (
            "src/domain/job.rs",
            "fn f() {\n std::fs::read(\"x\");\n}",
            Some(2),
        ),
        (
            "src/domain/job.rs",
            "use std::{collections::BTreeMap, env};",
            Some(1),
        ),
        ("src/domain/job.rs", "fn f(x: &S) { x.expose(); }", Some(1)),
        (
            "src/domain/job.rs",
            "fn f(x: &S) { Secret::expose(x); }",
            Some(1),
        ),
        (
            "src/domain/mask/mod.rs",
            "fn f(x: &S) { x.expose(); }",
            None,
        ),
        (
            "src/domain/job.rs",
            "// use crate::store;\n/* crate::ops */ const A: &str = \"crate::store\";",
            None,
        ),
        (
            "src/domain/job.rs",
            "const A: &str = r#\"a \" crate::store::X\"#; const B: char = '\"'; fn f<'a>() {}",
            None,
        ),
        (
            "src/domain/job.rs",
            "#[cfg(test)]\nmod tests {\n use crate::clock::Clock; fn f() { x.unwrap(); }\n}",
            None,
        ),
        (
            "src/domain/job.rs",
            "#[cfg(test)]\nmod tests {}\nfn f() { x.unwrap(); }",
            Some(3),
        ),
        (
            "src/domain/job.rs",
            "#[cfg(not(test))]\nfn f() { x.unwrap(); }",
            Some(2),
        ),
        ("src/domain/job.rs", "fn f() { x.unwrap_or(1); }", None),
        ("src/ops/find.rs", "use rusqlite::Connection;", Some(1)),
        ("src/ops/find.rs", "use crate::connector::Bank;", Some(1)),
        ("src/ops/find.rs", "use crate::cli::Failure;", Some(1)),
        ("src/ops/find.rs", "use crate::*;", Some(1)),
        ("src/engine/pass.rs", "use crate::connector::Bank;", None),
        (
            "src/engine/pass.rs",
            "use crate::connector::sandbox::Sandbox;",
            Some(1),
        ),
        ("src/tui/model.rs", "use crate::ops::Ops;", Some(1)),
        ("src/tui/model.rs", "use super::runtime::Live;", Some(1)),
        (
            "src/tui/runtime/event_loop.rs",
            "use crate::ops::Ops;",
            None,
        ),
        (
            "src/tui/runtime/event_loop.rs",
            "use rusqlite::Row;",
            Some(1),
        ),
        ("src/store/jobs.rs", "use serde_json::Value;", Some(1)),
        (
            "src/store/jobs.rs",
            "fn f() -> clap::Result<()> {}",
            Some(1),
        ),
        (
            "src/store/jobs.rs",
            "#[allow(dead_code)]\nfn f() {}",
            Some(1),
        ),
        (
            "src/store/jobs.rs",
            "#[allow(dead_code, reason = \"x\")]\nfn f() {}",
            None,
        ),
        ("src/attic/x.rs", "", Some(1)),
    ] {
        let file = files([(path.to_owned(), source.to_owned())].into_iter()).remove(0);
        let found = breaches(&file);
        match line {
            None => assert!(found.is_empty(), "{path}: {source}: {found:?}"),
            Some(line) => {
                assert!(
                    found
                        .iter()
                        .any(|b| b.starts_with(&format!("{path}:{line}:"))),
                    "{source}: {found:?}"
                )
            }
        }
    }
}

#[test]
fn a_long_file_is_found_unless_its_tests_are_what_is_long() {
    let long = "fn f() {}\n".repeat(LONGEST + 1);
    let tested = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
    for (source, expected) in [
        (long.clone(), 1),
        (tested, 0),
        ("fn f() {}\n".repeat(LONGEST), 0),
    ] {
        let file = files([("src/ops/x.rs".to_owned(), source)].into_iter()).remove(0);
        assert_eq!(breaches(&file).len(), expected);
    }
}

#[test]
fn a_file_of_tests_is_known_by_who_declares_it() {
    let sources = [
        ("src/ops/mod.rs", "#[cfg(test)]\nmod trials;\nmod find;"),
        (
            "src/ops/show.rs",
            "#[cfg(test)]\n#[path = \"show_tests.rs\"]\nmod tests;",
        ),
        ("src/ops/show_tests.rs", "fn f() { x.unwrap() }"),
        ("src/ops/trials.rs", "fn f() { x.unwrap() }"),
        ("src/ops/find.rs", "fn f() { x.unwrap() }"),
    ];
    let files = files(
        sources
            .into_iter()
            .map(|(a, b)| (a.to_owned(), b.to_owned())),
    );
    assert_eq!(
        files.iter().map(|f| breaches(f).len()).collect::<Vec<_>>(),
        [0, 0, 0, 0, 1]
    );
}
