//! The pictures of the README are frames of the program, compared byte for byte. `INSTA_UPDATE=always`, which writes
//! snapshots, writes them too.

use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use crate::testing::picture::picture;
use crate::tui::theme::Theme;
use crate::world::{Scenario, WorldSettings};
use std::path::Path;

const SIZE: (u16, u16) = (120, 35);

#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs this test says so in the environment"
)]
fn updating() -> bool {
    std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always")
}

fn compare(name: &str, board: &Board, title: &str) {
    let theme = Theme::with("dark", &toml::Table::new()).unwrap();
    let drawn = picture(&board.still.frame(), &theme, title);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/pictures");
    let path = folder.join(format!("{name}.svg"));
    if updating() {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(&path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "{name}.svg is not what the program draws; read the frame, and write it with INSTA_UPDATE=always:\n{}",
        board.screen()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pictures_of_the_readme_are_frames_of_the_program() {
    let rig = Rig::new().await;
    let settings = WorldSettings {
        connections: 3_012,
        seed: 7,
        transactions_per_account: 4,
        at: rig.clock.now(),
        scenario: Some(Scenario::Outage),
    };
    rig.ops.generate(settings, |_| ()).await.unwrap();
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.still.model.environment.word = "DEMO".into();
    let title = "The board: connections by who has to act next";
    compare("board", &board, title);
    board.press("6").await;
    let title = "The page of banks: one of them is down since 09:10";
    compare("banks", &board, title);
    board.press("1/status:active<enter>P").await;
    let title = "The plan of a purge: what is deleted, what stays, and the words to type";
    compare("purge", &board, title);
}
