//! `connect` and `update-credentials`: commands that need a password.

use super::wait;
use crate::cli::args::{ConnectArgs, SignIn, Waiting};
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::prompt;
use crate::cli::start_worker;
use crate::domain::bank_data::Credentials;
use crate::domain::connection::Method;
use crate::domain::secret::Secret;
use crate::ops::NewLink;

/// The security code, if asked for, and the second login name.
fn second(ctx: &mut Context, sign_in: SignIn) -> Result<(Option<Secret>, Option<Secret>), Failure> {
    let code = match sign_in.with_security_code {
        true => Some(prompt::secret(
            ctx,
            "security code",
            sign_in.password_stdin,
        )?),
        false => None,
    };
    Ok((code, sign_in.secondary_login_id.map(Secret::new)))
}

pub(crate) async fn run(ctx: &mut Context, asked: ConnectArgs) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    start_worker::declare_banks(&ops).await?;
    let user = ops.resolve_user(&asked.user).await?;
    let institution = ops
        .institution(&asked.institution.trim().to_uppercase().into())
        .await?
        .record
        .id;
    let credentials = match (asked.method, asked.login_id) {
        (Method::Web, None) => {
            return Err(Failure::Usage("a web connection needs --login-id".into()));
        }
        (Method::Web, Some(login)) => {
            let password = prompt::secret(ctx, "password", asked.sign_in.password_stdin)?;
            let (security_code, secondary_login) = second(ctx, asked.sign_in)?;
            Some(Credentials {
                login: Secret::new(login),
                password,
                security_code,
                secondary_login,
            })
        }
        // the sandbox's open banking identifies the user by the login
        (Method::OpenBanking, Some(login)) => {
            let password = if asked.sign_in.password_stdin {
                prompt::secret(ctx, "password", true)?
            } else {
                Secret::default()
            };
            Some(Credentials {
                login: Secret::new(login),
                password,
                ..Credentials::default()
            })
        }
        (Method::OpenBanking, None) => None,
    };
    let link = NewLink {
        user,
        institution,
        method: asked.method,
        credentials,
    };
    let job = ops.connect(link).await?;
    if asked.method == Method::OpenBanking {
        let id = &job.connection;
        ctx.out
            .say(&format!("the connection waits for the user's authorisation; in the sandbox: switchboard sandbox authorise {id}"));
    }
    wait::finish(ctx, &ops, job, false, asked.waiting).await
}

pub(crate) async fn update(
    ctx: &mut Context,
    id: &str,
    sign_in: SignIn,
    waiting: Waiting,
) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve(id).await?;
    let password = prompt::secret(ctx, "new password", sign_in.password_stdin)?;
    let (security_code, secondary_login) = second(ctx, sign_in)?;
    let done = ops
        .update_credentials(&id, password, security_code, secondary_login)
        .await?;
    wait::finish(ctx, &ops, done.job, done.deduplicated, waiting).await
}
