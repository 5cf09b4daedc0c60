//! The results of reading, and what could not become a record. Messages hold fields, types and ids, never a value.

use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::import_records::{AccountRecord, Batch};
use crate::domain::secret::Secret;
use crate::domain::words::words;

/// What a list says about everything in it.
#[derive(Clone, Default)]
pub(crate) struct Context {
    pub(crate) user: Option<UserId>,
}

/// A document as it came, for a record that must wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) entity: Entity,
    pub(crate) id: String,
    /// The connection it names beside what its record holds (transactions).
    pub(crate) connection: Option<ConnectionId>,
    /// Its JSON, in which placeholders are null.
    pub(crate) raw: Secret,
}

words! {
    Entity [word] {
        Institution "institution";
        User "user";
        Connection "connection";
        Account "account";
        Transaction "transaction";
        Job "job";
        Event "event";
        Consent "consent";
        /// Anything else.
        Other "document";
    }
}

impl Entity {
    /// Reads a `type`; a connector is one way to an institution.
    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "institution" | "connector" => Entity::Institution,
            "user" => Entity::User,
            "connection" => Entity::Connection,
            "account" => Entity::Account,
            "transaction" => Entity::Transaction,
            "job" => Entity::Job,
            "event" => Entity::Event,
            "consent" => Entity::Consent,
            _ => Entity::Other,
        }
    }
}

/// A field that holds the name of a value and not the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placeholder {
    /// Its path, `$.data[0].links.source`; the second document of a stream begins `2:$`.
    pub(crate) at: String,
    /// What stands there, `{source}`.
    pub(crate) text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) at: String,
    pub(crate) what: String,
}

/// A document that cannot become a record, kept as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loose {
    pub(crate) entity: Entity,
    pub(crate) id: Option<String>,
    pub(crate) at: String,
    pub(crate) why: String,
    /// Its JSON, in which placeholders are null.
    pub(crate) raw: Secret,
}

/// An id that a document refers to without holding the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) entity: Entity,
    pub(crate) id: String,
    pub(crate) at: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Documents {
    pub(crate) batch: Batch,
    /// Accounts known only from a summary; they must not replace a stored account.
    pub(crate) summaries: Vec<AccountRecord>,
    pub(crate) placeholders: Vec<Placeholder>,
    pub(crate) notes: Vec<Note>,
    pub(crate) loose: Vec<Loose>,
    pub(crate) mentions: Vec<Mention>,
    /// The documents behind the records, for what may have to wait.
    pub(crate) sources: Vec<Source>,
}

impl Documents {
    pub(crate) fn append(&mut self, mut other: Documents) {
        let (mine, others) = (&mut self.batch, &mut other.batch);
        mine.institutions.append(&mut others.institutions);
        mine.users.append(&mut others.users);
        mine.connections.append(&mut others.connections);
        mine.accounts.append(&mut others.accounts);
        mine.transactions.append(&mut others.transactions);
        mine.jobs.append(&mut others.jobs);
        mine.events.append(&mut others.events);
        mine.consents.append(&mut others.consents);
        self.summaries.append(&mut other.summaries);
        self.placeholders.append(&mut other.placeholders);
        self.notes.append(&mut other.notes);
        self.loose.append(&mut other.loose);
        self.mentions.append(&mut other.mentions);
        self.sources.append(&mut other.sources);
    }

    pub(crate) fn len(&self) -> usize {
        let b = &self.batch;
        let records = b.institutions.len() + b.users.len() + b.connections.len() + b.accounts.len();
        let history = b.transactions.len() + b.jobs.len() + b.events.len() + b.consents.len();
        let others = self.summaries.len() + self.placeholders.len() + self.notes.len();
        records + history + others + self.loose.len() + self.mentions.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
