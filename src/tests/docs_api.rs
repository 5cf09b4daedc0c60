//! `docs/api.md` names every path of the router with its methods, and no other.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The paths of the router, as its source has them, with their methods.
fn routed() -> BTreeMap<String, Vec<String>> {
    let source = read("src/server/router.rs");
    let mut paths = BTreeMap::new();
    for call in source.split(".route(").skip(1) {
        let call = call
            .split(".route(")
            .next()
            .unwrap()
            .split(".layer(")
            .next()
            .unwrap();
        let mut parts = call.splitn(3, '"');
        let (_, path, rest) = (parts.next(), parts.next().unwrap(), parts.next().unwrap());
        let methods = ["get", "post", "put", "patch", "delete"];
        let has = |method: &&&str| {
            [" ", ".", ","]
                .iter()
                .any(|before| rest.contains(&format!("{before}{method}(")))
        };
        let methods = methods.iter().filter(has).map(|m| m.to_uppercase());
        paths.insert(path.to_owned(), methods.collect());
    }
    paths
}

/// The rows of the table of paths: paths in their first cell, and for each the methods of the second, apart by `·`.
fn told() -> BTreeMap<String, Vec<String>> {
    let text = read("docs/api.md");
    let (_, table) = text.split_once("| path | methods |\n").unwrap();
    let mut paths = BTreeMap::new();
    for row in table
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('|'))
    {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let named: Vec<&str> = cells[0].split('`').skip(1).step_by(2).collect();
        let methods: Vec<&str> = cells[1].split('·').collect();
        assert!(methods.len() == 1 || methods.len() == named.len(), "{row}");
        for (at, path) in named.iter().enumerate() {
            let own = methods.get(at).unwrap_or(&methods[0]);
            let words = own.split(|c: char| !c.is_ascii_uppercase());
            let known = ["GET", "POST", "PUT", "PATCH", "DELETE"];
            let words = words.filter(|word| known.contains(word)).map(str::to_owned);
            paths.insert((*path).to_owned(), words.collect());
        }
    }
    paths
}

#[test]
fn docs_api_names_every_path_of_the_router_with_its_methods() {
    let (routed, told) = (routed(), told());
    assert!(routed.len() > 20, "{routed:#?}");
    assert_eq!(told, routed);
}
