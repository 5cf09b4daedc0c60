//! Records to test with: rows of the list, their jobs, profiles and figures, as they are read from the store.
//! Change what a test is about with `..`.

use crate::domain::act::{Sibling, Stored};
use crate::domain::connection::{Label, Method, Origin, Status};
use crate::domain::diagnosis::Whose;
use crate::domain::failure_codes::Failure;
use crate::domain::job::{self, Job, Kind, State, Step, StepStatus};
use crate::domain::mask::{Level, MaskedProfile};
use crate::domain::moment::Moment;
use crate::domain::rows::{AccountRow, AccountShown, ConnectionRow, LastJob};
use crate::domain::views::ConnectionPane;

pub(crate) fn now() -> Moment {
    Moment::parse("2026-03-10T09:41:07Z").expect("a time that was written by hand")
}

/// The row of a label with that number.
pub(crate) fn row(n: usize, label: Label) -> ConnectionRow {
    let (method, status) = match label {
        Label::Active => (
            if n.is_multiple_of(2) {
                Method::Web
            } else {
                Method::OpenBanking
            },
            Status::Active,
        ),
        Label::Invalid => (Method::Web, Status::Invalid),
        Label::Failed => (Method::OpenBanking, Status::Invalid),
        Label::Pending => (Method::Web, Status::Pending),
        Label::Init => (Method::OpenBanking, Status::Init),
        Label::PreInit => (Method::OpenBanking, Status::PreInit),
        Label::Deleted => (Method::Web, Status::Deleted),
    };
    let banks = [
        "Fabrikam Bank",
        "Contoso Credit Union",
        "Hooli",
        "Litware Building Society",
        "Northwind Trust",
    ];
    let names = [
        "Ann Lee",
        "Monica Hall",
        "José Álvarez",
        "王小明",
        "Priya Natarajan",
    ];
    let created = now().plus_ms(-(90 + n as i64) * 86_400_000);
    let never = matches!(label, Label::PreInit | Label::Pending | Label::Init);
    let stored = if matches!(label, Label::Active | Label::Invalid | Label::Deleted) {
        n as u64
    } else {
        0
    };
    ConnectionRow {
        id: format!("5b0f3c1e-2a77-4d0e-9f52-6f1f0b{n:06x}").into(),
        user: format!("usr-{n:04x}").into(),
        user_name: names[n % names.len()].into(),
        institution: "AU00000".into(),
        institution_name: banks[n % banks.len()].into(),
        method,
        origin: Origin::Sandbox,
        status,
        label,
        attention: matches!(label, Label::Invalid | Label::Failed | Label::PreInit),
        mover: match label {
            Label::Invalid | Label::Failed | Label::PreInit => Whose::User,
            Label::Pending | Label::Init => Whose::System,
            Label::Active | Label::Deleted => Whose::Nobody,
        },
        runs: runs(n, label),
        since: now().plus_ms(-(2 * 86_400_000)),
        created,
        last_used: if never {
            created
        } else {
            now().plus_ms(-(n as i64 * n as i64 * 2_400_000 + 2_520_000))
        },
        expiry: (method == Method::OpenBanking && !never).then(|| now().plus_ms(58 * 86_400_000)),
        accounts: stored,
        transactions: stored * 321,
        version: 1,
        last_job: last_job(n, label),
        ever_active: matches!(label, Label::Active | Label::Invalid | Label::Deleted),
        refused: 0,
        guarded: false,
        handling: Default::default(),
        bank: Default::default(),
    }
}

fn runs(n: usize, label: Label) -> Vec<State> {
    let good = vec![State::Succeeded; 6 - n % 3];
    match label {
        Label::Active | Label::Deleted => [good, vec![State::Succeeded]].concat(),
        Label::Invalid => [good, vec![State::Failed]].concat(),
        Label::Failed => vec![State::Failed],
        Label::Pending | Label::Init | Label::PreInit => vec![],
    }
}

fn last_job(n: usize, label: Label) -> Option<LastJob> {
    let (state, kind, step, position, code) = match label {
        Label::Active | Label::Deleted => (
            State::Succeeded,
            Kind::Refresh,
            "retrieve-transactions",
            3,
            None,
        ),
        Label::Invalid => (
            State::Failed,
            Kind::Refresh,
            "verify-credentials",
            1,
            Some("invalid-credentials"),
        ),
        Label::Failed => (
            State::Failed,
            Kind::Connect,
            "verify-credentials",
            1,
            Some("authorization-failed"),
        ),
        Label::Pending => (State::Running, Kind::Connect, "verify-credentials", 1, None),
        Label::Init => (State::Running, Kind::Connect, "retrieve-accounts", 2, None),
        Label::PreInit => return None,
    };
    let label = match state {
        State::Succeeded => job::Label::Success,
        State::Failed => job::Label::Failed,
        _ => job::Label::Pending,
    };
    let (id, code) = (format!("0195-job-{n:06x}").into(), code.map(str::to_owned));
    Some(LastJob {
        id,
        kind,
        state,
        label,
        code,
        step: job::Title::parse(step),
        position,
        of: 3,
        due: None,
        attempt: 1,
    })
}

