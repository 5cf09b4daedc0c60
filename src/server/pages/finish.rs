//! The end of a sitting: back to the app, with what was begun.

use super::html::layout;
use super::sitting::{Visit, ended};
use super::{Shown, go, page};
use axum::body::Bytes;
use axum::http::Uri;
use maud::html;

/// Back to the app. A user who says that these are all accounts has no more need of the link.
pub(in crate::server) async fn finish(mut visit: Visit, body: Bytes) -> Shown {
    let form = visit.form(&body)?;
    if form.text("all") == "yes" {
        visit.use_link().await?;
    }
    leave(&visit)
}

pub(super) fn leave(visit: &Visit) -> Shown {
    let sitting = &visit.sitting;
    let mut pairs = Vec::new();
    if let Some(first) = sitting.jobs.first() {
        pairs.push(("jobId", first.clone()));
        pairs.push(("jobIds", sitting.jobs.join(",")));
    }
    if !sitting.state.is_empty() {
        pairs.push(("state", sitting.state.clone()));
    }
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    let to = match &visit.app.settings.return_to {
        Some(to) => with_query(to, &query),
        None => with_query(&Uri::from_static("/connect/done"), &query),
    };
    ended(&visit.base, go(&to))
}

fn with_query(to: &Uri, query: &str) -> String {
    let to = to.to_string();
    match (query.is_empty(), to.contains('?')) {
        (true, _) => to,
        (false, false) => format!("{to}?{query}"),
        (false, true) => format!("{to}&{query}"),
    }
}

/// Where a user is sent when no address of the app is configured.
pub(in crate::server) async fn done() -> Shown {
    Ok(page(layout(
        "Done",
        false,
        &html! { p { "You can close this page." } },
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_begun_is_added_to_the_query_that_is_there() {
        for (to, query, whole) in [
            ("https://a.test/x", "", "https://a.test/x"),
            ("https://a.test/x", "jobId=1", "https://a.test/x?jobId=1"),
            (
                "https://a.test/x?b=2",
                "jobId=1",
                "https://a.test/x?b=2&jobId=1",
            ),
            ("/connect/done", "jobId=1", "/connect/done?jobId=1"),
        ] {
            assert_eq!(with_query(&to.parse().unwrap(), query), whole);
        }
    }
}
