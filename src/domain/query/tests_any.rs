//! Properties of the filter language: no panic, every mistake has its place, and what is printed parses back.

use super::*;
use crate::domain::connection::{self, Method};
use crate::domain::diagnosis::Whose;
use crate::domain::job::{self, Kind, State, Title};
use crate::domain::moment::Moment;
use proptest::prelude::*;

const C: Scope = Scope::Connections;
const J: Scope = Scope::Jobs;

fn some<T: Clone + std::fmt::Debug + 'static>(of: &[T]) -> impl Strategy<Value = Vec<T>> + use<T> {
    prop::collection::vec(prop::sample::select(of.to_vec()), 1..4)
}

/// Texts full of what means something in the language, without digits and `@`, which make contacts.
fn word() -> impl Strategy<Value = String> {
    "[a-zé日 \"\\\\(),~:!<>=]{1,8}".prop_filter("something in it", |w| !w.trim().is_empty())
}

fn texts() -> impl Strategy<Value = Texts> {
    (any::<bool>(), prop::collection::vec(word(), 1..3))
        .prop_map(|(whole, any)| Texts { whole, any })
}

fn cmp() -> impl Strategy<Value = Cmp> {
    prop::sample::select(vec![Cmp::Eq, Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge])
}

fn when() -> impl Strategy<Value = (Cmp, When)> {
    let order = || prop::sample::select(vec![Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge]);
    prop_oneof![
        (order(), 0..10_000_000_i64).prop_map(|(cmp, s)| (cmp, When::Age(s * 1_000))),
        (cmp(), 0..4_000_000_000_i64).prop_map(|(cmp, s)| (cmp, When::At(Moment(s * 1_000)))),
    ]
}

fn leaf() -> BoxedStrategy<Term> {
    let error = prop_oneof![Just("maintenance".to_owned()), word()];
    let steps = Title::NAMED
        .into_iter()
        .chain([Title::Other("bank's own".into())])
        .collect::<Vec<_>>();
    let field = prop::sample::select(vec![
        PatternField::Bank,
        PatternField::Id,
        PatternField::Error,
    ]);
    prop_oneof![
        word().prop_map(Term::Word),
        "[0-9]{6,10}".prop_map(|digits| Term::Contact(Contact::Phone(digits))),
        "[a-z]{1,5}@[a-z]{1,5}\\.test".prop_map(|email| Term::Contact(Contact::Email(email))),
        texts().prop_map(Term::Bank),
        texts().prop_map(Term::User),
        texts().prop_map(Term::Id),
        when().prop_map(|(cmp, when)| Term::Created(cmp, when)),
        some(&job::Label::ALL).prop_map(Term::JobLabel),
        some(&State::ALL).prop_map(Term::State),
        some(&Kind::ALL).prop_map(Term::Kind),
        some(&steps).prop_map(Term::Step),
        prop::collection::vec(error, 1..3).prop_map(Term::Error),
        prop::sample::select(Scope::Jobs.flags().to_vec()).prop_map(Term::Is),
        (field, word()).prop_map(|(field, pattern)| Term::Pattern(field, pattern)),
    ]
    .boxed()
}

fn leaf_of(scope: Scope) -> BoxedStrategy<Term> {
    match scope {
        Scope::Connections => prop_oneof![
            5 => leaf(),
            1 => some(&connection::Label::ALL).prop_map(Term::Label),
            1 => some(&Method::ALL).prop_map(Term::Via),
            1 => when().prop_map(|(cmp, when)| Term::Last(cmp, when)),
            1 => when().prop_map(|(cmp, when)| Term::Consent(cmp, when)),
            1 => when().prop_map(|(cmp, when)| Term::Since(cmp, when)),
            1 => when().prop_map(|(cmp, when)| Term::FirstFailed(cmp, when)),
            1 => some(&Whose::ORDER).prop_map(Term::Mover),
            1 => prop::collection::vec(any::<Option<u64>>(), 1..3).prop_map(Term::Incident),
            1 => (cmp(), any::<u64>()).prop_map(|(cmp, n)| Term::Attempts(cmp, n)),
            1 => Just(Term::Last(Cmp::Eq, When::Never)),
            1 => Just(Term::NoJob),
            1 => (cmp(), any::<u64>()).prop_map(|(cmp, n)| Term::Accounts(cmp, n)),
            1 => (cmp(), any::<u64>()).prop_map(|(cmp, n)| Term::Transactions(cmp, n)),
            1 => prop::sample::select(Flag::ALL.to_vec()).prop_map(Term::Is),
        ]
        .boxed(),
        Scope::Jobs => prop_oneof![
            5 => leaf(),
            1 => texts().prop_map(Term::Connection),
            1 => (0..1_000_000_i64).prop_map(|s| Term::Took(Cmp::Gt, s * 1_000)),
        ]
        .boxed(),
    }
}

