//! Tests of operations and engine together, with the real store and the sandbox banks.

mod actions;
mod authorisation;
mod background;
mod bank_words;
mod cancels;
mod causes;
mod clock_jumps;
mod common_path;
mod cut_purge;
mod damaged_rows;
mod damaged_texts;
mod forged_rows;
mod handling;
mod health;
mod holds;
mod lockout;
mod model;
mod offboarding;
mod origin;
mod outage;
mod people;
mod plans;
mod purge_proof;
mod roles;
mod since;
mod wrong_clock;
