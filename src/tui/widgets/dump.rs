//! A painted buffer as text, for frames that are printed and for the snapshots of the tests.

use crate::tui::role::Role;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Rows without trailing blanks; `roles` adds the runs of roles of a frame drawn with
/// [`Theme::indexed`](crate::tui::theme::Theme::indexed).
pub(crate) fn frame(buffer: &Buffer, roles: bool) -> String {
    let text = text(buffer);
    if roles {
        format!("{text}---\n{}", roles_of(buffer))
    } else {
        text
    }
}

fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut line = String::new();
        let mut x = buffer.area.left();
        while x < buffer.area.right() {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            // a wide sign covers the cells behind it
            x += u16::try_from(symbol.width()).unwrap_or(1).max(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// ` 2 0-0:border 1-32:busy`; a role that lies under another follows it: `1-32:busy+selected`.
fn roles_of(buffer: &Buffer) -> String {
    let mut dump = String::new();
    let area = buffer.area;
    for y in 0..area.height {
        let names: Vec<String> = (0..area.width)
            .map(|x| role_of(&buffer[(area.x + x, area.y + y)]))
            .collect();
        let mut line = String::new();
        let mut start = 0;
        for run in names.chunk_by(|a, b| a == b) {
            let end = start + run.len() - 1;
            if !run[0].is_empty() {
                write!(line, " {start}-{end}:{}", run[0]).expect("a String takes everything");
            }
            start = end + 1;
        }
        if !line.is_empty() {
            writeln!(dump, "{y:>2}{line}").expect("a String takes everything");
        }
    }
    dump
}

fn role_of(cell: &Cell) -> String {
    let names: Vec<&str> = [cell.fg, cell.bg]
        .into_iter()
        .filter_map(|color| match color {
            Color::Indexed(n) => Role::ALL.get(usize::from(n)).map(|role| role.name()),
            _ => None,
        })
        .collect();
    names.join("+")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Theme;
    use ratatui::layout::Rect;

    #[test]
    fn a_dump_names_runs_of_roles() {
        let theme = Theme::indexed();
        let mut buffer = Buffer::empty(Rect::new(0, 0, 34, 3));
        buffer.set_string(0, 1, "|", theme.style(Role::Border));
        buffer.set_string(1, 1, "refreshing", theme.style(Role::Busy));
        buffer.set_string(33, 1, "|", theme.style(Role::Border));
        buffer.set_string(2, 2, "active", theme.style(Role::Active));
        buffer.set_style(Rect::new(0, 2, 10, 1), theme.style(Role::Selected));
        assert_eq!(
            roles_of(&buffer),
            " 1 0-0:border 1-10:busy 33-33:border\n 2 0-1:selected 2-7:active+selected 8-9:selected\n"
        );
    }
}
