//! Plans over several connections: changes between plan and apply, a second apply, and an interruption.

mod applying;
mod counting;
mod parts;

use crate::domain::act::{ActKind, Confirmation, Outcome, Plan};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::job::Kind;
use crate::domain::moment::Moment;
use crate::domain::query::{Scope, parse};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::Sort;
use crate::ops::{Applied, Error, Ops, Progress, Result, Selection};
use crate::store::{Mode, Store};
use crate::testing::lifecycle::{AT, Rig};
use crate::world::WorldSettings;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::sync::Notify;

async fn world(connections: u64) -> Rig {
    let rig = Rig::new().await;
    let at = Moment::parse(AT).unwrap();
    let settings = WorldSettings {
        connections,
        seed: 7,
        transactions_per_account: 2,
        at,
        scenario: None,
    };
    rig.ops.generate(settings, |_| ()).await.unwrap();
    // so that nothing is too recent
    rig.clock.advance(Duration::from_secs(3600));
    rig
}

async fn rows(ops: &Ops) -> BTreeMap<String, ConnectionRow> {
    let asker = ops.asker();
    let found = ops
        .store
        .read(move |rd| -> Result<_> {
            let all = parse("", Scope::Connections).unwrap();
            let page = rd.connection_page(&all, Sort::default(), None, false, 100_000, &asker)?;
            Ok(page.rows)
        })
        .await
        .unwrap();
    found
        .into_iter()
        .map(|row| (row.id.to_string(), row))
        .collect()
}

fn found(filter: &str) -> Selection {
    Selection::Found(Box::new(parse(filter, Scope::Connections).unwrap()))
}

async fn make(ops: &Ops, kind: ActKind, selection: Selection) -> Result<Plan> {
    let plan = ops.plan(kind, selection, false).await?;
    ops.keep(&plan).await?;
    Ok(plan)
}

async fn apply(ops: &Ops, plan: &Plan) -> bool {
    let typed = Confirmation::new(Some(&plan.words()), Some("asked for"));
    match ops.apply(plan, &typed, |_| ()).await.unwrap() {
        Applied::Several { over, .. } => over,
        other => panic!("{other:?}"),
    }
}
