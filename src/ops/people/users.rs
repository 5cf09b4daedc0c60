//! Make and change a person in the app's own record (domain 4): what has to be given, sealed contacts, the
//! event. Deliberately absent: deleting, which ends connections first, and the question whether two people
//! are one, which nobody asks.

use crate::domain::ids::UserId;
use crate::domain::import_records::UserRecord;
use crate::domain::person::{self, Business, Given, joined};
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::{NewEvent, WriteTxn};

/// A person before and after something was given.
fn changed(old: &UserRecord, given: &Given) -> UserRecord {
    let piece = |new: &Option<String>, old: &str| {
        new.as_deref()
            .map_or_else(|| old.to_owned(), |n| n.trim().to_owned())
    };
    let mut user = UserRecord {
        first_name: piece(&given.first_name, &old.first_name),
        middle_name: piece(&given.middle_name, &old.middle_name),
        last_name: piece(&given.last_name, &old.last_name),
        email: given
            .email
            .clone()
            .or_else(|| old.email.clone())
            .filter(|e| !e.is_empty()),
        mobile: given
            .mobile
            .clone()
            .or_else(|| old.mobile.clone())
            .filter(|m| !m.is_empty()),
        ..old.clone()
    };
    let pieces = |u: &UserRecord| {
        (
            u.first_name.clone(),
            u.middle_name.clone(),
            u.last_name.clone(),
        )
    };
    // a name that came in one piece stays until a piece of it is given
    if pieces(&user) != pieces(old) {
        user.name = joined([&user.first_name, &user.middle_name, &user.last_name]);
    }
    user
}

fn checked(
    user: &UserRecord,
    given: &Given,
    business: &Business,
) -> std::result::Result<(), Refusal> {
    Ok(person::check(
        user.email.as_ref(),
        user.mobile.as_ref(),
        given,
        business,
    )?)
}

impl Ops {
    /// Makes a user.
    ///
    /// # Errors
    /// When neither email nor mobile is given, or something does not read.
    pub(crate) async fn create_user(&self, given: Given) -> Result<UserId> {
        let id = UserId::from(self.clock.fresh_id());
        let nobody = UserRecord {
            id: id.clone(),
            name: String::new(),
            first_name: String::new(),
            middle_name: String::new(),
            last_name: String::new(),
            email: None,
            mobile: None,
            created: Some(self.now()),
        };
        let (user, business) = (changed(&nobody, &given), given.business(None));
        let made = id.clone();
        self.act("user-create", id.as_str(), move |ops, tx| {
            let now = ops.now();
            checked(&user, &given, &business)?;
            tx.put_user(&user, now)?;
            tx.put_business(&made, &business)?;
            ops.tell_of_user(tx, &made, "created")?;
            Ok(tx.append_audit(&ops.entry("user-create", made.as_str(), "done", ""), now)?)
        })
        .await?;
        Ok(id)
    }

    /// Changes what is given of a user and nothing else. Answers whether anything is other than before.
    ///
    /// # Errors
    /// When there is no such user, something does not read, or nothing would be left to reach it by.
    pub(crate) async fn update_user(&self, id: &UserId, given: Given) -> Result<bool> {
        let asked = id.clone();
        self.act("user-update", id.as_str(), move |ops, tx| {
            let now = ops.now();
            let old = tx.user(&asked)?.ok_or_else(|| not_found("user", &asked))?;
            let (user, known) = (changed(&old, &given), tx.business(&asked)?);
            let business = given.business(known.clone());
            checked(&user, &given, &business)?;
            let moved = tx.put_user(&user, now)? | (business != known.unwrap_or_default());
            if moved {
                tx.put_business(&asked, &business)?;
                tx.user_changed(&asked, now)?;
                ops.tell_of_user(tx, &asked, "updated")?;
            }
            let outcome = if moved { "done" } else { "nothing changed" };
            tx.append_audit(&ops.entry("user-update", asked.as_str(), outcome, ""), now)?;
            Ok(moved)
        })
        .await
    }

    fn tell_of_user(&self, tx: &WriteTxn<'_>, id: &UserId, event_type: &str) -> Result<()> {
        let event = NewEvent {
            entity: "user",
            event_type,
            user: Some(id),
            connection: None,
            job: None,
            count: None,
            actor: &self.caller.actor,
        };
        Ok(tx.append_event(&self.event_id(), &event, self.now())?)
    }
}
