//! The filters of the reference API (docs/domain.md 15.5): `connection.status.eq('active'),institution.id.eq('AU00000')`.
//! They become the terms that the filters of the commands become.

mod events;
mod holdings;

pub(crate) use events::{EventsOf, events};
pub(crate) use holdings::{BadTransactions, accounts, transactions};

use super::ast::{Expr, Term, Texts};
use crate::domain::connection::{Label, Status};
use crate::domain::consent;
use crate::domain::words::words;

words! {
    Condition [word] parse {
        Eq "eq";
        Ne "ne";
        Gt "gt";
        Gteq "gteq";
        Lt "lt";
        Lteq "lteq";
        /// Between, ends included.
        Bt "bt";
        In "in";
    }
}

/// `property.condition('value', 'value')`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Narrowing {
    pub(crate) property: String,
    pub(crate) condition: Condition,
    /// One at least; two for [`Condition::Bt`].
    pub(crate) values: Vec<String>,
}

/// A filter that does not read, or that this list does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

pub(crate) type Result<T> = std::result::Result<T, Unreadable>;

/// The longest filter, in characters.
const LONGEST: usize = 2_048;

/// Terms between commas; all of them hold. Nothing at all is no filter.
pub(crate) fn parse(text: &str) -> Result<Vec<Narrowing>> {
    let alone = |mut terms: Vec<Narrowing>| match terms.len() {
        1 => Ok(terms.remove(0)),
        _ => Err(Unreadable),
    };
    parse_any(text)?.into_iter().map(alone).collect()
}

/// The same with the word `OR` between terms, which binds closer than a comma: of each group one term has to hold.
fn parse_any(text: &str) -> Result<Vec<Vec<Narrowing>>> {
    let mut rest = text.trim();
    if rest.chars().count() > LONGEST {
        return Err(Unreadable);
    }
    let (mut groups, mut joined): (Vec<Vec<Narrowing>>, bool) = (Vec::new(), false);
    while !rest.is_empty() {
        let (term, after) = term(rest)?;
        match groups.last_mut().filter(|_| joined) {
            Some(group) => group.push(term),
            None => groups.push(vec![term]),
        }
        let after = after.trim_start();
        if after.is_empty() {
            break;
        }
        let or = after
            .strip_prefix("OR")
            .filter(|next| next.starts_with(' '));
        joined = or.is_some();
        rest = or
            .or_else(|| after.strip_prefix(','))
            .ok_or(Unreadable)?
            .trim_start();
        if rest.is_empty() {
            return Err(Unreadable);
        }
    }
    Ok(groups)
}

fn term(text: &str) -> Result<(Narrowing, &str)> {
    let (head, rest) = text.split_once('(').ok_or(Unreadable)?;
    let (property, word) = head.trim().rsplit_once('.').ok_or(Unreadable)?;
    let named = !property.is_empty()
        && property
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.');
    let condition = Condition::parse(word).filter(|_| named).ok_or(Unreadable)?;
    let (values, rest) = values(rest)?;
    let fits = match condition {
        Condition::Bt => values.len() == 2,
        Condition::In => true,
        _ => values.len() == 1,
    };
    let term = Narrowing {
        property: property.to_owned(),
        condition,
        values,
    };
    fits.then_some((term, rest)).ok_or(Unreadable)
}

/// Quoted values up to the closing bracket.
fn values(text: &str) -> Result<(Vec<String>, &str)> {
    let (mut values, mut rest) = (Vec::new(), text);
    loop {
        let quoted = rest.trim_start().strip_prefix('\'').ok_or(Unreadable)?;
        let (value, after) = quoted.split_once('\'').ok_or(Unreadable)?;
        if value.chars().any(char::is_control) {
            return Err(Unreadable);
        }
        values.push(value.to_owned());
        let after = after.trim_start();
        match (after.strip_prefix(','), after.strip_prefix(')')) {
            (Some(next), _) => rest = next,
            (_, Some(end)) => return Ok((values, end)),
            _ => return Err(Unreadable),
        }
    }
}

/// What a list of connections, or of jobs, is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Narrowed {
    pub(crate) parts: Vec<Expr>,
    /// Whether it asks for something that nothing is.
    pub(crate) nothing: bool,
    /// Whether it asks for revoked ones, which are left out else.
    pub(crate) deleted: bool,
}

fn whole(value: &str) -> Texts {
    Texts {
        whole: true,
        any: vec![value.to_owned()],
    }
}

