//! The program `calypso-sandbox`: a gateway for development, on one port of this computer.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use calypso_sandbox::{Sandbox, Scenario, Settings};
use clap::Parser;
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;

/// A Calypso Pay gateway on your desk: behaves as documented, knows no money.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Port to listen on; 0 takes any free one.
    #[arg(long, default_value_t = 8090)]
    port: u16,
    /// Address to listen on. Whoever reaches it can use the control side.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Host by which requests may name the sandbox beside 127.0.0.1, [::1], localhost and the address it listens on, such as
    /// the name of its container; can be given several times. Any other is refused, because web pages can point names of
    /// their own at this computer.
    #[arg(long = "allow-host", value_name = "HOST")]
    allow_hosts: Vec<String>,
    /// Public API key that requests must carry.
    #[arg(long, env = "CALYPSO_SANDBOX_KEY", default_value = "sandbox-key")]
    key: String,
    /// Secret that requests must be signed with.
    #[arg(
        long,
        env = "CALYPSO_SANDBOX_SECRET",
        default_value = "sandbox-secret",
        hide_env_values = true
    )]
    secret: SecretString,
    /// Merchant account that requests must name.
    #[arg(
        long,
        env = "CALYPSO_SANDBOX_ACCOUNT",
        default_value = "0x5a4db0c0ffee00000000000000000000000a11ce"
    )]
    account: String,
    /// Repeats the identifiers, addresses and rates of a run with the same seed. A data file brings its own.
    #[arg(long)]
    seed: Option<u64>,
    /// File with a scenario to play from the start, as JSON or TOML.
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// File to keep the state in, so that it survives a restart. Without it everything is in memory.
    #[arg(long)]
    data: Option<PathBuf>,
}

fn read_scenario(file: &Path) -> anyhow::Result<Scenario> {
    let shown = file.display();
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("cannot read the scenario {shown}"))?;
    Scenario::parse(&text).with_context(|| format!("{shown} is no scenario"))
}

/// What happens goes to standard error, as RUST_LOG says; by default that the clock was moved, and what is wrong.
fn start_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let defaults = Settings::default();
    let seed = arguments.seed.unwrap_or(defaults.seed);
    let Arguments {
        key,
        secret,
        account,
        data,
        scenario,
        bind,
        mut allow_hosts,
        ..
    } = arguments;
    start_log();
    // A number in the place of a name cannot be pointed elsewhere.
    if !bind.is_unspecified() {
        allow_hosts.push(match bind {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        });
    }
    let scenario = scenario.map(|file| read_scenario(&file)).transpose()?;
    let settings = Settings {
        key,
        secret,
        account,
        seed,
        allowed_hosts: allow_hosts,
        ..defaults
    };
    let sandbox = match data {
        Some(file) => Sandbox::open(settings, &file)?,
        None => Sandbox::new(settings),
    };
    if let Some(scenario) = scenario {
        sandbox.play(scenario);
    }
    let place = (arguments.bind, arguments.port);
    let (address, server) = sandbox
        .listen(place)
        .await
        .with_context(|| format!("cannot listen on {}:{}", place.0, place.1))?;
    let mut out = std::io::stdout();
    let seed = sandbox.seed();
    writeln!(
        out,
        "sandbox ready: http://{address}/sandbox/ (gateway at http://{address}/api/v1/, seed {seed})"
    )?;
    out.flush()?;
    tokio::select! {
        ended = server => ended.context("the server ended by itself"),
        signal = tokio::signal::ctrl_c() => signal.context("cannot wait for an interrupt"),
    }
}
