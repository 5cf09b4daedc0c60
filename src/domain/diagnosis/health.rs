//! The declared health of a connector, and what it means for a failed fetch (docs/domain.md 9).

use crate::domain::words::words;

words! {
    Health [word words short] parse {
        Operational "operational" "it works" "up";
        DegradedPerformance "degraded-performance" "it is unreliable" "degraded";
        PartialOutage "partial-outage" "it is partly down" "partial outage";
        MajorOutage "major-outage" "it is down" "major outage";
        UnderMaintenance "under-maintenance" "it is being worked on" "maintenance";
    }
}

impl Health {
    /// How much it weighs against the others; the more, the worse.
    pub(crate) fn weight(self) -> u8 {
        match self {
            Health::Operational => 0,
            Health::UnderMaintenance => 1,
            Health::DegradedPerformance => 2,
            Health::PartialOutage => 3,
            Health::MajorOutage => 4,
        }
    }

    /// What an operator does while it lasts (docs/domain.md 9).
    pub(crate) fn advice(self) -> &'static [&'static str] {
        match self {
            Health::Operational => {
                &["Take a failure as the trouble of the connection it happened to."]
            }
            Health::UnderMaintenance => {
                &["Go on as usual: it is being worked on and can be used all the same."]
            }
            Health::DegradedPerformance | Health::PartialOutage | Health::MajorOutage => {
                self.to_do().expect("an outage has its own advice")
            }
        }
    }

    pub(crate) fn evidence(self) -> &'static str {
        match self {
            Health::Operational => {
                "The bank's service is up, so the fault lies with this connection."
            }
            Health::DegradedPerformance => {
                "The connector is reported as slow or unreliable (degraded performance)."
            }
            Health::PartialOutage => "The connector is reported as partly down (partial outage).",
            Health::MajorOutage => {
                "The connector is reported as down for nearly everybody (major outage)."
            }
            Health::UnderMaintenance => "The connector is being worked on; it can still be used.",
        }
    }

    /// What to do about a failure that is not the user's, where the report changes it.
    pub(crate) fn to_do(self) -> Option<&'static [&'static str]> {
        match self {
            Health::Operational | Health::UnderMaintenance => None,
            Health::DegradedPerformance | Health::PartialOutage => Some(&[
                "Wait 10 minutes, then refresh once.",
                "After two or three failures report the connection id to the connector's support.",
            ]),
            Health::MajorOutage => Some(&[
                "Do not retry until the outage is lifted.",
                "Tell the users of this bank that it is out of reach; one message for all of them will do.",
            ]),
        }
    }

    pub(crate) fn will_not_help(self) -> Option<&'static str> {
        (self == Health::MajorOutage).then_some(
            "Refreshing during the outage: it fails for everybody and loads a bank in trouble.",
        )
    }
}
