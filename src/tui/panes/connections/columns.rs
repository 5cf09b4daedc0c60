//! Which columns the list has at a given width, and in which order they are given up.

pub(crate) use crate::domain::list_columns::Column;
use crate::domain::views::SortField;

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
    least: u16,
    most: u16,
    given_up: u8,
    sort: Option<SortField>,
) -> Shape {
    Shape {
        column,
        title: column.title(),
        least,
        most,
        given_up,
        sort,
    }
}

const SHAPES: [Shape; 13] = [
    shape(Column::Id, 6, 6, 4, Some(SortField::Id)),
    shape(Column::Status, 10, 10, 0, Some(SortField::Status)),
    shape(Column::Bank, 12, 26, 0, Some(SortField::Bank)),
    shape(Column::Via, 3, 3, 5, Some(SortField::Via)),
    shape(Column::User, 12, 22, 7, Some(SortField::User)),
    shape(Column::Since, 7, 7, 8, Some(SortField::Since)),
    shape(Column::Asked, 7, 7, 3, Some(SortField::LastUsed)),
    shape(Column::Runs, 7, 7, 6, Some(SortField::Job)),
    shape(Column::Accounts, 5, 5, 2, Some(SortField::Accounts)),
    shape(Column::Transactions, 8, 8, 1, Some(SortField::Transactions)),
    shape(Column::Created, 7, 7, 2, Some(SortField::Created)),
    shape(Column::Consent, 7, 7, 4, Some(SortField::Consent)),
    shape(Column::Why, 16, 28, 0, None),
];

/// Columns given up before this one are there only where names and reasons have what they mostly need.
const EXTRA: u8 = 5;

/// What a column mostly needs.
fn enough(shape: Shape) -> u16 {
    match shape.column {
        Column::Why => 18,
        Column::Bank => 16,
        Column::User => 14,
        _ => shape.least,
    }
}

/// What names and reasons have before there are further columns.
fn comfortable(shape: Shape) -> u16 {
    match shape.column {
        Column::Why | Column::Bank => 20,
        Column::User => 16,
        _ => shape.least,
    }
}

/// Cells before the first column: cursor, mark, and what moved.
pub(crate) const GUTTER: u16 = 3;

/// Those of the chosen columns that fit into `width` cells, with their widths.
pub(crate) fn fit(width: u16, chosen: &[Column]) -> Vec<(Shape, u16)> {
    let room = width.saturating_sub(GUTTER);
    let shape = |column: &Column| SHAPES.into_iter().find(|s| s.column == *column);
    let mut shapes: Vec<Shape> = chosen.iter().filter_map(shape).collect();
    let needed = |shapes: &[Shape]| {
        let roomy = shapes.iter().any(|s| (1..=EXTRA).contains(&s.given_up));
        let width = |s: &Shape| if roomy { comfortable(*s) } else { s.least };
        let wide: u16 = shapes.iter().map(|s| width(s) + 1).sum();
        wide.saturating_sub(1)
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
    let least: u16 = shapes.iter().map(|s| s.least + 1).sum();
    let mut spare = (room + 1).saturating_sub(least);
    let mut widths: Vec<u16> = shapes.iter().map(|s| s.least).collect();
    // Names and the reason get what they mostly need, in this order; then whoever still can grow.
    let named = [Column::Why, Column::Bank, Column::User];
    // where all have what they mostly need, names are what is cut
    let names = [Column::Bank, Column::User, Column::Why];
    let most: fn(Shape) -> u16 = |shape| shape.most;
    for (wanted, order) in [
        (enough as fn(Shape) -> u16, named),
        (comfortable, named),
        (most, names),
    ] {
        for column in order {
            if let Some(at) = shapes.iter().position(|s| s.column == column) {
                let more = spare.min(wanted(shapes[at]).saturating_sub(widths[at]));
                widths[at] += more;
                spare -= more;
            }
        }
    }
    // A screen too narrow even for what is never given up cuts the bank, and then the reason.
    for column in [Column::Bank, Column::Why] {
        if let Some(at) = shapes.iter().position(|s| s.column == column) {
            let rest: u16 = widths.iter().sum::<u16>() - widths[at] + widths.len() as u16 - 1;
            widths[at] = widths[at].min(room.saturating_sub(rest));
        }
    }
    shapes.into_iter().zip(widths).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_in_order_and_status_bank_and_why_never() {
        for (width, titles) in [
            (
                124,
                "ID STATUS BANK VIA USER SINCE ASKED LAST 7 ACCTS TXNS WHY",
            ),
            (108, "ID STATUS BANK VIA USER SINCE ASKED LAST 7 WHY"),
            (100, "ID STATUS BANK VIA USER SINCE LAST 7 WHY"),
            (93, "STATUS BANK VIA USER SINCE LAST 7 WHY"),
            (78, "STATUS BANK USER SINCE LAST 7 WHY"),
            (72, "STATUS BANK USER SINCE LAST 7 WHY"),
            (66, "STATUS BANK USER SINCE WHY"),
            (58, "STATUS BANK SINCE WHY"),
            (46, "STATUS BANK WHY"),
            (38, "STATUS BANK WHY"),
        ] {
            let fitted = fit(width, &Column::USUAL);
            let found: Vec<_> = fitted.iter().map(|(s, _)| s.title).collect();
            assert_eq!(found.join(" "), titles, "{width}");
        }
    }

    #[test]
    fn chosen_columns_stand_in_their_order_and_go_as_the_usual_ones_do() {
        let chosen = [
            Column::Why,
            Column::User,
            Column::Transactions,
            Column::Consent,
        ];
        for (width, titles) in [
            (100, "WHY USER TXNS CONSENT"),
            (50, "WHY USER CONSENT"),
            (45, "WHY USER"),
            (34, "WHY USER"),
            (25, "WHY"),
        ] {
            let fitted = fit(width, &chosen);
            let found: Vec<_> = fitted.iter().map(|(s, _)| s.title).collect();
            assert_eq!(found.join(" "), titles, "{width}");
        }
        assert_eq!(SHAPES.len(), Column::ALL.len());
        assert!(Column::ALL.iter().all(|it| fit(400, &[*it]).len() == 1));
    }

    #[test]
    fn columns_never_take_more_than_there_is() {
        for width in 25..=300 {
            let fitted = fit(width, &Column::USUAL);
            let used: u16 = fitted.iter().map(|(_, w)| w + 1).sum::<u16>() - 1 + GUTTER;
            assert!(used <= width, "{width}: {used}");
        }
    }
}