fn tree(scope: Scope) -> impl Strategy<Value = Expr> {
    leaf_of(scope)
        .prop_map(Expr::Term)
        .prop_recursive(4, 24, 4, |inner| {
            let several = || prop::collection::vec(inner.clone(), 1..4);
            prop_oneof![
                several().prop_map(|parts| Expr::all(parts).unwrap()),
                several().prop_map(|parts| Expr::any(parts).unwrap()),
                inner.clone().prop_map(Expr::negated),
            ]
        })
}

fn reads_back(expr: &Expr, scope: Scope) {
    let text = expr.to_string();
    let chars: Vec<char> = text.chars().collect();
    let read = expression(&chars, scope, Zone::UTC, End::Strict)
        .unwrap_or_else(|mistake| panic!("{text}: {mistake}"));
    assert_eq!(read.as_ref(), Some(expr), "{text}");
}

/// Text that is likely to be nearly a filter.
fn scraps() -> impl Strategy<Value = String> {
    let scraps = vec![
        "status",
        "bank",
        "last",
        "is",
        "user",
        "job",
        "tx",
        "acc",
        "step",
        "error",
        "invalid",
        "never",
        "3d",
        "7",
        "2026-03-01",
        "or",
        "and",
        "not",
        ":",
        "=",
        "!",
        "<",
        ">",
        "~",
        ",",
        "\"",
        "\\",
        "(",
        ")",
        " ",
        "  ",
        "@",
        "é",
        "\u{202e}",
        "a@b.test",
        "+61400111222",
        "\u{1b}",
    ];
    prop::collection::vec(prop::sample::select(scraps), 0..14).prop_map(|parts| parts.concat())
}

fn holds_of_any_text(text: &str) {
    let count = text.chars().count();
    for scope in [C, J] {
        match parse(text, scope) {
            Ok(query) => {
                query.expr.iter().for_each(|expr| reads_back(expr, scope));
                assert_eq!(
                    parse_typing(text, scope, Zone::UTC),
                    Ok(Typing { query, note: None })
                );
            }
            Err(mistake) => {
                assert!(
                    mistake.start < mistake.end && mistake.end <= count,
                    "{mistake:?}"
                );
                let word: String = text
                    .chars()
                    .skip(mistake.start)
                    .take(mistake.end - mistake.start)
                    .collect();
                assert!(word.starts_with(&mistake.word), "{mistake:?}");
                if let Ok(typing) = parse_typing(text, scope, Zone::UTC) {
                    typing
                        .query
                        .expr
                        .iter()
                        .for_each(|expr| reads_back(expr, scope));
                    assert_eq!(typing.note, Some(mistake));
                }
            }
        }
        for cursor in 0..=count {
            for found in complete(text, cursor, scope, &["Hooli \"Savings\"".to_owned()]) {
                assert!(
                    found.range.0 <= cursor && cursor <= found.range.1 && found.range.1 <= count,
                    "{found:?}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn a_tree_is_read_back_from_its_text(connections in tree(C), jobs in tree(J)) {
        reads_back(&connections, C);
        reads_back(&jobs, J);
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_place(text in "\\PC{0,40}") {
        holds_of_any_text(&text);
    }

    #[test]
    fn nearly_a_filter_is_read_or_refused_with_a_place(text in scraps()) {
        holds_of_any_text(&text);
    }
}
