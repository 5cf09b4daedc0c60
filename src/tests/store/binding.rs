//! Sealed records are bound to their database, row, user and bank: what is moved by SQL does not open.

use crate::domain::bank_data::Credentials;
use crate::domain::ids::ConnectionId;
use crate::store::Error;
use crate::testing::store::TestStore;
use crate::vault::Error as Vault;

fn given(login: &str) -> Credentials {
    Credentials {
        login: login.into(),
        ..Credentials::default()
    }
}

fn put(desk: &TestStore, id: &ConnectionId, login: &str) {
    let (id, credentials) = (id.clone(), given(login));
    desk.write(move |tx| tx.put_credentials(&id, &credentials));
}

fn opens(desk: &TestStore, id: &ConnectionId) -> bool {
    let id = id.clone();
    match desk.try_read(move |rd| rd.credentials(&id)) {
        Ok(found) => found.is_some(),
        Err(Error::Vault(Vault::Unsealable)) => false,
        Err(other) => panic!("{other:?}"),
    }
}

/// A database with two users at two banks.
fn two() -> (TestStore, ConnectionId, ConnectionId) {
    let desk = TestStore::new();
    let (one, two) = (desk.connection("c-1"), desk.connection("c-2"));
    let bank = crate::testing::store::bank("AU00001", "Fabrikam");
    desk.write(move |tx| tx.put_institution(&bank));
    put(&desk, &one, "gavin");
    put(&desk, &two, "peter");
    assert!(opens(&desk, &one) && opens(&desk, &two));
    (desk, one, two)
}

#[test]
fn credentials_moved_to_another_bank_user_or_row_do_not_open() {
    for moved in [
        "UPDATE connections SET institution_n = (SELECT n FROM institutions WHERE id = 'AU00001') WHERE id = 'c-1'",
        "UPDATE connections SET user_n = (SELECT user_n FROM connections WHERE id = 'c-2') WHERE id = 'c-1'",
        "UPDATE credentials SET sealed = (SELECT k.sealed FROM credentials k JOIN connections c
           ON c.n = k.connection_n WHERE c.id = 'c-2')
         WHERE connection_n = (SELECT n FROM connections WHERE id = 'c-1')",
        "UPDATE users SET id = 'somebody-else' WHERE id = 'user-of-c-1'",
        "UPDATE meta SET value = 'other' WHERE key = 'id'",
        "UPDATE credentials SET count = count + 1",
    ] {
        let (desk, one, _) = two();
        assert!(desk.raw().execute(moved, []).unwrap() > 0, "{moved}");
        let TestStore { dir, path, store } = desk;
        drop(store);
        let store = crate::store::Store::open(
            &path,
            crate::store::Mode::Write,
            &crate::clock::Clock::fixed(crate::testing::store::now()),
        );
        let desk = TestStore {
            dir,
            path,
            store: store.unwrap(),
        };
        assert!(!opens(&desk, &one), "{moved}");
        let health = desk.read(|rd| rd.health());
        let said = |f: &String| f.starts_with("credentials");
        assert!(health.findings.iter().any(said), "{moved} {health:?}");
    }
}

#[test]
fn an_older_password_that_is_put_back_does_not_open() {
    let (desk, one, _) = two();
    let sealed = "SELECT sealed FROM credentials WHERE connection_n = (SELECT n FROM connections WHERE id = 'c-1')";
    let older: Vec<u8> = desk.raw().query_row(sealed, [], |r| r.get(0)).unwrap();
    assert_eq!(older[0], 2, "the first byte names the version");
    put(&desk, &one, "gavin");
    assert!(opens(&desk, &one));
    let back = "UPDATE credentials SET sealed = ?1 WHERE connection_n = (SELECT n FROM connections WHERE id = 'c-1')";
    desk.raw().execute(back, [&older]).unwrap();
    assert!(!opens(&desk, &one));
    // a new one mends it
    put(&desk, &one, "gavin");
    assert!(opens(&desk, &one));
}

#[test]
fn the_contact_of_another_user_does_not_open() {
    let (desk, _, _) = two();
    let moved = "UPDATE users SET contact = (SELECT contact FROM users WHERE id = 'user-of-c-2')
        WHERE id = 'user-of-c-1'";
    desk.raw().execute(moved, []).unwrap();
    let email = |id: &'static str| desk.read(move |rd| rd.user(&id.into())).unwrap().email;
    assert!(email("user-of-c-1").is_none());
    assert!(email("user-of-c-2").is_some());
}
