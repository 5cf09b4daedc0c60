//! The key of the platform is seen by nobody, and goes to the platform only.

use super::proxy::Fault;
use super::{Rehearsal, board, typed};
use std::net::TcpListener;

#[test]
fn the_key_is_in_no_file_in_clear_and_gone_after_signing_out() {
    let rehearsal = Rehearsal::of(10);
    rehearsal.sync();
    let holds = |text: &str| {
        let files = rehearsal.board.files();
        let hits = |bytes: &[u8]| bytes.windows(text.len()).any(|w| w == text.as_bytes());
        files
            .into_iter()
            .filter(|(_, bytes)| hits(bytes))
            .map(|(path, _)| path)
            .collect::<Vec<_>>()
    };
    assert!(
        holds(&rehearsal.key).is_empty(),
        "{:?}",
        holds(&rehearsal.key)
    );
    assert!(
        !holds(&rehearsal.proxy.url).is_empty(),
        "the search finds what is there"
    );
    for words in [
        &["live", "status"][..],
        &["audit"],
        &["doctor"],
        &["live", "status", "--json", "-vv"],
    ] {
        let done = rehearsal.board.run(words);
        assert!(
            !format!("{}{}", done.out, done.err).contains(&rehearsal.key),
            "{words:?}"
        );
    }
    assert_eq!(rehearsal.board.run(&["live", "logout"]).exit, 0);
    assert_eq!(rehearsal.board.run(&["live", "sync"]).exit, 4);
    assert_eq!(rehearsal.board.run(&["live", "logout"]).exit, 4);
    assert_eq!(
        rehearsal.login(&rehearsal.proxy.url, &rehearsal.key).exit,
        0
    );
    rehearsal.sync();
}

#[test]
fn a_key_that_others_can_see_is_refused_and_not_repeated() {
    let desk = board();
    for words in [
        &["live", "login", "https://h.example", "s3cr3t-key"][..],
        &[
            "live",
            "login",
            "https://h.example",
            "--api-key",
            "s3cr3t-key",
        ],
    ] {
        let done = desk.run(words);
        assert_eq!(done.exit, 2, "{done:?}");
        assert!(
            !format!("{}{}", done.out, done.err).contains("s3cr3t-key"),
            "{done:?}"
        );
    }
    let mut command = desk.command(&["live", "login", "https://h.example", "--api-key-stdin"]);
    command.env("BASIQ_API_KEY", "s3cr3t-key");
    let done = crate::harness::ended(command.output().unwrap(), &["live", "login"]);
    assert_eq!(
        (done.exit, done.err.contains("BASIQ_API_KEY")),
        (2, true),
        "{done:?}"
    );
    assert!(!done.err.contains("s3cr3t-key"));
    for url in ["http://h.example", "https://k@h.example", "h.example"] {
        assert_eq!(
            typed(&desk, &["live", "login", url, "--api-key-stdin"], "k").exit,
            2,
            "{url}"
        );
    }
}

#[test]
fn a_wrong_key_is_not_kept_and_a_refused_one_signs_out() {
    let rehearsal = Rehearsal::of(10);
    let done = rehearsal.login(&rehearsal.proxy.url, "c3dpdGNoYm9hcmQ6bm8");
    assert_eq!(done.exit, 4, "{done:?}");
    rehearsal.sync();
    rehearsal.source().run(&["apikey", "revoke", "live"]);
    for words in [
        &["live", "sync", "--all", "--json"][..],
        &["live", "sync", "--json"],
    ] {
        let done = rehearsal.board.run(words);
        assert_eq!(
            (done.exit, &done.document()["code"]),
            (4, &"key-refused".into()),
            "{done:?}"
        );
    }
    let status = rehearsal.board.document(&["live", "status"]);
    assert_eq!(status["trouble"]["kind"], "signed-out", "{status:#}");
    let id = rehearsal.board.ids("status:active")[0].clone();
    let done = rehearsal
        .board
        .run(&["refresh", &id, "--force-recent", "--json"]);
    assert_eq!(
        (done.exit, &done.document()["code"]),
        (4, &"signed-out".into()),
        "{done:?}"
    );
}

#[test]
fn redirects_are_not_followed_and_a_long_answer_is_cut_off() {
    let rehearsal = Rehearsal::of(10);
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = format!("location: http://{}/\r\n", elsewhere.local_addr().unwrap());
    rehearsal
        .proxy
        .rule(move |_, _| Fault::Answered(302, location.clone(), String::new()));
    rehearsal.board.run(&["live", "sync"]);
    assert!(elsewhere.accept().is_err(), "nobody went there");
    assert_eq!(rehearsal.board.ids("").len(), 0);
}
