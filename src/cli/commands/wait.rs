//! After a job was created: reports that it is queued, or runs jobs here until it has ended.

use super::jobs;
use crate::cli::args::Waiting;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::hidden_signals;
use crate::cli::progress::Progress;
use crate::cli::start_worker;
use crate::domain::job::{Job, State};
use crate::ops::Ops;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

pub(crate) async fn signalled() -> Result<u8, Failure> {
    let listen = |kind| {
        signal(kind).map_err(|cause| Failure::File {
            what: "signals cannot be received".into(),
            cause,
        })
    };
    let (mut int, mut term, mut hup) = (
        listen(SignalKind::interrupt())?,
        listen(SignalKind::terminate())?,
        listen(SignalKind::hangup())?,
    );
    hidden_signals::awaited();
    Ok(tokio::select! {
        _ = int.recv() => 2,
        _ = term.recv() => 15,
        _ = hup.recv() => 1,
    })
}

/// Prints the job, with `--wait` after it has ended.
pub(crate) async fn finish(
    ctx: &mut Context,
    ops: &Ops,
    job: Job,
    again: bool,
    waiting: Waiting,
) -> Result<(), Failure> {
    if !waiting.wait || !job.state.open() {
        jobs::present(&mut ctx.out, ops, &job, again).await?;
        match rests(&job) {
            Some(why) => ctx.out.say(&why),
            None if job.state.open() => queued(ctx, ops, 1).await?,
            None => {}
        }
        // a job that ended at once counts like one that was waited for
        return jobs::ended_well(&job);
    }
    let about = Box::new((job.id.clone(), job.connection.clone()));
    let ended = match all(ctx, ops, vec![job], waiting.timeout).await {
        Ok(mut ended) => ended.pop(),
        Err(Failure::Ops(crate::ops::Error::TimedOut(after))) => {
            return Err(Failure::Late { after, about });
        }
        Err(other) => return Err(other),
    };
    let Some(job) = ended else {
        return Err(Failure::Ops(crate::store::Error::Closed.into()));
    };
    jobs::present(&mut ctx.out, ops, &job, again).await?;
    jobs::ended_well(&job)
}

/// After a timeout or a signal they continue in other processes.
pub(crate) async fn all(
    ctx: &mut Context,
    ops: &Ops,
    jobs: Vec<Job>,
    timeout: Option<Duration>,
) -> Result<Vec<Job>, Failure> {
    let worker = start_worker::worker(ctx, ops, "command").await?;
    let mut bar = Progress::of(ctx, "job");
    let counted = bar.watched() && jobs.len() > 1;
    let out = &mut ctx.out;
    let of = jobs.len() as u64;
    let follow = async {
        let mut ended = Vec::with_capacity(jobs.len());
        for job in jobs {
            let mut said = String::new();
            let before = ended.len() as u64;
            let job = ops
                .wait(&job.id, None, |job| {
                    if counted {
                        bar.at(before, Some(of));
                        return;
                    }
                    let line = progress(job);
                    if line != said {
                        out.say(&line);
                        said = line;
                    }
                })
                .await?;
            ended.push(job);
        }
        Ok(ended)
    };
    let limited = async {
        match timeout {
            None => follow.await,
            Some(most) => tokio::time::timeout(most, follow)
                .await
                .unwrap_or_else(|_| {
                    Err(crate::ops::Error::TimedOut(
                        crate::domain::time_format::write(most),
                    ))
                }),
        }
    };
    let done = tokio::select! {
        done = limited => done.map_err(Failure::from),
        number = signalled() => Err(number.map_or_else(|failed| failed, Failure::Signal)),
    };
    worker.stop().await;
    done
}

fn rests(job: &Job) -> Option<String> {
    match (job.state, job.next_attempt) {
        (State::Paused, None) => {
            Some("the job waits for the user's authorisation at the bank".into())
        }
        (State::Paused, Some(at)) => Some(format!(
            "the job is paused until {at}: the same sign-in is in use elsewhere"
        )),
        (State::WaitingRetry, Some(at)) => Some(format!(
            "the bank was not available; the job is retried at {at}"
        )),
        (State::WaitingMfa, _) => Some(format!(
            "the bank asks the user; answer with: switchboard answer {} TEXT...",
            job.id.short()
        )),
        _ => None,
    }
}

fn progress(job: &Job) -> String {
    let step = job.steps.get(job.current()).map_or("", |s| s.title.word());
    match (job.state, &job.challenge) {
        (State::WaitingMfa, Some(challenge)) => format!(
            "{}: the bank asks: {}; answer with: switchboard answer {} TEXT...",
            job.id.short(),
            challenge.input.join(", "),
            job.id.short()
        ),
        (State::Paused | State::WaitingRetry, _) => match job.next_attempt {
            Some(at) => format!("{}: {} until {at}", job.id.short(), job.state),
            None => format!("{}: waits for the user's authorisation", job.id.short()),
        },
        _ => format!("{}: {} {step}", job.id.short(), job.state),
    }
}

pub(crate) async fn queued(ctx: &mut Context, ops: &Ops, count: usize) -> Result<(), Failure> {
    let workers = ops.workers(ctx.config.limits.heartbeat).await?;
    let alive = workers.iter().filter(|(_, alive)| *alive).count();
    let what = if count == 1 {
        "the job is queued".to_owned()
    } else {
        format!("{count} jobs are queued")
    };
    ctx.out.say(&match alive {
        0 => format!("{what}; no worker is alive: run `switchboard work`, or add --wait"),
        1 => format!("{what}; a worker is alive"),
        n => format!("{what}; {n} workers are alive"),
    });
    Ok(())
}
