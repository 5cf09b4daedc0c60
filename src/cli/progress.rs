//! How far work is: a line on stderr with count, rate and the time that is left, written anew while the work goes on. It
//! is there only on a terminal, and only for work that takes longer than a second.

use super::commands::wait::signalled;
use super::context::Context;
use super::exit::Failure;
use crate::clock::Clock;
use crate::domain::counts::{grouped_count, thousands};
use crate::domain::time_format;
use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::Duration;

/// Work that is done sooner has no line.
const SOON: Duration = Duration::from_secs(1);

/// How often the line is written at most.
const OFTEN: Duration = Duration::from_millis(200);

pub(crate) struct Progress {
    shown: bool,
    /// What is counted, as one of it is called.
    what: &'static str,
    clock: Clock,
    begun: Duration,
    told: Option<Duration>,
}

impl Progress {
    pub(crate) fn of(ctx: &Context, what: &'static str) -> Self {
        let clock = Clock::system();
        Self {
            shown: stderr().is_terminal() && !ctx.out.manner.quiet,
            what,
            begun: clock.monotonic(),
            clock,
            told: None,
        }
    }

    /// Whether somebody watches; then no other line is written meanwhile.
    pub(crate) fn watched(&self) -> bool {
        self.shown
    }

    /// So many are done, of so many where that is known.
    pub(crate) fn at(&mut self, done: u64, of: Option<u64>) {
        let elapsed = self.clock.monotonic().saturating_sub(self.begun);
        let due = self.told.map_or(SOON, |told| told + OFTEN);
        if !self.shown || elapsed < due {
            return;
        }
        self.told = Some(elapsed);
        let line = line(self.what, done, of, elapsed);
        // a failure to write to stderr cannot be reported
        let _ = write!(stderr(), "\r\x1b[K{line}");
        let _ = stderr().flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.told.is_some() {
            let _ = write!(stderr(), "\r\x1b[K");
            let _ = stderr().flush();
        }
    }
}

fn line(what: &str, done: u64, of: Option<u64>, elapsed: Duration) -> String {
    let ms = u64::try_from(elapsed.as_millis())
        .unwrap_or(u64::MAX)
        .max(1);
    let rate = done.saturating_mul(1_000) / ms;
    let so_far = match of {
        Some(of) => format!("{} of {}", thousands(done), grouped_count(of, what)),
        None => grouped_count(done, what),
    };
    let left = of.filter(|of| done > 0 && *of > done).map(|of| {
        let left = (of - done).saturating_mul(ms) / done;
        let left = match left / 1_000 {
            seconds if seconds < 60 => format!("{}s", seconds.max(1)),
            _ => time_format::span(i64::try_from(left).unwrap_or(i64::MAX)),
        };
        format!("  about {left} left")
    });
    format!(
        "{so_far}  {}/s{}",
        thousands(rate),
        left.unwrap_or_default()
    )
}

/// The work, or a signal that ends it: what was begun and not committed is undone. `then` says how it can go on.
pub(crate) async fn stoppable<T, E: Into<Failure>>(
    work: impl Future<Output = Result<T, E>>,
    then: &str,
) -> Result<T, Failure> {
    tokio::select! {
        done = work => done.map_err(Into::into),
        number = signalled() => {
            let number = number?;
            let fresh = if stderr().is_terminal() { "\r\x1b[K" } else { "" };
            let _ = writeln!(stderr(), "{fresh}stopped; {then}");
            Err(Failure::Signal(number))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_count_rate_and_the_time_left() {
        for (done, of, seconds, text) in [
            (
                1_240,
                Some(3_012),
                3,
                "1,240 of 3,012 connections  413/s  about 4s left",
            ),
            (3_012, Some(3_012), 9, "3,012 of 3,012 connections  334/s"),
            (0, Some(10), 2, "0 of 10 connections  0/s"),
            (1, None, 2, "1 connection  0/s"),
            (90_000, None, 2, "90,000 connections  45,000/s"),
        ] {
            let line = line("connection", done, of, Duration::from_secs(seconds));
            assert_eq!(line, text);
        }
    }
}
