//! Pages by key: walking a list in either direction gives every row once, in order.

use crate::domain::ids::ConnectionId;
use crate::domain::views::{Anchor, Sort, SortField};
use crate::testing::store::{TestStore, asked, asker, now, settings};
use crate::tests::store::facts::{Fact, facts, sorted};

const FILTERS: [&str; 16] = [
    "",
    "status:active",
    "status:invalid",
    "status:invalid,failed",
    "status:deleted bank:hooli",
    "bank:hooli",
    "bank=AU00000",
    "via:ob",
    "is:attention",
    "!is:attention",
    "job:failed or is:expiring",
    "last>3d",
    "tx>0 via:web",
    "a",
    "hooli !status:active",
    "zzzzzz",
];

/// Orders by two fields: held by an index, sorted, and with both directions in one.
const TWO: [&str; 9] = [
    "status,last",
    "bank,last:asc",
    "bank,since",
    "status:desc,user",
    "via,accounts:desc",
    "transactions:desc,bank:desc",
    "consent,id",
    "mover,last",
    "mover:desc,created",
];

/// Every field both ways, and some of two.
fn sorts() -> Vec<Sort> {
    let both = |field| [false, true].map(|reversed| Sort::by(field, reversed));
    let one = SortField::ALL.into_iter().flat_map(both);
    let two = TWO.iter().map(|text| Sort::read(text).unwrap());
    one.chain(two).collect()
}

fn wanted(facts: &[Fact], filter: &str, sort: Sort) -> Vec<ConnectionId> {
    let query = asked(filter);
    let held = facts
        .iter()
        .filter(|f| query.expr.as_ref().is_none_or(|e| f.holds(e, now())))
        .collect();
    sorted(held, sort, now())
        .into_iter()
        .map(|f| f.connection.id.clone())
        .collect()
}

fn walk(desk: &TestStore, filter: &str, sort: Sort, back: bool, limit: usize) -> Vec<ConnectionId> {
    let (mut ids, mut from): (Vec<ConnectionId>, Option<Anchor>) = (Vec::new(), None);
    loop {
        let (query, start) = (asked(filter), from.clone());
        let page = desk.read(move |rd| {
            rd.connection_page(&query, sort, start.as_ref(), back, limit, &asker())
        });
        assert!(page.rows.len() <= limit);
        let here = page.rows.into_iter().map(|r| r.id);
        if back {
            ids = here.chain(ids).collect();
        } else {
            ids.extend(here);
        }
        if !page.more {
            return ids;
        }
        from = if back { page.first } else { page.last };
        assert!(
            from.is_some(),
            "a page that says there is more has an end to go on from"
        );
    }
}

#[test]
fn pages_in_both_directions_give_the_whole_list() {
    let (desk, all) = TestStore::with(settings(150, 1));
    let facts = facts(&all);
    for filter in FILTERS {
        for sort in sorts() {
            let wanted = wanted(&facts, filter, sort);
            for (back, limit) in [(false, 11), (true, 17), (false, 150), (true, 149)] {
                let found = walk(&desk, filter, sort, back, limit);
                assert!(
                    found == wanted,
                    "`{filter}` {sort:?} back {back} by {limit}"
                );
            }
        }
    }
}

