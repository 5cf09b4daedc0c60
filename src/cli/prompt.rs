//! Secrets from a person or a pipe: the first line of stdin, or a prompt that shows nothing. Deliberately
//! absent: arguments, which every process list shows.

use super::context::Context;
use super::exit::Failure;
use crate::domain::secret::Secret;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead as _, Read as _, Write as _, stderr, stdin};
use zeroize::Zeroizing;

/// The longest line that is taken for a secret.
const LONGEST: u64 = 4_096;

/// Shows again what is typed, however the prompt ends.
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

/// Every line of stdin.
///
/// # Errors
/// When it cannot be read or says nothing.
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

/// A secret: from stdin when that was asked for, else from the person at the terminal.
///
/// # Errors
/// When there is nobody to ask.
pub(crate) fn secret(ctx: &mut Context, what: &str, from_stdin: bool) -> Result<Secret, Failure> {
    if from_stdin {
        return first_line();
    }
    if !ctx.can_ask() {
        return Err(Failure::Usage(format!(
            "the {what} is read with --password-stdin, or asked for on a terminal"
        )));
    }
    prompt(what)
}

/// Asks the person at the terminal and shows nothing of what is typed.
///
/// # Errors
/// When the terminal does not do that.
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
