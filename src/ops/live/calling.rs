//! What every call to the platform needs, and what its answers say of the platform itself.

use crate::domain::live::{Call, Trouble, again_after};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::ops::{Ops, Result};
use crate::store::Slot;

impl Ops {
    /// The next place in the budget, or until when none is given.
    pub(crate) async fn call_place(&self) -> Result<std::result::Result<Moment, Moment>> {
        self.write(|ops, tx| {
            let now = ops.now();
            Ok(match tx.take_slot(ops.most_calls(), now)? {
                Some(Slot::At(at)) => Ok(at),
                Some(Slot::Slowed(until)) => Err(until),
                None => Ok(now),
            })
        })
        .await
    }

    pub(crate) async fn platform_key(&self, address: &str) -> Result<Option<Secret>> {
        let address = address.to_owned();
        self.read(move |rd| Ok(rd.platform_key(&address)?)).await
    }

    /// While it is valid a minute longer.
    pub(crate) async fn token(&self, address: &str) -> Result<Option<Secret>> {
        let (address, now) = (address.to_owned(), self.now());
        self.read(move |rd| Ok(rd.platform_token(&address, now)?))
            .await
    }

    /// Every process of the file uses it for its hour.
    pub(crate) async fn keep_token(&self, address: &str, token: &Secret, lasts: i64) -> Result<()> {
        let (address, token) = (address.to_owned(), token.clone());
        self.write(move |ops, tx| {
            let ends = ops.now().plus_ms(lasts.saturating_mul(1_000));
            Ok(tx.put_platform_token(&address, &token, ends)?)
        })
        .await
    }

    pub(crate) async fn drop_token(&self) -> Result<()> {
        self.write(|_, tx| Ok(tx.drop_platform_token()?)).await
    }

    pub(crate) async fn platform_answered(&self) -> Result<()> {
        self.write(|ops, tx| Ok(tx.platform_answered(ops.most_calls(), ops.now())?))
            .await
    }

    pub(crate) async fn platform_slows(&self, until: Moment, said: &str) -> Result<()> {
        let said = said.to_owned();
        self.write(move |ops, tx| Ok(tx.platform_slows(until, &said, ops.now())?))
            .await
    }

    pub(crate) async fn platform_trouble(
        &self,
        what: Trouble,
        said: &str,
        again: Moment,
    ) -> Result<()> {
        let said = said.to_owned();
        self.write(move |ops, tx| Ok(tx.platform_trouble(what, &said, again, ops.now())?))
            .await
    }

    /// It does not answer; answers when it is asked again.
    pub(crate) async fn platform_offline(&self, said: &str) -> Result<Moment> {
        let said = said.to_owned();
        self.write(move |ops, tx| {
            let now = ops.now();
            let since = tx.platform()?.and_then(|platform| match platform.trouble {
                Some((Trouble::Offline, since, _)) => Some(since),
                _ => None,
            });
            let again = again_after(since.unwrap_or(now), now);
            tx.platform_trouble(Trouble::Offline, &said, again, now)?;
            Ok(again)
        })
        .await
    }

    /// The key may not make this call: that part of the board says so from now on.
    pub(crate) async fn platform_lacks(&self, call: Call) -> Result<()> {
        self.write(move |_, tx| {
            let mut lacks = tx.platform()?.map(|it| it.lacks).unwrap_or_default();
            if !lacks.contains(&call) {
                lacks.push(call);
                tx.set_lack(&lacks)?;
            }
            Ok(())
        })
        .await
    }

    /// Makes this process the one that reads and sends. `false`: another one is, or nobody is signed in.
    pub(crate) async fn lead(&self, who: &str, until: Moment) -> Result<bool> {
        let who = who.to_owned();
        self.write(move |ops, tx| Ok(tx.lead(&who, until, ops.now())?))
            .await
    }

    pub(crate) async fn stop_leading(&self, who: &str) -> Result<()> {
        let who = who.to_owned();
        self.write(move |_, tx| Ok(tx.stop_leading(&who)?)).await
    }
}
