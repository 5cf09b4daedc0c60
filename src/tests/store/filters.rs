//! Filters against the reference model in `facts`: alone, negated, and combined.

use crate::domain::ids::ConnectionId;
use crate::domain::import_records::JobRecord;
use crate::domain::job::{Kind, State, Step, StepStatus, Title};
use crate::domain::mask::BankWords;
use crate::domain::query::{Expr, Query, Scope, Term, Texts, is_phone};
use crate::domain::views::{Sort, SortField};
use crate::store::{Error, NewJob};
use crate::testing::store::{TestStore, asked, asker, now, settings};
use crate::tests::store::facts::{Fact, ME, facts};
use std::collections::BTreeSet;

fn query_of(expr: Expr, scope: Scope) -> Query {
    Query {
        text: expr.to_string(),
        expr: Some(expr),
        scope,
    }
}

const FILTERS: &[&str] = &[
    "status:active",
    "status:invalid",
    "status:failed",
    "status:pre-init",
    "status:invalid,failed",
    "status:deleted",
    "status!=active",
    "bank:hooli",
    "bank:AU00000",
    "bank:au0",
    "bank=hooli",
    "bank:\"no such bank\"",
    "via:web",
    "via:ob",
    "acc=0",
    "acc>2",
    "tx>=5",
    "tx=0",
    "tx<3",
    "last>3d",
    "last<1d",
    "last:never",
    "last!=never",
    "last:2026-03-09",
    "last<2026-03-01",
    "created<30d",
    "created>200d",
    "created>=2026-01-01",
    "consent<7d",
    "consent<200d",
    "consent:never",
    "consent>2027-01-01",
    "job:failed",
    "job:success",
    "job:pending",
    "job:none",
    "job:waiting-retry",
    "job:refresh",
    "job:purge,revoke",
    "state:succeeded",
    "state:paused,waiting-retry",
    "kind:connect",
    "step:sign-in",
    "step:accounts,transactions",
    "step:\"no such step\"",
    "error:invalid-credentials",
    "error:user-action-required,service-unavailable",
    "error:\"no such code\"",
    "is:attention",
    "is:running",
    "is:queued",
    "is:waiting",
    "is:open",
    "is:stuck",
    "is:mine",
    "is:expiring",
    "is:stale",
    "bank~^hooli",
    "bank~(bank|union)$",
    "id~^0[0-9a-f]{3}",
    "step~retrieve",
    "error~unavail",
    "a",
    "ma",
    "active",
    "hooli",
    "inv",
    "zzzz",
    "robert drop",
    "eight",
    "---",
    "9a1",
];

/// Filters for values of this world: ids, their ends and beginnings, names, addresses.
fn local(facts: &[Fact]) -> Vec<String> {
    let mut filters = Vec::new();
    for fact in facts.iter().step_by(97) {
        let (id, user) = (fact.connection.id.as_str(), fact.connection.user.as_str());
        filters.extend([
            format!("id={id}"),
            format!("id:{}", &id[..7]),
            format!("id:{}", &id[id.len() - 2..]),
            format!("id:{}", &id[id.len() - 6..]),
            format!("id:{}", id[id.len() - 9..].to_uppercase()),
            format!("id:{}", &id[..3]),
            format!("user={user}"),
            format!("user:{}", &user[user.len() - 6..]),
            format!("user:{}", &user[user.len() - 5..]),
            format!("\"{}\"", &id[id.len() - 6..]),
            format!("\"{}\"", &user[..9]),
        ]);
        let mobile = fact.user.mobile.iter().map(|m| m.expose());
        filters.extend(mobile.flat_map(|m| [format!("user:{m}"), format!("0{}", &m[3..])]));
        let profile = fact.connection.profile.as_ref();
        let emails = profile.iter().flat_map(|p| &p.emails);
        let emails = fact.user.email.iter().chain(emails);
        filters.extend(emails.map(|e| e.expose().to_owned()));
        let phones = profile.iter().flat_map(|p| &p.phones).map(|m| m.expose());
        filters.extend(phones.filter(|m| is_phone(m)).map(str::to_owned));
        let plain: String = fact
            .user
            .name
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == ' ')
            .take(40)
            .collect();
        if plain.chars().any(char::is_alphanumeric) {
            filters.push(format!("user:\"{plain}\""));
            filters.push(format!("\"{}\"", plain.chars().take(3).collect::<String>()));
        }
    }
    filters
}

