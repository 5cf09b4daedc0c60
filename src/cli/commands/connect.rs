//! `connect` and `update-credentials`: what needs a password, which is never an argument.

use super::wait;
use crate::cli::args::Waiting;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::domain::connection::Method;
use crate::domain::records::Credentials;
use crate::domain::secret::Secret;
use crate::ops::NewLink;

/// What was typed of a new link.
pub struct Asked {
    /// Whose.
    pub user: String,
    /// At which bank.
    pub institution: String,
    /// How it is reached.
    pub method: Method,
    /// The name to sign in with.
    pub login: Option<String>,
    /// Whether the password comes from stdin.
    pub password_stdin: bool,
}

/// Makes a connection.
pub async fn run(ctx: &mut Context, asked: Asked, waiting: Waiting) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let user = ops.resolve_user(&asked.user).await?;
    let institution = ops.institution(&asked.institution.trim().to_uppercase().into()).await?.record.id;
    let credentials = match (asked.method, asked.login) {
        (Method::Web, None) => return Err(Failure::Usage("a web connection needs --login-id".into())),
        (Method::Web, Some(login)) => {
            let password = ask::secret(ctx, "password", asked.password_stdin)?;
            Some(Credentials { login: Secret::new(login), password, ..Credentials::default() })
        }
        // at the sandbox's data holder the user is who the login says, and a password is asked there
        (Method::OpenBanking, Some(login)) => {
            let password = if asked.password_stdin { ask::secret(ctx, "password", true)? } else { Secret::default() };
            Some(Credentials { login: Secret::new(login), password, ..Credentials::default() })
        }
        (Method::OpenBanking, None) => None,
    };
    let link = NewLink { user, institution, method: asked.method, credentials };
    let job = ops.connect(link).await?;
    if asked.method == Method::OpenBanking {
        let id = &job.connection;
        ctx.out
            .say(&format!("it waits for the user's authorisation; in the sandbox: switchboard sandbox authorise {id}"));
    }
    wait::finish(ctx, &ops, job, false, waiting).await
}

/// Gives a new password and has it tried.
pub async fn update(ctx: &mut Context, id: &str, password_stdin: bool, waiting: Waiting) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve(id).await?;
    let password = ask::secret(ctx, "new password", password_stdin)?;
    let done = ops.update_credentials(&id, password, None, None).await?;
    wait::finish(ctx, &ops, done.job, done.deduplicated, waiting).await
}
