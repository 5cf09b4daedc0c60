//! Refresh, purge and revoke of a platform's connections, by commands.

use super::Rehearsal;
use super::proxy::Fault;
use crate::harness::{Desk, PLAIN, purge_words, text, until};
use serde_json::{Value, json};

impl Rehearsal {
    /// A connection of the platform that works, with its user; the board has read both.
    pub(super) fn plain(&self) -> (String, String) {
        let id = self.source().one(PLAIN);
        let user = text(&self.source().connection(&id)["userId"]);
        self.board.document(&["live", "sync", "--user", &user]);
        (id, user)
    }
}

#[test]
fn a_refresh_is_the_platforms_job_and_is_followed_to_its_end() {
    let rehearsal = Rehearsal::of(20);
    let (id, _) = rehearsal.plain();
    let job = rehearsal
        .board
        .document(&["refresh", &id, "--force-recent", "--wait"]);
    assert_eq!(
        (&job["state"], &job["connectionId"]),
        (&"succeeded".into(), &id.as_str().into()),
        "{job:#}"
    );
    let there = rehearsal.source().job(&text(&job["id"]));
    assert_eq!(there["state"], "succeeded", "its id is the platform's");
    let sent = rehearsal.outbox();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        (&sent[0]["state"], &sent[0]["httpStatus"]),
        (&"accepted".into(), &202.into())
    );
    assert_eq!(rehearsal.proxy.arrived("POST", "/refresh"), 1);
    let audit = rehearsal.board.rows(&["audit", "--action", "refresh"]);
    let outcomes: Vec<String> = audit.iter().map(|line| text(&line["outcome"])).collect();
    assert_eq!(outcomes, ["accepted, HTTP 202", "intended"]);
    rehearsal.board.healthy();
}

#[test]
fn a_purge_is_done_there_and_then_here() {
    let rehearsal = Rehearsal::of(20);
    let (id, _) = rehearsal.plain();
    assert!(
        rehearsal.board.connection(&id)["accounts"]
            .as_u64()
            .unwrap()
            > 0
    );
    let words = purge_words(&id);
    let job = rehearsal.board.document(&[
        "purge",
        &id,
        "--confirm",
        &words,
        "--reason",
        "asked",
        "--wait",
    ]);
    assert_eq!(job["state"], "succeeded", "{job:#}");
    let first = &job["steps"][0];
    let note = first.to_string();
    assert!(note.contains("as the platform reported"), "{first:#}");
    assert!(
        note.contains("after 0 accounts and 0 transactions"),
        "{first:#}"
    );
    assert_eq!(rehearsal.source().connection(&id)["accounts"], 0);
    assert_eq!(rehearsal.board.connection(&id)["accounts"], 0);
    assert_eq!(rehearsal.proxy.arrived("POST", "/purge"), 1);
    assert_eq!(rehearsal.board.connection(&id)["status"], "active");
    rehearsal.board.healthy();
}

#[test]
fn a_revoke_ends_the_connection_there_and_then_here() {
    let rehearsal = Rehearsal::of(20);
    let (id, _) = rehearsal.plain();
    let bank = text(&rehearsal.board.connection(&id)["institution"]["name"]);
    let job = rehearsal
        .board
        .document(&["revoke", &id, "--confirm", &bank, "--wait"]);
    assert_eq!(job["state"], "succeeded", "{job:#}");
    assert_eq!(rehearsal.source().connection(&id)["status"], "deleted");
    assert_eq!(rehearsal.board.connection(&id)["status"], "deleted");
    assert_eq!(rehearsal.proxy.arrived("DELETE", &id), 1);
    rehearsal.sync();
    rehearsal.equals();
}

#[test]
fn what_the_platform_refuses_is_not_done_here() {
    let rehearsal = Rehearsal::of(20);
    let (id, _) = rehearsal.plain();
    rehearsal.proxy.rule(|method, path| match method == "POST" && path.ends_with("/purge") {
        true => {
            let body = r#"{"type":"list","correlationId":"c-17","data":[{"type":"error","code":"parameter-not-valid","title":"t","detail":"Connection is not active."}]}"#;
            Fault::Answered(400, String::new(), body.into())
        }
        false => Fault::None,
    });
    let accounts = rehearsal.board.connection(&id)["accounts"].clone();
    let done = rehearsal.board.run(&[
        "purge",
        &id,
        "--confirm",
        &purge_words(&id),
        "--wait",
        "--json",
    ]);
    assert_eq!(done.exit, 1, "{done:?}");
    assert_eq!(
        rehearsal.board.connection(&id)["accounts"],
        accounts,
        "nothing went"
    );
    let sent = rehearsal.outbox();
    assert_eq!(
        (&sent[0]["state"], &sent[0]["correlationId"]),
        (&"refused".into(), &"c-17".into())
    );
    let audit = rehearsal.board.rows(&["audit", "--action", "purge"]);
    assert!(
        text(&audit[0]["outcome"]).contains("HTTP 400, correlation c-17"),
        "{audit:#?}"
    );
    rehearsal.board.healthy();
}

