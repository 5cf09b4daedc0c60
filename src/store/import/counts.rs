//! What a batch came to, in numbers. Deliberately absent: how it is written.

/// How many records of each type went in, and how many were there as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ingested {
    /// Banks.
    pub(crate) institutions: u64,
    /// People.
    pub(crate) users: u64,
    /// Links.
    pub(crate) connections: u64,
    /// Accounts.
    pub(crate) accounts: u64,
    /// Transactions.
    pub(crate) transactions: u64,
    /// Jobs.
    pub(crate) jobs: u64,
    /// Events.
    pub(crate) events: u64,
    /// Consents.
    pub(crate) consents: u64,
    /// Records that changed nothing.
    pub(crate) unchanged: u64,
}

impl Ingested {
    /// Adds what another batch came to.
    pub(crate) fn add(&mut self, other: Ingested) {
        self.institutions += other.institutions;
        self.users += other.users;
        self.connections += other.connections;
        self.accounts += other.accounts;
        self.transactions += other.transactions;
        self.jobs += other.jobs;
        self.events += other.events;
        self.consents += other.consents;
        self.unchanged += other.unchanged;
    }

    pub(crate) fn count(&mut self, wrote: bool, field: fn(&mut Self) -> &mut u64) {
        match wrote {
            true => *field(self) += 1,
            false => self.unchanged += 1,
        }
    }
}
