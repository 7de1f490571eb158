//! Keys are exchanged while the program serves: by SIGHUP, and when their files change.

use std::io::BufRead as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::program::{program, write_config};
use crate::support::{GATEWAY_SECRET, Gateway, Reply};

const FIRST: &str = "rotation-canary-first-0a1b2c3d";
const SECOND: &str = "rotation-canary-second-4e5f6a7b";
const THIRD: &str = "rotation-canary-third-8c9d0e1f";

/// A running program whose secrets stand in files.
struct Served {
    child: Child,
    address: SocketAddr,
    directory: tempfile::TempDir,
    config: PathBuf,
    log: Receiver<String>,
    http: reqwest::Client,
    _gateway: Gateway,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn with_files(mut command: Command) -> Command {
    command
        .env_remove("CALYPSO_PROXY_MERCHANT_KEY")
        .env_remove("CALYPSO_PROXY_GATEWAY__SECRET")
        .env("RUST_LOG", "info");
    command
}

impl Served {
    /// Starts it, with so many milliseconds between two looks at the files.
    async fn start(pace: u64) -> Self {
        let gateway = Gateway::start().await;
        let directory = tempfile::tempdir().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let config = write_config(directory.path(), &gateway.base, address.port());
        let text = std::fs::read_to_string(&config).unwrap();
        let text = format!("merchant_key_file = \"merchant\"\n{text}").replace(
            "timeout_ms = 20000\n",
            &format!("timeout_ms = 20000\nsecret_file = \"secret\"\n[pace]\nkeys_ms = {pace}\n"),
        );
        std::fs::write(&config, text).unwrap();
        put(directory.path(), "merchant", FIRST);
        put(directory.path(), "secret", GATEWAY_SECRET);
        let mut child = with_files(program())
            .args(["serve", "--config"])
            .arg(&config)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = child.stderr.take().unwrap();
        let (said, log) = channel();
        std::thread::spawn(move || {
            for line in std::io::BufReader::new(stderr).lines() {
                let Ok(line) = line else { return };
                if said.send(line).is_err() {
                    return;
                }
            }
        });
        let served = Self {
            child,
            address,
            directory,
            config,
            log,
            http: crate::support::client(),
            _gateway: gateway,
        };
        served.says(" serving");
        served
    }

    /// Waits until the log says something. Answers with the line.
    fn says(&self, what: &str) -> String {
        loop {
            let line = self.log.recv_timeout(Duration::from_secs(60));
            let line = line.unwrap_or_else(|_| panic!("the log does not say {what:?}"));
            assert!(!line.contains("canary"), "a key is in the log: {line}");
            if line.contains(what) {
                return line;
            }
        }
    }

    fn put(&self, name: &str, text: &str) {
        put(self.directory.path(), name, text);
    }

    /// Writes more above the first line of the configuration.
    fn configure(&self, more: &str) {
        let text = std::fs::read_to_string(&self.config).unwrap();
        std::fs::write(&self.config, format!("{more}{text}")).unwrap();
    }

    fn hang_up(&self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-HUP", &id])
                .status()
                .unwrap()
                .success()
        );
    }

    async fn status(&self, key: &str) -> u16 {
        asked(&self.http, self.address, key).await
    }

    async fn check(&self) -> (bool, String) {
        let mut command = with_files(program());
        command.args(["check", "--config"]).arg(&self.config);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap(),
        )
    }
}

/// Puts a file there in one step.
fn put(directory: &Path, name: &str, text: &str) {
    let new = directory.join(format!("{name}.new"));
    std::fs::write(&new, text).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&new, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::rename(new, directory.join(name)).unwrap();
}

async fn asked(http: &reqwest::Client, address: SocketAddr, key: &str) -> u16 {
    let url = format!("http://{address}/v1/checkouts?externalId=order-1001");
    let request = http
        .get(url)
        .header("authorization", format!("Bearer {key}"));
    Reply::read(request.send().await.unwrap()).await.status
}

