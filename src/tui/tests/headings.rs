//! Headings by who has to act next, and keys among them.

use crate::domain::connection::Label;
use crate::domain::diagnosis::{Outage, Whose};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::BankDown;
use crate::testing::fixtures::{row, rows};
use crate::testing::screen::{Harness, shot};

/// The lines of the list on the screen, without its frame.
fn list(desk: &Harness) -> Vec<String> {
    let (_, area) = desk.model.panes()[0];
    let screen = desk.screen();
    let lines = screen.lines().skip(usize::from(area.y) + 1);
    let inside = |line: &str| {
        line.chars()
            .skip(1)
            .take(usize::from(area.width) - 2)
            .collect()
    };
    lines
        .take(usize::from(area.height) - 2)
        .map(inside)
        .collect()
}

fn headings(desk: &Harness) -> Vec<String> {
    let lines = list(desk).into_iter();
    let heads = lines.filter(|line| line.contains("──"));
    heads
        .map(|line| line.trim().trim_end_matches('─').trim().to_owned())
        .collect()
}

#[test]
fn rows_stand_under_the_heading_of_who_has_to_act() {
    let desk = Harness::new((120, 35));
    assert_eq!(headings(&desk), ["the user's 4", "running 2", "nobody's 8"]);
    assert!(desk.screen().contains("row 1 of 14"), "{}", desk.screen());
}

/// Whatever the height, every press moves by one connection, the cursor is on the screen, and the number counts
/// connections only.
#[test]
fn keys_go_past_headings() {
    for height in [10, 12, 14, 18, 24, 35] {
        let mut desk = Harness::new((80, height));
        let visible = |desk: &Harness, n: usize| {
            let lines = list(desk);
            let under: Vec<&String> = lines.iter().filter(|line| line.starts_with('>')).collect();
            assert_eq!(under.len(), 1, "{height} {n}\n{}", desk.screen());
            let row = desk.model.list.current().unwrap();
            assert!(under[0].contains(row.row.label.word()), "{height} {n}");
            let number = format!("row {n} of 14");
            assert!(
                desk.screen().contains(&number),
                "{height}\n{}",
                desk.screen()
            );
        };
        for n in 1..=14 {
            visible(&desk, n);
            desk.press("j");
        }
        for n in (1..=14).rev() {
            visible(&desk, n);
            desk.press("k");
        }
        desk.press("G");
        visible(&desk, 14);
        desk.press("g");
        visible(&desk, 1);
    }
}

#[test]
fn a_page_down_skips_no_connection() {
    let many = |n: usize| {
        let labels = [Label::Invalid, Label::Init, Label::Active];
        let mut rows: Vec<ConnectionRow> = (0..n).map(|i| row(i, labels[i * 3 / n])).collect();
        rows.sort_by_key(|row| Whose::ORDER.iter().position(|whose| *whose == row.mover));
        rows
    };
    let mut desk = Harness::with((80, 24), many(60));
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let window = &desk.model.list.window;
        let height = desk.model.list.height;
        seen.extend(window.visible(height).map(|line| line.row.id.clone()));
        desk.press("<c-f>");
    }
    assert_eq!(seen.len(), 60);
}

#[test]
fn another_order_has_no_headings() {
    let mut desk = Harness::new((120, 35));
    desk.press("sb");
    desk.answer_list(rows());
    assert_eq!(headings(&desk), Vec::<String>::new());
    desk.press("sa");
    desk.answer_list(rows());
    assert_eq!(headings(&desk).len(), 3);
    // the other way round there are none
    desk.press("sa");
    desk.answer_list(rows());
    assert_eq!(headings(&desk), Vec::<String>::new());
}

#[test]
fn a_bank_that_is_down_is_named_in_the_heading() {
    let mut of_bank = row(0, Label::Invalid);
    of_bank.mover = Whose::Bank;
    let mut ours = row(1, Label::Failed);
    ours.mover = Whose::Us;
    let mut desk = Harness::with((120, 35), vec![ours, of_bank, row(2, Label::Active)]);
    let down = |name: &str, measured| BankDown {
        name: name.into(),
        outage: Outage {
            reported: false,
            measured,
        },
    };
    desk.model.down = vec![down("Fabrikam Bank", Some((19, 22, 3_300_000)))];
    desk.answer_panes();
    assert_eq!(
        headings(&desk)[1],
        format!(
            "the bank's 1 {} Fabrikam Bank down: 19 of 22 failed in 55m",
            "─".repeat(21)
        )
    );
    shot("headings-bank-down", &desk);
    desk.model.down.push(down("Hooli", None));
    assert!(headings(&desk)[1].ends_with("failed in 55m, 1 more down"));
}
