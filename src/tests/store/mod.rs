//! The store on real files: opening, writing, filters, pages, import, sealing, purge and audit.

mod agreement;
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
