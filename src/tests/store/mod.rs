//! The store on real files, from outside: what it refuses, what it keeps, what it finds, and what it leaves
//! behind when it forgets. Deliberately absent: rules about who may do what, and anything that waits.

mod audit;
mod facts;
mod filters;
mod jobs;
mod merging;
mod opening;
mod paging;
mod purging;
mod sealing;
mod size;
mod writing;
