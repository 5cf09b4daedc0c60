//! The commands of the HTTP API.

use super::parse::{role, until};
use crate::domain::access::Role;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args, Clone, Debug)]
pub(crate) struct ServeArgs {
    /// Address and port; 127.0.0.1:8787 by default, port 0 for any free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Listens without TLS on an address that can be reached from outside this machine.
    #[arg(long)]
    pub(crate) insecure: bool,
    /// The certificate chain for TLS (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The private key for TLS (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// What links begin with; by default the host that the client used.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ApikeyCommand {
    /// Makes a key and shows it once.
    Create {
        /// Its name, one word; the audit names it.
        name: String,
        /// What it may do: viewer reads, operator acts, privacy also erases people, admin does everything.
        #[arg(long, value_name = "ROLE", value_parser = role, default_value = "operator")]
        role: Role,
        /// When it stops working: a length like 90d, or a time.
        #[arg(long, value_name = "TIME", value_parser = until)]
        expires: Option<super::parse::Until>,
    },
    /// All keys, newest first, without what is secret of them.
    List,
    /// Ends a key, and every token made with it.
    Revoke {
        /// Its name.
        name: String,
    },
}
