//! Amounts of money as whole minor units, and their decimal text. Nothing is rounded.

/// The currency of what does not say: the platform's own.
pub(crate) const USUAL: &str = "AUD";

/// The currencies of ISO 4217 whose amounts do not have two decimals.
const DECIMALS: [(u32, &[&str]); 3] = [
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
            "VND", "VUV", "XAF", "XOF", "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// More decimals than any currency has: for amounts whose currency is not known yet.
pub(crate) const MOST_DECIMALS: u32 = 4;

/// How many decimals amounts of a currency have; an unknown one has two.
pub(crate) fn decimals(currency: &str) -> u32 {
    DECIMALS
        .iter()
        .find(|(_, codes)| codes.contains(&currency))
        .map_or(2, |(decimals, _)| *decimals)
}

/// Reads `-4.80` with two decimals as -480. Further decimals have to be zeros.
pub(crate) fn parse(text: &str, decimals: u32) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let decimals = decimals as usize;
    let (kept, past) = part.split_at(part.len().min(decimals));
    if past.bytes().any(|b| b != b'0') {
        return None;
    }
    let missing = decimals - kept.len();
    let digits = whole
        .bytes()
        .chain(kept.bytes())
        .chain(std::iter::repeat_n(b'0', missing));
    // Counted downwards, so that the most negative amount is read too.
    let minus = digits
        .map(|b| i64::from(b - b'0'))
        .try_fold(0_i64, |sum, d| sum.checked_mul(10)?.checked_sub(d))?;
    if negative {
        Some(minus)
    } else {
        minus.checked_neg()
    }
}

/// Reads an amount that came as a binary number: what differs from it by less than such numbers can hold is it, so
/// that 0.30000000000000004 is 0.30.
pub(crate) fn nearest(number: f64, decimals: u32) -> Option<i64> {
    let text = format!("{number:.*}", decimals as usize);
    let read: f64 = text.parse().ok()?;
    let close = (read - number).abs() <= number.abs() * 64.0 * f64::EPSILON;
    close.then(|| parse(&text, decimals)).flatten()
}

/// Minor units as decimal text: -480 of AUD is `-4.80`.
pub(crate) fn text(minor: i64, currency: &str) -> String {
    with_decimals(minor, decimals(currency))
}

fn with_decimals(minor: i64, decimals: u32) -> String {
    let unit = 10_u64.pow(decimals);
    let (sign, size) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    match decimals {
        0 => format!("{sign}{size}"),
        _ => format!(
            "{sign}{}.{:0width$}",
            size / unit,
            size % unit,
            width = decimals as usize
        ),
    }
}

/// The same amount in units of another number of decimals; none when that would lose digits.
pub(crate) fn rescaled(minor: i64, from: u32, to: u32) -> Option<i64> {
    if from == to {
        return Some(minor);
    }
    parse(&with_decimals(minor, from), to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_whole_or_not_at_all() {
        for (text, currency, minor) in [
            ("-4.80", "AUD", Some(-480)),
            ("835.15", "AUD", Some(83_515)),
            ("0", "AUD", Some(0)),
            ("12", "AUD", Some(1_200)),
            ("12.5", "AUD", Some(1_250)),
            (".5", "AUD", Some(50)),
            ("7.", "AUD", Some(700)),
            ("+7.0000", "AUD", Some(700)),
            ("7.001", "AUD", None),
            ("1200", "JPY", Some(1_200)),
            ("1200.00", "JPY", Some(1_200)),
            ("1200.50", "JPY", None),
            ("1.234", "KWD", Some(1_234)),
            ("1.2345", "UYW", Some(12_345)),
            ("-92233720368547758.08", "AUD", Some(i64::MIN)),
            ("92233720368547758.08", "AUD", None),
            ("99999999999999999999", "AUD", None),
            ("1,234.50", "AUD", None),
            ("1e5", "AUD", None),
            ("--1", "AUD", None),
            ("-", "AUD", None),
            (".", "AUD", None),
            ("", "AUD", None),
            ("１２", "AUD", None),
        ] {
            assert_eq!(parse(text, decimals(currency)), minor, "{text} {currency}");
        }
    }

    #[test]
    fn binary_numbers_are_the_amounts_that_they_stand_for() {
        for (number, decimals, minor) in [
            (0.1 + 0.2, 2, Some(30)),
            (-4.8, 2, Some(-480)),
            (4.799_999_999_999_999, 2, Some(480)),
            (1e5, 2, Some(10_000_000)),
            (12.345, 2, None),
            (12_345_678_901.904, 2, None),
            (0.1 + 0.2, MOST_DECIMALS, Some(3_000)),
            (1_200.5, 0, None),
            (1e300, 2, None),
            (f64::NAN, 2, None),
        ] {
            assert_eq!(nearest(number, decimals), minor, "{number}");
        }
    }

    #[test]
    fn amounts_are_written_as_they_are_read() {
        for (minor, currency, written) in [
            (-480, "AUD", "-4.80"),
            (-5, "AUD", "-0.05"),
            (0, "AUD", "0.00"),
            (1_200, "JPY", "1200"),
            (-1_200, "XAF", "-1200"),
            (1_234, "KWD", "1.234"),
            (1_234_567, "IQD", "1234.567"),
            (12_345, "UYW", "1.2345"),
            (-1, "CLF", "-0.0001"),
            (i64::MIN, "AUD", "-92233720368547758.08"),
            (i64::MAX, "USD", "92233720368547758.07"),
        ] {
            assert_eq!(text(minor, currency), written);
            assert_eq!(parse(written, decimals(currency)), Some(minor), "{written}");
        }
    }

    #[test]
    fn amounts_are_rescaled_without_loss_or_not_at_all() {
        for (minor, from, to, scaled) in [
            (12_000_000, 4, 0, Some(1_200)),
            (12_340, 4, 3, Some(1_234)),
            (12_345, 4, 2, None),
            (-480, 2, 4, Some(-48_000)),
            (i64::MIN, 2, 2, Some(i64::MIN)),
            (i64::MAX, 0, 2, None),
        ] {
            assert_eq!(rescaled(minor, from, to), scaled, "{minor}");
        }
    }

    #[test]
    fn every_code_is_listed_once_and_has_three_capitals() {
        let mut codes: Vec<&str> = DECIMALS
            .iter()
            .flat_map(|(_, codes)| *codes)
            .copied()
            .collect();
        assert!(
            codes
                .iter()
                .all(|c| c.len() == 3 && c.bytes().all(|b| b.is_ascii_uppercase()))
        );
        assert!(
            DECIMALS
                .iter()
                .all(|(decimals, _)| *decimals <= MOST_DECIMALS)
        );
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
