//! The past of a generated world, and how the sandbox banks continue it.

use super::*;

#[test]
fn every_status_has_the_past_that_leads_to_it() {
    let all = whole(settings(3012, 1));
    let now = settings(0, 0).at;
    let by_connection = jobs(&all);
    for connection in &all.connections {
        let jobs = &by_connection[connection.id.as_str()];
        let (first, last) = (jobs[0], jobs[jobs.len() - 1]);
        let said = label(connection);
        let told = job::Label::of(&last.steps);
        let context = format!("{} {said}", connection.id);
        assert!(jobs.len() <= 7 && first.kind == Kind::Connect, "{context}");
        assert_eq!(first.created, connection.created, "{context}");
        assert!(
            jobs.windows(2)
                .all(|pair| pair[0].ended.is_some_and(|e| e <= pair[1].created)),
            "{context}"
        );
        assert!(
            connection.since.unwrap() <= now && connection.last_used <= now,
            "{context}"
        );
        assert!(
            connection.since.unwrap() >= connection.created
                && connection.last_used >= connection.created
        );
        let fits = match said {
            Label::Active => {
                told == job::Label::Success && last.kind.fetches() && connection.ever_active
            }
            Label::Invalid if connection.expiry.is_some_and(|e| e < now) => {
                told == job::Label::Success && connection.since == connection.expiry
            }
            Label::Invalid => told == job::Label::Failed && jobs.len() > 1,
            Label::Failed => told == job::Label::Failed && jobs.len() == 1,
            Label::Pending => last.state == State::WaitingRetry && connection.method == Method::Web,
            Label::Init => {
                last.state == State::WaitingRetry && connection.method == Method::OpenBanking
            }
            Label::PreInit => {
                last.state == State::Paused && connection.last_used == connection.created
            }
            Label::Deleted => last.kind == Kind::Revoke && told == job::Label::Success,
        };
        assert!(fits, "{context}: {last:?}");
        assert!(
            connection.method == Method::OpenBanking || connection.expiry.is_none(),
            "{context}"
        );
        let ends_a_success = |at| {
            jobs.iter()
                .any(|j| j.state == State::Succeeded && j.ended == at)
        };
        assert!(
            said != Label::Active || ends_a_success(connection.since),
            "{context}"
        );
        let bare = connection.profile.is_none() && connection.credentials.is_none();
        assert_eq!(bare, said == Label::Deleted, "{context}");
        for job in jobs {
            consistent(job, connection, now);
        }
    }
}

/// Steps in order, times in order, label and state of one mind.
fn consistent(job: &JobRecord, connection: &ConnectionRecord, now: Moment) {
    let context = format!("{} {:?}", job.id, job.kind);
    let label = job::Label::of(&job.steps);
    let expected = match job.state {
        State::Succeeded => job::Label::Success,
        State::Failed => job::Label::Failed,
        _ => job::Label::Pending,
    };
    assert_eq!(label, expected, "{context}");
    assert_eq!(job.ended.is_some(), !job.state.open(), "{context}");
    assert_eq!(
        job.next_attempt.is_some(),
        job.state == State::WaitingRetry,
        "{context}"
    );
    assert!(
        job.next_attempt
            .is_none_or(|at| at > now && at.since(now) < 3 * 3_600_000),
        "{context}"
    );
    assert!(
        job.created <= job.updated && job.updated <= now,
        "{context}: {} {now}",
        job.updated
    );
    let mut titles: Vec<Title> = job.steps.iter().map(|s| s.title.clone()).collect();
    if let Some(place) = titles.iter().position(|t| *t == Title::MfaChallenge) {
        assert!(place == 1 && connection.mfa_enabled, "{context}");
        titles.remove(place);
    }
    assert_eq!(titles, job.kind.steps(), "{context}");
    let mut before = job.created;
    let mut over = false;
    for step in &job.steps {
        assert!(!over || step.status == StepStatus::Pending, "{context}");
        over |= step.status != StepStatus::Success;
        let ended = matches!(step.status, StepStatus::Success | StepStatus::Failed);
        assert_eq!(
            (step.started.is_some(), step.ended.is_some()),
            (ended, ended),
            "{context}"
        );
        for at in [step.started, step.ended].into_iter().flatten() {
            assert!(before <= at, "{context}");
            before = at;
        }
    }
}

#[test]
fn active_accounts_have_exactly_what_was_asked_for() {
    let all = whole(settings(300, 40));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for transaction in &all.transactions {
        assert!(transaction.transaction.posted);
        *counts.entry(transaction.account.as_str()).or_default() += 1;
    }
    let status: BTreeMap<&str, &ConnectionRecord> =
        all.connections.iter().map(|c| (c.id.as_str(), c)).collect();
    let mut stranded = 0;
    for account in &all.accounts {
        let connection = status[account.connection.as_ref().unwrap().as_str()];
        let count = counts.get(account.id.as_str()).copied().unwrap_or(0);
        assert!(
            connection.status != Status::Active || count == 40,
            "{count}"
        );
        stranded += usize::from(connection.status == Status::Deleted);
    }
    assert!(stranded > 0);
    assert!(whole(settings(50, 0)).transactions.is_empty());
}

