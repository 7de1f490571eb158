//! The two programs, as processes of their own; they end with this one, also when it fails.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::log::Log;

pub(crate) const MERCHANT_KEY: &str = "bench-merchant-key-0123456789";
pub(crate) const GATEWAY_KEY: &str = "sandbox-key";
pub(crate) const GATEWAY_SECRET: &str = "bench-gateway-secret";
pub(crate) const ACCOUNT: &str = "0x5a4db0c0ffee00000000000000000000000a11ce";

/// A database's file.
const DATABASE: &str = "proxy.sqlite3";

/// What the shop sells. A product may be made so often an hour; a shop with this many buyers has several.
pub(crate) const PRODUCTS: [&str; 4] = ["beans", "beans-decaf", "machine", "gift-card"];

/// One more, which nobody buys.
const SAMPLE: &str = "free-sample";

/// Stands in for the widget's module, and is as large as one that nobody has made smaller.
pub(crate) const MODULE: &str = "/assets/calypso-pay-0f1e2d3c.wasm";
const MODULE_BYTES: usize = 4 << 20;

/// Where the programs are, and where they may write.
#[derive(clap::Args)]
pub(crate) struct Programs {
    /// The directory with calypso-proxy and calypso-sandbox.
    #[arg(long)]
    programs: PathBuf,
    /// A directory for configuration, database and logs; emptied first.
    #[arg(long)]
    room: PathBuf,
}

/// A program that runs until this is dropped.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The gateway.
pub(crate) struct Sandbox {
    _running: Running,
    pub(crate) address: SocketAddr,
}

/// The proxy under test.
pub(crate) struct Proxy {
    running: Running,
    pub(crate) address: SocketAddr,
    database: PathBuf,
    log: PathBuf,
}

/// Sizes of files, in bytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Disk {
    /// The database's file.
    pub(crate) database: u64,
    /// Its write-ahead log.
    pub(crate) write_ahead: u64,
    /// What the proxy said.
    pub(crate) log: u64,
}

/// What differs between runs.
pub(crate) struct Shop<'a> {
    /// Names its files.
    pub(crate) name: &'a str,
    /// Whether the configuration says that nothing stands in front, so that clients are told apart by network.
    pub(crate) counts_networks: bool,
    /// `pace.watch_ms`.
    pub(crate) watch: Duration,
    /// The URL of its database; a file of its own where there is none.
    pub(crate) database: Option<String>,
}

