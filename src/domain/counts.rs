//! Numbers of things for people: plurals, and digits in groups of three.

/// `1 account`, `3 accounts`, `2 copies`: plain digits, for sentences.
pub(crate) fn count(n: u64, one: &str) -> String {
    format!("{n} {}", plural(n, one))
}

/// `1 account`, `1,284 accounts`: grouped digits, for the screen.
pub(crate) fn grouped_count(n: u64, one: &str) -> String {
    format!("{} {}", thousands(n), plural(n, one))
}

/// `1 account, 1,284 transactions`.
pub(crate) fn stored_data(accounts: u64, transactions: u64) -> String {
    let transactions = grouped_count(transactions, "transaction");
    format!("{}, {transactions}", grouped_count(accounts, "account"))
}

pub(crate) fn plural(n: u64, one: &str) -> String {
    match one.strip_suffix('y') {
        _ if n == 1 => one.to_owned(),
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{one}s"),
    }
}

/// `1,284`.
pub(crate) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_plurals() {
        for (n, one, text) in [
            (0, "job", "0 jobs"),
            (1, "job", "1 job"),
            (2, "day", "2 days"),
            (1, "copy", "1 copy"),
            (1_003, "copy", "1003 copies"),
        ] {
            assert_eq!(count(n, one), text);
        }
        assert_eq!(grouped_count(1_003, "copy"), "1,003 copies");
        assert_eq!(stored_data(1, 1_284), "1 account, 1,284 transactions");
    }

    #[test]
    fn digits_are_grouped_in_threes() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(thousands(n), text);
        }
    }
}
