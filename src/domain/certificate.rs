//! The proof that data has gone: figures and ids, nothing personal.

use super::counts::count;
use super::ids::{ConnectionId, InstitutionId, JobId, UserId};
use super::moment::Moment;

/// Rows by table, in the order in which they are deleted.
pub(crate) type Rows = Vec<(String, u64)>;

/// Tables of data that came from a bank; of these a deletion has values to search for.
const FETCHED: [&str; 3] = ["transactions", "accounts", "profiles"];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Certificate {
    pub(crate) id: String,
    /// What it did: `purge`, `erase`, `end-consent`, `delete-user`.
    pub(crate) kind: String,
    pub(crate) user: Option<UserId>,
    /// At which bank; none when it was all of them.
    pub(crate) institution: Option<InstitutionId>,
    pub(crate) connection: Option<ConnectionId>,
    /// The destroyed data keys, by bank and slot.
    pub(crate) keys: Vec<(InstitutionId, u64)>,
    /// The slots that held no key any more when the deletion was ordered. One with such a slot is not proven.
    pub(crate) absent: Vec<(InstitutionId, u64)>,
    pub(crate) before: Rows,
    pub(crate) after: Rows,
    /// The files that were searched, with their bytes.
    pub(crate) files: Vec<(String, u64)>,
    /// What was stored and could be searched for. None in a certificate of a version that did not note it.
    pub(crate) stored: Option<Stored>,
    /// How many values were searched for.
    pub(crate) needles: u64,
    /// How many were found. A certificate says 0.
    pub(crate) hits: u64,
    pub(crate) sqlite: String,
    pub(crate) started: Moment,
    pub(crate) ended: Moment,
    pub(crate) operator: String,
    pub(crate) reason: String,
    /// The line of the audit that says it was proven.
    pub(crate) audit: i64,
    pub(crate) jobs: Vec<JobId>,
    /// The purges that did part of a sequence; each has a certificate of its own.
    pub(crate) purges: Vec<String>,
}

/// What a deletion found stored before it destroyed anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Distinct values that are long enough to be searched for.
    pub(crate) values: u64,
    /// Distinct values that are too short: they occur anywhere by chance.
    pub(crate) short: u64,
    /// Rows that could not be opened, so that nobody knows their values.
    pub(crate) unreadable: u64,
}

impl Stored {
    /// What was not searched for, for people; nothing when there is none.
    pub(crate) fn left_aside(&self) -> String {
        let mut text = String::new();
        if self.short > 0 {
            text += &format!("; {} too short to search for", count(self.short, "value"));
        }
        if self.unreadable > 0 {
            text += &format!("; {} could not be read", count(self.unreadable, "row"));
        }
        text
    }
}

/// What came of the search, and of looking for rows and keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// What was stored; none when that is not known any more.
    pub(crate) stored: Option<Stored>,
    /// How many values were searched for.
    pub(crate) searched: u64,
    pub(crate) hits: u64,
    /// What else is still there, in words.
    pub(crate) remains: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing was stored and nothing is there: there is nothing to prove.
    Nothing,
    Proven,
    /// Why not.
    Unproven(String),
}

impl Found {
    /// The one rule of what counts as proof. A search for nothing where something was stored is none.
    pub(crate) fn verdict(&self, draft: Option<&Certificate>) -> Verdict {
        let mut wrong = Vec::new();
        let before = draft.map(|draft| &draft.before);
        match self.stored {
            Some(stored) => {
                let values = count(stored.values, "value");
                if self.hits > 0 {
                    wrong.push(format!("{} of {values} were found again", self.hits));
                }
                if self.searched != stored.values {
                    wrong.push(format!(
                        "only {} of {values} could be searched for",
                        self.searched
                    ));
                }
            }
            None if before.is_some_and(|rows| !rows.is_empty() && total(rows) == 0) => {}
            None => wrong
                .push("the deleted values are not known any more, so none was searched for".into()),
        }
        for (bank, slot) in draft.iter().flat_map(|draft| &draft.absent) {
            wrong.push(format!(
                "the key of {bank} in slot {slot} was gone before this was ordered"
            ));
        }
        wrong.extend(
            self.remains
                .iter()
                .map(|what| format!("{what} still there")),
        );
        if !wrong.is_empty() {
            return Verdict::Unproven(wrong.join("; "));
        }
        let stored = self.stored.unwrap_or_default();
        let nothing = stored == Stored::default()
            && draft.is_some_and(|draft| draft.keys.is_empty() && total(&draft.before) == 0);
        match nothing {
            true => Verdict::Nothing,
            false => Verdict::Proven,
        }
    }
}

fn total(rows: &Rows) -> u64 {
    rows.iter().map(|(_, count)| count).sum()
}

