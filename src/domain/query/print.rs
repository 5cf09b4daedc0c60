//! Prints a condition as a filter; parsing it gives the same tree.

use super::ast::{Contact, Expr, Term, Texts, When};
use super::subject::step_word;
use super::time::age_text;
use crate::domain::failure_codes;
use crate::domain::job::Title;
use std::fmt;

/// How tightly an expression has to hold together where it stands.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Bond {
    Loose,
    InAnd,
    InNot,
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self, Bond::Loose)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(self))
    }
}

fn write(f: &mut fmt::Formatter<'_>, expr: &Expr, bond: Bond) -> fmt::Result {
    let (parts, between, inner, own) = match expr {
        Expr::Term(term) => return write!(f, "{term}"),
        Expr::Not(inner) => {
            f.write_str("!")?;
            return write(f, inner, Bond::InNot);
        }
        Expr::And(parts) => (parts, " ", Bond::InAnd, Bond::InAnd),
        Expr::Or(parts) => (parts, " or ", Bond::Loose, Bond::Loose),
    };
    let brackets = bond > own;
    f.write_str(if brackets { "(" } else { "" })?;
    for (i, part) in parts.iter().enumerate() {
        f.write_str(if i == 0 { "" } else { between })?;
        match (own, number(part), parts.get(i + 1).and_then(number)) {
            // side by side and bare they would be read as one phone number
            (Bond::InAnd, Some(first), Some(_)) if first.starts_with(['0', '+']) => {
                write!(f, "\"{first}\"")?;
            }
            _ => write(f, part, inner)?,
        }
    }
    f.write_str(if brackets { ")" } else { "" })
}

/// The digits of a term that is nothing else, with a leading `+`.
fn number(expr: &Expr) -> Option<&str> {
    let (Expr::Term(Term::Word(text)) | Expr::Term(Term::Contact(Contact::Phone(text)))) = expr
    else {
        return None;
    };
    let digits = text.strip_prefix('+').unwrap_or(text);
    let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    number.then_some(text.as_str())
}

fn text(term: &Term) -> String {
    match term {
        Term::Word(word) => quoted(word),
        Term::Contact(Contact::Email(text) | Contact::Phone(text)) => quoted(text),
        Term::Label(any) => list("status:", any.iter().map(|l| l.word().to_owned())),
        Term::Bank(texts) => named("bank", texts),
        Term::Via(any) => list("via:", any.iter().map(|m| m.short().to_owned())),
        Term::User(texts) => named("user", texts),
        Term::Id(texts) => named("id", texts),
        Term::Connection(texts) => named("connection", texts),
        Term::Last(cmp, when) => time("last", cmp.sign(), *when),
        Term::Created(cmp, when) => time("created", cmp.sign(), *when),
        Term::Since(cmp, when) => time("since", cmp.sign(), *when),
        Term::FirstFailed(cmp, when) => time("first-failed", cmp.sign(), *when),
        Term::Mover(any) => list("mover:", any.iter().map(|w| w.filter_word().to_owned())),
        Term::Incident(any) => list(
            "incident:",
            any.iter()
                .map(|n| n.map_or_else(|| "open".into(), |n| n.to_string())),
        ),
        Term::Attempts(cmp, n) => format!("attempts{}{n}", cmp.sign()),
        Term::Consent(cmp, when) => time("consent", cmp.sign(), *when),
        Term::JobLabel(any) => list("job:", any.iter().map(|l| l.name().to_lowercase())),
        Term::State(any) => list("state:", any.iter().map(|s| s.word().to_owned())),
        Term::Kind(any) => list("kind:", any.iter().map(|k| k.word().to_owned())),
        Term::NoJob => "job:none".into(),
        Term::Step(any) => list("step:", any.iter().map(step)),
        Term::Error(any) => list("error:", any.iter().map(|c| code(c))),
        Term::Accounts(cmp, n) => format!("acc{}{n}", cmp.sign()),
        Term::Transactions(cmp, n) => format!("tx{}{n}", cmp.sign()),
        Term::Took(cmp, ms) => format!("took{}{}", cmp.sign(), age_text(*ms)),
        Term::Is(flag) => format!("is:{}", flag.word()),
        Term::Pattern(field, pattern) => format!("{}~{}", field.word(), in_quotes(pattern)),
    }
}

fn list(before: &str, words: impl Iterator<Item = String>) -> String {
    format!("{before}{}", words.collect::<Vec<_>>().join(","))
}

fn named(field: &str, texts: &Texts) -> String {
    let sign = if texts.whole { '=' } else { ':' };
    list(
        &format!("{field}{sign}"),
        texts.any.iter().map(|text| quoted(text)),
    )
}

fn time(field: &str, sign: &str, when: When) -> String {
    match when {
        When::Age(ms) => format!("{field}{sign}{}", age_text(ms)),
        When::At(at) => format!("{field}{sign}{at}"),
        When::Never => format!("{field}:never"),
    }
}

/// A bank's own title is quoted even when it need not be: quotes are what lets it pass.
fn step(title: &Title) -> String {
    match title {
        Title::Other(word) => in_quotes(word),
        named => step_word(named).to_owned(),
    }
}

fn code(code: &str) -> String {
    if failure_codes::RULES.iter().any(|rule| rule.code == code) {
        code.to_owned()
    } else {
        in_quotes(code)
    }
}

/// In quotes unless it is plain enough to stand without.
pub(super) fn quoted(text: &str) -> String {
    let plain = text.starts_with(char::is_alphanumeric)
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '+'));
    let keyword = ["or", "and", "not"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    if plain && !keyword {
        text.to_owned()
    } else {
        in_quotes(text)
    }
}

fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
