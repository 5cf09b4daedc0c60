//! A cause of broken connections.

use crate::cli::list_formats::{Column, Listed, number, text, when};
use crate::domain::diagnosis::Outage;
use crate::domain::hold::Hold;
use crate::domain::job::Title;
use crate::ops::CauseShown;
use serde_json::{Value, json};

impl Listed for CauseShown {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "institution.id",
        "institution.name",
        "method",
        "step",
        "code",
        "count",
        "firstSeen",
        "lastSeen",
        "trend",
        "whose",
        "headline",
        "filter",
    ];

    fn doc(&self) -> Value {
        let cause = &self.cause;
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
            "whose": self.remedy.whose.word(),
            "headline": self.remedy.headline,
            "whatToDo": self.remedy.what_to_do,
            "outage": self.outage.as_ref().map(Outage::words),
            "holdId": self.hold.as_ref().map(|hold| hold.id.as_str()),
            "filter": cause.filter(),
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            number("COUNT", |c, _| c.cause.count.into()),
            text("BANK", 24, |c, _| c.cause.institution_name.as_str().into()),
            text("VIA", 4, |c, _| c.cause.method.short().into()),
            text("STEP", 21, |c, _| {
                c.cause.step.as_ref().map_or("", Title::word).into()
            }),
            text("CODE", 30, |c, _| {
                c.cause.code.as_deref().unwrap_or("none recorded").into()
            }),
            when("SINCE", |c| c.cause.first),
            text("TREND", 16, |c, _| {
                let cause = &c.cause;
                format!("{} {}/{}", cause.trend().word(), cause.day, cause.before).into()
            }),
            text("WHOSE", 8, |c, _| c.remedy.whose.word().into()),
            text("HOLD", 8, |c, _| {
                c.hold
                    .as_ref()
                    .map_or("", |hold: &Hold| hold.id.short())
                    .into()
            }),
            text("REMEDY", 100, |c, _| {
                c.remedy.what_to_do.first().copied().unwrap_or("").into()
            }),
        ]
    }
}
