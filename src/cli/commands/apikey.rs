//! `apikey create|list|revoke`: the keys of the HTTP API.

use crate::cli::args::ApikeyCommand;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::clock::Clock;
use serde_json::json;

pub(crate) async fn run(ctx: &mut Context, what: ApikeyCommand) -> Result<(), Failure> {
    match what {
        ApikeyCommand::Create {
            name,
            role,
            expires,
        } => {
            let ops = ctx.creating(Clock::system())?;
            let zone = ctx.out.manner.zone;
            let expires = expires.and_then(|at| at.from(ops.now(), zone));
            let (key, text) = ops.create_api_key(&name, role, expires).await?;
            // the one place where a key is shown; nothing stores it
            let text = text.expose();
            if !ctx.out.for_people() {
                return ctx.out.document(&json!({
                    "type": "apikey",
                    "name": key.name,
                    "role": key.role.word(),
                    "createdDate": key.created.rfc3339(),
                    "expiresAt": key.expires.map(|at| at.rfc3339()),
                    "key": text,
                }));
            }
            ctx.out.line(text)?;
            ctx.out.say(&format!(
                "this is the key {}, which {}; it is shown this once and stored nowhere",
                key.name,
                key.role.about()
            ));
            Ok(())
        }
        ApikeyCommand::List => {
            let ops = ctx.reading()?;
            let keys = ops.api_keys().await?;
            list_formats::whole(&mut ctx.out, ops.now(), Some(keys.len() as u64), &keys)
        }
        ApikeyCommand::Revoke { name } => {
            let ops = ctx.writing()?;
            let key = ops.revoke_api_key(&name).await?;
            if !list_formats::single(&mut ctx.out, &key, || list_formats::Listed::doc(&key))? {
                ctx.out.line(&format!("the key {} is revoked", key.name))?;
            }
            Ok(())
        }
    }
}
