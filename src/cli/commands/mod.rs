//! One file per command or group of commands; this one dispatches.

mod accept_loss;
mod act;
mod answer;
mod apikey;
mod audit;
mod auth_link;
mod backup;
mod cancel;
mod causes;
mod certificate;
mod completions;
mod config;
mod connect;
mod connections;
mod consents;
mod dashboard;
mod doctor;
mod enrich;
mod events;
mod export;
mod generate;
mod handling;
mod hold;
mod holdings;
mod import;
mod incidents;
mod institutions;
mod invite;
mod jobs;
mod keys;
mod live;
mod look;
mod man;
mod operators;
mod paged;
mod plan;
mod restore_terminal;
mod sandbox;
mod schedule;
mod serve;
mod show;
mod since;
mod status;
mod take_back;
mod troubles;
mod user;
pub(super) mod wait;
mod why;
mod work;

use super::args::{
    Command, ConfigCommand, ConsentCommand, CopyCommand, EndingCommand, PeopleCommand, Sending,
};
use super::context::Context;
use super::exit::Failure;
use crate::domain::act::{ActKind, Confirmation, Force};

/// Runs a command; the dashboard when there is none. `name` is the command as typed.
pub(crate) async fn run(
    ctx: &mut Context,
    command: Option<Command>,
    name: &str,
) -> Result<(), Failure> {
    let Some(command) = command else {
        if ctx.common.at.is_some() {
            return Err(Failure::Usage(
                "--at does not apply to the dashboard, which shows the present".into(),
            ));
        }
        ctx.configure()?;
        return dashboard::dashboard(ctx).await;
    };
    ctx.allows(name)?;
    match &command {
        // these work even when the configuration is wrong
        Command::Completions { shell } => return completions::run(ctx, *shell),
        Command::RestoreTerminal => return restore_terminal::run(),
        Command::Copies(CopyCommand::Man { command, into }) => {
            return man::run(ctx, command, into.as_deref());
        }
        Command::Config {
            what: what @ (ConfigCommand::Path | ConfigCommand::Init),
        } => return config::run(ctx, *what),
        _ => ctx.configure()?,
    }
    if let Ok(path) = ctx.places.database() {
        ctx.out.detail(&format!("database {}", path.display()));
    }
    match command {
        Command::Connections {
            filter,
            sort,
            view,
            group_by,
            part,
        } => {
            let asked = connections::Asked {
                filter: filter.join(" "),
                sort,
                view,
                group_by,
            };
            connections::run(ctx, asked, &part).await
        }
        Command::Connection { id } => show::run(ctx, &id).await,
        Command::Why { id } => why::run(ctx, &id).await,
        Command::Jobs { filter, part } => jobs::list(ctx, &filter, &part).await,
        Command::Job { id, follow } => jobs::one(ctx, &id, follow).await,
        Command::Connect(args) => connect::run(ctx, args).await,
        Command::Refresh(args) => {
            let force = Force {
                recent: args.force_recent,
                sign_in: args.force,
            };
            let sending = Sending::default();
            act::connections(
                ctx,
                ActKind::Refresh,
                &args.which,
                force,
                &args.acting,
                sending,
            )
            .await
        }
        Command::Purge(args) => act::deletion(ctx, ActKind::Purge, &args).await,
        Command::Revoke(args) => act::deletion(ctx, ActKind::Revoke, &args).await,
        Command::Apply {
            plan,
            confirm,
            reason,
            waiting,
            sending,
        } => {
            let typed = Confirmation::new(confirm.as_deref(), reason.as_deref());
            act::apply(ctx, &plan, &typed, waiting, sending).await
        }
        Command::Plans { part } => plan::plans(ctx, &part).await,
        Command::Plan { id } => plan::plan(ctx, &id).await,
        Command::UpdateCredentials {
            id,
            sign_in,
            waiting,
        } => connect::update(ctx, &id, sign_in, waiting).await,
        Command::Answer {
            job,
            answers,
            waiting,
        } => answer::run(ctx, &job, answers, waiting).await,
        Command::Work { until_idle } => work::run(ctx, until_idle).await,
        Command::Serve(args) => serve::run(ctx, args).await,
        Command::Apikey { what } => apikey::run(ctx, what).await,
        Command::Doctor {
            fix_counts,
            deep,
            accept_clock,
        } => doctor::run(ctx, fix_counts, deep, accept_clock).await,
        Command::Audit { what, about, part } => audit::run(ctx, what, &about, &part).await,
        Command::AcceptLoss(args) => accept_loss::run(ctx, &args),
        Command::Keys => keys::run(ctx),
        Command::Completions { shell } => completions::run(ctx, shell),
        Command::RestoreTerminal => restore_terminal::run(),
        Command::Institutions { .. } => institutions::list(ctx).await,
        Command::Institution { id } => institutions::one(ctx, &id).await,
        Command::Schedule {
            limit, institution, ..
        } => schedule::run(ctx, limit, institution.as_deref()).await,
        Command::People(what) => people(ctx, what).await,
        Command::Endings(what) => ending(ctx, what).await,
        Command::Operators(what) => operators::run(ctx, what).await,
        Command::Copies(what) => copies(ctx, what).await,
        Command::Live { what } => live::run(ctx, what).await,
        Command::Outbox { open, part } => live::outbox(ctx, open, &part).await,
        Command::Config { what } => config::run(ctx, what),
        Command::Status => status::run(ctx).await,
        Command::Import { what, part } => import::run(ctx, &what, &part).await,
        Command::Generate { world } => generate::run(ctx, world).await,
        Command::Demo { world, keep } => dashboard::demo(ctx, world, keep).await,
        Command::Snapshot { size, keys, roles } => {
            dashboard::snapshot(ctx, size, &keys, roles).await
        }
        Command::Sandbox { what } => sandbox::run(ctx, what).await,
    }
}

