//! How many records of a batch were written.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ingested {
    pub(crate) institutions: u64,
    pub(crate) users: u64,
    pub(crate) connections: u64,
    pub(crate) accounts: u64,
    pub(crate) transactions: u64,
    pub(crate) jobs: u64,
    pub(crate) events: u64,
    pub(crate) consents: u64,
    pub(crate) identities: u64,
    pub(crate) unchanged: u64,
}

impl Ingested {
    pub(crate) fn add(&mut self, other: Ingested) {
        self.institutions += other.institutions;
        self.users += other.users;
        self.connections += other.connections;
        self.accounts += other.accounts;
        self.transactions += other.transactions;
        self.jobs += other.jobs;
        self.events += other.events;
        self.consents += other.consents;
        self.identities += other.identities;
        self.unchanged += other.unchanged;
    }

    pub(crate) fn count(&mut self, wrote: bool, field: fn(&mut Self) -> &mut u64) {
        match wrote {
            true => *field(self) += 1,
            false => self.unchanged += 1,
        }
    }

    /// Of all types, without the unchanged ones.
    pub(crate) fn sum(&self) -> u64 {
        self.by_type().iter().map(|(_, count)| count).sum()
    }

    /// Each type with its count, in the order in which they are told.
    pub(crate) fn by_type(&self) -> [(&'static str, u64); 9] {
        [
            ("institutions", self.institutions),
            ("users", self.users),
            ("connections", self.connections),
            ("accounts", self.accounts),
            ("transactions", self.transactions),
            ("jobs", self.jobs),
            ("events", self.events),
            ("consents", self.consents),
            ("identities", self.identities),
        ]
    }
}