#[test]
fn connection_anchor_lies_between_its_neighbours() {
    let (desk, all) = TestStore::with(settings(120, 0));
    let facts = facts(&all);
    for filter in ["", "status:invalid", "bank:hooli", "a"] {
        for sort in sorts() {
            let order = wanted(&facts, filter, sort);
            let held = |fact: &Fact| asked(filter).expr.is_none_or(|e| fact.holds(&e, now()));
            for fact in facts.iter().step_by(7) {
                let (id, query) = (fact.connection.id.clone(), asked(filter));
                let (before, after) = desk.read(move |rd| {
                    let place = rd
                        .connection_anchor(&id, &query, sort, &asker())?
                        .expect("it is there");
                    Ok((
                        rd.connections_before(&place, &query, sort, 500, &asker())?,
                        rd.connection_page(&query, sort, Some(&place), false, 500, &asker())?
                            .rows,
                    ))
                });
                assert_eq!(
                    before.unwrap() as usize + usize::from(held(fact)) + after.len(),
                    order.len(),
                    "`{filter}` {sort:?}"
                );
                // a row that does not match has a place in the order too
                if held(fact) {
                    let at = order
                        .iter()
                        .position(|id| *id == fact.connection.id)
                        .expect("it matches");
                    let ids: Vec<_> = after.into_iter().map(|r| r.id).collect();
                    assert_eq!(ids, order[at + 1..], "`{filter}` {sort:?}");
                }
            }
        }
    }
}

#[test]
fn order_without_an_index_is_refused_where_too_many_would_be_sorted() {
    let (desk, _) = TestStore::with(settings(60, 0));
    let page = |filter: &'static str, sort: &'static str| {
        let sort = Sort::read(sort).unwrap();
        desk.try_read(move |rd| rd.connection_page(&asked(filter), sort, None, false, 50, &asker()))
    };
    assert_eq!(page("", "accounts").unwrap().rows.len(), 50);
    desk.raw()
        .execute_batch("UPDATE connection_counts SET value = 10001 WHERE label = 0")
        .unwrap();
    for sort in ["accounts", "bank,since", "bank,last:asc", "last,bank"] {
        let said = page("", sort).unwrap_err().to_string();
        assert!(said.contains(&format!("`{sort}` has no index")), "{said}");
    }
    for (filter, sort) in [
        ("", "bank"),
        ("", "status,last"),
        ("", "since:desc"),
        ("is:open", "accounts"),
    ] {
        page(filter, sort).unwrap();
    }
}

#[test]
fn anchor_of_another_sort_order_is_ignored() {
    let (desk, _) = TestStore::with(settings(20, 0));
    let page = desk.read(|rd| {
        let short = Anchor(vec![]);
        rd.connection_page(
            &asked(""),
            Sort::default(),
            Some(&short),
            false,
            50,
            &asker(),
        )
    });
    assert_eq!(page.rows.len(), 20);
}

#[test]
fn stored_counters_equal_real_counts_after_random_changes() {
    use crate::domain::connection::{Label, Status};
    use crate::store::ConnectionChange;
    let (desk, all) = TestStore::with(settings(150, 0));
    let mut dice = 7u64;
    for connection in all.connections.iter().cycle().take(400) {
        dice = dice
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let (id, roll) = (connection.id.clone(), dice >> 33);
        let legal: &[Status] = match connection.method {
            crate::domain::connection::Method::Web => &[
                Status::Pending,
                Status::Active,
                Status::Invalid,
                Status::Deleted,
            ],
            _ => &[
                Status::PreInit,
                Status::Init,
                Status::Active,
                Status::Invalid,
                Status::Deleted,
            ],
        };
        let status = legal[roll as usize % legal.len()];
        let kept = roll % 5 != 0;
        let done = desk.try_write(move |tx| {
            tx.change_connection(
                &id,
                ConnectionChange {
                    status: Some(status),
                    ..Default::default()
                },
                now(),
            )?;
            tx.set_asking(&id, roll % 3 == 0)?;
            if kept {
                Ok(())
            } else {
                Err(crate::testing::store::failure())
            }
        });
        assert_eq!(done.is_ok(), kept);
    }
    let rows = desk.list("", Sort::default());
    let counts = desk.read(|rd| rd.counts(now()));
    for label in Label::ALL {
        assert_eq!(
            counts.of(label),
            rows.iter().filter(|r| r.label == label).count() as u64,
            "{label:?}"
        );
    }
    assert_eq!(
        counts.attention(),
        desk.list("is:attention", Sort::default()).len() as u64
    );
    assert_eq!(desk.read(|rd| rd.health()).miscounted, Vec::<String>::new());
}