#[test]
fn nothing_is_ordered_while_nobody_is_signed_in() {
    let rehearsal = Rehearsal::of(10);
    let (id, _) = rehearsal.plain();
    assert_eq!(rehearsal.board.run(&["live", "logout"]).exit, 0);
    let done = rehearsal
        .board
        .run(&["refresh", &id, "--force-recent", "--json"]);
    assert_eq!(
        (done.exit, &done.document()["code"]),
        (4, &"signed-out".into()),
        "{done:?}"
    );
    assert!(rehearsal.outbox().is_empty());
    for words in [
        &["migrate", id.as_str()][..],
        &["update-credentials", id.as_str(), "--password-stdin"],
    ] {
        assert_eq!(rehearsal.board.run(words).exit, 4, "{words:?}");
    }
}

#[test]
fn what_was_not_sent_can_be_taken_back() {
    let rehearsal = Rehearsal::of(10);
    let (id, _) = rehearsal.plain();
    // nobody sends while there is no worker
    let job = rehearsal
        .board
        .document(&["refresh", &id, "--force-recent"]);
    assert_eq!(job["state"], "queued");
    let cancelled = rehearsal.board.run(&["cancel", &text(&job["id"])]);
    assert_eq!(cancelled.exit, 0, "{cancelled:?}");
    let _worker = rehearsal.worker();
    rehearsal.settled();
    assert_eq!(rehearsal.proxy.arrived("POST", "/refresh"), 0);
    assert_eq!(rehearsal.outbox()[0]["state"], "refused");
}

#[test]
fn a_file_is_either_of_the_sandbox_or_of_a_platform() {
    let rehearsal = Rehearsal::of(10);
    for words in [
        &["generate", "--connections", "5"][..],
        &["sandbox", "outage", "AU00000", "--for", "1m"],
    ] {
        assert_ne!(rehearsal.board.run(words).exit, 0, "{words:?}");
    }
    let other = rehearsal.login("http://127.0.0.1:1", "key");
    assert_eq!(
        (other.exit, other.err.contains("mirrors")),
        (4, true),
        "{other:?}"
    );
    let source = super::typed(
        rehearsal.source(),
        &["live", "login", &rehearsal.proxy.url, "--api-key-stdin"],
        &rehearsal.key,
    );
    assert_eq!(
        (source.exit, source.err.contains("sandbox")),
        (4, true),
        "{source:?}"
    );
}

#[test]
fn an_answer_to_a_banks_question_goes_to_the_platform_once() {
    let patient = Desk::empty(0.0).with("mfa_expiry = \"1s\"", "mfa_expiry = \"1m\"");
    let rehearsal = Rehearsal::on(patient);
    let api = &rehearsal.api;
    let user = api.user();
    let asks = |steps: &[Value]| steps.iter().any(|step| step["result"]["type"] == "mfa");
    let job = api.connect(&user, "jared", "django", "AU00002").with(202);
    let job = text(&job["id"]);
    api.job_when(&job, asks);
    let answer = json!({"mfa-response": ["1234"]});
    api.post(&format!("/jobs/{job}/mfa"), &answer).with(202);
    api.ended(&job);
    assert_eq!(rehearsal.bring(), 1);
    rehearsal.sync();
    let id = rehearsal.board.one("");
    let _worker = rehearsal.worker();
    rehearsal
        .board
        .document(&["refresh", &id, "--force-recent"]);
    let asked = || rehearsal.board.connection(&id)["lastJob"].clone();
    until("the question", || {
        let job = text(&asked()["id"]);
        rehearsal.board.job(&job)["state"] == "waiting-mfa"
    });
    assert_eq!(
        rehearsal.board.ids("is:attention").len(),
        1,
        "it waits for its user"
    );
    let job = text(&asked()["id"]);
    let before = rehearsal.proxy.arrived("POST", "/mfa");
    let done = rehearsal
        .board
        .document(&["answer", &job, "1234", "--wait"]);
    assert_eq!(done["state"], "succeeded", "{done:#}");
    assert_eq!(rehearsal.proxy.arrived("POST", "/mfa"), before + 1);
    assert_eq!(rehearsal.outbox()[0]["act"], "answer");
    rehearsal.board.healthy();
}
