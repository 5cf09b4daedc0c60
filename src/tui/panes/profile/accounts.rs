//! The accounts as a table: number, product, balance, transactions.

use crate::domain::money;
use crate::domain::rows::AccountRow;
use crate::domain::text::Shown;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, Span, span, text, thousands};

/// Accounts shown before the rest is only counted.
const MOST: usize = 8;

pub(super) fn rows(rows: &mut Vec<Row>, accounts: &[AccountRow], wide: usize) {
    let lines: Vec<Line> = accounts.iter().take(MOST).map(Line::of).collect();
    let of = |pick: fn(&Line) -> usize| lines.iter().map(pick).max().unwrap_or(0);
    let (number, balance, count) = (
        of(|line| line.number.width()),
        of(|line| line.balance.len()),
        of(|line| line.count.len()),
    );
    let product = wide.saturating_sub(number + balance + count + 7);
    for line in &lines {
        let name = line.product.cut(product);
        let gap = " ".repeat(product.saturating_sub(name.width()));
        let before = " ".repeat(number.saturating_sub(line.number.width()));
        rows.push(vec![
            text("  "),
            Span {
                text: line.number.clone(),
                role: Role::Text,
            },
            text(format!("{before} ")),
            Span {
                text: name,
                role: Role::Dim,
            },
            text(format!("{gap}  {:>balance$}", line.balance)),
            span(format!("  {:>count$}", line.count), Role::Dim),
        ]);
    }
    if accounts.len() > MOST {
        let more = format!("  and {} more", accounts.len() - MOST);
        rows.push(vec![span(more, Role::Dim)]);
    }
}

struct Line {
    number: Shown,
    product: Shown,
    balance: String,
    count: String,
}

impl Line {
    fn of(account: &AccountRow) -> Self {
        let (product, number) = match &account.shown {
            Some(shown) => (shown.product.as_str(), shown.number.as_str()),
            None if account.lost => ("lost, its key is gone", "-"),
            None => ("sealed, its key is missing", "-"),
        };
        let balance = account.balance.map_or(String::new(), |minor| {
            let currency = &account.currency;
            format!("{currency} {}", money::text(minor, currency))
        });
        Self {
            number: Shown::of_limited(number, 24),
            product: Shown::of_limited(product, 60),
            balance,
            count: format!("{} tx", thousands(account.transactions)),
        }
    }
}