#[test]
fn events_are_in_order_and_recent() {
    let all = whole(settings(3012, 2));
    let now = settings(0, 0).at;
    assert!(all.events.len() > 1000);
    assert!(all.events.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert!(
        all.events
            .iter()
            .all(|e| e.at <= now && now.since(e.at) <= 7 * 86_400_000)
    );
    let kinds: BTreeSet<_> = all
        .events
        .iter()
        .map(|e| format!("{}.{}", e.entity, e.event_type))
        .collect();
    for kind in [
        "connection.created",
        "connection.activated",
        "connection.invalidated",
        "connection.deleted",
    ] {
        assert!(kinds.contains(kind), "{kind} not in {kinds:?}");
    }
}

/// A refresh of this connection, as the engine would ask the sandbox for it.
fn asked(connection: &ConnectionRecord, step: Title, since: Option<Moment>) -> Ask {
    Ask {
        idempotency_key: "job-x/step".into(),
        job: "job-x".into(),
        attempt: 1,
        connection: connection.id.clone(),
        institution: connection.institution.clone(),
        method: connection.method,
        credentials: connection.credentials.clone(),
        authorisation: Some(Authorisation::Granted),
        answers: None,
        challenged: true,
        step,
        since,
        now: settings(0, 0).at,
    }
}

#[test]
fn a_refresh_finds_the_stored_accounts_and_adds_to_them() {
    let all = whole(settings(120, 20));
    let bank = Sandbox::new(SandboxSettings {
        speed: 0.0,
        seed: 7,
    });
    let ask = |ask| bank.ask(ask).now_or_never().unwrap();
    for connection in all
        .connections
        .iter()
        .filter(|c| c.status == Status::Active)
    {
        let stored: Vec<_> = all
            .accounts
            .iter()
            .filter(|a| a.connection.as_ref() == Some(&connection.id))
            .collect();
        let Outcome::Accounts { profile, accounts } =
            ask(asked(connection, Title::RetrieveAccounts, None))
        else {
            panic!("{}", connection.id)
        };
        assert_eq!(profile, connection.profile);
        let refs = |accounts: Vec<&str>| {
            accounts
                .into_iter()
                .map(str::to_owned)
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(
            refs(accounts.iter().map(|a| a.reference.as_str()).collect()),
            refs(
                stored
                    .iter()
                    .map(|a| a.account.reference.as_str())
                    .collect()
            )
        );
        let Outcome::Transactions(sent) = ask(asked(connection, Title::RetrieveTransactions, None))
        else {
            panic!("{}", connection.id)
        };
        for account in stored {
            let old: Vec<_> = all
                .transactions
                .iter()
                .filter(|t| t.account == account.id)
                .collect();
            let newest = old.iter().max_by_key(|t| t.transaction.at).unwrap();
            let reach = settings(0, 0).at.plus_ms(-110 * 86_400_000);
            let again = sent
                .iter()
                .find(|t| t.reference == newest.transaction.reference);
            assert!(
                newest.transaction.at < reach || again == Some(&newest.transaction),
                "{}",
                account.id
            );
        }
    }
}

#[test]
fn what_is_broken_stays_broken_or_heals_as_its_code_says() {
    let all = whole(settings(3012, 0));
    let by_connection = jobs(&all);
    let bank = Sandbox::new(SandboxSettings {
        speed: 0.0,
        seed: 7,
    });
    let mut seen = BTreeSet::new();
    for connection in all
        .connections
        .iter()
        .filter(|c| c.status == Status::Invalid)
    {
        let last = by_connection[connection.id.as_str()].last().unwrap();
        let Some(failed) = last.steps.iter().find(|s| s.status == StepStatus::Failed) else {
            continue;
        };
        let code = failed.failure.as_ref().unwrap().code.as_str();
        let stays = match code {
            "invalid-credentials" => failed.title == Title::VerifyCredentials,
            "account-not-accessible-requires-user-action"
            | "user-action-required"
            | "invalid-connection" => true,
            _ => false,
        };
        let outcome = bank
            .ask(asked(connection, failed.title.clone(), None))
            .now_or_never()
            .unwrap();
        match outcome {
            Outcome::Failed(failure) => assert!(
                stays && failure.code == code,
                "{code} became {}",
                failure.code
            ),
            _ => assert!(!stays, "{code} healed by itself"),
        }
        seen.insert(code);
    }
    assert!(seen.len() > 14, "{seen:?}");
}