const TAKEN: &str = "the keys were read again";
const NOT_TAKEN: &str = "the keys were not taken";

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn keys_are_exchanged_by_a_signal_and_no_request_is_lost_or_refused() {
    let served = Served::start(600_000).await;
    // Servers that go on with the first key until both count, and with the second from then on.
    let (may_change, stop, answered) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let mut servers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (http, address) = (served.http.clone(), served.address);
        let (may_change, stop, answered) = (
            Arc::clone(&may_change),
            Arc::clone(&stop),
            Arc::clone(&answered),
        );
        servers.spawn(async move {
            while !stop.load(Ordering::SeqCst) {
                let key = if may_change.load(Ordering::SeqCst) {
                    SECOND
                } else {
                    FIRST
                };
                assert_eq!(asked(&http, address, key).await, 200);
                answered.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    assert_eq!(served.status(SECOND).await, 401);
    served.configure("previous_merchant_key_file = \"before\"\n");
    served.put("before", FIRST);
    served.put("merchant", SECOND);
    served.hang_up();
    served.says(TAKEN);
    assert_eq!(served.status(FIRST).await, 200);
    assert_eq!(served.status(SECOND).await, 200);
    may_change.store(true, Ordering::SeqCst);
    // Each has asked with the new key before the old one goes.
    let so_far = answered.load(Ordering::SeqCst);
    while answered.load(Ordering::SeqCst) < so_far + 40 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    served.put("before", THIRD);
    served.hang_up();
    served.says(TAKEN);
    assert_eq!(served.status(FIRST).await, 401);
    assert_eq!(served.status(SECOND).await, 200);
    stop.store(true, Ordering::SeqCst);
    servers.join_all().await;
    // It still serves, and stops like any program that is told to.
    assert_eq!(served.status(THIRD).await, 200);
}

#[cfg(unix)]
#[tokio::test]
async fn broken_files_leave_every_key_as_it_is_and_are_named() {
    let served = Served::start(600_000).await;
    let config = std::fs::read_to_string(&served.config).unwrap();
    let broken: [(&str, &dyn Fn(), &str); 7] = [
        (
            "short",
            &|| served.put("merchant", "short"),
            "`merchant_key`",
        ),
        ("empty", &|| served.put("merchant", ""), "`merchant_key`"),
        (
            "two lines",
            &|| served.put("merchant", &format!("{SECOND}\n{THIRD}\n")),
            "`merchant_key`",
        ),
        (
            "no file",
            &|| std::fs::remove_file(served.directory.path().join("merchant")).unwrap(),
            "`merchant_key_file`",
        ),
        (
            "the gateway's",
            &|| served.put("merchant", GATEWAY_SECRET),
            "`merchant_key`",
        ),
        (
            "no configuration",
            &|| std::fs::write(&served.config, "listen = ").unwrap(),
            "not TOML",
        ),
        (
            "another store",
            &|| {
                served.put("merchant", SECOND);
                let text = config.replace(
                    "0x00000000000000000000000000000000000000aa",
                    "0x00000000000000000000000000000000000000ab",
                );
                std::fs::write(&served.config, text).unwrap();
            },
            "another gateway account",
        ),
    ];
    for (name, break_it, expected) in broken {
        std::fs::write(&served.config, &config).unwrap();
        break_it();
        served.hang_up();
        let said = served.says(NOT_TAKEN);
        assert!(said.contains(expected), "{name}: {said}");
        assert_eq!(served.status(FIRST).await, 200, "{name}");
        assert_eq!(served.status(SECOND).await, 401, "{name}");
        let (is_right, said) = served.check().await;
        assert!(!is_right && said.contains("WRONG"), "{name}: {said}");
    }
    // Mended, they count.
    std::fs::write(&served.config, &config).unwrap();
    served.put("merchant", SECOND);
    served.hang_up();
    served.says(TAKEN);
    assert_eq!(served.status(FIRST).await, 401);
    assert_eq!(served.status(SECOND).await, 200);
}

#[tokio::test]
async fn changed_files_are_read_without_a_signal() {
    let served = Served::start(100).await;
    assert_eq!(served.status(FIRST).await, 200);
    // A named key comes with its table.
    served.put("till", THIRD);
    let text = std::fs::read_to_string(&served.config).unwrap();
    let table = "\n[[keys]]\nname = \"till\"\nscope = \"create\"\nkey_file = \"till\"\n";
    std::fs::write(&served.config, format!("{text}{table}")).unwrap();
    served.says(TAKEN);
    assert_eq!(served.status(THIRD).await, 403);
    served.put("merchant", SECOND);
    served.says(TAKEN);
    assert_eq!(served.status(FIRST).await, 401);
    assert_eq!(served.status(SECOND).await, 200);
    served.put("merchant", "short");
    served.says(NOT_TAKEN);
    assert_eq!(served.status(SECOND).await, 200);
}
