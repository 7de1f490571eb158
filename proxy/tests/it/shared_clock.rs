//! Proxy and sandbox as two programs with one time: moving the sandbox's clock moves what the buyer sees.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::program::{program, write_config};
use crate::running::Running;
use crate::support::{Gateway, Reply, client, text};

/// The program with the sandbox's clock, once it serves.
async fn start(gateway: &Gateway, directory: &std::path::Path) -> (Running, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let config = write_config(directory, &gateway.base, address.port());
    let child: Child = program()
        .args(["serve", "--sandbox-clock", &gateway.base, "--config"])
        .arg(&config)
        .env("RUST_LOG", "warn")
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running(child);
    for _ in 0..500 {
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return (running, address);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the program does not listen on {address}");
}

async fn ask(address: SocketAddr, path: &str, body: Option<Value>) -> Value {
    let url = format!("http://{address}{path}");
    let request = match body {
        Some(body) => client()
            .post(url)
            .header("content-type", "application/json")
            .body(body.to_string()),
        None => client().get(url),
    };
    Reply::read(request.send().await.unwrap()).await.json()
}

/// Whole seconds from one time of an answer to another.
fn seconds(answer: &Value, from: &str, to: &str) -> i64 {
    let time = |pointer| checkout::Timestamp::parse(text(answer, pointer)).unwrap();
    time(to).millis_since(time(from)) / 1000
}

#[tokio::test(flavor = "multi_thread")]
async fn the_buyer_sees_the_price_fixed_for_a_quarter_of_an_hour_and_then_expired() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    // Moved before the proxy starts, as a sandbox that was left running is.
    gateway.sandbox.clock().advance_seconds(93 * 86_400);
    let (_running, address) = start(&gateway, directory.path()).await;
    let made = ask(
        address,
        "/v1/checkouts",
        Some(json!({"product": "demo-order"})),
    )
    .await;
    let path = format!("/v1/checkouts/{}", text(&made, "/id"));
    let order = json!({"currency": "USDT_TRX"});
    let chosen = ask(address, &format!("{path}/invoice"), Some(order)).await;
    let left = seconds(&chosen, "/now", "/invoice/repriceAt");
    assert!(
        (890..=900).contains(&left),
        "repriced in {left} s: {chosen}"
    );

    // What is asked for right after a move already knows of it.
    gateway.sandbox.clock().advance_seconds(600);
    let later = ask(address, &path, None).await;
    let left = seconds(&later, "/now", "/invoice/repriceAt");
    assert!((290..=300).contains(&left), "repriced in {left} s: {later}");

    gateway.sandbox.clock().advance_seconds(4 * 3600);
    let expired = ask(address, &path, None).await;
    assert_eq!(expired["state"], "expired", "{expired}");

    // A reset turns both back to the time of this computer.
    gateway.sandbox.reset();
    let again = ask(
        address,
        "/v1/checkouts",
        Some(json!({"product": "demo-order"})),
    )
    .await;
    let passed = seconds(
        &json!({"then": text(&later, "/now"), "now": text(&again, "/now")}),
        "/now",
        "/then",
    );
    assert!(passed > 92 * 86_400, "{passed} s back");
}

fn run(command: &mut Command) -> (Output, String) {
    let output = command.output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output, said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_elsewhere_keeps_real_time_whatever_was_asked_for() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    for (base, clock, expected) in [
        (
            "https://api.calypso.finance/",
            gateway.base.as_str(),
            "expected `gateway.base_url` on this computer",
        ),
        (
            gateway.base.as_str(),
            "http://192.0.2.7:8090/",
            "expected a sandbox on this computer",
        ),
        (
            gateway.base.as_str(),
            "sandbox",
            "expected the address of a sandbox such as http://127.0.0.1:8090/, got `sandbox`",
        ),
        (
            gateway.base.as_str(),
            "http://127.0.0.1:9/",
            "the sandbox's clock at http://127.0.0.1:9/sandbox/v1/clock does not answer",
        ),
    ] {
        let config = write_config(directory.path(), base, 0);
        for command in ["serve", "check"] {
            let mut program = program();
            program
                .args([command, "--sandbox-clock", clock, "--config"])
                .arg(&config)
                .env("RUST_LOG", "warn");
            let (output, said) = tokio::task::spawn_blocking(move || run(&mut program))
                .await
                .unwrap();
            assert!(!output.status.success(), "{command} {clock}: {said}");
            assert!(said.contains(expected), "{command} {clock}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_that_the_gateways_clock_was_moved() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &gateway.base, 0);
    let check = async |arguments: &[&str]| {
        let mut program = program();
        program
            .arg("check")
            .args(arguments)
            .arg("--config")
            .arg(&config);
        tokio::task::spawn_blocking(move || run(&mut program).1)
            .await
            .unwrap()
    };
    assert!(!check(&[]).await.contains("clock: the gateway is a sandbox"));
    gateway.sandbox.clock().advance_seconds(3 * 3600);
    let said = check(&[]).await;
    assert!(
        said.contains(
            "clock: the gateway is a sandbox whose clock is 3 h 0 min ahead of this computer's"
        ) && said.contains(&format!("--sandbox-clock {}", gateway.base)),
        "{said}"
    );
    let shared = check(&["--sandbox-clock", &gateway.base]).await;
    assert!(
        shared
            .contains("ok    clock: the time is the sandbox's, 3 h 0 min ahead of this computer's"),
        "{shared}"
    );
    gateway.sandbox.reset();
    assert!(!check(&[]).await.contains("clock: the gateway is a sandbox"));
}
