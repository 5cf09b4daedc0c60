//! Consents of generated users. They last for years: a generated world is looked at long after its date.

use super::World;
use super::story::Story;
use crate::connector::sandbox::rng::{Chance, key};
use crate::domain::connection::Status;
use crate::domain::consent::{self, Consent};
use crate::domain::ids::UserId;

const YEAR: i64 = 365 * 86_400_000;

pub(crate) fn consent(world: &World, number: u64, user: &UserId, stories: &[Story]) -> Consent {
    let at = world.settings.at;
    let dice_key = key(&[world.settings.seed, number, 0x636f_6e73]);
    let mut dice = Chance::new(dice_key);
    let first = stories.iter().map(|s| s.created).min().unwrap_or(at);
    let last = stories.iter().map(|s| s.created).max().unwrap_or(at);
    let created = first.plus_ms(-dice.between(30_000, 600_000));
    let mut given = Consent::given(super::id(created, dice_key).into(), user.clone(), created);
    given.updated = created.max(last);
    given.reminded = Some(given.updated);
    let nothing_left = stories
        .iter()
        .all(|s| s.status == Status::Deleted && s.accounts_at.is_none());
    if !nothing_left {
        given.expiry = at.plus_ms(dice.between(10 * YEAR, 11 * YEAR));
        return given;
    }
    let ended = stories.iter().map(|s| s.since).max().unwrap_or(at);
    if given.expiry <= at {
        given.status = consent::Status::Expired;
    } else {
        (given.status, given.updated, given.revoked) =
            (consent::Status::Revoked, ended, Some(ended));
    }
    given
}