/// Refreshes every third connection without an open job for one of two people, and adds that to the facts.
fn refresh_some(desk: &TestStore, facts: &mut [Fact]) {
    let idle = |f: &Fact| f.jobs.iter().all(|j| !j.state.open());
    for fact in facts.iter_mut().filter(|f| f.place % 3 == 0 && idle(f)) {
        let steps: Vec<Step> = Kind::Refresh.steps().iter().cloned().map(done).collect();
        let record = JobRecord {
            id: format!("refresh-{}", fact.place).into(),
            connection: fact.connection.id.clone(),
            kind: Kind::Refresh,
            state: State::Succeeded,
            steps,
            created: now().plus_ms(fact.place as i64),
            updated: now(),
            ended: Some(now()),
            attempt: 1,
            next_attempt: None,
            challenge: None,
            words: BankWords::default(),
        };
        let actor = if fact.place % 2 == 0 { ME } else { "somebody" };
        let new = NewJob {
            id: record.id.clone(),
            connection: record.connection.clone(),
            kind: record.kind,
            state: record.state,
            steps: record.steps.clone(),
            due: None,
            created: record.created,
            actor: actor.into(),
        };
        desk.write(move |tx| tx.insert_job(&new));
        fact.jobs.push(record);
        fact.actor = Some(actor.into());
    }
}

fn done(title: Title) -> Step {
    Step {
        status: StepStatus::Success,
        ..Step::pending(title)
    }
}

fn expected<'f>(facts: &'f [Fact], query: &Query) -> BTreeSet<&'f ConnectionId> {
    let expr = query.expr.as_ref().unwrap();
    facts
        .iter()
        .filter(|f| f.holds(expr, now()))
        .map(|f| &f.connection.id)
        .collect()
}

fn check(desk: &TestStore, facts: &[Fact], query: &Query) -> usize {
    let wanted = expected(facts, query);
    for field in [SortField::Mover, SortField::Bank] {
        let (sort, asked) = (Sort::by(field, false), query.clone());
        let page = desk
            .try_read(move |rd| rd.connection_page(&asked, sort, None, false, 100_000, &asker()))
            .unwrap_or_else(|e| panic!("{}: {e}", query.text));
        let found: BTreeSet<_> = page.rows.iter().map(|r| &r.id).collect();
        let (more, less) = (
            found.difference(&wanted).count(),
            wanted.difference(&found).count(),
        );
        assert_eq!(
            (more, less),
            (0, 0),
            "`{query}` by {}: rows too many, rows missing",
            field.word()
        );
    }
    for cap in [0, 1, 7, 1_000_000] {
        let asked = query.clone();
        let size = desk.read(move |rd| rd.connection_size(&asked, cap, &asker()));
        let all = wanted.len() as u64;
        assert_eq!(
            (size.count, size.exact),
            (all.min(cap), all <= cap),
            "`{query}` to {cap}"
        );
    }
    wanted.len()
}

#[test]
fn filters_and_their_negations_match_the_reference_model() {
    let (desk, all) = TestStore::with(settings(300, 3));
    let mut facts = facts(&all);
    refresh_some(&desk, &mut facts);
    let mut filters: Vec<String> = FILTERS.iter().map(|f| f.to_string()).collect();
    filters.extend(local(&facts));
    let mut hits = 0;
    for filter in &filters {
        let query = asked(filter);
        let found = check(&desk, &facts, &query);
        hits += usize::from(found > 0);
        let turned = query_of(query.expr.unwrap().negated(), Scope::Connections);
        assert_eq!(
            check(&desk, &facts, &turned),
            facts.len() - found,
            "!({filter})"
        );
    }
    // filters that find nothing would prove nothing
    assert!(hits * 4 > filters.len() * 3, "{hits} of {}", filters.len());
}

