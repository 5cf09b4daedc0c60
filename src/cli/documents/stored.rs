//! Stored accounts and transactions in lists (domain 5 and 6), masked. What a statement says and who holds an
//! account is one mask, there or not.

use crate::cli::list::{Cell, Column, Listed, number, text};
use crate::cli::output::Tone;
use crate::domain::holdings::{AccountHeld, TransactionRow};
use crate::domain::mask::HIDDEN;
use crate::domain::moment::Moment;
use crate::domain::money;
use crate::domain::time_format;
use serde_json::{Value, json};

fn day(at: Moment) -> String {
    at.rfc3339().chars().take(10).collect()
}

impl AccountHeld {
    fn money(&self, minor: Option<i64>) -> Option<String> {
        minor.map(|minor| money::text(minor, &self.row.currency))
    }

    fn product(&self) -> &str {
        self.row.shown.as_ref().map_or(HIDDEN, |s| &s.product)
    }

    fn number(&self) -> &str {
        self.row.shown.as_ref().map_or(HIDDEN, |s| &s.number)
    }
}

impl Listed for AccountHeld {
    type Doc<'a> = Value;

    const COLUMNS: &'static [Column] = &[
        text("ID", 8),
        text("NUMBER", 10),
        text("CLASS", 12),
        text("PRODUCT", 30),
        number("BALANCE"),
        text("CUR", 3),
        text("STATUS", 11),
        number("TX"),
        text("BANK", 8),
        text("CONNECTION", 10),
        text("", 8),
    ];

    const FIELDS: &'static [&'static str] = &[
        "id",
        "userId",
        "connection",
        "institution",
        "name",
        "accountNo",
        "classType",
        "currency",
        "balance",
        "availableFunds",
        "creditLimit",
        "status",
        "stranded",
        "transactions",
        "lastUpdated",
    ];

    fn doc(&self) -> Value {
        let row = &self.row;
        let intervals = self
            .span
            .map(|(from, to)| json!({"from": day(from), "to": day(to)}));
        json!({
            "type": "account",
            "id": row.id.as_str(),
            "userId": self.user.as_str(),
            "name": row.shown.as_ref().map(|s| s.product.as_str()),
            "accountNo": row.shown.as_ref().map(|s| s.number.as_str()),
            "accountHolder": HIDDEN,
            "balance": self.money(row.balance),
            "availableFunds": self.money(row.available),
            "creditLimit": self.money(self.credit_limit),
            "currency": row.currency,
            "class": {"type": row.class, "product": row.shown.as_ref().map(|s| s.product.as_str())},
            "connection": self.connection.as_ref().map(|c| c.as_str()),
            "institution": self.institution.as_str(),
            "lastUpdated": row.updated.rfc3339(),
            "status": row.status,
            "stranded": self.stranded,
            "transactions": row.transactions,
            "transactionIntervals": intervals.into_iter().collect::<Vec<_>>(),
        })
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        let row = &self.row;
        vec![
            Cell::of(row.id.short()),
            Cell::of(self.number()),
            Cell::of(&row.class),
            Cell::of(self.product()),
            Cell::of(&self.money(row.balance).unwrap_or_default()),
            Cell::of(&row.currency),
            Cell::of(&row.status),
            Cell::of(&row.transactions.to_string()),
            Cell::of(self.institution.as_str()),
            Cell::of(self.connection.as_ref().map_or("", |c| c.short())),
            if self.stranded {
                Cell::toned(Tone::Bad, "stranded")
            } else {
                Cell::default()
            },
        ]
    }

    fn record(&self) -> Vec<String> {
        let row = &self.row;
        vec![
            row.id.to_string(),
            self.user.to_string(),
            self.connection
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            self.institution.to_string(),
            self.product().into(),
            self.number().into(),
            row.class.clone(),
            row.currency.clone(),
            self.money(row.balance).unwrap_or_default(),
            self.money(row.available).unwrap_or_default(),
            self.money(self.credit_limit).unwrap_or_default(),
            row.status.clone(),
            self.stranded.to_string(),
            row.transactions.to_string(),
            row.updated.rfc3339(),
        ]
    }
}

