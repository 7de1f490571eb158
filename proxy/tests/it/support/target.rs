//! A merchant's server: it keeps what it was sent, and answers as a test says.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use calypso_proxy::EventTarget;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What the events of every test are signed with.
pub(crate) const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiBldmVyeSB0ZXN0IG9mIGV2ZW50cw==";

/// How one delivery is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    Status(u16),
    /// A refusal that asks for so many seconds.
    Later(u16, u64),
    /// None, until the test lets everything go on; then 200.
    Held,
}

/// One delivery that came.
#[derive(Debug, Clone)]
pub(crate) struct Came {
    pub(crate) id: String,
    pub(crate) body: Bytes,
}

impl Came {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    pub(crate) fn checkout(&self) -> String {
        let json = self.json();
        json["data"]["checkout"]["id"].as_str().unwrap().to_owned()
    }
}

#[derive(Default)]
struct Kept {
    came: Vec<Came>,
    next: VecDeque<Reply>,
    usual: Option<Reply>,
    /// Deliveries that are not answered yet, by their ids, and in which life of the proxies they came.
    open: HashMap<String, u64>,
    life: u64,
    /// Ids of which a second delivery came while the first was not answered.
    at_once: HashSet<String>,
}

/// The server.
pub(crate) struct Target {
    url: String,
    kept: Arc<Mutex<Kept>>,
    count: watch::Sender<usize>,
    going: watch::Sender<bool>,
    server: tokio::task::JoinHandle<()>,
}

#[derive(Clone)]
struct Answering {
    kept: Arc<Mutex<Kept>>,
    count: watch::Sender<usize>,
    going: watch::Receiver<bool>,
}

impl Target {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let kept: Arc<Mutex<Kept>> = Arc::default();
        let (count, going) = (watch::Sender::new(0), watch::Sender::new(false));
        let answering = Answering {
            kept: Arc::clone(&kept),
            count: count.clone(),
            going: going.subscribe(),
        };
        let router = Router::new()
            .route("/hook", post(take))
            .with_state(answering);
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            kept,
            count,
            going,
            server,
        }
    }

    /// What the configuration of a store says.
    pub(crate) fn config(&self) -> Option<EventTarget> {
        Some(EventTarget::new(&self.url, &[SECRET], &["127.0.0.1/32"]).unwrap())
    }

    /// How the next deliveries are answered, one after the other.
    pub(crate) fn next(&self, replies: impl IntoIterator<Item = Reply>) {
        self.kept.lock().unwrap().next.extend(replies);
    }

    /// Says nothing any more of how the next ones are answered.
    pub(crate) fn forget_next(&self) {
        self.kept.lock().unwrap().next.clear();
    }

    /// How those are answered for which nothing else is said; 204 if this is not said either.
    pub(crate) fn usual(&self, reply: Reply) {
        self.kept.lock().unwrap().usual = Some(reply);
    }

    /// Everything that came, in its order.
    pub(crate) fn came(&self) -> Vec<Came> {
        self.kept.lock().unwrap().came.clone()
    }

    pub(crate) fn kinds(&self) -> Vec<String> {
        self.came().iter().map(Came::kind).collect()
    }

    /// Waits until so many deliveries have come.
    pub(crate) async fn has(&self, count: usize) {
        let mut counted = self.count.subscribe();
        counted.wait_for(|came| *came >= count).await.unwrap();
    }

    /// Answers what is held.
    pub(crate) fn go_on(&self) {
        self.going.send_replace(true);
    }

    /// Whoever has sent what is not answered yet is gone.
    pub(crate) fn senders_have_died(&self) {
        self.kept.lock().unwrap().life += 1;
    }

    /// Ids of which two deliveries were on their way at the same time.
    pub(crate) fn at_once(&self) -> HashSet<String> {
        self.kept.lock().unwrap().at_once.clone()
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A delivery that is not answered yet. It ends with its connection, too.
struct Open {
    kept: Arc<Mutex<Kept>>,
    id: String,
    life: u64,
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut kept = self.kept.lock().unwrap();
        if kept.open.get(&self.id) == Some(&self.life) {
            kept.open.remove(&self.id);
        }
    }
}

async fn take(State(mut at): State<Answering>, headers: HeaderMap, body: Bytes) -> Response {
    let id = headers["webhook-id"].to_str().unwrap().to_owned();
    let (reply, open) = {
        let mut kept = at.kept.lock().unwrap();
        let usual = kept.usual.unwrap_or(Reply::Status(204));
        let reply = kept.next.pop_front().unwrap_or(usual);
        let life = kept.life;
        if kept.open.insert(id.clone(), life) == Some(life) {
            kept.at_once.insert(id.clone());
        }
        let open = Open {
            kept: Arc::clone(&at.kept),
            id: id.clone(),
            life,
        };
        kept.came.push(Came { id, body });
        (reply, open)
    };
    at.count.send_modify(|count| *count += 1);
    let (status, wait) = match reply {
        Reply::Status(status) => (status, None),
        Reply::Later(status, seconds) => (status, Some(seconds)),
        Reply::Held => {
            drop(at.going.wait_for(|goes| *goes).await);
            (200, None)
        }
    };
    drop(open);
    let mut response = StatusCode::from_u16(status).unwrap().into_response();
    if let Some(seconds) = wait {
        let name = HeaderName::from_static("retry-after");
        response.headers_mut().insert(name, seconds.into());
    }
    response
}