#[test]
fn combined_filters_match_the_reference_model() {
    let (desk, all) = TestStore::with(settings(200, 1));
    let facts = facts(&all);
    let some: Vec<String> = FILTERS
        .iter()
        .map(|f| f.to_string())
        .chain(local(&facts))
        .step_by(3)
        .collect();
    for (at, one) in some.iter().enumerate() {
        for other in some.iter().skip(at % 7).step_by(7) {
            for text in [
                format!("({one}) ({other})"),
                format!("({one}) or ({other})"),
                format!("({one}) !({other})"),
            ] {
                // some combinations are longer than a filter may be
                if text.chars().count() < 250 {
                    check(&desk, &facts, &asked(&text));
                }
            }
        }
    }
}

#[test]
fn filters_on_a_large_list_match_the_reference_model() {
    let (desk, all) = TestStore::with(settings(12_000, 0));
    let facts = facts(&all);
    for filter in [
        "status:active",
        "status:active bank:hooli",
        "status:invalid a",
        "a",
        "active",
        "active is:attention",
        "via:web",
        "via:web job:failed",
        "bank:hooli",
        "bank:AU00000",
        "!status:active",
        "last>3d",
        "last:never",
        "created>1d tx=0",
        "consent:never",
        "status:active or is:waiting",
    ] {
        check(&desk, &facts, &asked(filter));
    }
}

/// Texts after parsing are bound as values, whatever they contain.
#[test]
fn hostile_text_in_filters_is_bound_as_a_value() {
    let (desk, _) = TestStore::with(settings(40, 1));
    let texts = [
        "'; DROP TABLE connections;--",
        "\" OR 1=1 --",
        "a\0b",
        "\0",
        "%",
        "_",
        "*",
        "\"\"\"",
        "NEAR(a b)",
        "a AND NOT b",
        "^a",
        "name:a",
        "{name}:a",
        "\u{10ffff}",
        "\u{202e}abc",
        "ﬀ\u{301}",
        "e\u{301}",
        "\u{93f}",
        "日本",
        "🏦",
        "?1",
        ":x",
        "\\",
        "[",
        "((((",
    ];
    let long = "x".repeat(5_000);
    for text in texts.into_iter().chain([long.as_str()]) {
        for whole in [false, true] {
            let some = || Texts {
                whole,
                any: vec![text.to_owned(), "b".into()],
            };
            let terms = [
                Term::Word(text.into()),
                Term::Bank(some()),
                Term::User(some()),
                Term::Id(some()),
                Term::Connection(some()),
                Term::Error(vec![text.into()]),
                Term::Step(vec![Title::Other(text.into())]),
            ];
            for term in terms {
                for scope in [Scope::Connections, Scope::Jobs] {
                    let query = query_of(Expr::Term(term.clone()), scope);
                    let found = desk.try_read(move |rd| match scope {
                        Scope::Connections => {
                            rd.connection_size(&query, 100, &asker())?;
                            rd.connection_page(&query, Sort::default(), None, false, 100, &asker())
                                .map(|p| p.rows.len())
                        }
                        Scope::Jobs => {
                            rd.job_size(&query, 1_000, &asker())?;
                            rd.job_page(&query, None, 1_000, &asker())
                                .map(|p| p.rows.len())
                        }
                    });
                    assert!(found.is_ok(), "{text:?} in {term:?}: {found:?}");
                }
            }
        }
    }
    assert_eq!(desk.read(|rd| rd.counts(now())).total(), 40);
}

#[test]
fn invalid_filter_patterns_are_refused_with_the_reason() {
    let (desk, _) = TestStore::with(settings(20, 0));
    for pattern in ["(", "[z-a]", "a{999999}", "(?P<x", "\\p{Nonsense}"] {
        let query = query_of(
            Expr::Term(Term::Pattern(
                crate::domain::query::PatternField::Bank,
                pattern.into(),
            )),
            Scope::Connections,
        );
        let told = desk.try_read(move |rd| {
            rd.connection_page(&query, Sort::default(), None, false, 9, &asker())
        });
        match told {
            Err(Error::Pattern {
                pattern: named,
                why,
            }) => {
                assert_eq!(named, pattern);
                assert!(!why.is_empty() && !why.contains('\n'), "{why}");
            }
            other => panic!("{pattern}: {other:?}"),
        }
    }
}
