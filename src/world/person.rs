//! A generated user with connections, accounts and history, as records.

use super::accounts::{self, StoredData};
use super::events::{Recent, What};
use super::history::annotate;
use super::roster::{Household, Link};
use super::scenario::Why;
use super::story::{self, Story};
use super::{Scenario, World, hostile_names, permission, planted};
use crate::connector::sandbox::generated_people;
use crate::connector::sandbox::may_challenge;
use crate::connector::sandbox::people::{KnownAs, Person};
use crate::connector::sandbox::rng::{Chance, key};
use crate::domain::bank_data::Credentials;
use crate::domain::connection::{Label, Method, Origin, Status};
use crate::domain::ids::UserId;
use crate::domain::import_records::{Batch, ConnectionRecord, UserRecord};
use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;

pub(crate) fn tell(world: &World, household: Household, batch: &mut Batch, recent: &mut Recent) {
    let settings = &world.settings;
    let person = generated_people::guest(settings.seed, household.user);
    let stories: Vec<Story> = household
        .links
        .iter()
        .map(|link| story::tell(world, link))
        .collect();
    let first = stories
        .iter()
        .map(|s| s.created)
        .min()
        .unwrap_or(settings.at);
    let user = user(world, household.user, &person, first);
    let id = user.id.clone();
    batch.users.push(user);
    batch
        .consents
        .push(permission::consent(world, household.user, &id, &stories));
    for (link, story) in household.links.iter().zip(stories) {
        if link.guest == household.user {
            connection(world, link, story, &id, &person, batch, recent);
        } else {
            connection(
                world,
                link,
                story,
                &id,
                &generated_people::guest(settings.seed, link.guest),
                batch,
                recent,
            );
        }
    }
}

fn user(world: &World, number: u64, person: &Person, first: Moment) -> UserRecord {
    let settings = &world.settings;
    let dice_key = key(&[settings.seed, number, 0x7573_6572]);
    let mut dice = Chance::new(dice_key);
    let created = first.plus_ms(-dice.between(60_000, 3 * 86_400_000));
    let known_as = match hostile_names::hostile(number, settings.connections) {
        Some(name) => KnownAs {
            full: name.clone(),
            first: name,
            ..KnownAs::default()
        },
        None => person.known_as.clone(),
    };
    let caller = settings.scenario == Some(Scenario::StaleCaller) && number == 0;
    let mobile = match (caller, dice.below(100_000_000)) {
        (true, _) => Secret::new(planted::CALLER),
        (false, digits) => Secret::new(format!("+614{digits:08}")),
    };
    // An app has to know one of the two and mostly knows both.
    let (email, mobile) = match dice.below(100) {
        0..3 => (None, Some(mobile)),
        3..8 if caller => (None, Some(mobile)),
        3..8 => (person.profile.emails.first().cloned(), None),
        _ => (person.profile.emails.first().cloned(), Some(mobile)),
    };
    UserRecord {
        id: super::id(created, dice_key).into(),
        name: known_as.full,
        first_name: known_as.first,
        middle_name: known_as.middle,
        last_name: known_as.last,
        email,
        mobile,
        created: Some(created),
    }
}

fn connection(
    world: &World,
    link: &Link,
    mut story: Story,
    user: &UserId,
    person: &Person,
    batch: &mut Batch,
    recent: &mut Recent,
) {
    let stored = accounts::store(world, link, &story, user, person, batch);
    happen(world, link, &mut story, stored, user, recent);
    let institution = link.script.id.as_str().into();
    batch.connections.push(ConnectionRecord {
        user: user.clone(),
        method: link.method,
        origin: Origin::Sandbox,
        status: story.status,
        ever_active: story.ever_active,
        since: Some(story.since),
        created: story.created,
        last_used: story.last_used,
        expiry: story.expiry,
        mfa_enabled: may_challenge(&institution, link.method),
        // The person comes with the accounts and goes with the link.
        profile: (story.accounts_at.is_some() && story.status != Status::Deleted)
            .then(|| person.profile.clone()),
        credentials: credentials(link, person),
        id: story.id,
        institution,
    });
    batch.jobs.append(&mut story.jobs);
}

fn happen(
    world: &World,
    link: &Link,
    story: &mut Story,
    stored: StoredData,
    user: &UserId,
    recent: &mut Recent,
) {
    let came = annotate(
        &mut story.jobs,
        stored.accounts,
        stored.transactions,
        world.settings.seed,
    );
    for (at, what) in &story.events {
        recent.tell(*at, *what, link.number, user, &story.id);
    }
    for (job, count) in story.jobs.iter().zip(came) {
        if count > 0 && job.state == State::Succeeded {
            recent.tell(
                job.updated,
                What::Transactions(count),
                link.number,
                user,
                &story.id,
            );
        }
    }
}

/// Lasting trouble is in the login, trouble with the password in the password, passing trouble in neither.
fn credentials(link: &Link, person: &Person) -> Option<Credentials> {
    let code = match link.fate.why {
        _ if link.fate.label == Label::Deleted => return None,
        Some(Why::Code(code)) => Some(code),
        _ => None,
    };
    let stays = code.filter(|code| {
        [
            "account-not-accessible-requires-user-action",
            "user-action-required",
            "invalid-connection",
        ]
        .contains(code)
    });
    let password = match (link.method, code) {
        (Method::OpenBanking, _) => Secret::default(),
        (Method::Web, Some("invalid-credentials")) => {
            Secret::new(format!("old-pass-{}", link.guest))
        }
        (Method::Web, _) => person.password.clone(),
    };
    Some(Credentials {
        login: Secret::new(generated_people::login(link.guest, stays)),
        password,
        ..Credentials::default()
    })
}
