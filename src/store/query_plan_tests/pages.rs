//! Pages of lists: which index they walk.

use super::{asker, plans, scans, world_file};
use crate::domain::groups::GroupField;
use crate::domain::query::{Scope, parse};
use crate::domain::views::{Sort, SortField};
use crate::store::{Error, ReadTxn};

/// Filters that no index answers: a page tests the next rows of its order, and scans the table where they do not fill it.
const SCANNED: [&str; 4] = ["via:ob", "!status:active", "id~^9f", "attempts<9"];

/// A page walks the index of its order, or finds few rows and sorts them; it never sorts a whole order.
#[test]
fn pages_use_the_index_of_their_order_or_sort_few_rows() {
    let (_dir, conn, keys) = world_file();
    let rd = ReadTxn {
        conn: &conn,
        keys: &keys,
    };
    // as in a file of many connections, where an order without an index is refused
    conn.execute_batch("UPDATE connection_counts SET value = 1000000 WHERE label = 0")
        .unwrap();
    let two = [
        "status,last",
        "bank,last",
        "bank:desc,user",
        "consent,since",
        "via,last:asc",
    ];
    let two = two.map(|text| Sort::read(text).unwrap());
    let both = |field| [false, true].map(|reversed| Sort::by(field, reversed));
    let sorts: Vec<Sort> = SortField::ALL
        .into_iter()
        .flat_map(both)
        .chain(two)
        .collect();
    let walked = |lines: &[String], index: &str| lines.iter().any(|l| l.contains(index));
    for filter in [
        "",
        "status:active",
        "status:invalid via:web",
        "bank:AU00000",
        "bank:hooli",
        "ma",
        "monica hall",
        "user:81c4",
        "id:9f1a22",
        "id:22",
        "is:attention",
        "incident:open",
        "incident:1",
        "is:stuck",
        "is:expiring",
        "is:open",
        "error:invalid-credentials",
        "job:failed",
        "last>3d",
        "consent<7d",
        "monica@example.test",
        "is:stale",
        "is:guarded",
        "is:mine",
        "is:mine status:active",
        "last:never",
        "tx>=3",
        "a or b",
        "!a tx>0",
        "created<2w",
        "since<2h",
        "first-failed>1d",
        "first-failed<1h",
        "mover:us,bank",
        "attempts>3",
        "job:none",
        "job:failed state:failed",
        "state:waiting-mfa",
        "kind:purge",
        "step:sign-in",
        "step~sign",
        "error~cred",
        "bank~^hoo",
        "acc=0",
        "via:ob",
        "!status:active",
        "id~^9f",
        "attempts<9",
    ] {
        let query = parse(filter, Scope::Connections).unwrap();
        for sort in sorts.iter().copied() {
            let page = || {
                let first = match rd.connection_page(&query, sort, None, false, 5, &asker()) {
                    Err(Error::NotOrdered { .. }) => return Ok(()),
                    first => first?,
                };
                rd.connection_page(&query, sort, first.last.as_ref(), false, 5, &asker())?;
                rd.connection_page(&query, sort, first.last.as_ref(), true, 5, &asker())?;
                if let Some(last) = &first.last {
                    rd.connections_before(last, &query, sort, 9, &asker())?;
                }
                Ok(())
            };
            for (sql, lines) in plans(&conn, page) {
                let numbers = sql.contains("c.n IN (SELECT c.n");
                let ordered = sql.contains("INDEXED BY") && !numbers;
                let sorted =
                    walked(&lines, "TEMP B-TREE FOR ORDER BY") || walked(&lines, "FOR LAST TERM");
                assert!(
                    !(ordered && sorted),
                    "`{filter}` {sort:?}: {sql}\n{lines:#?}"
                );
                let walk = |l: &String| {
                    sql.contains("INDEXED BY") && l.starts_with("SCAN c USING")
                        || SCANNED.contains(&filter) && l == "SCAN c"
                };
                assert!(
                    lines.iter().all(|l| !scans(l) || walk(l)),
                    "`{filter}` {sort:?}: {sql}\n{lines:#?}"
                );
            }
        }
    }
    for filter in [
        "status:invalid",
        "bank:hooli",
        "ma",
        "error:invalid-credentials",
    ] {
        let query = parse(filter, Scope::Connections).unwrap();
        for field in GroupField::ALL {
            let groups = || {
                rd.connection_groups(&query, field, (9, 9), &asker())
                    .map(drop)
            };
            for (sql, lines) in plans(&conn, groups) {
                assert!(
                    !lines.iter().any(|l| scans(l)),
                    "`{filter}` {field:?}: {sql}\n{lines:#?}"
                );
            }
        }
    }
    for filter in [
        "",
        "status:failed",
        "error:invalid-credentials",
        "bank:hooli",
        "user:81c4",
        "connection:9f1a22",
        "id:22",
        "ma",
        "is:open",
        "is:mine",
        "bank:AU00000",
        "kind:purge",
        "step:verify",
        "step~sign",
        "error~cred",
        "state:cancelled",
    ] {
        let query = parse(filter, Scope::Jobs).unwrap();
        let page = || {
            let first = rd.job_page(&query, None, 5, &asker())?;
            rd.job_page(&query, first.last.as_ref(), 5, &asker())
                .map(drop)
        };
        for (sql, lines) in plans(&conn, page) {
            let ordered = sql.contains("INDEXED BY");
            assert!(
                !(ordered && walked(&lines, "FOR ORDER BY")),
                "`{filter}`: {sql}\n{lines:#?}"
            );
            let walk = |l: &String| {
                ordered
                    && ["jobs_created", "jobs_failed", "jobs_institution"]
                        .iter()
                        .any(|i| l.starts_with(&format!("SCAN j USING INDEX {i}")))
            };
            assert!(
                lines.iter().all(|l| !scans(l) || walk(l)),
                "`{filter}`: {sql}\n{lines:#?}"
            );
        }
    }
}
