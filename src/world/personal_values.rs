//! The personal values of a generated world, for `tests/e2e` to search files and output for.

use super::{World, WorldSettings};
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use std::collections::BTreeSet;

/// Of the world that `generate --connections N --seed N --transactions N` makes, of everybody or one user at one
/// institution. Values under eight characters are left out, because they occur by chance.
pub fn personal_values(
    (connections, seed, transactions): (u64, u64, u32),
    of: Option<(&str, &str)>,
) -> BTreeSet<String> {
    let settings = WorldSettings {
        connections,
        seed,
        transactions_per_account: transactions,
        at: Moment::parse("2026-03-10T09:41:07Z").expect("the moment `generate` puts its world at"),
        scenario: None,
    };
    let mut found = BTreeSet::new();
    let mut keep = |secret: &Secret| {
        // what a bank masked itself is shown as it came
        let masked_already = secret.expose().starts_with("XXXX");
        if secret.expose().chars().count() >= 8 && !masked_already {
            found.insert(secret.expose().to_owned());
        }
    };
    let theirs = |user: &UserId, bank: &InstitutionId| {
        of.is_none_or(|(u, b)| u == user.as_str() && b == bank.as_str())
    };
    for batch in World::new(settings).batches() {
        let links: BTreeSet<ConnectionId> = batch
            .connections
            .iter()
            .filter(|c| theirs(&c.user, &c.institution))
            .map(|c| c.id.clone())
            .collect();
        for connection in batch.connections.iter().filter(|c| links.contains(&c.id)) {
            let credentials = connection.credentials.iter();
            credentials.for_each(|c| keep(&c.password));
            for profile in connection.profile.iter() {
                let contacts = profile.phones.iter().chain(&profile.emails);
                contacts.for_each(&mut keep);
                profile.addresses.iter().for_each(|a| {
                    keep(&a.line1);
                    keep(&a.formatted);
                });
            }
        }
        for user in batch.users.iter().filter(|_| of.is_none()) {
            user.email.iter().chain(&user.mobile).for_each(&mut keep);
        }
        let accounts = batch.accounts.iter();
        let accounts: Vec<_> = accounts
            .filter(|a| theirs(&a.user, &a.institution))
            .collect();
        accounts
            .iter()
            .for_each(|a| keep(&a.account.details.number));
        for transaction in &batch.transactions {
            if accounts.iter().any(|a| a.id == transaction.account) {
                keep(&transaction.transaction.details.description);
                keep(&transaction.transaction.details.reference);
            }
        }
    }
    found
}
