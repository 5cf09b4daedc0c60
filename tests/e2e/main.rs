//! Runs the real binary: in a terminal, beside other processes, killed, and searched for what it must not reveal. Each
//! test has a folder of its own and waits only for what the program shows. Tests named `_long` run with
//! `./check --full`.

mod audit_lines;
mod bulk;
mod cli;
mod clock_jumps;
mod command_table;
mod concurrent_refresh;
mod confirm_words;
mod contract;
mod copies;
mod crashes;
mod doctor;
mod fault;
mod files;
mod given_ids;
mod golden;
mod harness;
mod imported;
mod imports;
mod kills;
mod leaks;
mod life;
mod limits;
mod live;
mod many_purges;
mod money;
mod outages;
mod processes;
mod purge_proofs;
mod purges;
mod refusals;
mod scarce;
mod screens;
mod settings;
mod sql_probe;
mod stale_worker;
mod swapped_files;
mod terminal;
mod time_zones;
mod tty;
mod upgrades;
mod versions;
mod workflow_kills;
mod wrong_clock;
