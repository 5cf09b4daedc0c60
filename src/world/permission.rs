//! What a user has permitted: one consent each, old enough for the connections made under it. One that has
//! ended is only told where nothing is left that its end would have taken.

use super::World;
use super::story::Story;
use crate::connector::sandbox::chance::{Chance, key};
use crate::domain::connection::Status;
use crate::domain::consent::{self, Consent, reminder_at, warning_at};
use crate::domain::ids::UserId;
use crate::domain::moment::Moment;

const DAY: i64 = 86_400_000;

/// Of so many in a thousand that were extended, the end is near.
const NEAR: u64 = 30;

/// The consent of this user.
pub fn consent(world: &World, number: u64, user: &UserId, stories: &[Story]) -> Consent {
    let at = world.settings.at;
    let dice_key = key(&[world.settings.seed, number, 0x636f_6e73]);
    let mut dice = Chance::new(dice_key);
    let first = stories.iter().map(|s| s.created).min().unwrap_or(at);
    let last = stories.iter().map(|s| s.created).max().unwrap_or(at);
    let created = first.plus_ms(-dice.between(30_000, 600_000));
    let mut given = Consent::given(super::id(created, dice_key).into(), user.clone(), created);
    let nothing_left = stories.iter().all(|s| s.status == Status::Deleted && s.accounts_at.is_none());
    if nothing_left && !stories.is_empty() {
        let ended = stories.iter().map(|s| s.since).max().unwrap_or(at);
        (given.status, given.updated, given.revoked) = (consent::Status::Revoked, ended, Some(ended));
        return given;
    }
    if given.expiry <= at {
        // it was extended since, at the latest before it would have run out
        let ago = if dice.per_mille(NEAR) { dice.between(359 * DAY, 364 * DAY) } else { dice.between(DAY, 357 * DAY) };
        given.updated = at.plus_ms(-ago);
        given.expiry = given.updated.plus_ms(consent::DAYS * DAY);
    }
    given.updated = given.updated.max(last);
    let past = |moment: Moment| (moment <= at).then_some(moment);
    given.warned = past(warning_at(given.expiry));
    given.reminded = past(reminder_at(given.updated));
    given
}
