//! What a scenario plants into a made-up world. Everything else of that world stays as it is without one.

use super::WorldSettings;
use super::roster::Link;
use super::scenario::{Fate, Why};
use crate::connector::sandbox::rng::{Chance, key};
use crate::connector::sandbox::script::{self, Asks, Script};
use crate::domain::connection::Method;
use crate::domain::failure_codes::Failure;
use crate::domain::job::Title;
use crate::domain::moment::Moment;
use crate::domain::words::words;

words! {
    Scenario [word words] parse {
        Outage "outage" "a bank changed its page: fetches by web fail at sign-in since 09:10";
        ThreeBanks "three-banks" "three banks cannot be reached since 09:10";
        Consents "consents" "many consents at banks end within the week";
        Abandoned "abandoned" "users left the bank's page more than a day ago";
        StaleCaller "stale-caller" "the user with the mobile 0400 555 190 has data of a week ago";
    }
}

/// The mobile of the user who calls, as it is stored.
pub(crate) const CALLER: &str = "+61400555190";

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// When the planted trouble of banks begins, in the day.
const BEGINS: i64 = 9 * HOUR + 10 * MINUTE;

/// Of a hundred active connections at a bank in trouble, how many were tried since; the others come later.
const TRIED: u64 = 60;

/// Of a thousand active connections by open banking, how many consents end and how many were never finished instead.
const ENDING: u64 = 60;
const LEFT: u64 = 25;

/// What a scenario does to a connection at a bank in trouble.
pub(crate) enum Trouble {
    /// Its refresh at this moment failed so, and waits for its retry.
    Fails(Moment, Title, Failure),
    /// It was last refreshed before the trouble began, at this moment.
    Before(Moment),
}

/// A fate that a scenario puts in the place of the usual one.
pub(crate) fn fate(settings: &WorldSettings, user: u64, number: u64, fate: Fate) -> Fate {
    let mut dice = Chance::new(key(&[settings.seed, number, 0x706c_616e]));
    match settings.scenario {
        Some(Scenario::StaleCaller) if user == 0 && number == 0 => {
            Fate::broken(Why::Code("account-not-accessible-requires-user-action"))
        }
        Some(Scenario::Consents) if fate.plainly_active() && dice.per_mille(ENDING) => {
            Fate::ending()
        }
        Some(Scenario::Abandoned) if fate.plainly_active() && dice.per_mille(LEFT) => Fate::left(),
        _ => fate,
    }
}

/// When the first connection of the user who calls failed: what is stored is a week old.
pub(crate) fn failed_at(settings: &WorldSettings, link: &Link) -> Option<Moment> {
    let caller = settings.scenario == Some(Scenario::StaleCaller) && link.number == 0;
    caller.then(|| settings.at.plus_ms(-7 * DAY))
}

/// When somebody began and left who is planted: more than a day ago.
pub(crate) fn left_at(settings: &WorldSettings, dice: &mut Chance) -> Option<Moment> {
    let planted = settings.scenario == Some(Scenario::Abandoned);
    planted.then(|| settings.at.plus_ms(-dice.between(26 * HOUR, 6 * DAY)))
}

/// The banks that are in trouble in a scenario, the biggest first, and with what they fail by web.
fn troubled(scenario: Scenario) -> Option<(usize, Title, &'static str)> {
    match scenario {
        Scenario::Outage => Some((1, Title::VerifyCredentials, "connector-error")),
        Scenario::ThreeBanks => Some((3, Title::VerifyCredentials, "service-unavailable")),
        Scenario::Consents | Scenario::Abandoned | Scenario::StaleCaller => None,
    }
}

fn banks(count: usize) -> Vec<&'static Script> {
    let plain = |script: &&Script| script.share > 0 && script.asks(Method::Web) == Asks::Never;
    let mut all: Vec<&Script> = script::all()
        .iter()
        .filter(|script| script.offers(Method::Web))
        .filter(plain)
        .collect();
    all.sort_by(|a, b| b.share.cmp(&a.share).then_with(|| a.id.cmp(&b.id)));
    all.truncate(count);
    all
}

/// The moment at which planted trouble begins: 09:10 of the day of the world, or of the day before when that is to come.
pub(crate) fn began(at: Moment) -> Moment {
    let today = at.day().plus_ms(BEGINS);
    match today.plus_ms(10 * MINUTE) <= at {
        true => today,
        false => today.plus_ms(-DAY),
    }
}

pub(crate) fn trouble(settings: &WorldSettings, link: &Link) -> Option<Trouble> {
    let (count, step, code) = troubled(settings.scenario?)?;
    let here = banks(count).iter().any(|bank| bank.id == link.script.id);
    if !here || link.method != Method::Web || !link.fate.plainly_active() {
        return None;
    }
    let began = began(settings.at);
    let lasts = settings.at.since(began);
    let mut dice = Chance::new(key(&[settings.seed, link.number, 0x6f75_7461]));
    Some(match dice.below(100) < TRIED {
        true => Trouble::Fails(
            began.plus_ms(dice.between(0, lasts - MINUTE)),
            step,
            Failure::of(code),
        ),
        false => Trouble::Before(began.plus_ms(-dice.between(5 * MINUTE, 20 * HOUR))),
    })
}
