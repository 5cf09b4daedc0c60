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

/// The security code, if it was asked for.
fn security_code(ctx: &mut Context, sign_in: &SignIn) -> Result<Option<Secret>, Failure> {
    let asked = sign_in.with_security_code;
    let code = || prompt::secret(ctx, "security code", sign_in.password_stdin);
    asked.then(code).transpose()
}

fn secondary_login(ctx: &mut Context, sign_in: &SignIn) -> Result<Option<Secret>, Failure> {
    let given = sign_in.secondary_login_id.clone();
    let read = |given| prompt::personal(ctx, "--secondary-login-id", given);
    given.map(read).transpose()
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
            // in the order in which they are read from stdin
            Some(Credentials {
                login: prompt::personal(ctx, "--login-id", login)?,
                secondary_login: secondary_login(ctx, &asked.sign_in)?,
                password: prompt::secret(ctx, "password", asked.sign_in.password_stdin)?,
                security_code: security_code(ctx, &asked.sign_in)?,
            })
        }
        // the sandbox's open banking identifies the user by the login
        (Method::OpenBanking, Some(login)) => {
            let login = prompt::personal(ctx, "--login-id", login)?;
            let password = if asked.sign_in.password_stdin {
                prompt::secret(ctx, "password", true)?
            } else {
                Secret::default()
            };
            Some(Credentials {
                login,
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
    let secondary_login = secondary_login(ctx, &sign_in)?;
    let password = prompt::secret(ctx, "new password", sign_in.password_stdin)?;
    let security_code = security_code(ctx, &sign_in)?;
    let done = ops
        .update_credentials(&id, password, security_code, secondary_login)
        .await?;
    wait::finish(ctx, &ops, done.job, done.deduplicated, waiting).await
}
