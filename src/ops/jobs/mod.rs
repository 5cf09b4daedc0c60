//! Jobs: list them, wait for one, answer what a bank asks in one.

mod answer;
mod list;
mod wait;
