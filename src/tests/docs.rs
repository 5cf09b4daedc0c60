//! What the documents say about keys, filters and meanings is made from the program and compared. Run with
//! `UPDATE_DOCS=1` to write it. Deliberately absent: the prose around the tables.

use crate::config::Config;
use crate::config::keys::KEYS;
use crate::domain::access::{self, Role};
use crate::domain::connection::Label;
use crate::domain::diagnosis::{self, Advice, Health};
use crate::domain::failure_codes::rule;
use crate::domain::query::{self, Scope, parse};
use crate::tui::action::Action;
use crate::tui::keymap::Keymap;
use crate::tui::layer::Layer;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The actions shown in the README: what works wherever a list has the focus.
const SHOWN: [Layer; 4] = [
    Layer::Everywhere,
    Layer::Move,
    Layer::App,
    Layer::Connections,
];

pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn keys() -> String {
    let keymap = Keymap::standard();
    let mut table = String::from("| keys | what | name in the keymap |\n|---|---|---|\n");
    for action in Action::ALL {
        let bound = SHOWN
            .iter()
            .flat_map(|layer| keymap.bindings_of(*layer))
            .filter(|b| b.action == *action);
        let keys: Vec<String> = bound
            .map(|b| format!("`{}`", cell(&b.keys.to_string())))
            .collect();
        if !keys.is_empty() {
            writeln!(
                table,
                "| {} | {} | `{}` |",
                keys.join(" "),
                cell(action.words()),
                action.name()
            )
            .unwrap();
        }
    }
    table
}

fn fields(scope: Scope) -> String {
    let mut table = String::from("| field | what | example |\n|---|---|---|\n");
    for field in scope.fields() {
        let names: Vec<String> = [field.name]
            .iter()
            .chain(field.aliases)
            .map(|n| format!("`{n}`"))
            .collect();
        writeln!(
            table,
            "| {} | {} | `{}` |",
            names.join(" "),
            cell(field.what),
            cell(field.example)
        )
        .unwrap();
    }
    table
}

fn conditions() -> String {
    let mut table = String::from("| condition | when | of |\n|---|---|---|\n");
    for flag in Scope::Connections.flags() {
        let of = match Scope::Jobs.flags().contains(flag) {
            true => "connections and jobs",
            false => "connections",
        };
        let (word, words) = (flag.word(), cell(flag.words()));
        writeln!(table, "| `is:{word}` | {words} | {of} |").unwrap();
    }
    table
}

/// The heading of a table whose rows [`told`] makes.
fn told_head(first: &str) -> String {
    format!(
        "| {first} | what happened | next step | what to do | won't help | tell the customer |\n|---|---|---|---|---|---|\n"
    )
}

/// One row of the table of meanings.
fn told(first: &str, advice: &Advice) -> String {
    let lines = |lines: &[&str]| cell(&lines.join("<br>"));
    let to_do = if advice.web == advice.open_banking {
        lines(advice.web)
    } else {
        format!(
            "web: {}<br>open banking: {}",
            lines(advice.web),
            lines(advice.open_banking)
        )
    };
    let (what, whose) = (cell(advice.headline), advice.whose.words());
    let (no_help, say) = (lines(advice.will_not_help), cell(advice.tell_customer));
    format!("| {first} | {what} | {whose} | {to_do} | {no_help} | {say} |\n")
}

fn meanings_of_labels() -> String {
    Label::ALL.into_iter().fold(told_head("label"), |t, label| {
        t + &told(label.name(), &diagnosis::state(label))
    })
}

fn meanings_of_situations() -> String {
    diagnosis::SITUATIONS
        .iter()
        .fold(told_head("when"), |t, (when, advice)| {
            t + &told(&cell(when), advice)
        })
}

fn meanings_of_codes() -> String {
    let codes = diagnosis::ADVICE
        .iter()
        .fold(told_head("code"), |t, (code, advice)| {
            let again = if rule(code).retried {
                "<br>tried again by itself"
            } else {
                ""
            };
            t + &told(&format!("`{code}`{again}"), advice)
        });
    diagnosis::CASES
        .iter()
        .fold(codes, |t, (code, when, advice)| {
            let name = if rule(code).code.is_empty() {
                (*code).to_owned()
            } else {
                format!("`{code}`")
            };
            t + &told(&format!("{name}: {}", cell(when)), advice)
        })
}

fn meanings_of_health() -> String {
    let mut table =
        String::from("| state | what it says of a failure there | what to do |\n|---|---|---|\n");
    for health in Health::ALL {
        let to_do = health.advice().join("<br>");
        writeln!(
            table,
            "| `{}` | {} | {} |",
            health.word(),
            cell(health.evidence()),
            cell(&to_do)
        )
        .unwrap();
    }
    table
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs this test says so in the environment"
)]
fn updating() -> bool {
    std::env::var_os("UPDATE_DOCS").is_some()
}

