//! What filters mean, and how they are completed.

use super::*;
use crate::domain::diagnosis::Whose;

#[test]
fn terms_become_values() {
    let texts = |whole, any: &[&str]| Texts {
        whole,
        any: any.iter().map(|t| t.to_string()).collect(),
    };
    let at = |text| When::At(Moment::parse(text).unwrap());
    for (text, wanted) in [
        ("fabrikam", Term::Word("fabrikam".into())),
        ("\"or\"", Term::Word("or".into())),
        ("09:41", Term::Word("09:41".into())),
        ("status:Invalid,failed, revoked", {
            use connection::Label as L;
            Term::Label(vec![L::Invalid, L::Failed, L::Deleted])
        }),
        (
            "bank:\"hooli sav\",AU00000",
            Term::Bank(texts(false, &["hooli sav", "AU00000"])),
        ),
        ("institution=hooli", Term::Bank(texts(true, &["hooli"]))),
        ("via:openbanking", Term::Via(vec![Method::OpenBanking])),
        ("user:usr_81c4", Term::User(texts(false, &["usr_81c4"]))),
        ("user=600000", Term::User(texts(true, &["600000"]))),
        ("id:7f3a91", Term::Id(texts(false, &["7f3a91"]))),
        ("last>3d", Term::Last(Cmp::Gt, When::Age(259_200_000))),
        ("last:<10h", Term::Last(Cmp::Lt, When::Age(36_000_000))),
        ("last:never", Term::Last(Cmp::Eq, When::Never)),
        ("last<2026-03-01", Term::Last(Cmp::Lt, at("2026-03-01"))),
        (
            "created>=2026-03-10T19:41:07+10:00",
            Term::Created(Cmp::Ge, at("2026-03-10T09:41:07Z")),
        ),
        ("since<2h", Term::Since(Cmp::Lt, When::Age(7_200_000))),
        (
            "first-failed>1d",
            Term::FirstFailed(Cmp::Gt, When::Age(86_400_000)),
        ),
        (
            "mover:us,running",
            Term::Mover(vec![Whose::Us, Whose::System]),
        ),
        ("whose:system", Term::Mover(vec![Whose::System])),
        ("incident:open", Term::Incident(vec![None])),
        ("outage:3,open", Term::Incident(vec![Some(3), None])),
        ("attempts>10", Term::Attempts(Cmp::Gt, 10)),
        ("consent<7d", Term::Consent(Cmp::Lt, When::Age(604_800_000))),
        ("job:done", Term::JobLabel(vec![job::Label::Success])),
        ("job:waiting-mfa", Term::State(vec![State::WaitingMfa])),
        (
            "job:update-credentials",
            Term::Kind(vec![Kind::UpdateCredentials]),
        ),
        ("job:none", Term::NoJob),
        (
            "step:sign-in,retrieve-accounts,\"data key\"",
            Term::Step(vec![
                Title::VerifyCredentials,
                Title::RetrieveAccounts,
                Title::DestroyKey,
            ]),
        ),
        (
            "step:\"consent page\"",
            Term::Step(vec![Title::Other("consent page".into())]),
        ),
        (
            "error:invalid-credentials",
            Term::Error(vec!["invalid-credentials".into()]),
        ),
        ("error:\"bad-login\"", Term::Error(vec!["bad-login".into()])),
        ("acc=0", Term::Accounts(Cmp::Eq, 0)),
        ("tx>=1000", Term::Transactions(Cmp::Ge, 1000)),
        ("IS:attention", Term::Is(Flag::Attention)),
        (
            "bank~^(fab|hoo)\\)",
            Term::Pattern(PatternField::Bank, "^(fab|hoo)\\)".into()),
        ),
        (
            "error~\"un.vail\\d\"",
            Term::Pattern(PatternField::Error, "un.vail\\d".into()),
        ),
        (
            "monica@Example.test",
            Term::Contact(Contact::Email("monica@example.test".into())),
        ),
        (
            "user:+61400111222",
            Term::Contact(Contact::Phone("+61400111222".into())),
        ),
        (
            "\"0400 111 222\"",
            Term::Contact(Contact::Phone("0400 111 222".into())),
        ),
        (
            "0400 111 222",
            Term::Contact(Contact::Phone("0400 111 222".into())),
        ),
        (
            "+61 400 111 222",
            Term::Contact(Contact::Phone("+61 400 111 222".into())),
        ),
    ] {
        assert_eq!(term(text), wanted, "{text}");
    }
}

