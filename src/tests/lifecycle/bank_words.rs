//! What a bank or a document says in its own words is masked wherever a job is seen, stands in no file in plain, and
//! goes with the purge, which searches for it.

use crate::connector::sandbox::Sandbox;
use crate::connector::{Ask, Bank, Outcome};
use crate::domain::act::{ActKind, Selection, Standing};
use crate::domain::diagnosis::advice_for;
use crate::domain::failure_codes::Failure;
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{Job, State, Title};
use crate::domain::mfa::ChallengeMethod;
use crate::ops::{Error, Ops};
use crate::testing::lifecycle::{Rig, link};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const DETAIL: &str = "Hello Ashton Quillfeather, this account is locked: card 4111 1111 1111 1111, phone 0400 555 021.";
const SHOWN: &str = "Hello •••, this account is locked: card •••, phone •••.";
const TITLE: &str = "For Ashton Quillfeather";
const QUESTION: &str = "What did Ashton call the cat?";
const INPUT: &str = "Code sent to ash.quillfeather@post.example";
/// What may be nowhere, besides the texts themselves.
const PARTS: [&str; 5] = [
    "Quillfeather",
    "Ashton",
    "4111 1111",
    "0400 555 021",
    "post.example",
];

/// Says personal things where it is told to.
struct Talker {
    bank: Sandbox,
    at: Title,
    outcome: Outcome,
}

impl Bank for Talker {
    fn ask(&self, ask: Ask) -> BoxFuture<'_, Outcome> {
        match ask.step == self.at && ask.answers.is_none() {
            true => Box::pin(std::future::ready(self.outcome.clone())),
            false => self.bank.ask(ask),
        }
    }
}

fn talker(rig: &Rig, at: Title, outcome: Outcome) -> Arc<Talker> {
    let bank = rig.bank();
    Arc::new(Talker { bank, at, outcome })
}

fn refusal() -> Outcome {
    Outcome::Failed(Failure::new("invalid-credentials", TITLE, DETAIL))
}

/// How often any of the personal parts stands in the database, its log or the files beside it.
async fn in_plain(rig: &Rig) -> u64 {
    let texts = [DETAIL, TITLE, QUESTION, INPUT];
    let all = PARTS.into_iter().chain(texts).map(Into::into).collect();
    rig.ops.store.scan(all).await.unwrap()
}

fn kept(rig: &Rig) -> i64 {
    let raw = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    raw.query_row("SELECT count(*) FROM bank_words", [], |r| r.get(0))
        .unwrap()
}

/// Everything that shows a job or why a connection is as it is.
async fn faces(ops: &Ops, job: &Job) -> String {
    let why = ops.why(&job.connection).await.unwrap();
    let list = ops.jobs_of(&job.connection, 9).await.unwrap();
    format!("{job:?} {list:?} {:?}", why.meaning)
}

fn says_nothing(text: &str) {
    for part in PARTS {
        assert!(!text.contains(part), "{part} in {text}");
    }
}

async fn searched_for(rig: &Rig, user: &str, bank: &str) -> u64 {
    let (user, bank) = (user.into(), bank.into());
    let found = rig
        .ops
        .store
        .read(move |rd| -> Result<_, Error> { Ok(rd.needles(&user, &bank)?.len() as u64) });
    found.await.unwrap()
}

async fn import(rig: &Rig, document: Value) {
    let text = std::io::Cursor::new(document.to_string());
    rig.ops.import(text, "words.json", |_| ()).await.unwrap();
}

fn document(id: &str, connection: &ConnectionId, steps: Value) -> Value {
    json!({"type": "job", "id": id, "created": "2026-03-01T00:00:00Z", "updated": "2026-03-01T00:00:30Z",
        "steps": steps, "links": {"source": format!("/users/user-ada/connections/{connection}")}})
}

fn failed_step(code: &str) -> Value {
    json!({"title": "verify-credentials", "status": "failed",
        "result": {"code": code, "title": TITLE, "detail": DETAIL}})
}

async fn job(rig: &Rig, id: &str) -> Job {
    rig.ops.job(&JobId::from(id)).await.unwrap()
}

