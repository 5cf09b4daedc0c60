//! Work on the whole file that serves everybody who asked for it before it began. Whoever comes while it is under way
//! waits for its end, and the next turn serves all who waited.

use crate::store::error::{Error, Result, repeated};
use std::sync::{Mutex, MutexGuard};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

type Waiting<Q, A> = Vec<(Q, oneshot::Sender<Result<A>>)>;

pub(crate) struct Together<Q, A> {
    waiting: Mutex<Waiting<Q, A>>,
    turn: tokio::sync::Mutex<()>,
}

impl<Q, A> Default for Together<Q, A> {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }
}

impl<Q, A> Together<Q, A> {
    /// `work` is given what everybody asks for, and answers in the same order. Whoever asks until `gathered` is over
    /// has part in it.
    pub(crate) async fn ask<F>(
        &self,
        asked: Q,
        gathered: impl Future<Output = ()>,
        work: impl FnOnce(Vec<Q>) -> F,
    ) -> Result<A>
    where
        F: Future<Output = Result<Vec<A>>>,
    {
        let (reply, mut answer) = oneshot::channel();
        self.waiting().push((asked, reply));
        let _turn = self.turn.lock().await;
        match answer.try_recv() {
            Ok(answered) => return answered,
            // whoever had the turn was stopped in it
            Err(TryRecvError::Closed) => return Err(Error::Closed),
            Err(TryRecvError::Empty) => {}
        }
        gathered.await;
        let (all, replies): (Vec<_>, Vec<_>) =
            std::mem::take(&mut *self.waiting()).into_iter().unzip();
        match work(all).await {
            Ok(answers) => {
                for (reply, answer) in replies.into_iter().zip(answers) {
                    // who does not wait any more needs no answer
                    let _ = reply.send(Ok(answer));
                }
            }
            Err(error) => {
                for reply in replies {
                    let _ = reply.send(Err(repeated(&error)));
                }
            }
        }
        answer.await.unwrap_or(Err(Error::Closed))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<Q, A>> {
        self.waiting
            .lock()
            .expect("no lock of the store is poisoned")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::store::RUNTIME;
    use std::future::ready;
    use std::sync::Arc;
    use tokio::sync::{mpsc, oneshot::channel};

    /// Asks with a number, and is answered with all numbers of the same turn.
    async fn numbers(together: Arc<Together<u32, Vec<u32>>>, asked: u32) -> Result<Vec<u32>> {
        let work = |all: Vec<u32>| async move { Ok(vec![all.clone(); all.len()]) };
        together.ask(asked, ready(()), work).await
    }

    #[test]
    fn whoever_waits_for_a_turn_shares_the_next_one() {
        RUNTIME.block_on(async {
            let together: Arc<Together<u32, Vec<u32>>> = Arc::default();
            let (begun, begins) = channel();
            let (go, goes) = channel::<()>();
            let first = {
                let together = together.clone();
                tokio::spawn(async move {
                    let work = |all: Vec<u32>| async move {
                        begun.send(()).unwrap();
                        goes.await.unwrap();
                        Ok(vec![all.clone(); all.len()])
                    };
                    together.ask(0, ready(()), work).await
                })
            };
            begins.await.unwrap();
            // these asked after the first turn had begun, so it cannot serve them
            let (asked, mut asking) = mpsc::unbounded_channel();
            let later: Vec<_> = (1..=20)
                .map(|n| {
                    let (together, asked) = (together.clone(), asked.clone());
                    tokio::spawn(async move {
                        let mut waits = Box::pin(numbers(together, n));
                        let early = std::future::poll_fn(|now| {
                            std::task::Poll::Ready(waits.as_mut().poll(now).is_pending())
                        });
                        assert!(early.await);
                        asked.send(()).unwrap();
                        waits.await
                    })
                })
                .collect();
            for _ in 0..20 {
                asking.recv().await.unwrap();
            }
            go.send(()).unwrap();
            assert_eq!(first.await.unwrap().unwrap(), [0]);
            for one in later {
                let mut served = one.await.unwrap().unwrap();
                served.sort_unstable();
                assert_eq!(served, (1..=20).collect::<Vec<_>>());
            }
        });
    }

    #[test]
    fn whoever_asks_while_the_first_one_gathers_has_part_in_its_turn() {
        RUNTIME.block_on(async {
            let together: Arc<Together<u32, Vec<u32>>> = Arc::default();
            let later = together.clone();
            let gathered = async move {
                let mut waits = Box::pin(numbers(later, 2));
                let early = std::future::poll_fn(|now| {
                    std::task::Poll::Ready(waits.as_mut().poll(now).is_pending())
                });
                assert!(early.await);
            };
            let work = |all: Vec<u32>| async move { Ok(vec![all.clone(); all.len()]) };
            assert_eq!(together.ask(1, gathered, work).await.unwrap(), [1, 2]);
        });
    }

    #[test]
    fn an_error_is_the_answer_to_everybody_of_the_turn_and_the_next_turn_goes_on() {
        RUNTIME.block_on(async {
            let together: Arc<Together<u32, Vec<u32>>> = Arc::default();
            let failed = together
                .ask(1, ready(()), |_| async { Err(Error::Full) })
                .await;
            assert!(matches!(failed, Err(Error::Full)), "{failed:?}");
            assert_eq!(numbers(together.clone(), 2).await.unwrap(), [2]);
        });
    }

    #[test]
    fn a_turn_that_was_stopped_keeps_nobody_waiting() {
        RUNTIME.block_on(async {
            let together: Arc<Together<u32, Vec<u32>>> = Arc::default();
            let (begun, begins) = channel();
            let stopped = {
                let together = together.clone();
                tokio::spawn(async move {
                    let work = |_| async move {
                        begun.send(()).unwrap();
                        std::future::pending().await
                    };
                    together.ask(1, ready(()), work).await
                })
            };
            begins.await.unwrap();
            stopped.abort();
            assert!(stopped.await.unwrap_err().is_cancelled());
            assert_eq!(numbers(together, 2).await.unwrap(), [2]);
        });
    }
}
