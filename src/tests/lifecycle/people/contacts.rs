//! Contacts that a bank sent lead to their connection, also those that an earlier version stored.

use super::*;
use crate::domain::bank_data::Profile;
use crate::domain::query::{self, Scope};
use crate::domain::secret::Secret;

async fn found(rig: &Rig, contact: &str) -> Vec<ConnectionId> {
    let query = query::parse(contact, Scope::Connections).unwrap();
    rig.ops.ids(query, 10).await.unwrap().0
}

/// As an earlier version left its file.
fn not_entered(rig: &Rig) {
    let raw = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    let sql = "DELETE FROM profile_contacts; UPDATE profiles SET entered = 0";
    raw.execute_batch(sql).unwrap();
}

async fn sends(rig: &Rig, id: &ConnectionId, phone: &str, email: &str) {
    let (id, profile) = (
        id.clone(),
        Profile {
            phones: vec![Secret::new(phone)],
            emails: vec![Secret::new(email)],
            ..Profile::default()
        },
    );
    let put = rig
        .ops
        .store
        .write(move |tx| -> Result<(), Error> { Ok(tx.put_profile(&id, &profile)?) });
    put.await.unwrap();
}

#[tokio::test]
async fn maintenance_enters_the_contacts_of_profiles_of_an_earlier_version() {
    let rig = Rig::new().await;
    let mut all = Vec::new();
    // more than are entered in one round
    for n in 0..60 {
        let made = rig.connect("AU00000", "Whistler", "ShowBox").await;
        let phone = format!("0412 345 {n:03}");
        sends(
            &rig,
            &made.connection,
            &phone,
            &format!("sent{n}@bank.test"),
        )
        .await;
        all.push((made.connection, phone));
    }
    not_entered(&rig);
    for (_, phone) in &all {
        assert_eq!(found(&rig, phone).await, []);
    }
    for _ in 0..3 {
        rig.ops.maintain().await.unwrap();
    }
    for (n, (id, phone)) in all.iter().enumerate() {
        assert_eq!(
            found(&rig, phone).await,
            std::slice::from_ref(id),
            "{phone}"
        );
        let email = format!("sent{n}@bank.test");
        assert_eq!(
            found(&rig, &email).await,
            std::slice::from_ref(id),
            "{email}"
        );
    }
    rig.healthy().await;
}

#[tokio::test]
async fn a_refresh_and_a_purge_do_not_wait_for_maintenance() {
    let rig = Rig::new().await;
    let made = rig.connect("AU00000", "Whistler", "ShowBox").await;
    let id = made.connection;
    sends(&rig, &id, "0412 345 678", "sent@bank.test").await;
    not_entered(&rig);
    sends(&rig, &id, "0412 345 678", "sent@bank.test").await;
    assert_eq!(found(&rig, "0412345678").await, std::slice::from_ref(&id));
    not_entered(&rig);
    rig.ops.purge(&id, "asked for").await.unwrap();
    rig.ops.maintain().await.unwrap();
    assert_eq!(found(&rig, "0412345678").await, []);
    rig.healthy().await;
}
