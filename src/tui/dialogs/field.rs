//! One thing to fill in. A hidden text is wiped with the field and leaves it as a `Secret` when sent.

use crate::tui::terminal::key::{Code, Key};
use crate::tui::widgets::field::Field;

#[derive(Debug)]
pub(crate) enum Value {
    Text {
        field: Field,
        hidden: bool,
        optional: bool,
    },
    Choice {
        words: Vec<String>,
        at: usize,
    },
    Tick(bool),
}

#[derive(Debug)]
pub(crate) struct FormField {
    pub(crate) caption: String,
    pub(crate) value: Value,
    pub(crate) hint: String,
    /// Whether these are words that arm a button: they are typed by hand and never pasted.
    pub(crate) arms: bool,
    /// Whether it can be left out of the way from the words to the button.
    pub(crate) remark: bool,
    /// Whether it answers the bank, which takes one answer only: blanks are none, and Enter does not pass it by.
    pub(crate) answers: bool,
}

impl FormField {
    fn new(caption: impl Into<String>, value: Value) -> Self {
        let optional = matches!(value, Value::Text { optional: true, .. });
        Self {
            caption: caption.into(),
            value,
            hint: if optional {
                "optional".into()
            } else {
                String::new()
            },
            arms: false,
            remark: false,
            answers: false,
        }
    }

    fn of(caption: &str, field: Field, hidden: bool, optional: bool) -> Self {
        Self::new(
            caption,
            Value::Text {
                field,
                hidden,
                optional,
            },
        )
    }

    pub(crate) fn text(caption: &str, text: &str, optional: bool) -> Self {
        Self::of(caption, Field::of(text), false, optional)
    }

    /// Seen while it is typed, and wiped like one nobody may see.
    pub(crate) fn private(caption: &str, optional: bool) -> Self {
        Self::of(caption, Field::secret(), false, optional)
    }

    pub(crate) fn hidden(caption: &str, optional: bool) -> Self {
        Self::of(caption, Field::secret(), true, optional)
    }

    pub(crate) fn answer(caption: &str) -> Self {
        Self {
            answers: true,
            ..Self::hidden(caption, false)
        }
    }

    pub(crate) fn arming(caption: &str) -> Self {
        Self {
            arms: true,
            ..Self::text(caption, "", false)
        }
    }

    pub(crate) fn remark(self) -> Self {
        Self {
            remark: true,
            ..self
        }
    }

    pub(crate) fn choice(caption: &str, words: Vec<String>) -> Self {
        Self::new(caption, Value::Choice { words, at: 0 })
    }

    pub(crate) fn tick(caption: &str) -> Self {
        Self::new(caption, Value::Tick(false)).remark()
    }

    pub(crate) fn is_tick(&self) -> bool {
        matches!(self.value, Value::Tick(_))
    }

    pub(crate) fn ticked(&self) -> bool {
        matches!(self.value, Value::Tick(true))
    }

    pub(crate) fn make_optional(&mut self, may: bool) {
        if let Value::Text { optional, .. } = &mut self.value {
            *optional = may;
            self.hint = if may {
                "optional".into()
            } else {
                String::new()
            };
        }
    }

    pub(crate) fn field(&self) -> Option<&Field> {
        match &self.value {
            Value::Text { field, .. } => Some(field),
            Value::Choice { .. } | Value::Tick(_) => None,
        }
    }

    pub(crate) fn field_mut(&mut self) -> Option<&mut Field> {
        match &mut self.value {
            Value::Text { field, .. } => Some(field),
            Value::Choice { .. } | Value::Tick(_) => None,
        }
    }

    pub(crate) fn words(&self) -> &str {
        match &self.value {
            Value::Text { field, .. } => field.text(),
            Value::Choice { words, at } => words.get(*at).map_or("", String::as_str),
            Value::Tick(_) => "",
        }
    }

    pub(crate) fn missing(&self) -> bool {
        match &self.value {
            // a password may be blanks; whether it may, the bank says
            Value::Text {
                field,
                hidden: true,
                optional,
            } if !self.answers => !optional && field.text().is_empty(),
            Value::Text {
                field, optional, ..
            } => !optional && field.text().trim().is_empty(),
            Value::Choice { words, .. } => words.is_empty(),
            Value::Tick(_) => false,
        }
    }

    /// True when a text was edited.
    pub(crate) fn press(&mut self, key: Key) -> bool {
        let by = match key.code {
            Code::Right | Code::Char(' ') => 1,
            Code::Left => -1,
            _ => 0,
        };
        match &mut self.value {
            Value::Text { field, .. } => return field.press(key),
            Value::Choice { words, at } if !words.is_empty() => {
                *at = (*at as isize + by).rem_euclid(words.len() as isize) as usize;
            }
            Value::Tick(on) if key == Key::char(' ') => *on = !*on,
            Value::Choice { .. } | Value::Tick(_) => {}
        }
        false
    }
}
