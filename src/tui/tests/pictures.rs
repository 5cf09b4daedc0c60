//! The pictures of the README are frames of the program, compared byte for byte. `INSTA_UPDATE=always`, which writes
//! snapshots, writes them too.

use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use crate::testing::picture::{picture, walk};
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

fn dark() -> Theme {
    Theme::with("dark", &toml::Table::new()).unwrap()
}

fn compare(name: &str, board: &Board, title: &str) {
    let drawn = picture(&board.still.frame(), &dark(), title);
    kept(name, &drawn, &board.screen());
}

/// Compares with what is kept, or keeps it.
fn kept(name: &str, drawn: &str, screen: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/pictures");
    let path = folder.join(format!("{name}.svg"));
    if updating() {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(&path, drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "{name}.svg is not what the program draws; read the frame, and write it with INSTA_UPDATE=always:\n{screen}"
    );
}

/// A made-up world with an outage in it.
async fn outage() -> Rig {
    let rig = Rig::new().await;
    let settings = WorldSettings {
        connections: 3_012,
        seed: 7,
        transactions_per_account: 4,
        at: rig.clock.now(),
        scenario: Some(Scenario::Outage),
    };
    rig.ops.generate(settings, |_| ()).await.unwrap();
    rig
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_walk_of_the_readme_is_frames_of_the_program() {
    let rig = outage().await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.still.model.environment.word = "DEMO".into();
    let mut frames = vec![];
    for (keys, words) in [
        ("", "who has to act next: a bank is down"),
        ("6", "6  the banks: that one is on top, since 09:10"),
        ("<enter>", "Enter  the connections it hit"),
        ("w", "w  why, whose move it is, and what will not help"),
        (
            "<esc>*H",
            "* H  mark them, and hold their refreshes until a time",
        ),
        (
            "<enter>new page<enter>",
            "Enter  held; the other banks go on",
        ),
        ("4", "4  what was done, with its command"),
    ] {
        board.press(keys).await;
        frames.push((board.still.frame(), words));
    }
    let drawn = walk(
        &frames,
        &dark(),
        "Finding what an outage hit, and holding it back",
    );
    // the id of the hold is another each time
    let screen = board.screen();
    let (_, rest) = screen.split_once("UTC. hold ").expect("it is held");
    let id: String = rest.chars().take(6).collect();
    let drawn = drawn.replace(&id, "4f09c2");
    kept("walk", &drawn, &screen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pictures_of_the_readme_are_frames_of_the_program() {
    let rig = outage().await;
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
