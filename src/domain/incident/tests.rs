//! Seeded days of fetches, with outages planted among them.

use super::*;
use std::collections::BTreeMap;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * HOUR_MS;

/// Numbers from a seed: splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }
}

#[derive(Clone, Copy, Debug)]
struct Outage {
    from: i64,
    to: i64,
    /// How many of a hundred fetches fail.
    share: u64,
    code: &'static str,
}

/// An incident, what it hit, when it opened, and when it was over.
type Kept = (Open, BTreeMap<i64, Moment>, Moment, Option<Moment>);

/// What became of one bank: what opened, with all it hit, and how many failures there had been since the outage began.
#[derive(Debug, Default)]
struct Watched {
    open: Option<(Open, BTreeMap<i64, Moment>)>,
    pulse: Pulse,
    past: Vec<Tried>,
    kept: Vec<Kept>,
}

impl Watched {
    fn tell(&mut self, it: Tried) {
        self.past.push(it.clone());
        let over = self.kept.last().and_then(|kept| kept.3);
        let (past, open) = (&self.past, self.open.as_ref().map(|(open, _)| open.clone()));
        let recent = || {
            let newest = past.iter().rev().take(LOOKED_AT).filter(|tried| {
                it.at.since(tried.at) < RULE.window_ms && over.is_none_or(|over| tried.at >= over)
            });
            Ok::<_, ()>(newest.cloned().collect())
        };
        match judge(&RULE, &mut self.pulse, open, &it, recent).unwrap() {
            Judged::Quiet => {}
            Judged::Opens(open, hits) => {
                let hits: BTreeMap<i64, Moment> = hits.into_iter().collect();
                self.kept.push((open.clone(), hits.clone(), it.at, None));
                self.open = Some((open, hits));
            }
            Judged::Goes(open, hits) => {
                let (kept, all) = self.open.as_mut().unwrap();
                *kept = open;
                for (connection, at) in hits {
                    all.entry(connection).or_insert(at);
                }
            }
            Judged::Over(open, at) => {
                let (_, hits) = self.open.take().unwrap();
                let last = self.kept.last_mut().unwrap();
                (last.0, last.1, last.3) = (open, hits, Some(at));
            }
        }
    }
}

/// Fetches of `days` at one bank, so many an hour, with the noise of every day: wrong passwords, and now and then a failure
/// of the bank. Says with the watch which connections each outage hit.
fn days(
    seed: u64,
    days: i64,
    an_hour: u64,
    noise: u64,
    outages: &[Outage],
) -> (Watched, Vec<BTreeMap<i64, Moment>>) {
    let mut dice = Dice(seed);
    let mut watched = Watched::default();
    let mut planted = vec![BTreeMap::new(); outages.len()];
    let mut at = 0;
    while at < days * DAY {
        let mean = HOUR_MS.unsigned_abs() / an_hour;
        at += i64::try_from(1 + dice.below(2 * mean)).unwrap();
        let connection = i64::try_from(dice.below(4_000)).unwrap();
        let out = outages.iter().position(|o| (o.from..o.to).contains(&at));
        let hit = out.filter(|n| dice.below(100) < outages[*n].share);
        let (step, code) = match hit {
            Some(n) => {
                planted[n].entry(connection).or_insert(Moment(at));
                ("retrieve-accounts", Some(outages[n].code))
            }
            None if dice.below(100) < 4 => ("verify-credentials", Some("invalid-credentials")),
            None if dice.below(1_000) < noise => ("retrieve-transactions", Some("connector-error")),
            None => ("", None),
        };
        if let Some(tried) = Tried::of(connection, Moment(at), step, code) {
            watched.tell(tried);
        }
    }
    (watched, planted)
}

#[test]
fn quiet_weeks_have_no_incident() {
    for seed in 0..40 {
        for an_hour in [1, 6, 40] {
            let (watched, _) = days(seed, 28, an_hour, 15, &[]);
            assert_eq!(watched.kept.len(), 0, "seed {seed}, {an_hour} an hour");
        }
    }
}

