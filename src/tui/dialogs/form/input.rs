//! One thing to fill in: a text, hidden or not, or one of a few words.

use crate::tui::widgets::field::Field;

/// What is filled in.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Typed.
    Text {
        /// The line.
        field: Field,
        /// Whether dots are drawn instead.
        hidden: bool,
        /// Whether the form goes without it.
        optional: bool,
    },
    /// One of these.
    Choice {
        /// The words.
        words: Vec<String>,
        /// Which is chosen.
        at: usize,
    },
}

/// A caption and what is filled in behind it.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// One or two words.
    pub(crate) caption: &'static str,
    /// What is filled in.
    pub(crate) value: Value,
    /// What stands behind it: that it may stay empty, or what to type.
    pub(crate) hint: String,
}

/// Behind what the form goes without.
fn hint(optional: bool) -> String {
    if optional {
        "may stay empty".into()
    } else {
        String::new()
    }
}

impl Input {
    /// A text that can be seen.
    pub(crate) fn text(caption: &'static str, text: &str, optional: bool) -> Self {
        Self {
            caption,
            value: Value::Text {
                field: Field::of(text),
                hidden: false,
                optional,
            },
            hint: hint(optional),
        }
    }

    /// A text that is seen while it is typed, and wiped like one nobody may see.
    pub(crate) fn private(caption: &'static str, optional: bool) -> Self {
        Self {
            caption,
            value: Value::Text {
                field: Field::secret(),
                hidden: false,
                optional,
            },
            hint: hint(optional),
        }
    }

    /// A text nobody may see.
    pub(crate) fn hidden(caption: &'static str, optional: bool) -> Self {
        Self {
            caption,
            value: Value::Text {
                field: Field::secret(),
                hidden: true,
                optional,
            },
            hint: hint(optional),
        }
    }

    /// One of these words.
    pub(crate) fn choice(caption: &'static str, words: Vec<String>) -> Self {
        Self {
            caption,
            value: Value::Choice { words, at: 0 },
            hint: String::new(),
        }
    }

    /// The line, where one is typed.
    pub(crate) fn field(&self) -> Option<&Field> {
        match &self.value {
            Value::Text { field, .. } => Some(field),
            Value::Choice { .. } => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn field_mut(&mut self) -> Option<&mut Field> {
        match &mut self.value {
            Value::Text { field, .. } => Some(field),
            Value::Choice { .. } => None,
        }
    }

    /// What was typed or chosen.
    pub(crate) fn words(&self) -> &str {
        match &self.value {
            Value::Text { field, .. } => field.text(),
            Value::Choice { words, at } => words.get(*at).map_or("", String::as_str),
        }
    }

    /// Whether something has to be filled in and is not.
    pub(crate) fn missing(&self) -> bool {
        match &self.value {
            // a password may be blanks; whether it may, the bank says
            Value::Text {
                field,
                hidden: true,
                optional,
            } => !optional && field.text().is_empty(),
            Value::Text {
                field, optional, ..
            } => !optional && field.text().trim().is_empty(),
            Value::Choice { words, .. } => words.is_empty(),
        }
    }

    /// The next of its words, or the one before.
    pub(crate) fn turn(&mut self, by: isize) {
        if let Value::Choice { words, at } = &mut self.value
            && !words.is_empty()
        {
            *at = (*at as isize + by).rem_euclid(words.len() as isize) as usize;
        }
    }
}
