//! Signals as events, taken by a task of their own, so that a screen stuck in a write still ends.

use super::restore::restore;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How long the program may take to end before it is ended.
const DEADLINE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Hangup,
    Interrupt,
    Quit,
    Terminate,
}

impl Ended {
    pub(crate) fn code(self) -> i32 {
        128 + match self {
            Ended::Hangup => 1,
            Ended::Interrupt => 2,
            Ended::Quit => 3,
            Ended::Terminate => 15,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// End. The deadline runs; a second one ends the program at once.
    End(Ended),
    /// Stop until continued.
    Suspend,
    /// Continued after a stop, whoever asked for it: the terminal may be in any state.
    Continued,
    Resized,
}

pub(crate) struct Signals {
    arrived: mpsc::Receiver<Signal>,
    aside: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Signals {
    /// Takes the signals from here on. Needs a running tokio runtime with more than one thread.
    pub(crate) fn take() -> io::Result<Self> {
        let mut hangup = signal(SignalKind::hangup())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut quit = signal(SignalKind::quit())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut suspend = signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?;
        let mut resumed = signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?;
        let mut resized = signal(SignalKind::window_change())?;
        let (sender, arrived) = mpsc::channel(64);
        let aside = Arc::new(AtomicBool::new(false));
        let ignoring = Arc::clone(&aside);
        let task = tokio::spawn(async move {
            let mut ending = false;
            loop {
                let told = tokio::select! {
                    biased;
                    Some(()) = hangup.recv() => Signal::End(Ended::Hangup),
                    Some(()) = terminate.recv() => Signal::End(Ended::Terminate),
                    Some(()) = interrupt.recv() => Signal::End(Ended::Interrupt),
                    Some(()) = quit.recv() => Signal::End(Ended::Quit),
                    Some(()) = suspend.recv() => Signal::Suspend,
                    Some(()) = resumed.recv() => Signal::Continued,
                    Some(()) = resized.recv() => Signal::Resized,
                    else => return,
                };
                if let Signal::End(ended) = told {
                    // ^C typed at a pager is meant for the pager, and reaches us because we share its group.
                    if ignoring.load(Ordering::SeqCst)
                        && matches!(ended, Ended::Interrupt | Ended::Quit)
                    {
                        continue;
                    }
                    if std::mem::replace(&mut ending, true) {
                        end_now(ended);
                    }
                    end_after(DEADLINE, ended);
                }
                // A full queue loses repeats of what it already holds; the end has its deadline.
                if let Err(mpsc::error::TrySendError::Closed(_)) = sender.try_send(told) {
                    return;
                }
            }
        });
        Ok(Self {
            arrived,
            aside,
            task,
        })
    }

    pub(crate) async fn next(&mut self) -> Signal {
        match self.arrived.recv().await {
            Some(signal) => signal,
            None => std::future::pending().await,
        }
    }

    /// Whether keys that raise signals belong to another program in our group.
    pub(super) fn set_aside(&self, aside: bool) {
        self.aside.store(aside, Ordering::SeqCst);
    }

    /// Forgets what arrived, but for an end.
    pub(super) fn forget(&mut self) -> Option<Ended> {
        while let Ok(signal) = self.arrived.try_recv() {
            if let Signal::End(ended) = signal {
                return Some(ended);
            }
        }
        None
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn end_now(ended: Ended) -> ! {
    restore();
    std::process::exit(ended.code())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a thread of its own that does nothing but wait"
)]
fn end_after(limit: Duration, ended: Ended) {
    // A thread, not a task: the runtime may be what hangs. If none can be had, the end is orderly or
    // a second signal's.
    let _ = std::thread::Builder::new()
        .name("deadline".into())
        .spawn(move || {
            std::thread::sleep(limit);
            end_now(ended)
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_follow_the_shells_rule() {
        let codes = [
            Ended::Hangup,
            Ended::Interrupt,
            Ended::Quit,
            Ended::Terminate,
        ]
        .map(Ended::code);
        assert_eq!(codes, [129, 130, 131, 143]);
    }
}
