//! A receiver of messages: a real HTTP server that keeps what it was sent and answers as it is told to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use sha2::Sha256;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What it answers.
#[derive(Clone, Debug)]
pub(super) enum Says {
    Status(u16),
    /// Sends elsewhere.
    Redirect(String),
    /// Takes the request and never answers.
    Nothing,
    /// Says that it is well, and never ends its answer.
    Endless,
}

#[derive(Clone, Debug)]
pub(super) struct Got {
    pub(super) headers: HashMap<String, String>,
    pub(super) body: String,
}

impl Got {
    pub(super) fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn event_type(&self) -> String {
        self.json()["eventTypeId"].as_str().unwrap().to_owned()
    }

    /// Checks the signature as the scheme says.
    pub(super) fn is_signed_by(&self, secret: &str) -> bool {
        let key = STANDARD
            .decode(secret.strip_prefix("whsec_").unwrap())
            .unwrap();
        let at = &self.headers["webhook-timestamp"];
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Realtime).tv_sec;
        assert!(
            now.abs_diff(at.parse::<i64>().unwrap()) <= 300,
            "{at} and {now}"
        );
        let mut hmac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        hmac.update(format!("{}.{at}.{}", self.id(), self.body).as_bytes());
        let right = format!("v1,{}", STANDARD.encode(hmac.finalize().into_bytes()));
        let mut given = self.headers["webhook-signature"].split(' ');
        given.any(|one| one == right)
    }
}

struct Shared {
    got: Mutex<Vec<Got>>,
    says: Mutex<Says>,
    now: AtomicUsize,
    most: AtomicUsize,
}

pub(super) struct Receiver {
    pub(super) url: String,
    shared: Arc<Shared>,
    _runtime: tokio::runtime::Runtime,
}

impl Receiver {
    pub(super) fn new(says: Says) -> Self {
        Self::start(says, None)
    }

    /// Over TLS with this certificate.
    pub(super) fn secure(
        certificate: CertificateDer<'static>,
        key: PrivateKeyDer<'static>,
    ) -> Self {
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Self::start(Says::Status(200), Some(TlsAcceptor::from(Arc::new(config))))
    }

    fn start(says: Says, tls: Option<TlsAcceptor>) -> Self {
        let shared = Arc::new(Shared {
            got: Mutex::default(),
            says: Mutex::new(says),
            now: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        });
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}/hook", listener.local_addr().unwrap());
        runtime.spawn(accept(listener, tls, shared.clone()));
        Self {
            url,
            shared,
            _runtime: runtime,
        }
    }

    pub(super) fn says(&self, says: Says) {
        *self.shared.says.lock().unwrap() = says;
    }

    pub(super) fn got(&self) -> Vec<Got> {
        self.shared.got.lock().unwrap().clone()
    }

    /// How many requests there were at the same time at most.
    pub(super) fn most_at_once(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    while let Ok((socket, _)) = listener.accept().await {
        let (tls, shared) = (tls.clone(), shared.clone());
        tokio::spawn(async move {
            match tls {
                None => serve(socket, shared).await,
                // one that is not trusted ends here
                Some(tls) => {
                    if let Ok(socket) = tls.accept(socket).await {
                        serve(socket, shared).await;
                    }
                }
            }
        });
    }
}

async fn serve(socket: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, shared: Arc<Shared>) {
    let answer = service_fn(move |request| {
        let shared = shared.clone();
        async move { Ok::<_, Infallible>(take(request, &shared).await) }
    });
    // whoever sends may give up
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(socket), answer)
        .await;
}

/// Counts a request as long as it lasts.
struct Busy<'a>(&'a Shared);

impl<'a> Busy<'a> {
    fn new(shared: &'a Shared) -> Self {
        let now = shared.now.fetch_add(1, Ordering::SeqCst) + 1;
        shared.most.fetch_max(now, Ordering::SeqCst);
        Self(shared)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn take(request: Request<Incoming>, shared: &Shared) -> Response<BoxBody<Bytes, Infallible>> {
    let _busy = Busy::new(shared);
    let headers = request.headers().iter();
    let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned()));
    let headers = headers.collect();
    let body = request
        .into_body()
        .collect()
        .await
        .map(|all| all.to_bytes());
    let body = String::from_utf8(body.unwrap_or_default().to_vec()).unwrap();
    shared.got.lock().unwrap().push(Got { headers, body });
    let says = shared.says.lock().unwrap().clone();
    let mut response = Response::new(Full::new(Bytes::from("thank you")).boxed());
    match says {
        Says::Status(status) => *response.status_mut() = StatusCode::from_u16(status).unwrap(),
        Says::Redirect(to) => {
            *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
            response
                .headers_mut()
                .insert(header::LOCATION, to.parse().unwrap());
        }
        Says::Nothing => tokio::time::sleep(Duration::from_secs(3_600)).await,
        Says::Endless => {
            let silence = StreamBody::new(futures::stream::pending());
            *response.body_mut() = silence.boxed();
        }
    }
    response
}
