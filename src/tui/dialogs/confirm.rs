//! Questions of a sentence.

use super::Scene;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, wrap};

/// Quit while orders are on their way.
pub(crate) fn quit(sent: usize, scene: Scene) -> Vec<Row> {
    let on_the_way = count(sent as u64, "order");
    let words = format!(
        "{on_the_way} on the way without an answer yet. What was queued goes on without this screen."
    );
    wrap(&words, scene.wide, Role::Warning)
}

/// Clear many marks at once.
pub(crate) fn unmark(marks: usize, scene: Scene) -> Vec<Row> {
    wrap(
        &format!(
            "{} will be cleared. There is no way to get them back.",
            count(marks as u64, "mark")
        ),
        scene.wide,
        Role::Text,
    )
}
