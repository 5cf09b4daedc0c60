//! `backup FILE`: a whole copy of the database and of the files beside it.

use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::progress::{Progress, stoppable};
use crate::domain::counts;
use serde_json::json;
use std::path::Path;
use tokio::sync::watch;

pub(crate) async fn run(ctx: &mut Context, to: &Path) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let (tell, mut told) = watch::channel((0, 0));
    let work = ops.backup(to, move |done, all| {
        // nobody listens once the command has ended
        let _ = tell.send((done, all));
    });
    tokio::pin!(work);
    let mut bar = Progress::of(ctx, "page");
    let copy = async {
        loop {
            tokio::select! {
                made = &mut work => break made,
                Ok(()) = told.changed() => {
                    let (done, all) = *told.borrow_and_update();
                    bar.at(done, Some(all));
                }
            }
        }
    };
    let made = stoppable(
        copy,
        "there is no copy; what is called .partial can be deleted",
    )
    .await?;
    drop(bar);
    let copied = &made.copied;
    if !ctx.out.for_people() {
        let names = copied.files.iter().map(|path| path.to_string_lossy());
        return ctx.out.document(&json!({
            "type": "backup",
            "path": to.to_string_lossy(),
            "files": names.collect::<Vec<_>>(),
            "bytes": copied.bytes,
            "auditLines": made.audit_lines,
        }));
    }
    for path in &copied.files {
        ctx.out.line(&path.to_string_lossy())?;
    }
    ctx.out.say(&format!(
        "the database has {} bytes, and {} checked. These files are one copy: together they open everything, so keep the \
         .master file apart. What is purged from now on is still in them; make a new copy after a purge, and delete this \
         one.",
        copied.bytes,
        match made.audit_lines {
            1 => "1 line of its audit was".to_owned(),
            n => format!("{} of its audit were", counts::count(n, "line")),
        },
    ));
    Ok(())
}
