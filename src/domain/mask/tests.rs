//! The shapes of masked values, and what they must not give away.

use super::Level::{Standard, Strict};
use super::*;
use crate::domain::secret::Secret;
use proptest::prelude::*;

#[test]
fn phones_show_three_digits() {
    for (raw, standard, strict) in [
        ("0405 345 178", "••• ••• 178", "••• ••• 178"),
        ("+61 (4) 0534-5178", "••• ••• 178", "••• ••• 178"),
        ("XXXX 888 991", "XXXX 888 991", "••• ••• 991"),
        ("040534555 ### 991", "••• ••• 991", "••• ••• 991"),
        ("0400 111 XXX", "••• ••• •••", "••• ••• •••"),
        ("••• ••• 178", "••• ••• 178", "••• ••• 178"),
        ("••• ••• •••", "••• ••• •••", "••• ••• •••"),
        ("XXX call Gavin 12", "••• ••• •••", "••• ••• •••"),
        ("12345", "••• ••• •••", "••• ••• •••"),
        ("٠٤٠٥٣٤٥١٧٨", "••• ••• ١٧٨", "••• ••• ١٧٨"),
        ("ask my wife", "••• ••• •••", "••• ••• •••"),
        ("  ", "", ""),
    ] {
        assert_eq!(
            (phone(raw, Standard).as_str(), phone(raw, Strict).as_str()),
            (standard, strict),
            "{raw}"
        );
    }
}

#[test]
fn emails_show_a_letter_and_the_domain() {
    for (raw, standard, strict) in [
        ("gavin@hooli.com", "g•••@hooli.com", "g•••@•••.com"),
        ("gav@hooli.com", "•••@hooli.com", "•••@•••.com"),
        ("g****@hooli.com", "g•••@hooli.com", "g•••@•••.com"),
        ("_gavin@hooli.com.au", "•••@hooli.com.au", "•••@•••.au"),
        ("gavin@localhost", "g•••@localhost", "g•••@•••"),
        ("gavin@hooli.com (Gavin Belson)", "g•••@•••", "g•••@•••"),
        ("gavin@hooli.", "g•••@hooli.", "g•••@•••"),
        ("\"a@b\"@hooli.com", "•••@hooli.com", "•••@•••.com"),
        ("gavin", "•••", "•••"),
        ("@", "•••@•••", "•••@•••"),
        ("", "", ""),
    ] {
        assert_eq!(
            (email(raw, Standard).as_str(), email(raw, Strict).as_str()),
            (standard, strict),
            "{raw}"
        );
    }
}

#[test]
fn account_numbers_show_four_digits() {
    for (raw, shown) in [
        ("600000114210017", "•••• 0017"),
        ("06-2000 1142-1001", "•••• 1001"),
        ("XXXX XXXX XXXX 4410", "•••• 4410"),
        ("•••• 4410", "•••• 4410"),
        ("4410 XXXX", "••••"),
        ("1234567", "••••"),
        ("1", "••••"),
        ("no number", "••••"),
        ("", ""),
    ] {
        assert_eq!(account_number(raw), shown, "{raw}");
    }
}

#[test]
fn names_show_all_or_two_initials() {
    for (raw, strict) in [
        ("Gavin Belson", "G• B•"),
        ("Gavin Hooli van der Belson", "G• B•"),
        ("Cher", "C•"),
        ("王小明", "王•"),
        ("محمد العلي", "م• ا•"),
        ("E\u{301}lodie", "E•"),
        ("👩\u{200D}💻 Ada", "• A•"),
        ("G• B•", "G• B•"),
        (" ", ""),
    ] {
        assert_eq!(user_name(raw, Strict), strict);
        assert_eq!(user_name(raw, Standard), raw);
    }
}

#[test]
fn addresses_show_no_street() {
    let given = Address {
        line1: "4 Sample St".into(),
        city: "Sydney".into(),
        state: "NSW".into(),
        postcode: "2000".into(),
        country: "Australia".into(),
        country_code: "AU".into(),
        formatted: "4 Sample St, Sydney NSW 2000, Australia".into(),
        ..Address::default()
    };
    assert_eq!(address(&given), "•••, Sydney, NSW 2000, Australia");
    let slipped = Address {
        city: "4 Sample St Sydney".into(),
        country: "".into(),
        ..given.clone()
    };
    assert_eq!(address(&slipped), "•••, •••, NSW 2000, AU");
    let odd = Address {
        postcode: "4 Sample St, Sydney".into(),
        ..given
    };
    assert_eq!(address(&odd), "•••, Sydney, NSW •••, Australia");
    assert_eq!(address(&Address::default()), "•••");
}

