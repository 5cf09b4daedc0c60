//! Amounts: decimal text on the wire, whole minor units inside. Nothing is rounded; what does not fit
//! a currency is not an amount of it.

/// Currencies (ISO 4217) whose minor unit is not a hundredth, with the number of decimals.
const DECIMALS: &[(&str, u32)] = &[
    ("BHD", 3),
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("UYI", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
];

/// How many decimals amounts of a currency have.
pub(crate) fn decimals(currency: &str) -> u32 {
    DECIMALS
        .iter()
        .find(|(code, _)| *code == currency)
        .map_or(2, |(_, decimals)| *decimals)
}

/// Reads `-4.80` as -480 of a currency with two decimals. Zeros past the last decimal are let pass.
pub(crate) fn parse(text: &str, currency: &str) -> Option<i64> {
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
    let decimals = decimals(currency) as usize;
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

/// Writes an amount of minor units as the wire does.
pub(crate) fn write(minor: i64, currency: &str) -> String {
    let decimals = decimals(currency);
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
            assert_eq!(parse(text, currency), minor, "{text} {currency}");
        }
    }

    #[test]
    fn amounts_are_written_as_they_are_read() {
        for (minor, currency, text) in [
            (-480, "AUD", "-4.80"),
            (-5, "AUD", "-0.05"),
            (0, "AUD", "0.00"),
            (1_200, "JPY", "1200"),
            (1_234, "KWD", "1.234"),
            (i64::MIN, "AUD", "-92233720368547758.08"),
            (i64::MAX, "USD", "92233720368547758.07"),
        ] {
            assert_eq!(write(minor, currency), text);
            assert_eq!(parse(text, currency), Some(minor), "{text}");
        }
    }
}
