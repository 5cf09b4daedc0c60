//! The palette: everything that can be gone to, done or set from here, in one list that typing narrows. Actions, pages and
//! settings are known; banks and people are looked up in the file, which answers later.

mod sources;
pub(crate) mod update;
pub(crate) mod view;

use crate::domain::edit_distance::nearest;
use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::mask::Level;
use crate::domain::saved_view::SavedView;
use crate::domain::words::words;
use crate::domain::zone::Zone;
use crate::tui::action::Action;
use crate::tui::glyphs::Signs;
use crate::tui::widgets::field::Field;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The most lines that are listed.
const MOST: usize = 60;

/// By how much a person that was found counts more than letters that are scattered over a text.
const PEOPLE_FIRST: u32 = 50;

words! {
    /// In the order of those that match equally well.
    Sort [word] {
        Page "page";
        Action "action";
        Bank "bank";
        Person "person";
        View "view";
        Setting "setting";
    }
}

/// What Enter on a line does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Run {
    Act(Action),
    /// Sets this filter of the list of connections.
    Show(String),
    View(Box<SavedView>),
    Theme(&'static str),
    Privacy(Level),
    Zone(Zone),
    Signs(Signs),
    Mouse(bool),
    /// Forgets what was set here.
    Usual,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) sort: Sort,
    pub(crate) words: String,
    /// Its other name: an action's in the keymap, the id of a bank or person.
    pub(crate) name: String,
    /// Its keys, where it has any.
    pub(crate) keys: String,
    /// Why it is not possible now.
    pub(crate) off: Option<String>,
    /// One of so many that it is listed only when all that is typed stands in it.
    pub(crate) many: bool,
    pub(crate) run: Run,
}

/// How what is typed names a line; one that is named comes before those in which the letters are scattered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Scattered,
    Begins,
    Named,
    Key,
}

impl Entry {
    /// By the words before the colon, or by the other name; what is typed is in lower case.
    fn rank(&self, typed: &str) -> Rank {
        let (words, name) = (self.words.to_lowercase(), self.name.to_lowercase());
        let title = words.split(':').next().unwrap_or_default();
        match typed {
            "" => Rank::Scattered,
            _ if typed == title || typed == name => Rank::Named,
            _ if words.starts_with(typed) || name.starts_with(typed) => Rank::Begins,
            _ => Rank::Scattered,
        }
    }
}

/// Whether each of these words stands in the text.
fn holds(text: &str, words: &str) -> bool {
    let text = text.to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) search: Field,
    pub(crate) cursor: usize,
    /// Whether the cursor was moved since the last letter.
    moved: bool,
    /// What matches, the best first.
    pub(crate) shown: Vec<Entry>,
    /// Nothing matches; what is shown is the nearest.
    pub(crate) guessed: bool,
    /// What was known when it was opened.
    known: Vec<Entry>,
    banks: Vec<(InstitutionId, String)>,
    views: Vec<SavedView>,
    /// Found by what is typed; names as the level allows.
    people: Vec<(UserId, String)>,
    /// Of the newest question.
    generation: u64,
}

impl Model {
    fn new(known: Vec<Entry>, generation: u64) -> Self {
        let mut model = Self {
            search: Field::default(),
            cursor: 0,
            moved: false,
            shown: vec![],
            guessed: false,
            known,
            banks: vec![],
            views: vec![],
            people: vec![],
            generation,
        };
        model.narrow();
        model
    }

    pub(crate) fn current(&self) -> Option<&Entry> {
        self.shown.get(self.cursor)
    }

    pub(crate) fn click(&mut self, at: usize) {
        let by = at as isize - self.cursor as isize;
        self.step(by);
    }

    fn step(&mut self, by: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
        self.moved = true;
    }

    /// Finds again what matches. The cursor is on the best until it was moved; then it stays on its line while that is there.
    fn narrow(&mut self) {
        let before = self.current().filter(|_| self.moved);
        let before = before.map(|it| (it.sort, it.name.clone()));
        let typed = self.search.text().trim().to_owned();
        self.shown = self.matching(&typed);
        self.guessed = self.shown.is_empty() && !typed.is_empty();
        if self.guessed {
            self.shown = self.nearest(&typed);
        }
        let same = |it: &Entry| {
            before
                .as_ref()
                .is_some_and(|(s, n)| it.sort == *s && it.name == *n)
        };
        self.cursor = self.shown.iter().position(same).unwrap_or(0);
    }