#[test]
fn terms_combine() {
    for (text, wanted) in [
        ("", ""),
        ("  ", ""),
        ("a b and c", "a b c"),
        ("a or b c", "a or b c"),
        ("(a or b) c", "(a or b) c"),
        ("((a) (b c))", "a b c"),
        ("not a", "!a"),
        ("not (a b)", "!(a b)"),
        ("!!a", "a"),
        ("!(!a)", "a"),
        ("a OR (b or c)", "a or b or c"),
        ("status!=active", "!status:active"),
        ("status!:active x", "!status:active x"),
        ("bank!~^fab", "!bank~\"^fab\""),
        ("(bank~(a|b)c)", "bank~\"(a|b)c\""),
        ("acc:1,2 x", "(acc=1 or acc=2) x"),
        (
            "last:2026-03-01",
            "last>=2026-03-01T00:00:00Z last<2026-03-02T00:00:00Z",
        ),
        (
            "job:failed,queued,refresh,none",
            "job:failed or state:queued or kind:refresh or job:none",
        ),
        ("user:ana,0400111222", "user:ana or 0400111222"),
        (
            "status:active 0400 111 222 or hall",
            "status:active \"0400 111 222\" or hall",
        ),
        ("not (0400 111 222)", "!\"0400 111 222\""),
        // too few or too many digits, ids, and what is quoted or joined by hand stay words
        ("012 345", "\"012\" 345"),
        ("81c4 0400 111", "81c4 \"0400\" 111"),
        ("12 3456 7890", "12 3456 7890"),
        ("0400 and 111 and 222", "\"0400\" 111 222"),
        (
            "is:stuck or (job:failed !error:invalid-credentials)",
            "is:stuck or job:failed !error:invalid-credentials",
        ),
        (
            "status:invalid bank:\"fabrikam\" last>3d",
            "status:invalid bank:fabrikam last>3d",
        ),
    ] {
        assert_eq!(plain(text, C), wanted, "{text}");
    }
}

#[test]
fn the_job_list_has_its_own_fields() {
    for (text, wanted) in [
        ("status:failed", "job:failed"),
        ("state:failed kind:purge", "state:failed kind:purge"),
        ("con:7f3a91 id=8c21f0", "connection:7f3a91 id=8c21f0"),
        ("took>90s", "took>90s"),
        ("took<120s", "took<2m"),
        ("is:waiting", "is:waiting"),
    ] {
        assert_eq!(plain(text, J), wanted, "{text}");
    }
    for (text, message) in [
        ("acc>3", "not a field"),
        ("is:expiring", "not a named condition"),
    ] {
        assert_eq!(&*wrong(text, J).message, message, "{text}");
    }
}

