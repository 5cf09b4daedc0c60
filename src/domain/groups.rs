//! Connections grouped by one field, with how many there are of each.

use super::connection::{Label, Method};
use super::diagnosis::Whose;
use super::edit_distance::nearest;
use super::query::{Term, Texts};
use super::views::Size;
use crate::domain::words::words;

words! {
    /// What connections are grouped by.
    #[derive(Default)]
    GroupField [word words] parse {
        #[default]
        Status "status" "status";
        Mover "mover" "whose move";
        Bank "bank" "bank";
        Via "via" "method";
        User "user" "user";
        /// What the newest job failed with.
        Code "error" "error code";
    }
}

impl GroupField {
    /// The field of this name, or what is wrong with it.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        Self::parse(name).ok_or_else(|| {
            let words = || Self::ALL.iter().map(|it| it.word());
            let hint = nearest(name, words()).map_or_else(
                || format!("the fields are {}", words().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            format!("`{name}` is nothing to group by; {hint}")
        })
    }
}

/// What the connections of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GroupValue {
    Status(Label),
    Mover(Whose),
    Via(Method),
    /// With its name.
    Bank(String, String),
    /// With the name in the app's own record.
    User(String, String),
    /// None where the newest job did not fail.
    Code(Option<String>),
}

impl GroupValue {
    pub(crate) fn name(&self) -> &str {
        match self {
            GroupValue::Status(label) => label.word(),
            GroupValue::Mover(whose) => whose.heading(),
            GroupValue::Via(method) => method.words(),
            GroupValue::Bank(_, name) | GroupValue::User(_, name) => name,
            GroupValue::Code(code) => code.as_deref().unwrap_or("none"),
        }
    }

    /// What finds its connections; none for what no filter finds.
    pub(crate) fn term(&self) -> Option<Term> {
        let whole = |id: &String| Texts {
            whole: true,
            any: vec![id.clone()],
        };
        Some(match self {
            GroupValue::Status(label) => Term::Label(vec![*label]),
            GroupValue::Mover(whose) => Term::Mover(vec![*whose]),
            GroupValue::Via(method) => Term::Via(vec![*method]),
            GroupValue::Bank(id, _) => Term::Bank(whole(id)),
            GroupValue::User(id, _) => Term::User(whole(id)),
            GroupValue::Code(code) => Term::Error(vec![code.clone()?]),
        })
    }
}

/// One group of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) field: GroupField,
    /// Masked where it is a name.
    pub(crate) name: String,
    /// What finds it beside the filter of the list; none for what no filter finds.
    pub(crate) term: Option<String>,
    /// The filter of the list with that term.
    pub(crate) filter: Option<String>,
    pub(crate) size: Size,
}
