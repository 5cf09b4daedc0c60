//! Answers to a bank's question whose replies are lost and whose senders are killed: none reaches the platform twice, none
//! is said to be taken that was not, and none stays unknown.

use super::Rehearsal;
use super::proxy::Fault;
use crate::api::Api;
use crate::harness::{Desk, Dice, kill_after, text, until};
use crate::settings::{figure, seed};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many questions are open at a time.
const AT_ONCE: usize = 5;

impl Api {
    /// A connection of a new user at a bank that always asks; answers its id.
    pub(super) fn asked(&self) -> String {
        let asks = |steps: &[Value]| steps.iter().any(|step| step["result"]["type"] == "mfa");
        let job = self.connect(&self.user(), "jared", "django", "AU00002");
        let job = text(&job.with(202)["id"]);
        self.job_when(&job, asks);
        let answer = json!({"mfa-response": ["1234"]});
        self.post(&format!("/jobs/{job}/mfa"), &answer).with(202);
        let source = text(&self.ended(&job)["links"]["source"]);
        source.rsplit_once('/').unwrap().1.to_owned()
    }
}

impl Rehearsal {
    /// Users with a connection each at a bank that always asks.
    fn asked(users: usize) -> (Self, Vec<String>) {
        let patient = Desk::empty(0.0).with("mfa_expiry = \"1s\"", "mfa_expiry = \"10m\"");
        let rehearsal = Self::on(patient);
        for _ in 0..users {
            rehearsal.api.asked();
        }
        assert_eq!(rehearsal.bring(), users as u64);
        rehearsal.sync();
        let ids = rehearsal.board.ids("");
        assert_eq!(ids.len(), users);
        (rehearsal, ids)
    }

    /// Refreshes them, and waits until the board knows all questions. Answers the jobs.
    pub(super) fn questions(&self, connections: &[String]) -> Vec<String> {
        let _worker = self.worker();
        for id in connections {
            self.board.document(&["refresh", id, "--force-recent"]);
        }
        let mut jobs = Vec::new();
        until("the questions", || {
            let last = connections
                .iter()
                .map(|id| self.board.connection(id)["lastJob"].clone());
            // it takes the platform's id meanwhile
            let last = last.map(|job| self.board.job(&text(&job["id"])));
            let waits = last.filter(|job| job["state"] == "waiting-mfa");
            jobs = waits.map(|job| text(&job["id"])).collect();
            jobs.len() == connections.len()
        });
        jobs
    }

    /// How often an answer to this job arrived at the platform.
    fn answers(&self, job: &str) -> usize {
        self.proxy.arrived("POST", &format!("/jobs/{job}/mfa"))
    }

    /// What came of the answer to each job.
    fn outcomes(&self) -> BTreeMap<String, Value> {
        let sent = self
            .outbox()
            .into_iter()
            .filter(|act| act["act"] == "answer");
        // the newest comes first, and stays
        let newest_last = sent.rev();
        newest_last.map(|act| (text(&act["jobId"]), act)).collect()
    }
}

/// Answers to so many questions, in turns.
fn answered(rounds: usize, seed: u64) -> String {
    let (rehearsal, ids) = Rehearsal::asked(AT_ONCE.min(rounds));
    let mut dice = Dice(seed);
    let (mut given, mut taken, mut again) = (0, 0, 0);
    while given < rounds {
        let ids = &ids[..AT_ONCE.min(rounds - given)];
        let jobs = rehearsal.questions(ids);
        let mut net = Dice(dice.below(u64::MAX));
        rehearsal.proxy.rule(
            move |_, path| match (path.ends_with("/mfa"), net.below(6)) {
                (true, 0 | 1) => Fault::Lost,
                (true, 2) | (false, 0) => Fault::Unsent,
                (true, 3) => Fault::Late(std::time::Duration::from_millis(150)),
                _ => Fault::None,
            },
        );
        for job in &jobs {
            rehearsal.board.document(&["answer", job, "1234"]);
            kill_after(rehearsal.board.start(&["work"]), dice.millis(900));
        }
        let _worker = rehearsal.worker();
        rehearsal.settled();
        rehearsal.proxy.rule(|_, _| Fault::None);
        given += jobs.len();
        for (job, act) in rehearsal.outcomes() {
            if !jobs.contains(&job) {
                continue;
            }
            match act["state"].as_str().unwrap() {
                "accepted" => {
                    assert_eq!(rehearsal.answers(&job), 1, "{act:#}");
                    taken += 1;
                }
                "refused" => {
                    assert!(text(&act["detail"]).contains("still asks"), "{act:#}");
                    assert_eq!(rehearsal.answers(&job), 0, "it was taken: {act:#}");
                    rehearsal.board.document(&["answer", &job, "1234"]);
                    again += 1;
                }
                other => panic!("{other}: {act:#}"),
            }
        }
        for job in &jobs {
            until("the end of the job", || {
                rehearsal.board.job(job)["state"] == "succeeded"
            });
            assert_eq!(rehearsal.source().job(job)["state"], "succeeded");
            assert_eq!(rehearsal.answers(job), 1, "{job}");
        }
    }
    rehearsal.board.healthy();
    format!(
        "{given} answers to a bank's question: {taken} taken at once, {again} given again, each arrived once"
    )
}

#[test]
fn answers_to_a_banks_question_arrive_once_despite_kills_and_lost_replies() {
    figure(&answered(3, 5));
}

#[test]
#[ignore = "long, 60 answers with a kill after each: run by ./check --full"]
fn answers_to_a_banks_question_arrive_once_long() {
    figure(&answered(60, seed()));
}
