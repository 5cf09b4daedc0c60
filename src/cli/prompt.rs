//! Reads secrets from stdin or a prompt without echo. Never from arguments, which every process list shows.

use super::context::Context;
use super::exit::Failure;
use crate::domain::secret::Secret;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead as _, Read as _, Write as _, stderr, stdin};
use zeroize::Zeroizing;

/// The longest secret, in bytes.
const LONGEST: u64 = 4_096;

/// Turns echo on again when the prompt ends.
struct Hidden(Termios);

impl Drop for Hidden {
    fn drop(&mut self) {
        // the terminal may have gone
        let _ = tcsetattr(stdin(), OptionalActions::Flush, &self.0);
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

pub(crate) fn lines() -> Result<Vec<Secret>, Failure> {
    let mut text = Zeroizing::new(String::with_capacity(1_024));
    let unread = |cause| Failure::File {
        what: "stdin cannot be read".into(),
        cause,
    };
    stdin()
        .lock()
        .take(16 * LONGEST)
        .read_to_string(&mut text)
        .map_err(unread)?;
    Ok(text.lines().map(Secret::new).collect())
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
    let odd = |e: rustix::io::Errno| Failure::File {
        what: "the terminal cannot hide what is typed".into(),
        cause: e.into(),
    };
    let before = tcgetattr(stdin()).map_err(odd)?;
    let mut hidden = before.clone();
    hidden.local_modes -= LocalModes::ECHO;
    hidden.local_modes |= LocalModes::ECHONL;
    tcsetattr(stdin(), OptionalActions::Flush, &hidden).map_err(odd)?;
    let _shows_again = Hidden(before);
    let mut to = stderr();
    write!(
        to,
        "{}: ",
        crate::domain::text::Shown::of_limited(what, 300).into_plain()
    )?;
    to.flush()?;
    first_line()
}
