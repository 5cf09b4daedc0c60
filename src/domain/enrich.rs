//! Enrichment of a statement line by a table of merchants.

/// The shortest text that is looked at, in characters.
pub(crate) const SHORTEST: usize = 3;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Merchant {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Where it is found; may be empty.
    pub(crate) website: String,
    /// Its business number; may be empty.
    pub(crate) abn: String,
    /// The country it trades in, two letters.
    pub(crate) country: String,
    /// Words a line has in this order when it is theirs, in capitals.
    pub(crate) says: Vec<String>,
    pub(crate) title: String,
    pub(crate) industry: Industry,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Industry {
    pub(crate) division: String,
    pub(crate) division_title: String,
    pub(crate) group: String,
    pub(crate) group_title: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) text: String,
    pub(crate) institution: String,
    pub(crate) country: String,
    /// The card scheme's category of the merchant.
    pub(crate) mcc: Option<String>,
    pub(crate) account_type: Option<String>,
    /// Decimal text; negative when money goes out.
    pub(crate) amount: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Enriched<'m> {
    /// `debit` or `credit`; empty when nothing says.
    pub(crate) direction: &'static str,
    /// The class of the transaction; empty when nothing says.
    pub(crate) class: &'static str,
    pub(crate) merchant: Option<Match<'m>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Match<'m> {
    pub(crate) merchant: &'m Merchant,
    /// Whether all words of the merchant are there, or only the first ones.
    pub(crate) whole: bool,
    /// How much of its words is there, in tenths.
    pub(crate) tenths: u8,
}

impl Match<'_> {
    /// The kind of match, as the wire has it.
    pub(crate) fn kind(&self) -> &'static str {
        if self.whole {
            "merchantFull"
        } else {
            "merchantPartial"
        }
    }
}

/// What is wrong with a question: the wire's code and detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) code: &'static str,
    pub(crate) detail: &'static str,
}

const fn missing(detail: &'static str) -> Wrong {
    Wrong {
        code: "parameter-not-supplied",
        detail,
    }
}

const fn bad(detail: &'static str) -> Wrong {
    Wrong {
        code: "parameter-not-valid",
        detail,
    }
}

pub(crate) fn check(asked: &Asked) -> Result<(), Wrong> {
    let amount = |text: &str| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && digits.matches('.').count() <= 1;
        plain && digits.contains(|c: char| c.is_ascii_digit())
    };
    match asked {
        a if a.text.trim().is_empty() => Err(missing("Q parameter is required.")),
        a if a.institution.trim().is_empty() => {
            Err(missing("Institution ID parameter is required."))
        }
        a if a.country.trim().is_empty() => Err(missing("Country parameter is required.")),
        a if a.text.trim().chars().count() < SHORTEST => Err(bad("Q value is not valid")),
        a if !(a.country.len() == 2 && a.country.bytes().all(|b| b.is_ascii_alphabetic())) => {
            Err(bad("Country value is not valid"))
        }
        a if a.amount.as_deref().is_some_and(|text| !amount(text)) => {
            Err(bad("Amount value is not valid"))
        }
        _ => Ok(()),
    }
}

/// Words that begin a line and say what kind it is. What stands first is looked at first.
const SIGNS: &[(&str, &str, &str)] = &[
    ("REFUND", "credit", "refund"),
    ("SALARY", "credit", "direct-credit"),
    ("INTEREST CHARGED", "debit", "loan-interest"),
    ("INTEREST", "credit", "interest"),
    ("TRANSFER TO", "debit", "transfer"),
    ("TRANSFER FROM", "credit", "transfer"),
    ("TRANSFER", "", "transfer"),
    ("ATM", "debit", "cash-withdrawal"),
    ("CASH WITHDRAWAL", "debit", "cash-withdrawal"),
    ("ACCOUNT FEE", "debit", "bank-fee"),
    ("MONTHLY FEE", "debit", "bank-fee"),
    ("HOME LOAN REPAYMENT", "debit", "loan-repayment"),
    ("CAR LOAN REPAYMENT", "debit", "loan-repayment"),
];

fn words(text: &str) -> Vec<String> {
    let upper = text.to_uppercase();
    upper
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn begins(line: &[String], sign: &str) -> bool {
    let sign = words(sign);
    line.len() >= sign.len() && line[..sign.len()] == sign[..]
}

/// How many of the first of `said` stand next to each other somewhere in `line`.
fn run(line: &[String], said: &[String]) -> usize {
    let from = |at: usize| {
        line[at..]
            .iter()
            .zip(said)
            .take_while(|(a, b)| a == b)
            .count()
    };
    (0..line.len()).map(from).max().unwrap_or(0)
}

/// The merchant whose words the line has. All of them, or the most of them when there are at least two and
/// more than half; of several the one with most words.
pub(crate) fn find<'m>(merchants: &'m [Merchant], text: &str, country: &str) -> Option<Match<'m>> {
    let line = words(text);
    let fits = merchants
        .iter()
        .filter(|m| m.country.eq_ignore_ascii_case(country))
        .flat_map(|merchant| {
            let line = &line;
            merchant.says.iter().filter_map(move |said| {
                let said = words(said);
                let run = run(line, &said);
                let whole = run == said.len() && run > 0;
                let partial = run >= 2 && run * 2 > said.len();
                let tenths = u8::try_from(run * 10 / said.len().max(1)).unwrap_or(10);
                (whole || partial).then_some((
                    run,
                    Match {
                        merchant,
                        whole,
                        tenths,
                    },
                ))
            })
        });
    // the first of equals, so that the table's order decides
    fits.reduce(|best, next| {
        if (next.1.whole, next.0) > (best.1.whole, best.0) {
            next
        } else {
            best
        }
    })
    .map(|f| f.1)
}

