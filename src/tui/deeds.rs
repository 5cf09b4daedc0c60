//! What was ordered in this sitting, in words, and the command that does the same.

use crate::domain::act::{ActKind, Plan};
use crate::domain::counts::count;
use crate::domain::ids::ConnectionId;
use crate::domain::until::Until;
use crate::domain::views::BankAnswer;
use crate::tui::dialogs::act::verb;
use crate::tui::effect::{Handle, HoldOf, Order};

/// `Purge of 62c177`.
pub(crate) fn words(order: &Order) -> String {
    match order {
        Order::Apply { plan, .. } => act(plan),
        Order::Answer { job, .. } => format!("Answer to the bank, for job {}", job.short()),
        Order::UpdateCredentials { id, .. } => format!("New password of {}", id.short()),
        Order::Authorise { id, answer } => format!("At the bank: {} {}", answer.word(), id.short()),
        Order::Hold { of, .. } => match of {
            HoldOf::Bank(_, name) => format!("Hold of {name}"),
            HoldOf::Connections(ids) => format!("Hold of {}", them(ids)),
            HoldOf::Found(query) => format!("Hold of all of {}", query.text),
        },
        Order::Release(id) => format!("Release of hold {}", id.short()),
        Order::Invite { of, .. } => format!("Note that the user of {} is asked", them(of)),
        Order::Link { user, .. } => format!("Link for user {}", user.short()),
        Order::Handle { of, how } => format!("{} {}", handled(how), them(of)),
        Order::CancelJob(id) => format!("Cancel of job {}", id.short()),
        Order::CancelPlan(id) => format!("Stop of plan {}", id.short()),
        Order::Connect(link) => format!("Connection to {}", link.institution),
    }
}

fn act(plan: &Plan) -> String {
    let verb = verb(plan.head.kind);
    match (plan.detail.one(), &plan.head.user) {
        (Some(one), _) => format!("{verb} of {}", one.target.id.short()),
        (None, Some(user)) if plan.head.kind.is_workflow() => {
            format!("{verb} of user {}", user.short())
        }
        (None, _) => format!("{verb} of {}", count(plan.head.runs, "connection")),
    }
}

/// Where the order holds a secret or a whole list, the command has a word in capitals in its place.
pub(crate) fn command(order: &Order) -> String {
    let rest = match order {
        Order::Apply { plan, .. } => apply(plan),
        Order::Answer { job, .. } => format!("answer {} TEXT", job.short()),
        Order::UpdateCredentials { id, .. } => {
            format!("update-credentials {} --password-stdin", id.short())
        }
        Order::Authorise { id, answer } => {
            let verb = match answer {
                BankAnswer::Authorise => "authorise",
                BankAnswer::Deny => "deny",
                BankAnswer::Abandon => "abandon",
            };
            format!("sandbox {verb} {}", id.short())
        }
        Order::Hold { of, until, reason } => hold(of, until, reason),
        Order::Release(id) => format!("release {}", id.short()),
        Order::Invite { of, .. } => invite(of),
        Order::Link { user, .. } => format!("auth-link create {}", user.short()),
        Order::Handle { of, how } => handle(of, how),
        Order::CancelJob(id) => format!("cancel {}", id.short()),
        Order::CancelPlan(id) => format!("cancel --plan {}", id.short()),
        Order::Connect(link) => format!(
            "connect --user USER --institution {} --method {}",
            link.institution,
            link.method.word()
        ),
    };
    format!("switchboard {rest}")
}

/// The id of one, or how many.
fn them(ids: &[ConnectionId]) -> String {
    match ids {
        [id] => id.short().to_owned(),
        ids => count(ids.len() as u64, "connection"),
    }
}

/// What is done to them, with them after it.
pub(crate) fn handled(how: &Handle) -> &'static str {
    match how {
        Handle::Note(_) => "Note about",
        Handle::Take { .. } => "Taking on of",
        Handle::GiveBack => "Giving back of",
        Handle::Snooze { .. } => "Putting off of",
        Handle::Wake => "End of putting off of",
    }
}

