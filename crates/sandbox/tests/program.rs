//! The program `calypso-sandbox`, started as people start it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Ended with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let ended = self.0.kill().and_then(|()| self.0.wait());
        assert!(ended.is_ok(), "the program was running");
    }
}

fn start(arguments: &[&str]) -> (Running, String) {
    let program = Command::new(env!("CARGO_BIN_EXE_calypso-sandbox"))
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut running = Running(program);
    let mut line = String::new();
    let out = running.0.stdout.take().unwrap();
    BufReader::new(out).read_line(&mut line).unwrap();
    (running, line)
}

#[tokio::test]
async fn it_says_where_it_serves_and_takes_key_secret_and_account() {
    let arguments = [
        "--port",
        "0",
        "--key",
        "kay",
        "--secret",
        "sesame",
        "--account",
        "acme",
        "--seed",
        "7",
    ];
    let (_running, line) = start(&arguments);
    assert!(
        line.starts_with("sandbox ready: http://127.0.0.1:"),
        "{line}"
    );
    assert!(line.trim_end().ends_with("seed 7)"), "{line}");
    assert!(!line.contains("sesame"), "{line}");
    let base = line
        .split_whitespace()
        .nth(2)
        .unwrap()
        .trim_end_matches("sandbox/");

    let client = reqwest::Client::new();
    let clock = client
        .get(format!("{base}sandbox/v1/clock"))
        .send()
        .await
        .unwrap();
    let clock: serde_json::Value = serde_json::from_str(&clock.text().await.unwrap()).unwrap();
    assert_eq!(clock["offsetSeconds"], 0);
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let body = format!(
        "{{\"timestamp\":{now},\"account\":\"acme\",\"payload\":{{\"currency\":\"BTC\",\"fiatAmount\":25,\
         \"fiatCurrency\":\"EUR\",\"description\":\"x\"}}}}"
    );
    let sign = calypso::sign::sign(&"sesame".into(), body.as_bytes());
    let url = format!("{base}api/v1/invoice/single-fiat/create");
    let request = client
        .post(url)
        .header("Key", "kay")
        .header("Sign", sign)
        .body(body);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("\"state\":\"PENDING_PAYMENT\"")
    );
}

#[test]
fn a_port_in_use_is_an_error_that_names_it() {
    let (_running, line) = start(&["--port", "0"]);
    let port = line
        .split(':')
        .nth(3)
        .unwrap()
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let second = Command::new(env!("CARGO_BIN_EXE_calypso-sandbox"))
        .args(["--port", &port])
        .output()
        .unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(
        said.contains(&format!("cannot listen on 127.0.0.1:{port}")),
        "{said}"
    );
}

#[tokio::test]
async fn a_data_file_survives_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sandbox.json");
    let arguments = ["--port", "0", "--data", file.to_str().unwrap()];
    let clock = async |line: &str| {
        let base = line.split_whitespace().nth(2).unwrap().to_owned();
        (
            format!("{base}v1/clock"),
            line.split("seed ").nth(1).unwrap().to_owned(),
        )
    };
    let (running, line) = start(&arguments);
    let (url, seed) = clock(&line).await;
    let client = reqwest::Client::new();
    let advance = client
        .post(url)
        .header("content-type", "application/json")
        .body("{\"advanceSeconds\":77}");
    assert!(advance.send().await.unwrap().status().is_success());
    drop(running);
    let (_running, line) = start(&arguments);
    let (url, same_seed) = clock(&line).await;
    let shown = client.get(url).send().await.unwrap().text().await.unwrap();
    assert!(shown.ends_with("\"offsetSeconds\":77}"), "{shown}");
    assert_eq!(same_seed, seed);
}

#[tokio::test]
async fn a_clock_that_was_moved_is_said_in_the_log_and_at_the_next_start() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sandbox.json");
    let arguments = ["--port", "0", "--data", file.to_str().unwrap()];
    for expected in ["ahead_seconds=10800", "ahead_seconds=21600"] {
        let program = Command::new(env!("CARGO_BIN_EXE_calypso-sandbox"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut running = Running(program);
        let mut line = String::new();
        let out = running.0.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let base = line.split_whitespace().nth(2).unwrap().to_owned();
        let advance = reqwest::Client::new()
            .post(format!("{base}v1/clock"))
            .header("content-type", "application/json")
            .body("{\"advanceSeconds\":10800}");
        assert!(advance.send().await.unwrap().status().is_success());
        let mut log = BufReader::new(running.0.stderr.take().unwrap()).lines();
        let said = log.find(|line| line.as_ref().unwrap().contains(expected));
        let said = said.unwrap().unwrap();
        assert!(said.contains("the virtual clock was moved"), "{said}");
    }
}

#[tokio::test]
async fn names_of_this_computer_are_those_it_was_told() {
    let (_running, line) = start(&["--port", "0", "--allow-host", "sandbox.internal"]);
    let base = line.split_whitespace().nth(2).unwrap().to_owned();
    for (host, status) in [
        ("sandbox.internal:8090", 200),
        ("127.0.0.1", 200),
        ("rebind.test:8090", 403),
    ] {
        let request = reqwest::Client::new()
            .get(format!("{base}v1/clock"))
            .header("host", host);
        assert_eq!(request.send().await.unwrap().status(), status, "{host}");
    }
}

#[tokio::test]
async fn a_scenario_is_played_from_the_start() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/bad-evening.toml");
    let (_running, line) = start(&["--port", "0", "--scenario", example]);
    let base = line.split_whitespace().nth(2).unwrap().to_owned();
    let shown = reqwest::get(format!("{base}v1/scenario")).await.unwrap();
    let shown = shown.text().await.unwrap();
    assert!(
        shown.starts_with("{\"scenario\":{\"name\":\"A bad evening\",\"seed\":20260105,"),
        "{shown}"
    );
    assert!(
        shown.contains("{\"step\":1,\"at\":0,\"does\":\"rate\",\"state\":\"done\"}"),
        "{shown}"
    );
}

#[test]
fn a_scenario_with_a_mistake_is_an_error_that_names_file_step_and_field() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("evening.toml");
    let run = || {
        let arguments = ["--port", "0", "--scenario", file.to_str().unwrap()];
        let ended = Command::new(env!("CARGO_BIN_EXE_calypso-sandbox"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(!ended.status.success() && ended.stdout.is_empty());
        String::from_utf8(ended.stderr).unwrap()
    };
    assert!(run().contains("cannot read the scenario"));
    std::fs::write(&file, "[[steps]]\nat = 1\nfault = { kind = \"storm\" }\n").unwrap();
    let said = run();
    assert!(said.contains("evening.toml is no scenario"), "{said}");
    assert!(
        said.contains("step 1, fault.kind: expected one of error500"),
        "{said}"
    );
}
