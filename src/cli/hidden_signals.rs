//! Signals while what is typed on the terminal is not shown. Their usual effect would end the program with the terminal
//! still hiding; so they are noted, and whoever waits ends with them.

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

const ENDS: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

struct Noted {
    /// The number of the signal that came; zero is none.
    came: Arc<AtomicUsize>,
    /// Whether a signal ends the program as usual.
    usual: Arc<AtomicBool>,
}

static NOTED: OnceLock<Noted> = OnceLock::new();

fn noted() -> &'static Noted {
    NOTED.get_or_init(|| {
        let noted = Noted {
            came: Arc::default(),
            usual: Arc::default(),
        };
        for signal in ENDS {
            // where it cannot be noted, the usual effect remains
            if flag::register_conditional_default(signal, noted.usual.clone()).is_ok() {
                let number = usize::try_from(signal).unwrap_or_default();
                let _ = flag::register_usize(signal, noted.came.clone(), number);
            }
        }
        noted
    })
}

/// From now on signals are noted.
pub(super) fn hold() {
    let noted = noted();
    noted.came.store(0, Ordering::SeqCst);
    noted.usual.store(false, Ordering::SeqCst);
}

/// The signal that came since.
pub(super) fn came() -> Option<u8> {
    let came = NOTED.get()?.came.load(Ordering::SeqCst);
    u8::try_from(came).ok().filter(|number| *number > 0)
}

/// Signals have their usual effect again.
pub(super) fn let_go() {
    if let Some(noted) = NOTED.get() {
        noted.usual.store(true, Ordering::SeqCst);
    }
}

/// Signals are waited for elsewhere from now on, and end nothing by themselves.
pub(super) fn awaited() {
    if let Some(noted) = NOTED.get() {
        noted.usual.store(false, Ordering::SeqCst);
    }
}
