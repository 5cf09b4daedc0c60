//! A cause: broken connections that failed alike, with whose move it is and the remedy from the tables.

use super::context::OTHERS_GET_THROUGH;
use super::health::Health;
use super::outage::Outage;
use super::states::UNEXPLAINED;
use super::{Advice, Whose, advice_for};
use crate::domain::connection::Method;
use crate::domain::failure_codes::Failure;
use crate::domain::hold::Hold;
use crate::domain::ids::InstitutionId;
use crate::domain::job::Title;
use crate::domain::moment::Moment;
use crate::domain::words::words;

words! {
    Trend [word] {
        Rising "rising";
        Steady "steady";
        Falling "falling";
    }
}

/// The connections of a bank that failed by the same method, at the same step, with the same code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) institution: InstitutionId,
    pub(crate) institution_name: String,
    pub(crate) method: Method,
    /// None where no fetch is known here.
    pub(crate) step: Option<Title>,
    pub(crate) code: Option<String>,
    pub(crate) count: u64,
    /// How many of them a job still tries by itself.
    pub(crate) retrying: u64,
    /// When the first and the last of them broke.
    pub(crate) first: Moment,
    pub(crate) last: Moment,
    /// How many broke in the last hour, in the last 24 hours, and in the 24 hours before.
    pub(crate) hour: u64,
    pub(crate) day: u64,
    pub(crate) before: u64,
}

/// What the tables say of a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remedy {
    pub(crate) headline: &'static str,
    pub(crate) whose: Whose,
    pub(crate) what_to_do: &'static [&'static str],
}

/// A cause with what is known of its bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CauseShown {
    pub(crate) cause: Cause,
    pub(crate) remedy: Remedy,
    pub(crate) outage: Option<Outage>,
    /// The hold of the bank that is in force.
    pub(crate) hold: Option<Hold>,
}

impl Cause {
    pub(crate) fn trend(&self) -> Trend {
        match self.day.cmp(&self.before) {
            std::cmp::Ordering::Greater => Trend::Rising,
            std::cmp::Ordering::Equal => Trend::Steady,
            std::cmp::Ordering::Less => Trend::Falling,
        }
    }

    fn advice(&self) -> Advice {
        let challenge = self.step == Some(Title::MfaChallenge);
        match &self.code {
            Some(code) => advice_for(&Failure::of(code), challenge),
            None => UNEXPLAINED,
        }
    }

    /// A known outage of the bank outweighs what a single failure says, unless its user has to act all the same. Where
    /// the bank failed and others got through at `works`, after all of these, nobody tries again unasked.
    pub(crate) fn remedy(&self, outage: Option<Outage>, works: Option<Moment>) -> Remedy {
        let advice = self.advice();
        let down = outage.and_then(|_| Health::MajorOutage.to_do());
        let mended = || {
            let challenge = self.step == Some(Title::MfaChallenge);
            let code = self.code.as_deref().map(Failure::of);
            advice.whose == Whose::Bank
                && works.is_some_and(|works| works > self.last)
                && code.is_some_and(|failure| advice.passes(&failure, challenge))
        };
        let (whose, what_to_do) = match down.filter(|_| advice.whose != Whose::User) {
            Some(what_to_do) => (Whose::Bank, what_to_do),
            None if mended() => (Whose::Us, OTHERS_GET_THROUGH),
            None => (advice.whose, advice.to_do(self.method)),
        };
        Remedy {
            headline: advice.headline,
            whose,
            what_to_do,
        }
    }

    /// The filter that finds these connections, and those of the same kind that only retry.
    pub(crate) fn filter(&self) -> String {
        let mut filter = format!("bank={} via:{}", self.institution, self.method.short());
        if let Some(step) = &self.step {
            filter.push_str(&format!(" step:{}", step.word()));
        }
        match &self.code {
            Some(code) => filter.push_str(&format!(" error:{code}")),
            None => filter.push_str(" status:invalid,failed"),
        }
        filter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(code: Option<&str>, day: u64, before: u64) -> Cause {
        Cause {
            institution: "AU00000".into(),
            institution_name: "Hooli".into(),
            method: Method::Web,
            step: Some(Title::VerifyCredentials),
            code: code.map(str::to_owned),
            count: 9,
            retrying: 0,
            first: Moment(0),
            last: Moment(0),
            hour: 0,
            day,
            before,
        }
    }

    #[test]
    fn the_trend_compares_a_day_with_the_day_before() {
        for (day, before, trend) in [
            (3, 2, Trend::Rising),
            (2, 2, Trend::Steady),
            (0, 0, Trend::Steady),
            (0, 1, Trend::Falling),
        ] {
            assert_eq!(cause(None, day, before).trend(), trend);
        }
    }

    #[test]
    fn what_a_bank_failed_with_is_ours_once_others_get_through_after_all_of_it() {
        let down = Some(Outage {
            reported: true,
            measured: None,
        });
        let (before, after) = (Some(Moment(0)), Some(Moment(1)));
        for (code, outage, works, whose) in [
            ("service-unavailable", None, after, Whose::Us),
            ("service-unavailable", None, before, Whose::Bank),
            ("service-unavailable", down, after, Whose::Bank),
            ("invalid-credentials", None, after, Whose::User),
        ] {
            let remedy = cause(Some(code), 0, 0).remedy(outage, works);
            assert_eq!(remedy.whose, whose, "{code} {outage:?} {works:?}");
        }
    }

    #[test]
    fn the_remedy_is_that_of_the_tables_and_an_outage_makes_it_the_banks_move() {
        let down = Some(Outage {
            reported: true,
            measured: None,
        });
        for (code, whose, in_outage) in [
            (Some("invalid-credentials"), Whose::User, Whose::User),
            (Some("service-unavailable"), Whose::Bank, Whose::Bank),
            (Some("internal-error"), Whose::Us, Whose::Bank),
            (None, Whose::Us, Whose::Bank),
        ] {
            let cause = cause(code, 0, 0);
            assert_eq!(cause.remedy(None, None).whose, whose, "{code:?}");
            assert_eq!(cause.remedy(down, None).whose, in_outage, "{code:?}");
            assert!(!cause.remedy(None, None).what_to_do.is_empty(), "{code:?}");
        }
    }
}
