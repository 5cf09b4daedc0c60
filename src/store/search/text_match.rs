//! Matches words and ids with banks, labels, the index of names, and ends of ids.

use super::selectivity::FEW;
use super::{NEVER, Use, Writer, either};
use crate::domain::connection::Label;
use crate::domain::query::Texts;
use crate::store::codec::Coded;
use crate::store::error::Result;
use crate::store::sql::backwards;
use rusqlite::params;
use std::collections::BTreeSet;

/// Up to how many people of a name are listed once for a walk; beyond, each row asks the index.
const MANY: usize = 25_000;

#[derive(Clone, Debug)]
pub(super) struct Bank {
    pub(crate) n: i64,
    /// Its place in the order by bank.
    pub(crate) sorted: String,
    id: String,
    names: [String; 2],
}

impl Bank {
    fn is(&self, word: &str, whole: bool) -> bool {
        match whole {
            true => self.id == word || self.names.iter().any(|n| n == word),
            false => self.id.starts_with(word) || self.names.iter().any(|n| n.contains(word)),
        }
    }
}

/// The words of a text as the name index asks for them: each begins a word of the name.
pub(in crate::store) fn phrase(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| format!("\"{w}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A condition that a column is one of these numbers.
fn listed(column: &str, numbers: &[String]) -> String {
    match numbers {
        [] => NEVER.to_owned(),
        _ => format!("{column} IN ({})", numbers.join(", ")),
    }
}

impl Writer<'_> {
    pub(super) fn banks_of(&mut self, texts: &Texts) -> Result<Vec<Bank>> {
        let words: Vec<String> = texts.any.iter().map(|t| t.to_lowercase()).collect();
        let all = self.all_banks()?;
        Ok(all
            .iter()
            .filter(|b| words.iter().any(|w| b.is(w, texts.whole)))
            .cloned()
            .collect())
    }

    fn all_banks(&mut self) -> Result<&[Bank]> {
        if self.banks.is_none() {
            let sql = "SELECT n, id, name, short_name, folded FROM institutions ORDER BY folded, n";
            self.banks = Some(self.rd.all(sql, [], |row| {
                let lower = |column: &str| -> Result<String> {
                    Ok(row.get::<_, String>(column)?.to_lowercase())
                };
                Ok(Bank {
                    n: row.get("n")?,
                    id: lower("id")?,
                    names: [lower("name")?, lower("short_name")?],
                    sorted: row.get("folded")?,
                })
            })?);
        }
        Ok(self.banks.as_deref().expect("filled above"))
    }

    /// The condition for the banks that these texts name: part of the name, or the beginning of the id.
    pub(super) fn banks(&mut self, texts: &Texts) -> Result<String> {
        let found: Vec<String> = self
            .banks_of(texts)?
            .iter()
            .map(|b| b.n.to_string())
            .collect();
        Ok(listed("c.institution_n", &found))
    }

    pub(super) fn labels(word: &str) -> String {
        let word = word.to_lowercase();
        let found: Vec<String> = Label::ALL
            .into_iter()
            .filter(|l| word.chars().count() >= 3 && l.word().starts_with(&word))
            .map(|l| l.code().to_string())
            .collect();
        listed("c.label", &found)
    }

    /// How many people a phrase names, counting to just beyond [`MANY`].
    fn people(&mut self, phrase: &str) -> Result<usize> {
        if let Some(known) = self.named.get(phrase) {
            return Ok(*known);
        }
        let sql =
            "SELECT count(*) FROM (SELECT 1 FROM user_words WHERE user_words MATCH ?1 LIMIT ?2)";
        let count = self.rd.value(sql, params![phrase, MANY + 1])?;
        self.named.insert(phrase.to_owned(), count);
        Ok(count)
    }

    /// Whether so many people have this name that it is no driver.
    pub(super) fn common(&mut self, text: &str) -> Result<bool> {
        match phrase(text) {
            Some(phrase) => Ok(self.people(&phrase)? > FEW),
            None => Ok(false),
        }
    }

    pub(super) fn name(&mut self, text: &str, purpose: Use) -> Result<String> {
        let Some(phrase) = phrase(text) else {
            return Ok(NEVER.into());
        };
        // the index of names has no beginnings of one letter, so that each probe for one would read half of it
        let short = text.chars().count() < 2;
        let probe = purpose != Use::Count && !short && self.people(&phrase)? > MANY;
        let words = self.bind(phrase);
        Ok(match probe {
            true => format!(
                "EXISTS (SELECT 1 FROM user_words WHERE user_words MATCH {words} AND rowid = c.user_n)"
            ),
            false => {
                format!("c.user_n IN (SELECT rowid FROM user_words WHERE user_words MATCH {words})")
            }
        })
    }

    /// The beginning of an id, or what is shown of its end. Fewer than four letters are no id.
    pub(super) fn id(&mut self, table: &str, text: &str) -> String {
        self.spelled(text, |w, text| {
            let tail = match text.chars().count() {
                6 => format!("{table}tail = {}", w.bind(backwards(text))),
                4 | 5 => w.tail_begins(table, text),
                _ => NEVER.to_owned(),
            };
            w.begins(table, text, tail)
        })
    }

    /// The beginning of an id, or any end of it.
    pub(super) fn id_part(&mut self, table: &str, text: &str) -> String {
        self.spelled(text, |w, text| {
            let mut end = w.tail_begins(table, text);
            if text.chars().count() > 6 {
                let value = w.bind(text.to_owned());
                end = format!("({end} AND substr({table}id, -length({value})) = {value})");
            }
            w.begins(table, text, end)
        })
    }

    /// An id that ends in this text, of six letters at most.
    fn tail_begins(&mut self, table: &str, text: &str) -> String {
        let tail = backwards(text);
        let (from, to) = (
            self.bind(tail.clone()),
            self.bind(format!("{tail}\u{10FFFF}")),
        );
        format!("({table}tail >= {from} AND {table}tail < {to})")
    }

    fn begins(&mut self, table: &str, text: &str, end: String) -> String {
        if text.len() < 4 {
            return end;
        }
        let (from, to) = (
            self.bind(text.to_owned()),
            self.bind(format!("{text}\u{10FFFF}")),
        );
        either([end, format!("({table}id >= {from} AND {table}id < {to})")])
    }

    /// Ids are in small letters unless another system made them; what is typed may be in either.
    fn spelled(&mut self, text: &str, each: impl Fn(&mut Self, &str) -> String) -> String {
        let spellings: BTreeSet<String> = [text.to_owned(), text.to_lowercase()].into();
        let parts: Vec<String> = spellings.iter().map(|s| each(self, s)).collect();
        either(parts)
    }

    pub(super) fn user_id(&mut self, text: &str) -> String {
        match self.id("", text) {
            never if never == NEVER => never,
            inner => format!("c.user_n IN (SELECT n FROM users WHERE {inner})"),
        }
    }

    /// Users by the beginning or any end of their id.
    pub(super) fn user_id_part(&mut self, text: &str) -> String {
        let inner = self.id_part("", text);
        format!("c.user_n IN (SELECT n FROM users WHERE {inner})")
    }
}
