//! The verifying library of the scheme by which messages to webhooks are signed.

use super::install::Python;
use super::printed;
use crate::api::Api;
use crate::settings::figure;

#[test]
fn standardwebhooks_of_pypi_verifies_every_delivery() {
    let Some(python) = Python::with("standardwebhooks") else {
        return;
    };
    let api = Api::new();
    let run = python.run("standardwebhooks", &[&api.url, &api.token]);
    figure(&format!("standardwebhooks 1.1.0: {}", printed(run)));
    api.desk.healthy();
}
