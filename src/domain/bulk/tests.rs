//! Plans over several: what is tallied, how long it takes, and what a change is called.

use super::*;

fn head(act: Act, runs: u64) -> Head {
    Head {
        id: "p".into(),
        act,
        forced: false,
        forced_sign_in: false,
        made: Moment(0),
        expires: Moment(900_000),
        actor: "t".into(),
        items: runs + 1,
        runs,
        takes_ms: 0,
        applied: None,
        finished: None,
        reason: String::new(),
    }
}

#[test]
fn who_may_carry_a_plan_out() {
    use Objection::{Finished, Lapsed, Reason, Words};
    let fresh = Moment(899_999);
    let finished = Head {
        finished: Some(Moment(5)),
        ..head(Act::Purge, 3)
    };
    for (head, words, reason, now, verdict) in [
        (
            head(Act::Purge, 3),
            Some("purge 3"),
            Some("asked for"),
            fresh,
            Ok(()),
        ),
        (
            head(Act::Purge, 3),
            Some("  Purge  3 "),
            Some("asked for"),
            fresh,
            Ok(()),
        ),
        (
            head(Act::Purge, 3),
            Some("purge 3"),
            None,
            fresh,
            Err(Reason),
        ),
        (
            head(Act::Purge, 3),
            Some("purge 3"),
            Some("  "),
            fresh,
            Err(Reason),
        ),
        (
            head(Act::Purge, 3),
            Some("purge 33"),
            Some("asked for"),
            fresh,
            Err(Words),
        ),
        (
            head(Act::Purge, 3),
            Some("revoke 3"),
            Some("asked for"),
            fresh,
            Err(Words),
        ),
        (
            head(Act::Purge, 3),
            None,
            Some("asked for"),
            fresh,
            Err(Words),
        ),
        (head(Act::Revoke, 1), Some("revoke 1"), None, fresh, Ok(())),
        (
            head(Act::Refresh, 40),
            Some("refresh 40"),
            None,
            fresh,
            Ok(()),
        ),
        (
            head(Act::Refresh, 40),
            Some("refresh 40"),
            None,
            Moment(900_000),
            Err(Lapsed),
        ),
        (
            head(Act::Refresh, 40),
            Some("wrong"),
            None,
            Moment(900_000),
            Err(Lapsed),
        ),
        (finished.clone(), None, None, Moment(900_000), Err(Finished)),
        (
            finished,
            Some("purge 3"),
            Some("asked for"),
            fresh,
            Err(Finished),
        ),
    ] {
        assert_eq!(
            head.may_apply(words, reason, now),
            verdict,
            "{words:?} {reason:?} {now}"
        );
    }
}

#[test]
fn banks_work_side_by_side_and_share_what_runs_in_all() {
    for (loads, per_bank, total, ms) in [
        (&[][..], 2, 16, 0),
        (&[(1, 30_000)], 2, 16, 30_000),
        (&[(10, 30_000)], 2, 16, 150_000),
        (&[(11, 30_000)], 2, 16, 180_000),
        (&[(10, 30_000), (4, 10_000)], 2, 16, 150_000),
        (&[(8, 10_000), (8, 10_000), (8, 10_000)], 8, 4, 60_000),
        (&[(u64::MAX, i64::MAX)], 0, 0, i64::MAX),
    ] {
        assert_eq!(takes(loads, per_bank, total), ms, "{loads:?}");
    }
}

#[test]
fn what_changed_is_named_with_before_and_now() {
    for (act, before, now, words) in [
        (
            Act::Purge,
            "active-3-40-1",
            "invalid-3-40-1",
            "changed: status was active, is invalid",
        ),
        (
            Act::Purge,
            "active-3-40-1",
            "active-0-0-0",
            "changed: accounts was 3, is 0; transactions was 40, is 0; profiles was 1, is 0",
        ),
        (
            Act::Revoke,
            "pre-init-0-0",
            "active-2-9",
            "changed: status was pre-init, is active; accounts was 0, is 2; transactions was 0, is 9",
        ),
        (
            Act::Refresh,
            "active-0",
            "active-60000",
            "changed: last contact was 1970-01-01 00:00, is 1970-01-01 00:01",
        ),
    ] {
        assert_eq!(changed(act, before, now), words);
    }
}

#[test]
fn words_read_back_and_add_up() {
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::parse(outcome.word()), Some(outcome));
    }
    let item = |planned, outcome| Item {
        place: 0,
        connection: "c".into(),
        planned,
        reason: String::new(),
        fingerprint: String::new(),
        accounts: 2,
        transactions: 9,
        profiles: 1,
        within: None,
        outcome,
        why: String::new(),
        job: None,
    };
    let items = [
        item(Outcome::WouldRun, Some(Outcome::Done)),
        item(Outcome::WouldRun, Some(Outcome::Skipped)),
        item(Outcome::Refused, None),
    ];
    let tally = Tally::of(&items);
    assert_eq!(
        (tally.total(), tally.accounts, tally.words().as_str()),
        (3, 4, "1 done, 1 skipped, 1 refused")
    );
}