#[test]
fn an_unfinished_end_is_left_out_while_typing() {
    for (text, kept) in [
        ("a status:", "a"),
        ("a status: ", "a"),
        ("a status:inv", "a"),
        ("status:active,inv", ""),
        ("is:", ""),
        ("(", ""),
        ("a (b or", "a b"),
        ("a (b or c", "a (b or c)"),
        ("a or ", "a"),
        ("a !", "a"),
        ("a !status:act", "a"),
        ("a bank:\"fab", "a"),
        ("bank:\"fab or (", ""),
        ("a \"", "a"),
        ("a last>3", "a"),
        ("a ana@hoo", "a"),
        ("a last>2026-03-", "a"),
        ("a last>1h3", "a"),
        ("a step:retr", "a"),
        ("a (is:st", "a"),
    ] {
        let typing =
            parse_typing(text, C, Zone::UTC).unwrap_or_else(|mistake| panic!("{text}: {mistake}"));
        assert_eq!(typing.query.to_string(), kept, "{text}");
        assert_eq!(typing.query.text, text);
        assert!(typing.note.is_some(), "{text}");
    }
    assert_eq!(
        parse_typing("a status:active", C, Zone::UTC).unwrap().note,
        None
    );
    for text in [
        "status:inv ",
        "status:inv a",
        "status:invl",
        "stat:",
        "last:3d",
        "last>3x",
        "ana@ ",
        "status: active",
        "a) b",
        "ana@ b",
        "stauts:x ",
    ] {
        assert!(parse_typing(text, C, Zone::UTC).is_err(), "{text}");
    }
}

#[test]
fn ages_are_turned_into_moments() {
    let now = Moment(1_000_000);
    let age = When::Age(1_000);
    assert_eq!(age.ago(Cmp::Gt, now), Some((Cmp::Lt, Moment(999_000))));
    assert_eq!(age.ahead(Cmp::Lt, now), Some((Cmp::Lt, Moment(1_001_000))));
    assert_eq!(When::At(now).ago(Cmp::Le, now), Some((Cmp::Le, now)));
    assert_eq!(When::Never.ago(Cmp::Eq, now), None);
    for (cmp, turned) in [(Cmp::Eq, Cmp::Eq), (Cmp::Lt, Cmp::Gt), (Cmp::Le, Cmp::Ge)] {
        assert_eq!((cmp.turned(), turned.turned()), (turned, cmp));
    }
}

#[test]
fn tab_completes_what_stands_at_the_cursor() {
    let banks = [
        "Fabrikam Bank".to_owned(),
        "Hooli Savings".to_owned(),
        "Tailspin".to_owned(),
    ];
    let first = |text: &str, cursor: usize| {
        let found = complete(text, cursor, C, &banks).into_iter().next()?;
        let mut chars: Vec<char> = text.chars().collect();
        chars.splice(found.range.0..found.range.1, found.text.chars());
        Some(chars.into_iter().collect::<String>())
    };
    for (text, cursor, wanted) in [
        ("", 0, Some("status:")),
        ("a st", 4, Some("a status:")),
        ("la", 2, Some("last>")),
        ("sta:x", 2, Some("status:x")),
        ("status:inv", 10, Some("status:invalid")),
        ("status:inv x", 10, Some("status:invalid x")),
        ("status:active,f", 15, Some("status:active,failed")),
        ("(is:", 4, Some("(is:attention")),
        ("!is:stu)", 7, Some("!is:stuck)")),
        ("bank:hoo", 8, Some("bank:\"Hooli Savings\"")),
        ("bank:\"hooli s", 13, Some("bank:\"Hooli Savings\"")),
        ("bank:\"hooli s\" x", 13, Some("bank:\"Hooli Savings\" x")),
        ("fab", 3, Some("bank:\"Fabrikam Bank\"")),
        ("error:unavail", 13, Some("error:service-unavailable")),
        ("tx>1", 4, None),
        ("nofield:x", 9, None),
        ("user:an", 7, None),
    ] {
        assert_eq!(first(text, cursor).as_deref(), wanted, "{text}");
    }
}

#[test]
fn every_field_and_flag_in_help_can_be_written() {
    for scope in [C, J] {
        let mut names: Vec<&str> = Vec::new();
        for field in scope.fields() {
            assert!(field.example.starts_with(field.name), "{}", field.name);
            plain(field.example, scope);
            names.push(field.name);
            names.extend(field.aliases);
            for (word, _) in field.subject.words(scope) {
                plain(&format!("{}:{word}", field.name), scope);
            }
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "a name stands twice");
    }
}
