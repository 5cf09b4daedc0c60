//! What fetches bring: the same past again, new entries, and another past for another seed.

use super::*;

#[test]
fn a_second_fetch_brings_the_same_references_and_the_new_ones() {
    for (login, password) in [("jared", "django"), ("guest-11", "pass-11")] {
        let first = ask("AU00000", login, password, Title::RetrieveTransactions);
        let posted = |ask: &Ask| -> BTreeSet<String> {
            fetched(ask)
                .into_iter()
                .filter(|t| t.posted)
                .map(|t| t.reference)
                .collect()
        };
        let open = |ask: &Ask| -> BTreeSet<String> {
            fetched(ask)
                .into_iter()
                .filter(|t| !t.posted)
                .map(|t| t.reference)
                .collect()
        };
        let second = Ask {
            job: "job-2".into(),
            ..first.clone()
        };
        assert_eq!(posted(&first), posted(&second), "{login}");
        assert!(open(&first).is_disjoint(&open(&second)), "{login}");
        assert_eq!(
            fetched(&first),
            fetched(&first),
            "{login}: a question answered twice"
        );

        let newest = fetched(&first)
            .iter()
            .filter(|t| t.posted)
            .map(|t| t.at)
            .max()
            .unwrap();
        let later = Ask {
            now: first.now.plus_ms(5 * DAY_MS),
            since: Some(newest),
            ..second
        };
        let sent = fetched(&later);
        assert!(
            sent.iter()
                .all(|t| t.at >= newest.plus_ms(-7 * DAY_MS).day()),
            "{login}"
        );
        let known = posted(&first);
        let (old, new): (Vec<_>, Vec<_>) =
            posted(&later).into_iter().partition(|r| known.contains(r));
        assert!(
            !old.is_empty() && !new.is_empty(),
            "{login}: {} old, {} new",
            old.len(),
            new.len()
        );
        for transaction in sent.iter().filter(|t| t.posted && t.at < newest) {
            assert!(
                known.contains(&transaction.reference),
                "{login}: {} came late",
                transaction.reference
            );
        }
    }
}

#[test]
fn another_seed_brings_another_past() {
    let asked = ask("AU00000", "jared", "django", Title::RetrieveTransactions);
    let references = |seed| match answer(&asked, seed) {
        Outcome::Transactions(all) => all
            .into_iter()
            .map(|t| t.reference)
            .collect::<BTreeSet<_>>(),
        other => panic!("{other:?}"),
    };
    assert!(references(7).is_disjoint(&references(8)));
}
