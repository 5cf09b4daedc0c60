//! Which columns the list has at a given width, and in which order they are given up.

use crate::domain::views::SortField;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Column {
    Id,
    Status,
    Bank,
    Via,
    User,
    Last,
    Accounts,
    Transactions,
    Job,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) column: Column,
    pub(crate) title: &'static str,
    pub(crate) least: u16,
    pub(crate) most: u16,
    /// When it is given up: the lowest first, zero never.
    pub(crate) given_up: u8,
    /// What the list is ordered by when this column has the mark.
    pub(crate) sort: Option<SortField>,
}

const fn shape(
    column: Column,
    title: &'static str,
    least: u16,
    most: u16,
    given_up: u8,
    sort: Option<SortField>,
) -> Shape {
    Shape {
        column,
        title,
        least,
        most,
        given_up,
        sort,
    }
}

const SHAPES: [Shape; 9] = [
    shape(Column::Id, "ID", 6, 6, 3, None),
    shape(Column::Status, "STATUS", 10, 10, 0, Some(SortField::Status)),
    shape(Column::Bank, "BANK", 16, 34, 0, Some(SortField::Bank)),
    shape(Column::Via, "VIA", 3, 3, 5, None),
    shape(Column::User, "USER", 10, 26, 4, Some(SortField::User)),
    shape(Column::Last, "LAST", 7, 7, 7, Some(SortField::LastUsed)),
    shape(Column::Accounts, "ACCTS", 5, 5, 2, None),
    shape(Column::Transactions, "TXNS", 8, 8, 1, None),
    shape(Column::Job, "JOB", 14, 30, 6, Some(SortField::Job)),
];

/// Cells before the first column: cursor, mark, and what moved.
pub(crate) const GUTTER: u16 = 3;

/// The columns that fit into `width` cells, with their widths.
pub(crate) fn fit(width: u16) -> Vec<(Shape, u16)> {
    let room = width.saturating_sub(GUTTER);
    let mut shapes = SHAPES.to_vec();
    let needed = |shapes: &[Shape]| {
        shapes
            .iter()
            .map(|s| s.least + 1)
            .sum::<u16>()
            .saturating_sub(1)
    };
    while needed(&shapes) > room {
        let next = shapes
            .iter()
            .filter(|s| s.given_up > 0)
            .map(|s| s.given_up)
            .min();
        let Some(next) = next else { break };
        shapes.retain(|s| s.given_up != next);
    }
    let mut spare = room.saturating_sub(needed(&shapes));
    let mut widths: Vec<u16> = shapes.iter().map(|s| s.least).collect();
    // The bank gets half of what is to spare, the others share the rest; then whoever still can grow.
    for (column, share) in [
        (Column::Bank, 2),
        (Column::User, 2),
        (Column::Job, 1),
        (Column::Bank, 1),
        (Column::User, 1),
    ] {
        if let Some(at) = shapes.iter().position(|s| s.column == column) {
            let more = (spare / share).min(shapes[at].most - widths[at]);
            widths[at] += more;
            spare -= more;
        }
    }
    // A screen too narrow even for what is never given up cuts the bank.
    if let Some(at) = shapes.iter().position(|s| s.column == Column::Bank) {
        let rest: u16 = widths.iter().sum::<u16>() - widths[at] + widths.len() as u16 - 1;
        widths[at] = widths[at].min(room.saturating_sub(rest));
    }
    shapes.into_iter().zip(widths).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_in_order_and_status_and_bank_never() {
        for (width, titles) in [
            (104, "ID STATUS BANK VIA USER LAST ACCTS TXNS JOB"),
            (78, "ID STATUS BANK VIA USER LAST JOB"),
            (70, "STATUS BANK VIA USER LAST JOB"),
            (58, "STATUS BANK VIA LAST JOB"),
            (38, "STATUS BANK LAST"),
            (20, "STATUS BANK"),
        ] {
            let fitted = fit(width);
            let found: Vec<_> = fitted.iter().map(|(s, _)| s.title).collect();
            assert_eq!(found.join(" "), titles, "{width}");
        }
    }

    #[test]
    fn columns_never_take_more_than_there_is() {
        for width in 25..=300 {
            let fitted = fit(width);
            let used: u16 = fitted.iter().map(|(_, w)| w + 1).sum::<u16>() - 1 + GUTTER;
            assert!(used <= width, "{width}: {used}");
        }
    }
}
