//! Keys, sealing, digests and the audit chain. Personal data is stored only through here; a purge destroys a key.

mod audit_head;
pub(crate) mod codec;
mod data_keys;
mod digest;
mod disk_reserve;
mod error;
mod harden;
mod master;
mod private_file;
mod seal;

pub(crate) use audit_head::{AuditHead, Head};
pub(crate) use data_keys::{DataKeys, Destroyed, Slot};
pub(crate) use digest::{AuditKey, GENESIS, Mac};
pub(crate) use disk_reserve::Reserve;
pub(crate) use error::{Error, Result};
pub use harden::harden;
pub(crate) use master::{MasterKey, Record};
pub(crate) use private_file::{is_private, mode_of};
pub(crate) use seal::{DataKey, Sealed};
