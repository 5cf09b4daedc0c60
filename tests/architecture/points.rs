//! The table of points in `docs/board-points.md` and the tests that show them are the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file under these folders of the project.
fn sources(folders: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut left: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut found = vec![];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The names of the tests in a text that begin with `point_` and a number of two digits.
fn tests(text: &str) -> Vec<String> {
    let named = text.lines().filter_map(|line| {
        let name = line.trim_start().trim_start_matches("async ");
        let name = name.strip_prefix("fn ")?.split_once('(')?.0;
        name.starts_with("point_").then(|| name.to_owned())
    });
    named.collect()
}

/// The rows of the table: number, and what stands in its last column.
fn rows(table: &str) -> Vec<(u8, String)> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let number = cells.get(1)?.parse().ok()?;
        Some((number, (*cells.get(3)?).to_owned()))
    };
    table.lines().filter_map(row).collect()
}

#[test]
fn the_table_of_points_names_the_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("docs/board-points.md")).unwrap();
    let rows = rows(&table);
    let numbers: Vec<u8> = rows.iter().map(|(number, _)| *number).collect();
    // 35 was given up
    let wanted: Vec<u8> = (1..=60).filter(|number| *number != 35).collect();
    assert_eq!(numbers, wanted);
    let mut told = BTreeSet::new();
    for (number, shown) in &rows {
        assert!(!shown.is_empty(), "{number} says nothing of where");
        let names = shown.split('`').skip(1).step_by(2);
        for name in names.filter(|name| name.starts_with("point_")) {
            let begins = format!("point_{number:02}_");
            assert!(name.starts_with(&begins), "{name} stands at {number}");
            told.insert(name.to_owned());
        }
    }
    let there: BTreeSet<String> = sources(&["src", "tests"])
        .iter()
        .flat_map(|path| tests(&fs::read_to_string(path).unwrap()))
        .collect();
    let (missing, untold): (Vec<_>, Vec<_>) = (
        told.difference(&there).collect(),
        there.difference(&told).collect(),
    );
    assert!(
        missing.is_empty() && untold.is_empty(),
        "named and not there: {missing:?}; there and not named: {untold:?}"
    );
}
