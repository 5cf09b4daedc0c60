//! What is copied; nothing personal that is not masked.

use super::executor::{Executor, Report};
use crate::domain::mask::Level;
use crate::domain::views::ConnectionRow;
use crate::ops::Result;
use crate::tui::effect::{CopyWhat, Subject};

impl Executor {
    pub(super) async fn copy(&self, subject: Subject, what: CopyWhat, level: Level) {
        let copied = match (&subject, what) {
            (Subject::Connection(id), CopyWhat::Id) => Ok((id.to_string(), "the id")),
            (Subject::Job(id), CopyWhat::Id) => Ok((id.to_string(), "the job's id")),
            (_, CopyWhat::User) => self
                .row(&subject)
                .await
                .map(|row| (row.user.to_string(), "the user's id")),
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
