//! Causes of broken connections in lists.

use crate::cli::list_formats::{Column, Listed, number, text, when};
use crate::documents::cause;
use crate::domain::hold::Hold;
use crate::domain::job::Title;
use crate::ops::CauseShown;
use serde_json::Value;

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
        cause(self)
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
