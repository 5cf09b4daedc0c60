//! What the program needs of the system before it begins: open files, threads, memory. Where there is too little, it
//! ends with a sentence and exit code 6 before anything is opened or drawn; libraries would panic, abort or wait for ever.

use super::exit::Failure;
use signal_hook::consts::SIGABRT;
use std::io::{PipeReader, PipeWriter};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::{Builder, JoinHandle};

/// How much a command uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// A command that only reads.
    Reading,
    Writing,
    /// The dashboard.
    Screen,
}

struct Needs {
    /// Pipes, of two open files each.
    pipes: usize,
    threads: usize,
    /// MiB of memory, counted as addresses (`ulimit -v`).
    memory: usize,
}

impl Use {
    /// More than is used at once, so that little is missing later.
    fn needs(self) -> Needs {
        match self {
            Use::Reading => Needs {
                pipes: 8,
                threads: 3,
                memory: 48,
            },
            Use::Writing => Needs {
                pipes: 12,
                threads: 6,
                memory: 80,
            },
            Use::Screen => Needs {
                pipes: 16,
                threads: 9,
                memory: 256,
            },
        }
    }

    /// How many threads answer what was asked for; a command that only reads needs none besides its own.
    pub(super) fn runtime_threads(self) -> Option<usize> {
        match self {
            Use::Reading => None,
            Use::Writing | Use::Screen => Some(2),
        }
    }
}

/// Tries whether the system gives what this use needs, and gives it back.
pub(super) fn check(purpose: Use) -> Result<(), Failure> {
    let needs = purpose.needs();
    let lacks = |what: &str, limit: &str| {
        Failure::Starved(format!(
            "the system gives this program too few {what}; end other programs, or raise the limit ({limit}), then try \
             again"
        ))
    };
    let pipes: std::io::Result<Vec<(PipeReader, PipeWriter)>> =
        (0..needs.pipes).map(|_| std::io::pipe()).collect();
    drop(pipes.map_err(|_| lacks("open files", "ulimit -n"))?);
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(needs.memory << 20)
        .map_err(|_| lacks("bytes of memory", "ulimit -v"))?;
    drop(room);
    threads(needs.threads).map_err(|_| lacks("threads", "ulimit -u or ulimit -v"))
}

/// Starts so many threads at once, and ends them.
fn threads(count: usize) -> std::io::Result<()> {
    let begin = |_| {
        let (end, ends) = channel::<()>();
        let thread = Builder::new()
            .name("tried".into())
            // it ends when the sender is dropped
            .spawn(move || ends.recv().is_ok())?;
        Ok((end, thread))
    };
    let begun: std::io::Result<Vec<(Sender<()>, JoinHandle<bool>)>> =
        (0..count).map(begin).collect();
    for (end, thread) in begun? {
        drop(end);
        // one that has panicked has ended
        let _ = thread.join();
    }
    Ok(())
}

/// Memory that runs out later ends the program by the signal of an abort, which nothing in Rust can catch. It says how
/// much was asked for; its exit code is made the promised one. An abort after a panic stays an abort.
pub(super) fn answer_for_memory() {
    let no_panic = Arc::new(AtomicBool::new(true));
    let code = Failure::Starved(String::new()).verdict().0;
    // where it cannot be set, the system's way remains
    let _ = signal_hook::flag::register_conditional_shutdown(
        SIGABRT,
        i32::from(code),
        no_panic.clone(),
    );
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |told| {
        no_panic.store(false, Ordering::SeqCst);
        before(told);
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_use_needs_is_there_and_is_given_back() {
        for purpose in [Use::Reading, Use::Writing, Use::Screen] {
            for _ in 0..100 {
                check(purpose).unwrap();
            }
        }
    }
}
