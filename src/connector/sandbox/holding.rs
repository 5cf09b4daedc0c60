//! An account of a made-up customer. Institution, login and seed decide its reference, number and scale.

use super::generated_people;
use super::money_flows::AccountPlan;
use super::people::Person;
use super::rng;
use super::script::Script;
use crate::domain::bank_data::{AccountDetails, BankAccount};
use crate::domain::secret::Secret;

#[derive(Clone, Debug)]
pub(crate) struct Holding {
    pub(crate) plan: &'static AccountPlan,
    pub(crate) reference: String,
    /// Decides everything about it that is random.
    pub(crate) key: u64,
    /// How its amounts relate to the plan's, in thousandths.
    pub(crate) scale: i64,
}

impl Holding {
    /// A plan's amount at this account's scale.
    pub(crate) fn scaled(&self, amount: i64) -> i64 {
        amount * self.scale / 1000
    }

    pub(crate) fn account(
        &self,
        script: &Script,
        person: &Person,
        balance: i64,
        held_back: i64,
    ) -> BankAccount {
        let plan = self.plan;
        let limit = plan.limit.map(|limit| self.scaled(limit) / 10_000 * 10_000);
        BankAccount {
            reference: self.reference.clone(),
            class: plan.class.clone(),
            currency: plan.currency.as_ref().unwrap_or(&script.currency).clone(),
            balance: Some(balance),
            available: match plan.class.as_str() {
                "mortgage" | "loan" | "term-deposit" => None,
                _ => Some(balance + held_back + limit.unwrap_or(0)),
            },
            credit_limit: limit,
            status: "available".to_owned(),
            details: AccountDetails {
                name: Secret::new(plan.name.as_str()),
                number: Secret::new(self.number()),
                holder: Secret::new(match &person.business {
                    Some(business) => business.to_uppercase(),
                    None => person.profile.full_name.expose().to_uppercase(),
                }),
                product: Secret::new(format!("{} {}", script.short_name, plan.product)),
                rest: Secret::new(match &person.business {
                    Some(_) => r#"{"accountOwnership":"OTHER","isBusiness":true}"#,
                    None => r#"{"accountOwnership":"ONE_PARTY"}"#,
                }),
            },
        }
    }

    /// BSB and number; of a card the last four only.
    fn number(&self) -> String {
        let dice = rng::mix(self.key ^ 0x6e75_6d62);
        if self.plan.class == "credit-card" {
            format!("xxxxxxxxxxxx{:04}", dice % 10_000)
        } else {
            format!("60{:04}{:09}", dice % 10_000, (dice >> 20) % 1_000_000_000)
        }
    }
}

pub(crate) fn holdings(seed: u64, script: &Script, person: &Person) -> Vec<Holding> {
    let login = match person.guest {
        // A guest's trouble is part of the login but not of the person.
        Some(number) => rng::key(&[0x6775, number]),
        None => rng::text(&person.login),
    };
    let customer = rng::key(&[seed, rng::text(&script.id), login]);
    let hold = |plan: &'static AccountPlan| {
        let key = rng::key(&[customer, rng::text(&plan.key)]);
        // Those with a script have round figures that are looked for; guests differ.
        let scale = if person.guest.is_some() {
            rng::span(rng::mix(key ^ 1), 600, 1700)
        } else {
            1000
        };
        Holding {
            plan,
            reference: format!("{key:016x}"),
            key,
            scale,
        }
    };
    match person.guest {
        Some(_) => generated_people::plans(customer)
            .filter(|p| p.government == script.government())
            .map(hold)
            .collect(),
        None => person
            .plans()
            .iter()
            .filter(|p| p.government == script.government())
            .map(hold)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seed: u64, bank: &str, login: &str) -> Vec<String> {
        let person = crate::connector::sandbox::logins::find(seed, login).unwrap();
        let script = Script::find(&bank.into()).unwrap();
        holdings(seed, script, &person)
            .into_iter()
            .map(|h| h.reference)
            .collect()
    }

    #[test]
    fn bank_login_and_seed_decide_the_references() {
        assert_eq!(at(7, "AU00000", "richard").len(), 10);
        assert_eq!(at(7, "AU00000", "richard"), at(7, "AU00000", "richard"));
        assert_ne!(at(7, "AU00000", "richard"), at(8, "AU00000", "richard"));
        assert_ne!(at(7, "AU00000", "richard"), at(7, "AU00002", "richard"));
        assert_eq!(
            at(7, "AU10001", "guest-5"),
            at(7, "AU10001", "guest-5+service-unavailable")
        );
    }

    #[test]
    fn the_government_holds_other_accounts() {
        assert_eq!(at(7, "AU00004", "gavinBelson").len(), 1);
        assert_eq!(at(7, "AU00000", "gavinBelson").len(), 3);
        assert!(at(7, "AU00004", "jared").is_empty());
    }

    #[test]
    fn a_card_gives_four_digits_only() {
        let person = crate::connector::sandbox::logins::find(7, "Wentworth-Smith").unwrap();
        let script = Script::find(&"AU00000".into()).unwrap();
        for holding in holdings(7, script, &person) {
            let digits = holding
                .number()
                .chars()
                .filter(char::is_ascii_digit)
                .count();
            assert_eq!(
                digits,
                if holding.plan.class == "credit-card" {
                    4
                } else {
                    15
                }
            );
        }
    }
}
