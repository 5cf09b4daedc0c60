//! Who may carry a plan out, with which words and reason.

use super::*;

#[test]
fn who_may_carry_a_plan_out() {
    use Objection::{Finished, Lapsed, Reason, Words};
    let fresh = Moment(899_999);
    let mut finished = several(ActKind::Purge, 3);
    finished.head.finished = Some(Moment(5));
    for (plan, words, reason, now, verdict) in [
        (
            several(ActKind::Purge, 3),
            Some("purge 3"),
            Some("asked for"),
            fresh,
            Ok(()),
        ),
        (
            several(ActKind::Purge, 3),
            Some("  Purge  3 "),
            Some("asked for"),
            fresh,
            Ok(()),
        ),
        (
            several(ActKind::Purge, 3),
            Some("purge 3"),
            None,
            fresh,
            Err(Reason),
        ),
        (
            several(ActKind::Purge, 3),
            Some("purge 3"),
            Some("  "),
            fresh,
            Err(Reason),
        ),
        (
            several(ActKind::Purge, 3),
            Some("purge 33"),
            Some("asked for"),
            fresh,
            Err(Words),
        ),
        (
            several(ActKind::Purge, 3),
            Some("revoke 3"),
            Some("asked for"),
            fresh,
            Err(Words),
        ),
        (
            several(ActKind::Purge, 3),
            None,
            Some("asked for"),
            fresh,
            Err(Words),
        ),
        (
            several(ActKind::Revoke, 1),
            Some("revoke 1"),
            None,
            fresh,
            Ok(()),
        ),
        (
            several(ActKind::Refresh, 40),
            Some("refresh 40"),
            None,
            fresh,
            Ok(()),
        ),
        (
            several(ActKind::Refresh, 40),
            Some("refresh 40"),
            None,
            Moment(900_000),
            Err(Lapsed),
        ),
        (
            several(ActKind::Refresh, 40),
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
        let typed = Confirmation::new(words, reason);
        assert_eq!(
            plan.may_apply(&typed, now),
            verdict,
            "{words:?} {reason:?} {now}"
        );
    }
}

#[test]
fn words_with_an_id_are_exact_and_other_words_may_be_in_any_case() {
    let end = Step::new(StepAct::EndConsent, "consent-end");
    for (plan, words, also, not) in [
        (
            of_one(ActKind::Purge),
            "purge abc",
            "  purge abc ",
            "PURGE ABC",
        ),
        (
            of_one(ActKind::Revoke),
            "Bank of \u{1b}Sedge",
            " bank OF \u{1b}sedge ",
            "Bank of  \u{1b}Sedge",
        ),
        (several(ActKind::Purge, 3), "purge 3", " Purge  3", "purge3"),
        (
            several(ActKind::Revoke, 3),
            "revoke 3",
            " Revoke  3",
            "revoke 4",
        ),
        (
            several(ActKind::Refresh, 3),
            "refresh 3",
            " REFRESH  3",
            "refresh",
        ),
        (
            of_user(ActKind::Migrate, vec![]),
            "move abc",
            " move abc ",
            "Move abc",
        ),
        (
            of_user(ActKind::Erase, vec![]),
            "erase xyz",
            " erase xyz ",
            "Erase xyz",
        ),
        (
            of_user(ActKind::DeleteUser, vec![]),
            "delete xyz",
            " delete xyz",
            "DELETE xyz",
        ),
        (
            of_user(ActKind::EndConsent, vec![end]),
            "end end",
            "end end ",
            "end END",
        ),
    ] {
        let kind = plan.head.kind.word();
        for typed in [words, also] {
            let typed = Confirmation::new(Some(typed), Some("asked for"));
            assert_eq!(
                plan.may_apply(&typed, NOW.plus_ms(-900_000)),
                Ok(()),
                "{kind} {typed:?}"
            );
        }
        for typed in ["", "  ", "yes", not, &words[1..], &format!("{words} 1")] {
            assert!(!plan.armed_by(typed), "{kind} {typed}");
        }
    }
    let shown = crate::domain::text::Shown::of("Bank of \u{1b}Sedge").into_plain();
    assert!(of_one(ActKind::Revoke).armed_by(&shown), "as it is shown");
}

#[test]
fn a_reason_is_wanted_for_several_and_for_the_end_of_a_user() {
    for (plan, wanted) in [
        (of_one(ActKind::Purge), false),
        (of_one(ActKind::Revoke), false),
        (several(ActKind::Purge, 1), false),
        (several(ActKind::Purge, 2), true),
        (several(ActKind::Revoke, 2), true),
        (several(ActKind::Refresh, 2), false),
        (of_user(ActKind::Migrate, vec![]), false),
        (of_user(ActKind::Erase, vec![]), true),
        (of_user(ActKind::EndConsent, vec![]), true),
        (of_user(ActKind::DeleteUser, vec![]), true),
    ] {
        assert_eq!(plan.needs_reason(), wanted, "{:?}", plan.head.kind);
    }
}
