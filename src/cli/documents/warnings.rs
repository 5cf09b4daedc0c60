//! What speaks against the steps of a plan.

use crate::domain::act::{Plan, Step};
use serde_json::{Value, json};

/// Each warning with how many steps it concerns.
pub(super) fn of_plan(plan: &Plan) -> Value {
    let all = plan.warnings();
    all.iter()
        .map(|(words, count)| json!({"words": words, "count": count}))
        .collect()
}

/// Adds those of one step; nothing where there is none.
pub(super) fn add(step: &Step, document: &mut Value) {
    if !step.against.is_empty() {
        document["warnings"] = step.against.clone().into();
    }
}
