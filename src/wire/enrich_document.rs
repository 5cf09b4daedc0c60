//! The enrichment of a statement line in the API's shape (docs/domain.md 16); fields are empty where nothing matched.
//! Without a `base`, its link is relative.

use super::write::query_value;
use crate::domain::enrich::{Asked, Enriched, Match};
use serde_json::{Value, json};

fn category(found: &Match<'_>) -> Value {
    let industry = &found.merchant.industry;
    json!({
        "title": found.merchant.title,
        "matchType": found.kind(),
        "matchScore": format!("{}.{}", found.tenths / 10, found.tenths % 10),
        "anzsic": {
            "division": {"code": industry.division, "title": industry.division_title},
            "group": {"code": industry.group, "title": industry.group_title},
        },
    })
}

pub(crate) fn enrich(base: &str, asked: &Asked, found: &Enriched<'_>) -> Value {
    let merchant = found.merchant.map(|m| m.merchant);
    let given = [
        ("accountType", asked.account_type.as_deref()),
        ("amount", asked.amount.as_deref()),
        ("country", Some(asked.country.as_str())),
        ("institution", Some(asked.institution.as_str())),
        ("mcc", asked.mcc.as_deref()),
        ("q", Some(asked.text.as_str())),
    ];
    let parts = given
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", query_value((*value)?))));
    let link = format!("{base}/enrich?{}", parts.collect::<Vec<_>>().join("&"));
    json!({
        "type": "enrich",
        "direction": found.direction,
        "class": found.class,
        "data": {
            "merchant": merchant.map(|m| json!({
                "id": m.id, "businessName": m.name, "website": m.website, "abn": m.abn,
            })),
            "category": found.merchant.as_ref().map(category),
            "location": null,
            "tags": [],
        },
        "links": {"self": link},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::enrich::{Industry, Merchant, answer};

    fn asked(text: &str) -> Asked {
        Asked {
            text: text.into(),
            institution: "AU00000".into(),
            country: "AU".into(),
            ..Asked::default()
        }
    }

    fn merchants() -> Vec<Merchant> {
        vec![Merchant {
            id: "m-1".into(),
            name: "Hooli Cafe".into(),
            website: "https://hoolicafe.example".into(),
            country: "AU".into(),
            says: vec!["HOOLI CAFE".into()],
            title: "Cafes".into(),
            industry: Industry {
                division: "H".into(),
                division_title: "Accommodation and Food Services".into(),
                group: "451".into(),
                group_title: "Cafes, Restaurants and Takeaway Food Services".into(),
            },
            ..Merchant::default()
        }]
    }

    #[test]
    fn enrichment_of_a_known_and_an_unknown_line() {
        let found = asked("HOOLI CAFE");
        assert_eq!(
            enrich("", &found, &answer(&merchants(), &found)),
            json!({"type": "enrich", "direction": "debit", "class": "payment",
                "data": {
                    "merchant": {"id": "m-1", "businessName": "Hooli Cafe", "website": "https://hoolicafe.example", "abn": ""},
                    "category": {"title": "Cafes", "matchType": "merchantFull", "matchScore": "1.0", "anzsic": {
                        "division": {"code": "H", "title": "Accommodation and Food Services"},
                        "group": {"code": "451", "title": "Cafes, Restaurants and Takeaway Food Services"}}},
                    "location": null, "tags": []},
                "links": {"self": "/enrich?country=AU&institution=AU00000&q=HOOLI%20CAFE"}})
        );
        let nobody = asked("zzz");
        let document = enrich("", &nobody, &answer(&merchants(), &nobody));
        assert_eq!(
            document["data"],
            json!({"merchant": null, "category": null, "location": null, "tags": []})
        );
        assert_eq!(
            (&document["direction"], &document["class"]),
            (&"".into(), &"".into())
        );
    }
}
