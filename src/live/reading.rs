//! Reads one thing of the platform and takes it in. What cannot be read spoils its own user or connection only.

use super::client::Answer;
use super::platform::{Platform, Silent};
use super::probe::forbids;
use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::live::{Call, Task};
use crate::domain::moment::Moment;
use crate::ops::Mirrored;
use crate::wire::Documents;
use crate::wire::remote::{self, narrowed, path};

/// How many pages of one list are read.
const PAGES: usize = 400;

/// A call that failed for itself is made so often.
const TRIES: usize = 3;

/// What a call came to.
#[expect(
    clippy::large_enum_variant,
    reason = "there is one for each call, and nearly all are documents"
)]
pub(super) enum Got {
    Documents(Documents, Answer),
    /// There is no such thing.
    Gone,
    /// The key may not make this call.
    Forbidden,
    /// It came, and cannot be used.
    Spoiled(String),
}

/// Which parts of something could not be read, and why; nothing personal.
pub(super) type Unread = Vec<String>;

pub(super) async fn run(platform: &Platform, task: &Task) -> Result<Unread, Silent> {
    match task {
        Task::Look(user) => look(platform, user).await,
        Task::Know(user) => know(platform, user).await,
        Task::Details(id) => details(platform, id).await,
        Task::Job(id) => job(platform, id).await,
        Task::Events => events(platform).await,
        Task::Connectors => connectors(platform).await,
    }
}

/// Reads an address; one that fails for itself is tried again.
pub(super) async fn get(platform: &Platform, path: &str) -> Result<Got, Silent> {
    let mut tried = 0;
    let answer = loop {
        tried += 1;
        match platform.get(path).await {
            Ok(answer) => break answer,
            Err(Silent::Lost {
                said,
                status: None | Some(500 | 501 | 505..),
                ..
            }) if tried >= TRIES => {
                return Ok(Got::Spoiled(said));
            }
            Err(Silent::Lost {
                status: None | Some(500 | 501 | 505..),
                ..
            }) => {}
            // it came, and was cut off
            Err(Silent::Lost {
                said,
                status: Some(..500),
                ..
            }) => return Ok(Got::Spoiled(said)),
            Err(Silent::Lost { said, .. }) => {
                let again = platform.ops.platform_offline(&said).await?;
                return Err(Silent::NotSent { said, again });
            }
            Err(silent) => return Err(silent),
        }
    };
    Ok(match answer.status {
        _ if forbids(&answer) => Got::Forbidden,
        200..=299 => match remote::documents(&answer.body) {
            Ok(docs) => Got::Documents(docs, answer),
            Err(why) => Got::Spoiled(why.to_string()),
        },
        404 | 410 if remote::said(&answer.body).of_the_api => Got::Gone,
        // a gateway before the platform knows nothing of what the platform has
        status @ (404 | 410) => Got::Spoiled(format!("HTTP {status}, and not by the API")),
        status => Got::Spoiled(format!("HTTP {status}")),
    })
}

/// All pages of a list.
async fn list(platform: &Platform, first: &str) -> Result<Got, Silent> {
    let mut got = get(platform, first).await?;
    for _ in 0..PAGES {
        let Got::Documents(docs, answer) = &mut got else {
            break;
        };
        let Some(query) = remote::next_page(&answer.body) else {
            break;
        };
        let path = first.split('?').next().unwrap_or(first);
        match get(platform, &format!("{path}?{query}")).await? {
            Got::Documents(more, answer_more) => {
                docs.append(more);
                *answer = answer_more;
            }
            other => return Ok(other),
        }
    }
    Ok(got)
}

/// Connections and jobs of a user, and what became of those that are not listed any more.
async fn look(platform: &Platform, user: &UserId) -> Result<Unread, Silent> {
    let ops = &platform.ops;
    let began = ops.now();
    let mut listed = [Mirrored::default(), Mirrored::default()];
    for (at, what, call) in [
        (0, "connections", Call::Connections),
        (1, "jobs", Call::Jobs),
    ] {
        match list(platform, &path(&["users", user.as_str(), what])).await? {
            Got::Documents(docs, _) => {
                listed[at] = ops.mirror(Some(user.clone()), docs, began).await?;
            }
            Got::Gone if at == 0 => {
                ops.live_user_gone(user).await?;
                return Ok(Unread::new());
            }
            Got::Gone => {}
            Got::Forbidden => ops.platform_lacks(call).await?,
            Got::Spoiled(why) => {
                let why = format!("{what}: {why}");
                ops.live_user_trouble(user, &why).await?;
                return Ok(vec![format!("user {user}, {why}")]);
            }
        }
    }
    let mut unread = Unread::new();
    let [connections, jobs] = listed;
    let (gone, ended) = ops.live_missing(user, &connections, &jobs).await?;
    for id in gone {
        unread.extend(ended_connection(platform, user, &id, began).await?);
    }
    for id in ended {
        unread.extend(job(platform, &id).await?);
    }
    let spoiled = connections.spoiled.or(jobs.spoiled);
    let left_out = spoiled
        .iter()
        .map(|why| format!("user {user}, left out: {why}"));
    unread.extend(left_out);
    ops.live_looked(user, began, spoiled).await?;
    Ok(unread)
}

