//! Requests that are sent again: the first is carried out, the others get its answer, also when they come at once and
//! after a kill. What a request does is noted in the transaction that does it (see [`Ops::audit`]).

use super::{Error, Ops, Result};
use crate::domain::ids::ConnectionId;
use crate::domain::job::Job;
use crate::domain::moment::Moment;
use crate::domain::request::{Answer, Digest, KEPT_MS, LEASE_MS, Mark, Turn};
use std::time::Duration;

/// How long one that comes while the first is carried out waits for its answer.
const PATIENCE: Duration = Duration::from_secs(30);

impl Ops {
    /// Notes for everything that is done from here on that it is done for a request.
    #[must_use]
    pub(crate) fn for_request(self, request: Option<Mark>) -> Self {
        Self { request, ..self }
    }

    /// What to do with a request. Waits for the answer when somebody is at it; `Busy` when that takes too long.
    pub(crate) async fn take_up_request(&self, digest: Digest, content: Digest) -> Result<Turn> {
        let waited = tokio::time::timeout(PATIENCE, async {
            let mut wakes = self.store.wakes();
            loop {
                match self.turn_of(digest, content).await {
                    Ok(Turn::Busy(_)) => {}
                    decided => return decided,
                }
                // to ask for one's turn may be a commit too, which is not waited for
                wakes.mark_unchanged();
                self.committed(&mut wakes).await?;
            }
        });
        match waited.await {
            Ok(decided) => decided,
            Err(_) => self.turn_of(digest, content).await,
        }
    }

    async fn turn_of(&self, digest: Digest, content: Digest) -> Result<Turn> {
        self.write(move |ops, tx| {
            let now = ops.now();
            let lease = now.plus_ms(LEASE_MS);
            let known = tx.request(&digest)?;
            let mark = Mark {
                digest,
                epoch: known.as_ref().map_or(1, |known| known.epoch + 1),
                began: known.as_ref().map_or(now, |known| known.began),
            };
            let Some(known) = known else {
                tx.begin_request(&mark, &content, now, lease)?;
                return Ok(Turn::Begin(mark));
            };
            if known.content != content {
                return Ok(Turn::Other);
            }
            if let Some(answer) = known.answer {
                let did = known.did;
                return Ok(Turn::Again { answer, did });
            }
            // a lease further away than any was given is one of a clock that was wrong
            if known.lease > now && known.lease <= lease {
                return Ok(Turn::Busy(known.lease));
            }
            tx.take_request(&mark, lease)?;
            Ok(match known.did {
                None => Turn::Begin(mark),
                Some((action, target)) => Turn::Unanswered {
                    mark,
                    job: tx.job_since(&target, known.began)?,
                    action,
                    target,
                },
            })
        })
        .await
    }

    /// Keeps a request as long as `work` takes.
    pub(crate) async fn keeping_request<T>(&self, mark: &Mark, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            let soon = Duration::from_millis(LEASE_MS.unsigned_abs() / 3);
            tokio::select! {
                biased;
                done = work.as_mut() => return done,
                // a lease runs out by the clock, so it is renewed by the clock
                () = tokio::time::sleep(soon) => {
                    let (mark, until) = (mark.clone(), self.now().plus_ms(LEASE_MS));
                    // when it cannot be written another may take it over, and what this one does then is refused
                    let _ = self.write(move |_, tx| Ok(tx.prolong_request(&mark, until)?)).await;
                }
            }
        }
    }

    pub(crate) async fn answer_request(&self, mark: &Mark, answer: Answer) -> Result<()> {
        let mark = mark.clone();
        self.write(move |_, tx| Ok(tx.answer_request(&mark, &answer)?))
            .await
    }

    /// Forgets a request that was refused before it did anything, so that it can be tried again.
    pub(crate) async fn drop_request(&self, mark: &Mark) -> Result<()> {
        let mark = mark.clone();
        self.write(move |_, tx| Ok(tx.drop_request(&mark)?)).await
    }

    /// Removes those that are older than a day.
    pub(super) async fn forget_requests(&self) -> Result<Option<Moment>> {
        let before = self.now().plus_ms(-KEPT_MS);
        if self
            .read(move |rd| Ok(rd.any_request_before(before)?))
            .await?
        {
            self.write(move |_, tx| Ok(tx.forget_requests(before)?))
                .await?;
        }
        Ok(None)
    }

    /// The job that a request made for a connection before it was cut off: carried out again, it joins that job.
    pub(super) fn job_made_before(
        &self,
        rd: &crate::store::ReadTxn<'_>,
        id: &ConnectionId,
    ) -> Result<Option<Job>> {
        let again = self.request.as_ref().filter(|mark| mark.epoch > 1);
        let made = again.map(|mark| rd.job_since(id.as_str(), mark.began));
        match made.transpose()?.flatten() {
            Some(job) => Ok(rd.job(&job)?),
            None => Ok(None),
        }
    }

    /// Refuses to do for a request what another does for it by now.
    pub(super) fn note_request(
        &self,
        tx: &crate::store::WriteTxn<'_>,
        action: &str,
        target: &str,
    ) -> Result<()> {
        match &self.request {
            Some(mark) if !tx.request_does(mark, action, target)? => Err(Error::Changed(
                "the request was taken over by another process".into(),
            )),
            _ => Ok(()),
        }
    }
}
