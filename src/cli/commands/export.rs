//! `export WHAT [FILTER]`: a whole list, masked, in the form of the command that shows it.

use super::{audit, connections, consents, events, holdings, institutions, jobs, plan, user};
use crate::cli::args::{
    AuditArgs, EventsArgs, Exported, Format, HeldArgs, Part, Point, TransactionsArgs, point,
};
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::domain::edit_distance::nearest;
use std::collections::BTreeMap;

pub(crate) async fn run(
    ctx: &mut Context,
    what: Exported,
    words: &[String],
) -> Result<(), Failure> {
    if ctx.common.format.is_none() && ctx.out.for_people() && !ctx.out.pick.count {
        ctx.out.manner.form = Format::Csv;
    }
    // what is exported is whole, also where it is shown
    let part = Part {
        limit: Some(u64::MAX),
        ..Part::default()
    };
    match what {
        Exported::Connections => connections::run(ctx, words, None, &part).await,
        Exported::Jobs => jobs::list(ctx, words, &part).await,
        Exported::Users => user::list(ctx, &words.join(" "), &part).await,
        Exported::Institutions => {
            Terms::read(words, &[])?;
            institutions::list(ctx).await
        }
        Exported::Plans => {
            Terms::read(words, &[])?;
            plan::plans(ctx, &part).await
        }
        Exported::Sequences => {
            Terms::read(words, &[])?;
            plan::workflows(ctx, &part).await
        }
        Exported::Consents => {
            let user = Terms::read(words, &["user"])?.take("user");
            consents::list(ctx, user.as_deref(), &part).await
        }
        Exported::Events => {
            let mut terms = Terms::read(words, &["user", "entity", "type", "since"])?;
            let since = terms.take("since").map(|text| {
                let wrong = |_| Failure::Usage(format!("since:{text} is not a place in the feed"));
                text.parse().map_err(wrong)
            });
            let args = EventsArgs {
                user: terms.take("user"),
                entity: terms.take("entity"),
                happened: terms.take("type"),
                since: Some(since.transpose()?.unwrap_or(0)),
                ..EventsArgs::default()
            };
            events::run(ctx, &args).await
        }
        Exported::Audit => {
            let keys = ["user", "actor", "action", "since", "until"];
            let mut terms = Terms::read(words, &keys)?;
            let about = AuditArgs {
                user: terms.take("user"),
                actor: terms.take("actor"),
                action: terms.take("action"),
                since: terms.point("since")?,
                until: terms.point("until")?,
            };
            audit::run(ctx, None, &about, &part).await
        }
        Exported::Accounts => {
            let mut terms = Terms::read(words, &["user", "connection", "institution"])?;
            holdings::accounts(ctx, &terms.held(), &part).await
        }
        Exported::Transactions => {
            let keys = ["user", "connection", "institution", "account"];
            let mut terms = Terms::read(words, &keys)?;
            let args = TransactionsArgs {
                held: terms.held(),
                account: terms.take("account"),
                part,
                ..TransactionsArgs::default()
            };
            holdings::transactions(ctx, &args).await
        }
    }
}

/// Words like `user:ID`, each key once.
struct Terms(BTreeMap<&'static str, String>);

impl Terms {
    fn read(words: &[String], keys: &[&'static str]) -> Result<Self, Failure> {
        let mut found = BTreeMap::new();
        for word in words.iter().flat_map(|words| words.split_whitespace()) {
            let (key, value) = word.split_once(':').unwrap_or((word, ""));
            let Some(known) = keys.iter().find(|known| **known == key) else {
                let hint = match (keys, nearest(key, keys.iter().copied())) {
                    ([], _) => "this list takes no filter".to_owned(),
                    (_, Some(near)) => format!("did you mean `{near}:`?"),
                    (keys, None) => format!("the words are {}:", keys.join(":, ")),
                };
                return Err(Failure::Usage(format!("`{word}` is not a filter; {hint}")));
            };
            if value.is_empty() || found.insert(*known, value.to_owned()).is_some() {
                return Err(Failure::Usage(format!(
                    "`{word}`: write {known}: once, with a value"
                )));
            }
        }
        Ok(Self(found))
    }

    fn take(&mut self, key: &str) -> Option<String> {
        self.0.remove(key)
    }

    fn point(&mut self, key: &str) -> Result<Option<Point>, Failure> {
        let wrong = |why| Failure::Usage(format!("{key}: {why}"));
        self.take(key)
            .map(|text| point(&text).map_err(wrong))
            .transpose()
    }

    fn held(&mut self) -> HeldArgs {
        HeldArgs {
            user: self.take("user"),
            connection: self.take("connection"),
            institution: self.take("institution"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, keys: &[&'static str]) -> Result<Terms, Failure> {
        Terms::read(&[text.to_owned()], keys)
    }

    #[test]
    fn filters_of_lists_without_a_language_are_words_with_a_value() {
        let mut terms = read("user:9d1c type:invalidated", &["user", "type"]).unwrap();
        assert_eq!(terms.take("user").as_deref(), Some("9d1c"));
        assert_eq!(terms.take("type").as_deref(), Some("invalidated"));
        for (text, keys, said) in [
            ("user:", &["user"][..], "with a value"),
            ("user:a user:b", &["user"], "once"),
            ("usr:a", &["user"], "did you mean `user:`?"),
            ("user:a", &[], "takes no filter"),
        ] {
            let refused = read(text, keys).err().unwrap();
            assert_eq!(refused.verdict().0, 2, "{text}");
            assert!(refused.to_string().contains(said), "{refused}");
        }
    }
}
