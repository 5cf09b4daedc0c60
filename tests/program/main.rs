//! The real binary from outside: in a terminal, beside other processes, killed, and searched for what it
//! must not let out. Each test has a folder of its own; nothing is waited for but what the program shows.
//! Deliberately absent: what one command prints in the ordinary case, which `cli.rs` looks at.

mod contract;
mod crashes;
mod leaks;
mod processes;
mod rig;
mod screens;
mod terminal;
mod tty;
