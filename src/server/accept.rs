//! The loop that takes connections. Every one has a timer on its head, on its body, on its writing and on its whole
//! life; `axum::serve` has none of these.

use super::request::{self, Answered, Line};
use super::seats::{Seated, Seats};
use super::slow::Unstalled;
use super::state::App;
use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many fields the head of a request has at most, and how many bytes.
const FIELDS: usize = 64;
const HEAD: usize = 16 * 1024;

/// How long running answers may take when the server stops.
const GRACE: Duration = Duration::from_secs(4);

/// The wait after the system refused a connection, so that a lack of files is not asked about without a pause.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Clone)]
pub(super) struct Serving {
    pub(super) app: App,
    pub(super) router: Router,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) answered: mpsc::Sender<Answered>,
}

/// Told to finish, and told to end.
#[derive(Clone)]
struct Ends {
    stop: CancellationToken,
    now: CancellationToken,
}

pub(super) async fn run(listener: TcpListener, serving: Serving, stop: CancellationToken) {
    let seats = Seats::new(serving.app.settings.connections);
    let open = TaskTracker::new();
    let ends = Ends {
        stop: stop.clone(),
        now: CancellationToken::new(),
    };
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            sleep(PAUSE).await;
            continue;
        };
        if let Some(seated) = seats.take() {
            open.spawn(one(stream, peer, seated, serving.clone(), ends.clone()));
        }
    }
    drop(listener);
    serving.app.ending.cancel();
    open.close();
    if timeout(GRACE, open.wait()).await.is_err() {
        ends.now.cancel();
        open.wait().await;
    }
}

async fn one(stream: TcpStream, peer: SocketAddr, seated: Seated, serving: Serving, ends: Ends) {
    let Ok(local) = stream.local_addr() else {
        return;
    };
    // small answers are sent at once; where that cannot be set they are sent later
    let _ = stream.set_nodelay(true);
    let settings = &serving.app.settings;
    let stream = Unstalled::new(stream, settings.body_time);
    let line = Line {
        peer,
        local,
        secure: serving.tls.is_some(),
        seat: seated.seat.clone(),
    };
    match serving.tls.clone() {
        None => http(stream, line, serving, ends).await,
        Some(tls) => {
            let greeted = tokio::select! {
                greeted = timeout(settings.header_time, tls.accept(stream)) => greeted,
                () = seated.seat.taken() => return,
                () = ends.stop.cancelled() => return,
            };
            if let Ok(Ok(stream)) = greeted {
                http(stream, line, serving, ends).await;
            }
        }
    }
}

async fn http<S>(stream: S, line: Line, serving: Serving, ends: Ends)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let settings = &serving.app.settings;
    let (header_time, life) = (settings.header_time, settings.connection_time);
    let seat = line.seat.clone();
    let service = service_fn(move |asked| {
        let (serving, line) = (serving.clone(), line.clone());
        async move { Ok::<_, Infallible>(request::answer(&serving, line, asked).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .max_headers(FIELDS)
        .max_buf_size(HEAD)
        // a client may say that it has nothing more to send and wait for its answer
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut life = pin!(sleep(life));
    let mut finishing = false;
    loop {
        tokio::select! {
            _ = connection.as_mut() => break,
            () = ends.stop.cancelled(), if !finishing => {}
            () = life.as_mut(), if !finishing => {}
            () = ends.now.cancelled() => break,
            () = seat.taken() => break,
        }
        // the request that runs is answered, and no other is read
        finishing = true;
        connection.as_mut().graceful_shutdown();
    }
}
