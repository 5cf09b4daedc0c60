//! The real binary from outside: in a terminal, beside other processes, killed, and searched for what it
//! must not let out. Each test has a folder of its own; nothing is waited for but what the program shows.
//! Deliberately absent: what one command prints in the ordinary case, which `cli.rs` looks at.

mod armed;
mod contract;
mod crashes;
mod endings;
mod fences;
mod jumps;
mod kills;
mod leaks;
mod limits;
mod outages;
mod processes;
mod purges;
mod raw;
mod rig;
mod same;
mod screens;
mod several;
mod size;
mod terminal;
mod tty;
mod versions;
