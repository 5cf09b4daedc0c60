//! Times of pages, counts and queue queries with a million connections. Run by hand, in a release build:
//! `cargo test --release --lib -- --ignored --nocapture times_with_a_million_connections`

#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a measurement by hand: it is told how large and prints figures"
)]

use crate::domain::views::{Sort, SortField};
use crate::testing::store::{TestStore, asked, asker, now, settings};
use crate::world::World;
use std::time::{Duration, Instant};

fn figure(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    eprintln!(
        "{what:44} first-to-last p50 {:9.3} max {:9.3} ms",
        ms(times[times.len() / 2]),
        ms(times[times.len() - 1])
    );
}

#[test]
#[ignore = "a measurement: writes a file of two gigabytes and prints times"]
fn times_with_a_million_connections() {
    let connections = std::env::var("CONNECTIONS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_000_000);
    let desk = TestStore::new();
    let world = World::new(settings(connections, 0));
    let banks = world.institutions();
    desk.write(move |tx| {
        for bank in &banks {
            tx.put_institution(bank)?;
        }
        Ok(())
    });
    let start = Instant::now();
    let (mut made, mut wrote) = (Duration::ZERO, Duration::ZERO);
    desk.write(|tx| tx.bulk(256));
    let mut batches = world.batches();
    loop {
        let begin = Instant::now();
        let chunk: Vec<_> = batches.by_ref().take(3).collect();
        made += begin.elapsed();
        if chunk.is_empty() {
            break;
        }
        let begin = Instant::now();
        desk.write(move |tx| {
            chunk
                .iter()
                .try_for_each(|batch| tx.ingest(batch, now()).map(drop))
        });
        wrote += begin.elapsed();
    }
    let size: u64 = desk
        .store
        .files()
        .all()
        .iter()
        .filter_map(|p| p.metadata().ok())
        .map(|m| m.len())
        .sum();
    eprintln!(
        "{connections} connections in {:.1?}: made in {made:.1?}, written in {wrote:.1?}; {} MB",
        start.elapsed(),
        size >> 20
    );
    let counts = desk.read(|rd| rd.counts(now()));
    eprintln!("{counts:?}");
    assert_eq!(counts.total(), connections);
    measure(&desk);
}

fn measure(desk: &TestStore) {
    for field in SortField::ALL {
        for reversed in [false, true] {
            page(desk, "", Sort::by(field, reversed));
        }
    }
    let attention = Sort::default();
    let people = desk.read(|rd| {
        let rows = rd
            .connection_page(&asked(""), Sort::default(), None, false, 400, &asker())?
            .rows;
        Ok(rows
            .into_iter()
            .map(|r| (r.user_name, r.id))
            .collect::<Vec<_>>())
    });
    let (name, id) = people
        .iter()
        .find(|p| p.0.contains(' ') && p.0.is_ascii())
        .expect("somebody has a plain name");
    let rare = format!("\"{name}\"");
    let (tail, part) = (
        format!("id:{}", id.short()),
        format!("id:{}", &id.short()[2..]),
    );
    let first = name
        .split(' ')
        .next()
        .expect("a name has a beginning")
        .to_owned();
    let filters = [
        "status:invalid",
        "status:failed",
        "status:init",
        "status:active",
        "status:invalid,failed",
        "status:invalid bank:hooli",
        "bank:hooli",
        "via:ob",
        "is:attention",
        "is:expiring",
        "is:stuck",
        "is:stale",
        "is:waiting",
        "job:failed",
        "error:invalid-credentials",
        "error:user-action-required",
        "last>3d",
        "last:never",
        "created<1d",
        "consent<7d",
        "a",
        "ma",
        "mar",
        "active",
        "hooli",
        "zzzzzz",
        "tx>0",
        &rare,
        &first,
        &tail,
        &part,
        "monica@example.test",
    ];
    for filter in filters {
        page(desk, filter, attention);
    }
    for filter in [
        "status:invalid",
        "status:init",
        "bank:hooli",
        &first,
        "is:stale",
    ] {
        page(desk, filter, Sort::by(SortField::LastUsed, false));
        page(desk, filter, Sort::by(SortField::User, true));
        page(desk, filter, Sort::by(SortField::Bank, false));
    }
    for filter in [
        "status:invalid",
        "bank:hooli",
        "mar",
        &first,
        "is:stale",
        "via:ob",
        "zzzzzz",
        "last>3d",
    ] {
        let (query, mut times) = (asked(filter), Vec::new());
        for _ in 0..5 {
            let query = query.clone();
            let begin = Instant::now();
            let size = desk.read(move |rd| rd.connection_size(&query, 10_000, &asker()));
            times.push(begin.elapsed());
            assert!(size.count <= 10_000);
        }
        figure(&format!("size of {filter}"), &mut times);
    }
    timed(desk, "counts", |rd| rd.counts(now()).map(drop));
    timed(desk, "next_due", |rd| rd.next_due(now()).map(drop));
    timed(desk, "open_jobs", |rd| rd.open_jobs().map(drop));
    timed(desk, "running", |rd| rd.running().map(drop));
    timed(desk, "due_jobs waiting-retry", |rd| {
        rd.due_jobs(
            crate::domain::job::State::WaitingRetry,
            now(),
            now().plus_ms(14_400_000),
            20,
        )
        .map(drop)
    });
    timed(desk, "outcomes, a day", |rd| {
        let web = crate::domain::connection::Method::Web;
        rd.outcomes(&"AU00000".into(), web, now().plus_ms(-86_400_000), 5_000)
            .map(drop)
    });
    timed(desk, "events_after", |rd| {
        rd.events_after(100, 50).map(drop)
    });
    timed(desk, "last_event", |rd| rd.last_event().map(drop));
    for filter in [
        "",
        "status:failed",
        "error:invalid-credentials",
        "bank:hooli",
        "kind:purge",
        "is:open",
        &tail,
        &first,
    ] {
        let query = crate::domain::query::parse(filter, crate::domain::query::Scope::Jobs).unwrap();
        let mut times = Vec::new();
        for _ in 0..5 {
            let query = query.clone();
            let begin = Instant::now();
            desk.read(move |rd| rd.job_page(&query, None, 50, &asker()).map(drop));
            times.push(begin.elapsed());
        }
        figure(&format!("history: {filter}"), &mut times);
    }
}

fn timed(
    desk: &TestStore,
    what: &str,
    work: impl Fn(&crate::store::ReadTxn<'_>) -> crate::store::Result<()> + Send + Copy + 'static,
) {
    let mut times = Vec::new();
    for _ in 0..20 {
        let begin = Instant::now();
        desk.read(work);
        times.push(begin.elapsed());
    }
    figure(what, &mut times);
}

fn page(desk: &TestStore, filter: &str, sort: Sort) {
    let (query, mut times, mut rows) = (asked(filter), Vec::new(), 0);
    for _ in 0..5 {
        let query = query.clone();
        let begin = Instant::now();
        rows = desk
            .read(move |rd| rd.connection_page(&query, sort, None, false, 50, &asker()))
            .rows
            .len();
        times.push(begin.elapsed());
    }
    let turned = if sort.reversed { " reversed" } else { "" };
    figure(
        &format!(
            "page of `{filter}` by {}{turned}: {rows}",
            sort.field.word()
        ),
        &mut times,
    );
}
