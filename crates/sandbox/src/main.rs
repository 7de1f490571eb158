//! The program `calypso-sandbox`: a gateway for development, on one port of this computer.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use calypso_sandbox::{
    ComplianceName, Dialect, EvmCase, ExternalId, FiatValue, Fractions, Ids, PaidEnvelope, Sandbox,
    Scenario, Settings, TransactionId, Viewed,
};
use clap::{Args, Parser};
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
    /// Host by which requests may name the sandbox beside 127.0.0.1, `[::1]`, localhost and the address it listens on, such as
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
    #[command(flatten)]
    switches: Switches,
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

/// Things that the gateway's documents describe in several ways; the table of all is in SWITCHES.md of this program's sources.
#[derive(Args)]
#[command(next_help_heading = "Documented alternatives")]
struct Switches {
    /// Life in days of a limited invoice, and the bound of its own expiration; 90 is the older rule. Without it hours by network.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=365))]
    invoice_days: Option<u32>,
    /// Virtual seconds until what was paid is credited.
    #[arg(long, value_name = "SECONDS", default_value_t = Settings::default().crediting_seconds)]
    crediting_seconds: u32,
    /// Opening the link of an unpaid invoice gives it the amount of that moment.
    #[arg(long)]
    reprice_when_opened: bool,
    /// An unlimited invoice shows an expiration, at which nothing happens.
    #[arg(long)]
    unlimited_expiration: bool,
    /// Ids of invoices, and parentExternalId in webhooks.
    #[arg(long, value_enum, default_value_t)]
    ids: Ids,
    /// Names of deposits in webhooks.
    #[arg(long, value_enum, default_value_t)]
    transaction_id: TransactionId,
    /// externalId in webhooks about an invoice that has none.
    #[arg(long, value_enum, default_value_t)]
    external_id: ExternalId,
    /// fiatAmount and fiatCurrency in webhooks.
    #[arg(long, value_enum, default_value_t)]
    fiat_amount: FiatValue,
    /// viewed in the envelope of webhooks.
    #[arg(long, value_enum, default_value_t)]
    viewed: Viewed,
    /// The envelope of INVOICE_PAID.
    #[arg(long, value_enum, default_value_t)]
    paid: PaidEnvelope,
    /// The name of the webhook about a review.
    #[arg(long, value_enum, default_value_t)]
    compliance: ComplianceName,
    /// The case of addresses of Ethereum and its like.
    #[arg(long, value_enum, default_value_t)]
    addresses: EvmCase,
    /// Fractions of a second in dates.
    #[arg(long, value_enum, default_value_t)]
    dates: Fractions,
}

impl Switches {
    fn put_into(self, settings: Settings) -> Settings {
        let days = self.invoice_days.map(|days| days * 24 * 60 * 60);
        Settings {
            tron_invoice_seconds: days.unwrap_or(settings.tron_invoice_seconds),
            invoice_seconds: days.unwrap_or(settings.invoice_seconds),
            max_invoice_seconds: days.unwrap_or(settings.max_invoice_seconds),
            crediting_seconds: self.crediting_seconds,
            reprice_on_opening: self.reprice_when_opened,
            unlimited_expiration: self.unlimited_expiration,
            dialect: Dialect {
                ids: self.ids,
                transaction_id: self.transaction_id,
                external_id: self.external_id,
                fiat_amount: self.fiat_amount,
                viewed: self.viewed,
                paid: self.paid,
                compliance: self.compliance,
                addresses: self.addresses,
                dates: self.dates,
            },
            ..settings
        }
    }
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
        switches,
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
    let settings = switches.put_into(Settings {
        key,
        secret,
        account,
        seed,
        allowed_hosts: allow_hosts,
        ..defaults
    });
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
