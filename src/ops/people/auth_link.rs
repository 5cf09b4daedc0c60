//! The link that starts a user's hosted flow. A new one replaces it; it expires, or is deleted after an authorisation.

use crate::domain::ids::UserId;
use crate::domain::mask::{self, Level};
use crate::domain::moment::Moment;
use crate::domain::person::{NO_CONTACT, Wrong, check_mobile};
use crate::domain::secret::Secret;
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::AuthLink;

const NO_MOBILE: Wrong = Wrong {
    code: NO_CONTACT.code,
    detail: "Mobile parameter is required.",
    words: "The user has no mobile on record; give --mobile.",
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthLinkShown {
    pub(crate) id: String,
    pub(crate) user: UserId,
    /// None when the key is missing.
    pub(crate) mobile: Option<String>,
    pub(crate) created: Moment,
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
    /// Replaces the link of a user. The mobile that is given wins over the user's own; without either it is refused.
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
                ops.audit(tx, "auth-link-create", asked.as_str(), "done", "", now)?;
                Ok(link)
            })
            .await;
        Ok(shown(made?, level))
    }

    /// The link of a user; an expired one is refused.
    pub(crate) async fn auth_link(&self, id: &UserId, level: Level) -> Result<AuthLinkShown> {
        let (asked, now) = (id.clone(), self.now());
        let link = self
            .read(move |rd| {
                if !rd.user_exists(&asked)? {
                    return Err(not_found("user", &asked));
                }
                rd.auth_link(&asked)?
                    .ok_or_else(|| not_found("auth link of user", &asked))
            })
            .await?;
        if link.expires <= now {
            // reading is not audited, and so is its refusal
            return Err(Refusal::new(
                "resource-no-longer-available",
                "Requested resource is no longer available",
                format!(
                    "It lapsed at {}; `switchboard auth-link create {id}` makes a new one.",
                    link.expires
                ),
            )
            .into());
        }
        Ok(shown(link, level))
    }

    pub(crate) async fn delete_auth_link(&self, id: &UserId) -> Result<()> {
        let asked = id.clone();
        self.act("auth-link-delete", id.as_str(), move |ops, tx| {
            if !tx.drop_auth_link(&asked)? {
                return Err(not_found("auth link of user", &asked));
            }
            ops.audit(
                tx,
                "auth-link-delete",
                asked.as_str(),
                "done",
                "",
                ops.now(),
            )
        })
        .await
    }
}