pub(crate) fn answer<'m>(merchants: &'m [Merchant], asked: &Asked) -> Enriched<'m> {
    let line = words(&asked.text);
    let merchant = find(merchants, &asked.text, &asked.country);
    let sign = SIGNS.iter().find(|(sign, ..)| begins(&line, sign));
    let (mut direction, mut class) =
        sign.map_or(("", ""), |(_, direction, class)| (*direction, *class));
    if merchant.is_some() && sign.is_none() {
        (direction, class) = ("debit", "payment");
    }
    match asked.amount.as_deref() {
        Some(text) if text.starts_with('-') => direction = "debit",
        // an amount without a sign says how much, not where to
        Some(text) if text.starts_with('+') => direction = "credit",
        _ => {}
    }
    Enriched {
        direction,
        class,
        merchant,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merchant(name: &str, says: &[&str]) -> Merchant {
        let says = says.iter().map(|s| (*s).to_owned()).collect();
        Merchant {
            name: name.into(),
            country: "AU".into(),
            says,
            ..Merchant::default()
        }
    }

    fn table() -> Vec<Merchant> {
        vec![
            merchant("Hooli", &["HOOLI"]),
            merchant("Hooli Cafe", &["HOOLI CAFE"]),
            merchant("Bean There", &["BEAN THERE ESPRESSO"]),
        ]
    }

    #[test]
    fn lines_find_their_merchant_by_words() {
        let table = table();
        for (text, country, found) in [
            ("HOOLI CAFE SYDNEY", "AU", Some(("Hooli Cafe", true, 10))),
            ("hooli-cafe 0417", "au", Some(("Hooli Cafe", true, 10))),
            ("POS HOOLI STORE", "AU", Some(("Hooli", true, 10))),
            ("BEAN THERE MELB", "AU", Some(("Bean There", false, 6))),
            ("BEAN BAG", "AU", None),
            ("HOOLICAFE", "AU", None),
            ("HOOLI CAFE", "NZ", None),
            ("---", "AU", None),
        ] {
            let fit = find(&table, text, country);
            assert_eq!(
                fit.map(|f| (f.merchant.name.as_str(), f.whole, f.tenths)),
                found,
                "{text} {country}"
            );
        }
    }

    #[test]
    fn direction_and_class_follow_line_and_amount() {
        let table = table();
        for (text, amount, direction, class) in [
            ("HOOLI CAFE SYDNEY", None, "debit", "payment"),
            ("HOOLI CAFE SYDNEY", Some("+4.80"), "credit", "payment"),
            ("REFUND HOOLI CAFE", None, "credit", "refund"),
            ("SALARY M HALL", None, "credit", "direct-credit"),
            ("INTEREST CHARGED", None, "debit", "loan-interest"),
            ("TRANSFER", Some("-10"), "debit", "transfer"),
            ("SOMETHING ELSE", None, "", ""),
        ] {
            let asked = Asked {
                text: text.into(),
                country: "AU".into(),
                amount: amount.map(str::to_owned),
                ..Asked::default()
            };
            let found = answer(&table, &asked);
            assert_eq!(
                (found.direction, found.class),
                (direction, class),
                "{text} {amount:?}"
            );
        }
    }

    #[test]
    fn a_question_has_its_three_parts() {
        let whole = Asked {
            text: "cafe".into(),
            institution: "AU00000".into(),
            country: "AU".into(),
            ..Asked::default()
        };
        assert_eq!(check(&whole), Ok(()));
        for (asked, code, detail) in [
            (
                Asked {
                    text: String::new(),
                    ..whole.clone()
                },
                "parameter-not-supplied",
                "Q parameter is required.",
            ),
            (
                Asked {
                    text: "ab".into(),
                    ..whole.clone()
                },
                "parameter-not-valid",
                "Q value is not valid",
            ),
            (
                Asked {
                    institution: String::new(),
                    ..whole.clone()
                },
                "parameter-not-supplied",
                "Institution ID parameter is required.",
            ),
            (
                Asked {
                    country: String::new(),
                    ..whole.clone()
                },
                "parameter-not-supplied",
                "Country parameter is required.",
            ),
            (
                Asked {
                    country: "Australia".into(),
                    ..whole.clone()
                },
                "parameter-not-valid",
                "Country value is not valid",
            ),
            (
                Asked {
                    amount: Some("much".into()),
                    ..whole.clone()
                },
                "parameter-not-valid",
                "Amount value is not valid",
            ),
        ] {
            assert_eq!(check(&asked), Err(Wrong { code, detail }));
        }
    }
}
