//! An amount has one text wherever it is shown, whatever its currency's decimals.

use super::harness::Desk;
use super::tty::Tty;
use serde_json::{Value, json};

const BASE: &str = "https://api.example.test/users/u-1";

/// Currencies with 0, 2, 3 and 4 decimals, each with an amount.
const AMOUNTS: [(&str, &str); 5] = [
    ("JPY", "1200"),
    ("XAF", "-7"),
    ("AUD", "-4.80"),
    ("KWD", "1.234"),
    ("UYW", "-1.2345"),
];

fn account(currency: &str, amount: &str) -> Value {
    json!({"type": "account", "id": format!("a-{currency}"), "name": "Daily", "accountNo": "123456789",
        "balance": amount, "availableFunds": null, "creditLimit": "", "currency": currency,
        "class": {"type": "savings", "product": "Daily Plus"}, "connection": "c-1", "institution": "AU00000",
        "lastUpdated": "2026-03-09T22:40:36Z", "status": "available",
        "links": {"self": format!("{BASE}/accounts/a-{currency}")}})
}

fn transaction(currency: &str, amount: &str) -> Value {
    json!({"type": "transaction", "id": format!("t-{currency}"), "status": "posted", "description": "CAFE",
        "amount": amount, "currency": currency, "account": format!("a-{currency}"), "class": "payment",
        "institution": "AU00000", "connection": "c-1", "postDate": "2026-03-08T00:00:00Z",
        "links": {"self": format!("{BASE}/transactions/t-{currency}")}})
}

fn documents() -> Value {
    let user = json!({"type": "user", "id": "u-1", "email": "ada@example.test", "firstName": "Ada",
        "lastName": "Byron", "links": {"self": BASE}});
    let connection = json!({"type": "connection", "id": "c-1", "status": "active",
        "createdDate": "2026-03-02T01:14:07Z", "lastUsed": "2026-03-09T22:40:31Z",
        "institution": {"type": "institution", "id": "AU00000"},
        "links": {"self": format!("{BASE}/connections/c-1"), "user": BASE}});
    let of_each = AMOUNTS
        .iter()
        .flat_map(|(currency, amount)| [account(currency, amount), transaction(currency, amount)]);
    [user, connection].into_iter().chain(of_each).collect()
}

#[test]
fn an_imported_amount_has_the_same_text_in_lists_documents_csv_and_on_the_screen() {
    let desk = Desk::empty(0.0);
    std::fs::write(desk.path("world.json"), documents().to_string()).unwrap();
    let done = desk.run(&["import", "world.json"]);
    assert_eq!(done.exit, 0, "{done:?}");
    for (list, field) in [("accounts", "balance"), ("transactions", "amount")] {
        let rows = desk.rows(&[list, "--user", "u-1"]);
        let (table, csv) = (
            desk.run(&[list, "--user", "u-1"]),
            desk.run(&[list, "--user", "u-1", "--csv"]),
        );
        for (currency, amount) in AMOUNTS {
            let row = rows.iter().find(|row| row["currency"] == currency);
            assert_eq!(row.unwrap()[field], amount, "{list} --json {currency}");
            let shown = table.out.lines().find(|line| line.contains(currency));
            assert!(
                shown.unwrap().split_whitespace().any(|cell| cell == amount),
                "{list}: {shown:?}"
            );
            let record = csv.out.lines().find(|line| line.contains(currency));
            assert!(
                record.unwrap().split(',').any(|cell| cell == amount),
                "{list} --csv: {record:?}"
            );
        }
    }
    let mut tty = Tty::started(&desk, (140, 60));
    tty.types("2z");
    for (currency, amount) in AMOUNTS {
        tty.sees(&format!("{currency} {amount} "));
    }
    tty.types("q");
    assert_eq!(tty.ends(), 0);
}
