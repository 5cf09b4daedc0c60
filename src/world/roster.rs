//! Who has how many connections and where: one to four per user, spread by the banks' shares.

use super::World;
use super::planted;
use super::scenario::Fate;
use crate::connector::sandbox::rng::{Chance, key};
use crate::connector::sandbox::script::{self, Script};
use crate::domain::connection::{Label, Method};

pub(crate) struct Household {
    pub(crate) user: u64,
    pub(crate) links: Vec<Link>,
}

#[derive(Clone, Copy)]
pub(crate) struct Link {
    pub(crate) number: u64,
    pub(crate) fate: Fate,
    pub(crate) script: &'static Script,
    pub(crate) method: Method,
    pub(crate) guest: u64,
}

/// Users in a thousand who have more than so many links.
const MORE_THAN: [u64; 3] = [440, 180, 60];

/// Second links in a thousand that lead to the bank of the one before.
const TWINS: u64 = 70;

/// The same, where the one before was revoked: people come back.
const RETURNS: u64 = 350;

/// Links in a thousand that go by open banking where both ways are open.
const OPEN_BANKING: u64 = 340;

/// Who signs in by a second login at the same bank.
const PARTNERS: u64 = 900_000_000;

pub(crate) fn household(world: &World, user: u64, first: u64) -> Household {
    let settings = &world.settings;
    let mut dice = Chance::new(key(&[settings.seed, user, 0x686f_7573]));
    let roll = dice.below(1000);
    let wanted = 1 + MORE_THAN.iter().filter(|share| roll < **share).count() as u64;
    let mut links: Vec<Link> = Vec::with_capacity(4);
    for number in first..first.saturating_add(wanted).min(settings.connections) {
        let fate = planted::fate(settings, user, number, Fate::of(&world.quota, number));
        let beside = links
            .last()
            .and_then(|last| beside(last, number, fate, user, &mut dice));
        let Some(link) = beside.or_else(|| elsewhere(&links, number, fate, user, &mut dice)) else {
            // The user is at every bank that would do; the connection becomes the next user's first.
            break;
        };
        links.push(link);
    }
    Household { user, links }
}

/// A link to the bank of the one before: by the same method and a second login, or anew after a revoke.
fn beside(last: &Link, number: u64, fate: Fate, user: u64, dice: &mut Chance) -> Option<Link> {
    let revoked = last.fate.label == Label::Deleted;
    let again = dice.per_mille(if revoked { RETURNS } else { TWINS });
    let method = if revoked {
        pick_method(last.script, fate, dice)
    } else {
        Some(last.method)
    };
    let method = method.filter(|m| again && fate.fits(last.script, *m))?;
    let guest = if revoked { user } else { PARTNERS + user };
    Some(Link {
        number,
        fate,
        script: last.script,
        method,
        guest,
    })
}

fn elsewhere(
    links: &[Link],
    number: u64,
    fate: Fate,
    user: u64,
    dice: &mut Chance,
) -> Option<Link> {
    let open = |script: &&'static Script| {
        script.share > 0
            && Method::ALL.into_iter().any(|m| fate.fits(script, m))
            && links.iter().all(|l| l.script.id != script.id)
    };
    let mut roll = dice.below(script::all().iter().filter(open).map(|s| s.share).sum());
    let chosen = script::all().iter().filter(open).find(|script| {
        let here = roll < script.share;
        roll = roll.saturating_sub(script.share);
        here
    });
    let script = chosen?;
    let method = pick_method(script, fate, dice)?;
    Some(Link {
        number,
        fate,
        script,
        method,
        guest: user,
    })
}

fn pick_method(script: &Script, fate: Fate, dice: &mut Chance) -> Option<Method> {
    let lean = if dice.per_mille(OPEN_BANKING) {
        Method::OpenBanking
    } else {
        Method::Web
    };
    let other = if lean == Method::Web {
        Method::OpenBanking
    } else {
        Method::Web
    };
    [lean, other].into_iter().find(|m| fate.fits(script, *m))
}
