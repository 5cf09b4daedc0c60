//! What every request shares.

use super::metrics::Requests;
use super::settings::Settings;
use super::signer::Signer;
use super::tries::Tries;
use crate::domain::enrich::Merchant;
use crate::ops::{Ops, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Token calls are counted over this long (docs/domain.md 15.6).
const TOKEN_WINDOW: Duration = Duration::from_mins(5);

/// How many wrong keys or tokens one address may show in a second before it is told to slow down.
const WRONG_A_SECOND: u32 = 10;

/// How many clients may follow the changes at once.
const STREAMS: usize = 32;

#[derive(Clone)]
pub(super) struct App(Arc<Shared>);

pub(super) struct Shared {
    /// Its caller is replaced by the key of each request.
    pub(super) ops: Ops,
    pub(super) settings: Settings,
    /// What statement lines are enriched with.
    pub(super) merchants: &'static [Merchant],
    pub(super) signer: Signer,
    pub(super) token_calls: Tries,
    pub(super) wrong: Tries,
    pub(super) requests: Requests,
    /// Places for clients that follow the changes.
    pub(super) streams: Arc<Semaphore>,
    /// Cancelled when the server stops, for answers that have no end.
    pub(super) ending: CancellationToken,
}

impl App {
    pub(super) fn new(
        ops: Ops,
        settings: Settings,
        merchants: &'static [Merchant],
    ) -> Result<Self> {
        let key = ops.token_key()?;
        Ok(Self(Arc::new(Shared {
            signer: Signer::new(&key),
            token_calls: Tries::new(settings.token_calls, TOKEN_WINDOW),
            requests: Requests::new(),
            streams: Arc::new(Semaphore::new(STREAMS)),
            ending: CancellationToken::new(),
            wrong: Tries::new(WRONG_A_SECOND, Duration::from_secs(1)),
            ops,
            settings,
            merchants,
        })))
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
