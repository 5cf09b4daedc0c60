//! Erasing a user, moving a connection and making links on a platform: the steps are calls, and what a user has to do
//! there is a link.

use super::lost_answers::first;
use super::proxy::Fault;
use super::{Rehearsal, ended_without_data};
use crate::harness::{PLAIN, text, until};

impl Rehearsal {
    fn erase(&self, user: &str) -> crate::harness::Done {
        let words = format!("erase {}", &user[user.len() - 3..]);
        self.board.run(&[
            "erase",
            "--user",
            user,
            "--confirm",
            &words,
            "--reason",
            "left",
            "--json",
        ])
    }

    /// A web connection that the board may move, with its user and bank.
    fn movable(&self) -> (String, String) {
        self.sync();
        let ids = self.board.ids("status:active via:web");
        let mut refused = vec![];
        let id = ids.into_iter().find(|id| {
            let done = self.board.run(&["migrate", id]);
            let may = done.exit == 5;
            refused.push(done.err);
            may
        });
        let id = id.unwrap_or_else(|| panic!("none can be moved: {refused:#?}"));
        let user = text(&self.board.connection(&id)["userId"]);
        (id, user)
    }

    fn migrate(&self, id: &str) -> crate::harness::Done {
        let words = format!("move {}", &id[id.len() - 3..]);
        self.board
            .run(&["migrate", id, "--confirm", &words, "--json"])
    }
}

fn ends_consent(method: &str, path: &str) -> bool {
    method == "DELETE" && path.contains("/consents/")
}

#[test]
fn an_erased_user_is_erased_there_and_then_here() {
    let rehearsal = Rehearsal::of(30);
    rehearsal.sync();
    let id = rehearsal.source().one(PLAIN);
    let user = text(&rehearsal.source().connection(&id)["userId"]);
    let done = rehearsal.erase(&user);
    assert_eq!(done.exit, 0, "{done:?}");
    let sequence = text(&done.document()["id"]);
    for desk in [rehearsal.source(), &rehearsal.board] {
        for id in desk.ids(&format!("user:{user}")) {
            ended_without_data(desk, &id);
        }
        let consents = desk.rows(&["consents", "--user", &user]);
        assert!(!consents.is_empty());
        assert!(
            consents.iter().all(|it| it["status"] != "active"),
            "{consents:#?}"
        );
    }
    let sent = rehearsal.outbox();
    assert!(sent.iter().all(|it| it["state"] == "accepted"), "{sent:#?}");
    let ended = sent.iter().find(|it| it["act"] == "end-consent").unwrap();
    assert_eq!(
        (&ended["httpStatus"], &ended["planId"]),
        (&204.into(), &sequence.as_str().into())
    );
    let audit = rehearsal.board.rows(&["audit", "--action", "end-consent"]);
    assert!(
        audit
            .iter()
            .any(|line| text(&line["outcome"]) == "accepted, HTTP 204"),
        "{audit:#?}"
    );
    rehearsal.board.healthy();
}

#[test]
fn an_end_of_consent_whose_answer_is_lost_is_looked_up_and_made_once() {
    let rehearsal = Rehearsal::of(30);
    rehearsal.sync();
    let id = rehearsal.source().one(PLAIN);
    let user = text(&rehearsal.source().connection(&id)["userId"]);
    first(&rehearsal, 1, ends_consent, Fault::Lost);
    let done = rehearsal.erase(&user);
    assert_eq!(done.exit, 0, "{done:?}");
    assert_eq!(rehearsal.proxy.arrived("DELETE", ""), rehearsal.deletes());
    let sent = rehearsal.outbox();
    let ended = sent.iter().find(|it| it["act"] == "end-consent").unwrap();
    assert_eq!(ended["state"], "accepted");
    assert!(text(&ended["detail"]).contains("was lost"), "{ended:#}");
}

impl Rehearsal {
    /// How many deletes the outbox has accepted: each was sent once.
    fn deletes(&self) -> usize {
        let sent = self.outbox();
        let deletes =
            |act: &serde_json::Value| act["act"] == "revoke" || act["act"] == "end-consent";
        sent.iter().filter(|it| deletes(it)).count()
    }
}

#[test]
fn a_consent_that_the_platform_keeps_is_not_ended_here() {
    let rehearsal = Rehearsal::of(30);
    rehearsal.sync();
    let id = rehearsal.source().one(PLAIN);
    let user = text(&rehearsal.source().connection(&id)["userId"]);
    rehearsal.proxy.rule(|method, path| match ends_consent(method, path) {
        true => {
            let body = r#"{"type":"list","correlationId":"c-9","data":[{"type":"error","code":"forbidden-access","title":"t","detail":"The key may not."}]}"#;
            Fault::Answered(403, String::new(), body.into())
        }
        false => Fault::None,
    });
    let done = rehearsal.erase(&user);
    assert_ne!(done.exit, 0, "{done:?}");
    let consents = rehearsal.board.rows(&["consents", "--user", &user]);
    assert!(
        consents.iter().any(|it| it["status"] == "active"),
        "{consents:#?}"
    );
    let sequence = &rehearsal.board.rows(&["sequences"])[0];
    assert_eq!(sequence["state"], "stopped", "{sequence:#}");
}

#[test]
fn a_moved_connection_ends_there_and_its_user_gets_a_link() {
    let rehearsal = Rehearsal::of(60);
    let (id, user) = rehearsal.movable();
    let done = rehearsal.migrate(&id);
    assert_eq!(done.exit, 0, "{done:?}");
    for desk in [rehearsal.source(), &rehearsal.board] {
        ended_without_data(desk, &id);
    }
    let acts: Vec<String> = rehearsal
        .outbox()
        .iter()
        .rev()
        .map(|it| text(&it["act"]))
        .collect();
    assert_eq!(acts, ["purge", "revoke", "link"]);
    let link = rehearsal.board.document(&["auth-link", "show", &user]);
    let there = rehearsal.source().document(&["auth-link", "show", &user]);
    let path = text(&there["links"]["public"]);
    assert!(
        text(&link["links"]["public"]).ends_with(&path),
        "{link:#} {there:#}"
    );
    rehearsal.board.healthy();
}

#[test]
fn a_link_is_made_at_the_platform_and_leads_there() {
    let rehearsal = Rehearsal::of(20);
    rehearsal.sync();
    let user = text(&rehearsal.source().rows(&["users"])[0]["id"]);
    let made = rehearsal.board.document(&["auth-link", "create", &user]);
    let address = text(&made["links"]["public"]);
    assert!(address.starts_with("http://127.0.0.1:"), "{made:#}");
    let there = rehearsal.source().document(&["auth-link", "show", &user]);
    assert!(
        address.ends_with(&text(&there["links"]["public"])),
        "{address}"
    );
    assert_eq!(rehearsal.proxy.arrived("POST", "/auth_link"), 1);
    // it is no local one: what would be said of it here would not be so there
    let deleted = rehearsal.board.run(&["auth-link", "delete", &user]);
    assert_eq!(deleted.exit, 4, "{deleted:?}");
    let mobile = rehearsal
        .board
        .run(&["auth-link", "create", &user, "--mobile", "+61400000001"]);
    assert_eq!(mobile.exit, 4, "{mobile:?}");
    for (path, bytes) in rehearsal.board.files() {
        let held = bytes
            .windows(address.len())
            .any(|part| part == address.as_bytes());
        assert!(!held, "the link is in clear in {}", path.display());
    }
    until("the outbox", || {
        rehearsal.board.rows(&["outbox", "--open"]).is_empty()
    });
}
