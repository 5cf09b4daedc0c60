//! The link that starts a user's hosted flow. A new one replaces it; it expires, is deleted, or is gone once used.

use crate::domain::auth_link::{self, AuthLink};
use crate::domain::ids::UserId;
use crate::domain::mask::{self, Level};
use crate::domain::moment::Moment;
use crate::domain::person::{NO_CONTACT, Wrong, check_mobile};
use crate::domain::secret::Secret;
use crate::ops::{Ops, Refusal, Result, not_found};

const NO_MOBILE: Wrong = Wrong {
    code: NO_CONTACT.code,
    detail: "Mobile parameter is required.",
    words: "The user has no mobile on record; give --mobile.",
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthLinkShown {
    pub(crate) id: String,
    pub(crate) user: UserId,
    /// Its address below that of the server; none when the key is missing.
    pub(crate) path: Option<String>,
    /// None when the key is missing.
    pub(crate) mobile: Option<String>,
    pub(crate) created: Moment,
    pub(crate) expires: Moment,
}

fn shown(link: AuthLink, level: Level) -> AuthLinkShown {
    AuthLinkShown {
        path: link.path(),
        mobile: link.mobile.as_ref().map(|m| mask::sent_to(m, level)),
        id: link.id,
        user: link.user,
        created: link.created,
        expires: link.expires,
    }
}

fn lapsed(link: &AuthLink) -> Refusal {
    Refusal::new(
        "resource-no-longer-available",
        "Requested resource is no longer available",
        format!(
            "It lapsed at {}; `switchboard auth-link create {}` makes a new one.",
            link.expires, link.user
        ),
    )
}

impl Ops {
    pub(crate) async fn create_auth_link(
        &self,
        id: &UserId,
        mobile: Option<Secret>,
        level: Level,
    ) -> Result<AuthLinkShown> {
        let made = self.create_auth_link_whole(id, mobile).await;
        Ok(shown(made?, level))
    }

    /// Replaces the link of a user. The mobile that is given wins over the user's own; without either it is refused.
    pub(crate) async fn create_auth_link_whole(
        &self,
        id: &UserId,
        mobile: Option<Secret>,
    ) -> Result<AuthLink> {
        let asked = id.clone();
        self.act("auth-link-create", id.as_str(), move |ops, tx| {
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
                code: None,
                mobile: Some(mobile),
                created: now,
                expires: now.plus(ops.limits.auth_link_life),
            };
            tx.put_auth_link(&link)?;
            ops.audit(tx, "auth-link-create", asked.as_str(), "done", "", now)?;
            tx.auth_link(&asked)?
                .ok_or_else(|| not_found("auth link of user", &asked))
        })
        .await
    }

    pub(crate) async fn auth_link(&self, id: &UserId, level: Level) -> Result<AuthLinkShown> {
        Ok(shown(self.auth_link_whole(id).await?, level))
    }

    /// The link of a user; an expired one is refused.
    pub(crate) async fn auth_link_whole(&self, id: &UserId) -> Result<AuthLink> {
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
        match link.lapsed(now) {
            // reading is not audited, and so is its refusal
            true => Err(lapsed(&link).into()),
            false => Ok(link),
        }
    }

    /// The link that somebody opens by the last part of its address. One that was used, deleted or replaced is not
    /// found; an expired one is refused.
    pub(crate) async fn auth_link_opened(&self, last: &str) -> Result<AuthLink> {
        let unknown = || not_found("auth link", "of this address");
        let (id, code) = auth_link::parts(last).ok_or_else(unknown)?;
        let now = self.now();
        let link = self
            .read(move |rd| Ok(rd.link_opened(&id, &code)?))
            .await?
            .ok_or_else(unknown)?;
        match link.lapsed(now) {
            true => Err(lapsed(&link).into()),
            false => Ok(link),
        }
    }

    /// The link has served; nothing happens when it is gone, or another has taken its place.
    pub(crate) async fn auth_link_used(&self, user: &UserId, link: &str) -> Result<()> {
        let (asked, link) = (user.clone(), link.to_owned());
        self.act("auth-link-use", user.as_str(), move |ops, tx| {
            if !tx.use_auth_link(&asked, &link)? {
                return Ok(());
            }
            ops.audit(tx, "auth-link-use", asked.as_str(), "done", "", ops.now())
        })
        .await
    }

    pub(crate) async fn delete_auth_link(&self, id: &UserId) -> Result<()> {
        let asked = id.clone();
        self.act("auth-link-delete", id.as_str(), move |ops, tx| {
            if !tx.user_exists(&asked)? {
                return Err(not_found("user", &asked));
            }
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