/// A connection that is not listed: only when it is not found either it has ended, because nothing leaves that state.
async fn ended_connection(
    platform: &Platform,
    user: &UserId,
    id: &ConnectionId,
    began: Moment,
) -> Result<Unread, Silent> {
    let one = path(&["users", user.as_str(), "connections", id.as_str()]);
    match get(platform, &one).await? {
        Got::Gone => platform.ops.live_deleted(id).await?,
        Got::Documents(docs, _) => {
            platform.ops.mirror(Some(user.clone()), docs, began).await?;
        }
        Got::Forbidden => {}
        Got::Spoiled(why) => return Ok(vec![format!("connection {id}: {why}")]),
    }
    Ok(Unread::new())
}

/// Consents and the record of a user.
async fn know(platform: &Platform, user: &UserId) -> Result<Unread, Silent> {
    let ops = &platform.ops;
    let began = ops.now();
    let status = ops.must_be_live().await?.platform;
    let one = path(&["users", user.as_str()]);
    let consents = path(&["users", user.as_str(), "consents"]);
    let (mut whole, mut unread) = (true, Unread::new());
    for (address, call) in [(one, Call::Users), (consents, Call::Consents)] {
        if status.lacks(call) {
            continue;
        }
        match list(platform, &address).await? {
            Got::Documents(docs, _) => {
                let mirrored = ops.mirror(Some(user.clone()), docs, began).await?;
                let left_out = mirrored.spoiled.iter();
                unread.extend(left_out.map(|why| format!("user {user}, left out: {why}")));
            }
            Got::Forbidden => ops.platform_lacks(call).await?,
            Got::Gone if call == Call::Users => {
                ops.live_user_gone(user).await?;
                return Ok(unread);
            }
            Got::Gone => {}
            Got::Spoiled(why) => {
                whole = false;
                unread.push(format!("user {user}, {}: {why}", call.word()));
            }
        }
    }
    ops.live_known(user, whole).await?;
    Ok(unread)
}

/// Profile, accounts and the number of transactions of a connection.
async fn details(platform: &Platform, id: &ConnectionId) -> Result<Unread, Silent> {
    let ops = &platform.ops;
    let began = ops.now();
    let status = ops.must_be_live().await?.platform;
    let Some((user, bank)) = ops.live_place(id).await? else {
        return Ok(Unread::new());
    };
    let one = path(&["users", user.as_str(), "connections", id.as_str()]);
    let mut unread = Unread::new();
    let mut docs = match get(platform, &one).await? {
        Got::Documents(docs, _) => docs,
        Got::Gone => {
            ops.live_deleted(id).await?;
            ops.live_detailed(id, Documents::default(), None, began, true)
                .await?;
            return Ok(Unread::new());
        }
        Got::Forbidden => {
            ops.platform_lacks(Call::Connections).await?;
            Documents::default()
        }
        Got::Spoiled(why) => {
            unread.push(format!("connection {id}: {why}"));
            Documents::default()
        }
    };
    let has_profile = docs.batch.connections.iter().any(|c| c.profile.is_some());
    if !has_profile && !status.lacks(Call::Identities) {
        match list(platform, &path(&["users", user.as_str(), "identities"])).await? {
            Got::Documents(mut found, _) => {
                let of = |it: &crate::wire::Identity| it.connection.as_ref() == Some(id);
                found.identities.retain(of);
                let kept: Vec<String> = found.identities.iter().map(|it| it.id.clone()).collect();
                found.sources.retain(|source| kept.contains(&source.id));
                docs.append(Documents {
                    identities: found.identities,
                    sources: found.sources,
                    ..Documents::default()
                });
            }
            Got::Forbidden => ops.platform_lacks(Call::Identities).await?,
            Got::Gone | Got::Spoiled(_) => {}
        }
    }
    let accounts = match status.lacks(Call::Accounts) {
        true => None,
        false => accounts(platform, &user, &bank, &mut docs).await?,
    };
    if accounts.is_none() && !ops.must_be_live().await?.platform.lacks(Call::Accounts) {
        unread.push(format!("connection {id}, accounts"));
    }
    let whole = unread.is_empty();
    ops.live_detailed(id, docs, accounts, began, whole).await?;
    Ok(unread)
}

