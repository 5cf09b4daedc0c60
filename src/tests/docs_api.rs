//! The table of paths in docs/api.md is made from the OpenAPI document.

use super::docs::{agrees, cell};
use crate::server;
use std::fmt::Write as _;

#[test]
fn the_path_table_is_the_openapi_document() {
    let mut table = String::from("| path | method | what it does |\n|---|---|---|\n");
    for (path, method, summary) in server::documented() {
        writeln!(table, "| `{path}` | {method} | {} |", cell(&summary)).unwrap();
    }
    agrees("docs/api.md", "paths", &table);
}
