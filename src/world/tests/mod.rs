//! Generated worlds are reproducible, hold every status and code, and have a past that the rules allow.

mod history;
mod population;

use super::*;
use crate::connector::sandbox::{Sandbox, SandboxSettings, script};
use crate::connector::{Ask, Authorisation, Bank, Outcome};
use crate::domain::connection::{Label, Method, Status};
use crate::domain::failure_codes::RULES;
use crate::domain::import_records::{ConnectionRecord, JobRecord, UserRecord};
use crate::domain::job::{self, Kind, State, StepStatus, Title};
use futures::FutureExt;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

fn settings(connections: u64, transactions_per_account: u32) -> WorldSettings {
    let at = Moment::parse("2026-03-10T09:41:07Z").unwrap();
    WorldSettings {
        connections,
        seed: 7,
        transactions_per_account,
        at,
        scenario: None,
    }
}

fn whole(settings: WorldSettings) -> Batch {
    let mut all = Batch::default();
    for mut batch in World::new(settings).batches() {
        all.users.append(&mut batch.users);
        all.connections.append(&mut batch.connections);
        all.accounts.append(&mut batch.accounts);
        all.transactions.append(&mut batch.transactions);
        all.jobs.append(&mut batch.jobs);
        all.events.append(&mut batch.events);
    }
    all
}

/// A fingerprint of everything, the hidden parts too.
fn fingerprint(settings: WorldSettings) -> u64 {
    let all = whole(settings);
    let mut hasher = DefaultHasher::new();
    format!("{all:?}").hash(&mut hasher);
    for user in &all.users {
        [&user.email, &user.mobile]
            .map(|s| s.as_ref().map(|s| s.expose().to_owned()))
            .hash(&mut hasher);
    }
    for connection in &all.connections {
        connection
            .credentials
            .as_ref()
            .map(|c| c.password.expose().to_owned())
            .hash(&mut hasher);
        connection
            .profile
            .as_ref()
            .map(|p| p.addresses[0].formatted.expose().to_owned())
            .hash(&mut hasher);
    }
    for account in &all.accounts {
        account.account.details.number.expose().hash(&mut hasher);
    }
    for transaction in &all.transactions {
        transaction
            .transaction
            .details
            .description
            .expose()
            .hash(&mut hasher);
    }
    hasher.finish()
}

fn jobs(all: &Batch) -> BTreeMap<&str, Vec<&JobRecord>> {
    let mut by_connection: BTreeMap<&str, Vec<&JobRecord>> = BTreeMap::new();
    for job in &all.jobs {
        by_connection
            .entry(job.connection.as_str())
            .or_default()
            .push(job);
    }
    by_connection
}

fn label(connection: &ConnectionRecord) -> Label {
    Label::of(connection.status, connection.ever_active)
}
