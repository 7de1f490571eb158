//! The program itself: `check`, `--help`, and a shutdown that waits for open requests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::support::{
    ACCOUNT, CREATE, GATEWAY_KEY, GATEWAY_SECRET, Gateway, MERCHANT_KEY, Reply, text,
};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_calypso-proxy");

/// A configuration file for the program, with a free port.
pub(crate) fn write_config(directory: &Path, gateway: &str, port: u16) -> PathBuf {
    let path = directory.join("proxy.toml");
    let text = format!(
        "listen = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\ndatabase = \"proxy.sqlite3\"\ncurrencies = [\"USDT_TRX\", \"BTC\"]\n\
         [gateway]\nbase_url = \"{gateway}\"\naccount = \"{ACCOUNT}\"\nkey = \"{GATEWAY_KEY}\"\ntimeout_ms = 20000\n\
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

pub(crate) async fn check(config: &Path) -> Output {
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
        said.contains("ok    gateway:")
            && said.contains("accepts key, signature and account")
            && said.contains("it quotes 2 of 2 currencies"),
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

/// Every file of a directory, with what is in it.
pub(crate) fn listing(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.clone(), std::fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn check_changes_nothing() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &gateway.base, 0);
    let listing = || listing(directory.path());
    let before = listing();
    let said = String::from_utf8(check(&config).await.stdout).unwrap();
    assert!(
        said.contains("is not there yet; `serve` makes it"),
        "{said}"
    );
    assert_eq!(listing(), before);
}

#[tokio::test]
async fn check_looks_at_everything_after_the_first_mistake() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &gateway.base, 0);
    let broken = std::fs::read_to_string(&config)
        .unwrap()
        .replace(
            "proxy.sqlite3\"",
            "nowhere/proxy.sqlite3\"\nassets = \"nowhere\"",
        )
        .replace("25.00", "25.001");
    std::fs::write(&config, broken).unwrap();
    let said = String::from_utf8(check(&config).await.stdout).unwrap();
    for part in [
        "WRONG configuration: `products[0].price`",
        "WRONG database:",
        "WRONG widget:",
        "ok    gateway:",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

/// Every environment variable that the help or a document names, and that it is taken.
#[tokio::test]
async fn every_variable_that_is_named_is_taken() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &gateway.base, 0);
    let help = |arguments: &[&str]| {
        String::from_utf8(program().args(arguments).output().unwrap().stdout).unwrap()
    };
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let read = |path: &str| std::fs::read_to_string(format!("{root}/{path}")).unwrap();
    let texts = [
        help(&["--help"]),
        help(&["serve", "--help"]),
        help(&["check", "--help"]),
        read("README.md"),
        read("proxy/config.example.toml"),
        read("docs/SECURITY.md"),
        read("docs/ARCHITECTURE.md"),
    ]
    .join("\n");
    let mut named: Vec<&str> = texts
        .split(|c: char| !(c.is_ascii_uppercase() || c == '_'))
        .filter(|word| word.starts_with("CALYPSO_PROXY_") && word.len() > 14)
        .collect();
    named.sort_unstable();
    named.dedup();
    assert!(named.len() >= 5, "{named:?}");
    for name in named {
        let value = match name {
            "CALYPSO_PROXY_CONFIG" => config.to_str().unwrap(),
            "CALYPSO_PROXY_LOG_FORMAT" => "json",
            "CALYPSO_PROXY_LISTEN" => "127.0.0.1:0",
            "CALYPSO_PROXY_GATEWAY__BASE_URL" => &gateway.base,
            "CALYPSO_PROXY_MERCHANT_KEY" => MERCHANT_KEY,
            "CALYPSO_PROXY_PREVIOUS_MERCHANT_KEY" => "the-merchant-key-before",
            "CALYPSO_PROXY_GATEWAY__SECRET" => GATEWAY_SECRET,
            // The seed of RFC 8032's first test, which is nobody's secret.
            "CALYPSO_PROXY_ATTESTATION__KEY" => "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "CALYPSO_PROXY_DATABASE" => "other.sqlite3",
            other => {
                panic!("{other} is named somewhere; say here what it may be, so that it is tested")
            }
        };
        let mut command = program();
        command.env(name, value).arg("check");
        if name != "CALYPSO_PROXY_CONFIG" {
            command.arg("--config").arg(&config);
        }
        let output = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{name}: {said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// What Kubernetes puts into every container beside a service named `calypso-proxy`, and into those beside `calypso-proxy-canary`.
const SERVICE_LINKS: [(&str, &str); 9] = [
    ("CALYPSO_PROXY_SERVICE_HOST", "10.96.14.3"),
    ("CALYPSO_PROXY_SERVICE_PORT", "8085"),
    ("CALYPSO_PROXY_SERVICE_PORT_HTTP", "8085"),
    ("CALYPSO_PROXY_PORT", "tcp://10.96.14.3:8085"),
    ("CALYPSO_PROXY_PORT_8085_TCP", "tcp://10.96.14.3:8085"),
    ("CALYPSO_PROXY_PORT_8085_TCP_PROTO", "tcp"),
    ("CALYPSO_PROXY_PORT_8085_TCP_PORT", "8085"),
    ("CALYPSO_PROXY_PORT_8085_TCP_ADDR", "10.96.14.3"),
    ("CALYPSO_PROXY_CANARY_PORT", "tcp://10.96.14.4:8085"),
];

#[tokio::test]
async fn beside_a_service_of_its_name_it_starts_and_says_what_it_does_not_read() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &gateway.base, 0);
    let mut command = program();
    command
        .envs(SERVICE_LINKS)
        .args(["check", "--config"])
        .arg(&config);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    let notes: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("note  ") && line.contains("CALYPSO_PROXY_"))
        .collect();
    assert!(
        notes.len() == 1 && notes[0].contains("and 6 more") && notes[0].contains("Kubernetes"),
        "{said}"
    );

    // What was meant for the proxy and misspelt stays a mistake beside them.
    for (name, value) in [
        ("CALYPSO_PROXY_LISEN", "127.0.0.1:8085"),
        ("CALYPSO_PROXY_PORT", "8085"),
        (
            "CALYPSO_PROXY_GATEWAY_BASE_URL",
            "https://api.calypso.finance",
        ),
    ] {
        let mut command = program();
        command
            .env(name, value)
            .args(["check", "--config"])
            .arg(&config);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            !output.status.success() && said.contains(name),
            "{name}: {said}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn serve_logs_json_when_told_and_says_that_the_gateway_is_away() {
    let directory = tempfile::tempdir().unwrap();
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config = write_config(directory.path(), "http://127.0.0.1:9", address.port());
    let mut child = program()
        .env("CALYPSO_PROXY_LOG_FORMAT", "json")
        .env("CALYPSO_PROXY_CONFIG", &config)
        .env("RUST_LOG", "info")
        .envs(SERVICE_LINKS)
        .arg("serve")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = child.stderr.take().unwrap();
    let (line, all_json, has_note) = tokio::task::spawn_blocking(move || {
        use std::io::BufRead as _;
        let (mut all_json, mut has_note) = (true, false);
        for line in std::io::BufReader::new(log).lines() {
            let line = line.unwrap();
            all_json &= serde_json::from_str::<serde_json::Value>(&line).is_ok();
            has_note |= line.contains("INFO") && line.contains("for a service of this name");
            if line.contains("ERROR") {
                return (line, all_json, has_note);
            }
        }
        panic!("the program ended without a word about the gateway");
    })
    .await
    .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(all_json, "{line}");
    assert!(has_note, "what is not read was said before");
    assert!(
        line.contains("no connection to the gateway") && line.contains("no buyer can pay"),
        "{line}"
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
    for signal in ["-TERM", "-INT"] {
        finishes_what_it_has_begun(signal).await;
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn no_core_file_gets_the_secrets() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config = write_config(directory.path(), &gateway.base, address.port());
    let child = crate::running::start(&config, address).await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.0.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
}

#[cfg(unix)]
async fn finishes_what_it_has_begun(signal: &str) {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config = write_config(directory.path(), &gateway.base, address.port());
    let mut child = crate::running::start(&config, address).await;
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
        .args([signal, &child.0.id().to_string()])
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
    assert!(status.success(), "{signal}: {status}");
    assert!(
        post("/v1/checkouts".to_owned(), r#"{"product":"demo-order"}"#)
            .await
            .is_err(),
        "nobody listens any more"
    );
}