fn because(reason: &str) -> String {
    match reason {
        "" => String::new(),
        reason => format!(" --reason '{}'", reason.replace('\'', "'\\''")),
    }
}

/// The id of one; of several each has its own command.
fn each(of: &[ConnectionId]) -> &str {
    match of {
        [id] => id.short(),
        _ => "ID",
    }
}

pub(crate) fn invite(of: &[ConnectionId]) -> String {
    format!("invite {} --mark-asked", each(of))
}

pub(crate) fn handle(of: &[ConnectionId], how: &Handle) -> String {
    let of = each(of);
    match how {
        // what stands in an argument stands in the list of processes too
        Handle::Note(_) => format!("note {of} -"),
        Handle::Take { from_others: false } => format!("take {of}"),
        Handle::Take { from_others: true } => format!("take {of} --force"),
        Handle::GiveBack => format!("take {of} --give-back"),
        Handle::Snooze { until, reason } => {
            format!("snooze {of} --until '{until}'{}", because(reason))
        }
        Handle::Wake => format!("snooze {of} --end"),
    }
}

fn apply(plan: &Plan) -> String {
    let (kind, words) = (plan.head.kind, plan.words());
    match (plan.detail.one(), kind) {
        (Some(one), ActKind::Refresh) => format!("refresh {}", one.target.id.short()),
        (Some(one), _) => format!(
            "{} {} --confirm '{words}'",
            kind.command(),
            one.target.id.short()
        ),
        (None, ActKind::Refresh) => "refresh ID...".to_owned(),
        (None, _) if kind.is_workflow() => {
            let user = plan.head.user.as_ref().map_or("USER", |user| user.short());
            format!("{} --user {user} --confirm '{words}'", kind.command())
        }
        (None, _) => format!("apply {} --confirm '{words}'", plan.head.id.short()),
    }
}

pub(crate) fn hold(of: &HoldOf, until: &Until, reason: &str) -> String {
    let of = match of {
        HoldOf::Bank(id, _) => format!("--institution {id}"),
        HoldOf::Connections(ids) if ids.len() == 1 => ids[0].short().to_owned(),
        HoldOf::Connections(_) | HoldOf::Found(_) => "ID...".into(),
    };
    let reason = because(reason);
    format!("hold {of} --until '{until}'{reason}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::act::Confirmation;
    use crate::domain::connection::Label;
    use crate::testing::fixtures::row;
    use crate::testing::plans::plan;

    #[test]
    fn an_order_has_the_command_that_does_the_same() {
        let row = row(7, Label::Active);
        let apply = |kind| Order::Apply {
            plan: Box::new(plan(kind, &row)),
            typed: Confirmation::new(None, None),
            refresh_after: false,
        };
        let until = Until::parse("2h").unwrap();
        let held = Order::Hold {
            of: HoldOf::Bank("AU00000".into(), "Hooli".into()),
            until,
            reason: "it's down".into(),
        };
        for (order, said, does) in [
            (
                apply(ActKind::Refresh),
                "Refresh of 000007",
                "switchboard refresh 000007",
            ),
            (
                apply(ActKind::Purge),
                "Purge of 000007",
                "switchboard purge 000007 --confirm 'purge 007'",
            ),
            (
                held,
                "Hold of Hooli",
                "switchboard hold --institution AU00000 --until '2h' --reason 'it'\\''s down'",
            ),
            (
                Order::Handle {
                    of: vec![row.id.clone()],
                    how: Handle::Note("rang him".into()),
                },
                "Note about 000007",
                "switchboard note 000007 -",
            ),
            (
                Order::Handle {
                    of: vec![row.id.clone(), "other".into()],
                    how: Handle::Snooze {
                        until: Until::parse("2h").unwrap(),
                        reason: "waits".into(),
                    },
                },
                "Putting off of 2 connections",
                "switchboard snooze ID --until '2h' --reason 'waits'",
            ),
            (
                Order::CancelJob("job-1a2b3c".into()),
                "Cancel of job 1a2b3c",
                "switchboard cancel 1a2b3c",
            ),
        ] {
            assert_eq!(
                (words(&order).as_str(), command(&order).as_str()),
                (said, does)
            );
        }
    }
}
