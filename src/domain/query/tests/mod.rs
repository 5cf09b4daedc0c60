//! The filter language by examples. Properties of any text are in `tests_any`.

mod mistakes;
mod reading;

use super::*;
use crate::domain::connection::{self, Method};
use crate::domain::job::{self, Kind, State, Title};
use crate::domain::moment::Moment;

const C: Scope = Scope::Connections;

const J: Scope = Scope::Jobs;

fn plain(text: &str, scope: Scope) -> String {
    parse(text, scope)
        .unwrap_or_else(|mistake| panic!("{text}: {mistake}"))
        .to_string()
}

fn wrong(text: &str, scope: Scope) -> Mistake {
    parse(text, scope)
        .err()
        .unwrap_or_else(|| panic!("{text} was read"))
}

fn term(text: &str) -> Term {
    match parse(text, C).unwrap().expr {
        Some(Expr::Term(term)) => term,
        other => panic!("{text} is {other:?}"),
    }
}

/// The text, what is said, the bad word, where it begins, what is offered.
type Row<'a> = (&'a str, &'a str, &'a str, usize, Option<&'a str>);
