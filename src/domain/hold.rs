//! A hold: no refresh, retry or background turn begins at a bank, or for chosen connections, until its time.

use super::counts::count;
use super::ids::{HoldId, InstitutionId};
use super::moment::Moment;
use super::policy::ON_HOLD;
use super::words::words;
use super::zone::Zone;

/// How far ahead a hold may end; nobody remembers one for longer.
pub(crate) const LONGEST_MS: i64 = 90 * 86_400_000;

words! {
    Stage [word] {
        Active "active";
        Released "released";
        Ended "ended";
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) id: HoldId,
    /// The bank with its name; none for chosen connections.
    pub(crate) bank: Option<(InstitutionId, String)>,
    /// How many connections were chosen; none of them for a bank.
    pub(crate) connections: u64,
    pub(crate) made: Moment,
    pub(crate) until: Moment,
    /// When it ended, where that was before its time.
    pub(crate) ends: Moment,
    pub(crate) actor: String,
    pub(crate) reason: String,
    /// Who released it.
    pub(crate) released: Option<String>,
}

impl Hold {
    pub(crate) fn stage(&self, now: Moment) -> Stage {
        match &self.released {
            _ if self.ends > now => Stage::Active,
            Some(_) => Stage::Released,
            None => Stage::Ended,
        }
    }

    /// What it holds: the bank's name, or how many connections.
    pub(crate) fn whom(&self) -> String {
        match &self.bank {
            Some((_, name)) => name.clone(),
            None => count(self.connections, "connection"),
        }
    }

    /// One sentence: `Refreshes of Hooli are held until 14:00 UTC by monica: page changed (hold 1a2b3c).`
    pub(crate) fn words(&self, zone: Zone, now: Moment) -> String {
        let whom = match &self.bank {
            Some((_, name)) => name.as_str(),
            None => "this connection",
        };
        let (at, name) = (zone.spoken(self.until, now), zone.name(self.until));
        let why = match self.reason.as_str() {
            "" => String::new(),
            reason => format!(": {}", reason.trim_end_matches('.')),
        };
        format!(
            "Refreshes of {whom} are held until {at} {name} by {}{why} (hold {}).",
            self.actor,
            self.id.short()
        )
    }

    /// What to do about it.
    pub(crate) fn advice(&self) -> &'static str {
        ON_HOLD.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold() -> Hold {
        Hold {
            id: "0195-hold-1a2b3c".into(),
            bank: Some(("AU00000".into(), "Hooli".into())),
            connections: 0,
            made: Moment(0),
            until: Moment(10_000),
            ends: Moment(10_000),
            actor: "monica".into(),
            reason: "page changed.".into(),
            released: None,
        }
    }

    #[test]
    fn a_hold_ends_at_its_time_to_the_millisecond() {
        let hold = hold();
        assert_eq!(hold.stage(Moment(9_999)), Stage::Active);
        assert_eq!(hold.stage(Moment(10_000)), Stage::Ended);
        let released = Hold {
            ends: Moment(5_000),
            released: Some("jared".into()),
            ..hold
        };
        assert_eq!(released.stage(Moment(4_999)), Stage::Active);
        assert_eq!(released.stage(Moment(5_000)), Stage::Released);
    }

    #[test]
    fn a_hold_is_told_with_its_end_its_maker_and_its_reason() {
        let said = hold().words(Zone::UTC, Moment(0));
        assert_eq!(
            said,
            "Refreshes of Hooli are held until 00:00 UTC by monica: page changed (hold 1a2b3c)."
        );
        let some = Hold {
            bank: None,
            connections: 3,
            reason: String::new(),
            ..hold()
        };
        assert_eq!(
            some.words(Zone::UTC, Moment(0)),
            "Refreshes of this connection are held until 00:00 UTC by monica (hold 1a2b3c)."
        );
        assert_eq!(some.whom(), "3 connections");
    }
}
