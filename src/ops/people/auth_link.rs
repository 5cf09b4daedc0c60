//! The link that starts a user's hosted flow. A new one replaces it; it expires, is deleted, or is gone once used.

use crate::domain::auth_link::{self, AuthLink};
use crate::domain::ids::UserId;
use crate::domain::live::{RemoteAct, Sending};
use crate::domain::mask::{self, Level};
use crate::domain::moment::Moment;
use crate::domain::person::{NO_CONTACT, Wrong, check_mobile};
use crate::domain::policy::AT_PLATFORM;
use crate::domain::secret::Secret;
use crate::domain::time_format;
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use std::time::Duration;

const NO_MOBILE: Wrong = Wrong {
    code: NO_CONTACT.code,
    detail: "Mobile parameter is required.",
    words: "The user has no mobile on record; give --mobile.",
};

const OTHER_MOBILE: Wrong = Wrong {
    code: "parameter-not-valid",
    detail: "A platform sends its link to the number that it has on record.",
    words: "Leave --mobile out, or have the number changed there.",
};

const ENDS_THERE: Wrong = Wrong {
    code: AT_PLATFORM,
    detail: "The link is the platform's.",
    words: "It ends by itself at its time; a new one (`switchboard auth-link create`) ends it now.",
};

/// How long a person waits for a link of a platform.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

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
        let made = match self.mirrors(id).await? {
            true => self.link_there(id, mobile).await,
            false => self.create_auth_link_whole(id, mobile).await,
        };
        Ok(shown(made?, level))
    }

    /// Has the platform make the link of a user, and waits for it: it is made by whichever process sends what is in the
    /// outbox.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the platform makes none; [`Error::TimedOut`] when it has not answered after
    /// [`ANSWERED_WITHIN`], and the outbox goes on.
    async fn link_there(&self, id: &UserId, mobile: Option<Secret>) -> Result<AuthLink> {
        let mut wakes = self.store.wakes();
        let user = id.clone();
        let ordered = self.act("auth-link-create", id.as_str(), move |ops, tx| {
            if mobile.is_some() {
                return Err(Refusal::from(OTHER_MOBILE).into());
            }
            if !tx.user_exists(&user)? {
                return Err(not_found("user", &user));
            }
            ops.intend_once(tx, RemoteAct::Link, user.as_str(), &user, None, "")
        });
        let ordered = ordered.await?;
        let answered = async {
            loop {
                let of = ordered.clone();
                let act = self.read(move |rd| Ok(rd.outgoing(&of)?)).await?;
                match act.map(|act| (act.state, act.said)) {
                    Some((Sending::Accepted, _)) => return self.auth_link_whole(id).await,
                    Some((Sending::Refused, said)) => {
                        let advice = "`switchboard outbox` has its answer.";
                        let refusal = Refusal::new("refused-by-platform", said, advice);
                        return Err(refusal.into());
                    }
                    _ => self.committed(&mut wakes).await?,
                }
            }
        };
        match tokio::time::timeout(ANSWERED_WITHIN, answered).await {
            Ok(link) => link,
            Err(_) => Err(Error::TimedOut(time_format::write(ANSWERED_WITHIN))),
        }
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
                address: None,
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
            if tx.is_live_user(&asked)? {
                return Err(Refusal::from(ENDS_THERE).into());
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
