//! Answers, login names and contact details: from stdin, or as arguments with a warning.

use super::harness::{Desk, Done, ended};
use std::io::Write as _;
use std::process::Stdio;

/// Runs a command and leaves its stdin open until it ends.
fn told(desk: &Desk, words: &[&str], lines: &str) -> Done {
    let mut child = desk
        .command(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // what needs no input may have ended
    let _ = stdin.write_all(lines.as_bytes());
    let done = std::thread::scope(|scope| {
        let reading = scope.spawn(|| child.wait_with_output().unwrap());
        let done = reading.join().unwrap();
        drop(stdin);
        done
    });
    ended(done, words)
}

fn warned(done: &Done) -> bool {
    done.err.contains("was given as an argument")
}

/// Banks that wait for answers longer than a test takes.
fn patient() -> Desk {
    Desk::empty(0.0).with("mfa_expiry = \"1s\"", "mfa_expiry = \"1h\"")
}

/// A user, and a job that waits for its answers: two of Whistler, one of jared.
fn waiting(desk: &Desk, login: &str, password: &str) -> String {
    let user = told(
        desk,
        &["user", "create", "--email", "-", "--json"],
        "ada@lovelace.example\n",
    );
    assert!(user.exit == 0 && !warned(&user), "{user:?}");
    let user: serde_json::Value = serde_json::from_str(&user.out).unwrap();
    let words = [
        "connect",
        "--user",
        user["id"].as_str().unwrap(),
        "--institution",
        "AU10008",
        "--login-id",
        "-",
        "--password-stdin",
        "--json",
    ];
    let made = told(desk, &words, &format!("{login}\n{password}\n"));
    assert!(made.exit == 0 && !warned(&made), "{made:?}");
    let made: serde_json::Value = serde_json::from_str(&made.out).unwrap();
    desk.work();
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.job(&id)["state"], "waiting-mfa");
    id
}

#[test]
fn an_answer_without_text_is_a_line_of_stdin_for_each_question() {
    for (login, password, lines) in [
        ("jared", "django", "1234\n"),
        ("Whistler", "ShowBox", "Basiq\nAU10008\nnot read\n"),
    ] {
        let desk = patient();
        let job = waiting(&desk, login, password);
        let done = told(&desk, &["answer", &job], lines);
        assert!(done.exit == 0 && !warned(&done), "{done:?}");
        desk.work();
        assert_eq!(desk.job(&job)["state"], "succeeded");
    }
}

#[test]
fn an_answer_as_an_argument_works_with_a_warning() {
    let desk = patient();
    let job = waiting(&desk, "jared", "django");
    let done = desk.run(&["answer", &job, "1234"]);
    assert!(done.exit == 0 && warned(&done), "{done:?}");
    assert!(!done.err.contains("1234"), "{done:?}");
    desk.work();
    assert_eq!(desk.job(&job)["state"], "succeeded");
}

#[test]
fn login_names_and_contacts_as_arguments_work_with_a_warning() {
    let desk = Desk::empty(0.0);
    let user = desk.run(&[
        "user",
        "create",
        "--email",
        "ada@lovelace.example",
        "--json",
    ]);
    assert!(user.exit == 0 && warned(&user), "{user:?}");
    let id: serde_json::Value = serde_json::from_str(&user.out).unwrap();
    let id = id["id"].as_str().unwrap();
    let words = ["user", "update", id, "--mobile", "+61400555021"];
    assert!(warned(&desk.run(&words)));
    // an empty text removes a value and says nothing
    assert!(!warned(&desk.run(&["user", "update", id, "--mobile", ""])));
    let link = ["auth-link", "create", id, "--mobile", "+61400555021"];
    assert!(warned(&desk.run(&link)));
    let words = [
        "connect",
        "--user",
        id,
        "--institution",
        "AU00000",
        "--login-id",
        "jared",
        "--secondary-login-id",
        "two",
        "--password-stdin",
    ];
    let made = told(&desk, &words, "django\n");
    assert_eq!(made.exit, 0, "{made:?}");
    for option in ["--login-id", "--secondary-login-id"] {
        assert!(
            made.err
                .contains(&format!("{option} was given as an argument")),
            "{made:?}"
        );
    }
    let quiet = told(&desk, &[&words[..], &["--quiet"]].concat(), "django\n");
    assert!(!warned(&quiet), "{quiet:?}");
}
