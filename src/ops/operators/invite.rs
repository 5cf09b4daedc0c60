//! Whom to ask to act again: the link, the masked contact, and what to say. Nothing is sent from here.

use crate::domain::auth_link;
use crate::domain::connection::Label;
use crate::domain::counts::count;
use crate::domain::diagnosis::{Facts, Meaning, Whose, explain};
use crate::domain::handling::ToAsk;
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::mask::{self, Level};
use crate::domain::moment::Moment;
use crate::domain::policy;
use crate::domain::query::{Expr, Flag, Query, Term};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::Sort;
use crate::ops::connections::facts;
use crate::ops::{AuthLinkShown, Error, Ops, Refusal, Result, not_found};
use crate::store::ReadTxn;

/// How many connections are read at once.
const EACH: usize = 200;

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

/// A user who was asked so lately is not asked again together with others.
const ASKED_LATELY_MS: i64 = 7 * 86_400_000;

/// What came of asking the users of several connections.
#[derive(Clone, Debug, Default)]
pub(crate) struct AskedEach {
    pub(crate) asked: u64,
    /// Left out: asked lately, or not possible; with the reason of the first.
    pub(crate) lately: u64,
    pub(crate) refused: u64,
    first: Option<String>,
}

impl AskedEach {
    pub(crate) fn words(&self) -> String {
        let links = "page 8 has the links and what to say";
        let users = count(self.asked, "connection");
        format!("Noted that the users of {users} are asked; {links}.")
    }

    /// None when all were asked.
    pub(crate) fn left_words(&self) -> Option<String> {
        let lately = (self.lately > 0).then(|| format!("{} asked within 7 days", self.lately));
        let refused = self.first.as_ref().map(|why| {
            let many = count(self.refused, "connection");
            format!("{many} left alone; {why}")
        });
        let all: Vec<String> = lately.into_iter().chain(refused).collect();
        (!all.is_empty()).then(|| format!("Not asked again: {}", all.join("; ")))
    }
}

/// Whether it is the user of this connection who has to act.
fn users_move(row: &ConnectionRow, meaning: &Meaning) -> bool {
    meaning.whose == Whose::User && row.label != Label::Deleted
}

impl Ops {
    /// Of the connections that match and need action, those whose user has to act, at most `limit`; and whether there are
    /// more.
    pub(crate) async fn people_to_ask(
        &self,
        query: Query,
        limit: usize,
        level: Level,
    ) -> Result<(Vec<ToAsk>, bool)> {
        let attention = Expr::Term(Term::Is(Flag::Attention));
        let parts = query.expr.into_iter().chain([attention]).collect();
        let query = Query {
            expr: Expr::all(parts),
            ..query
        };
        let (asker, now, zone) = (self.asker(), self.now(), self.caller.zone);
        self.read(move |rd| {
            let (mut found, mut from) = (vec![], None);
            loop {
                let sort = Sort::default();
                let page = rd.connection_page(&query, sort, from.as_ref(), false, EACH, &asker)?;
                for row in page.rows {
                    let meaning = explain(&Facts {
                        zone,
                        ..facts(rd, &row, now)?
                    });
                    if policy::executes(row.origin).is_err() || !users_move(&row, &meaning) {
                        continue;
                    }
                    if found.len() == limit {
                        return Ok((found, true));
                    }
                    found.push(to_ask(rd, row, meaning, level, now)?);
                }
                from = page.last.filter(|_| page.more);
                if from.is_none() {
                    return Ok((found, false));
                }
            }
        })
        .await
    }

    /// Each for itself. Whose user was asked lately is left out.
    pub(crate) async fn invite_each(&self, of: &[ConnectionId], level: Level) -> Result<AskedEach> {
        let (mut all, now) = (AskedEach::default(), self.now());
        for id in of {
            let asked = id.clone();
            let row = self.read(move |rd| Ok(rd.connection(&asked)?)).await?;
            let last = row.and_then(|row| row.handling.asked);
            if last.is_some_and(|at| now.since(at) < ASKED_LATELY_MS) {
                all.lately += 1;
                continue;
            }
            match self.invite(id, true, level).await {
                Ok(_) => all.asked += 1,
                Err(error) => {
                    all.refused += 1;
                    let first = || format!("{}: {error}", id.short());
                    all.first.get_or_insert_with(first);
                }
            }
        }
        Ok(all)
    }

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
        if let Err(reason) = policy::executes(row.origin) {
            return Err(self.refused("invite", id.as_str(), reason.into()).await);
        }
        if !users_move(&row, &meaning) {
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

fn to_ask(
    rd: &ReadTxn<'_>,
    row: ConnectionRow,
    meaning: Meaning,
    level: Level,
    now: Moment,
) -> Result<ToAsk> {
    let record = rd.user(&row.user)?;
    let (email, mobile) = record.map_or((None, None), |record| record.masked_contact(level));
    let link = rd.auth_link(&row.user)?;
    let link = link.filter(|link| link.expires > now);
    Ok(ToAsk {
        name: mask::user_name(&row.user_name, level),
        email,
        mobile,
        headline: meaning.headline,
        text: meaning.tell_customer,
        since: row.since,
        asked: row.handling.asked,
        link: link.map(|link| (auth_link::words(link.path().as_deref()), link.expires)),
        connection: row.id,
        user: row.user,
        institution: row.institution,
        institution_name: row.institution_name,
        method: row.method,
    })
}
