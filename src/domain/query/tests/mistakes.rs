//! What is said of a filter that cannot be read.

use super::*;

#[test]
fn mistakes_name_the_word_and_the_nearest() {
    let email = "only a whole email can be looked up, never a part of one";
    let age = "an age needs < (within) or > (longer ago)";
    let code = "not a known code (quote it to look for it all the same)";
    let rows: &[Row] = &[
        (
            "status:invlid",
            "not a status",
            "invlid",
            7,
            Some("status:invalid"),
        ),
        (
            "é status:active,pendin x",
            "not a status",
            "pendin",
            16,
            Some("é status:active,pending x"),
        ),
        (
            "stauts:active",
            "not a field",
            "stauts",
            0,
            Some("status:active"),
        ),
        (
            "expirse<3d",
            "not a field",
            "expirse",
            0,
            Some("consent<3d"),
        ),
        ("foo:bar", "not a field", "foo", 0, Some("job:bar")),
        (
            "status>3",
            "status cannot be compared like this",
            ">",
            6,
            None,
        ),
        (
            "status~act",
            "status cannot be compared like this",
            "~",
            6,
            None,
        ),
        ("a status: b", "status needs a value", "status:", 2, None),
        (
            "status:active,",
            "status needs a value",
            "status:active,",
            0,
            None,
        ),
        ("bank:\"\"", "bank needs a value", "bank:\"\"", 0, None),
        ("bank:\"fab", "the quote is not closed", "\"fab", 5, None),
        ("\"\"", "nothing between the quotes", "\"\"", 0, None),
        ("(a b", "the bracket is not closed", "(", 0, None),
        ("a )", "no bracket is open here", ")", 2, None),
        ("()", "nothing is in these brackets", ")", 1, None),
        ("a or", "nothing follows this", "or", 2, None),
        ("or a", "nothing stands before this", "or", 0, None),
        ("a or or b", "nothing stands before this", "or", 5, None),
        ("(a or) b", "nothing follows this", "or", 3, None),
        ("x !", "nothing follows this", "!", 2, None),
        (
            "last > 3d",
            "no field right before this sign",
            ">",
            5,
            Some("last>3d"),
        ),
        ("~foo", "no field right before this sign", "~", 0, None),
        ("last:3d", age, ":", 4, Some("last<3d")),
        (
            "last>3",
            "not an age (30s 10m 6h 3d 2w) or a date",
            "3",
            5,
            Some("last>3d"),
        ),
        (
            "last>2026-02-30",
            "not an age (30s 10m 6h 3d 2w) or a date",
            "2026-02-30",
            5,
            None,
        ),
        (
            "last<never",
            "last cannot be compared like this",
            "<",
            4,
            None,
        ),
        (
            "created:never",
            "not an age (30s 10m 6h 3d 2w) or a date",
            "never",
            8,
            None,
        ),
        ("tx>many", "not a whole number", "many", 3, None),
        ("tx>1,2", "a comparison takes one value", "2", 5, None),
        (
            "tx>99999999999999999999",
            "not a whole number",
            "99999999999999999999",
            3,
            None,
        ),
        ("is:foo", "not a named condition", "foo", 3, Some("is:mine")),
        (
            "is:stcuk",
            "not a named condition",
            "stcuk",
            3,
            Some("is:stuck"),
        ),
        (
            "step:sing-in",
            "not a step",
            "sing-in",
            5,
            Some("step:sign-in"),
        ),
        ("step:consent", "not a step", "consent", 5, None),
        (
            "error:invalid-credential",
            code,
            "invalid-credential",
            6,
            Some("error:invalid-credentials"),
        ),
        ("error:bad-login", code, "bad-login", 6, None),
        (
            "job:refesh",
            "not a job's result, state or kind",
            "refesh",
            4,
            Some("job:refresh"),
        ),
        (
            "user~^ana",
            "people are not searched by pattern",
            "~",
            4,
            Some("user:^ana"),
        ),
        ("ana@", email, "ana@", 0, None),
        ("user:@hooli.com", email, "@hooli.com", 5, None),
        ("user:ana,a@b", email, "a@b", 9, None),
        ("stauts:a bank:\"x", "not a field", "stauts", 0, None),
    ];
    for &(text, message, word, start, fixed) in rows {
        let mistake = wrong(text, C);
        let found = (
            &*mistake.message,
            &*mistake.word,
            mistake.start,
            mistake.end - mistake.start,
        );
        assert_eq!(
            found,
            (message, word, start, word.chars().count()),
            "{text}"
        );
        if let Some(fixed) = fixed {
            assert_eq!(mistake.fixed.as_deref(), Some(fixed), "{text}");
        } else if !text.starts_with("stauts") {
            assert_eq!(mistake.fixed, None, "{text}");
        }
    }
}

#[test]
fn a_mistake_reads_as_one_line() {
    assert_eq!(
        wrong("status:invlid", C).to_string(),
        "not a status: `invlid` at character 8; did you mean `invalid`?"
    );
}

#[test]
fn a_filter_has_its_longest() {
    assert!(parse(&"a".repeat(MAX_CHARS), C).is_ok());
    let deep = format!("{}a{}", "(!".repeat(85), ")".repeat(85));
    assert_eq!(plain(&deep, C), "!a");
    assert!(
        parse_typing(&"(".repeat(MAX_CHARS), C, Zone::UTC)
            .unwrap()
            .query
            .expr
            .is_none()
    );
    let long = "é".repeat(MAX_CHARS + 1000);
    for mistake in [
        wrong(&long, C),
        parse_typing(&long, C, Zone::UTC).unwrap_err(),
    ] {
        assert_eq!((mistake.start, mistake.end), (MAX_CHARS, MAX_CHARS + 1000));
        assert!(mistake.word.chars().count() < 20);
    }
}