impl Programs {
    /// Empties the room and starts the gateway.
    pub(crate) fn sandbox(&self) -> Result<Sandbox> {
        if self.room.exists() {
            std::fs::remove_dir_all(&self.room).context("the last run cannot be removed")?;
        }
        std::fs::create_dir_all(&self.room).context("the room cannot be made")?;
        self.write_widget()
            .context("the widget's files cannot be written")?;
        let mut child = Command::new(self.programs.join("calypso-sandbox"))
            .args([
                "--port",
                "0",
                "--secret",
                GATEWAY_SECRET,
                "--account",
                ACCOUNT,
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(File::create(self.room.join("sandbox.log"))?))
            .spawn()
            .context("calypso-sandbox did not start")?;
        let output = child.stdout.take().context("its output was piped")?;
        let running = Running(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line
            .split_once("http://")
            .and_then(|(_, rest)| rest.split('/').next())
            .and_then(|address| address.parse().ok())
            .with_context(|| format!("the sandbox said no address: {line}"))?;
        Ok(Sandbox {
            _running: running,
            address,
        })
    }

    fn widget(&self) -> PathBuf {
        self.room.join("widget")
    }

    /// Files where a built widget would be, so that the benchmark needs none.
    fn write_widget(&self) -> std::io::Result<()> {
        let widget = self.widget();
        std::fs::create_dir_all(widget.join("assets"))?;
        std::fs::write(widget.join("calypso-pay.js"), "")?;
        std::fs::write(widget.join("integrity.json"), "{}")?;
        std::fs::write(widget.join("assets/calypso-pay-0f1e2d3c.css"), "")?;
        std::fs::write(widget.join(&MODULE[1..]), vec![0; MODULE_BYTES])
    }

    /// Starts a proxy with a new database.
    pub(crate) fn proxy(&self, sandbox: &Sandbox, shop: &Shop<'_>) -> Result<Proxy> {
        let room = self.room.join(shop.name);
        std::fs::create_dir_all(&room)?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let config = room.join("proxy.toml");
        std::fs::write(&config, configuration(address, sandbox.address, shop))?;
        let log = room.join("proxy.log");
        let mut program = Command::new(self.programs.join("calypso-proxy"));
        if let Some(url) = &shop.database {
            program.env("CALYPSO_PROXY_DATABASE", url);
        }
        let child = program
            .args(["serve", "--config"])
            .arg(&config)
            .env("CALYPSO_PROXY_MERCHANT_KEY", MERCHANT_KEY)
            .env("CALYPSO_PROXY_GATEWAY__SECRET", GATEWAY_SECRET)
            .env("CALYPSO_PROXY_ASSETS", std::path::absolute(self.widget())?)
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::from(File::create(&log)?))
            .spawn()
            .context("calypso-proxy did not start")?;
        let mut proxy = Proxy {
            running: Running(child),
            address,
            database: room.join(DATABASE),
            log,
        };
        for _ in 0..500 {
            if TcpStream::connect(address).is_ok() {
                return Ok(proxy);
            }
            if let Some(status) = proxy.running.0.try_wait()? {
                bail!("calypso-proxy ended with {status}: {}", proxy.said());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!(
            "calypso-proxy does not listen on {address}: {}",
            proxy.said()
        );
    }
}

impl Proxy {
    /// What it says, from the beginning.
    pub(crate) fn log(&self) -> Result<Log> {
        Log::open(&self.log)
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// How much it has written.
    pub(crate) fn disk(&self) -> Disk {
        let mut wal = self.database.clone().into_os_string();
        wal.push("-wal");
        Disk {
            database: bytes(&self.database),
            write_ahead: bytes(Path::new(&wal)),
            log: bytes(&self.log),
        }
    }

    /// Lets it finish, whereby it writes its log back into the database.
    #[cfg(unix)]
    pub(crate) fn stop(&mut self) -> Result<()> {
        use rustix::process::{Signal, kill_process};

        let pid = rustix::process::Pid::from_child(&self.running.0);
        kill_process(pid, Signal::TERM).context("the proxy cannot be told to stop")?;
        let status = self.running.0.wait()?;
        if !status.success() {
            bail!("calypso-proxy ended with {status}: {}", self.said());
        }
        Ok(())
    }

    /// Ends it.
    #[cfg(not(unix))]
    pub(crate) fn stop(&mut self) -> Result<()> {
        self.running.0.kill()?;
        self.running.0.wait()?;
        Ok(())
    }

    /// The memory it has now, in kilobytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.running.0.id()))?;
        let now = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let now = now.and_then(|line| line.split_whitespace().next());
        Ok(now
            .context("the system does not say how much memory it has")?
            .parse()?)
    }

    /// The most memory it has had, in kilobytes. Nought where the system does not say.
    pub(crate) fn memory_peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.running.0.id()));
        let peak = status.unwrap_or_default().lines().find_map(|line| {
            let words = line.strip_prefix("VmHWM:")?;
            words.split_whitespace().next()?.parse().ok()
        });
        peak.unwrap_or(0)
    }
}

fn bytes(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |about| about.len())
}

/// Every limit is the one a shop gets that sets none, but that of the merchant's own server: what is measured is how much it could do.
fn configuration(address: SocketAddr, gateway: SocketAddr, shop: &Shop<'_>) -> String {
    use std::fmt::Write as _;

    let mut text = format!(
        "listen = \"{address}\"\npublic_url = \"http://{address}\"\ndatabase = \"{DATABASE}\"\ncurrencies = [\"BTC\", \"LTC\", \"USDT_TRX\"]\n\
         [gateway]\nbase_url = \"http://{gateway}\"\naccount = \"{ACCOUNT}\"\nkey = \"{GATEWAY_KEY}\"\n\
         [pace]\nwatch_ms = {}\n",
        shop.watch.as_millis()
    );
    text.push_str("[limits]\nmerchant_calls_per_minute = 0\n");
    if shop.counts_networks {
        text.push_str("trusted_proxies = []\n");
    }
    for product in PRODUCTS.iter().chain([&SAMPLE]) {
        let written = write!(
            text,
            "[[products]]\nkey = \"{product}\"\nprice = \"25.00\"\ncurrency = \"EUR\"\ndescription = \"A product named {product}\"\n"
        );
        written.expect("writing into a text cannot fail");
    }
    text
}
