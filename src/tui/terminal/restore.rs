//! Giving the terminal back on every way out. Statics, because a panic hook has nothing else at hand.
//! Restoring twice does no harm.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd as _, OwnedFd};
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, OutputModes, Termios, isatty, tcgetattr, tcsetattr,
};
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

/// Alternate screen, cursor hidden, pastes and focus told, nothing on the screen.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?1004h\x1b[2J";
/// Presses and the wheel are told, in numbers of any size. Text is selected with Shift then.
const MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const NO_MOUSE: &[u8] = b"\x1b[?1006l\x1b[?1000l";
/// The same undone, the mouse told or not, and first of all a frame that was cut short.
const LEAVE: &[u8] =
    b"\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";
/// How long a terminal that does not read is waited for.
const PATIENCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 300_000_000,
};

struct Held {
    input: OwnedFd,
    output: OwnedFd,
    before: Termios,
    owner: ThreadId,
    mouse: bool,
    entered: bool,
}

static HELD: Mutex<Option<Held>> = Mutex::new(None);
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn lock<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn remember(input: OwnedFd, output: OwnedFd, mouse: bool) -> io::Result<()> {
    let before = tcgetattr(&input)?;
    *lock(&HELD) = Some(Held {
        input,
        output,
        before,
        owner: std::thread::current().id(),
        mouse,
        entered: false,
    });
    Ok(())
}

pub(super) fn take() -> io::Result<()> {
    let mut held = lock(&HELD);
    let held = held
        .as_mut()
        .ok_or_else(|| io::Error::other("no terminal was remembered"))?;
    let mut raw = held.before.clone();
    raw.make_raw();
    // First, so that whatever fails from here on is undone.
    held.entered = true;
    set(&held.input, &raw)?;
    write_all(&held.output, ENTER, None)?;
    if held.mouse {
        write_all(&held.output, MOUSE, None)?;
    }
    Ok(())
}

/// Has the terminal tell of the mouse, or of it no more, now and each time it is taken again.
pub(super) fn use_mouse(on: bool) -> io::Result<()> {
    match lock(&HELD).as_mut() {
        Some(held) => {
            held.mouse = on;
            Ok(write_all(
                &held.output,
                if on { MOUSE } else { NO_MOUSE },
                None,
            )?)
        }
        None => Ok(()),
    }
}

pub(crate) fn restore() {
    if let Some(held) = lock(&HELD).as_mut()
        && std::mem::take(&mut held.entered)
    {
        // Nobody is left to be told of a failure, and the terminal may be gone.
        let _ = write_all(&held.output, LEAVE, Some(&PATIENCE));
        let _ = set(&held.input, &held.before);
    }
}

/// The terminal that this process is given, as its output or its input.
pub(crate) fn given() -> Option<io::Result<OwnedFd>> {
    let (output, errors, input) = (io::stdout(), io::stderr(), io::stdin());
    let mut all = [output.as_fd(), errors.as_fd(), input.as_fd()].into_iter();
    let found = all.find(|fd| isatty(fd))?;
    Some(found.try_clone_to_owned())
}

/// Gives back a terminal that another process had taken and died with. How it was before is not known, so it becomes
/// what terminals usually are.
pub(crate) fn put_right(terminal: &OwnedFd) -> io::Result<()> {
    let mut modes = tcgetattr(terminal)?;
    modes.input_modes |= InputModes::ICRNL | InputModes::IXON;
    modes.output_modes |= OutputModes::OPOST | OutputModes::ONLCR;
    modes.local_modes |=
        LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
    write_all(terminal, LEAVE, Some(&PATIENCE))?;
    Ok(set(terminal, &modes)?)
}

/// Keys one by one and unseen, until it is dropped; the screen stays as it is.
pub(crate) struct Raw {
    input: OwnedFd,
    before: Termios,
}

impl Raw {
    pub(super) fn of(input: OwnedFd) -> io::Result<Self> {
        let before = tcgetattr(&input)?;
        let mut raw = before.clone();
        raw.make_raw();
        set(&input, &raw)?;
        Ok(Self { input, before })
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // the terminal may be gone, and there is nobody to tell
        let _ = set(&self.input, &self.before);
    }
}

fn set(input: &OwnedFd, modes: &Termios) -> rustix::io::Result<()> {
    rustix::io::retry_on_intr(|| tcsetattr(input, OptionalActions::Now, modes))
}

/// Each piece may wait as long as patience lasts, also on a terminal somebody made non-blocking.
pub(super) fn write_all(
    output: &OwnedFd,
    mut bytes: &[u8],
    patience: Option<&Timespec>,
) -> rustix::io::Result<()> {
    while !bytes.is_empty() {
        let mut watched = [PollFd::new(output, PollFlags::OUT)];
        match poll(&mut watched, patience) {
            Ok(0) => return Err(rustix::io::Errno::TIMEDOUT),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(e) => return Err(e),
        }
        match rustix::io::write(output, bytes) {
            Ok(n) => bytes = &bytes[n..],
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Call before the terminal is taken. A panic of the screen's thread restores the terminal and is printed;
/// any other is kept for [`panics`].
pub(crate) fn watch_panics() {
    std::panic::set_hook(Box::new(|info| {
        let told = tell(info);
        let ours = lock(&HELD)
            .as_ref()
            .is_none_or(|h| !h.entered || h.owner == std::thread::current().id());
        if ours {
            restore();
            // Standard error may be closed; there is nowhere else to say it.
            let _ = writeln!(io::stderr(), "{told}");
        } else {
            lock(&PANICS).push(told);
        }
    }));
}

/// The panics of other threads since the last call.
pub(crate) fn panics() -> Vec<String> {
    std::mem::take(&mut *lock(&PANICS))
}

fn tell(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map_or_else(
        || "an unknown place".to_owned(),
        |l| format!("{}:{}", l.file(), l.line()),
    );
    let literal = info.payload().downcast_ref::<&'static str>();
    phrase(&place, literal.copied())
}

/// Only text from the source is printed; text put together while running may hold personal data.
fn phrase(place: &str, literal: Option<&str>) -> String {
    let why = literal.unwrap_or("(details withheld: they may hold private data)");
    format!("switchboard stopped at a defect in {place}: {why}")
        .chars()
        .filter(|c| !c.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_entered_is_left() {
        let modes = |bytes: &[u8], end: char| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let mut modes: Vec<String> = text
                .split("\x1b[?")
                .filter_map(|part| part.split_once(end).map(|(mode, _)| mode.to_owned()))
                .filter(|mode| mode.bytes().all(|b| b.is_ascii_digit()))
                .collect();
            modes.sort_unstable();
            modes
        };
        // What is switched on is switched off; the cursor and a frame's bracket run the other way.
        assert_eq!(modes(ENTER, 'h'), ["1004", "1049", "2004"]);
        assert_eq!(modes(MOUSE, 'h'), ["1000", "1006"]);
        assert_eq!(
            modes(LEAVE, 'l'),
            ["1000", "1004", "1006", "1049", "2004", "2026"]
        );
        assert_eq!(modes(ENTER, 'l'), modes(LEAVE, 'h'));
    }

    #[test]
    fn point_03_a_panic_tells_only_what_stands_in_the_source() {
        assert_eq!(
            phrase("src/a.rs:3", Some("never\x1b[2J here")),
            "switchboard stopped at a defect in src/a.rs:3: never[2J here"
        );
        assert!(phrase("src/a.rs:3", None).ends_with("private data)"));
    }

    #[test]
    fn restoring_what_was_never_taken_does_nothing() {
        restore();
        restore();
    }
}
