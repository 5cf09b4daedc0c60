//! Stored accounts and transactions, masked. Descriptions and account holders are always hidden;
//! merchants are hidden with the names of people.

use crate::cli::list_formats::{Cell, Column, Listed, date, number, text};
use crate::cli::output::Tone;
use crate::domain::holdings::{AccountHeld, TransactionRow};
use crate::domain::mask::{HIDDEN, LOST};
use crate::domain::moment::Moment;
use crate::domain::money;
use crate::domain::rows::AccountRow;
use serde_json::{Value, json};

fn day(at: Moment) -> String {
    at.rfc3339().chars().take(10).collect()
}

/// Product and number, masked; the same word for both when they are lost, and none while they cannot be opened.
pub(super) fn seen(row: &AccountRow) -> Option<(&str, &str)> {
    match &row.shown {
        Some(shown) => Some((&shown.product, &shown.number)),
        None => row.lost.then_some((LOST, LOST)),
    }
}

impl AccountHeld {
    fn money(&self, minor: Option<i64>) -> Option<String> {
        minor.map(|minor| money::text(minor, &self.row.currency))
    }

    fn product(&self) -> &str {
        let unseen = self.unseen();
        self.row.shown.as_ref().map_or(unseen, |s| &s.product)
    }

    fn number(&self) -> &str {
        let unseen = self.unseen();
        self.row.shown.as_ref().map_or(unseen, |s| &s.number)
    }

    fn unseen(&self) -> &'static str {
        if self.row.lost { LOST } else { HIDDEN }
    }
}

impl Listed for AccountHeld {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "id",
        "userId",
        "connection",
        "institution",
        "product as name",
        "number as accountNo",
        "class.type",
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
        let shown = seen(row);
        let intervals = self
            .span
            .map(|(from, to)| json!({"from": day(from), "to": day(to)}));
        json!({
            "type": "account",
            "id": row.id.as_str(),
            "userId": self.user.as_str(),
            "name": shown.map(|(product, _)| product),
            "accountNo": shown.map(|(_, number)| number),
            "accountHolder": HIDDEN,
            "balance": self.money(row.balance),
            "availableFunds": self.money(row.available),
            "creditLimit": self.money(self.credit_limit),
            "currency": row.currency,
            "class": {"type": row.class, "product": shown.map(|(product, _)| product)},
            "connection": self.connection.as_ref().map(|c| c.as_str()),
            "institution": self.institution.as_str(),
            "lastUpdated": row.updated.rfc3339(),
            "status": row.status,
            "stranded": self.stranded,
            "transactions": row.transactions,
            "transactionIntervals": intervals.into_iter().collect::<Vec<_>>(),
        })
    }

    fn extra(&self, _: Moment) -> Value {
        json!({"product": self.product(), "number": self.number()})
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("ID", 8, |a, _| a.row.id.short().into()),
            text("NUMBER", 10, |a, _| a.number().into()),
            text("CLASS", 12, |a, _| a.row.class.as_str().into()),
            text("PRODUCT", 30, |a, _| a.product().into()),
            number("BALANCE", |a, _| {
                a.money(a.row.balance).unwrap_or_default().into()
            }),
            text("CUR", 3, |a, _| a.row.currency.as_str().into()),
            text("STATUS", 11, |a, _| a.row.status.as_str().into()),
            number("TX", |a, _| a.row.transactions.into()),
            text("BANK", 8, |a, _| a.institution.as_str().into()),
            text("CONNECTION", 10, |a, _| {
                a.connection.as_ref().map_or("", |c| c.short()).into()
            }),
            text("", 8, |a, _| match a.stranded {
                true => Cell::toned(Tone::Bad, "stranded"),
                false => Cell::default(),
            }),
        ]
    }
}

impl TransactionRow {
    fn status(&self) -> &'static str {
        if self.posted { "posted" } else { "pending" }
    }

    /// Merchant and category; empty where nothing was derived.
    fn insight(&self) -> (&str, &str) {
        let insight = self.insight.as_ref();
        insight.map_or(("", ""), |it| (&it.merchant, &it.category))
    }

    fn direction(&self) -> &'static str {
        if self.amount < 0 { "debit" } else { "credit" }
    }

    /// Transaction date and post date; the unknown one is empty.
    fn dates(&self) -> (String, String) {
        let at = self.at.rfc3339();
        if self.posted {
            (self.made.map_or_else(String::new, Moment::rfc3339), at)
        } else {
            (at, String::new())
        }
    }
}

impl Listed for TransactionRow {
    type Doc<'a> = Value;

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
        "merchant",
        "category",
    ];

    fn doc(&self) -> Value {
        let (made, posted) = self.dates();
        let (merchant, category) = self.insight();
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
            "merchant": merchant,
            "category": category,
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            date("DATE", |t| t.at),
            text("STATUS", 7, |t, _| {
                let tone = if t.posted { Tone::Plain } else { Tone::Busy };
                Cell::toned(tone, t.status())
            }),
            number("AMOUNT", |t, _| money::text(t.amount, &t.currency).into()),
            text("CUR", 3, |t, _| t.currency.as_str().into()),
            text("CLASS", 16, |t, _| t.class.as_str().into()),
            text("MERCHANT", 24, |t, _| t.insight().0.into()),
            text("CATEGORY", 20, |t, _| t.insight().1.into()),
            text("BANK", 8, |t, _| t.institution.as_str().into()),
            text("ACCOUNT", 8, |t, _| t.account.short().into()),
            text("ID", 8, |t, _| t.id.short().into()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_has_one_date_and_a_hidden_description() {
        let row = |posted| TransactionRow {
            id: "7c4e".into(),
            account: "c2a9e0d4".into(),
            connection: None,
            institution: "AU00000".into(),
            user: "9d1c".into(),
            posted,
            at: Moment::parse("2026-03-08T00:00:00Z").unwrap(),
            made: None,
            amount: -480,
            currency: "AUD".into(),
            class: "payment".into(),
            insight: None,
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
    }
}
