//! Users: their records, consents and auth links, and what is stored of them.

mod auth_link;
mod consents;
mod stored_data;
mod users;

pub(crate) use auth_link::AuthLinkShown;
pub(in crate::ops) use stored_data::insights;
