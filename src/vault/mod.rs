//! Keys, sealing, digests and the audit chain. Personal data is stored only through here; a purge destroys a key.

mod api_key;
mod audit_head;
pub(crate) mod codec;
mod data_keys;
mod digest;
mod disk_reserve;
mod error;
mod harden;
mod identity;
mod link_code;
mod master;
mod private_file;
mod seal;
mod webhook_secret;

pub(crate) use api_key::{ApiKeyText, TokenKey};
pub(crate) use audit_head::{AuditHead, Head};
pub(crate) use data_keys::{DataKeys, Destroyed, Slot};
pub(crate) use digest::{AuditKey, GENESIS, HeadKey, Mac};
pub(crate) use disk_reserve::Reserve;
pub(crate) use error::{Error, Result};
pub use harden::harden;
pub(crate) use identity::{Identity, Moved};
pub(crate) use master::{MasterKey, Record};
pub(crate) use private_file::{fresh_id, is_private, mode_of};
pub(crate) use seal::{Binding, DataKey, Sealed};
pub(crate) use webhook_secret::WebhookSecret;
