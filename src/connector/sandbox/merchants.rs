//! The merchants of the made-up world, read from `assets/merchants.toml`.

use crate::domain::enrich::{Industry, Merchant};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    divisions: BTreeMap<String, String>,
    merchant: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    name: String,
    title: String,
    division: String,
    group: String,
    group_title: String,
    says: Vec<String>,
    #[serde(default)]
    website: String,
    #[serde(default)]
    abn: String,
    #[serde(default = "home")]
    country: String,
}

fn home() -> String {
    "AU".into()
}

static MERCHANTS: LazyLock<Vec<Merchant>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../../assets/merchants.toml"))
        .expect("embedded, and read by a test");
    let File {
        divisions,
        merchant,
    } = file;
    let industry = |entry: &Entry| Industry {
        division_title: divisions.get(&entry.division).cloned().unwrap_or_default(),
        division: entry.division.clone(),
        group: entry.group.clone(),
        group_title: entry.group_title.clone(),
    };
    let read = |entry: Entry| Merchant {
        industry: industry(&entry),
        id: entry.id,
        name: entry.name,
        website: entry.website,
        abn: entry.abn,
        country: entry.country,
        says: entry.says,
        title: entry.title,
    };
    merchant.into_iter().map(read).collect()
});

pub(crate) fn merchants() -> &'static [Merchant] {
    &MERCHANTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::sandbox::{generated_people, people};
    use crate::domain::enrich;

    #[test]
    fn every_enriched_line_of_the_sandbox_is_one_of_a_merchant_of_the_table() {
        for merchant in merchants() {
            assert!(
                !merchant.says.is_empty() && !merchant.industry.division_title.is_empty(),
                "{}",
                merchant.name
            );
            assert_eq!(
                merchants().iter().filter(|m| m.id == merchant.id).count(),
                1,
                "{}",
                merchant.id
            );
        }
        let plans = people::scripted().flat_map(|p| p.plans());
        let mut seen = 0;
        for phrase in plans
            .chain(generated_people::groups().iter().flat_map(|g| &g.account))
            .flat_map(|plan| &plan.flow)
            .flat_map(|flow| &flow.says)
            .filter(|phrase| !phrase.enriched.is_empty())
        {
            seen += 1;
            let found = enrich::find(merchants(), &phrase.line, "AU")
                .unwrap_or_else(|| panic!("{}", phrase.line));
            for said in [&found.merchant.name, &found.merchant.title] {
                assert!(
                    phrase.enriched.contains(&format!("\"{said}\"")),
                    "{}: {}",
                    phrase.line,
                    phrase.enriched
                );
            }
            assert!(found.whole, "{}", phrase.line);
        }
        assert!(seen > 20, "{seen}");
    }
}