#[test]
fn a_planted_outage_is_found_by_its_tenth_failure_and_has_hit_the_planted_set() {
    for seed in 0..60 {
        let share = [100, 100, 90][usize::try_from(seed % 3).unwrap()];
        let outage = |day: i64, hours: i64| Outage {
            from: day * DAY + 9 * HOUR_MS + 10 * MINUTE,
            to: day * DAY + (9 + hours) * HOUR_MS,
            share,
            code: ["service-unavailable", "connector-error", "unknown-error"]
                [usize::try_from(day % 3).unwrap()],
        };
        let outages = [outage(2, 2), outage(7, 5), outage(13, 1), outage(24, 9)];
        let (watched, planted) = days(seed, 30, 30, 2, &outages);
        assert_eq!(
            watched.kept.len(),
            outages.len(),
            "seed {seed}: {watched:?}"
        );
        for ((outage, hit), (open, hits, opened, over)) in
            outages.iter().zip(&planted).zip(&watched.kept)
        {
            assert_eq!(hits, hit, "seed {seed}: the set");
            assert_eq!(open.code.as_deref(), Some(outage.code));
            assert_eq!(open.step.as_deref(), Some("retrieve-accounts"));
            let mut firsts: Vec<Moment> = hit.values().copied().collect();
            firsts.sort();
            assert_eq!(open.started, firsts[0], "seed {seed}: the start");
            assert!(*opened <= firsts[9], "seed {seed}: found at {opened:?}");
            let over = over.expect("it is over");
            // with the first of those that got through, which one may while the outage is not whole
            let late = over.0 - outage.to;
            let near = -10 * MINUTE..HOUR_MS;
            assert!(near.contains(&late), "seed {seed}: over {late} ms late");
        }
    }
}

fn tried(connection: i64, minute: i64, code: Option<&str>) -> Tried {
    Tried::of(
        connection,
        Moment(minute * MINUTE),
        "verify-credentials",
        code,
    )
    .unwrap()
}

#[test]
fn so_many_different_connections_have_to_fail_and_few_get_through() {
    let (bad, other) = (Some("service-unavailable"), Some("connector-error"));
    let more = ["maintenance", "unknown-error", "system-unavailable"].map(Some);
    let ways = [bad, other, more[0], more[1], more[2]];
    for (what, fetches, opens) in [
        (
            "five fail",
            vec![(1, bad), (2, bad), (3, bad), (4, bad), (5, bad)],
            true,
        ),
        (
            "four fail",
            vec![(1, bad), (2, bad), (3, bad), (4, bad)],
            false,
        ),
        (
            "one fails five times",
            vec![(1, bad), (1, bad), (1, bad), (1, bad), (1, bad)],
            false,
        ),
        (
            "half get through",
            vec![
                (1, bad),
                (9, None),
                (2, bad),
                (9, None),
                (3, bad),
                (9, None),
                (4, bad),
                (9, None),
                (5, bad),
                (9, None),
            ],
            false,
        ),
        (
            "nine fail in two ways",
            (0..9)
                .map(|n| (n, if n % 2 == 0 { bad } else { other }))
                .collect(),
            true,
        ),
        (
            "eight fail in two ways",
            (0..8)
                .map(|n| (n, if n % 2 == 0 { bad } else { other }))
                .collect(),
            false,
        ),
        (
            "ten fail in five ways",
            (0..10)
                .map(|n| (n, ways[usize::try_from(n % 5).unwrap()]))
                .collect(),
            true,
        ),
    ] {
        let mut watched = Watched::default();
        for (minute, (connection, code)) in (0_i64..).zip(fetches) {
            watched.tell(tried(connection, minute, code));
        }
        assert_eq!(watched.kept.len(), usize::from(opens), "{what}");
    }
}

#[test]
fn another_way_to_fail_belongs_to_it_when_enough_do() {
    let mut watched = Watched::default();
    for connection in 0..6 {
        watched.tell(tried(connection, connection, Some("service-unavailable")));
    }
    let code = |watched: &Watched| watched.open.as_ref().unwrap().0.code.clone();
    assert_eq!(code(&watched).as_deref(), Some("service-unavailable"));
    for connection in 10..15 {
        watched.tell(tried(connection, connection, Some("maintenance")));
    }
    assert_eq!(code(&watched), None);
    let (open, hits) = watched.open.as_ref().unwrap();
    assert_eq!(
        (hits.len(), open.step.as_deref()),
        (11, Some("verify-credentials"))
    );
}

#[test]
fn what_is_the_users_or_never_asked_the_bank_says_nothing() {
    for code in [
        "invalid-credentials",
        "sign-in-missing",
        "user-action-required",
    ] {
        assert_eq!(
            Tried::of(1, Moment(0), "verify-credentials", Some(code)),
            None,
            "{code}"
        );
    }
    assert_eq!(
        Tried::of(1, Moment(0), "mfa-challenge", Some("job-timed-out")),
        None
    );
}
