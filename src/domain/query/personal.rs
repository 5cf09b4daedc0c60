//! Whether a filter holds words of a person. Such a filter is not written to a file in the clear.

use super::Query;
use super::ast::{Expr, Term, Texts};

/// The first word of the filter that may be a person's: a name, a phone, an email. An id is nobody's name, and neither is
/// the name of a bank.
pub(crate) fn personal(query: &Query, banks: &[String]) -> Option<String> {
    query.expr.as_ref().and_then(|expr| of(expr, banks))
}

fn of(expr: &Expr, banks: &[String]) -> Option<String> {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().find_map(|part| of(part, banks)),
        Expr::Not(inner) => of(inner, banks),
        Expr::Term(term) => match term {
            Term::Contact(_) => Some(term.to_string()),
            Term::User(Texts { any, .. }) => any.iter().find(|text| !id(text)).cloned(),
            Term::Word(text) if id(text) || bank(text, banks) => None,
            Term::Word(text) => Some(text.clone()),
            _ => None,
        },
    }
}

/// Such as `9f1a22`: at least one digit, and only what ids are made of.
fn id(text: &str) -> bool {
    let rest = text.rsplit('_').next().unwrap_or(text);
    rest.chars().any(|c| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
        && !text.starts_with('0')
        || text.len() == 36 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

fn bank(text: &str, banks: &[String]) -> bool {
    let text = text.to_lowercase();
    banks.iter().any(|name| name.to_lowercase().contains(&text))
}

#[cfg(test)]
mod tests {
    use super::super::{Scope, parse};
    use super::*;

    #[test]
    fn names_phones_and_emails_are_personal_and_ids_and_banks_are_not() {
        let banks = ["Fabrikam Bank".to_owned(), "Hooli".to_owned()];
        for (filter, found) in [
            ("", None),
            ("status:invalid bank:\"fabrikam\" last>3d", None),
            ("fabrikam status:failed", None),
            ("9f1a22", None),
            ("user:9f1a22 or id:22", None),
            ("user=019c2a7e-5f60-7b3c-8a11-4f1de29a0c55", None),
            ("monica", Some("monica")),
            ("status:invalid !(via:web or user:hall)", Some("hall")),
            ("0400111222", Some("0400111222")),
            ("ana@example.test", Some("ana@example.test")),
        ] {
            let query = parse(filter, Scope::Connections).unwrap();
            assert_eq!(personal(&query, &banks).as_deref(), found, "{filter}");
        }
    }
}
