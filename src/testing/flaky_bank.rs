//! A sandbox bank that can be told to fail and records what it is asked.

use crate::connector::sandbox::Sandbox;
use crate::connector::{Ask, Bank, Outcome};
use crate::domain::failure_codes::Failure;
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::Title;
use crate::domain::moment::Moment;
use futures::future::BoxFuture;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// One question at sign-in or at the accounts, and how it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) connection: ConnectionId,
    pub(crate) job: JobId,
    /// Equal pairs are one try, repeated after a crash.
    pub(crate) key: (String, u32),
    pub(crate) step: Title,
    pub(crate) at: Moment,
    /// None when it was accepted.
    pub(crate) code: Option<String>,
}

pub(crate) struct FlakyBank {
    bank: Sandbox,
    mood: Mutex<Option<&'static str>>,
    asked: Mutex<Vec<Asked>>,
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl FlakyBank {
    pub(crate) fn new(bank: Sandbox) -> Arc<Self> {
        let (mood, asked) = (Mutex::new(None), Mutex::new(vec![]));
        Arc::new(Self {
            bank,
            mood,
            asked,
            inside: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        })
    }

    /// From now on the accounts fail with this code, or succeed with none.
    pub(crate) fn fails(&self, code: Option<&'static str>) {
        *self.mood.lock().unwrap() = code;
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Returns and clears what it was asked.
    pub(crate) fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// The most sign-ins at the same time.
    pub(crate) fn at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

impl Bank for FlakyBank {
    fn ask(&self, ask: Ask) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let signs_in = ask.step == Title::VerifyCredentials;
            let mut asked = Asked {
                connection: ask.connection.clone(),
                job: ask.job.clone(),
                key: (ask.idempotency_key.clone(), ask.attempt),
                step: ask.step.clone(),
                at: ask.now,
                code: None,
            };
            if signs_in {
                let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
                self.most.fetch_max(inside, Ordering::SeqCst);
                // long enough for another job to sign in at the same time
                for _ in 0..50 {
                    tokio::task::yield_now().await;
                }
            }
            let mood = *self.mood.lock().unwrap();
            let outcome = match mood.filter(|_| ask.step == Title::RetrieveAccounts) {
                Some(code) => Outcome::Failed(Failure::of(code)),
                None => self.bank.ask(ask).await,
            };
            if signs_in {
                self.inside.fetch_sub(1, Ordering::SeqCst);
            }
            if let Outcome::Failed(failure) = &outcome {
                asked.code = Some(failure.code.clone());
            }
            self.asked.lock().unwrap().push(asked);
            outcome
        })
    }
}
