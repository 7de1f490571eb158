//! The accept loop: every connection with limits on what it may take up.
//!
//! axum's own `serve` leaves a connection open for ever that sends half a header or reads no answer, so the loop is here.

mod crowd;
mod guarded;
mod progress;
mod stream;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::config::Limits;
use crate::input::client::Peer;
use crate::lock::lock;
use crowd::{Crowd, Place};
use guarded::Guarded;
use progress::Progress;
use stream::Stream;

/// The largest head of a request, in bytes; with it come at most 100 headers.
const HEAD_BYTES: usize = 16 * 1024;
/// How long to wait after the operating system refused to accept: it has run out of something.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
/// How long a peer may leave what it was sent without any sign of having it, however small: then its connection is gone, with it or
/// without it knowing. Only Linux can be told so.
#[cfg(target_os = "linux")]
const SILENCE: Duration = Duration::from_secs(30);
/// How often a connection is asked whether it is overdue, at most and at least.
const TICKS: [Duration; 2] = [Duration::from_millis(25), Duration::from_secs(1)];
/// How many connections the operating system keeps waiting until they are accepted; it may allow fewer.
const BACKLOG: u32 = 4096;
/// How much of an answer the operating system takes before its client has, in bytes (Linux books twice that). By itself Linux takes up to
/// 4 MB, which is gigabytes for clients that ask for a large file and never read. The widget's module fits.
const SEND_BUFFER: u32 = 128 * 1024;

/// In an answer without end: its connection gives up its place among the others, and closes after it. Such answers are counted where they
/// are made.
#[derive(Clone, Copy)]
pub(super) struct KeptOpen;

/// How long a connection that is kept open may still bring a request after the proxy was told to stop, at most; it is answered, and told that
/// this was the last one. A request that was sent just before would be lost otherwise, with the connection it came on.
const LINGER: Duration = Duration::from_millis(250);
/// How often is looked whether any connection is left.
const LOOK: Duration = Duration::from_millis(5);

/// In a request: when its connection has to end, which an answer without end has to wait for.
#[derive(Clone, Default)]
pub(super) struct Stopping(Arc<Stop>);

#[derive(Default)]
struct Stop {
    token: CancellationToken,
    /// The same for those who ask for each request: looking at the token takes a lock.
    has_come: AtomicBool,
}

impl Stopping {
    /// Whether the proxy was told to stop.
    pub(super) fn is_told(&self) -> bool {
        self.has_come()
    }

    /// Returns when the proxy is told to stop; never where nobody tells it.
    pub(super) async fn wait(&self) {
        self.0.token.cancelled().await;
    }

    fn has_come(&self) -> bool {
        self.0.has_come.load(Ordering::Relaxed)
    }
}

impl<S: Sync> FromRequestParts<S> for Stopping {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// Listens on `address`, with a longer queue than usual: a burst of connections must not make others wait for a retry.
///
/// # Errors
/// What the operating system says, for one that another program listens there.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        tokio::net::TcpSocket::new_v4()
    } else {
        tokio::net::TcpSocket::new_v6()
    }?;
    // Windows would let a second program take over the port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    // Accepted connections inherit it.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves `router` on `listener` until `shutdown` is cancelled, then lets open requests finish for at most `limits.drain`: those that are being
/// answered, those that came on a connection that nobody had accepted yet, and those that come within `LINGER` on a connection that was
/// kept open. Further connections are refused.
///
/// A connection is cut off when a request's head, the first or a later one, takes longer than `limits.header_timeout`; when its peer
/// takes next to nothing of an answer for `limits.write_timeout`; and when no further request comes for `limits.idle_timeout`. No
/// further request is read while the answers to earlier ones are not taken. At `limits.connections` those that have come closest
/// to such an end make room for new ones, one in 64, so that clients who hold connections open do not keep others waiting.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: CancellationToken,
) {
    let server = Server::new(router, limits, &shutdown);
    loop {
        let (socket, address) = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    server.crowd.make_room(Instant::now());
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        tokio::select! {
            // A place that is there is taken, also when the signal has come meanwhile.
            biased;
            () = server.take_on(socket, address) => {}
            () = shutdown.cancelled() => break,
        }
    }
    server.take_on_the_last(listener).await;
    server.stop().await;
}

/// What all connections have in common.
struct Server {
    router: Router,
    limits: Arc<Limits>,
    crowd: Crowd,
    http: http1::Builder,
    graceful: GracefulShutdown,
    stopping: Stopping,
}

impl Server {
    fn new(router: Router, limits: Limits, shutdown: &CancellationToken) -> Self {
        let limits = Arc::new(limits);
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            // The connection's own progress is watched instead, which tells a slow head from an idle connection.
            .header_read_timeout(None)
            .max_buf_size(HEAD_BYTES)
            .max_headers(100);
        Self {
            router,
            crowd: Crowd::new(Arc::clone(&limits)),
            limits,
            http,
            graceful: GracefulShutdown::new(),
            // One for all requests: cloning the token itself would have all processors take turns at its lock.
            stopping: Stopping(Arc::new(Stop {
                token: shutdown.clone(),
                has_come: AtomicBool::new(false),
            })),
        }
    }

