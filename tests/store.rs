//! The store on real files, from outside: what it refuses, what it keeps, what it finds, and what it leaves
//! behind when it forgets. Deliberately absent: rules about who may do what, and anything that waits.

#[path = "store/audit.rs"]
mod audit;
#[path = "store/desk.rs"]
mod desk;
#[path = "store/facts.rs"]
mod facts;
#[path = "store/filters.rs"]
mod filters;
#[path = "store/jobs.rs"]
mod jobs;
#[path = "store/merging.rs"]
mod merging;
#[path = "store/opening.rs"]
mod opening;
#[path = "store/paging.rs"]
mod paging;
#[path = "store/purging.rs"]
mod purging;
#[path = "store/sealing.rs"]
mod sealing;
#[path = "store/size.rs"]
mod size;
#[path = "store/writing.rs"]
mod writing;
