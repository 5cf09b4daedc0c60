//! Which columns the list has, and in which order.

use crate::domain::list_columns::Column;
use crate::testing::screen::{Harness, shot};

const SIZES: [(u16, u16); 5] = [(40, 12), (60, 18), (80, 24), (120, 35), (200, 60)];

fn titles(desk: &Harness) -> String {
    let screen = desk.screen();
    let line = screen
        .lines()
        .find(|line| line.contains("STATUS") || line.contains("WHY"));
    line.unwrap_or_default().to_owned()
}

#[test]
fn columns_at_every_size() {
    for (wide, high) in SIZES {
        let mut desk = Harness::new((wide, high));
        desk.press("cjjJ<space>");
        shot(&format!("columns-{wide}x{high}"), &desk);
    }
}

#[test]
fn point_24_columns_are_hidden_moved_and_put_back() {
    let mut desk = Harness::new((120, 35));
    assert!(titles(&desk).contains("USER"), "{}", titles(&desk));
    // id, label, institutionName, method, userName
    desk.press("cjjjj<space>");
    desk.press("<esc>");
    assert!(!titles(&desk).contains("USER"), "{}", titles(&desk));
    desk.press("cjK<enter>");
    assert_eq!(desk.model.list.columns[..2], [Column::Status, Column::Id]);
    desk.press("cu<esc>");
    assert_eq!(desk.model.list.columns, Column::USUAL);
}

#[test]
fn last_column_stays() {
    let mut desk = Harness::new((120, 35));
    desk.press("c");
    for _ in 0..Column::USUAL.len() {
        desk.press("<space>j");
    }
    assert_eq!(desk.model.list.columns, [Column::Why]);
    let words = "The list keeps one column";
    assert!(desk.screen().contains(words), "{}", desk.screen());
}