    fn matching(&self, typed: &str) -> Vec<Entry> {
        let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut room = vec![];
        let lower = typed.to_lowercase();
        let banks = self.banks.iter().map(sources::bank);
        let people = self.people.iter().map(sources::person);
        let views = self.views.iter().map(sources::view);
        let known = self.known.iter().cloned().chain(views);
        let all = known.chain(banks).chain(people);
        let mut found: Vec<((Rank, u32), Entry)> = all
            .filter_map(|it| {
                let text = format!("{} {}", it.words, it.name);
                let waits = typed.is_empty() && (it.many || it.sort == Sort::Bank);
                if waits || it.many && !holds(&text, &lower) {
                    return None;
                }
                // a key that is typed as it is bound comes first
                if !typed.is_empty() && it.keys.split(' ').any(|key| key == typed) {
                    return Some(((Rank::Key, 0), it));
                }
                let score = pattern.score(Utf32Str::new(&text, &mut room), &mut matcher);
                let rank = match (it.sort, score) {
                    (Sort::Person, None) => Rank::Named,
                    _ => it.rank(&lower),
                };
                let score = match it.sort {
                    // found by the beginnings of words; or by an id or a contact, which is not seen here
                    Sort::Person => {
                        Some(score.map_or(u32::MAX, |it| it.saturating_add(PEOPLE_FIRST)))
                    }
                    _ => score,
                };
                Some(((rank, score?), it))
            })
            .collect();
        found.sort_by_key(|(fit, it)| (std::cmp::Reverse(*fit), it.sort));
        found.truncate(MOST);
        found.into_iter().map(|(_, it)| it).collect()
    }

    /// What is spelt most like it, where something is.
    fn nearest(&self, typed: &str) -> Vec<Entry> {
        let word = typed
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let of = |it: &Entry| -> Vec<String> {
            let text = format!("{} {}", it.words, it.name).to_lowercase();
            let parts = text.split(|c: char| !c.is_alphanumeric());
            parts.filter(|it| it.len() > 2).map(str::to_owned).collect()
        };
        let banks = self.banks.iter().map(sources::bank);
        let views = self.views.iter().map(sources::view);
        let known = self.known.iter().cloned();
        let all: Vec<Entry> = known.chain(views).chain(banks).collect();
        let words: Vec<String> = all.iter().flat_map(of).collect();
        let Some(nearest) = nearest(&word, words.iter().map(String::as_str)) else {
            return vec![];
        };
        let mut near: Vec<Entry> = all
            .into_iter()
            .filter(|it| of(it).iter().any(|word| word == nearest))
            .collect();
        near.truncate(5);
        near
    }

    /// Names may be shown otherwise now.
    pub(crate) fn forget(&mut self) {
        self.people.clear();
        self.narrow();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(sort: Sort, words: &str, name: &str, keys: &str) -> Entry {
        Entry {
            sort,
            words: words.into(),
            name: name.into(),
            keys: keys.into(),
            off: None,
            many: false,
            run: Run::Act(Action::Reload),
        }
    }

    fn palette(typed: &str) -> Model {
        let known = vec![
            entry(
                Sort::Action,
                "Refresh: fetch new data now",
                "connection.refresh",
                "r",
            ),
            entry(
                Sort::Action,
                "Purge: delete the fetched data",
                "connection.purge",
                "P",
            ),
            entry(Sort::Page, "Causes: what is broken", "page.causes", "5"),
            entry(
                Sort::Page,
                "Banks: queue, holds, trouble",
                "page.banks",
                "6",
            ),
            entry(Sort::Action, "Hold: no refresh until a time", "hold", "H"),
            entry(Sort::Setting, "Theme: light", "theme light", ""),
        ];
        let mut model = Model::new(known, 1);
        model.banks = vec![("AU10001".into(), "Fabrikam Bank".into())];
        if typed == "monica" {
            model.people = vec![("user-1".into(), "Monica Hall".into())];
        }
        model.search.insert(typed);
        model.narrow();
        model
    }

    #[test]
    fn letters_in_order_find_it_and_a_key_finds_its_action() {
        for (typed, first) in [
            ("refr", "connection.refresh"),
            ("thl", "theme light"),
            ("fabk", "AU10001"),
            ("AU10001", "AU10001"),
            ("P", "connection.purge"),
            ("5", "page.causes"),
            ("causes", "page.causes"),
            ("hold", "hold"),
            ("hol", "hold"),
            ("holds", "page.banks"),
        ] {
            let model = palette(typed);
            assert_eq!(model.current().unwrap().name, first, "{typed}");
            assert!(!model.guessed, "{typed}");
        }
        let all = palette("monica").shown;
        assert!(all.iter().any(|it| it.name == "user-1"), "{all:?}");
    }

    #[test]
    fn an_unknown_word_gets_the_nearest() {
        let mut model = palette("");
        model.search.insert("purgex");
        model.narrow();
        assert!(model.guessed);
        assert_eq!(model.current().unwrap().name, "connection.purge");
        model.search.insert("zzzzzzzzz");
        model.narrow();
        assert_eq!(model.shown, []);
    }

    #[test]
    fn the_cursor_stays_on_its_line_while_more_is_found() {
        let mut model = palette("");
        model.step(2);
        let line = model.current().cloned();
        model.people.push(("user-2".into(), "Gavin Belson".into()));
        model.narrow();
        assert_eq!(model.current().cloned(), line);
    }
}
