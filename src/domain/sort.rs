//! What a list of connections is ordered by: one field, or two.

use super::edit_distance::nearest;
use crate::domain::words::words;

words! {
    #[derive(Default)]
    SortField [word words] {
        /// Who has to act next: us, the bank, the user; then what goes on by itself, and the rest.
        #[default]
        Mover "mover" "whose move";
        LastUsed "last" "last asked";
        Status "status" "status";
        Bank "bank" "bank";
        User "user" "user";
        Job "job" "job";
        Since "since" "since";
        Accounts "accounts" "accounts";
        Transactions "transactions" "transactions";
        Consent "consent" "consent end";
        Via "via" "method";
        Created "created" "created";
        Id "id" "id";
    }
}

/// Names of the fields in documents and in the filter language.
const ALSO: [(&str, SortField); 13] = [
    ("attention", SortField::Mover),
    ("lastUsed", SortField::LastUsed),
    ("last-used", SortField::LastUsed),
    ("label", SortField::Status),
    ("institutionName", SortField::Bank),
    ("userName", SortField::User),
    ("acc", SortField::Accounts),
    ("tx", SortField::Transactions),
    ("expiryDate", SortField::Consent),
    ("method", SortField::Via),
    ("createdDate", SortField::Created),
    ("runs", SortField::Job),
    ("why", SortField::Mover),
];

impl SortField {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        let also = ALSO.iter().find(|(name, _)| *name == word);
        let own = || SortField::ALL.into_iter().find(|f| f.word() == word);
        also.map(|(_, field)| *field).or_else(own)
    }

    /// Whether the newest comes first, so that ascending is the other way round.
    fn newest_first(self) -> bool {
        matches!(self, SortField::LastUsed | SortField::Job)
    }
}

/// One field and its direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Level {
    pub(crate) field: SortField,
    pub(crate) reversed: bool,
}

impl Level {
    fn read(text: &str) -> Result<Level, String> {
        let (word, direction) = text.split_once(':').unwrap_or((text, ""));
        let Some(field) = SortField::parse(word) else {
            let words = || SortField::ALL.iter().map(|f| f.word());
            let hint = nearest(word, words()).map_or_else(
                || format!("the fields are {}", words().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(format!("`{word}` is not a sort field; {hint}"));
        };
        let reversed = match direction {
            "" => false,
            "asc" => field.newest_first(),
            "desc" => !field.newest_first(),
            other => return Err(format!("`{other}` is not a direction; it is asc or desc")),
        };
        Ok(Level { field, reversed })
    }

    fn written(self) -> String {
        let word = self.field.word();
        match (self.reversed, self.field.newest_first()) {
            (false, _) => word.to_owned(),
            (true, true) => format!("{word}:asc"),
            (true, false) => format!("{word}:desc"),
        }
    }

    fn words(self) -> String {
        let turned = if self.reversed { " reversed" } else { "" };
        format!("{}{turned}", self.field.words())
    }
}

/// A field and a direction, and what rows that are equal in it are ordered by. The natural direction of `LastUsed` and
/// `Job` is newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Sort {
    pub(crate) field: SortField,
    pub(crate) reversed: bool,
    pub(crate) then: Option<Level>,
}

impl Sort {
    pub(crate) const fn by(field: SortField, reversed: bool) -> Self {
        Self {
            field,
            reversed,
            then: None,
        }
    }

    /// Whether rows stand under headings: only in the order by who has to act, and only as it begins with us.
    pub(crate) fn headed(self) -> bool {
        self == Self::default()
    }

    /// Reads `field` or `field,field`, each with an optional `:asc` or `:desc`; the error says what is wrong with it.
    pub(crate) fn read(text: &str) -> Result<Sort, String> {
        let mut levels = text.split(',').map(str::trim).map(Level::read);
        let first = levels.next().unwrap_or_else(|| Level::read(""))?;
        let then = levels.next().transpose()?;
        if levels.next().is_some() {
            return Err("at most two fields, like `bank,last`".into());
        }
        if then.is_some_and(|then| then.field == first.field) {
            return Err(format!("`{}` is given twice", first.field.word()));
        }
        Ok(Sort {
            then,
            ..Sort::by(first.field, first.reversed)
        })
    }

    fn first(self) -> Level {
        Level {
            field: self.field,
            reversed: self.reversed,
        }
    }

    /// As [`Sort::read`] reads it.
    pub(crate) fn written(self) -> String {
        let levels = [Some(self.first()), self.then];
        let levels = levels.into_iter().flatten().map(Level::written);
        levels.collect::<Vec<_>>().join(",")
    }

    /// For people: `bank, then last asked reversed`.
    pub(crate) fn words(self) -> String {
        let then = self.then.map(|then| format!(", then {}", then.words()));
        format!("{}{}", self.first().words(), then.unwrap_or_default())
    }

    /// After this field was asked for: the order by it, or the same turned round.
    pub(crate) fn asked(self, field: SortField) -> Self {
        Sort::by(field, self.field == field && !self.reversed)
    }

    /// After this field was asked for as the second one. The first one itself takes the second away.
    pub(crate) fn asked_then(self, field: SortField) -> Self {
        let turned = |then: Level| then.field == field && !then.reversed;
        let level = Level {
            field,
            reversed: self.then.is_some_and(turned),
        };
        Sort {
            then: Some(level).filter(|_| field != self.field),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_read_as_they_are_written() {
        for (text, written, words) in [
            ("bank", "bank", "bank"),
            ("bank,last", "bank,last", "bank, then last asked"),
            ("last:desc", "last", "last asked"),
            ("lastUsed:asc", "last:asc", "last asked reversed"),
            (
                "status , tx:desc",
                "status,transactions:desc",
                "status, then transactions reversed",
            ),
            ("attention", "mover", "whose move"),
        ] {
            let sort = Sort::read(text).unwrap();
            assert_eq!(
                (sort.written().as_str(), sort.words().as_str()),
                (written, words),
                "{text}"
            );
            assert_eq!(Sort::read(&sort.written()).unwrap(), sort, "{text}");
        }
        for field in SortField::ALL {
            assert_eq!(SortField::parse(field.word()), Some(field));
        }
    }

    #[test]
    fn mistakes_in_orders_are_named() {
        for (text, part) in [
            ("bnak", "did you mean `bank`?"),
            ("bank,", "is not a sort field"),
            ("bank,bank:desc", "given twice"),
            ("bank,user,id", "at most two fields"),
            ("bank:up", "it is asc or desc"),
        ] {
            let said = Sort::read(text).unwrap_err();
            assert!(said.contains(part), "{text}: {said}");
        }
    }

    #[test]
    fn asking_again_turns_the_level_round() {
        let bank = Sort::default().asked(SortField::Bank);
        assert_eq!(bank.written(), "bank");
        assert_eq!(bank.asked(SortField::Bank).written(), "bank:desc");
        let both = bank.asked_then(SortField::Since);
        assert_eq!(both.written(), "bank,since");
        assert_eq!(
            both.asked_then(SortField::Since).written(),
            "bank,since:desc"
        );
        assert_eq!(both.asked_then(SortField::Bank).written(), "bank");
        assert_eq!(both.asked(SortField::User).written(), "user");
    }
}
