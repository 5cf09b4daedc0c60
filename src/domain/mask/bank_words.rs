//! What a bank or an imported document says in its own words: why a step failed, and what it asks the user. It may name
//! its customer, so only words of a fixed list stay readable; every other word, number and sign becomes one mask.

use super::HIDDEN;
use crate::domain::failure_codes::{self, Failure};
use crate::domain::secret::Secret;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The longest code or name of a step that is shown as it is.
const LONGEST_NAME: usize = 64;

/// A code has no more digits than this; an account number, a phone or a date has.
const DIGITS_OF_A_NAME: usize = 3;

/// Words that say nothing about a person. None of them is a name.
const COMMON: &[&str] = &[
    "a about above accept accepts access accepted account accounts across action active activity add added after again against agree",
    "agreed all allow allowed already also always an and another answer answered answers any anything app application",
    "approval approve approved are as ask asked asking asks at attempt attempts available away back balance bank banking",
    "banks be because been before began begin being below between biggest birth blocked book born both branch browser",
    "business but button by call called can cannot card cards cause challenge change changed characters check checked",
    "child childhood choose city click close closed code codes colour color come comes company complete completed confirm",
    "confirmation connect connected connection connections consent contact continue correct could country credential",
    "credentials credit current currently customer customers data date day days debit declined delay delayed deleted denied",
    "description detail details device did different digit digits disabled do document documents does done down due during",
    "each earlier either email enable enabled end ended enter entered error errors even every exceeded exist exists expired",
    "expires expiry extra factor failed failure family fast father favourite favorite few field file film final find first",
    "follow following food for format found friend from full further game gave get give given go goes gone good grew had",
    "happened has have he held hello help here high him his hold home hour hours how id identity if ignored in incorrect",
    "information input inside instead institution internal internet into invalid is issue it its job join just keep kept key",
    "known last late later least left less letter letters like limit limited link list locked log logged login logon long",
    "longer made maiden mail maintenance make many match matched matches maximum me meet memorable message met method",
    "middle minimum minute minutes missing mobile moment month months more most mother move movie multi multiple must my",
    "name names need needed needs never new news next nickname night no none not nothing notice now number numbers of off",
    "offline old on once one online only open or order organisation organization other others otp our out outage over own",
    "page parent partly passcode password passwords past pay payment pending people permission person pet phone pin place",
    "please possible post present press previous primary problem process processed processing profile provide provided",
    "provider question questions quiet reached read reason received recent refresh refused register registered rejected",
    "remember remove removed repeat reply report request requested requests required requires reset resolved respond",
    "response restricted result retrieve retry return returned revoked same save school scheduled screen second seconds",
    "secret secure security see select selected send sending sent server service services session sessions set several",
    "short should show side sign signed site sms some someone something soon sorry spouse standing start started state",
    "statement statements status step still stop stopped street submitted success such supplied support supported suspended switch",
    "system systems take taken takes target teacher technical telephone temporarily temporary ten text than thank thanks",
    "that the their them then there these they thing this those three through time timed times to today together token",
    "tomorrow too took town transaction transactions tried trouble try trying turn two type types typed unable unavailable",
    "under unexpected unknown unlock until up update updated upgrade upload uploaded us use used user username users using",
    "valid value values verification verified verify version wait waiting want wants was wasn way we web website week weeks",
    "well went were what when where which while who whom whose why with within without word words work working would write",
    "wrong year years yes yesterday yet you your yours aren can't couldn didn doesn don hasn haven isn shouldn weren won",
    "wouldn we've you've you're it's that's what's where's who's",
];

/// Words that are names too when they begin with a capital letter.
const LOWER_CASE: [&str; 2] = ["will", "may"];

static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let common = COMMON.iter().flat_map(|line| line.split(' '));
    let ours = failure_codes::texts().flat_map(words);
    let all = common.chain(ours).map(str::to_lowercase);
    all.filter(|word| !LOWER_CASE.contains(&word.as_str()))
        .collect()
});

/// The texts as they came, to be sealed, of what is shown with something masked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BankWords(Vec<Secret>);

impl BankWords {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn texts(&self) -> &[Secret] {
        &self.0
    }

    /// The shown form of a text; the text itself is kept when the two differ.
    pub(crate) fn heard(&mut self, text: &str) -> String {
        let shown = bank_text(text);
        self.keep(text, shown)
    }

    /// The same of a code or the name of a step, which stays as it is when it has the form of one.
    pub(crate) fn heard_name(&mut self, text: &str) -> String {
        let shown = bank_name(text);
        self.keep(text, shown)
    }

