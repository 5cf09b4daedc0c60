//! Who and what a generated world holds.

use super::*;

#[test]
fn the_same_settings_give_the_same_world_and_others_another() {
    let base = settings(700, 3);
    let first = fingerprint(base);
    assert_eq!(first, fingerprint(base));
    assert_ne!(first, fingerprint(WorldSettings { seed: 8, ..base }));
    assert_ne!(
        first,
        fingerprint(WorldSettings {
            at: base.at.plus_ms(1000),
            ..base
        })
    );
}

#[test]
fn the_usual_world_has_every_status_method_bank_and_code() {
    let all = whole(settings(3012, 0));
    assert_eq!(all.connections.len(), 3012);
    let count = |wanted| {
        all.connections
            .iter()
            .filter(|c| label(c) == wanted)
            .count()
    };
    let counts = Label::ALL.map(count);
    assert_eq!(counts, [2872, 60, 22, 9, 3, 6, 40], "{:?}", Label::ALL);
    for method in Method::ALL {
        let share = all
            .connections
            .iter()
            .filter(|c| c.method == method)
            .count();
        assert!(share > 600, "{method:?}: {share}");
    }
    for script in script::all().iter().filter(|s| s.share > 0) {
        assert!(
            all.connections
                .iter()
                .any(|c| c.institution.as_str() == script.id),
            "{}",
            script.id
        );
    }
    let by_connection = jobs(&all);
    let codes: BTreeSet<&str> = all
        .connections
        .iter()
        .filter(|c| c.status == Status::Invalid)
        .filter_map(|c| {
            by_connection[c.id.as_str()]
                .last()?
                .steps
                .iter()
                .find_map(|s| s.failure.as_ref())
        })
        .map(|failure| failure.code.as_str())
        .collect();
    for rule in RULES
        .iter()
        .take_while(|r| r.code != "bank-statement-invalid")
    {
        assert!(codes.contains(rule.code), "{}", rule.code);
    }
    let now = settings(0, 0).at;
    let ends = |c: &&ConnectionRecord| c.expiry.map(|e| e.since(now));
    let soon = all
        .connections
        .iter()
        .filter(|c| c.status == Status::Active);
    assert!(
        soon.filter(|c| ends(c).is_some_and(|ms| (0..7 * 86_400_000).contains(&ms)))
            .count()
            > 10
    );
    assert!(
        all.connections
            .iter()
            .filter(|c| ends(c).is_some_and(|ms| ms < 0))
            .all(|c| label(c) == Label::Invalid)
    );
    assert!(all.jobs.iter().any(|j| j.kind == Kind::Purge));
    assert!(all.jobs.iter().any(|j| j.kind == Kind::UpdateCredentials));
    let others = all.users.iter().filter(|u| !u.name.is_ascii()).count();
    assert!(others > 100, "{others}");
}

#[test]
fn small_worlds_have_one_of_each_and_tiny_ones_do_not_break() {
    let all = whole(settings(20, 2));
    assert_eq!(
        all.connections
            .iter()
            .map(label)
            .collect::<BTreeSet<_>>()
            .len(),
        7
    );
    for connections in 0..12 {
        assert_eq!(
            whole(settings(connections, 1)).connections.len() as u64,
            connections
        );
    }
}

#[test]
fn odd_moments_make_worlds_too() {
    for at in [
        "1970-01-01T00:00:00Z",
        "2000-02-29T23:59:59Z",
        "2199-12-31T12:00:00Z",
    ] {
        let odd = WorldSettings {
            at: Moment::parse(at).unwrap(),
            ..settings(200, 5)
        };
        let all = whole(odd);
        assert_eq!(all.connections.len(), 200, "{at}");
        assert!(
            all.transactions.iter().all(|t| t.transaction.at <= odd.at),
            "{at}"
        );
    }
}

