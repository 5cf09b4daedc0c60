//! A cause of broken connections.

use crate::domain::diagnosis::Outage;
use crate::domain::job::Title;
use crate::ops::CauseShown;
use serde_json::{Value, json};

pub(crate) fn cause(shown: &CauseShown) -> Value {
    let cause = &shown.cause;
    json!({
        "type": "cause",
        "institution": {"id": cause.institution.as_str(), "name": cause.institution_name},
        "method": cause.method.word(),
        "step": cause.step.as_ref().map(Title::word),
        "code": cause.code,
        "count": cause.count,
        "retrying": cause.retrying,
        "firstSeen": cause.first.rfc3339(),
        "lastSeen": cause.last.rfc3339(),
        "trend": cause.trend().word(),
        "lastHour": cause.hour,
        "lastDay": cause.day,
        "dayBefore": cause.before,
        "whose": shown.remedy.whose.word(),
        "headline": shown.remedy.headline,
        "whatToDo": shown.remedy.what_to_do,
        "outage": shown.outage.as_ref().map(Outage::words),
        "holdId": shown.hold.as_ref().map(|hold| hold.id.as_str()),
        "filter": cause.filter(),
    })
}