#[test]
fn a_profile_and_an_account_are_masked_whole() {
    let profile = Profile {
        full_name: "Gavin Belson".into(),
        first_name: "Gavin".into(),
        last_name: "Belson".into(),
        phones: vec!["0405 345 178".into()],
        emails: vec!["gavin@hooli.com".into()],
        addresses: vec![Address {
            line1: "1 Hooli Way".into(),
            ..Address::default()
        }],
        ..Profile::default()
    };
    let written = format!("{:?}", profile.masked(Strict));
    for hidden in ["Gavin", "Belson", "0405", "345", "gavin", "hooli", "Hooli"] {
        assert!(!written.contains(hidden), "{hidden} in {written}");
    }
    assert_eq!(profile.masked(Standard).full_name, "Gavin Belson");

    let details = AccountDetails {
        name: "Gavin's savings".into(),
        number: "600000114210017".into(),
        holder: "GAVIN BELSON".into(),
        product: "Hooli Saver".into(),
        rest: Secret::default(),
    };
    let shown = details.masked(Standard);
    assert_eq!(
        (shown.product.as_str(), shown.number.as_str()),
        ("Hooli Saver", "•••• 0017")
    );
}

#[test]
fn the_toggle_never_passes_the_floor() {
    assert_eq!(Standard.toggled(Standard), Strict);
    assert_eq!(Strict.toggled(Standard), Standard);
    assert_eq!(Strict.toggled(Strict), Strict);
    assert!(Strict > Standard);
    for level in Level::ALL {
        assert_eq!(Level::parse(level.word()), Some(level));
    }
}

#[test]
fn a_mebibyte_is_masked_like_anything() {
    let huge = "7".repeat(1 << 20);
    assert_eq!(phone(&huge, Standard), "••• ••• 777");
    assert_eq!(account_number(&huge), "•••• 7777");
    assert_eq!(email(&format!("{huge}@{huge}"), Standard), "7•••@•••");
    assert_eq!(user_name(&format!("a{huge} b{huge}"), Strict), "a• b•");
    let lived = Address {
        city: huge.as_str().into(),
        postcode: huge.as_str().into(),
        ..Address::default()
    };
    assert_eq!(address(&lived), "•••, •••, •••");
}

fn levels() -> impl Strategy<Value = Level> {
    prop::sample::select(Level::ALL.to_vec())
}

/// A text much like a number, or anything at all.
fn numbers() -> impl Strategy<Value = String> {
    prop_oneof!["[0-9Xx#*• ()+-]{0,24}", "[0-9]{0,40}", any::<String>()]
}

proptest! {
    #[test]
    fn a_phones_length_and_digits_are_fixed(raw in numbers(), level in levels()) {
        let shown = phone(&raw, level);
        if shown != raw.trim() {
            prop_assert_eq!(shown.chars().count(), 11);
            prop_assert!(shown.chars().filter(|c| c.is_numeric()).count() <= 3);
        }
        prop_assert!(shown.chars().filter(|c| c.is_numeric()).count() <= 6);
        prop_assert_eq!(phone(&shown, level), shown);
    }

    #[test]
    fn what_is_hidden_of_a_phone_changes_nothing(a in "[0-9]{5,30}", b in "[0-9]{5,30}", end in "[0-9]{3}", level in levels()) {
        prop_assert_eq!(phone(&format!("{a}{end}"), level), phone(&format!("{b}{end}"), level));
    }

    #[test]
    fn an_email_shows_one_letter_and_a_domain(raw in prop_oneof!["[a-z.•]{0,9}@[a-z.•]{0,9}", any::<String>()], level in levels()) {
        let shown = email(&raw, level);
        if let Some((local, _)) = shown.rsplit_once('@') {
            prop_assert!(local.chars().filter(|c| *c != '•').count() <= 1);
        } else {
            prop_assert!(shown.is_empty() || shown == HIDDEN);
        }
        prop_assert_eq!(email(&shown, level), shown.clone());
        prop_assert_eq!(email(&email(&raw, Standard), Strict), email(&raw, Strict));
    }

    #[test]
    fn what_is_hidden_of_an_email_changes_nothing(a in "[a-z.]{3,40}", b in "[a-z.]{3,40}", level in levels()) {
        prop_assert_eq!(email(&format!("g{a}@hooli.com"), level), email(&format!("g{b}@hooli.com"), level));
        prop_assert_eq!(email(&format!("gavin@{a}x.com"), Strict), email(&format!("gavin@{b}x.com"), Strict));
    }

    #[test]
    fn an_account_number_shows_four_digits_at_most(raw in numbers()) {
        let shown = account_number(&raw);
        prop_assert!(matches!(shown.chars().count(), 0 | 4 | 9), "{}", shown);
        prop_assert!(shown.chars().filter(|c| c.is_numeric()).count() <= 4);
        prop_assert_eq!(account_number(&shown), shown);
    }

    #[test]
    fn a_strict_name_is_two_initials_at_most(raw in any::<String>()) {
        let shown = user_name(&raw, Strict);
        prop_assert!(shown.chars().count() <= 5);
        prop_assert!(shown.chars().filter(|c| c.is_alphanumeric()).count() <= 2);
        prop_assert_eq!(user_name(&shown, Strict), shown);
    }

    #[test]
    fn a_street_changes_nothing(line1 in any::<String>(), formatted in any::<String>()) {
        let with = Address { line1: line1.as_str().into(), formatted: formatted.as_str().into(), city: "Sydney".into(), ..Address::default() };
        prop_assert_eq!(address(&with), "•••, Sydney");
    }
}
