//! Groups of the list: their sizes are those of the filters they stand for.

use crate::domain::groups::{GroupField, GroupValue};
use crate::domain::query::{Expr, Query};
use crate::testing::store::{TestStore, asked, asker, settings};

#[test]
fn sizes_of_groups_are_those_of_their_filters() {
    let (desk, _) = TestStore::with(settings(150, 1));
    for filter in [
        "",
        "status:invalid,failed",
        "bank:hooli",
        "is:attention via:web",
        "zzzzzz",
    ] {
        let whole = desk.list(filter, Default::default()).len() as u64;
        for field in GroupField::ALL {
            let query = asked(filter);
            let (groups, all) =
                desk.read(move |rd| rd.connection_groups(&query, field, (1_000, 1_000), &asker()));
            assert!(all);
            assert_eq!(
                groups.iter().map(|(_, n)| n).sum::<u64>(),
                whole,
                "`{filter}` {field:?}"
            );
            assert!(groups.is_sorted_by_key(|(_, n)| std::cmp::Reverse(*n)));
            for (value, count) in groups {
                let Some(term) = value.term() else {
                    assert_eq!(value, GroupValue::Code(None));
                    continue;
                };
                let query = asked(filter);
                let parts = query.expr.into_iter().chain([Expr::Term(term)]);
                let narrowed = Query {
                    expr: Expr::all(parts.collect()),
                    ..asked(filter)
                };
                let size = desk.read(move |rd| rd.connection_size(&narrowed, 1_000, &asker()));
                assert_eq!(size.count, count, "`{filter}` {value:?}");
            }
        }
    }
}

#[test]
fn no_more_rows_than_the_cap_are_counted() {
    let (desk, _) = TestStore::with(settings(60, 0));
    let (groups, all) =
        desk.read(|rd| rd.connection_groups(&asked(""), GroupField::User, (20, 7), &asker()));
    assert!(!all);
    assert_eq!(groups.len(), 7);
    assert!(groups.iter().map(|(_, n)| n).sum::<u64>() <= 21);
}
