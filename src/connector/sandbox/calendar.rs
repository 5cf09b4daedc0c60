//! Calendar arithmetic on days since 1970-01-01, in whole numbers for speed.

pub(crate) const DAY_MS: i64 = 86_400_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// Days since 1970-01-01.
    pub(crate) number: i64,
    /// From 1.
    pub(crate) of_month: i64,
    /// Months since year 0.
    pub(crate) month: i64,
    length: i64,
}

impl Day {
    pub(crate) fn new(number: i64) -> Self {
        // Years are counted from March, so that the leap day comes last.
        let shifted = number + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let of_month = of_year - (153 * from_march + 2) / 5 + 1;
        let month_from_zero = (from_march + 2) % 12;
        let year = year_of_era + era * 400 + i64::from(month_from_zero < 2);
        let month = year * 12 + month_from_zero;
        Self {
            number,
            of_month,
            month,
            length: length(month),
        }
    }

    pub(crate) fn of_ms(ms: i64) -> Self {
        Self::new(ms.div_euclid(DAY_MS))
    }

    pub(crate) fn first_of(month: i64) -> Self {
        let mut day = Self::new((month - 1970 * 12) * 30_437 / 1000);
        while day.month != month {
            day = Self::new(day.number + (month - day.month) * 28);
        }
        Self::new(day.number - day.of_month + 1)
    }

    pub(crate) fn next(self) -> Self {
        let number = self.number + 1;
        if self.of_month < self.length {
            Self {
                number,
                of_month: self.of_month + 1,
                ..self
            }
        } else {
            Self {
                number,
                of_month: 1,
                month: self.month + 1,
                length: length(self.month + 1),
            }
        }
    }

    /// Monday is 0.
    pub(crate) fn weekday(self) -> i64 {
        (self.number + 3).rem_euclid(7)
    }

    pub(crate) fn ends_month(self) -> bool {
        self.of_month == self.length
    }
}

fn length(month: i64) -> i64 {
    let year = month.div_euclid(12);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month.rem_euclid(12) {
        1 if leap => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Moment;
    use chrono::Datelike;

    #[test]
    fn agrees_with_the_real_calendar_for_two_centuries() {
        let mut walked = Day::new(-20_000);
        for number in -20_000..55_000 {
            let day = Day::new(number);
            let real = Moment(number * DAY_MS).utc();
            assert_eq!(day, walked, "{number}");
            assert_eq!(day.of_month, i64::from(real.day()), "{number}");
            assert_eq!(
                day.month,
                i64::from(real.year()) * 12 + i64::from(real.month0()),
                "{number}"
            );
            assert_eq!(
                day.weekday(),
                i64::from(real.weekday().num_days_from_monday()),
                "{number}"
            );
            walked = walked.next();
        }
    }

    #[test]
    fn every_month_has_its_first_day() {
        for month in 1900 * 12..2200 * 12 {
            let first = Day::first_of(month);
            assert_eq!((first.month, first.of_month), (month, 1));
        }
    }
}
