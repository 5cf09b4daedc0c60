//! A painted buffer as text, for frames that are printed, compared and read aloud.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

/// The rows, each without the blanks at its end.
pub(crate) fn text(buffer: &Buffer) -> String {
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
