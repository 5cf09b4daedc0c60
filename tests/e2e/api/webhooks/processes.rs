//! Several processes on one file, and processes that die: every message arrives, and never from two at once.

use super::{got, hook, message_when, quick};
use crate::api::webhooks::receiver::{Receiver, Says};
use crate::api::{Api, serve};
use crate::harness::{kill, until};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn a_server_that_is_killed_between_attempts_leaves_the_message_to_the_next() {
    let mut api = Api::on(quick(), &[]);
    let receiver = Receiver::new(Says::Status(500));
    let (id, secret) = hook(&api, &receiver, &["user.created"]);
    api.user();
    let first = got(&receiver, 1)[0].clone();
    kill(&mut api.child);
    receiver.says(Says::Status(200));
    api.again(&[]);
    let message = message_when(&api, &id, "delivered");
    let all = receiver.got();
    assert!(
        all.iter()
            .all(|one| one.id() == first.id() && one.body == first.body)
    );
    assert!(all.last().unwrap().is_signed_by(&secret));
    let attempts = message["attempts"].as_array().unwrap();
    let delivered = attempts.iter().filter(|one| one["status"] == "Success");
    assert_eq!(delivered.count(), 1);
    api.desk.healthy();
}

#[test]
fn a_server_that_is_killed_in_an_attempt_has_it_repeated_under_the_same_id() {
    let mut api = Api::on(quick(), &[]);
    let receiver = Receiver::new(Says::Nothing);
    let (id, _) = hook(&api, &receiver, &["user.created"]);
    api.user();
    let first = got(&receiver, 1)[0].clone();
    kill(&mut api.child);
    receiver.says(Says::Status(200));
    // the lease of the dead one has to run out first
    api.again(&[]);
    message_when(&api, &id, "delivered");
    assert!(receiver.got().iter().all(|one| one.id() == first.id()));
}

#[test]
fn two_servers_send_every_message_once_and_one_at_a_time() {
    let api = Api::on(quick(), &[]);
    let (mut second, _) = serve(&api.desk, &["serve", "--listen", "127.0.0.1:0"]);
    let receiver = Receiver::new(Says::Status(200));
    let (id, secret) = hook(&api, &receiver, &["user.created"]);
    let users: Vec<String> = (0..40).map(|_| api.user()).collect();
    until("all are delivered", || {
        let stats = api
            .get(&format!("/notifications/webhooks/{id}/stats"))
            .with(200);
        stats["messages"]["delivered"] == users.len()
    });
    kill(&mut second);
    let sent = receiver.got();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &sent {
        assert!(one.is_signed_by(&secret));
        *times.entry(one.id()).or_default() += 1;
    }
    assert_eq!(times.len(), users.len());
    assert!(times.values().all(|n| *n == 1), "{times:?}");
    assert_eq!(receiver.most_at_once(), 1);
    let told: Vec<String> = sent
        .iter()
        .map(|one| {
            one.json()["links"]["eventEntity"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let named: BTreeSet<&str> = told
        .iter()
        .filter_map(|link| link.rsplit('/').next())
        .collect();
    assert_eq!(named, users.iter().map(String::as_str).collect());
    let order: Vec<&str> = told
        .iter()
        .filter_map(|link| link.rsplit('/').next())
        .collect();
    assert_eq!(order, users.iter().map(String::as_str).collect::<Vec<_>>());
    api.desk.healthy();
}
