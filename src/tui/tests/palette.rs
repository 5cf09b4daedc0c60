//! The palette: its window at every size, what its lines do, and banks and people of a real file.

use super::live::SIZE;
use crate::domain::mask::Level;
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use crate::testing::screen::{Harness, shot};
use crate::tui::effect::Effect;
use crate::tui::event::Event;
use crate::tui::glyphs::Signs;
use crate::tui::layer::Layer;

const SIZES: [(u16, u16); 5] = [(40, 12), (60, 18), (80, 24), (120, 35), (200, 60)];

/// A desk with the palette open and these letters typed, after the file answered.
fn typed(size: (u16, u16), keys: &str) -> Harness {
    let mut desk = Harness::new(size);
    let banks = vec![
        ("AU00000".into(), "Hooli".into()),
        ("AU10001".into(), "Fabrikam Bank".into()),
    ];
    desk.press(":");
    desk.sees(Event::PaletteFilled {
        banks,
        views: vec![],
    });
    let effects = desk.press(keys);
    let sought = effects.into_iter().rev().find_map(|effect| match effect {
        Effect::Seek { generation, .. } => Some(generation),
        _ => None,
    });
    let people = [("user-81c4".into(), "Refilwe Holm".into())].into_iter();
    let people = people.filter(|_| keys.starts_with("ref"));
    if let Some(generation) = sought {
        desk.sees(Event::PeopleSought {
            generation,
            people: people.collect(),
        });
    }
    desk
}

#[test]
fn the_palette_at_every_size() {
    for (wide, high) in SIZES {
        let desk = typed((wide, high), "");
        shot(&format!("palette-{wide}x{high}"), &desk);
        let desk = typed((wide, high), "ref");
        shot(&format!("palette-typed-{wide}x{high}"), &desk);
    }
    shot("palette-nearest", &typed((80, 24), "purgex"));
}

#[test]
fn point_12_enter_runs_the_line_and_esc_leaves_the_place_as_it_was() {
    let mut desk = typed((80, 24), "");
    desk.press("<esc>");
    let before = desk.screen();
    desk.press(":causes<esc>");
    assert_eq!(desk.screen(), before);
    desk.press(":causes<enter>");
    assert!(desk.screen().contains("5 Causes"), "{}", desk.screen());
    assert_ne!(desk.model.place(), Layer::Palette);
    // what is off says why, as its key does
    let desk = typed((80, 24), "clear<space>all<space>marks<enter>");
    assert!(
        desk.screen().contains("nothing is marked"),
        "{}",
        desk.screen()
    );
}

#[test]
fn a_bank_and_a_person_lead_to_their_connections() {
    for (keys, filter) in [("fabrikam", "bank=AU10001"), ("refilwe", "user:user-81c4")] {
        let mut desk = typed((80, 24), keys);
        let effects = desk.press("<enter>");
        assert_eq!(desk.model.list.filter.field.text(), filter);
        assert!(
            effects
                .iter()
                .any(|it| matches!(it, Effect::LoadPage { .. })),
            "{effects:?}"
        );
    }
}

#[test]
fn settings_are_set_at_once() {
    let mut desk = typed((80, 24), "theme<space>light");
    assert_eq!(
        desk.press("<enter>"),
        [Effect::UseTheme("light")],
        "the terminal's own"
    );
    for (words, on) in [("mouse<space>on", true), ("mouse<space>off", false)] {
        let effects = desk.press(&format!(":{words}<enter>"));
        assert!(effects.contains(&Effect::UseMouse(on)), "{effects:?}");
        assert_eq!(desk.model.mouse, on);
    }
    desk.press(":signs<space>ascii<enter>");
    assert_eq!(desk.model.signs, Signs::Ascii);
    desk.press(":privacy<space>strict<enter>");
    assert_eq!(desk.model.level, Level::Strict);
    let effects = desk.press(":australia/sydney<enter>");
    assert!(
        effects.iter().any(|it| matches!(it, Effect::UseZone(_))),
        "{effects:?}"
    );
    let screen = desk.screen();
    assert!(screen.contains("AEDT"), "{screen}");
}

#[test]
fn names_go_from_the_palette_when_nobody_is_there() {
    let mut desk = typed((80, 24), "refilwe");
    assert!(desk.screen().contains("Refilwe"), "{}", desk.screen());
    desk.model.idle_after = Some(60_000);
    desk.waits(120_000);
    assert!(!desk.screen().contains("Refilwe Holm"), "{}", desk.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn banks_and_people_of_the_file_are_found_and_shown() {
    let rig = Rig::new().await;
    rig.connect("AU00000", "jared", "django").await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press(":lovel").await;
    let screen = board.screen();
    assert!(screen.contains("person"), "{screen}");
    assert!(screen.contains("Ada Lovelace"), "{screen}");
    board.press("<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("user:user-ada"), "{screen}");
    assert!(screen.contains("row 1 of 1"), "{screen}");
    board.press("6:hooli<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("bank=AU00000"), "{screen}");
    assert!(screen.contains("1 Connections"), "{screen}");
    rig.healthy().await;
}
