//! Connections: create, authorise and refresh one; list them, show one, explain one.

mod authorise;
pub(super) mod connect;
mod groups;
pub(super) mod list;
mod list_pages;
mod method_conflict;
mod profile_pane;
pub(super) mod refresh;
pub(super) mod show;
mod transition;
mod update_credentials;
mod why;

pub(crate) use connect::NewLink;
pub(crate) use list::List;
#[cfg(test)]
pub(crate) use refresh::Refreshed;
pub(crate) use show::{ConnectionDetail, UserShown};
pub(crate) use why::Explained;
pub(crate) use why::facts;
