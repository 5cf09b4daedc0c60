use super::*;

fn view(name: &str) -> SavedView {
    SavedView {
        name: name.into(),
        filter: "status:invalid bank:\"fabrikam\"".into(),
        sort: Sort::read("bank,last:asc").unwrap(),
        columns: Some(vec![Column::Status, Column::Why]),
        group: Some(GroupField::Bank),
    }
}

#[test]
fn views_read_as_they_are_written() {
    let mut text = String::new();
    let names = ["morning", "two words", "a.b", "it's \"quoted\"", "日本"];
    for name in names {
        text = with_view(&text, &view(name));
    }
    let (read, mistakes) = views(&text);
    assert_eq!(mistakes, []);
    assert_eq!(read, names.map(view));
    assert!(text.starts_with(HEAD), "{text}");
}

#[test]
fn what_was_written_by_hand_stays_when_a_view_is_saved_or_deleted() {
    let by_hand = "# mine\n[a]  # first\nfilter = 'via:ob'\n\n# of the second\n[ \"b c\" ]\nsort = \"user\" # why not\n";
    let saved = with_view(
        by_hand,
        &SavedView {
            name: "a".into(),
            ..SavedView::default()
        },
    );
    assert_eq!(
        saved,
        "# mine\n[\"a\"]\n\n# of the second\n[ \"b c\" ]\nsort = \"user\" # why not\n"
    );
    let deleted = without_view(by_hand, "b c");
    assert_eq!(
        deleted,
        "# mine\n[a]  # first\nfilter = 'via:ob'\n\n# of the second\n"
    );
    assert_eq!(without_view(by_hand, "c"), by_hand);
}

#[test]
fn mistakes_are_named_with_their_lines_and_the_rest_is_read() {
    let text = "x = 1\n[good]\nfilter = \"via:ob\"\n[bad]\nfilter = \"status:invlid\"\nsort = \"bnak\"\ncolumns = [\"label\", \"wy\"]\ngroup = 3\nfiltr = \"\"\n";
    let (read, mistakes) = views(text);
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].filter, "via:ob");
    assert_eq!(read[1].columns, Some(vec![Column::Status]));
    let said: Vec<String> = mistakes
        .iter()
        .map(|it| format!("{}: {}", it.at.line, it.what))
        .collect();
    for (at, part) in [
        (0, "1: `x` stands outside a view"),
        (1, "5: "),
        (2, "did you mean `bank`?"),
        (3, "7: `wy` is not a column"),
        (4, "8: this has to be a text"),
        (5, "9: `filtr` is not a key here"),
    ] {
        assert!(said[at].contains(part), "{said:#?}");
    }
    let (_, broken) = views("[a\nfilter = ");
    assert_eq!(broken.first().map(|it| it.at.line), Some(1));
}

#[test]
fn boards_are_kept_by_database_and_the_oldest_goes() {
    let kept = |n: usize| KeptBoard {
        view: SavedView {
            name: String::new(),
            ..view("")
        },
        cursor: Some(format!("id-{n}")),
        page: Some("causes".into()),
        pane: Some("jobs".into()),
        zoom: n.is_multiple_of(2),
        filters: vec!["via:ob".into(), "is:open".into()],
        settings: KeptSettings {
            theme: Some("light".into()),
            privacy: Some(Level::Strict),
            ascii: Some(n.is_multiple_of(3)),
            mouse: (n > 3).then_some(true),
            zone: Zone::named("Australia/Sydney"),
        },
    };
    let mut text = String::new();
    for n in 0..=BOARDS {
        text = with_board(&text, &format!("/data/{n}.db"), &kept(n));
    }
    assert_eq!(super::kept(&text, "/data/0.db"), (None, vec![]));
    for n in 1..=BOARDS {
        assert_eq!(
            super::kept(&text, &format!("/data/{n}.db")),
            (Some(kept(n)), vec![])
        );
    }
    let again = with_board(&text, "/data/3.db", &KeptBoard::default());
    assert_eq!(
        super::kept(&again, "/data/3.db").0,
        Some(KeptBoard::default())
    );
    assert!(super::kept(&again, "/data/1.db").0.is_some());
    assert!(!super::kept("[\"/data/1.db\"\n", "/data/1.db").1.is_empty());
}
