//! Keys, sealing, digests and the audit's chain. Personal data reaches the file only through here, and
//! destroying a data key here is what a purge is. Deliberately absent: rows, and any rule about who may
//! open what.

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
pub(crate) use data_keys::DataKeys;
pub(crate) use digest::{AuditKey, GENESIS, Mac};
pub(crate) use disk_reserve::Reserve;
pub(crate) use error::Error;
pub use harden::harden;
pub(crate) use master::{MasterKey, Record};
pub(crate) use private_file::mode_of;
pub(crate) use seal::{DataKey, Sealed};
