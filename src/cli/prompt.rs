//! Reads secrets and other personal values from stdin or a prompt without echo. A password is never an argument: every
//! list of processes shows those. Other personal values may be, with a warning.

use super::context::Context;
use super::exit::Failure;
use super::hidden_signals;
use crate::domain::secret::Secret;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead as _, Read as _, Write as _, stderr, stdin};
use zeroize::Zeroizing;

/// The longest secret, in bytes.
const LONGEST: u64 = 4_096;

/// How long one look for a line takes at most; a signal that comes just before a look is seen after it.
const LOOK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// Puts the modes of the terminal back when the prompt ends. Until then a signal only ends the waiting.
pub(super) struct Hidden(Termios);

impl Hidden {
    /// What is typed is not seen; without `lines` keys are read one by one, Ctrl+C too.
    fn begin(lines: bool) -> Result<Self, Failure> {
        let odd = |e: rustix::io::Errno| Failure::File {
            what: "the terminal cannot hide what is typed".into(),
            cause: e.into(),
        };
        let before = tcgetattr(stdin()).map_err(odd)?;
        let mut hidden = before.clone();
        hidden.local_modes -= LocalModes::ECHO;
        match lines {
            true => hidden.local_modes |= LocalModes::ECHONL,
            false => hidden.local_modes -= LocalModes::ICANON | LocalModes::ISIG,
        }
        hidden_signals::hold();
        let hides = Self(before);
        tcsetattr(stdin(), OptionalActions::Flush, &hidden).map_err(odd)?;
        Ok(hides)
    }

    pub(super) fn keys() -> Result<Self, Failure> {
        Self::begin(false)
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // the terminal may have gone
        let _ = tcsetattr(stdin(), OptionalActions::Flush, &self.0);
        hidden_signals::let_go();
    }
}

fn first_line() -> Result<Secret, Failure> {
    let mut line = Zeroizing::new(String::with_capacity(256));
    let unread = |cause| Failure::File {
        what: "stdin cannot be read".into(),
        cause,
    };
    stdin()
        .lock()
        .take(LONGEST)
        .read_line(&mut line)
        .map_err(unread)?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}

/// So many lines of stdin, or as many as there are.
pub(crate) fn lines(count: usize) -> Result<Vec<Secret>, Failure> {
    let mut lines = Vec::new();
    while lines.len() < count {
        match first_line()? {
            line if line.is_empty() => break,
            line => lines.push(line),
        }
    }
    Ok(lines)
}

/// Says that a value which was given as an argument can be seen by others.
pub(crate) fn visible(ctx: &mut Context, what: &str, instead: &str) {
    ctx.out.say(&format!(
        "warning: {what} was given as an argument: the list of processes (`ps`) shows it to others while this runs, and \
         the shell keeps it in its history; {instead}"
    ));
}

/// The value of an option that names a person: `-` asks for it, or reads the next line of stdin.
pub(crate) fn personal(ctx: &mut Context, option: &str, given: String) -> Result<Secret, Failure> {
    if given == "-" {
        return match ctx.can_ask() {
            true => prompt(option.trim_start_matches('-')),
            false => first_line(),
        };
    }
    if !given.is_empty() {
        let instead = format!("give `{option} -` to be asked for it, or to send it on stdin");
        visible(ctx, option, &instead);
    }
    Ok(Secret::new(given))
}

pub(crate) fn secret(ctx: &mut Context, what: &str, from_stdin: bool) -> Result<Secret, Failure> {
    if from_stdin {
        return first_line();
    }
    if !ctx.can_ask() {
        return Err(Failure::Usage(format!(
            "no terminal to ask for the {what}; use --password-stdin"
        )));
    }
    prompt(what)
}

pub(crate) fn prompt(what: &str) -> Result<Secret, Failure> {
    let _shows_again = Hidden::begin(true)?;
    let mut to = stderr();
    write!(
        to,
        "{}: ",
        crate::domain::text::Shown::of_limited(what, 300).into_plain()
    )?;
    to.flush()?;
    typed()
}

/// The line that is typed on the terminal, or the signal that ends the waiting for it.
fn typed() -> Result<Secret, Failure> {
    loop {
        // the terminal gives whole lines, so that nothing of this one is read before
        let ready = poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], Some(&LOOK));
        if let Some(signal) = hidden_signals::came() {
            // the line that was begun ends here for the eye
            let _ = writeln!(stderr());
            return Err(Failure::Signal(signal));
        }
        match ready {
            Ok(0) | Err(Errno::INTR) => {}
            Ok(_) | Err(_) => return first_line(),
        }
    }
}
