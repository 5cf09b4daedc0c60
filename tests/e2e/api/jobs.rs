//! Jobs that are open, and answers to a bank's questions.

use super::{Api, refused};
use crate::harness::text;
use serde_json::{Value, json};

#[test]
fn a_refresh_while_a_job_is_open_is_200_with_that_job_and_else_202() {
    let api = Api::new();
    let user = api.user();
    // the bank waits for an answer, so the job stays open
    let job = api
        .connect(&user, "richard", "tabsnotspaces", "AU00002")
        .with(202);
    let id = text(&job["id"]);
    let waits = |steps: &[Value]| {
        steps
            .iter()
            .any(|s| s["title"] == "mfa-challenge" && s["status"] == "in-progress")
    };
    let asked = api.job_when(&id, waits);
    let connection = text(&asked["links"]["source"])
        .rsplit_once('/')
        .unwrap()
        .1
        .to_owned();
    let refresh = format!("/users/{user}/connections/{connection}/refresh");
    let again = api.call("POST", &refresh).with(200);
    assert_eq!(again["id"], id.as_str());
    assert_eq!(api.status(&user, &connection), "pending");
    let challenge = &asked["steps"][1]["result"];
    assert_eq!(
        (
            &challenge["type"],
            &challenge["input"],
            &challenge["links"]["response"]
        ),
        (
            &json!("mfa"),
            &json!(["OTP Password"]),
            &json!(format!("{}/jobs/{id}/mfa", api.url))
        )
    );
    let answer = |body: &Value| api.post(&format!("/jobs/{id}/mfa"), body);
    let invalid = refused(400, "invalid-content", "Invalid request content");
    for body in [
        json!({}),
        json!({"mfa-response": "1234"}),
        json!({"mfa-response": [1234]}),
        json!({"mfa-response": ["1234", "1"]}),
        json!({"mfa-response": []}),
    ] {
        assert_eq!(answer(&body).error(), invalid, "{body}");
    }
    answer(&json!({"mfa-response": ["1234"]})).with(202);
    api.ended(&id);
    let closed = answer(&json!({"mfa-response": ["1234"]})).error();
    assert_eq!(
        closed,
        refused(
            400,
            "parameter-not-valid",
            "Job is not waiting for an MFA response."
        )
    );
    let fresh = api.call("POST", &refresh).with(202);
    assert_ne!(fresh["id"], id.as_str());
}

#[test]
fn a_wrong_answer_is_400_and_fails_the_job() {
    let api = Api::new();
    let user = api.user();
    let job = text(&api.connect(&user, "jared", "django", "AU00002").with(202)["id"]);
    api.job_when(&job, |steps| {
        steps
            .iter()
            .any(|s| s["status"] == "in-progress" && s["title"] == "mfa-challenge")
    });
    let (status, code, _) = api
        .post(
            &format!("/jobs/{job}/mfa"),
            &json!({"mfa-response": ["0000"]}),
        )
        .error();
    assert_eq!((status, code.as_str()), (400, "invalid-credentials"));
    let ended = api.ended(&job);
    let failed = &ended["steps"][1];
    assert_eq!(
        (&failed["status"], &failed["result"]["code"]),
        (&json!("failed"), &json!("invalid-credentials"))
    );
    assert_eq!(failed["result"]["detail"], failed["result"]["details"]);
    assert_eq!(
        ended["steps"][2],
        json!({"title": "retrieve-accounts", "status": "pending", "result": null})
    );
}
