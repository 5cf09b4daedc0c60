//! What an open database asks of the files beside it: that they are still the same, and room on a full disk.

use super::Store;
use super::error::{Error, Result};
use crate::vault::{Moved, Reserve};

impl Store {
    /// Gives up the reserve when the disk is nearly full: for what must be written all the same, a deletion and the end of
    /// this process.
    pub(crate) fn make_room(&self) -> Result<()> {
        if !self.read_only() {
            Reserve::at(&self.files().reserve).make_room()?;
        }
        Ok(())
    }

    /// An error when the database, or a file beside it, was replaced or moved away since it was opened.
    pub(crate) fn unmoved(&self) -> Result<()> {
        let found = self.0.keys.unmoved();
        if let Err(Error::Vault(e)) = &found
            && let Some(moved) = Moved::of(e)
        {
            self.0.moved.send_replace(Some(moved));
        }
        found
    }

    /// Waits until a file of the database is found replaced; then this process has to end.
    pub(crate) async fn moved(&self) -> Error {
        let mut moved = self.0.moved.subscribe();
        let seen = moved.wait_for(Option::is_some).await;
        match seen.ok().and_then(|seen| seen.clone()) {
            Some(moved) => moved.error().into(),
            None => Error::Closed,
        }
    }
}
