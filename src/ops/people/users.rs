//! Creates and changes users in the app's own record. Deleting one is an act (`ops::act`).

use crate::domain::ids::UserId;
use crate::domain::import_records::UserRecord;
use crate::domain::moment::Moment;
use crate::domain::person::{self, Business, Given, joined};
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::{NewEvent, WriteTxn};

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

fn checked(user: &UserRecord, given: &Given, business: &Business) -> Result<()> {
    person::check(user.email.as_ref(), user.mobile.as_ref(), given, business)
        .map_err(|wrong| Refusal::from(wrong).into())
}

impl Ops {
    /// Refused when neither email nor mobile is given, or something cannot be read.
    pub(crate) async fn create_user(&self, given: Given) -> Result<UserId> {
        let id = UserId::from(self.clock.fresh_id());
        let nobody = UserRecord {
            created: Some(self.now()),
            ..UserRecord::bare(id.clone())
        };
        let (user, business) = (changed(&nobody, &given), given.business(None));
        let made = id.clone();
        self.act("user-create", id.as_str(), move |ops, tx| {
            let now = ops.now();
            checked(&user, &given, &business)?;
            tx.put_user(&user, now)?;
            tx.put_business(&made, &business)?;
            ops.user_event(tx, &made, "created", now)?;
            ops.audit(tx, "user-create", made.as_str(), "done", "", now)
        })
        .await?;
        Ok(id)
    }

    /// Returns whether anything changed. Refused when a field is invalid, or neither email nor mobile would be left.
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
                ops.user_event(tx, &asked, "updated", now)?;
            }
            let outcome = if moved { "done" } else { "nothing changed" };
            ops.audit(tx, "user-update", asked.as_str(), outcome, "", now)?;
            Ok(moved)
        })
        .await
    }

    fn user_event(
        &self,
        tx: &WriteTxn<'_>,
        id: &UserId,
        event_type: &str,
        now: Moment,
    ) -> Result<()> {
        let event = NewEvent::of_user("user", event_type, id, &self.caller.actor);
        self.record_event(tx, &event, now)
    }
}
