//! `GET /metrics`: figures of the requests of this process, and of the file those that are kept. No ids, no names; routes
//! are told by their templates.

use super::error::ApiError;
use super::request::Answered;
use super::state::App;
use crate::domain::connection::Label;
use crate::ops::Metered;
use axum::extract::State;
use axum::http::{HeaderName, header};
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

const PREFIX: &str = "switchboard";
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The upper ends of the buckets of times, in seconds.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// A client can make up methods; they are one.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

type Labels<const N: usize> = [(&'static str, String); N];

/// What happened to the requests of this process.
pub(super) struct Requests {
    registry: Registry,
    answered: Family<Labels<3>, Counter>,
    took: Family<Labels<1>, Histogram, fn() -> Histogram>,
}

impl Requests {
    pub(super) fn new() -> Self {
        let answered = Family::default();
        let took = Family::new_with_constructor(buckets as fn() -> Histogram);
        let mut registry = Registry::with_prefix(PREFIX);
        registry.register("requests", "Answered requests", answered.clone());
        registry.register(
            "request_duration_seconds",
            "How long answers took",
            took.clone(),
        );
        Self {
            registry,
            answered,
            took,
        }
    }

    pub(super) fn count(&self, answer: &Answered) {
        let known = METHODS.into_iter().find(|method| *method == answer.method);
        let labels = [
            ("method", known.unwrap_or("other").to_owned()),
            ("route", answer.route.clone()),
            ("status", answer.status.to_string()),
        ];
        self.answered.get_or_create(&labels).inc();
        let route = [("route", answer.route.clone())];
        let seconds = std::time::Duration::from_millis(answer.took_ms.unsigned_abs());
        self.took
            .get_or_create(&route)
            .observe(seconds.as_secs_f64());
    }
}

fn buckets() -> Histogram {
    Histogram::new(BUCKETS)
}

/// The figures of the file, in a registry that lives as long as one answer.
fn of_file(metered: &Metered) -> Registry {
    let mut registry = Registry::with_prefix(PREFIX);
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let connections = Family::<Labels<1>, Gauge>::default();
    for label in Label::ALL {
        let of = [("label", label.word().to_owned())];
        let count = number(metered.counts.of(label));
        connections.get_or_create(&of).set(count);
    }
    registry.register("connections", "Connections by label", connections);
    let jobs = Family::<Labels<2>, Gauge>::default();
    for (kind, state, count) in &metered.jobs {
        let of = [
            ("kind", kind.word().to_owned()),
            ("state", state.word().to_owned()),
        ];
        jobs.get_or_create(&of).set(number(*count));
    }
    registry.register("jobs", "Jobs by kind and state", jobs);
    let open = metered.jobs.iter().filter(|(_, state, _)| state.open());
    let open: u64 = open.map(|(.., count)| count).sum();
    for (name, help, value) in [
        (
            "attention",
            "Connections that need action",
            number(metered.counts.attention()),
        ),
        ("queue", "Jobs that have not ended", number(open)),
        (
            "queue_behind_seconds",
            "For how long the job that is due first has been due",
            metered.behind_ms / 1_000,
        ),
        (
            "workers",
            "Workers that are alive",
            number(metered.workers as u64),
        ),
    ] {
        let gauge = Gauge::<i64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
    registry
}

#[utoipa::path(
    get, path = "/metrics", tag = "Server", operation_id = "getMetrics",
    summary = "Figures for a monitor, as OpenMetrics text",
    responses((status = 200, body = String, content_type = "application/openmetrics-text")),
    security(()),
)]
pub(super) async fn metrics(
    State(app): State<App>,
) -> Result<([(HeaderName, &'static str); 1], String), ApiError> {
    let metered = app.ops.metered().await?;
    let mut text = String::new();
    let written = encode_registry(&mut text, &of_file(&metered))
        .and_then(|()| encode_registry(&mut text, &app.requests.registry))
        .and_then(|()| encode_eof(&mut text));
    written.map_err(|_| ApiError::internal())?;
    Ok(([(header::CONTENT_TYPE, TEXT)], text))
}
