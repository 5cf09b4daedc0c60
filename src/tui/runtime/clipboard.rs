//! What is copied; nothing personal that is not masked.

use super::executor::{Executor, Report};
use crate::domain::mask::Level;
use crate::domain::rows::ConnectionRow;
use crate::ops::{Error, Result};
use crate::tui::effect::{CopyWhat, Subject};
use crate::tui::event::Event;

impl Executor {
    pub(super) async fn copy(&self, subject: Subject, what: CopyWhat, level: Level) {
        let copied = match (&subject, what) {
            (Subject::Connection(id), CopyWhat::Id) => Ok((id.to_string(), "the id")),
            (Subject::Job(id), CopyWhat::Id) => Ok((id.to_string(), "the job's id")),
            (_, CopyWhat::User) => self
                .row(&subject)
                .await
                .map(|row| (row.user.to_string(), "the user's id")),
            (_, CopyWhat::Link) => match self.link(&subject).await {
                Err(Error::NotFound { .. }) => {
                    let words = "Not copied: this user has no link; inviting makes one.";
                    return self.tell(Event::Failed(words.into()));
                }
                found => found,
            },
            (_, CopyWhat::Json) => (self.documents)(subject, level)
                .await
                .map(|text| (text, "the masked JSON")),
            (_, CopyWhat::Support) => self
                .support(&subject)
                .await
                .map(|text| (text, "the text for support")),
        };
        match copied {
            Ok((text, name)) => self.report(Report::Copy(text, name.into())),
            Err(error) => self.failed(&error),
        }
    }

    /// The whole address of the user's link, or what stands below that of the server where none is configured.
    async fn link(&self, subject: &Subject) -> Result<(String, &'static str)> {
        let user = self.row(subject).await?.user;
        let path = self.ops.auth_link(&user, Level::Strict).await?.path;
        let base = self.base_url.trim_end_matches('/');
        Ok(match path {
            Some(path) if path.starts_with('/') && base.is_empty() => {
                (path, "the link, without the address of `switchboard serve`")
            }
            Some(path) if path.starts_with('/') => (format!("{base}{path}"), "the link"),
            Some(address) => (address, "the link"),
            None => (String::new(), "the link"),
        })
    }

    async fn row(&self, subject: &Subject) -> Result<ConnectionRow> {
        let id = match subject {
            Subject::Connection(id) => id.clone(),
            Subject::Job(id) => self.ops.job(id).await?.connection,
        };
        Ok(self.ops.pane(&id, Level::Strict).await?.row)
    }

    async fn support(&self, subject: &Subject) -> Result<String> {
        let row = self.row(subject).await?;
        let mut text = format!(
            "user {}\nconnection {}\ninstitution {} {}\nmethod {}\nstatus {} since {}\n",
            row.user,
            row.id,
            row.institution,
            row.institution_name,
            row.method.word(),
            row.status,
            row.since.rfc3339()
        );
        for job in self.ops.jobs_of(&row.id, 3).await? {
            text.push_str(&format!(
                "job {} {} {} {}",
                job.id,
                job.kind.word(),
                job.state,
                job.created.rfc3339()
            ));
            if let Some((step, failure)) = job.failed_step() {
                text.push_str(&format!(
                    " failed at {} with {}",
                    step.title.word(),
                    failure.code
                ));
            }
            text.push('\n');
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lifecycle::Rig;
    use std::sync::Arc;
    use tokio::sync::mpsc::unbounded_channel;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_link_of_a_user_is_copied_whole_where_its_server_is_known() {
        let rig = Rig::new().await;
        let job = rig.connect("AU00000", "jared", "django").await;
        let copied = async |base: &str| {
            let (reports, mut reported) = unbounded_channel();
            let documents = |_, _| -> futures::future::BoxFuture<'static, Result<String>> {
                unreachable!("no document is copied")
            };
            let executor =
                Executor::new(rig.ops.clone(), Arc::new(documents), reports).with_base(base);
            let subject = Subject::Connection(job.connection.clone());
            executor
                .copy(subject, CopyWhat::Link, Level::Standard)
                .await;
            reported.recv().await.unwrap()
        };
        let none = copied("").await;
        let words = "this user has no link; inviting makes one";
        assert!(
            matches!(&none, Report::Event(Event::Failed(said)) if said.contains(words)),
            "{none:?}"
        );
        let user = rig.row(&job.connection).await.user;
        let mobile = Some("+61 400 555 100".into());
        let made = rig.ops.create_auth_link(&user, mobile, Level::Strict);
        made.await.unwrap();
        let path = rig.ops.auth_link(&user, Level::Strict).await.unwrap().path;
        let path = path.unwrap();
        for (base, text) in [
            ("", path.clone()),
            (
                "https://connect.example.test/",
                format!("https://connect.example.test{path}"),
            ),
        ] {
            let report = copied(base).await;
            assert!(
                matches!(&report, Report::Copy(copied, name) if *copied == text && name.starts_with("the link")),
                "{base}: {report:?}"
            );
        }
    }
}
