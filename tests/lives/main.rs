//! What connections live through, against the real store and the sandbox's banks: authorised anew, held back
//! after refused sign-ins, through outages and jumps of the clock, and whatever chance makes of all that.

#[path = "../common/mod.rs"]
mod common;

mod authorising;
mod guard;
mod jumps;
mod model;
mod moody;
mod outage;
