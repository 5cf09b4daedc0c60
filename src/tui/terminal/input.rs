//! The terminal's input, one batch for everything that waited together. The reading thread is stopped
//! while another program has the terminal, or the two would share the keys.

use super::decode::{Decoder, TermEvent};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, OwnedFd};
use std::io::{self, PipeReader, PipeWriter};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc;

const AT_ONCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 0,
};
/// Batches that may wait; what is typed further ahead of a program that does not answer is dropped.
const AHEAD: usize = 64;
/// A batch is handed over when this much was read, however much waits.
const BATCH_MAX: usize = 256 * 1024;

/// Events that arrived together, each with its time in milliseconds.
pub(crate) type Batch = Vec<(u64, TermEvent)>;

type Millis = Arc<dyn Fn() -> u64 + Send + Sync>;

pub(crate) struct InputReader {
    terminal: Arc<OwnedFd>,
    now: Millis,
    reader: Option<Reader>,
}

struct Reader {
    batches: mpsc::Receiver<Batch>,
    stop: PipeWriter,
    thread: JoinHandle<()>,
}

impl InputReader {
    /// `now` says the milliseconds.
    pub(crate) fn start(
        terminal: OwnedFd,
        now: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let mut input = Self {
            terminal: Arc::new(terminal),
            now: Arc::new(now),
            reader: None,
        };
        input.resume()?;
        Ok(input)
    }

    /// The next batch; none when the terminal went away. Waits for ever while paused.
    pub(crate) async fn next(&mut self) -> Option<Batch> {
        match &mut self.reader {
            Some(reader) => reader.batches.recv().await,
            None => std::future::pending().await,
        }
    }

    /// Leaves the terminal to another program. What was read and not yet asked for is forgotten.
    pub(crate) fn pause(&mut self) {
        if let Some(Reader {
            batches,
            stop,
            thread,
        }) = self.reader.take()
        {
            drop((batches, stop));
            // It ends with an error only if it panicked, and then there is nothing left to stop.
            let _ = thread.join();
        }
    }

    pub(crate) fn resume(&mut self) -> io::Result<()> {
        if self.reader.is_some() {
            return Ok(());
        }
        let (stopped, stop) = io::pipe()?;
        let (sender, batches) = mpsc::channel(AHEAD);
        let (terminal, now) = (Arc::clone(&self.terminal), Arc::clone(&self.now));
        let thread = std::thread::Builder::new()
            .name("input".into())
            .spawn(move || read(&terminal, &stopped, &now, &sender))?;
        self.reader = Some(Reader {
            batches,
            stop,
            thread,
        });
        Ok(())
    }
}

impl Drop for InputReader {
    fn drop(&mut self) {
        self.pause();
    }
}

fn read(terminal: &OwnedFd, stopped: &PipeReader, now: &Millis, sender: &mpsc::Sender<Batch>) {
    let mut decoder = Decoder::default();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let patience = decoder
            .patience()
            .map(|ms| Duration::from_millis(ms.into()));
        let patience = patience.and_then(|limit| Timespec::try_from(limit).ok());
        let Some(ready) = wait(terminal, stopped, patience.as_ref()) else {
            return;
        };
        let mut events = Vec::new();
        let mut gone = false;
        if ready {
            let mut taken = 0;
            loop {
                match rustix::io::read(terminal, buffer.as_mut_slice()) {
                    Ok(0) => gone = true,
                    Ok(n) => {
                        decoder.feed(&buffer[..n], &mut events);
                        taken += n;
                    }
                    Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
                    Err(_) => gone = true,
                }
                if gone
                    || taken >= BATCH_MAX
                    || wait(terminal, stopped, Some(&AT_ONCE)) != Some(true)
                {
                    break;
                }
            }
        } else {
            decoder.settle(&mut events);
        }
        if !events.is_empty() {
            let at = now();
            let batch = events.into_iter().map(|event| (at, event)).collect();
            if let Err(mpsc::error::TrySendError::Closed(_)) = sender.try_send(batch) {
                return;
            }
        }
        if gone {
            return;
        }
    }
}

/// Whether there is something to read before patience ends; none when told to stop.
fn wait(terminal: &OwnedFd, stopped: &PipeReader, patience: Option<&Timespec>) -> Option<bool> {
    loop {
        let stopped = stopped.as_fd();
        let mut watched = [
            PollFd::new(terminal, PollFlags::IN),
            PollFd::new(&stopped, PollFlags::IN),
        ];
        match poll(&mut watched, patience) {
            Ok(_) if !watched[1].revents().is_empty() => return None,
            // A terminal that hung up is readable too: the read says what is the matter.
            Ok(_) => return Some(!watched[0].revents().is_empty()),
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::terminal::key::{Code, Key};
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    fn keys(batch: Batch) -> Vec<Key> {
        let key = |event| match event {
            TermEvent::Key(key) => key,
            other => panic!("{other:?}"),
        };
        batch.into_iter().map(|(_, event)| key(event)).collect()
    }

    #[tokio::test]
    async fn what_waits_together_comes_together_until_the_terminal_goes() {
        let (mut far, near) = UnixStream::pair().unwrap();
        far.write_all(b"jj\x1b[Aq").unwrap();
        let mut input = InputReader::start(near.into(), || 7).unwrap();
        let batch = input.next().await.unwrap();
        assert!(batch.iter().all(|(at, _)| *at == 7));
        assert_eq!(keys(batch), Key::parse_all("jj<up>q").unwrap());
        far.write_all(b"\x1b").unwrap();
        assert_eq!(
            keys(input.next().await.unwrap()),
            [Key::of(Code::Esc)],
            "silence settles it"
        );
        drop(far);
        assert_eq!(input.next().await, None);
    }

    #[tokio::test]
    async fn a_pause_leaves_the_bytes_to_others() {
        let (mut far, near) = UnixStream::pair().unwrap();
        let mut input = InputReader::start(near.into(), || 0).unwrap();
        input.pause();
        far.write_all(b"x").unwrap();
        input.resume().unwrap();
        assert_eq!(
            keys(input.next().await.unwrap()),
            [Key::char('x')],
            "unread while paused, read after"
        );
    }
}
