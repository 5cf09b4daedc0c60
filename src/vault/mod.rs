//! Keys, sealing, digests and the audit's chain. Personal data reaches the file only through here, and
//! destroying a data key here is what a purge is. Deliberately absent: rows, and any rule about who may
//! open what.

pub mod codec;
mod data_keys;
mod digest;
mod error;
mod harden;
mod head;
mod master;
mod private;
mod reserve;
mod seal;

pub use data_keys::DataKeys;
pub use digest::{AuditKey, GENESIS, Mac};
pub use error::{Error, Result};
pub use harden::harden;
pub use head::{AuditHead, Head};
pub use master::{MasterKey, Record};
pub use private::{mode_of, open_private};
pub use reserve::Reserve;
pub use seal::{DataKey, Sealed};
