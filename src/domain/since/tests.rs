//! Sittings, the difference between then and now, and what fits.

use super::*;

const MINUTE: i64 = 60_000;

fn changed(label: Label, rose: Option<bool>) -> Changed {
    Changed {
        connection: "0191-aaaaaa".into(),
        institution: "AU00000".into(),
        institution_name: "Hooli".into(),
        method: Method::Web,
        label,
        since: Moment(5_000),
        made: false,
        rose,
        tried: true,
        failed: false,
        taken: false,
        put_off: false,
        step: Some(Title::VerifyCredentials),
        code: Some("invalid-credentials".into()),
    }
}

#[test]
fn a_sitting_ends_when_nobody_looked_for_half_an_hour() {
    let at = |minutes: i64| Moment(minutes * MINUTE);
    let first = Looked::again(None, at(0));
    assert_eq!(first.left(at(29)), None);
    assert_eq!(first.left(at(31)), Some(at(0)));
    // looking again and again, and opening the board a second time, do not move it
    let mut second = Looked::again(Some(first), at(600));
    for minutes in [601, 620, 640, 669] {
        assert_eq!(second.left(at(minutes)), Some(at(0)), "{minutes}");
        second = Looked::again(Some(second), at(minutes));
    }
    assert_eq!(second.left(at(700)), Some(at(669)));
}

#[test]
fn it_is_told_since_the_time_given_else_the_last_look_else_a_day() {
    let now = Moment(10 * DAY_MS);
    let looked = Some(Looked {
        last: Moment(DAY_MS),
        before: None,
    });
    assert_eq!(
        From::choose(Some(Moment(7)), looked, now),
        (From::Given, Moment(7))
    );
    assert_eq!(
        From::choose(None, looked, now),
        (From::Look, Moment(DAY_MS))
    );
    assert_eq!(
        From::choose(None, None, now),
        (From::Day, Moment(9 * DAY_MS))
    );
}

#[test]
fn only_what_differs_between_then_and_now_is_a_change() {
    let made = |it: Changed| Changed { made: true, ..it };
    let untried = |it: Changed| Changed { tried: false, ..it };
    let failed = |it: Changed| Changed { failed: true, ..it };
    let of = |label, rose| changed(label, rose);
    for (one, what) in [
        (of(Label::Invalid, Some(false)), Some(What::Broke)),
        (of(Label::Invalid, Some(true)), None),
        (made(of(Label::Invalid, Some(true))), Some(What::Broke)),
        (of(Label::Invalid, None), Some(What::Broke)),
        (of(Label::Failed, None), Some(What::Broke)),
        (failed(of(Label::Failed, None)), None),
        (of(Label::Active, Some(true)), Some(What::Healed)),
        (of(Label::Active, Some(false)), None),
        (made(of(Label::Active, Some(true))), Some(What::New)),
        (untried(of(Label::Active, Some(true))), Some(What::New)),
        (of(Label::Deleted, Some(false)), Some(What::Revoked)),
        (of(Label::Pending, None), None),
    ] {
        assert_eq!(one.what(), what, "{one:?}");
    }
}

#[test]
fn what_failed_alike_is_one_line_and_what_was_taken_has_its_own() {
    let taken = Changed {
        taken: true,
        ..changed(Label::Invalid, Some(false))
    };
    let changes = in_order(by_cause(
        &[
            changed(Label::Active, Some(true)),
            changed(Label::Invalid, Some(false)),
            taken,
        ],
        Moment(1_234),
    ));
    let told: Vec<_> = changes
        .iter()
        .map(|it| (it.what, it.count, it.text.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (What::Broke, 2, "Hooli (web)  sign-in  invalid-credentials"),
            (What::Yours, 1, "aaaaaa Hooli: you took it, now invalid"),
            (What::Healed, 1, "Hooli (web)"),
        ]
    );
    let filter = changes[0].filter.as_deref();
    assert_eq!(
        filter,
        Some(
            "bank=AU00000 via:web status:invalid step:verify-credentials error:invalid-credentials since>1970-01-01T00:00:01Z"
        )
    );
}

#[test]
fn whatever_there_is_fits_and_nothing_is_lost() {
    let many = |what: What, n: u64| {
        (1..=n).map(move |count| Change {
            what,
            count,
            text: format!("{count}"),
            by: String::new(),
            last: Moment(0),
            filter: None,
        })
    };
    for sizes in [[0; 8], [1; 8], [40; 8], [300, 0, 0, 1, 0, 0, 2, 9]] {
        let all = What::ALL.into_iter().zip(sizes);
        let all = in_order(all.flat_map(|(what, n)| many(what, n)).collect());
        let sorts = sizes.iter().filter(|n| **n > 0).count();
        for most in 0..30 {
            let lines = fit(&all, most);
            assert!(lines.len() <= most.max(sorts), "{sizes:?} {most}");
            for what in What::ALL {
                let sum = |of: &[Change]| -> u64 {
                    let of = of.iter().filter(|it| it.what == what);
                    of.map(|it| it.count).sum()
                };
                assert_eq!(sum(&lines), sum(&all), "{sizes:?} {most} {what:?}");
            }
        }
    }
}