pub(crate) fn connections(terms: &[Narrowing]) -> Result<Narrowed> {
    let mut narrowed = Narrowed::default();
    for term in terms {
        let [value] = term.values.as_slice() else {
            return Err(Unreadable);
        };
        if term.condition != Condition::Eq {
            return Err(Unreadable);
        }
        let term = match term.property.as_str() {
            "connection.id" | "id" => Term::Id(whole(value)),
            "institution.id" => Term::Bank(whole(value)),
            "connection.status" | "status" => {
                let status = Status::parse(value);
                narrowed.deleted |= status == Some(Status::Deleted);
                match status.map(labels) {
                    Some(labels) => Term::Label(labels),
                    // what the dashboard calls failed is no status on the wire, and no mistake
                    None => {
                        narrowed.nothing = true;
                        continue;
                    }
                }
            }
            _ => return Err(Unreadable),
        };
        narrowed.nothing |= value.is_empty();
        narrowed.parts.push(Expr::Term(term));
    }
    Ok(narrowed)
}

/// The labels of the connections that have this status.
pub(crate) fn labels(status: Status) -> Vec<Label> {
    let mut labels = vec![Label::of(status, true), Label::of(status, false)];
    labels.dedup();
    labels
}

pub(crate) fn jobs(terms: &[Narrowing]) -> Result<Narrowed> {
    let mut narrowed = Narrowed::default();
    for term in terms {
        match (
            term.property.as_str(),
            term.condition,
            term.values.as_slice(),
        ) {
            ("connection.id", Condition::Eq, [value]) => {
                narrowed.nothing |= value.is_empty();
                narrowed
                    .parts
                    .push(Expr::Term(Term::Connection(whole(value))));
            }
            _ => return Err(Unreadable),
        }
    }
    Ok(narrowed)
}

/// Whether a consent with this status is in the list that the terms narrow.
pub(crate) fn consent(terms: &[Narrowing], status: consent::Status) -> Result<bool> {
    let mut fits = true;
    for term in terms {
        match term.property.as_str() {
            "consent.status" | "status" => fits &= term.holds(&[status.word()])?,
            _ => return Err(Unreadable),
        }
    }
    Ok(fits)
}

impl Narrowing {
    /// Whether it holds of something with these values of its property.
    pub(crate) fn holds(&self, has: &[&str]) -> Result<bool> {
        let any = || self.values.iter().any(|v| has.contains(&v.as_str()));
        match self.condition {
            Condition::Eq | Condition::In => Ok(any()),
            Condition::Ne => Ok(!any()),
            _ => Err(Unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Narrowing {
        parse(text).unwrap().remove(0)
    }

    #[test]
    fn terms_are_read_with_their_values() {
        let read = parse("connection.status.eq('active'), institution.id.eq('AU00000')").unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(
            read[1],
            Narrowing {
                property: "institution.id".into(),
                condition: Condition::Eq,
                values: vec!["AU00000".into()]
            }
        );
        assert_eq!(
            one("transaction.postDate.bt('2026-01-01','2026-02-01')")
                .values
                .len(),
            2
        );
        assert_eq!(one("connector.id.in('a', 'b' , 'c')").values.len(), 3);
        assert_eq!(one("status.eq('a,b)(')").values, ["a,b)("]);
        assert_eq!(parse("  "), Ok(vec![]));
    }

    #[test]
    fn what_does_not_read_is_refused() {
        for text in [
            "x",
            "eq('a')",
            ".eq('a')",
            "id.eq(a)",
            "id.eq('a'",
            "id.eq('a)",
            "id.eq('a','b')",
            "id.eq()",
            "id.like('a')",
            "id.eq('a'),",
            "id.eq('a') id.eq('b')",
            "id.bt('a')",
            "a;b.eq('a')",
            "id.eq('a\u{0}')",
        ] {
            assert_eq!(parse(text), Err(Unreadable), "{text}");
        }
        assert_eq!(parse(&"a".repeat(3_000)), Err(Unreadable));
    }

    #[test]
    fn a_status_is_one_of_the_wire_and_failed_is_none() {
        let narrowed = |text| connections(&parse(text).unwrap());
        assert_eq!(
            narrowed("status.eq('invalid')").unwrap().parts,
            [Expr::Term(Term::Label(vec![Label::Invalid, Label::Failed]))]
        );
        assert!(narrowed("connection.status.eq('failed')").unwrap().nothing);
        assert!(narrowed("connection.status.eq('deleted')").unwrap().deleted);
        assert!(!narrowed("connection.status.eq('active')").unwrap().deleted);
        assert_eq!(narrowed("connection.status.ne('active')"), Err(Unreadable));
        assert_eq!(narrowed("user.id.eq('u')"), Err(Unreadable));
    }

    #[test]
    fn consents_are_narrowed_by_their_status_only() {
        let fits = |text| consent(&parse(text).unwrap(), consent::Status::Active);
        for (text, wanted) in [
            ("", Ok(true)),
            ("status.eq('active')", Ok(true)),
            ("consent.status.eq('expired')", Ok(false)),
            ("status.in('expired','active')", Ok(true)),
            ("status.ne('active')", Ok(false)),
            ("status.eq('failed')", Ok(false)),
            ("status.gt('active')", Err(Unreadable)),
            ("status.eq('expired'),id.eq('a')", Err(Unreadable)),
        ] {
            assert_eq!(fits(text), wanted, "{text}");
        }
    }
}
