//! One reading, and one write with what follows from it, each in a transaction.

use super::connections::judged::judge_written;
use super::error::{Error, Result};
use super::file::threads::WriteJob;
use super::keys::Keys;
use super::{ReadTxn, WriteTxn};
use crate::domain::moment::Moment;
use rusqlite::Connection;
use std::sync::Arc;
use tokio::sync::oneshot;

pub(super) fn view<T, E, F>(conn: &Connection, keys: &Keys, work: F) -> std::result::Result<T, E>
where
    F: FnOnce(&ReadTxn<'_>) -> std::result::Result<T, E>,
    E: From<Error>,
{
    // an interrupt or a panic may have left the last transaction open
    if !conn.is_autocommit() {
        conn.execute_batch("ROLLBACK").map_err(Error::from)?;
    }
    conn.execute_batch("BEGIN").map_err(Error::from)?;
    let result = work(&ReadTxn { conn, keys });
    // an interrupt may have ended it already
    if !conn.is_autocommit() {
        conn.execute_batch("COMMIT").map_err(Error::from)?;
    }
    result
}

pub(super) struct Write<F, T, E> {
    work: Option<F>,
    result: Option<std::result::Result<T, E>>,
    reply: oneshot::Sender<std::result::Result<T, E>>,
    keys: Arc<Keys>,
    now: Moment,
}

impl<F, T, E> Write<F, T, E> {
    pub(super) fn new(
        work: F,
        reply: oneshot::Sender<std::result::Result<T, E>>,
        keys: Arc<Keys>,
        now: Moment,
    ) -> Self {
        Self {
            work: Some(work),
            result: None,
            reply,
            keys,
            now,
        }
    }
}

impl<F, T, E> WriteJob for Write<F, T, E>
where
    F: FnOnce(&WriteTxn<'_>) -> std::result::Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, conn: &Connection) -> bool {
        let work = self.work.take().expect("a write runs once");
        let result = work(&WriteTxn {
            rd: ReadTxn {
                conn,
                keys: &self.keys,
            },
        });
        let result = result.and_then(|value| {
            judge_written(conn, self.now)?;
            Ok(value)
        });
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn done(self: Box<Self>, committed: Result<()>) {
        let answer = match (self.result, committed) {
            (Some(Err(own)), _) => Err(own),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(failed)) => Err(failed.into()),
            (None, Ok(())) => Err(Error::Panicked.into()),
        };
        // the caller may have gone; the write is committed all the same
        let _ = self.reply.send(answer);
    }
}