/// Compares the part of `file` between the marks of `name` with what it should be.
pub(super) fn agrees(file: &str, name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(&path).unwrap();
    let (begin, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let (before, rest) = text
        .split_once(&begin)
        .unwrap_or_else(|| panic!("{file} has no {begin}"));
    let (found, after) = rest
        .split_once(&end)
        .unwrap_or_else(|| panic!("{file} has no {end}"));
    if updating() {
        fs::write(&path, format!("{before}{begin}{table}{end}{after}")).unwrap();
        return;
    }
    assert_eq!(
        found, table,
        "{file}: the table of {name} is old; write it anew with UPDATE_DOCS=1"
    );
}

#[test]
fn the_key_table_of_the_readme_is_the_keymap() {
    agrees("README.md", "keys", &keys());
}

#[test]
fn the_filter_tables_are_the_language() {
    agrees(
        "docs/filters.md",
        "connections",
        &fields(Scope::Connections),
    );
    agrees("docs/filters.md", "jobs", &fields(Scope::Jobs));
    agrees("docs/filters.md", "conditions", &conditions());
}

#[test]
fn the_tables_of_meanings_are_the_programs() {
    agrees("docs/why.md", "labels", &meanings_of_labels());
    agrees("docs/why.md", "situations", &meanings_of_situations());
    agrees("docs/why.md", "codes", &meanings_of_codes());
    agrees("docs/why.md", "health", &meanings_of_health());
}

#[test]
fn the_configuration_reference_is_the_table_of_keys() {
    let defaults = Config::default();
    let mut table = String::from("| key | default | allowed | meaning |\n|---|---|---|---|\n");
    for key in KEYS {
        writeln!(
            table,
            "| `{}` | `{}` | {} | {} |",
            key.path(),
            key.value(&defaults),
            cell(&key.allowed()),
            key.about
        )
        .unwrap();
    }
    agrees("docs/configuration.md", "configuration", &table);
}

#[test]
fn the_table_of_roles_is_the_programs() {
    let mut table = String::from("| role | does | acts |\n|---|---|---|\n");
    for role in Role::ALL {
        let own = access::acts().filter(|(_, needs)| *needs == role);
        let own: Vec<String> = own.map(|(act, _)| format!("`{act}`")).collect();
        let (word, does) = (role.word(), role.about());
        writeln!(table, "| `{word}` | {does} | {} |", own.join(" ")).unwrap();
    }
    agrees("docs/configuration.md", "roles", &table);
}

#[test]
fn every_example_of_a_filter_reads() {
    for scope in [Scope::Connections, Scope::Jobs] {
        for flag in scope.flags() {
            parse(&format!("is:{}", flag.word()), scope).unwrap();
        }
        for field in scope.fields() {
            for alias in field.aliases {
                let example = field.example.replacen(field.name, alias, 1);
                parse(&example, scope).unwrap_or_else(|bad| panic!("{example}: {bad:?}"));
            }
            parse(field.example, scope).unwrap_or_else(|bad| panic!("{}: {bad:?}", field.example));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/filters.md");
    let text = fs::read_to_string(path).unwrap();
    let prose = text
        .split("```filter\n")
        .skip(1)
        .filter_map(|block| block.split_once("```"));
    let lines: Vec<&str> = prose
        .flat_map(|(block, _)| block.lines())
        .filter(|line| !line.is_empty())
        .collect();
    assert!(lines.len() >= 8, "the examples are gone");
    for line in lines {
        let filter = line.split("   ").next().unwrap().trim();
        parse(filter, Scope::Connections).unwrap_or_else(|bad| panic!("{filter}: {bad:?}"));
    }
}

#[test]
fn every_sign_of_the_filters_is_told_and_shown() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/filters.md");
    let text = fs::read_to_string(path).unwrap();
    let (_, table) = text.split_once("| sign | means | example |\n").unwrap();
    let rows = table
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('|'));
    let mut told = BTreeSet::new();
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        let spans = |cell: &str| -> Vec<String> {
            let inside = cell.split('`').skip(1).step_by(2);
            inside.map(str::to_owned).collect()
        };
        let example = spans(cells[2]).remove(0);
        parse(&example, Scope::Connections).unwrap_or_else(|bad| panic!("{example}: {bad:?}"));
        for sign in spans(cells[0]) {
            assert!(
                example.contains(&sign) || cells[0].contains(&format!("also `{sign}`")),
                "{row}"
            );
            told.insert(sign);
        }
    }
    let real: BTreeSet<String> = query::signs().map(str::to_owned).collect();
    assert_eq!(told, real);
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents = vec![
        root.join("README.md"),
        root.join("ARCHITECTURE.md"),
        root.join("CHANGELOG.md"),
        root.join("CONTRIBUTING.md"),
        root.join("SECURITY.md"),
        root.join("benches/README.md"),
        root.join("tests/fixtures/README.md"),
    ];
    for folder in ["docs", "docs/adr"] {
        let entries = fs::read_dir(root.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path());
        documents.extend(entries.filter(|path| path.extension().is_some_and(|e| e == "md")));
    }
    let mut dead = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')'))
            .map(|(link, _)| link)
        {
            let file = link.split('#').next().unwrap();
            if !link.contains("://")
                && !file.is_empty()
                && !document.parent().unwrap().join(file).exists()
            {
                dead.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}
