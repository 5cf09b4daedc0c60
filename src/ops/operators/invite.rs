//! Whom to ask to act again: the link, the masked contact, and what to say. Nothing is sent from here.

use crate::domain::connection::Label;
use crate::domain::diagnosis::Whose;
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::mask::{self, Level};
use crate::domain::moment::Moment;
use crate::domain::policy;
use crate::ops::{AuthLinkShown, Error, Ops, Refusal, Result, not_found};

#[derive(Clone, Debug)]
pub(crate) struct Invitation {
    pub(crate) connection: ConnectionId,
    pub(crate) user: UserId,
    pub(crate) institution: String,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) mobile: Option<String>,
    /// None when the user has no mobile on record, so that no link can be made.
    pub(crate) link: Option<AuthLinkShown>,
    /// What to say, from the table of meanings.
    pub(crate) text: String,
    /// When its user was last asked; now, when that was just noted.
    pub(crate) asked: Option<Moment>,
}

impl Ops {
    /// Refused when it is not the user who has to act. A link that is still good is used again.
    pub(crate) async fn invite(
        &self,
        id: &ConnectionId,
        mark: bool,
        level: Level,
    ) -> Result<Invitation> {
        self.permit("invite", id.as_str()).await?;
        let explained = self.why(id).await?;
        let (row, meaning) = (explained.row, explained.meaning);
        if let Err(reason) = policy::takes_sequences(row.origin) {
            return Err(self.refused("invite", id.as_str(), reason.into()).await);
        }
        if meaning.whose != Whose::User || row.label == Label::Deleted {
            let detail = format!(
                "The next step is {} move, not the user's.",
                meaning.whose.possessive()
            );
            let advice = format!("`switchboard why {}` says what to do.", id.short());
            let refusal = Refusal::new("not-the-users-move", detail, advice);
            return Err(self.refused("invite", id.as_str(), refusal).await);
        }
        let link = match self.auth_link(&row.user, level).await {
            Ok(link) => Some(link),
            Err(Error::NotFound { .. } | Error::Refused(_)) => {
                match self.create_auth_link(&row.user, None, level).await {
                    Ok(link) => Some(link),
                    Err(Error::Refused(_)) => None,
                    Err(other) => return Err(other),
                }
            }
            Err(other) => return Err(other),
        };
        let (user, asked) = (row.user.clone(), id.clone());
        let (record, handling) = self
            .write(move |ops, tx| {
                let record = tx.user(&user)?.ok_or_else(|| not_found("user", &user))?;
                let outcome = if mark { "asked" } else { "shown" };
                if mark {
                    tx.set_asked(&asked, ops.now())?;
                }
                let row = tx
                    .connection(&asked)?
                    .ok_or_else(|| not_found("connection", &asked))?;
                let row = ops.handled(tx, &row, "invite", outcome, "")?;
                Ok((record, row.handling))
            })
            .await?;
        let (email, mobile) = record.masked_contact(level);
        Ok(Invitation {
            connection: id.clone(),
            institution: row.institution_name,
            name: mask::user_name(&record.name, level),
            user: row.user,
            email,
            mobile,
            link,
            text: meaning.tell_customer,
            asked: handling.asked,
        })
    }
}
