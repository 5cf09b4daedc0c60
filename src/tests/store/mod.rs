//! The store on real files: opening, writing, filters, pages, import, sealing, purge and audit.

mod agreement;
mod audit;
mod audit_head;
mod binding;
mod facts;
mod filters;
mod findings;
mod forgotten;
mod groups;
mod jobs;
mod key_file;
mod merging;
mod opening;
mod paging;
mod purging;
mod sealing;
mod size;
mod swapped;
mod texts;
mod writing;
