//! Carries deliveries: the one part of the sandbox that calls others.
//!
//! While nobody has subscribed it waits without looking. Deliveries of one subscription are sent one after the other,
//! in the order in which they are due; a slow receiver does not hold up the others.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use uuid::Uuid;

use crate::clock::VirtualClock;
use crate::sandbox::{Sandbox, Shared};
use crate::webhook::Post;

/// How long, in real time, the courier at most waits before it looks at the clock again.
const PACE: Duration = Duration::from_millis(500);

/// Starts the courier of a sandbox, once however often it is called. Must be called within a tokio runtime.
pub(crate) fn start(sandbox: &Sandbox) {
    sandbox.0.courier.call_once(|| {
        let patience = Duration::from_secs(u64::from(sandbox.0.settings.webhook_seconds));
        tokio::spawn(carry(Arc::downgrade(&sandbox.0), sandbox.clock(), patience));
    });
}

/// Sends what is due until the sandbox is gone.
async fn carry(sandbox: Weak<Shared>, clock: VirtualClock, patience: Duration) {
    let client = LazyCell::new(|| client(patience));
    let mut receivers: HashMap<Uuid, UnboundedSender<Post>> = HashMap::new();
    while let Some(Work { posts, subscribed }) = work(&sandbox) {
        for post in posts {
            let queue = receivers
                .entry(post.subscription)
                .or_insert_with(|| receiver(&client, &sandbox));
            // A receiver ends only with the sandbox.
            if queue.send(post).is_err() {
                return;
            }
        }
        if subscribed {
            // The clock may move by itself, so it is looked at in any case after a while.
            tokio::select! {
                () = clock.stirred() => {}
                () = tokio::time::sleep(PACE) => {}
            }
        } else {
            clock.stirred().await;
        }
    }
}

fn client(patience: Duration) -> Client {
    Client::builder()
        .timeout(patience)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .expect("a client without special settings can be made")
}

/// What the courier finds when it looks.
struct Work {
    /// What has to be sent now.
    posts: Vec<Post>,
    /// Whether anybody has subscribed, so that something may become due by time alone.
    subscribed: bool,
}

/// Looks what is to be done; none once the sandbox is gone.
fn work(sandbox: &Weak<Shared>) -> Option<Work> {
    let sandbox = Sandbox(sandbox.upgrade()?);
    let (mut ledger, _) = sandbox.ledger();
    let subscribed = ledger.has_subscriptions();
    // Taking posts counts as a change, after which the state is saved; so nothing is taken when nothing is due.
    let posts = if ledger.has_posts() {
        ledger.take_posts()
    } else {
        Vec::new()
    };
    Some(Work { posts, subscribed })
}

/// A task that sends what it is given, one after the other.
fn receiver(client: &Client, sandbox: &Weak<Shared>) -> UnboundedSender<Post> {
    let (queue, mut posts) = unbounded_channel::<Post>();
    let (client, sandbox) = (client.clone(), Weak::clone(sandbox));
    tokio::spawn(async move {
        while let Some(post) = posts.recv().await {
            if cfg!(not(feature = "tls")) && post.url.starts_with("https:") {
                tracing::warn!(
                    url = post.url,
                    "this sandbox was built without TLS and reaches receivers on http alone: use the program calypso-sandbox"
                );
            }
            let request = client
                .post(&post.url)
                .header("Key", &post.key)
                .header("Sign", &post.sign);
            let request = request
                .header("Content-Type", "application/json")
                .body(post.body.clone());
            let status = request
                .send()
                .await
                .ok()
                .map(|answer| answer.status().as_u16());
            let Some(sandbox) = sandbox.upgrade().map(Sandbox) else {
                return;
            };
            sandbox.ledger().0.report(&post, status);
        }
    });
    queue
}
