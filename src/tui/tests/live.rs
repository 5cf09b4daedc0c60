//! What another process commits is on the screen within two seconds, without a key, and nothing on it contradicts the
//! rest.

use crate::domain::act::{ActKind, Confirmation, Selection};
use crate::domain::person::Given;
use crate::ops::Ops;
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use serde_json::{Value, json};

pub(super) const SIZE: (u16, u16) = (120, 35);

pub(super) fn person(id: &str, name: &str) -> Value {
    json!({"type": "user", "id": id, "email": "ada@example.test", "firstName": name, "lastName": "Byron"})
}

/// A connection of `u-1` that was used on that day of February.
pub(super) fn connection(id: &str, status: &str, day: usize) -> Value {
    json!({"type": "connection", "id": id, "status": status, "createdDate": "2026-01-01T00:00:00Z",
        "lastUsed": format!("2026-02-{day:02}T00:00:00Z"), "institution": {"id": "AU00000"},
        "links": {"user": "/users/u-1"}})
}

pub(super) async fn import(ops: &Ops, documents: &[Value]) {
    let text = Value::from(documents.to_vec()).to_string();
    let input = std::io::Cursor::new(text.into_bytes());
    ops.import(input, "the test", |_| ()).await.unwrap();
}

async fn delete_user(ops: &Ops, user: &str) {
    let selection = Selection::User(user.into());
    let plan = ops
        .plan(ActKind::DeleteUser, selection, false)
        .await
        .unwrap();
    let typed = Confirmation::new(Some(&plan.words()), Some("asked for"));
    ops.apply(&plan, &typed, |_| ()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_list_shows_what_is_imported() {
    let rig = Rig::new().await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    assert!(board.screen().contains("No connections yet."));
    board.still.pass(4_000).await;
    import(
        &rig.ops,
        &[person("u-1", "Ada"), connection("c-1", "active", 1)],
    )
    .await;
    let screen = board.follows().await;
    assert!(
        screen.contains("row 1 of 1") && screen.contains("1 of 1"),
        "{screen}"
    );
    assert!(!screen.contains("hidden by the filter"), "{screen}");
    import(&rig.ops, &[connection("c-2", "active", 2)]).await;
    let screen = board.follows().await;
    assert!(
        screen.contains("row 1 of 2") || screen.contains("row 2 of 2"),
        "{screen}"
    );
    assert!(!screen.contains("hidden by the filter"), "{screen}");
    assert_eq!(board.still.model.list.window.lines().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_user_leaves_list_title_and_counts() {
    let rig = Rig::new().await;
    import(
        &rig.ops,
        &[person("u-1", "Ada"), connection("c-1", "active", 1)],
    )
    .await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    delete_user(&rig.ops, "u-1").await;
    let screen = board.follows().await;
    assert!(
        screen.contains("0 of 0") && screen.contains("No connections yet."),
        "{screen}"
    );
    assert!(screen.contains("is gone"), "{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn renamed_users_and_banks_are_renamed_in_every_row() {
    let rig = Rig::new().await;
    import(
        &rig.ops,
        &[person("u-1", "Ada"), connection("c-1", "active", 1)],
    )
    .await;
    for filter in ["", "/status:active<enter>"] {
        let mut board = Board::open(&rig.ops, SIZE).await;
        board.press(filter).await;
        let given = Given {
            first_name: Some(format!("Zenobia{}", filter.len())),
            ..Given::default()
        };
        rig.ops.update_user(&"u-1".into(), given).await.unwrap();
        let screen = board.follows().await;
        assert!(
            screen.contains(&format!("Zenobia{}", filter.len())),
            "{screen}"
        );
        let bank = json!({"type": "institution", "id": "AU00000", "name": format!("Renamed{}", filter.len())});
        import(&rig.ops, &[bank]).await;
        let screen = board.follows().await;
        assert!(
            screen.contains(&format!("Renamed{}", filter.len())),
            "{screen}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_begin_to_match_a_filter_appear_with_any_order() {
    for keys in ["", "sb", "su", "sssb"] {
        let rig = Rig::new().await;
        let mut all = vec![person("u-1", "Ada")];
        all.extend((1..=9).map(|n| connection(&format!("c-{n}"), "active", n)));
        import(&rig.ops, &all).await;
        let mut board = Board::open(&rig.ops, SIZE).await;
        board.press("/status:invalid<enter>").await;
        board.press(keys).await;
        assert!(
            board.screen().contains("9 connections are hidden."),
            "{}",
            board.screen()
        );
        import(&rig.ops, &[connection("c-4", "invalid", 20)]).await;
        let screen = board.follows().await;
        assert!(screen.contains("row 1 of 1"), "{screen}");
        assert!(
            screen.contains("1 shown, 8 hidden by the filter"),
            "{screen}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_changes_than_fit_in_a_page_at_once_are_all_seen() {
    let rig = Rig::new().await;
    import(&rig.ops, &[person("u-1", "Ada")]).await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    let many: Vec<Value> = (0..1_200)
        .map(|n| connection(&format!("c-{n:04}"), "active", 1))
        .collect();
    import(&rig.ops, &many).await;
    let screen = board.follows().await;
    assert!(
        screen.contains("of 1,200") && screen.contains("1,200 of 1,200"),
        "{screen}"
    );
    let many: Vec<Value> = (0..1_200)
        .map(|n| connection(&format!("c-{n:04}"), "invalid", 2))
        .collect();
    import(&rig.ops, &many).await;
    let screen = board.follows().await;
    assert!(screen.contains("1,200 need someone"), "{screen}");
    assert!(
        screen.contains("! invalid") && !screen.contains("✓ active"),
        "{screen}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_dialog_and_an_explanation_do_not_stop_the_list() {
    let rig = Rig::new().await;
    import(
        &rig.ops,
        &[person("u-1", "Ada"), connection("c-1", "invalid", 1)],
    )
    .await;
    for keys in ["w", "?", "!", "s", "y", "/"] {
        let mut board = Board::open(&rig.ops, SIZE).await;
        let before = board.still.model.list.window.lines().len();
        board.press(keys).await;
        let id = format!("c-{}", before + 1);
        import(&rig.ops, &[connection(&id, "invalid", 2)]).await;
        board.follows().await;
        assert_eq!(
            board.still.model.list.window.lines().len(),
            before + 1,
            "{keys}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_read_is_not_called_live() {
    let rig = Rig::new().await;
    import(
        &rig.ops,
        &[person("u-1", "Ada"), connection("c-1", "active", 1)],
    )
    .await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    assert!(board.screen().contains("live"), "{}", board.screen());
    let path = rig.ops.store.path().to_owned();
    let aside = path.with_extension("aside");
    std::fs::rename(&path, &aside).unwrap();
    std::fs::copy(&aside, &path).unwrap();
    let error = rig.ops.store.look_for_others().unwrap_err().to_string();
    board
        .still
        .told(crate::tui::event::Event::Unwatched(Some(error)))
        .await;
    let screen = board.screen();
    assert!(screen.contains("stopped: a file"), "{screen}");
    assert!(!screen.contains("live  "), "{screen}");
    std::fs::rename(&aside, &path).unwrap();
    rig.ops.store.look_for_others().unwrap();
    board
        .still
        .told(crate::tui::event::Event::Unwatched(None))
        .await;
    assert!(board.screen().contains("live"), "{}", board.screen());
}