    pub(crate) fn heard_failure(&mut self, failure: &Failure) -> Failure {
        Failure {
            code: self.heard_name(&failure.code),
            title: self.heard(&failure.title),
            detail: self.heard(&failure.detail),
        }
    }

    fn keep(&mut self, text: &str, shown: String) -> String {
        // what came masked already says nothing
        if shown != text && !text.contains(HIDDEN) {
            self.0.push(text.into());
        }
        shown
    }
}

/// A code or a name of a step: letters, few digits, and signs between them.
pub(crate) fn bank_name(text: &str) -> String {
    let sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let named = text.len() <= LONGEST_NAME && digits <= DIGITS_OF_A_NAME && text.chars().all(sign);
    match named {
        true => text.into(),
        false => bank_text(text),
    }
}

/// A text with every word masked that is not in the list. Masking it again changes nothing.
pub(crate) fn bank_text(text: &str) -> String {
    if failure_codes::texts().any(|ours| ours == text) {
        return text.into();
    }
    let (mut shown, mut between) = (String::new(), String::new());
    let mut hidden = false;
    for part in parts(text) {
        if is_plain_sign(part) {
            between.push_str(part);
            continue;
        }
        let known = is_known(part);
        // what is hidden in a row is one mask, so that nobody can count its words
        if known || !hidden {
            shown.push_str(&between);
            shown.push_str(if known { part } else { HIDDEN });
        }
        between.clear();
        hidden = !known;
    }
    shown + &between
}

fn is_known(word: &str) -> bool {
    LOWER_CASE.contains(&word) || KNOWN.contains(&word.to_lowercase().replace('’', "'"))
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '\'' | '’')
}

/// White space, or a sign that stands between words and is part of no address or number.
fn is_plain_sign(part: &str) -> bool {
    let plain = |c: char| {
        c == ' '
            || matches!(
                c,
                '\n' | '-' | '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '"'
            )
    };
    part.chars().all(plain)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    parts(text).filter(|part| part.chars().all(is_of_word))
}

/// The words of a text, and each other sign by itself. An address is one part.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let mut begins = true;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let chunk = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let end = match is_of_word(first) {
            _ if begins && rest[..chunk].contains(['@', '/']) => chunk,
            true => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        begins = first.is_whitespace();
        let (part, left) = rest.split_at(end);
        rest = left;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_the_list_stay() {
        for (said, shown) in [
            ("Account is locked", "Account is locked"),
            ("What's your first company?", "What's your first company?"),
            (
                "Hello Ada Lovelace, card 4111 1111 1111 1111, phone 0400 555 021.",
                "Hello •••, card •••, phone •••.",
            ),
            (
                "Your account 12-3456 is locked.",
                "Your account ••• is locked.",
            ),
            ("mail ada@lovelace.example now", "mail ••• now"),
            ("mail ada@post.example now", "mail ••• now"),
            ("see https://bank.example/users/ada", "see •••"),
            ("Ada's code", "••• code"),
            ("4111111111111111", "•••"),
            (
                "Will you wait? It will take a day.",
                "••• you wait? It will take a day.",
            ),
            ("Lovelace\u{202e}\u{1b}[31mAda", "•••"),
            ("", ""),
        ] {
            assert_eq!(bank_text(said), shown);
            assert_eq!(bank_text(shown), shown, "masked twice");
        }
    }

    #[test]
    fn our_own_texts_are_not_masked() {
        for text in failure_codes::texts() {
            assert_eq!(bank_text(text), text);
        }
    }

    #[test]
    fn a_code_stays_when_it_has_the_form_of_one() {
        for code in ["invalid-credentials", "retrieve-moons", "E_412", "HTTP.503"] {
            assert_eq!(bank_name(code), code);
        }
        for (said, shown) in [
            ("card-4111111111111111", "card-•••"),
            ("locked for Ada Lovelace", "locked for •••"),
            ("ada@lovelace.example", "•••"),
        ] {
            assert_eq!(bank_name(said), shown);
        }
    }

    #[test]
    fn what_is_masked_is_kept_and_nothing_else() {
        let mut words = BankWords::default();
        let failure = Failure::new("locked", "Account is locked", "Call Ada Lovelace");
        let shown = words.heard_failure(&failure);
        assert_eq!(
            shown,
            Failure::new("locked", "Account is locked", "Call •••")
        );
        assert_eq!(words.texts(), ["Call Ada Lovelace".into()]);
        // heard a second time it is the same, and nothing more is kept
        assert_eq!(words.heard_failure(&shown), shown);
        assert_eq!(words.texts().len(), 1);
    }
}
