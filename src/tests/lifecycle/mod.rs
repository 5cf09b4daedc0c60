//! What connections live through, against the real store and the sandbox's banks: the common path, authorised
//! anew, held back after refused sign-ins, through outages and jumps of the clock, several at once, to their
//! end, and whatever chance makes of all that.

mod actions;
mod authorising;
mod background;
mod clock_jumps;
mod common_path;
mod cut_purge;
mod ends;
mod guard;
mod health;
mod model;
mod outage;
mod people;
mod plans;