#[test]
fn ids_are_told_once_and_their_tails_look_random() {
    let all = whole(settings(1500, 2));
    let unique = |ids: Vec<&str>, what: &str| {
        let set: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(set.len(), ids.len(), "{what}");
    };
    unique(all.users.iter().map(|u| u.id.as_str()).collect(), "users");
    unique(
        all.connections.iter().map(|c| c.id.as_str()).collect(),
        "connections",
    );
    unique(all.jobs.iter().map(|j| j.id.as_str()).collect(), "jobs");
    unique(
        all.accounts.iter().map(|a| a.id.as_str()).collect(),
        "accounts",
    );
    unique(
        all.transactions.iter().map(|t| t.id.as_str()).collect(),
        "transactions",
    );
    unique(all.events.iter().map(|e| e.id.as_str()).collect(), "events");
    let first = all.connections[0].id.as_str();
    assert_eq!(uuid::Uuid::parse_str(first).unwrap().get_version_num(), 7);
    let tails: BTreeSet<&str> = all.connections.iter().map(|c| c.id.tail()).collect();
    assert!(tails.len() > 1_150, "{} of 4,096 tails", tails.len());
}

#[test]
fn people_come_before_what_is_theirs_and_nobody_has_both_methods_at_one_bank() {
    let all = whole(settings(3012, 0));
    let users: BTreeMap<&str, &UserRecord> = all.users.iter().map(|u| (u.id.as_str(), u)).collect();
    let mut living: BTreeMap<(&str, &str), BTreeSet<Method>> = BTreeMap::new();
    let mut links: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for connection in &all.connections {
        let user = users[connection.user.as_str()];
        assert!(user.created.unwrap() < connection.created);
        assert!(user.email.is_some() || user.mobile.is_some());
        let place = (connection.user.as_str(), connection.institution.as_str());
        *links.entry(place).or_default() += 1;
        if !matches!(connection.status, Status::Deleted | Status::PreInit) {
            living.entry(place).or_default().insert(connection.method);
        }
    }
    assert!(living.values().all(|methods| methods.len() == 1));
    assert!(
        links.values().filter(|n| **n > 1).count() > 20,
        "users with two links to one bank"
    );
}

#[test]
fn scenarios_plant_what_they_say_and_leave_the_rest() {
    let usual = whole(settings(1_500, 1));
    let with = |scenario| {
        whole(WorldSettings {
            scenario: Some(scenario),
            ..settings(1_500, 1)
        })
    };
    let at = settings(0, 0).at;
    let ending = |all: &Batch| {
        let week = at.plus_ms(7 * 86_400_000);
        let ends = |c: &&ConnectionRecord| {
            c.status == Status::Active && c.expiry.is_some_and(|end| end > at && end < week)
        };
        all.connections.iter().filter(ends).count()
    };
    let left = |all: &Batch| {
        let day = at.plus_ms(-86_400_000);
        let left = |c: &&ConnectionRecord| c.status == Status::PreInit && c.created < day;
        all.connections.iter().filter(left).count()
    };
    let caller = |all: &Batch| {
        let mobile = |user: &&UserRecord| {
            let mobile = user.mobile.as_ref();
            mobile.is_some_and(|it| it.expose() == super::planted::CALLER)
        };
        all.users.iter().find(mobile).map(|user| user.id.clone())
    };
    assert!(ending(&with(Scenario::Consents)) >= ending(&usual) + 15);
    assert!(left(&with(Scenario::Abandoned)) >= left(&usual) + 8);
    assert_eq!(caller(&usual), None);
    let calls = with(Scenario::StaleCaller);
    let user = caller(&calls).expect("the user who calls is there");
    let theirs = calls.connections.iter().find(|c| c.user == user).unwrap();
    assert_eq!(theirs.status, Status::Invalid);
    let days = at.since(theirs.since.unwrap()) / 86_400_000;
    assert!((6..=7).contains(&days), "{days}");
    for scenario in Scenario::ALL {
        let all = with(scenario);
        assert_eq!(all.connections.len(), 1_500, "{}", scenario.word());
        assert_eq!(with(scenario).jobs.len(), all.jobs.len());
    }
}
