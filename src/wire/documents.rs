//! The results of reading, and what could not become a record. Messages hold fields, types and ids, never a value.

use crate::domain::bank_data::Profile;
use crate::domain::connection::Status;
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::{AccountRecord, Batch};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::domain::words::words;

/// What a list says about everything in it.
#[derive(Clone, Default)]
pub(crate) struct Context {
    pub(crate) user: Option<UserId>,
}

/// The document behind a record. Those of one entity stand in the order of its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) entity: Entity,
    pub(crate) id: String,
    /// The connection it names beside what its record holds (transactions).
    pub(crate) connection: Option<ConnectionId>,
    /// The fields that it says are empty, which is more than not naming them.
    pub(crate) emptied: Vec<&'static str>,
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
        /// Who signed in, as a bank told it.
        Identity "identity";
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
            "identity" => Entity::Identity,
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
    /// Whether it lacks only the name of what it refers to.
    pub(crate) unnamed: bool,
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

/// A profile that came as a document of its own. It names its connection, or only whose it is and at which bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) user: Option<UserId>,
    pub(crate) institution: Option<InstitutionId>,
    pub(crate) updated: Moment,
    pub(crate) profile: Profile,
}

/// What an event says of the status of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatusTold {
    pub(crate) connection: ConnectionId,
    pub(crate) user: UserId,
    pub(crate) status: Status,
    pub(crate) at: Moment,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Documents {
    pub(crate) batch: Batch,
    /// Accounts known only from a summary; they must not replace a stored account.
    pub(crate) summaries: Vec<AccountRecord>,
    pub(crate) identities: Vec<Identity>,
    pub(crate) statuses: Vec<StatusTold>,
    pub(crate) placeholders: Vec<Placeholder>,
    /// The codes of the API's errors that stand where documents belong.
    pub(crate) errors: Vec<String>,
    /// How many values and documents were left out, each with a note.
    pub(crate) lost: u64,
    pub(crate) notes: Vec<Note>,
    pub(crate) loose: Vec<Loose>,
    pub(crate) mentions: Vec<Mention>,
    /// The documents behind the records.
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
        self.identities.append(&mut other.identities);
        self.statuses.append(&mut other.statuses);
        self.errors.append(&mut other.errors);
        self.lost += other.lost;
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
        let history = history + self.identities.len() + self.statuses.len();
        let others =
            self.summaries.len() + self.errors.len() + self.placeholders.len() + self.notes.len();
        records + history + others + self.loose.len() + self.mentions.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
