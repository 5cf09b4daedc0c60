//! Every path of this program's own with its errors, kept as one transcript to be read from end to end.

use super::Api;
use super::transcript::Transcript;
use crate::harness::text;
use serde_json::{Value, json};

const OWN: &str = "/switchboard/v1";

#[test]
fn every_own_path_with_its_errors() {
    let api = Api::new();
    let mut t = Transcript::of(&api);
    let user = api.user();
    t.name(&user, "user");
    let mut sound = vec![];
    for (bank, name) in [("AU00000", "first"), ("AU00004", "second")] {
        let id = api.connected(&user, "gavinBelson", "hooli2016", bank);
        t.name(&id, name);
        sound.push(id);
    }
    let broken = api.connected(&user, "gavinBelson", "wrong", "AU00003");
    t.name(&broken, "broken");
    let viewer = api.key("watcher", "viewer");

    let hold = ["hold", "--institution", "AU10001", "--until", "2h"];
    let until = text(&api.desk.document(&hold)["until"]);

    reads(&mut t, &broken);
    handles(&mut t, &broken, &until, &viewer);
    holds(&mut t, &sound[0], &until, &viewer);
    plans(&mut t, &user, &sound, &viewer);
    cancels(&mut t, &api, &user, &viewer);
    t.agrees("own_paths");
}

fn reads(t: &mut Transcript<'_>, broken: &str) {
    t.get(&format!(
        "{OWN}/connections?filter=status:failed&sort=bank&limit=1"
    ));
    t.get(&format!("{OWN}/connections?filter=statsu:invalid"));
    t.get(&format!("{OWN}/connections?sort=shoe"));
    t.get(&format!("{OWN}/connections?limit=501"));
    t.get(&format!("{OWN}/connections?next=x"));
    t.get(&format!("{OWN}/causes"));
    t.get(&format!("{OWN}/causes?filter=statsu:invalid"));
    t.get(&format!("{OWN}/audit?action=connect&limit=1"));
    t.get(&format!("{OWN}/audit?since=yesterday"));
    t.get(&format!("{OWN}/audit?limit=0"));
    t.get(&format!("{OWN}/audit?next=x"));
    for what in ["why", "timeline"] {
        t.get(&format!("{OWN}/connections/{broken}/{what}"));
        t.get(&format!("{OWN}/connections/nothing/{what}"));
        t.get(&format!("{OWN}/connections/a%20b/{what}"));
    }
    t.get(&format!("{OWN}/changes?since=x"));
}

fn handles(t: &mut Transcript<'_>, broken: &str, until: &str, viewer: &str) {
    let of = |id: &str, what: &str| format!("{OWN}/connections/{id}/{what}");
    let notes = of(broken, "notes");
    t.post(&notes, json!({"text": "called the bank"}));
    t.post(&notes, json!({"text": " "}));
    t.post(&notes, json!({"words": "x"}));
    t.post(&of("nothing", "notes"), json!({"text": "x"}));
    t.by(viewer, "POST", &notes, Some(&json!({"text": "x"})));
    let take = of(broken, "take");
    t.call("POST", &take);
    t.post(&take, json!({"fromOthers": "yes"}));
    t.call("POST", &of("nothing", "take"));
    t.by(viewer, "POST", &take, None);
    t.call("DELETE", &take);
    t.call("DELETE", &take);
    t.call("DELETE", &of("nothing", "take"));
    t.by(viewer, "DELETE", &take, None);
    let snooze = of(broken, "snooze");
    t.post(&snooze, json!({"until": "2000-01-01T00:00:00Z"}));
    t.post(&snooze, json!({"until": until, "reason": "asked the bank"}));
    t.post(&snooze, json!({"until": "soon"}));
    t.post(&snooze, json!({"reason": "x"}));
    t.post(&of("nothing", "snooze"), json!({"until": until}));
    t.by(
        viewer,
        "POST",
        &snooze,
        Some(&json!({"until": "2000-01-01T00:00:00Z"})),
    );
    t.call("DELETE", &snooze);
    t.call("DELETE", &of("nothing", "snooze"));
    t.by(viewer, "DELETE", &snooze, None);
}

fn holds(t: &mut Transcript<'_>, sound: &str, until: &str, viewer: &str) {
    let holds = format!("{OWN}/holds");
    let made = t.post(
        &holds,
        json!({"connectionIds": [sound], "until": until, "reason": "page"}),
    );
    t.post(
        &holds,
        json!({"institutionId": "AU00003", "until": "2000-01-01T00:00:00Z"}),
    );
    t.post(&holds, json!({"institutionId": "AU99999", "until": until}));
    t.post(
        &holds,
        json!({"connectionIds": ["nothing"], "until": until}),
    );
    t.post(&holds, json!({"connectionIds": [5], "until": until}));
    t.post(
        &holds,
        json!({"connectionIds": [sound], "institutionId": "AU00003", "until": until}),
    );
    t.post(&holds, json!({"until": until}));
    t.post(&holds, json!({"institutionId": "AU00003"}));
    t.by(
        viewer,
        "POST",
        &holds,
        Some(&json!({"institutionId": "AU00003", "until": until})),
    );
    t.get(&format!("{holds}?limit=1"));
    t.get(&format!("{holds}?next=x"));
    let release = format!("{holds}/{}/release", text(&made["id"]));
    t.by(viewer, "POST", &release, None);
    t.call("POST", &release);
    t.call("POST", &release);
    t.call("POST", &format!("{holds}/nothing/release"));
}

