//! Imported documents that wait go with the data of whom they name, and no text in them decides who that is.

use super::*;
use crate::domain::act::{ActKind, Standing};
use crate::ops::Selection;
use serde_json::{Value, json};

fn transaction(id: &str, more: &Value) -> Value {
    let mut it = json!({"type": "transaction", "id": id, "status": "posted", "amount": "-4.80", "currency": "AUD",
        "description": "SECRET CAFE IN MELBOURNE", "account": "acc-unknown", "postDate": "2026-03-01T00:00:00Z"});
    for (name, value) in more.as_object().unwrap() {
        it[name] = value.clone();
    }
    it
}

/// What is left waiting, by id.
fn left(rig: &Rig) -> Vec<String> {
    let raw = raw(rig);
    let mut statement = raw.prepare("SELECT id FROM waiting ORDER BY id").unwrap();
    let ids = statement.query_map([], |r| r.get(0)).unwrap();
    ids.map(|id| id.unwrap()).collect()
}

/// Documents about Ada's connection, and one about somebody else.
async fn import(rig: &Rig, id: &ConnectionId) {
    let id = id.as_str();
    let account: String = raw(rig)
        .query_row("SELECT id FROM accounts LIMIT 1", [], |r| r.get(0))
        .unwrap();
    let no_amount = Value::Null;
    let all = json!({"type": "list", "data": [
        transaction("t-1", &json!({"connection": id})),
        transaction("t-2", &json!({"connection": id, "description": "REFUND /users/user-grace/x",
            "links": {"self": "https://x.test/users/user-ada/transactions/t-2"}})),
        transaction("t-3", &json!({"links": {"connection": format!("https://x.test/connections/{id}")}})),
        // of a known account, kept because it cannot be read
        transaction("t-4", &json!({"account": account, "amount": no_amount})),
        {"type": "account", "id": "acc-unknown", "connection": id, "accountNo": "999000111222", "currency": "AUD"},
        transaction("t-5", &json!({"account": "acc-unknown"})),
        transaction("t-6", &json!({"account": "acc-other",
            "links": {"self": "https://x.test/users/user-grace/transactions/t-6"},
            "description": "for /users/user-ada/"})),
    ]});
    let read = std::io::Cursor::new(all.to_string());
    rig.ops.import(read, "waiting.json", |_| ()).await.unwrap();
    assert_eq!(
        left(rig),
        ["acc-unknown", "t-1", "t-2", "t-3", "t-4", "t-5", "t-6"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_takes_what_waits_and_names_the_pair() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    import(&rig, &id).await;
    let job = rig.ops.purge(&id, "").await.unwrap();
    assert_eq!(left(&rig), ["t-6"]);
    let proof = proof(&rig, &job.id).await;
    let waiting = proof.before.iter().find(|(table, _)| table == "waiting");
    assert_eq!(waiting.unwrap().1, 6);
}

/// What an older version kept had its owner from any text.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_reads_again_whose_an_older_versions_documents_are() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    import(&rig, &id).await;
    let sql = "UPDATE waiting SET owned = 0, user_id = NULL, institution_id = NULL, connection_id = NULL,
        account_id = NULL; UPDATE waiting SET user_id = 'user-grace', institution_id = 'AU00000' WHERE id = 't-2'";
    raw(&rig).execute_batch(sql).unwrap();
    rig.ops.purge(&id, "").await.unwrap();
    assert_eq!(left(&rig), ["t-6"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_and_a_deletion_take_what_waits_for_the_user() {
    for kind in [ActKind::Erase, ActKind::DeleteUser] {
        let rig = Rig::new().await;
        let id = connected(&rig).await;
        import(&rig, &id).await;
        // without the purge of the connection: nothing but what waits is left of it
        rig.ops.revoke(&id, "").await.unwrap();
        let plan = rig
            .ops
            .plan(kind, Selection::User("user-ada".into()), false);
        let plan = plan.await.unwrap();
        let workflow = rig.ops.begin_workflow(&plan, "asked for").await.unwrap();
        let done = rig.ops.resume(&workflow, |_| ()).await.unwrap();
        assert_eq!(done.standing(), Standing::Done, "{done:#?}");
        assert_eq!(left(&rig), ["t-6"]);
    }
}

/// Their values are searched for like those of rows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_of_what_waits_are_searched_for() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let before = stored(&rig).await;
    import(&rig, &id).await;
    // two descriptions and a number: one text stands in several documents
    assert_eq!(stored(&rig).await, before + 3);
    let job = rig.ops.purge(&id, "").await.unwrap();
    assert_eq!(proof(&rig, &job.id).await.needles, before + 3);
}