impl TransactionRow {
    fn status(&self) -> &'static str {
        if self.posted { "posted" } else { "pending" }
    }

    fn direction(&self) -> &'static str {
        if self.amount < 0 { "debit" } else { "credit" }
    }

    /// When it was made and when it was posted; the one that is not known is empty.
    fn dates(&self) -> (String, String) {
        let at = self.at.rfc3339();
        if self.posted {
            (String::new(), at)
        } else {
            (at, String::new())
        }
    }
}

impl Listed for TransactionRow {
    type Doc<'a> = Value;

    const COLUMNS: &'static [Column] = &[
        text("DATE", 16),
        text("STATUS", 7),
        number("AMOUNT"),
        text("CUR", 3),
        text("CLASS", 16),
        text("DESCRIPTION", 11),
        text("BANK", 8),
        text("ACCOUNT", 8),
        text("ID", 8),
    ];

    const FIELDS: &'static [&'static str] = &[
        "id",
        "userId",
        "account",
        "connection",
        "institution",
        "status",
        "amount",
        "currency",
        "direction",
        "class",
        "transactionDate",
        "postDate",
    ];

    fn doc(&self) -> Value {
        let (made, posted) = self.dates();
        json!({
            "type": "transaction",
            "id": self.id.as_str(),
            "userId": self.user.as_str(),
            "status": self.status(),
            "description": HIDDEN,
            "reference": HIDDEN,
            "amount": money::text(self.amount, &self.currency),
            "currency": self.currency,
            "account": self.account.as_str(),
            "connection": self.connection.as_ref().map(|c| c.as_str()),
            "institution": self.institution.as_str(),
            "direction": self.direction(),
            "class": self.class,
            "transactionDate": made,
            "postDate": posted,
        })
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        vec![
            Cell::of(&time_format::date_time(self.at)),
            Cell::toned(
                if self.posted { Tone::Plain } else { Tone::Busy },
                self.status(),
            ),
            Cell::of(&money::text(self.amount, &self.currency)),
            Cell::of(&self.currency),
            Cell::of(&self.class),
            Cell::of(HIDDEN),
            Cell::of(self.institution.as_str()),
            Cell::of(self.account.short()),
            Cell::of(self.id.short()),
        ]
    }

    fn record(&self) -> Vec<String> {
        let (made, posted) = self.dates();
        vec![
            self.id.to_string(),
            self.user.to_string(),
            self.account.to_string(),
            self.connection
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            self.institution.to_string(),
            self.status().into(),
            money::text(self.amount, &self.currency),
            self.currency.clone(),
            self.direction().into(),
            self.class.clone(),
            made,
            posted,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_has_one_date_and_hides_what_it_says() {
        let row = |posted| TransactionRow {
            id: "7c4e".into(),
            account: "c2a9e0d4".into(),
            connection: None,
            institution: "AU00000".into(),
            user: "9d1c".into(),
            posted,
            at: Moment::parse("2026-03-08T00:00:00Z").unwrap(),
            amount: -480,
            currency: "AUD".into(),
            class: "payment".into(),
        };
        let (posted, pending) = (row(true).doc(), row(false).doc());
        assert_eq!(
            (&posted["postDate"], &posted["transactionDate"]),
            (&"2026-03-08T00:00:00Z".into(), &"".into())
        );
        assert_eq!(
            (&pending["postDate"], &pending["transactionDate"]),
            (&"".into(), &"2026-03-08T00:00:00Z".into())
        );
        assert_eq!(
            (&posted["amount"], &posted["direction"]),
            (&"-4.80".into(), &"debit".into())
        );
        assert_eq!(posted["description"], HIDDEN);
        assert_eq!(row(true).record().len(), TransactionRow::FIELDS.len());
        assert_eq!(
            row(true).cells(Moment(0)).len(),
            TransactionRow::COLUMNS.len()
        );
        assert_eq!(AccountHeld::FIELDS.len(), 15);
    }
}
