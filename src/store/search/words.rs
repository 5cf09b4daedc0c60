//! Words against the small lists and the name index.

use super::Writer;
use crate::domain::connection::Label;
use crate::store::codec::Coded;
use crate::store::error::Result;

impl Writer<'_> {
    /// The banks a word names: part of the name, or the beginning of the id.
    pub(super) fn banks(&self, word: &str, whole: bool) -> Result<String> {
        let word = word.to_lowercase();
        let mut query = self.rd.conn.prepare_cached("SELECT n, id, name, short_name FROM institutions")?;
        let mut rows = query.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let id = row.get::<_, String>(1)?.to_lowercase();
            let names = [row.get::<_, String>(2)?.to_lowercase(), row.get::<_, String>(3)?.to_lowercase()];
            let hit = match whole {
                true => id == word || names.contains(&word),
                false => id.starts_with(&word) || names.iter().any(|n| n.contains(&word)),
            };
            if hit {
                found.push(row.get::<_, i64>(0)?.to_string());
            }
        }
        Ok(format!("c.institution_n IN ({})", found.join(", ")))
    }

    /// The labels a word is a part of.
    pub(super) fn labels(word: &str) -> String {
        let word = word.to_lowercase();
        let found: Vec<String> = Label::ALL
            .into_iter()
            .filter(|l| word.chars().count() >= 3 && l.word().starts_with(&word))
            .map(|l| l.code().to_string())
            .collect();
        format!("c.label IN ({})", found.join(", "))
    }

    /// The words of a text as the name index asks for them: each begins a word of the name.
    fn phrase(text: &str) -> Option<String> {
        let words: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(|w| format!("\"{w}\"*")).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Users by the beginnings of the words of their names. `probe` asks for one user, else for all.
    pub(super) fn name(&mut self, text: &str, probe: bool) -> String {
        let Some(phrase) = Self::phrase(text) else { return "0".into() };
        let words = self.bind(phrase);
        match probe {
            true => format!("EXISTS (SELECT 1 FROM user_words WHERE user_words MATCH {words} AND rowid = c.user_n)"),
            false => format!("c.user_n IN (SELECT rowid FROM user_words WHERE user_words MATCH {words})"),
        }
    }

    /// The beginning or the shown end of an id. A beginning shorter than four letters is no id.
    pub(super) fn id(&mut self, column: &str, text: &str) -> String {
        let value = self.bind(text.to_owned());
        let tail = format!("substr({column}, -6) = {value}");
        match text.len() {
            ..4 => tail,
            _ => {
                let end = self.bind(format!("{text}\u{10FFFF}"));
                format!("({tail} OR ({column} >= {value} AND {column} < {end}))")
            }
        }
    }

    /// Users by the beginning or end of their id.
    pub(super) fn user_id(&mut self, text: &str) -> String {
        let inner = self.id("id", text);
        format!("c.user_n IN (SELECT n FROM users WHERE {inner})")
    }
}
