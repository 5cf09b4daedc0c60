//! A purge or revoke that was confirmed in a terminal can be taken back for a while, as on the screen. Nothing is
//! written before the end, so whatever ends the command in between ends the act too.

use crate::cli::args::Sending;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::hidden_signals;
use crate::cli::prompt::Hidden;
use crate::domain::act::{Confirmation, Plan};
use crate::domain::time_format;
use crate::ops::Ops;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io::stdin;
use std::time::Duration;

const CTRL_C: u8 = 3;

/// How long a look for a key takes at most. The time in which the process is stopped does not count.
const LOOK: Duration = Duration::from_millis(100);

/// Waits until nobody can take it back any more; an error when somebody did.
pub(super) async fn time_passes(
    ctx: &mut Context,
    ops: &Ops,
    plan: &Plan,
    typed: &Confirmation,
    sending: Sending,
) -> Result<(), Failure> {
    let (kind, lasts) = (plan.head.kind, ctx.config.ui.countdown);
    let at_once = sending.at_once || lasts.is_zero() || !kind.counts_down() || !ctx.can_ask();
    // one that is refused is refused at once
    if at_once || plan.may_apply(typed, ops.now()).is_err() {
        return Ok(());
    }
    let what = format!("{} of {}", kind.words(), plan.whom());
    let within =
        i64::try_from(lasts.as_millis()).map_or_else(|_| "a while".into(), time_format::words);
    // first, so that a key pressed as soon as that is read counts
    let unseen = Hidden::keys()?;
    ctx.out.say(&format!(
        "{what} is sent in {within}; u or Ctrl+C takes it back"
    ));
    let key = stopping_key(lasts).await;
    drop(unseen);
    let Some(key) = key else {
        return Ok(());
    };
    ops.cancelled(kind, &plan.about()).await?;
    if let Some(signal) = hidden_signals::came() {
        return Err(Failure::Signal(signal));
    }
    let words = format!("{what}: taken back; nothing was done");
    match key {
        CTRL_C => {
            ctx.out.say(&words);
            Err(Failure::Signal(2))
        }
        _ => Err(Failure::TakenBack(words)),
    }
}

/// The key that took it back in this time. Ctrl+C is read as a key: a signal would have to be handled from then on, also
/// while the act is done.
async fn stopping_key(lasts: Duration) -> Option<u8> {
    let looked = tokio::task::spawn_blocking(move || pressed(lasts)).await;
    // what cannot be waited for is not done
    looked.unwrap_or(Some(CTRL_C))
}

fn pressed(lasts: Duration) -> Option<u8> {
    let (input, mut left) = (stdin(), lasts);
    let mut keys = [0; 64];
    while !left.is_zero() {
        let look = LOOK.min(left);
        let patience = Timespec {
            tv_sec: 0,
            tv_nsec: look.subsec_nanos().into(),
        };
        let ready = poll(&mut [PollFd::new(&input, PollFlags::IN)], Some(&patience));
        if hidden_signals::came().is_some() {
            return Some(CTRL_C);
        }
        match ready {
            Ok(0) => left -= look,
            Ok(_) => match rustix::io::read(&input, &mut keys) {
                // nobody is before a terminal that is gone
                Ok(0) => return Some(CTRL_C),
                Ok(n) => {
                    let stops = |key: &&u8| matches!(**key, b'u' | b'U' | CTRL_C);
                    if let Some(key) = keys[..n].iter().find(stops) {
                        return Some(*key);
                    }
                }
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return Some(CTRL_C),
            },
            Err(Errno::INTR) => {}
            Err(_) => return Some(CTRL_C),
        }
    }
    None
}
