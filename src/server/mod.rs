//! The HTTP API of docs/domain.md 15. Requests become calls of `ops`, under the name of the key that asks; answers are
//! written by `wire`. No rule of the domain is here, and nothing of HTTP/1 is written by hand.
//!
//! # A request
//!
//! `accept` takes a connection and gives it a seat. `request` checks the head (`guard`), reads the body, routes
//! (`router`) and writes the answer; every refusal is an [`error::ApiError`] until then. A resource is one file in
//! `resources` and one line in `router`; what a handler is given says which role it needs (`auth`). `pages` are for the
//! user: the consent page, in HTML.

mod accept;
mod auth;
mod body;
mod error;
mod guard;
mod metrics;
mod openapi;
mod page;
mod pages;
mod params;
mod refusals;
mod request;
mod requests;
mod resources;
mod router;
mod seats;
pub(crate) mod settings;
mod signer;
mod slow;
mod state;
mod tls;
mod token;
mod tries;

pub(crate) use request::Answered;
#[cfg(test)]
pub(crate) use router::documented;
pub(crate) use settings::Settings;

use crate::domain::enrich::Merchant;
use crate::ops::Ops;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("`{text}` is no address to listen on; write it like 127.0.0.1:8787")]
    NoAddress { text: String },
    #[error(
        "`{host}` is a name, and `serve` listens on numbers only; write it like 127.0.0.1:8787"
    )]
    NoNumber { host: String },
    #[error(
        "{address} can be reached from outside this machine: give --tls-cert and --tls-key, or --insecure when \
         something in front of it encrypts and checks; or listen on 127.0.0.1"
    )]
    Open { address: SocketAddr },
    #[error("`{text}` is no beginning of links; write it like https://api.example.test")]
    NoBase { text: String },
    #[error(
        "`{text}` is no address to send a user to (`[api] return_url`); write it like https://app.example.test/done"
    )]
    NoReturn { text: String },
    #[error("TLS cannot be used with {}: {what}", path.display())]
    Tls { path: PathBuf, what: String },
    #[error(
        "{address} is in use by another program; choose another address by --listen, or end that program"
    )]
    InUse { address: SocketAddr },
    #[error("{address} cannot be listened on: {cause}")]
    Bind {
        address: SocketAddr,
        cause: io::Error,
    },
    #[error(transparent)]
    Ops(#[from] crate::ops::Error),
}

impl Error {
    /// The exit code of the program, and the code in its documents. Of an error of operations they are its own.
    fn verdict(&self) -> (u8, &'static str) {
        match self {
            Error::NoAddress { .. } => (2, "usage"),
            Error::InUse { .. } => (6, "address-in-use"),
            Error::NoNumber { .. } | Error::Open { .. } => (9, "address-open"),
            Error::NoBase { .. } | Error::NoReturn { .. } => (9, "configuration"),
            Error::Tls { .. } => (9, "key-file"),
            Error::Bind { .. } => (9, "address-unusable"),
            Error::Ops(_) => (1, "failed"),
        }
    }

    pub(crate) fn exit(&self) -> u8 {
        self.verdict().0
    }

    pub(crate) fn code(&self) -> &'static str {
        self.verdict().1
    }
}

/// How many connections the system keeps until they are taken. A burst of slow clients fills the usual 128 at once, and
/// then the system puts off whoever comes next by a second or more.
const WAITING: u32 = 1_024;

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // connections of a server before this one, which the system has not forgotten yet, keep no address
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// A server that listens and does not answer yet.
pub(crate) struct Server {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    app: state::App,
}

impl Server {
    pub(crate) async fn bind(
        ops: Ops,
        settings: Settings,
        merchants: &'static [Merchant],
    ) -> Result<Self, Error> {
        let tls = settings.tls.as_ref().map(tls::acceptor).transpose()?;
        let address = settings.listen;
        let listener = listen(address).map_err(|cause| match cause.kind() {
            io::ErrorKind::AddrInUse => Error::InUse { address },
            _ => Error::Bind { address, cause },
        })?;
        let address = listener
            .local_addr()
            .map_err(|cause| Error::Bind { address, cause })?;
        Ok(Self {
            listener,
            address,
            tls,
            app: state::App::new(ops, settings, merchants)?,
        })
    }

    /// Where it is reached.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Answers until `stop`; running answers are finished then, as long as that takes no more than seconds. Each
    /// answer is told to `answered`.
    pub(crate) async fn run(self, stop: CancellationToken, answered: mpsc::Sender<Answered>) {
        let router = router::router(self.app.clone());
        let serving = accept::Serving {
            app: self.app,
            router,
            tls: self.tls,
            answered,
        };
        accept::run(self.listener, serving, stop).await;
    }
}
