//! Turns one field with its sign and values into a condition.

use super::ast::{Cmp, Contact, Expr, PatternField, Term, Texts, When};
use super::fields::{FieldHelp, Scope};
use super::lex::{Op, Piece, Raw};
use super::mistake::{Lacks, Mistake};
use super::people;
use super::subject::{Subject, step_word};
use super::time;
use crate::domain::connection::{Label, Method};
use crate::domain::diagnosis::Whose;
use crate::domain::edit_distance::{nearest, nearest_of_few};
use crate::domain::failure_codes;
use crate::domain::job::{self, Kind, State, Title};
use crate::domain::zone::Zone;

pub(super) struct TermReader<'a> {
    pub(crate) text: &'a [char],
    pub(crate) scope: Scope,
    /// Of the times that name none.
    pub(crate) zone: Zone,
}

impl TermReader<'_> {
    pub(super) fn word(&self, piece: &Piece) -> Result<Expr, Mistake> {
        if piece.text.trim().is_empty() {
            return Err(Mistake::at(
                self.text,
                piece.start,
                piece.end,
                "nothing between the quotes",
            ));
        }
        let term = match self.contact(piece)? {
            Some(contact) => Term::Contact(contact),
            None => Term::Word(piece.text.clone()),
        };
        Ok(Expr::Term(term))
    }

    fn contact(&self, piece: &Piece) -> Result<Option<Contact>, Mistake> {
        people::contact(&piece.text).map_err(|why| {
            Mistake::at(self.text, piece.start, piece.end, why).lacking(Lacks::Letters)
        })
    }

    pub(super) fn field(&self, raw: &Raw, from: usize, end: usize) -> Result<Expr, Mistake> {
        let Some(field) = self.scope.field(&raw.field.text) else {
            return Err(self.no_such_field(raw));
        };
        if raw.values.iter().any(|v| v.text.trim().is_empty()) {
            let message = format!("{} needs a value", field.name);
            return Err(Mistake::at(self.text, from, end, message).lacking(Lacks::More));
        }
        let found = match raw.op {
            Op::Like | Op::Unlike => self.pattern(field, raw),
            _ => self.typed(field, raw),
        };
        let expr = found.map_err(|mistake| mistake.within(from))?;
        let opposite = matches!(raw.op, Op::HasNot | Op::IsNot | Op::Unlike);
        Ok(if opposite { expr.negated() } else { expr })
    }

    fn no_such_field(&self, raw: &Raw) -> Mistake {
        let fields = self.scope.fields();
        let spelled = fields
            .iter()
            .flat_map(|f| std::iter::once(f.name).chain(f.aliases.iter().copied()));
        let names: Vec<_> = fields.iter().map(|f| f.name).collect();
        let near = nearest(&raw.field.text, spelled)
            .and_then(|name| self.scope.field(name))
            .map(|f| f.name);
        let name = near
            .or_else(|| nearest_of_few(&raw.field.text, &names))
            .map(str::to_owned);
        Mistake::at(self.text, raw.field.start, raw.field.end, "not a field")
            .suggest(self.text, name)
    }

    fn wrong_sign(&self, field: &FieldHelp, raw: &Raw) -> Mistake {
        let message = format!("{} cannot be compared like this", field.name);
        Mistake::at(self.text, raw.op_start, raw.op_end, message)
    }

    fn pattern(&self, field: &FieldHelp, raw: &Raw) -> Result<Expr, Mistake> {
        let over = match field.subject {
            Subject::Bank => PatternField::Bank,
            Subject::Id => PatternField::Id,
            Subject::Connection => PatternField::Connection,
            Subject::Step => PatternField::Step,
            Subject::Error => PatternField::Error,
            Subject::User => {
                let message = "people are not searched by pattern";
                return Err(Mistake::at(self.text, raw.op_start, raw.op_end, message)
                    .suggest(self.text, Some(":".into())));
            }
            _ => return Err(self.wrong_sign(field, raw)),
        };
        Ok(Expr::Term(Term::Pattern(over, raw.values[0].text.clone())))
    }

    fn typed(&self, field: &FieldHelp, raw: &Raw) -> Result<Expr, Mistake> {
        match field.subject {
            Subject::Last
            | Subject::Created
            | Subject::Since
            | Subject::FirstFailed
            | Subject::Consent => return self.times(field, raw),
            Subject::Took => return self.took(field, raw),
            Subject::Accounts | Subject::Transactions | Subject::Attempts => {
                return self.numbers(field, raw);
            }
            _ => {}
        }
        let whole = match raw.op {
            Op::Has | Op::HasNot => false,
            Op::Is | Op::IsNot => true,
            _ => return Err(self.wrong_sign(field, raw)),
        };
        let texts = || Texts {
            whole,
            any: raw.values.iter().map(|v| v.text.clone()).collect(),
        };
        let term = match field.subject {
            Subject::Bank => Term::Bank(texts()),
            Subject::Id => Term::Id(texts()),
            Subject::Connection => Term::Connection(texts()),
            Subject::User => return self.people(raw, whole),
            Subject::Job => return self.job(field, raw),
            Subject::Is => {
                let flag = |w: &str| self.scope.flags().iter().copied().find(|f| f.word() == w);
                return Ok(any(self
                    .each(field, raw, |v| flag(&lower(v)))?
                    .into_iter()
                    .map(Term::Is)));
            }
            Subject::Label => Term::Label(self.each(field, raw, |v| Label::parse(&v.text))?),
            Subject::Mover => Term::Mover(self.each(field, raw, |v| mover(&lower(v)))?),
            Subject::Incident => Term::Incident(self.each(field, raw, incident)?),
            Subject::Via => Term::Via(self.each(field, raw, |v| Method::parse(&v.text))?),
            Subject::JobLabel => Term::JobLabel(self.each(field, raw, |v| job_label(&lower(v)))?),
            Subject::State => Term::State(self.each(field, raw, |v| State::parse(&lower(v)))?),
            Subject::Kind => Term::Kind(self.each(field, raw, |v| Kind::parse(&lower(v)))?),
            Subject::Step => Term::Step(self.each(field, raw, step)?),
            Subject::Error => Term::Error(self.each(field, raw, code)?),
            Subject::Last
            | Subject::Created
            | Subject::Since
            | Subject::FirstFailed
            | Subject::Attempts
            | Subject::Consent
            | Subject::Took
            | Subject::Accounts
            | Subject::Transactions => return Err(self.wrong_sign(field, raw)),
        };
        Ok(Expr::Term(term))
    }

    /// Every value read, or a mistake at the first that cannot be, with the nearest word that can.
    fn each<T>(
        &self,
        field: &FieldHelp,
        raw: &Raw,
        read: impl Fn(&Piece) -> Option<T>,
    ) -> Result<Vec<T>, Mistake> {
        raw.values
            .iter()
            .map(|value| read(value).ok_or_else(|| self.not_a(field, value)))
            .collect()
    }

    fn not_a(&self, field: &FieldHelp, value: &Piece) -> Mistake {
        let words = field.subject.words(self.scope);
        let good: Vec<_> = words.iter().map(|(word, _)| word.as_str()).collect();
        let near = match field.subject {
            Subject::Is => nearest_of_few(&value.text, &good),
            _ => nearest(&value.text, good),
        };
        let near = near.map(str::to_owned);
        let message = format!("not {}", field.subject.noun());
        let begun = words
            .iter()
            .any(|(word, _)| word.starts_with(&lower(value)));
        let lacks = if begun {
            Lacks::Letters
        } else {
            Lacks::Nothing
        };
        Mistake::at(self.text, value.start, value.end, message)
            .suggest(self.text, near)
            .lacking(lacks)
    }

    fn people(&self, raw: &Raw, whole: bool) -> Result<Expr, Mistake> {
        let (mut names, mut contacts) = (Vec::new(), Vec::new());
        for value in &raw.values {
            match self.contact(value)? {
                // `=` on digits is the id; an address is nobody's id.
                Some(Contact::Phone(_)) if whole => names.push(value.text.clone()),
                Some(contact) => contacts.push(Term::Contact(contact)),
                None => names.push(value.text.clone()),
            }
        }
        let named = (!names.is_empty()).then_some(Term::User(Texts { whole, any: names }));
        Ok(any(named.into_iter().chain(contacts)))
    }

    /// `job:` takes results, states and kinds in one list.
    fn job(&self, field: &FieldHelp, raw: &Raw) -> Result<Expr, Mistake> {
        let (mut labels, mut states, mut kinds, mut none) = (vec![], vec![], vec![], false);
        for value in &raw.values {
            let word = lower(value);
            if word == "none" {
                none = true;
            } else if let Some(label) = job_label(&word) {
                labels.push(label);
            } else if let Some(state) = State::parse(&word) {
                states.push(state);
            } else if let Some(kind) = Kind::parse(&word) {
                kinds.push(kind);
            } else {
                return Err(self.not_a(field, value));
            }
        }
        let labels = (!labels.is_empty()).then_some(Term::JobLabel(labels));
        let states = (!states.is_empty()).then_some(Term::State(states));
        let kinds = (!kinds.is_empty()).then_some(Term::Kind(kinds));
        let none = none.then_some(Term::NoJob);
        Ok(any([labels, states, kinds, none].into_iter().flatten()))
    }

    fn numbers(&self, field: &FieldHelp, raw: &Raw) -> Result<Expr, Mistake> {
        let cmp = self.comparison(field, raw)?;
        let numbers = self.each(field, raw, |v| v.text.parse::<u64>().ok())?;
        let term = |n| match field.subject {
            Subject::Accounts => Term::Accounts(cmp, n),
            Subject::Attempts => Term::Attempts(cmp, n),
            _ => Term::Transactions(cmp, n),
        };
        Ok(any(numbers.into_iter().map(term)))
    }

    fn took(&self, field: &FieldHelp, raw: &Raw) -> Result<Expr, Mistake> {
        let cmp = self.comparison(field, raw)?;
        let mut terms = Vec::new();
        for value in &raw.values {
            let ms = time::age(&value.text).ok_or_else(|| self.not_a_time(field, value))?;
            self.not_equal(cmp, raw)?;
            terms.push(Term::Took(cmp, ms));
        }
        Ok(any(terms))
    }

    fn times(&self, field: &FieldHelp, raw: &Raw) -> Result<Expr, Mistake> {
        let cmp = self.comparison(field, raw)?;
        let term = |cmp, when| {
            Expr::Term(match field.subject {
                Subject::Last => Term::Last(cmp, when),
                Subject::Created => Term::Created(cmp, when),
                Subject::Since => Term::Since(cmp, when),
                Subject::FirstFailed => Term::FirstFailed(cmp, when),
                _ => Term::Consent(cmp, when),
            })
        };
        let mut parts = Vec::new();
        for value in &raw.values {
            let bounds = match lower(value).as_str() {
                "never" | "none"
                    if matches!(
                        field.subject,
                        Subject::Created | Subject::Since | Subject::FirstFailed
                    ) =>
                {
                    return Err(self.not_a_time(field, value));
                }
                "never" | "none" if cmp != Cmp::Eq => return Err(self.wrong_sign(field, raw)),
                "never" | "none" => vec![(Cmp::Eq, When::Never)],
                _ => time::bounds(cmp, &value.text, self.zone)
                    .ok_or_else(|| self.not_a_time(field, value))?,
            };
            if bounds.iter().any(|(_, when)| matches!(when, When::Age(_))) {
                self.not_equal(cmp, raw)?;
            }
            parts.extend(Expr::all(
                bounds
                    .into_iter()
                    .map(|(cmp, when)| term(cmp, when))
                    .collect(),
            ));
        }
        Ok(Expr::any(parts).expect("a field has at least one value"))
    }

    /// The comparison a sign stands for; an order needs one value, not a list.
    fn comparison(&self, field: &FieldHelp, raw: &Raw) -> Result<Cmp, Mistake> {
        let cmp = match raw.op {
            Op::Has | Op::HasNot | Op::Is | Op::IsNot => Cmp::Eq,
            Op::Lt => Cmp::Lt,
            Op::Le => Cmp::Le,
            Op::Gt => Cmp::Gt,
            Op::Ge => Cmp::Ge,
            Op::Like | Op::Unlike => return Err(self.wrong_sign(field, raw)),
        };
        match raw.values.get(1) {
            Some(second) if cmp != Cmp::Eq => Err(Mistake::at(
                self.text,
                second.start,
                second.end,
                "a comparison takes one value",
            )),
            _ => Ok(cmp),
        }
    }

    fn not_a_time(&self, field: &FieldHelp, value: &Piece) -> Mistake {
        let mistake = self.not_a(field, value);
        let days = !value.text.is_empty()
            && value.text.len() < 6
            && value.text.chars().all(|c| c.is_ascii_digit());
        let mistake = if days {
            mistake.suggest(self.text, Some(format!("{}d", value.text)))
        } else {
            mistake
        };
        let digit = |c: char| c.is_ascii_digit();
        let begun = value.text.starts_with(digit)
            && value
                .text
                .chars()
                .all(|c| digit(c) || matches!(c, '-' | ':' | '.' | '+' | 'T' | 'Z'))
            || time::age(value.text.trim_end_matches(digit)).is_some();
        if begun {
            mistake.lacking(Lacks::Letters)
        } else {
            mistake
        }
    }

    /// Nothing is exactly three days old.
    fn not_equal(&self, cmp: Cmp, raw: &Raw) -> Result<(), Mistake> {
        if cmp != Cmp::Eq {
            return Ok(());
        }
        let (sign, message) = match raw.op {
            Op::Has | Op::Is => ("<", "an age needs < (within) or > (longer ago)"),
            _ => (">", "an age needs < (within) or > (longer ago)"),
        };
        Err(Mistake::at(self.text, raw.op_start, raw.op_end, message)
            .suggest(self.text, Some(sign.into())))
    }
}

