//! `accept-loss`: goes on without a file beside the database that was lost.

use crate::cli::args::AcceptLossArgs;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::clock::Clock;
use crate::domain::act::{Confirmation, Objection};
use crate::ops;
use crate::store::Loss;
use serde_json::json;

pub(crate) fn run(ctx: &mut Context, args: &AcceptLossArgs) -> Result<(), Failure> {
    let typed = Confirmation::new(args.confirm.as_deref(), args.reason.as_deref());
    let words = ops::loss_words(args.what);
    if let Err(missing) = typed.confirms(&words) {
        ctx.out.say(consequence(args.what));
        return Err(Failure::Unconfirmed(match missing {
            Objection::Reason => "the reason is missing: --reason R".into(),
            _ => format!("nothing was changed; add --confirm '{words}' --reason R"),
        }));
    }
    let (path, caller) = (ctx.places.database()?, ctx.caller("command"));
    ops::accept_loss(&path, args.what, &typed, caller, Clock::system().now())?;
    if ctx.out.for_people() {
        return ctx.out.line("accepted; the audit says so");
    }
    ctx.out
        .document(&json!({"type": "accepted-loss", "lost": args.what.word()}))
}

fn consequence(what: Loss) -> &'static str {
    match what {
        Loss::Keys => {
            "What was sealed with the lost keys cannot be read from then on, also when their file is found again; it is \
             shown as lost, and a refresh fetches again what the bank still sends. Look for the file first."
        }
        Loss::Audit => {
            "Lines that were cut off the audit are not missed any more from then on. Look for the files first."
        }
    }
}
