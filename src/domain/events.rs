//! The table of event types.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventType {
    pub(crate) entity: &'static str,
    pub(crate) happened: &'static str,
    pub(crate) told: Audience,
    pub(crate) words: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    Webhooks,
    /// It stands in the feed only.
    Feed,
    /// It is this program's own and no part of the API's feed.
    Local,
}

impl EventType {
    /// The name in one piece: `connection.activated`.
    pub(crate) fn name(&self) -> String {
        format!("{}.{}", self.entity, self.happened)
    }

    pub(crate) fn webhook(&self) -> bool {
        self.told == Audience::Webhooks
    }

    pub(crate) fn local(&self) -> bool {
        self.told == Audience::Local
    }
}

const fn told(entity: &'static str, happened: &'static str, words: &'static str) -> EventType {
    EventType {
        entity,
        happened,
        told: Audience::Webhooks,
        words,
    }
}

const fn fed(entity: &'static str, happened: &'static str, words: &'static str) -> EventType {
    EventType {
        entity,
        happened,
        told: Audience::Feed,
        words,
    }
}

const fn own(entity: &'static str, happened: &'static str, words: &'static str) -> EventType {
    EventType {
        entity,
        happened,
        told: Audience::Local,
        words,
    }
}

pub(crate) const TYPES: &[EventType] = &[
    told("connection", "created", "a connection was made"),
    fed("connection", "updated", "a connection changed"),
    told("connection", "activated", "a connection became active"),
    told(
        "connection",
        "invalidated",
        "an active connection became invalid, and its user has to act",
    ),
    told("connection", "deleted", "a connection was revoked"),
    told(
        "account",
        "updated",
        "something of accounts changed that is not a balance",
    ),
    told(
        "transactions",
        "updated",
        "transactions came that were not there before",
    ),
    told("consent", "created", "a user gave a consent"),
    told("consent", "updated", "a consent was changed or extended"),
    told("consent", "expired", "a consent came to its end"),
    told("consent", "revoked", "a consent was taken back"),
    told("consent", "reminder", "a user is reminded of a consent"),
    told("consent", "warning", "a consent ends soon"),
    fed("consent", "archived", "consents were put away"),
    told("user", "created", "a user was made"),
    told("user", "updated", "a user changed"),
    told("user", "deleted", "a user was deleted with all data"),
    own("institution", "created", "a bank was described"),
    own(
        "institution",
        "updated",
        "a bank was renamed or its health declared, or an outage of it began or was ended",
    ),
    own(
        "hold",
        "created",
        "an operator holds back the refreshes of a bank or connection",
    ),
    own("hold", "released", "a hold was ended before its time"),
    own(
        "note",
        "created",
        "an operator wrote a note about a connection",
    ),
    own(
        "handling",
        "updated",
        "an operator took a connection on, put it off, or had its user asked",
    ),
    own("job", "created", "a job was made"),
    own("job", "updated", "a job moved"),
];

pub(crate) fn find(entity: &str, happened: &str) -> Option<&'static EventType> {
    TYPES
        .iter()
        .find(|t| t.entity == entity && t.happened == happened)
}

/// The type of this whole name: `user.created`.
pub(crate) fn named(name: &str) -> Option<&'static EventType> {
    let (entity, happened) = name.split_once('.')?;
    find(entity, happened)
}

/// What a typed `--entity` or `--type` stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds {
    /// The types asked for; none asks for every one, whatever its type.
    pub(crate) only: Option<Vec<&'static EventType>>,
}

/// The type may be one piece of a name, or the whole. The error is the word that names nothing.
pub(crate) fn kinds<'w>(
    entity: Option<&'w str>,
    happened: Option<&'w str>,
) -> Result<Kinds, &'w str> {
    if entity.is_none() && happened.is_none() {
        return Ok(Kinds::default());
    }
    if let Some(entity) = entity
        && !TYPES.iter().any(|t| t.entity == entity)
    {
        return Err(entity);
    }
    let fits = |t: &&EventType| {
        entity.is_none_or(|e| t.entity == e)
            && happened.is_none_or(|h| t.happened == h || t.name() == h)
    };
    let only: Vec<&EventType> = TYPES.iter().filter(fits).collect();
    match (only.is_empty(), happened) {
        (true, Some(happened)) => Err(happened),
        _ => Ok(Kinds { only: Some(only) }),
    }
}

/// Every word that `--entity` and `--type` know, for hints.
pub(crate) fn words() -> Vec<String> {
    let mut words: Vec<String> = TYPES
        .iter()
        .flat_map(|t| [t.entity.to_owned(), t.happened.to_owned(), t.name()])
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::ConnectionEvent;

    #[test]
    fn a_name_is_one_type_and_connections_have_all_of_theirs() {
        for one in TYPES {
            assert_eq!(
                TYPES.iter().filter(|t| t.name() == one.name()).count(),
                1,
                "{one:?}"
            );
            assert_eq!(find(one.entity, one.happened), Some(one));
            assert_eq!(named(&one.name()), Some(one));
        }
        use ConnectionEvent::{Activated, Created, Deleted, Invalidated, Updated};
        for event in [Created, Updated, Activated, Invalidated, Deleted] {
            assert!(find("connection", event.word()).is_some(), "{event:?}");
        }
        assert!(
            TYPES.iter().filter(|t| t.local()).all(|t| [
                "job",
                "institution",
                "hold",
                "note",
                "handling"
            ]
            .contains(&t.entity))
        );
        assert!(!find("connection", "updated").unwrap().webhook());
    }

    #[test]
    fn typed_words_leave_the_types_they_name() {
        let names = |entity, happened| {
            kinds(entity, happened).map(|k| {
                k.only
                    .map(|only| only.iter().map(|t| t.name()).collect::<Vec<_>>())
            })
        };
        assert_eq!(names(None, None), Ok(None));
        assert_eq!(
            names(Some("user"), Some("created")),
            Ok(Some(vec!["user.created".into()]))
        );
        assert_eq!(
            names(None, Some("connection.deleted")),
            Ok(Some(vec!["connection.deleted".into()]))
        );
        assert_eq!(
            names(None, Some("revoked")),
            Ok(Some(vec!["consent.revoked".into()]))
        );
        assert_eq!(names(Some("job"), None).unwrap().unwrap().len(), 2);
        assert_eq!(names(Some("usr"), None), Err("usr"));
        assert_eq!(names(Some("user"), Some("activated")), Err("activated"));
    }
}
