//! The program is killed between the gateway's answer and its own commit: one invoice, before and after.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use calypso_sandbox::{Sandbox, Settings};
use tokio::sync::mpsc;

use crate::program::write_config;
use crate::running::start;
use crate::support::{ACCOUNT, GATEWAY_KEY, GATEWAY_SECRET, Reply, client, text};

/// Holds the database's write lock from the moment the gateway is called, so that the proxy cannot commit what it is answered.
#[derive(Clone)]
struct Hook {
    database: std::path::PathBuf,
    lock: Arc<Mutex<Option<rusqlite::Connection>>>,
    armed: Arc<Mutex<bool>>,
    answered: mpsc::UnboundedSender<()>,
}

async fn hold_then_answer(State(hook): State<Hook>, request: Request, next: Next) -> Response {
    let is_create = request.uri().path().ends_with("/single-fiat/create");
    let armed = is_create && *hook.armed.lock().unwrap();
    if armed {
        let connection = rusqlite::Connection::open(&hook.database).unwrap();
        connection
            .busy_timeout(std::time::Duration::from_secs(10))
            .unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        *hook.lock.lock().unwrap() = Some(connection);
    }
    let response = next.run(request).await;
    if armed {
        hook.answered.send(()).unwrap();
    }
    response
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_answer_and_commit_leaves_one_invoice() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("proxy.sqlite3");
    let (answered, mut answers) = mpsc::unbounded_channel();
    let hook = Hook {
        database: database.clone(),
        lock: Arc::default(),
        armed: Arc::new(Mutex::new(true)),
        answered,
    };
    let settings = Settings {
        key: GATEWAY_KEY.to_owned(),
        secret: GATEWAY_SECRET.into(),
        account: ACCOUNT.to_owned(),
        ..Settings::default()
    };
    let sandbox = Sandbox::new(settings);
    let router = sandbox
        .router()
        .layer(from_fn_with_state(hook.clone(), hold_then_answer));
    let gateway = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gateway_address = gateway.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(gateway, router).await.unwrap() });

    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config = write_config(
        directory.path(),
        &format!("http://{gateway_address}/"),
        address.port(),
    );
    let http = client();
    let post = async |path: String, body: &str| {
        let request = http
            .post(format!("http://{address}{path}"))
            .header("content-type", "application/json")
            .body(body.to_owned());
        request.send().await
    };

    let mut proxy = start(&config, address).await;
    let made = Reply::read(
        post("/v1/checkouts".to_owned(), r#"{"product":"demo-order"}"#)
            .await
            .unwrap(),
    )
    .await
    .expect(201)
    .json();
    let id = text(&made, "/id").to_owned();
    let choose = format!("/v1/checkouts/{id}/invoice");
    let body = r#"{"currency":"USDT_TRX"}"#;
    let lost = tokio::select! {
        reply = post(choose.clone(), body) => panic!("answered although it could not be kept: {reply:?}"),
        answered = answers.recv() => answered,
    };
    assert_eq!(lost, Some(()), "the gateway has made the invoice");
    proxy.0.kill().unwrap();
    proxy.0.wait().unwrap();

    *hook.armed.lock().unwrap() = false;
    drop(hook.lock.lock().unwrap().take());
    let count = |table: &str| -> u32 {
        let connection = rusqlite::Connection::open(&database).unwrap();
        connection
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    assert_eq!(
        (count("invoice_requests"), count("invoices")),
        (1, 0),
        "the request is on disk, its answer is not"
    );

    let _proxy = start(&config, address).await;
    let view = Reply::read(post(choose, body).await.unwrap())
        .await
        .expect(200)
        .json();
    assert_eq!(view["state"], "awaiting");
    assert_eq!((count("invoice_requests"), count("invoices")), (1, 1));
    let log = http
        .get(format!("http://{gateway_address}/sandbox/v1/requests"))
        .send()
        .await
        .unwrap();
    let requests = Reply::read(log).await.json();
    let mut ids: Vec<&str> = requests["requests"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|request| request["path"] == "/api/v1/invoice/single-fiat/create")
        .map(|request| text(request, "/answer/body/id"))
        .collect();
    assert_eq!(ids.len(), 2, "asked twice");
    ids.dedup();
    assert_eq!(ids.len(), 1, "for one invoice");
}
