//! Made-up banks and people, played from `assets/banks`. Answers depend on question and seed, delays on the speed.

mod answer;
mod calendar;
pub(crate) mod failure_steps;
pub(crate) mod generated_people;
pub(crate) mod holding;
pub(crate) mod ledger;
mod logins;
pub(crate) mod merchants;
pub(crate) mod money_flows;
mod names;
pub(crate) mod people;
pub(crate) mod rng;
pub(crate) mod script;

use crate::connector::{Ask, Bank, Outcome};
use crate::domain::connection::Method;
use crate::domain::failure_codes::Failure;
use crate::domain::ids::InstitutionId;
use crate::domain::import_records::InstitutionRecord;
use crate::domain::job::Title;
use crate::domain::moment::Moment;
use futures::future::BoxFuture;
use script::Script;
use std::sync::Arc;
use std::time::Duration;

pub(crate) type Outages = Arc<dyn Fn(&InstitutionId, Moment) -> bool + Send + Sync>;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SandboxSettings {
    /// Scales what steps take; 0 is at once.
    pub(crate) speed: f64,
    pub(crate) seed: u64,
}

impl Default for SandboxSettings {
    fn default() -> Self {
        Self {
            speed: 1.0,
            seed: 7,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Sandbox {
    settings: SandboxSettings,
    outages: Option<Outages>,
}

impl Sandbox {
    pub(crate) fn new(settings: SandboxSettings) -> Self {
        Self {
            settings,
            outages: None,
        }
    }

    #[must_use]
    pub(crate) fn with_outages(self, outages: Outages) -> Self {
        Self {
            outages: Some(outages),
            ..self
        }
    }

    pub(crate) fn institutions() -> Vec<InstitutionRecord> {
        script::all().iter().map(Script::record).collect()
    }

    fn outcome(&self, ask: &Ask) -> Outcome {
        match &self.outages {
            Some(out) if out(&ask.institution, ask.now) => {
                Outcome::Failed(Failure::of("service-unavailable"))
            }
            _ => answer::answer(ask, self.settings.seed),
        }
    }

    /// A person who has not come yet keeps nobody waiting.
    fn pause(&self, ask: &Ask, outcome: &Outcome) -> Duration {
        if matches!(outcome, Outcome::AwaitsAuthorisation) {
            return Duration::ZERO;
        }
        let dice = rng::key(&[rng::text(&ask.idempotency_key), u64::from(ask.attempt)]);
        Script::find(&ask.institution).map_or(Duration::ZERO, |script| {
            self.slowed(script.duration(&ask.step, dice))
        })
    }

    fn slowed(&self, duration: Duration) -> Duration {
        // A speed that is no number, or below nothing, is taken for "at once".
        Duration::try_from_secs_f64(duration.as_secs_f64() * self.settings.speed)
            .unwrap_or_default()
    }
}

impl Bank for Sandbox {
    fn ask(&self, ask: Ask) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let outcome = self.outcome(&ask);
            let pause = self.pause(&ask, &outcome);
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            outcome
        })
    }

    fn patience(&self, ask: &Ask) -> Duration {
        let longest = Script::find(&ask.institution).map_or(0, |script| script.span(&ask.step)[1]);
        self.slowed(Duration::from_millis(longest))
            .saturating_mul(2)
            .max(Duration::from_secs(120))
    }
}

/// Whether jobs by this way at this bank may meet a challenge.
pub(crate) fn may_challenge(institution: &InstitutionId, method: Method) -> bool {
    Script::find(institution).is_some_and(|s| s.asks(method) != script::Asks::Never)
}

/// The fetching steps of a job, with the challenge where this bank asks this job.
pub(crate) fn steps(
    institution: &InstitutionId,
    method: Method,
    job: &crate::domain::ids::JobId,
) -> Vec<Title> {
    let asks = Script::find(institution).is_some_and(|s| s.challenges(method, job));
    let mut steps = vec![
        Title::VerifyCredentials,
        Title::RetrieveAccounts,
        Title::RetrieveTransactions,
    ];
    if asks {
        steps.insert(1, Title::MfaChallenge);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bank_data::Credentials;

    fn ask(bank: &str) -> Ask {
        Ask {
            idempotency_key: "job-1/verify-credentials".into(),
            job: "job-1".into(),
            attempt: 1,
            connection: "connection-1".into(),
            institution: bank.into(),
            method: Method::Web,
            credentials: Some(Credentials {
                login: "jared".into(),
                password: "django".into(),
                ..Credentials::default()
            }),
            authorisation: None,
            answers: None,
            challenged: false,
            step: Title::VerifyCredentials,
            since: None,
            now: Moment::parse("2026-03-10T09:00:00Z").expect("a time"),
        }
    }

    #[test]
    fn a_step_takes_its_time_at_the_speed_that_is_set() {
        for (speed, least, most) in [
            (0.0, 0, 0),
            (1.0, 2_000, 6_000),
            (0.5, 1_000, 3_000),
            (-1.0, 0, 0),
            (f64::NAN, 0, 0),
        ] {
            let bank = Sandbox::new(SandboxSettings { speed, seed: 7 });
            let took = bank
                .pause(&ask("AU00000"), &Outcome::Done { expiry: None })
                .as_millis();
            assert!((least..=most).contains(&took), "{speed}: {took}");
        }
    }

    #[test]
    fn nobody_waits_for_a_person_who_has_not_come() {
        let bank = Sandbox::new(SandboxSettings::default());
        let asked = Ask {
            method: Method::OpenBanking,
            ..ask("AU00000")
        };
        let outcome = bank.outcome(&asked);
        assert!(matches!(outcome, Outcome::AwaitsAuthorisation));
        assert_eq!(bank.pause(&asked, &outcome), Duration::ZERO);
    }

    #[tokio::test]
    async fn a_bank_that_is_out_of_order_fails_and_the_others_do_not() {
        let bank = Sandbox::new(SandboxSettings {
            speed: 0.0,
            seed: 7,
        })
        .with_outages(Arc::new(|bank, _| bank.as_str() == "AU00000"));
        assert!(
            matches!(bank.ask(ask("AU00000")).await, Outcome::Failed(f) if f.code == "service-unavailable")
        );
        assert!(matches!(
            bank.ask(ask("AU10001")).await,
            Outcome::Done { .. }
        ));
    }

    #[test]
    fn patience_outlasts_the_slowest_answer() {
        let bank = Sandbox::new(SandboxSettings {
            speed: 1000.0,
            seed: 7,
        });
        for institution in Sandbox::institutions() {
            let asked = ask(institution.id.as_str());
            let outcome = Outcome::Done { expiry: None };
            assert!(bank.pause(&asked, &outcome) < bank.patience(&asked));
        }
    }
}