pub(crate) fn rows() -> Vec<ConnectionRow> {
    use Label::{Active, Deleted, Failed, Init, Invalid, Pending, PreInit};
    let labels = [
        Invalid, Invalid, Failed, PreInit, Pending, Init, Active, Active, Active, Active, Active,
        Active, Active, Deleted,
    ];
    labels
        .into_iter()
        .enumerate()
        .map(|(n, label)| row(n, label))
        .collect()
}

pub(crate) fn stored(row: &ConnectionRow) -> Stored {
    Stored {
        accounts: (0..row.accounts)
            .map(|n| format!("•••• {:04}", 4410 + n * 377))
            .collect(),
        transactions: row.transactions,
        days: (row.transactions > 0)
            .then(|| (now().plus_ms(-700 * 86_400_000), now().plus_ms(-86_400_000))),
        profiles: u64::from(row.accounts > 0),
    }
}

pub(crate) fn profile(row: &ConnectionRow, level: Level) -> ConnectionPane {
    let person = MaskedProfile {
        full_name: crate::domain::mask::user_name(&row.user_name, level),
        phones: vec!["••• ••• 178".into(), "••• ••• 090".into()],
        emails: vec!["m•••@example.test".into()],
        addresses: vec!["•••, Sydney, NSW 2000, Australia".into()],
        ..MaskedProfile::default()
    };
    let account = |n: u64| AccountRow {
        lost: false,
        id: format!("acc-{n}").into(),
        shown: Some(AccountShown {
            product: "Everyday".into(),
            number: format!("•••• {:04}", 4410 + n * 377),
        }),
        class: "transaction".into(),
        currency: "AUD".into(),
        balance: Some(83_515 + n as i64 * 1_000),
        available: None,
        status: "available".into(),
        updated: row.last_used,
        transactions: 321,
    };
    ConnectionPane {
        row: row.clone(),
        profile: (row.accounts > 0).then_some(person),
        accounts: (0..row.accounts).map(account).collect(),
        insights: Default::default(),
        stored: stored(row),
        siblings: vec![Sibling::of(&self::row(40, Label::Active))],
        notes: vec![],
        next_background: None,
        around: Default::default(),
    }
}

/// The jobs of a row: its newest, and two that succeeded.
pub(crate) fn jobs(row: &ConnectionRow) -> Vec<Job> {
    let last = row
        .last_job
        .as_ref()
        .expect("asked for a row that has a job");
    let newest = job(
        row,
        last.id.as_str(),
        last.kind,
        last.state,
        now().plus_ms(-40_000),
    );
    let before = |n: i64| {
        job(
            row,
            &format!("0195-old-{n:06}"),
            Kind::Refresh,
            State::Succeeded,
            now().plus_ms(-n * 86_400_000),
        )
    };
    vec![newest, before(1), before(3)]
}

/// A job that began then and stands at the place its state says.
pub(crate) fn job(row: &ConnectionRow, id: &str, kind: Kind, state: State, began: Moment) -> Job {
    let place = row.last_job.as_ref().map_or(1, |j| usize::from(j.position)) - 1;
    let step = |(i, title): (usize, &job::Title)| {
        let started = began.plus_ms(i as i64 * 6_000);
        let mut step = Step {
            started: Some(started),
            ended: Some(started.plus_ms(6_000)),
            ..Step::pending(title.clone())
        };
        step.status = match state {
            State::Succeeded => StepStatus::Success,
            _ if i < place => StepStatus::Success,
            State::Failed if i == place => StepStatus::Failed,
            State::Running | State::WaitingMfa if i == place => StepStatus::InProgress,
            _ => StepStatus::Pending,
        };
        match step.status {
            StepStatus::Success if i == 1 => step.note = Some("3 accounts".into()),
            StepStatus::Failed => {
                let code = row
                    .last_job
                    .as_ref()
                    .and_then(|j| j.code.clone())
                    .unwrap_or("unknown-error".into());
                step.failure = Some(Failure::of(&code));
            }
            StepStatus::InProgress => step.ended = None,
            StepStatus::Pending => (step.started, step.ended) = (None, None),
            StepStatus::Success => {}
        }
        step
    };
    let steps: Vec<Step> = kind.steps().iter().enumerate().map(step).collect();
    let ended = if state.open() {
        None
    } else {
        steps.iter().filter_map(|s| s.ended).max()
    };
    Job {
        id: id.into(),
        connection: row.id.clone(),
        user: row.user.clone(),
        institution: row.institution.clone(),
        institution_name: row.institution_name.clone(),
        kind,
        state,
        steps,
        created: began,
        updated: began,
        ended,
        attempt: 1,
        next_attempt: None,
        epoch: 1,
        lease_until: None,
        owner: None,
        deaths: 0,
        challenge: None,
        usual: None,
    }
}
