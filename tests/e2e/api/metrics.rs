//! `GET /metrics`.

use super::Api;
use crate::harness::until;

fn number(text: &str, line: &str) -> Option<f64> {
    let found = text.lines().find_map(|it| it.strip_prefix(line));
    found.map(|value| value.trim().parse().unwrap())
}

#[test]
fn figures_of_requests_jobs_and_connections_need_no_token_and_name_nobody() {
    let api = Api::new();
    let user = api.user();
    api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    api.get("/users/nobody").error();
    let metrics = || api.send("GET", "/metrics", &[], None);
    let came = metrics();
    let kind = came.header("content-type").unwrap();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    assert!(came.body.ends_with("# EOF\n"));
    for (line, wanted) in [
        ("switchboard_connections{label=\"active\"} ", 1.0),
        (
            "switchboard_jobs{kind=\"connect\",state=\"succeeded\"} ",
            1.0,
        ),
        ("switchboard_queue ", 0.0),
        ("switchboard_workers ", 1.0),
        (
            "switchboard_requests_total{method=\"GET\",route=\"/users/{userId}\",status=\"404\"} ",
            1.0,
        ),
        (
            "switchboard_request_duration_seconds_count{route=\"/users\"} ",
            1.0,
        ),
    ] {
        let found = number(&came.body, line);
        assert_eq!(found, Some(wanted), "{line}\n{}", came.body);
    }
    for personal in [user.as_str(), "onica", "nobody", "gavin"] {
        assert!(!came.body.contains(personal), "{personal}: {}", came.body);
    }
    // a method that no path has is no label of its own
    api.call("TRACE", "/users");
    until("the count", || metrics().body.contains("method=\"other\""));
    assert!(!metrics().body.contains("TRACE"));
}
