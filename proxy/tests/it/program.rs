//! The program itself: `check`, `--help`, and a shutdown that waits for open requests.

use std::process::{Command, Output, Stdio};

use crate::support::{
    ACCOUNT, CREATE, GATEWAY_KEY, GATEWAY_SECRET, Gateway, MERCHANT_KEY, Reply, text,
};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_calypso-proxy");

/// A configuration file for the program, with a free port.
pub(crate) fn write_config(
    directory: &std::path::Path,
    gateway: &str,
    port: u16,
) -> std::path::PathBuf {
    let path = directory.join("proxy.toml");
    let text = format!(
        "listen = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\ndatabase = \"proxy.sqlite3\"\ncurrencies = [\"USDT_TRX\", \"BTC\"]\n\
         [gateway]\nbase_url = \"{gateway}\"\naccount = \"{ACCOUNT}\"\nkey = \"{GATEWAY_KEY}\"\ntimeout_ms = 5000\n\
         [[products]]\nkey = \"demo-order\"\nprice = \"25.00\"\ncurrency = \"EUR\"\ndescription = \"Order 1001\"\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

pub(crate) fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .env_clear()
        .env("CALYPSO_PROXY_MERCHANT_KEY", MERCHANT_KEY)
        .env("CALYPSO_PROXY_GATEWAY__SECRET", GATEWAY_SECRET)
        .env("RUST_LOG", "trace")
        .stdin(Stdio::null());
    command
}

async fn check(config: &std::path::Path) -> Output {
    let mut command = program();
    command.args(["check", "--config"]).arg(config);
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn check_says_what_is_right_and_what_is_wrong() {
    let mut gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &gateway.base, 0);
    let output = check(&config).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("ok    gateway:") && said.contains("it quotes 2 of 2 currencies"),
        "{said}"
    );

    gateway.stop().await;
    let output = check(&config).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success());
    assert!(
        said.contains("WRONG gateway:") && said.contains("ok    database:"),
        "{said}"
    );

    let broken = std::fs::read_to_string(&config)
        .unwrap()
        .replace("listen", "lisen");
    std::fs::write(&config, broken).unwrap();
    let output = check(&config).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        !output.status.success()
            && said.starts_with("WRONG configuration:")
            && said.contains("lisen"),
        "{said}"
    );
    assert!(!said.contains(GATEWAY_SECRET) && !said.contains(MERCHANT_KEY));
}

#[test]
fn help_names_every_command() {
    let help = |arguments: &[&str]| {
        String::from_utf8(program().args(arguments).output().unwrap().stdout).unwrap()
    };
    let all = help(&["--help"]);
    assert!(all.contains("serve") && all.contains("check"), "{all}");
    let serve = help(&["serve", "--help"]);
    assert!(
        serve.contains("--config <FILE>")
            && serve.contains("SIGTERM")
            && serve.contains("RUST_LOG"),
        "{serve}"
    );
}

#[test]
fn a_configuration_that_cannot_be_used_ends_the_program() {
    let output = program()
        .args(["serve", "--config", "/nowhere.toml"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("/nowhere.toml"), "{said}");
}

#[cfg(unix)]
#[tokio::test]
async fn told_to_stop_it_finishes_what_it_has_begun() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config = write_config(directory.path(), &gateway.base, address.port());
    let mut child = crate::crash::start(&config, address).await;
    let http = crate::support::client();
    let post = |path: String, body: &'static str| {
        let request = http.post(format!("http://{address}{path}"));
        request
            .header("content-type", "application/json")
            .body(body)
            .send()
    };
    let made = Reply::read(
        post("/v1/checkouts".to_owned(), r#"{"product":"demo-order"}"#)
            .await
            .unwrap(),
    )
    .await;
    let id = text(&made.expect(201).json(), "/id").to_owned();

    // The gateway takes its time, and meanwhile the program is told to stop.
    gateway.fault(CREATE, "latency", 1).await;
    let open = tokio::spawn(post(
        format!("/v1/checkouts/{id}/invoice"),
        r#"{"currency":"BTC"}"#,
    ));
    while gateway.calls(CREATE).await == 0 {
        tokio::task::yield_now().await;
    }
    let told = Command::new("kill")
        .args(["-TERM", &child.0.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    let reply = Reply::read(open.await.unwrap().expect("the open request is answered"))
        .await
        .expect(200);
    assert_eq!(reply.json()["state"], "awaiting");
    let status = tokio::task::spawn_blocking(move || child.0.wait())
        .await
        .unwrap()
        .unwrap();
    assert!(status.success(), "{status}");
    assert!(
        post("/v1/checkouts".to_owned(), r#"{"product":"demo-order"}"#)
            .await
            .is_err(),
        "nobody listens any more"
    );
}
