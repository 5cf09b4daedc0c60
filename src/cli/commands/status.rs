//! `status`: one line of at most 80 characters for a monitor. The exit code says whose the trouble is: 0 nobody's, 1 of
//! a bank, 11 of several banks at once, 6 ours: fetches fail by our own doing, jobs are due and no worker is alive,
//! something does not go on, or nothing ends by itself, because the clock looks wrong or too much ran out at once.

use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::domain::counts;
use crate::domain::diagnosis::Health;
use crate::domain::failure_codes::{Blame, rule};
use crate::domain::moment::Moment;
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::ops::{BankShown, Held};
use serde_json::{Value, json};

/// From so many banks in trouble at once it is more likely the platform, or our way to it, than each bank.
const SEVERAL: usize = 3;

/// What is known of one bank: its open incidents, and what the last hour shows.
#[derive(Clone, Debug)]
struct Seen {
    id: String,
    passed: u64,
    failed: u64,
    /// Of those that failed, the ones by our own doing.
    ours: u64,
    /// How long an incident has lasted that is open, and whether a major outage is declared.
    incident: Option<i64>,
    down: bool,
}

impl Seen {
    fn of(bank: &BankShown, now: Moment) -> Self {
        let down = |way: &crate::ops::Way| way.declared() == Some(Health::MajorOutage);
        let open = bank.incidents().first().copied().cloned();
        let hour = (bank.passed, bank.failed, bank.ours);
        let (passed, failed, ours) = open.as_ref().map_or(hour, |it| {
            let ours = match &it.code {
                Some(code) if rule(code).blame == Blame::Us => it.failed,
                Some(_) => 0,
                None => bank.ours,
            };
            (it.passed, it.failed, ours)
        });
        Self {
            id: bank.record.id.to_string(),
            passed,
            failed,
            ours,
            incident: open.map(|it| it.lasted(now)),
            down: bank.ways.iter().any(down),
        }
    }

    fn fails(&self) -> bool {
        self.incident.is_some()
    }

    fn words(&self) -> String {
        match self.incident {
            Some(ms) => {
                let (all, span) = (self.failed + self.passed, time_format::span(ms));
                format!("{}: {} of {all} failed in {span}", self.id, self.failed)
            }
            None => format!("{}: major outage declared", self.id),
        }
    }
}

/// A kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nothing,
    Bank,
    Banks,
    /// Fetches fail by our own doing.
    Us,
    Worker,
    Stuck,
    Held,
    Clock,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Nothing => "ok",
            Kind::Bank => "bank",
            Kind::Banks => "banks",
            Kind::Us => "us",
            Kind::Worker => "worker",
            Kind::Stuck => "stuck",
            Kind::Held => "held",
            Kind::Clock => "clock",
        }
    }

    /// Whose it is, and the exit code.
    fn blame(self) -> (&'static str, u8) {
        match self {
            Kind::Nothing => ("nobody", 0),
            Kind::Bank => ("bank", 1),
            Kind::Banks => ("banks", 11),
            Kind::Us | Kind::Worker | Kind::Stuck | Kind::Held | Kind::Clock => ("us", 6),
        }
    }
}

/// What is wrong at the banks, in words, and the one that fails most.
fn judged(banks: &[Seen]) -> Option<(Kind, String, &Seen)> {
    let troubled: Vec<&Seen> = banks.iter().filter(|b| b.fails() || b.down).collect();
    let failing = || troubled.iter().filter(|b| b.fails());
    let worst = failing()
        .max_by_key(|b| b.failed)
        .or_else(|| troubled.first())?;
    let (failed, ours) = failing().fold((0, 0), |(f, o), b| (f + b.failed, o + b.ours));
    Some(if ours > failed - ours {
        let what = format!("OURS: {ours} of {failed} failures are by our own doing");
        (Kind::Us, what, worst)
    } else if troubled.len() >= SEVERAL {
        let what = format!("{} BANKS at once; {}", troubled.len(), worst.words());
        (Kind::Banks, what, worst)
    } else {
        (Kind::Bank, format!("BANK {}", worst.words()), worst)
    })
}

