//! Webhooks: who is told of events, the messages that tell them, and the deliveries.

mod deliver;
mod manage;
mod messages;

pub(crate) use deliver::Deliveries;