fn plans(t: &mut Transcript<'_>, user: &str, sound: &[String], viewer: &str) {
    let plans = format!("{OWN}/plans");
    t.post(&plans, json!({}));
    t.post(&plans, json!({"connectionIds": sound}));
    t.post(&plans, json!({"action": "erase", "connectionIds": sound}));
    t.post(&plans, json!({"action": "purge"}));
    t.post(&plans, json!({"action": "purge", "connectionIds": "x"}));
    t.post(&plans, json!({"action": "purge", "connectionIds": ["a b"]}));
    t.post(&plans, json!({"action": "purge", "filter": " "}));
    t.post(
        &plans,
        json!({"action": "purge", "filter": "statsu:active"}),
    );
    t.post(&plans, json!({"action": "purge", "userId": "nobody"}));
    t.post(
        &plans,
        json!({"action": "purge", "userId": user, "filter": "status:active"}),
    );
    t.post(
        &plans,
        json!({"action": "purge", "userId": user, "force": true}),
    );
    t.post(
        &plans,
        json!({"action": "refresh", "userId": user, "force": "yes"}),
    );
    t.post(
        &plans,
        json!({"action": "purge", "userId": user, "shoe": 43}),
    );
    t.by(
        viewer,
        "POST",
        &plans,
        Some(&json!({"action": "purge", "userId": user})),
    );
    t.post(
        &plans,
        json!({"action": "purge", "connectionIds": ["nothing"]}),
    );
    t.post(&plans, json!({"action": "refresh", "connectionIds": sound}));
    let made = t.post(&plans, json!({"action": "purge", "connectionIds": sound}));
    let plan = format!("{plans}/{}", text(&made["id"]));
    t.get(&plans);
    t.get(&format!("{plans}?limit=x"));
    t.get(&format!("{plans}?next=x"));
    t.get(&format!("{plan}?limit=1"));
    t.get(&format!("{plan}?next=x"));
    t.get(&format!("{plans}/nothing"));
    t.get(&format!("{plans}/a%20b"));
    let apply = format!("{plan}/apply");
    t.call("POST", &apply);
    t.post(&apply, json!({"confirm": "purge 2"}));
    t.post(
        &apply,
        json!({"confirm": "purge 2", "reason": "left", "shoe": 43}),
    );
    t.post(
        &format!("{plans}/nothing/apply"),
        json!({"confirm": "purge 2"}),
    );
    t.by(
        viewer,
        "POST",
        &apply,
        Some(&json!({"confirm": "purge 2", "reason": "left"})),
    );
    t.post(&apply, json!({"confirm": "purge 2", "reason": "left"}));
    t.call("POST", &format!("{plan}/cancel"));
    let other = t.post(&plans, json!({"action": "revoke", "connectionIds": sound}));
    let cancel = format!("{plans}/{}/cancel", text(&other["id"]));
    t.by(viewer, "POST", &cancel, None);
    t.post(&cancel, json!({"reason": 5}));
    t.post(&cancel, json!({"reason": "a slip"}));
    t.call("POST", &format!("{plans}/nothing/cancel"));
}

fn cancels(t: &mut Transcript<'_>, api: &Api, user: &str, viewer: &str) {
    let asking = |id: &str| {
        api.job_when(id, |steps| {
            let asks = |s: &Value| s["title"] == "mfa-challenge" && s["status"] == "in-progress";
            steps.iter().any(asks)
        })
    };
    // a job that waits for an answer can be cancelled, once the connection had been there without it
    let made = api.connect(user, "jared", "django", "AU00002").with(202);
    let first = text(&made["id"]);
    t.name(&first, "first job");
    let source = text(&asking(&first)["links"]["source"]);
    let asked = source.rsplit_once('/').unwrap().1;
    t.name(asked, "asked");
    let cancel = |id: &str| format!("{OWN}/jobs/{id}/cancel");
    t.call("POST", &cancel(&first));
    api.post(
        &format!("/jobs/{first}/mfa"),
        &json!({"mfa-response": ["1234"]}),
    );
    api.ended(&first);
    t.call("POST", &cancel(&first));
    let plan = json!({"action": "refresh", "connectionIds": [asked], "forceRecent": true});
    let plan = api.post(&format!("{OWN}/plans"), &plan).with(201);
    let apply = format!("{OWN}/plans/{}/apply", text(&plan["id"]));
    let done = api.post(&apply, &json!({"confirm": "refresh 1"})).with(200);
    let job = text(&done["items"][0]["jobId"]);
    t.name(&job, "job");
    asking(&job);
    t.by(viewer, "POST", &cancel(&job), None);
    t.post(&cancel(&job), json!({"reason": 5}));
    t.post(&cancel(&job), json!({"reason": "a slip"}));
    t.call("POST", &cancel("nothing"));
    t.call("POST", &cancel("a%20b"));
}
