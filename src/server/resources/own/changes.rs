//! The change feed as server-sent events. A stream ends when the server stops, or when its key or token ends.

use crate::documents::{self, shapes};
use crate::domain::moment::Moment;
use crate::ops::{Event, EventFilter};
use crate::server::auth::{Access, Reads};
use crate::server::error::{ApiError, Code};
use crate::server::params::Query;
use crate::server::state::App;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{self, KeepAlive, Sse};
use futures::stream::{self, Stream};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};

pub(in crate::server) const PATH: &str = "/switchboard/v1/changes";

/// How often something is sent where nothing changes, so that both ends notice when the other has gone.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How often the key is looked at again.
const CHECK_MS: i64 = 5_000;

/// How many events are read at a time.
const PAGE: usize = 500;

struct Feed {
    by: Access,
    app: App,
    seq: i64,
    read: VecDeque<Event>,
    wakes: watch::Receiver<u64>,
    checked: Moment,
    /// One of the places that there are for streams.
    _place: OwnedSemaphorePermit,
}

/// The number of an event, as a header or a parameter gives it.
fn number(name: &'static str, text: &str) -> Result<i64, ApiError> {
    let seq = text.trim().parse().ok().filter(|seq| *seq >= 0);
    seq.ok_or_else(|| {
        let detail = format!("{name} value is not valid");
        ApiError::new(Code::ParameterNotValid, detail).parameter(name)
    })
}

#[utoipa::path(
    get, path = "/switchboard/v1/changes", tag = "Operators", operation_id = "followChanges",
    summary = "What changes, as it happens: server-sent events",
    params(
        ("Last-Event-ID" = Option<i64>, Header, description = "Go on after this event"),
        ("since" = Option<i64>, Query, description = "The same, for clients that cannot set the header"),
    ),
    responses((status = 200, body = shapes::Change, content_type = "text/event-stream")),
)]
pub(in crate::server) async fn follow(
    Reads(by): Reads,
    State(app): State<App>,
    headers: HeaderMap,
    query: Query,
) -> Result<Sse<impl Stream<Item = Result<sse::Event, Infallible>>>, ApiError> {
    let given = headers
        .get("last-event-id")
        .map(|id| id.to_str().unwrap_or("?"));
    let given = given
        .map(|text| number("Last-Event-ID", text))
        .transpose()?;
    let since = query.one("since")?.map(|text| number("since", text));
    let seq = match given.or(since.transpose()?) {
        Some(seq) => seq,
        None => by.ops.last_event().await?,
    };
    let place = app.streams.clone().try_acquire_owned();
    let feed = Feed {
        _place: place.map_err(|_| {
            let detail = "Too many clients follow the changes. Please try again later.";
            ApiError::new(Code::TooManyRequests, detail)
        })?,
        seq,
        read: VecDeque::new(),
        wakes: by.ops.store.wakes(),
        checked: by.ops.now(),
        by,
        app,
    };
    let events = stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok(event), feed))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

impl Feed {
    /// None ends the stream.
    async fn next(&mut self) -> Option<sse::Event> {
        loop {
            if let Some(event) = self.read.pop_front() {
                self.seq = event.seq;
                let written = sse::Event::default()
                    .id(event.seq.to_string())
                    .event(format!("{}.{}", event.entity, event.event_type))
                    .json_data(documents::event(&event));
                return written.ok();
            }
            let now = self.by.ops.now();
            if now.since(self.checked).abs() >= CHECK_MS {
                self.checked = now;
                if !self.by.lasts(now).await {
                    return None;
                }
            }
            self.wakes.mark_unchanged();
            let all = EventFilter::default();
            let found = self.by.ops.events_like(&all, self.seq, PAGE).await;
            self.read = found.ok()?.into();
            if self.read.is_empty() {
                tokio::select! {
                    biased;
                    () = self.app.ending.cancelled() => return None,
                    more = self.by.ops.committed(&mut self.wakes) => more.ok()?,
                }
            }
        }
    }
}
