//! The behaviour of a sandbox bank as its file in `assets/banks` describes it: identity, methods, step times.

use super::rng;
use crate::domain::connection::Method;
use crate::domain::ids::{InstitutionId, JobId};
use crate::domain::import_records::{ConnectorRecord, InstitutionRecord};
use crate::domain::job::Title;
use serde::Deserialize;
use std::sync::LazyLock;
use std::time::Duration;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    /// `AU00000`.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) short_name: String,
    /// `Bank`, `Test Bank`, `Government`, ...
    pub(crate) kind: String,
    pub(crate) country: String,
    /// `1` (biggest) to `4`.
    pub(crate) tier: String,
    /// ISO 4217, for accounts that have none of their own.
    pub(crate) currency: String,
    /// How many days back the first fetch reaches.
    pub(crate) span_days: i64,
    /// How many customers it has in the made-up world, against the other banks.
    pub(crate) share: u64,
    /// The only logins it knows; everybody where the list is empty.
    #[serde(default)]
    pub(crate) admits: Vec<String>,
    pub(crate) durations: Durations,
    pub(crate) connector: Vec<ConnectorScript>,
}

/// Milliseconds per step, from and to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Durations {
    verify_credentials: [u64; 2],
    mfa_challenge: [u64; 2],
    retrieve_accounts: [u64; 2],
    retrieve_transactions: [u64; 2],
    retrieve_statements: [u64; 2],
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectorScript {
    method: String,
    authorization: String,
    status: String,
    stage: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    Never,
    Sometimes,
    Always,
}

impl Script {
    pub(crate) fn find(id: &InstitutionId) -> Option<&'static Script> {
        all().iter().find(|s| s.id == id.as_str())
    }

    pub(crate) fn offers(&self, method: Method) -> bool {
        self.connector(method).is_some()
    }

    /// Whether it is a government connector, which holds other accounts than a bank.
    pub(crate) fn government(&self) -> bool {
        self.kind == "Government"
    }

    pub(crate) fn admits(&self, login: &str) -> bool {
        self.admits.is_empty() || self.admits.iter().any(|known| known == login)
    }

    pub(crate) fn asks(&self, method: Method) -> Asks {
        match self.connector(method).map(|c| c.authorization.as_str()) {
            Some("user-mfa") => Asks::Always,
            Some("user-mfa-intermittent") => Asks::Sometimes,
            _ => Asks::Never,
        }
    }

    /// Whether this job meets a challenge; the same for every attempt of the job.
    pub(crate) fn challenges(&self, method: Method, job: &JobId) -> bool {
        match self.asks(method) {
            Asks::Never => false,
            Asks::Sometimes => rng::text(job.as_str()).is_multiple_of(2),
            Asks::Always => true,
        }
    }

    /// Milliseconds.
    pub(crate) fn span(&self, step: &Title) -> [u64; 2] {
        match step {
            Title::VerifyCredentials => self.durations.verify_credentials,
            Title::MfaChallenge => self.durations.mfa_challenge,
            Title::RetrieveAccounts => self.durations.retrieve_accounts,
            Title::RetrieveTransactions => self.durations.retrieve_transactions,
            Title::RetrieveStatements => self.durations.retrieve_statements,
            _ => [0, 0],
        }
    }

    pub(crate) fn duration(&self, step: &Title, dice: u64) -> Duration {
        let [least, most] = self.span(step);
        Duration::from_millis(least + rng::scale(dice, most.saturating_sub(least) + 1))
    }

    pub(crate) fn record(&self) -> InstitutionRecord {
        InstitutionRecord {
            id: self.id.as_str().into(),
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            kind: self.kind.clone(),
            country: self.country.clone(),
            tier: self.tier.clone(),
            connectors: self
                .connector
                .iter()
                .map(|c| ConnectorRecord {
                    method: Method::parse(&c.method).expect("a test reads every embedded bank"),
                    stage: c.stage.clone(),
                    status: c.status.clone(),
                    authorization: c.authorization.clone(),
                })
                .collect(),
        }
    }

    fn connector(&self, method: Method) -> Option<&ConnectorScript> {
        self.connector.iter().find(|c| c.method == method.word())
    }
}

const FILES: [&str; 17] = [
    include_str!("../../../assets/banks/hooli.toml"),
    include_str!("../../../assets/banks/pied-piper.toml"),
    include_str!("../../../assets/banks/nucleus.toml"),
    include_str!("../../../assets/banks/hooli-gov.toml"),
    include_str!("../../../assets/banks/fabrikam.toml"),
    include_str!("../../../assets/banks/contoso.toml"),
    include_str!("../../../assets/banks/acme.toml"),
    include_str!("../../../assets/banks/tailspin.toml"),
    include_str!("../../../assets/banks/litware.toml"),
    include_str!("../../../assets/banks/northwind.toml"),
    include_str!("../../../assets/banks/adatum.toml"),
    include_str!("../../../assets/banks/woodgrove.toml"),
    include_str!("../../../assets/banks/wingtip.toml"),
    include_str!("../../../assets/banks/proseware.toml"),
    include_str!("../../../assets/banks/alpine.toml"),
    include_str!("../../../assets/banks/trey.toml"),
    include_str!("../../../assets/banks/southridge.toml"),
];

static SCRIPTS: LazyLock<Vec<Script>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|file| toml::from_str(file).expect("embedded, and read by a test"))
        .collect()
});

/// Every bank, in order of id.
pub(crate) fn all() -> &'static [Script] {
    &SCRIPTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bank_is_whole_and_stands_once() {
        let mut ids: Vec<_> = all().iter().map(|s| s.id.clone()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), FILES.len());
        for script in all() {
            let record = script.record();
            assert!(
                !record.connectors.is_empty() && script.span_days > 0,
                "{}",
                script.id
            );
            for title in [
                Title::VerifyCredentials,
                Title::RetrieveAccounts,
                Title::RetrieveTransactions,
            ] {
                assert!(
                    script.span(&title)[0] <= script.span(&title)[1],
                    "{} {title:?}",
                    script.id
                );
            }
        }
    }

    #[test]
    fn a_run_takes_three_to_thirty_seconds() {
        for script in all() {
            let total = |at: usize| {
                [
                    Title::VerifyCredentials,
                    Title::RetrieveAccounts,
                    Title::RetrieveTransactions,
                ]
                .iter()
                .map(|title| script.span(title)[at])
                .sum::<u64>()
            };
            assert!(
                total(0) >= 3_000 && total(1) <= 30_000,
                "{}: {} to {}",
                script.id,
                total(0),
                total(1)
            );
        }
    }

    #[test]
    fn the_test_banks_ask_as_they_are_known_to() {
        let asks = |id: &str| Script::find(&id.into()).unwrap().asks(Method::Web);
        assert_eq!(asks("AU00000"), Asks::Never);
        assert_eq!(asks("AU00002"), Asks::Always);
        assert_eq!(asks("AU00003"), Asks::Sometimes);
        let nucleus = Script::find(&"AU00003".into()).unwrap();
        let asked = (0..1000)
            .filter(|n| nucleus.challenges(Method::Web, &format!("job-{n}").into()))
            .count();
        assert!((400..600).contains(&asked), "{asked}");
    }
}
