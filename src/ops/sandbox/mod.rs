//! Operations of the sandbox: generate made-up users and banks, break a bank for a while.

mod generate;
mod outage;

pub(crate) use outage::outage_now;