fn any(terms: impl IntoIterator<Item = Term>) -> Expr {
    Expr::any(terms.into_iter().map(Expr::Term).collect()).expect("a field has at least one value")
}

fn lower(piece: &Piece) -> String {
    piece.text.trim().to_lowercase()
}

/// A number, or none for `open`.
fn incident(piece: &Piece) -> Option<Option<u64>> {
    match lower(piece).as_str() {
        "open" => Some(None),
        number => number.parse().ok().map(Some),
    }
}

fn mover(word: &str) -> Option<Whose> {
    let mut all = Whose::ORDER.into_iter();
    all.find(|whose| whose.filter_word() == word || whose.word() == word)
}

fn job_label(word: &str) -> Option<job::Label> {
    match word {
        "done" => Some(job::Label::Success),
        _ => job::Label::parse(word),
    }
}

/// A step by either name. A bank's own title has to be quoted, so that a slip is not taken for one.
fn step(value: &Piece) -> Option<Title> {
    let word = lower(value);
    let named = Title::NAMED
        .into_iter()
        .find(|t| t.word() == word || t.short() == word || step_word(t) == word);
    let own = || Title::Other(value.text.as_str().into());
    named.or_else(|| value.quoted.then(own))
}

/// A code of the table, or any other in quotes.
fn code(value: &Piece) -> Option<String> {
    let word = lower(value);
    let known = failure_codes::RULES.iter().any(|rule| rule.code == word);
    known
        .then_some(word)
        .or_else(|| value.quoted.then(|| value.text.clone()))
}