pub(crate) async fn run(ctx: &mut Context) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let counts = ops.counts().await?;
    let banks = ops.institutions().await?;
    let now = ops.now();
    let banks: Vec<Seen> = banks.iter().map(|bank| Seen::of(bank, now)).collect();
    let workers = ops.workers(ctx.config.limits.heartbeat).await?;
    let alive = workers.iter().filter(|(_, alive)| *alive).count();
    let due = ops.due().await?;
    let bank = judged(&banks);
    let stuck = ops.stuck(alive > 0).await?.words();
    let held = ops.held().await?;
    let wait = |held: &Held| format!("{}; see doctor", held.short());
    let (kind, what) = match (&held, &bank, &stuck) {
        // how long ago a bank failed is not known by a wrong clock
        (Some(clock @ Held::Clock { .. }), ..) => (Kind::Clock, wait(clock)),
        (_, Some((kind, what, _)), _) => (*kind, what.clone()),
        _ if due > 0 && alive == 0 => {
            let jobs = counts::count(due, "job");
            (Kind::Worker, format!("NO WORKER: {jobs} due"))
        }
        (_, _, Some(what)) => (Kind::Stuck, format!("STUCK: {what}")),
        (Some(share @ Held::Share { .. }), ..) => (Kind::Held, wait(share)),
        (None, None, None) => (Kind::Nothing, "OK".into()),
    };
    let endings = ops.open_workflows().await?.len();
    let open = match endings {
        0 => String::new(),
        some => format!("; {} open", counts::count(some as u64, "ending")),
    };
    let alive_ones = counts::count(alive as u64, "worker");
    let line = format!(
        "{what}; {} of {} need action; {alive_ones}{open}",
        counts.attention(),
        counts.total()
    );
    let line = Shown::of(&line).cut(80).into_plain();
    let (blame, exit) = kind.blame();
    if ctx.out.for_people() {
        ctx.out.line(&line)?;
    } else {
        let troubled = banks.iter().filter(|b| b.fails() || b.down);
        ctx.out.document(&json!({
            "type": "status",
            "kind": kind.word(),
            "blame": blame,
            "line": line,
            "attention": counts.attention(),
            "connections": counts.total(),
            "due": due,
            "workers": alive,
            "sequences": endings,
            "institution": bank.as_ref().map(|(_, _, worst)| document(worst)),
            "institutions": troubled.map(document).collect::<Vec<_>>(),
            "exit": exit,
        }))?;
    }
    if exit == 0 {
        Ok(())
    } else {
        Err(Failure::Trouble { line, exit })
    }
}

fn document(bank: &Seen) -> Value {
    json!({"id": bank.id, "failed": bank.failed, "succeeded": bank.passed, "ours": bank.ours, "declaredDown": bank.down,
        "incident": bank.fails()})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(id: &str, passed: u64, failed: u64, ours: u64, down: bool) -> Seen {
        Seen {
            id: id.into(),
            passed,
            failed,
            ours,
            incident: (failed > passed && !down).then_some(3_600_000),
            down,
        }
    }

    #[test]
    fn trouble_is_blamed_on_one_bank_on_several_or_on_us() {
        let fine = seen("AU00000", 90, 1, 0, false);
        let bad = |id| seen(id, 1, 9, 0, false);
        let ours = seen("AU00004", 0, 30, 29, false);
        let down = |id| seen(id, 0, 0, 0, true);
        for (banks, kind) in [
            (vec![fine.clone()], None),
            (vec![fine.clone(), bad("AU00001")], Some(Kind::Bank)),
            (vec![fine.clone(), down("AU00001")], Some(Kind::Bank)),
            (vec![bad("AU00001"), bad("AU00002")], Some(Kind::Bank)),
            (
                vec![bad("AU00001"), down("AU00002"), bad("AU00003")],
                Some(Kind::Banks),
            ),
            (
                vec![down("AU00001"), down("AU00002"), down("AU00003")],
                Some(Kind::Banks),
            ),
            (vec![ours.clone()], Some(Kind::Us)),
            // some of ours among more of the bank's
            (vec![seen("AU00005", 0, 10, 4, false)], Some(Kind::Bank)),
            // a few failures among many that pass, by whomever
            (vec![seen("AU00006", 50, 9, 9, false)], None),
        ] {
            assert_eq!(judged(&banks).map(|found| found.0), kind, "{banks:?}");
        }
        let all = [ours, fine, bad("AU00001")];
        let (_, _, worst) = judged(&all).unwrap();
        assert_eq!(worst.id, "AU00004", "the one that fails most");
    }

    #[test]
    fn kinds_of_blame_have_exit_codes_of_their_own() {
        let all = [
            Kind::Nothing,
            Kind::Bank,
            Kind::Banks,
            Kind::Us,
            Kind::Worker,
            Kind::Stuck,
            Kind::Held,
            Kind::Clock,
        ];
        for one in all {
            for other in all {
                let (one, other) = (one.blame(), other.blame());
                assert_eq!(one.0 == other.0, one.1 == other.1, "{one:?} {other:?}");
            }
        }
    }
}
