//! Crowds of clients that hold connections open do not keep honest ones from being answered.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::support::{TestProxy, client};

/// So long that no crowd goes away by itself during a test.
const LONG: Duration = Duration::from_secs(3600);

/// A file that no buffers on the way hold.
const LARGE: &str = "/assets/large-0f1e2d3c.wasm";

fn with_a_large_file() -> tempfile::TempDir {
    let files = tempfile::tempdir().unwrap();
    crate::assets::widget(files.path());
    std::fs::write(files.path().join(&LARGE[1..]), vec![0; 64 << 20]).unwrap();
    files
}

/// A proxy with few connections, whose time limits do not help it.
async fn small_shop(files: Option<&tempfile::TempDir>) -> TestProxy {
    TestProxy::with(|config| {
        config.assets = files.map(|files| files.path().to_owned());
        config.limits.connections = 16;
        config.limits.header_timeout = LONG;
        config.limits.write_timeout = LONG;
        config.limits.idle_timeout = LONG;
    })
    .await
}

/// Every request on a connection of its own, as of so many buyers.
async fn assert_served(shop: &TestProxy, id: &str, times: usize) {
    for _ in 0..times {
        let url = format!("http://{}/v1/checkouts/{id}", shop.address);
        let status = client().get(url).send().await.unwrap().status();
        assert_eq!(status, 200);
    }
}

/// A connection that takes little of what it is sent, so that a few answers fill it.
async fn narrow(address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.set_send_buffer_size(4096).unwrap();
    socket.connect(address).await.unwrap()
}

/// Asks again and again and reads nothing, until the proxy ends it.
async fn ask_without_reading(mut stream: TcpStream, path: String) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    while stream.write_all(request.as_bytes()).await.is_ok() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_never_read() {
    let files = with_a_large_file();
    let shop = small_shop(Some(&files)).await;
    let id = shop.checkout().await;
    let mut crowd = JoinSet::new();
    // All of them stand in the queue before the first honest one, so that none comes later and takes its place while this computer
    // is too busy to send its request.
    for n in 0..64 {
        let path = [LARGE.to_owned(), format!("/pay/{id}")][n % 2].clone();
        let stream = narrow(shop.address).await;
        crowd.spawn(ask_without_reading(stream, path));
    }
    assert_served(&shop, &id, 20).await;
    crowd.abort_all();
    assert_served(&shop, &id, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_never_finish_a_head() {
    let shop = small_shop(None).await;
    let id = shop.checkout().await;
    let mut crowd = Vec::new();
    for n in 0..64 {
        let mut stream = TcpStream::connect(shop.address).await.unwrap();
        let head = ["", "GET /v1", "GET /v1/checkouts/x HTTP/1.1\r\nX: "][n % 3];
        stream.write_all(head.as_bytes()).await.unwrap();
        crowd.push(stream);
        assert_served(&shop, &id, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_never_send_a_body_and_clients_with_nothing_to_ask() {
    let shop = TestProxy::with(|config| {
        config.limits.connections = 16;
        config.limits.body_timeout = LONG;
        config.limits.idle_timeout = LONG;
    })
    .await;
    let id = shop.checkout().await;
    let mut crowd = Vec::new();
    for n in 0..64 {
        let mut stream = TcpStream::connect(shop.address).await.unwrap();
        let request = [
            "GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "POST /v1/checkouts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n{",
        ][n % 2];
        stream.write_all(request.as_bytes()).await.unwrap();
        if n % 2 == 0 {
            assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
        }
        crowd.push(stream);
        assert_served(&shop, &id, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_go_away_at_any_moment() {
    let shop = TestProxy::start().await;
    let id = shop.checkout().await;
    let mut crowd = JoinSet::new();
    for n in 0..64_usize {
        let (address, id) = (shop.address, id.clone());
        crowd.spawn(async move {
            let request = format!("GET /v1/checkouts/{id} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            for round in 0.. {
                let Ok(mut stream) = TcpStream::connect(address).await else {
                    continue;
                };
                drop(stream.write_all(request.as_bytes()).await);
                // Gone before, while, or after the store is read.
                for _ in 0..(n * 7 + round * 13) % 50 {
                    tokio::task::yield_now().await;
                }
            }
        });
    }
    for _ in 0..300 {
        shop.show(&id).await;
    }
    crowd.abort_all();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_nobody_takes_ends_its_connection() {
    let files = with_a_large_file();
    let shop = TestProxy::with(|config| {
        config.assets = Some(files.path().to_owned());
        config.limits.write_timeout = Duration::from_millis(200);
    })
    .await;
    // Returns only when the proxy has closed the connection.
    ask_without_reading(narrow(shop.address).await, LARGE.to_owned()).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_system_keeps_little_of_an_answer_that_nobody_takes() {
    let listener = calypso_proxy::listen("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let (client, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
    let (accepted, _) = accepted.unwrap();
    let kept = socket2::SockRef::from(&accepted)
        .send_buffer_size()
        .unwrap();
    assert!((128 << 10..=256 << 10).contains(&kept), "{kept} bytes");
    drop(client);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_a_request_is_closed() {
    let shop =
        TestProxy::with(|config| config.limits.idle_timeout = Duration::from_millis(200)).await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    let request = b"GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    assert!(answer.starts_with(b"HTTP/1.1 404"), "answered, then closed");
}
