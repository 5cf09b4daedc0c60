//! Leaving the screen for a while, to the shell or a pager. The caller masks the screen first.

use super::Terminal;
use super::input::InputReader;
use super::signals::{Ended, Signal, Signals};
use rustix::process::{
    Pid, Signal as Kind, getpgrp, getsid, kill_current_process_group, kill_process,
};
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// The exit code of a shell that finds no such program.
const NOT_FOUND: i32 = 127;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Return {
    /// We are back, and the next frame draws everything.
    Back,
    /// There is no shell that could continue us, or no such pager: we did not leave, or came back at once.
    Nowhere,
    /// A signal ended the program meanwhile; the terminal is as it was before us.
    Ended(Ended),
}

pub(crate) async fn suspend(
    terminal: &mut Terminal,
    input: &mut InputReader,
    signals: &mut Signals,
) -> io::Result<Return> {
    // Whoever leads the session has no shell above: the kernel would not stop it either.
    if getsid(None)? == getpgrp() {
        return Ok(Return::Nowhere);
    }
    input.pause();
    terminal.leave();
    if let Some(ended) = signals.forget() {
        return Ok(Return::Ended(ended));
    }
    stop(signals)
        .await?
        .map_or_else(|| back(terminal, input), |ended| Ok(Return::Ended(ended)))
}

/// Shows `text` in a pager, a line for the shell.
pub(crate) async fn page(
    terminal: &mut Terminal,
    input: &mut InputReader,
    signals: &mut Signals,
    pager: &str,
    text: String,
) -> io::Result<Return> {
    input.pause();
    terminal.leave();
    signals.set_aside(true);
    let (shown, began) = (show(signals, pager, text), Instant::now());
    let mut shown = shown.await;
    if matches!(shown, Ok(Shown::Read)) && began.elapsed() < AT_A_GLANCE {
        shown = hold(terminal, input, signals).await;
    }
    signals.set_aside(false);
    match shown {
        Ok(Shown::Ended(ended)) => Ok(Return::Ended(ended)),
        Ok(Shown::NotFound) => back(terminal, input).map(|_| Return::Nowhere),
        Ok(Shown::Read) => back(terminal, input),
        Err(e) => back(terminal, input).and(Err(e)),
    }
}

/// A pager that ends sooner left no time to read: `cat`, or `less -F` with a short text.
const AT_A_GLANCE: Duration = Duration::from_secs(1);

/// Leaves what was printed on the screen until a key.
async fn hold(
    terminal: &mut Terminal,
    input: &mut InputReader,
    signals: &mut Signals,
) -> io::Result<Shown> {
    let _raw = terminal.listen("\r\n(press any key to go back)")?;
    input.resume()?;
    let ended = loop {
        tokio::select! {
            _ = input.next() => break Shown::Read,
            signal = signals.next() => if let Signal::End(ended) = signal {
                break Shown::Ended(ended);
            },
        }
    };
    input.pause();
    Ok(ended)
}

enum Shown {
    Read,
    NotFound,
    Ended(Ended),
}

async fn show(signals: &mut Signals, pager: &str, text: String) -> io::Result<Shown> {
    let mut child = Command::new("sh")
        .args(["-c", pager])
        // What is searched for in masked data is nobody's business on disk either.
        .env("LESSHISTFILE", "-")
        .stdin(Stdio::piped())
        .spawn()?;
    let id = Pid::from_child(&child);
    let start = |work: Box<dyn FnOnce() + Send>| {
        let started = std::thread::Builder::new().name("pager".into()).spawn(work);
        started.map(drop).inspect_err(|_| {
            // Without us it has nothing to show. It may have ended by itself this moment.
            let _ = kill_process(id, Kind::TERM);
        })
    };
    if let Some(mut stdin) = child.stdin.take() {
        // A pager that is quit before the end closes the pipe; that is its right.
        start(Box::new(move || drop(stdin.write_all(text.as_bytes()))))?;
    }
    let (tell, mut read) = oneshot::channel();
    start(Box::new(move || {
        // We may have been ended meanwhile.
        let _ = tell.send(child.wait());
    }))?;
    loop {
        tokio::select! {
            status = &mut read => {
                let status = status.map_err(io::Error::other)??;
                return Ok(if status.code() == Some(NOT_FOUND) { Shown::NotFound } else { Shown::Read });
            }
            signal = signals.next() => match signal {
                Signal::End(ended) => {
                    // It may have ended by itself this moment.
                    let _ = kill_process(id, Kind::TERM);
                    return Ok(Shown::Ended(ended));
                }
                // The pager stopped; we have to as well, or the shell would not get its terminal.
                Signal::Suspend => if let Some(ended) = stop(signals).await? {
                    let _ = kill_process(id, Kind::TERM);
                    return Ok(Shown::Ended(ended));
                },
                Signal::Continued | Signal::Resized => {}
            },
        }
    }
}

/// Stops the whole job and waits until it is continued; else a thread of ours could take the terminal before.
async fn stop(signals: &mut Signals) -> io::Result<Option<Ended>> {
    kill_current_process_group(Kind::STOP)?;
    loop {
        match signals.next().await {
            Signal::Continued => return Ok(None),
            Signal::End(ended) => return Ok(Some(ended)),
            Signal::Suspend | Signal::Resized => {}
        }
    }
}

fn back(terminal: &mut Terminal, input: &mut InputReader) -> io::Result<Return> {
    terminal.enter_again()?;
    input.resume()?;
    Ok(Return::Back)
}
