//! The link that starts the hosted flow of one user (domain 8): made, shown, taken away. A new one kills the
//! one before; it lapses by itself, and is gone once its user has been through an authorisation.

use crate::domain::ids::UserId;
use crate::domain::mask::{self, Level};
use crate::domain::moment::Moment;
use crate::domain::person::{NO_CONTACT, Wrong, check_mobile};
use crate::domain::secret::Secret;
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::{AuthLink, WriteTxn};

/// No mobile to send it to.
const NO_MOBILE: Wrong = Wrong {
    code: NO_CONTACT.code,
    detail: "Mobile parameter is required.",
    words: "The user has no mobile on record; give --mobile.",
};

/// A link as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthLinkShown {
    /// Its id.
    pub(crate) id: String,
    /// Whose.
    pub(crate) user: UserId,
    /// Where it was sent to, masked; none when the key is missing.
    pub(crate) mobile: Option<String>,
    /// When it was made.
    pub(crate) created: Moment,
    /// When it lapses.
    pub(crate) expires: Moment,
}

fn shown(link: AuthLink, level: Level) -> AuthLinkShown {
    AuthLinkShown {
        mobile: link.mobile.as_ref().map(|m| mask::sent_to(m, level)),
        id: link.id,
        user: link.user,
        created: link.created,
        expires: link.expires,
    }
}

impl Ops {
    /// Makes a link in the place of the one before. The mobile that is given wins over the user's own.
    ///
    /// # Errors
    /// When there is no such user, or no mobile to send it to.
    pub(crate) async fn create_auth_link(
        &self,
        id: &UserId,
        mobile: Option<Secret>,
        level: Level,
    ) -> Result<AuthLinkShown> {
        let asked = id.clone();
        let made = self
            .act("auth-link-create", id.as_str(), move |ops, tx| {
                let now = ops.now();
                let user = tx.user(&asked)?.ok_or_else(|| not_found("user", &asked))?;
                let given = mobile.filter(|m| !m.is_empty());
                if let Some(given) = &given {
                    check_mobile(given).map_err(Refusal::from)?;
                }
                let mobile = given.or(user.mobile).ok_or(Refusal::from(NO_MOBILE))?;
                let link = AuthLink {
                    id: ops.clock.fresh_id(),
                    user: asked.clone(),
                    mobile: Some(mobile),
                    created: now,
                    expires: now.plus(ops.limits.auth_link_life),
                };
                tx.put_auth_link(&link)?;
                tx.append_audit(
                    &ops.entry("auth-link-create", asked.as_str(), "done", ""),
                    now,
                )?;
                Ok(link)
            })
            .await;
        Ok(shown(made?, level))
    }

    /// The link of a user.
    ///
    /// # Errors
    /// When there is no such user or no link, or the link has lapsed.
    pub(crate) async fn auth_link(&self, id: &UserId, level: Level) -> Result<AuthLinkShown> {
        let (asked, now) = (id.clone(), self.now());
        let found: Result<Option<AuthLink>> = self
            .store
            .read(move |rd| {
                if !rd.user_exists(&asked)? {
                    return Err(not_found("user", &asked));
                }
                Ok(rd.auth_link(&asked)?)
            })
            .await;
        let link = found?.ok_or_else(|| not_found("auth link of user", &id))?;
        if link.expires <= now {
            // looking is no act, so a refusal to show is not written down
            return Err(Error::Refused(Refusal::new(
                "resource-no-longer-available",
                "Requested resource is no longer available",
                format!(
                    "It lapsed at {}; `switchboard auth-link create {id}` makes a new one.",
                    link.expires
                ),
            )));
        }
        Ok(shown(link, level))
    }

    /// Takes the link of a user away.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) async fn delete_auth_link(&self, id: &UserId) -> Result<()> {
        let (ops, asked) = (self.clone(), id.clone());
        let there: Result<bool> = self
            .store
            .write(move |tx: &WriteTxn<'_>| {
                let there = tx.drop_auth_link(&asked)?;
                if there {
                    tx.append_audit(
                        &ops.entry("auth-link-delete", asked.as_str(), "done", ""),
                        ops.now(),
                    )?;
                }
                Ok(there)
            })
            .await;
        match there? {
            true => Ok(()),
            false => Err(not_found("auth link of user", &id)),
        }
    }
}
