//! scratch
use std::sync::Arc;
use switchboard::{
    cli::dashboard, clock::Clock, domain::mask::Level, domain::moment::Moment, engine::Settings, ops::*, store::*,
    tui::*, world::WorldSettings,
};
fn main() {
    let dir = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    rt.block_on(async move {
        let clock = Clock::system();
        let store = Store::open(&dir.join("w.db"), Mode::Create, &clock).unwrap();
        let ops =
            Ops::new(store.clone(), clock.clone(), Caller { actor: "me".into(), face: "dashboard" }, Limits::default());
        let at: Moment = clock.now();
        let t = std::time::Instant::now();
        if std::env::args().nth(2).is_some() {
            ops.generate(
                WorldSettings {
                    connections: std::env::args().nth(2).unwrap().parse().unwrap(),
                    seed: 7,
                    transactions_per_account: 40,
                    at,
                },
                |_| {},
            )
            .await
            .unwrap();
            eprintln!("{:?}", t.elapsed());
            if std::env::args().nth(3).is_some() {
                return;
            }
        }
        let worker =
            dashboard::worker(&ops, dashboard::bank(&store, 1.0, 7), &clock, &Settings::default(), "dashboard");
        let live = shell::Live {
            ops: ops.clone(),
            clock: clock.clone(),
            per_bank: 2,
            documents: Arc::new(|_, _| Box::pin(async { Ok("{}".to_string()) })),
            keymap: keymap::Keymap::standard(),
            theme: theme::Theme::with("dark", &Default::default()).unwrap(),
            signs: sign::Signs::Unicode,
            environment: "DEMO".into(),
            level: Level::Standard,
            floor: Level::Standard,
            term: std::env::var("TERM").ok(),
            pager: "less".into(),
            trouble: None,
        };
        let r = dashboard::open(live, Some(worker)).await;
        eprintln!("{:?}", r);
    });
}
