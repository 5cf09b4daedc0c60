//! `users [WORDS]`, `user ID`, `user create`, `user update ID`, `user delete ID`.

use super::{act, paged};
use crate::cli::args::{Part, PersonArgs, UserCommand};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::given_ids;
use crate::cli::list_formats;
use crate::cli::output::safe;
use crate::cli::prompt;
use crate::cli::start_worker;
use crate::clock::Clock;
use crate::domain::act::ActKind;
use crate::domain::counts::count;
use crate::domain::ids::UserId;
use crate::domain::person::{Given, NumberKind};
use crate::domain::query::People;
use crate::domain::secret::Secret;
use crate::ops::{self, Ops};

pub(crate) async fn list(ctx: &mut Context, words: &str, part: &Part) -> Result<(), Failure> {
    let people = People::read(words).map_err(ops::Error::from)?;
    let list = format!("users {words}");
    let ops = ctx.reading()?;
    let level = ctx.level();
    let most = paged::counted(ctx);
    let size = async { Ok(paged::exact(ops.user_size(&people, most).await?)) };
    paged::print(ctx, &ops, &list, part, size, |from, limit| {
        ops.users(&people, from, limit, level)
    })
    .await
}

pub(crate) async fn run(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let id = given_ids::one(id)?;
    let ops = ctx.reading()?;
    let id = ops.resolve_user(&id).await?;
    print(ctx, &ops, &id).await
}

fn given(ctx: &mut Context, args: PersonArgs) -> Result<Given, Failure> {
    let secret = |text: Option<String>| text.map(|text| Secret::new(text.trim()));
    let mut contact = |option: &str, text: Option<String>| {
        let read = |text: String| prompt::personal(ctx, option, text.trim().to_owned());
        text.map(read).transpose()
    };
    Ok(Given {
        email: contact("--email", args.email)?,
        mobile: contact("--mobile", args.mobile)?,
        first_name: args.first_name,
        middle_name: args.middle_name,
        last_name: args.last_name,
        business_name: secret(args.business_name),
        business_number: secret(args.business_id),
        number_kind: args.business_id_type,
        business_rest: None,
    })
}

pub(crate) async fn change(ctx: &mut Context, what: UserCommand) -> Result<(), Failure> {
    match what {
        UserCommand::Delete { id, ending } => {
            act::workflow(ctx, ActKind::DeleteUser, &id, &ending).await
        }
        UserCommand::Create { given: args } => {
            // often the first command on a new database
            let ops = ctx.creating(Clock::system())?;
            start_worker::declare_banks(&ops).await?;
            let id = ops.create_user(given(ctx, args)?).await?;
            print(ctx, &ops, &id).await
        }
        UserCommand::Update { id, given: args } => {
            let given = given(ctx, args)?;
            if given == Given::default() {
                return Err(Failure::Usage(
                    "no field to change was given; `user update --help` lists them".into(),
                ));
            }
            let ops = ctx.writing()?;
            let id = ops.resolve_user(&id).await?;
            if !ops.update_user(&id, given).await? {
                ctx.out
                    .say("nothing changed: the values were the same before");
            }
            print(ctx, &ops, &id).await
        }
    }
}

async fn print(ctx: &mut Context, ops: &Ops, id: &UserId) -> Result<(), Failure> {
    let user = ops.user(id, ctx.level()).await?;
    if list_formats::single(&mut ctx.out, &documents::user_row(&user), || {
        documents::user(&user)
    })? {
        return Ok(());
    }
    let out = &mut ctx.out;
    out.line(&format!("user {}", safe(user.id.as_str())))?;
    out.field(7, "name", &user.name)?;
    out.field(7, "email", user.email.as_deref().unwrap_or("none"))?;
    out.field(7, "mobile", user.mobile.as_deref().unwrap_or("none"))?;
    if let Some((name, number, kind)) = &user.business {
        let kind = kind.map_or("", NumberKind::word);
        out.line(format!("  firm    {}  {kind} {number}", safe(name)).trim_end())?;
    }
    let (accounts, transactions) = (
        count(user.accounts, "account"),
        count(user.transactions, "transaction"),
    );
    out.line(&format!("  stored  {accounts}, {transactions}\n"))?;
    if user.connections.is_empty() {
        ctx.out.say(&format!(
            "no connections yet: switchboard connect --user {id}"
        ));
        return Ok(());
    }
    list_formats::whole(&mut ctx.out, ops.now(), None, &user.connections)
}