impl Certificate {
    /// Whether its search proves anything, and what, in words. Certificates of older versions may have searched for
    /// nothing although something was stored.
    pub(crate) fn search(&self) -> (bool, String) {
        let values = count(self.needles, "value");
        let fetched: u64 = self
            .before
            .iter()
            .filter(|(table, _)| FETCHED.contains(&table.as_str()))
            .map(|(_, count)| count)
            .sum();
        match self.stored {
            Some(stored) if stored.values != self.needles => (
                false,
                format!("{values} searched for, {} stored", stored.values),
            ),
            Some(stored) if stored.values == 0 && (stored.short, stored.unreadable) != (0, 0) => (
                true,
                format!(
                    "nothing could be searched for{}; the proof is the destroyed key and the absent rows",
                    stored.left_aside()
                ),
            ),
            Some(stored) => (
                true,
                format!(
                    "all of {values} searched for, {} found{}",
                    self.hits,
                    stored.left_aside()
                ),
            ),
            None if self.needles > 0 => (
                true,
                format!(
                    "{values} searched for, {} found; how many were stored was not noted",
                    self.hits
                ),
            ),
            None if fetched == 0 && !self.before.is_empty() => {
                (true, "nothing was stored, so nothing was searched for".into())
            }
            None => (
                false,
                "nothing was searched for although something was stored: it proves that the key was destroyed and the \
                 rows deleted, not that no value was left"
                    .into(),
            ),
        }
    }
}

/// One thing that a check of a certificate looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) what: &'static str,
    pub(crate) holds: bool,
    pub(crate) seen: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(rows: u64, key: bool) -> Certificate {
        Certificate {
            before: vec![("transactions".into(), rows)],
            keys: key.then(|| ("AU1".into(), 4)).into_iter().collect(),
            ..Certificate::default()
        }
    }

    fn found(stored: Option<u64>, searched: u64, hits: u64) -> Found {
        Found {
            stored: stored.map(|values| Stored {
                values,
                ..Stored::default()
            }),
            searched,
            hits,
            remains: vec![],
        }
    }

    #[test]
    fn only_a_search_for_all_that_was_stored_proves_it() {
        let some = draft(3, true);
        for (found, proven) in [
            (found(Some(5), 5, 0), true),
            (found(Some(5), 5, 1), false),
            (found(Some(5), 4, 0), false),
            (found(Some(5), 0, 0), false),
            (found(None, 0, 0), false),
            // nothing could be read of what was stored: there is no value to search for
            (found(Some(0), 0, 0), true),
        ] {
            let verdict = found.verdict(Some(&some));
            assert_eq!(verdict == Verdict::Proven, proven, "{found:?} {verdict:?}");
            let remains = Found {
                remains: vec!["2 accounts".into()],
                ..found
            };
            assert!(matches!(remains.verdict(Some(&some)), Verdict::Unproven(_)));
        }
        assert!(matches!(
            found(None, 0, 0).verdict(None),
            Verdict::Unproven(_)
        ));
        let absent = Certificate {
            absent: vec![("AU1".into(), 4)],
            ..draft(3, false)
        };
        let verdict = found(Some(0), 0, 0).verdict(Some(&absent));
        assert!(matches!(verdict, Verdict::Unproven(_)), "{verdict:?}");
    }

    #[test]
    fn a_deletion_of_nothing_proves_nothing() {
        assert_eq!(
            found(Some(0), 0, 0).verdict(Some(&draft(0, false))),
            Verdict::Nothing
        );
        assert_eq!(
            found(None, 0, 0).verdict(Some(&draft(0, false))),
            Verdict::Nothing
        );
        // the values of an earlier purge whose proof failed
        assert_eq!(
            found(Some(2), 2, 0).verdict(Some(&draft(0, false))),
            Verdict::Proven
        );
        assert_eq!(
            found(Some(0), 0, 0).verdict(Some(&draft(0, true))),
            Verdict::Proven
        );
    }

    #[test]
    fn a_certificate_says_what_its_search_proves() {
        let of = |stored, needles, rows| Certificate {
            stored,
            needles,
            ..draft(rows, true)
        };
        let stored = |values, short, unreadable| {
            Some(Stored {
                values,
                short,
                unreadable,
            })
        };
        for (certificate, holds, words) in [
            (of(stored(7, 0, 0), 7, 2), true, "all of 7 values"),
            (of(stored(7, 2, 1), 7, 2), true, "2 values too short"),
            (
                of(stored(7, 0, 0), 0, 2),
                false,
                "0 values searched for, 7 stored",
            ),
            (of(stored(0, 0, 3), 0, 3), true, "3 rows could not be read"),
            (of(None, 9, 2), true, "how many were stored was not noted"),
            (of(None, 0, 2), false, "not that no value was left"),
            (of(None, 0, 0), true, "nothing was stored"),
            (
                Certificate {
                    before: vec![],
                    ..of(None, 0, 0)
                },
                false,
                "not that no value was left",
            ),
        ] {
            let (held, said) = certificate.search();
            assert!(held == holds && said.contains(words), "{held} {said}");
        }
    }
}
