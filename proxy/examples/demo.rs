//! The whole system on one port of this computer: shop page, proxy, widget, and the sandbox in the gateway's place.
//!
//! `cargo xtask demo` builds the widget and runs this. The proxy takes its time from the sandbox's virtual clock, so that advancing
//! it moves repricings, expiries and countdowns alike.

use std::error::Error;
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use calypso::Credentials;
use calypso_proxy::{
    Clock, Config, GatewayConfig, Limits, Offer, Operations, Origin, Paces, PriceList, Proxy,
    ShopConfig, ShopId, ShopLinks,
};
use calypso_sandbox::{Sandbox, Settings, VirtualClock};
use checkout::Timestamp;
use clap::Parser;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

/// The currencies the demo offers, in the order buyers see them.
const CURRENCIES: [&str; 11] = [
    "USDT_TRX", "USDT", "USDT_BSC", "USDC", "BTC", "ETH", "LTC", "XDG", "TRX", "BNB", "POL",
];

/// What the shop page sells: key, price, currency of the price, description.
const PRODUCTS: [(&str, &str, &str, &str); 4] = [
    ("demo-order", "25.00", "EUR", "Order 1001"),
    ("coffee-beans", "18.50", "EUR", "Coffee beans, 1 kg"),
    ("espresso-machine", "649.00", "EUR", "Espresso machine"),
    ("gift-card-50", "50.00", "USD", "Gift card"),
];

/// Where `trunk serve` shows the same shop page (Trunk.toml); its calls are another origin's to the proxy.
const TRUNK: [&str; 2] = ["http://127.0.0.1:8081", "http://localhost:8081"];

/// What a shop should send with its page: everything from its own origin, nothing inline, nothing evaluated.
const SHOP_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self'; \
                           frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";

/// Runs shop, proxy and sandbox gateway on 127.0.0.1.
#[derive(Parser)]
struct Arguments {
    /// The port; 0 takes any free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The directory with the built widget.
    #[arg(long)]
    assets: PathBuf,
    /// The shop page.
    #[arg(long)]
    shop: PathBuf,
    /// The directory for the database, which is new at every start.
    #[arg(long)]
    data: PathBuf,
    /// The secret the proxy shares with the sandbox gateway; a new random one at every start if none is given.
    #[arg(long, env = "CALYPSO_DEMO_SECRET", hide_env_values = true)]
    secret: Option<String>,
}

/// The sandbox's clock as the proxy's.
struct SandboxClock(VirtualClock);

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

#[tokio::main]
#[expect(
    clippy::print_stdout,
    reason = "whoever starts the demo waits for its lines"
)]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let filter =
        tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await?;
    let port = listener.local_addr()?.port();
    let shop = std::fs::read_to_string(&arguments.shop)
        .map_err(|error| format!("cannot read {}: {error}", arguments.shop.display()))?;

    let settings = Settings {
        secret: arguments
            .secret
            .unwrap_or_else(|| Uuid::new_v4().simple().to_string())
            .into(),
        ..Settings::default()
    };
    let sandbox = Sandbox::new(settings.clone());
    let merchant_key = Uuid::new_v4().simple().to_string();
    let configured = ShopConfig {
        name: ShopId::default(),
        allowed_origins: vec![
            Origin::parse(&format!("http://localhost:{port}"))?,
            Origin::parse(TRUNK[0])?,
            Origin::parse(TRUNK[1])?,
        ],
        merchant_key: merchant_key.clone().into(),
        previous_merchant_key: None,
        keys: Vec::new(),
        order_tokens: None,
        currencies: Offer::try_from(&CURRENCIES[..])?,
        links: ShopLinks::default(),
        products: products()?,
        gateway: GatewayConfig {
            base_url: Url::parse(&format!("http://127.0.0.1:{port}/"))?,
            // The sandbox serves the pages of the gateway, too.
            pay_url: Some(Url::parse(&format!("http://127.0.0.1:{port}/"))?),
            account: settings.account.clone(),
            credentials: Credentials::new(settings.key.clone(), settings.secret.clone()),
            timeout: Duration::from_secs(8),
            reads_per_minute: GatewayConfig::READS_PER_MINUTE,
        },
        attestation: None,
        events: None,
    };
    let config = Config {
        listen: listener.local_addr()?,
        public_url: Origin::parse(&format!("http://127.0.0.1:{port}"))?,
        database: fresh_database(&arguments.data, port)?.into(),
        assets: Some(arguments.assets),
        shops: vec![configured],
        paces: Paces::default(),
        limits: Limits::default(),
        operations: Operations::default(),
    };
    let limits = config.limits.clone();
    let proxy = Proxy::open(config, Arc::new(SandboxClock(sandbox.clock()))).await?;
    let mut router = proxy.router().merge(sandbox.router());
    for (path, kind, bytes) in named_files(&arguments.shop, &shop)? {
        router = router.route(
            &path,
            get(move || async move { ([(header::CONTENT_TYPE, kind)], bytes) }),
        );
    }
    let page = move || async move {
        let headers = [
            (header::CONTENT_SECURITY_POLICY, SHOP_POLICY),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (headers, Html(shop)).into_response()
    };
    let router = router.route("/", get(page));

    let shutdown = CancellationToken::new();
    let watcher = {
        let (proxy, shutdown) = (proxy.clone(), shutdown.clone());
        tokio::spawn(async move { proxy.watch(shutdown).await })
    };
    let server = tokio::spawn(calypso_proxy::serve(
        listener,
        router,
        limits,
        shutdown.clone(),
    ));
    // Payments move by the gateway's webhooks, as they should in a shop; polls and the watcher stand behind them.
    proxy
        .subscribe(&ShopId::default(), &proxy.webhook_url(), false)
        .await?;
    println!("demo merchant key: {merchant_key}");
    println!("demo ready: http://127.0.0.1:{port}/");
    std::io::stdout().flush()?;

    tokio::signal::ctrl_c().await?;
    shutdown.cancel();
    server.await?;
    watcher.await?;
    Ok(())
}

fn products() -> Result<PriceList, String> {
    let mut list = PriceList::default();
    for (key, price, currency, description) in PRODUCTS {
        list.add(key, price, currency, description, None)?;
    }
    Ok(list)
}

/// The stylesheets and pictures the shop page itself names and that lie beside it: path, content type, bytes. Nothing else of that
/// directory is served.
fn named_files(shop: &Path, html: &str) -> std::io::Result<Vec<(String, &'static str, Vec<u8>)>> {
    let beside = shop.parent().unwrap_or(Path::new(""));
    let mut names: Vec<&str> = html
        .split(['"', '\''])
        .map(|name| name.trim_start_matches(['.', '/']))
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut files = Vec::new();
    for name in names {
        let kind = match name.rsplit_once('.') {
            Some((_, "css")) => "text/css; charset=utf-8",
            Some((_, "svg")) => "image/svg+xml",
            Some((_, "png")) => "image/png",
            _ => continue,
        };
        let plain = name
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.'))
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_'));
        let file = beside.join(name);
        if plain && file.is_file() {
            files.push((format!("/{name}"), kind, std::fs::read(file)?));
        }
    }
    Ok(files)
}

/// The database's path, with nothing left of the last run on this port. The port is ours by now, so nobody else has it open.
fn fresh_database(directory: &Path, port: u16) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(directory)?;
    let file = directory.join(format!("demo-{port}.sqlite3"));
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.clone().into_os_string();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(file)
}