async fn copies(ctx: &mut Context, command: CopyCommand) -> Result<(), Failure> {
    match command {
        CopyCommand::Backup { file } => backup::run(ctx, &file).await,
        CopyCommand::Export { what, filter, .. } => export::run(ctx, what, &filter).await,
        CopyCommand::Man { command, into } => man::run(ctx, &command, into.as_deref()),
    }
}

async fn people(ctx: &mut Context, command: PeopleCommand) -> Result<(), Failure> {
    match command {
        PeopleCommand::Users { filter, part } => user::list(ctx, &filter.join(" "), &part).await,
        PeopleCommand::User {
            what: Some(what), ..
        } => user::change(ctx, what).await,
        PeopleCommand::User { id, what: None } => user::run(ctx, &id.unwrap_or_default()).await,
        PeopleCommand::Accounts { held, part } => holdings::accounts(ctx, &held, &part).await,
        PeopleCommand::Transactions(args) => holdings::transactions(ctx, &args).await,
        PeopleCommand::AuthLink { what } => auth_link::run(ctx, what).await,
        PeopleCommand::Enrich(args) => enrich::run(ctx, args).await,
        PeopleCommand::Event { id } => events::one(ctx, &id).await,
        PeopleCommand::Events(args) => events::run(ctx, &args).await,
    }
}

async fn ending(ctx: &mut Context, command: EndingCommand) -> Result<(), Failure> {
    use EndingCommand as E;
    match command {
        E::Migrate { id, ending } => act::workflow(ctx, ActKind::Migrate, &id, &ending).await,
        E::Erase { user, ending } => act::workflow(ctx, ActKind::Erase, &user, &ending).await,
        E::Consents { user, part } => consents::list(ctx, user.as_deref(), &part).await,
        E::Consent {
            what: Some(ConsentCommand::End { id, ending }),
            ..
        } => act::workflow(ctx, ActKind::EndConsent, &id, &ending).await,
        E::Consent {
            what: Some(ConsentCommand::Extend { id, reason }),
            ..
        } => consents::extend(ctx, &id, reason.as_deref().unwrap_or("")).await,
        E::Consent { id, what: None } => consents::one(ctx, &id.unwrap_or_default()).await,
        E::Certificate { id, verify } => certificate::run(ctx, &id, verify).await,
        E::Sequences { part } => plan::workflows(ctx, &part).await,
        E::Sequence { id } => plan::workflow(ctx, &id).await,
    }
}