    /// Serves one more connection, once there is a place for it.
    async fn take_on(&self, socket: TcpStream, address: SocketAddr) {
        if let Err(error) = prepare(&socket) {
            tracing::debug!(%error, "a connection closed before it was served");
            return;
        }
        let peer = Peer(address.ip().to_canonical());
        let progress = Arc::new(Progress::new(Instant::now()));
        let network = self.limits.topology.counted(peer);
        let place = self.crowd.place(network, Arc::clone(&progress)).await;
        let Some(place) = place else {
            let network = network.map(tracing::field::display);
            tracing::debug!(
                network,
                "a connection was refused: its network has as many as it may"
            );
            return;
        };
        let seat = Seat(Arc::new(Mutex::new(Some(place))));
        let about = About {
            peer,
            progress: Arc::clone(&progress),
            seat: seat.clone(),
            stopping: self.stopping.clone(),
        };
        let connection = self.http.serve_connection(
            TokioIo::new(Stream::new(socket, Arc::clone(&progress))),
            service(self.router.clone(), about),
        );
        let connection = self.graceful.watch(connection);
        let limits = Arc::clone(&self.limits);
        tokio::spawn(async move {
            attend(connection, &progress, &limits).await;
            // After the connection is gone, with the socket.
            seat.give_up();
        });
    }

    /// Takes on those connections that the system has accepted and nobody has looked at yet: their clients have sent their requests already,
    /// and would be cut off with the listener. Then nobody can connect any more.
    async fn take_on_the_last(&self, listener: TcpListener) {
        self.stopping.0.has_come.store(true, Ordering::Relaxed);
        let Ok(listener) = listener.into_std() else {
            return;
        };
        for _ in 0..BACKLOG {
            let Ok((socket, address)) = listener.accept() else {
                return;
            };
            let socket = socket
                .set_nonblocking(true)
                .and_then(|()| TcpStream::from_std(socket));
            let Ok(socket) = socket else { continue };
            // Where every place is taken by a request that is being answered, there is no room for one more.
            let taken_on = tokio::time::timeout(LOOK, self.take_on(socket, address));
            drop(taken_on.await);
        }
    }

    /// Lets open requests finish.
    async fn stop(self) {
        let end = Instant::now() + self.limits.drain;
        let linger = Instant::now() + LINGER.min(self.limits.drain / 4);
        while self.graceful.count() > 0 && Instant::now() < linger {
            tokio::time::sleep(LOOK).await;
        }
        if tokio::time::timeout_at(end.into(), self.graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("some requests were still open when the time to finish was over");
        }
    }
}

/// What the operating system is to know of a connection.
fn prepare(socket: &TcpStream) -> std::io::Result<()> {
    // Answers are small and waited for: send them at once.
    socket.set_nodelay(true)?;
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(socket).set_tcp_user_timeout(Some(SILENCE))?;
    Ok(())
}

/// A connection's place among the others, until it is given up.
#[derive(Clone)]
struct Seat(Arc<Mutex<Option<Place>>>);

impl Seat {
    fn give_up(&self) {
        drop(lock(&self.0).take());
    }
}

/// What the requests of one connection have in common.
struct About {
    peer: Peer,
    progress: Arc<Progress>,
    seat: Seat,
    stopping: Stopping,
}

/// Drives one connection to its end, by itself or by a limit.
async fn attend(
    connection: impl Future<Output = Result<(), hyper::Error>>,
    progress: &Progress,
    limits: &Limits,
) {
    let mut connection = pin!(connection);
    let shortest = limits
        .header_timeout
        .min(limits.write_timeout)
        .min(limits.idle_timeout);
    let often = (shortest / 4).clamp(TICKS[0], TICKS[1]);
    loop {
        // There may be ten thousand of those that are kept open, which have one limit only.
        let tick = if progress.is_kept_open() {
            limits.write_timeout
        } else {
            often
        };
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                }
                return;
            }
            () = progress.eviction() => {
                tracing::debug!("a connection made room for another one");
                return;
            }
            () = tokio::time::sleep(tick) => {
                if let Some(why) = progress.overdue(limits, Instant::now()) {
                    tracing::debug!(why, "a connection was cut off");
                    return;
                }
            }
        }
    }
}

/// The router as the service of one connection: it tells the requests who the peer is, and the connection how they are getting on.
fn service(
    router: Router,
    about: About,
) -> impl Service<Request<Incoming>, Response = Response<Guarded<Body>>, Error = Infallible, Future: Send>
{
    let router = TowerToHyperService::new(router);
    service_fn(move |mut request: Request<Incoming>| {
        let progress = Arc::clone(&about.progress);
        let last = progress.asked(!request.body().is_end_stream(), Instant::now())
            || about.stopping.has_come();
        request.extensions_mut().insert(about.peer);
        request.extensions_mut().insert(about.stopping.clone());
        let request =
            request.map(|body| Guarded::new(body, Arc::clone(&progress), Progress::received));
        let (answer, seat) = (router.call(request), about.seat.clone());
        async move {
            let mut response = answer.await?;
            let is_kept_open = response.extensions().get::<KeptOpen>().is_some();
            if is_kept_open {
                progress.keep_open();
                seat.give_up();
            }
            if last || is_kept_open {
                response
                    .headers_mut()
                    .insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(response.map(|body| Guarded::new(body, progress, Progress::answered)))
        }
    })
}
