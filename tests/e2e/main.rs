//! The real binary from outside: in a terminal, beside other processes, killed, and searched for what it
//! must not let out. Each test has a folder of its own; nothing is waited for but what the program shows.
//! What the commands print in the ordinary case is kept by `golden`.

mod cli;
mod clock_jumps;
mod concurrent_refresh;
mod confirm_words;
mod contract;
mod crashes;
mod endings;
mod golden;
mod harness;
mod kills;
mod leaks;
mod limits;
mod money;
mod outages;
mod processes;
mod purges;
mod screens;
mod several;
mod size;
mod sql_probe;
mod stale_worker;
mod terminal;
mod tty;
mod versions;
