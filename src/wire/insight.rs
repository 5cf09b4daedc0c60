//! What was derived of a transaction, from the part of its document that is kept as it came.

use super::write::kept;
use crate::domain::bank_data::TransactionDetails;
use crate::domain::insight::Insight;
use serde_json::Value;

/// Where the name of a category may stand, the most telling first.
const CATEGORIES: &[&str] = &[
    "/enrich/category/title",
    "/enrich/category/anzsic/class/title",
    "/enrich/category/anzsic/group/title",
    "/subClass/title",
];

/// None where nothing was derived.
pub(crate) fn insight(details: &TransactionDetails) -> Option<Insight> {
    let document = Value::Object(kept(&details.rest));
    let text = |place: &str| {
        let found = document.pointer(place).and_then(Value::as_str);
        found.map(str::trim).filter(|text| !text.is_empty())
    };
    let merchant = text("/enrich/merchant/businessName");
    let category = CATEGORIES.iter().find_map(|place| text(place));
    let known = merchant.is_some() || category.is_some();
    known.then(|| Insight {
        merchant: merchant.unwrap_or_default().to_owned(),
        category: category.unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merchant_and_category_are_read_wherever_they_stand() {
        let insight = |rest: &str| {
            let details = TransactionDetails {
                rest: rest.into(),
                ..TransactionDetails::default()
            };
            super::insight(&details).map(|it| (it.merchant, it.category))
        };
        for (rest, merchant, category) in [
            (
                r#"{"enrich": {"merchant": {"businessName": " Hooli Cafe "}, "category": {"title": "Cafes"}}}"#,
                "Hooli Cafe",
                "Cafes",
            ),
            (
                r#"{"enrich": {"merchant": null, "category": {"anzsic": {"group": {"code": "451", "title": "Cafes"}}}}}"#,
                "",
                "Cafes",
            ),
            (
                r#"{"subClass": {"code": "451", "title": "Cafes"}, "enrich": {}}"#,
                "",
                "Cafes",
            ),
        ] {
            let wanted = Some((merchant.to_owned(), category.to_owned()));
            assert_eq!(insight(rest), wanted, "{rest}");
        }
        for rest in [
            "",
            "no JSON",
            "[]",
            "{}",
            r#"{"enrich": {"cleanDescription": "Ada Byron"}}"#,
        ] {
            assert_eq!(insight(rest), None, "{rest}");
        }
    }
}