/// The accounts of a user at a bank with how many transactions each has; none when they cannot be read.
async fn accounts(
    platform: &Platform,
    user: &UserId,
    bank: &InstitutionId,
    docs: &mut Documents,
) -> Result<Option<Vec<(AccountId, Option<u64>)>>, Silent> {
    let of_user = ["users", user.as_str(), "accounts"];
    let (found, answer) = match list(
        platform,
        &narrowed(&of_user, "institution.id", bank.as_str()),
    )
    .await?
    {
        Got::Documents(found, answer) => (found, answer),
        Got::Forbidden => {
            platform.ops.platform_lacks(Call::Accounts).await?;
            return Ok(None);
        }
        Got::Gone | Got::Spoiled(_) => return Ok(None),
    };
    let Some(ids) = remote::listed_ids(&answer.body) else {
        return Ok(None);
    };
    docs.append(found);
    // what the connection says of its accounts is only a part of it
    docs.summaries.clear();
    let mut counted = Vec::with_capacity(ids.len());
    for id in ids {
        let count = size(platform, user, "account.id", &id).await?;
        counted.push((AccountId::from(id), count));
    }
    Ok(Some(counted))
}

/// How many transactions of a user there are with this property; none when that cannot be read.
pub(super) async fn size(
    platform: &Platform,
    user: &UserId,
    property: &str,
    id: &str,
) -> Result<Option<u64>, Silent> {
    let of_user = ["users", user.as_str(), "transactions"];
    let address = format!("{}&limit=1", narrowed(&of_user, property, id));
    match get(platform, &address).await? {
        Got::Documents(_, answer) => Ok(remote::size(&answer.body)),
        Got::Forbidden => {
            platform.ops.platform_lacks(Call::Transactions).await?;
            Ok(None)
        }
        Got::Gone | Got::Spoiled(_) => Ok(None),
    }
}

async fn job(platform: &Platform, id: &JobId) -> Result<Unread, Silent> {
    let ops = &platform.ops;
    let began = ops.now();
    match get(platform, &path(&["jobs", id.as_str()])).await? {
        Got::Documents(docs, _) => {
            let mirrored = ops.mirror(None, docs, began).await?;
            // an answer about another job, or one that does not read, says nothing of this one
            if !mirrored.jobs.contains(id) {
                ops.live_job_later(id).await?;
            }
            // its connection has moved with it
            if let Some(user) = ops.live_moved(id).await? {
                ops.live_stale(&user).await?;
            }
        }
        Got::Gone => ops.live_job_gone(id).await?,
        Got::Forbidden => {
            ops.platform_lacks(Call::Jobs).await?;
            ops.live_job_later(id).await?;
        }
        Got::Spoiled(why) => {
            ops.live_job_later(id).await?;
            return Ok(vec![format!("job {id}: {why}")]);
        }
    }
    Ok(Unread::new())
}

async fn events(platform: &Platform) -> Result<Unread, Silent> {
    let ops = &platform.ops;
    let began = ops.now();
    let (docs, unread) = match list(platform, &path(&["events"])).await? {
        Got::Documents(docs, _) => (docs, Unread::new()),
        Got::Forbidden | Got::Gone => {
            ops.platform_lacks(Call::Events).await?;
            return Ok(Unread::new());
        }
        Got::Spoiled(why) => (nothing_of_it(), vec![format!("the feed of changes: {why}")]),
    };
    ops.live_events(docs, began).await?;
    Ok(unread)
}

/// An answer of which nothing could be used.
fn nothing_of_it() -> Documents {
    Documents {
        lost: 1,
        ..Documents::default()
    }
}

async fn connectors(platform: &Platform) -> Result<Unread, Silent> {
    let ops = &platform.ops;
    let began = ops.now();
    let (docs, unread) = match list(platform, &path(&["connectors"])).await? {
        Got::Documents(docs, _) => (docs, Unread::new()),
        Got::Forbidden | Got::Gone => {
            ops.platform_lacks(Call::Connectors).await?;
            return Ok(Unread::new());
        }
        Got::Spoiled(why) => (nothing_of_it(), vec![format!("banks: {why}")]),
    };
    ops.live_connectors_read(docs, began).await?;
    Ok(unread)
}
