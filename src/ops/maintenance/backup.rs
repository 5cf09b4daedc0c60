//! Copies the whole database, with the files beside it, while other processes write.

use crate::ops::{Error, Ops, Refusal, Result};
use crate::store::{self, Copied};
use std::path::{Path, PathBuf};

/// A copy that was made, and what it was checked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Backup {
    pub(crate) copied: Copied,
    /// The lines of its audit, all of which were checked; none without the master key.
    pub(crate) audit_lines: u64,
}

fn exists(path: &Path) -> Refusal {
    Refusal::new(
        "resource-already-exists",
        format!("{} exists and is not overwritten", path.display()),
        "Name another file, or move this one away.",
    )
}

impl Ops {
    /// `told` gets the number of pages that are copied, and of all.
    pub(crate) async fn backup(
        &self,
        to: &Path,
        told: impl FnMut(u64, u64) + Send + 'static,
    ) -> Result<Backup> {
        let path: PathBuf = to.into();
        let target: String = path.to_string_lossy().chars().take(200).collect();
        let (wanted, named) = (path.clone(), target.clone());
        // the line of the audit is of the moment before: who copied everything is known also when that failed
        let copying = self
            .act("backup", &target, move |ops, tx| {
                if let Some(there) = store::in_the_way(&wanted) {
                    return Err(exists(&there).into());
                }
                let copying = tx.begin_copy(&wanted)?;
                ops.audit(tx, "backup", &named, "begun", "", ops.now())?;
                Ok(copying)
            })
            .await?;
        let made = tokio::task::spawn_blocking(move || copying.finish(told)).await;
        let copied = made.map_err(|_| Error::Store(store::Error::Panicked))??;
        let audit_lines = store::proven(&path, &self.clock).await?;
        Ok(Backup {
            copied,
            audit_lines,
        })
    }
}
