//! Plans to test with, as they are counted for the records of the fixtures.

use super::fixtures::{now, rows, stored};
use crate::domain::act::{
    ActKind, Bank, Detail, OneConnection, Outlook, Plan, PlanHead, Sibling, Step, StepAct, Target,
    UserConnection, Way, WholeUser,
};
use crate::domain::rows::ConnectionRow;

/// What a refresh that nothing speaks against would meet.
pub(crate) fn outlook(row: &ConnectionRow) -> Outlook {
    Outlook {
        last_used: Some(row.last_used),
        floor_ms: 900_000,
        paused_until: None,
        running: 1,
        per_bank: 2,
        failures: vec![],
        against: vec![],
        insists: "",
    }
}

/// What is shown of an act on this connection.
pub(crate) fn one(kind: ActKind, row: &ConnectionRow) -> OneConnection {
    let kept = [&rows()[6], &rows()[9]].map(Sibling::of).into();
    OneConnection {
        target: Target::of(row),
        stored: stored(row),
        siblings: vec![],
        kept,
        jobs_kept: 57,
        open_job: (kind == ActKind::Revoke).then(|| "0195-job-00beef".into()),
        outlook: (kind == ActKind::Refresh).then(|| outlook(row)),
    }
}

fn head(kind: ActKind) -> PlanHead {
    PlanHead {
        expires: Some(now().plus_ms(900_000)),
        ..PlanHead::new("0195-plan-9f1a22".into(), kind, "monica", now())
    }
}

/// The plan of an act on this connection, with what is shown of it.
pub(crate) fn plan_of(kind: ActKind, one: OneConnection) -> Plan {
    let id = &one.target.id;
    let mut head = head(kind);
    head.user = Some(one.target.user.clone());
    head.connection = Some(id.clone());
    let steps = match kind.step() {
        Some(act) => vec![Step::new(act, id.as_str())],
        None => [StepAct::Purge, StepAct::Revoke, StepAct::Connect]
            .map(|act| Step::new(act, id.as_str()))
            .into(),
    };
    Plan::new(head, steps, Detail::One(Box::new(one)))
}

pub(crate) fn plan(kind: ActKind, row: &ConnectionRow) -> Plan {
    plan_of(kind, one(kind, row))
}

pub(crate) fn plan_of_several(kind: ActKind, steps: Vec<Step>) -> Plan {
    Plan {
        per_bank: 2,
        ..Plan::new(head(kind), steps, Detail::None)
    }
}

/// A bank where so many steps run.
pub(crate) fn bank(name: &str, count: u64) -> Bank {
    Bank {
        institution: "AU00000".into(),
        name: name.into(),
        count,
    }
}

/// The plan of an erasure of a user who has these connections.
pub(crate) fn erasure(rows: &[ConnectionRow]) -> Plan {
    let user = rows[0].user.clone();
    let ways = [
        Way::PurgedAndRevoked,
        Way::EndsWithConsent,
        Way::StrandedWithConsent,
    ];
    let connection = |(row, way): (&ConnectionRow, Way)| UserConnection {
        target: Target::of(row),
        accounts: row.accounts,
        transactions: row.transactions,
        way,
    };
    let whole = WholeUser {
        user: user.clone(),
        consent: None,
        connections: rows.iter().zip(ways).map(connection).collect(),
        rows: vec![
            ("accounts".into(), 9),
            ("transactions".into(), 2_889),
            ("profiles".into(), 1),
        ],
    };
    let steps = vec![
        Step::new(StepAct::Purge, rows[0].id.as_str()),
        Step::new(StepAct::Verify, user.as_str()),
    ];
    let mut head = head(ActKind::Erase);
    head.user = Some(user);
    Plan::new(head, steps, Detail::User(Box::new(whole)))
}
