//! Texts as they are read from a row: one that is not UTF-8 is shown as damaged, and a field is bounded.

use rusqlite::types::ValueRef;

/// What is shown in place of what does not read.
pub(in crate::store) const DAMAGED_TEXT: &str = "‹damaged text›";

/// The value; in the place of a text that is not UTF-8, what is shown for it.
pub(in crate::store) fn readable(value: ValueRef<'_>) -> ValueRef<'_> {
    match value {
        ValueRef::Text(bytes) if std::str::from_utf8(bytes).is_err() => {
            ValueRef::Text(DAMAGED_TEXT.as_bytes())
        }
        other => other,
    }
}

/// A text as it is shown: one that is not UTF-8 is damaged and must not end a list.
pub(in crate::store) fn shown_text(value: ValueRef<'_>) -> &str {
    match value {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).unwrap_or(DAMAGED_TEXT),
        _ => "",
    }
}

/// The same for one field. Of a longer one only the beginning is read: nothing that long is taken in, so its row was
/// written by something else, and it must not slow down a list.
pub(in crate::store) fn field_text(value: ValueRef<'_>) -> &str {
    const LONGEST: usize = 64 << 10;
    let text = shown_text(value);
    &text[..text.floor_char_boundary(LONGEST)]
}