async fn connected(rig: &Rig) -> ConnectionId {
    rig.connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_imported_failure_is_masked_and_goes_with_the_purge() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let before = searched_for(&rig, "user-ada", "AU00000").await;
    // not only the texts: a code and the name of a step are free texts too
    let code = "locked for Ashton Quillfeather";
    let mut named = failed_step("invalid-credentials");
    named["title"] = "verify Ashton Quillfeather 0400 555 021".into();
    import(
        &rig,
        document("j-1", &id, json!([failed_step("invalid-credentials")])),
    )
    .await;
    import(&rig, document("j-2", &id, json!([failed_step(code)]))).await;
    import(&rig, document("j-3", &id, json!([named]))).await;
    assert_eq!((in_plain(&rig).await, kept(&rig)), (0, 3));
    for (which, code) in [("j-1", "invalid-credentials"), ("j-2", "locked for •••")] {
        let job = job(&rig, which).await;
        let failure = job.steps[0].failure.clone().unwrap();
        assert_eq!(failure, Failure::new(code, "For •••", SHOWN));
        says_nothing(&faces(&rig.ops, &job).await);
    }
    let named = job(&rig, "j-3").await;
    assert_eq!(named.steps[0].title.word(), "verify •••");
    says_nothing(&faces(&rig.ops, &named).await);
    // the same document again changes nothing
    let again = document("j-1", &id, json!([failed_step("invalid-credentials")]));
    import(&rig, again).await;
    assert_eq!((in_plain(&rig).await, kept(&rig)), (0, 3));
    // title and detail, the code, and the name of the step
    assert_eq!(searched_for(&rig, "user-ada", "AU00000").await, before + 4);
    let purge = rig.ops.purge(&id, "").await.unwrap();
    let (proof, _) = rig.ops.certificate(purge.id.as_str()).await.unwrap();
    assert_eq!((proof.needles, proof.hits), (before + 4, 0));
    assert_eq!((in_plain(&rig).await, kept(&rig)), (0, 0));
    // an older document does not bring it back, and the advice is as before
    let later = document("j-4", &id, json!([failed_step("invalid-credentials")]));
    import(&rig, later).await;
    assert_eq!((in_plain(&rig).await, kept(&rig)), (0, 0));
    let job = job(&rig, "j-1").await;
    let (_, failure) = job.failed_step().unwrap();
    let told = Failure::new("invalid-credentials", TITLE, DETAIL);
    assert_eq!(
        advice_for(failure, false).headline,
        advice_for(&told, false).headline
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_bank_says_of_a_failure_is_masked_and_goes_with_the_purge() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let before = searched_for(&rig, "user-ada", "AU00000").await;
    rig.clock.advance(Duration::from_secs(3_600));
    let down = Failure::new("service-unavailable", TITLE, DETAIL);
    rig.ops.refresh(&id, true).await.unwrap();
    let talker_at_accounts = talker(&rig, Title::RetrieveAccounts, Outcome::Failed(down));
    rig.work_at(talker_at_accounts).await;
    let job = rig.ops.jobs_of(&id, 1).await.unwrap().remove(0);
    // it waits for its retry, or has failed: the last error is the bank's
    assert_eq!(job.steps[1].failure.as_ref().unwrap().detail, SHOWN);
    says_nothing(&faces(&rig.ops, &job).await);
    assert_eq!((in_plain(&rig).await, kept(&rig)), (0, 1));
    assert_eq!(searched_for(&rig, "user-ada", "AU00000").await, before + 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_with_nothing_stored_yet_seals_under_a_new_key_that_an_erasure_destroys() {
    let rig = Rig::new().await;
    let asked = rig
        .ops
        .connect(link("AU00000", "Whistler", "ShowBox"))
        .await;
    let asked = asked.unwrap();
    rig.clock.advance(Duration::from_secs(1));
    rig.work_at(talker(&rig, Title::VerifyCredentials, refusal()))
        .await;
    let job = job(&rig, asked.id.as_str()).await;
    assert_eq!(job.state, State::Failed);
    assert_eq!(job.steps[0].failure.as_ref().unwrap().detail, SHOWN);
    assert_eq!((in_plain(&rig).await, kept(&rig)), (0, 1));
    assert_eq!(searched_for(&rig, "user-ada", "AU00000").await, 2);
    let erase = Selection::User("user-ada".into());
    let plan = rig.ops.plan(ActKind::Erase, erase, false).await.unwrap();
    let workflow = rig.ops.begin_workflow(&plan, "asked for").await.unwrap();
    let done = rig.ops.resume(&workflow, |_| ()).await.unwrap();
    assert_eq!(done.standing(), Standing::Done, "{done:#?}");
    let (proof, _) = rig.ops.certificate(workflow.as_str()).await.unwrap();
    assert_eq!((proof.needles, proof.hits, proof.keys.len()), (2, 0, 1));
    assert_eq!(kept(&rig), 0);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_question_is_masked_and_its_words_go_with_the_job() {
    let rig = Rig::new().await;
    let asks = Outcome::Challenge {
        method: ChallengeMethod::Token,
        description: QUESTION.into(),
        input: vec![INPUT.into()],
    };
    let asked = rig
        .ops
        .connect(link("AU00000", "Whistler", "ShowBox"))
        .await;
    let asked = asked.unwrap();
    rig.clock.advance(Duration::from_secs(1));
    rig.work_at(talker(&rig, Title::VerifyCredentials, asks))
        .await;
    let waits = job(&rig, asked.id.as_str()).await;
    let challenge = waits.challenge.clone().unwrap();
    assert_eq!(challenge.description, "What did ••• call the •••?");
    assert_eq!(challenge.input, ["Code sent to •••"]);
    says_nothing(&faces(&rig.ops, &waits).await);
    assert_eq!((in_plain(&rig).await, kept(&rig)), (0, 1));
    // nobody answers
    rig.clock.advance(Duration::from_secs(3_600));
    rig.work().await;
    let ended = job(&rig, asked.id.as_str()).await;
    assert_eq!(ended.state, State::Failed);
    assert_eq!((in_plain(&rig).await, kept(&rig)), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_imported_question_is_kept_masked() {
    let rig = Rig::new().await;
    let steps = json!([{"title": "mfa-challenge", "status": "in-progress",
        "result": {"type": "mfa", "method": "token", "description": QUESTION, "input": [INPUT], "expiryMs": 60_000}}]);
    let connection = json!({"type": "connection", "id": "c-1", "status": "active", "createdDate": "2026-02-01T00:00:00Z",
        "lastUsed": "2026-03-08T00:00:00Z", "institution": {"id": "AU00000"}, "links": {"user": "/users/user-ada"}});
    import(&rig, connection).await;
    import(&rig, document("j-1", &"c-1".into(), steps)).await;
    let waits = job(&rig, "j-1").await;
    assert_eq!(waits.state, State::WaitingMfa);
    assert!(
        waits
            .challenge
            .as_ref()
            .unwrap()
            .description
            .contains("•••")
    );
    says_nothing(&faces(&rig.ops, &waits).await);
    assert_eq!((in_plain(&rig).await, kept(&rig)), (0, 1));
    assert_eq!(searched_for(&rig, "user-ada", "AU00000").await, 2);
}

/// Without a key that can be read there is nothing to seal with: the words are not kept, and the job goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_key_costs_the_words_and_nothing_else() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let keys = std::fs::OpenOptions::new()
        .write(true)
        .open(&rig.ops.store.files().keys)
        .unwrap();
    std::os::unix::fs::FileExt::write_all_at(&keys, &[7; 8], 64 + 40).unwrap();
    rig.clock.advance(Duration::from_secs(3_600));
    rig.ops.refresh(&id, true).await.unwrap();
    rig.work_at(talker(&rig, Title::VerifyCredentials, refusal()))
        .await;
    let job = rig.ops.jobs_of(&id, 1).await.unwrap().remove(0);
    assert_eq!(job.state, State::Failed);
    assert_eq!(job.steps[0].failure.as_ref().unwrap().detail, SHOWN);
    assert_eq!((in_plain(&rig).await, kept(&rig)), (0, 0));
}

/// A document that waits is searched for in the same texts as a job that went in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_waiting_job_says_is_searched_for() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let before = searched_for(&rig, "user-ada", "AU00000").await;
    let mut waiting = document("j-1", &id, json!([failed_step("invalid-credentials")]));
    // nobody knows when it was made, so it is kept until somebody does
    waiting.as_object_mut().unwrap().remove("created");
    waiting.as_object_mut().unwrap().remove("updated");
    import(&rig, waiting).await;
    assert_eq!(in_plain(&rig).await, 0);
    assert_eq!(searched_for(&rig, "user-ada", "AU00000").await, before + 2);
}
