//! From the values that were set to a configuration that can be used, with every complaint on the way.

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use calypso::Credentials;
use checkout::ErrorCode;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::draft::Draft;
use super::environment::{Environment, GATEWAY_SECRET, MERCHANT_KEY};
use super::error::Note;
use super::keys::PRODUCT_KEYS;
use super::secret::{Secret, is_placeholder};
use super::values::Values;
use super::{GatewayConfig, Limits, Paces, SHORTEST_MERCHANT_KEY};
use crate::client::Topology;
use crate::json::shown;
use crate::links::ShopLinks;
use crate::offer::Offer;
use crate::origin::{Origin, is_loopback};
use crate::price::Price;
use crate::price_list::{PriceList, Product};
use crate::text;

/// The account of the sandbox, and the one of the gateway's documentation: nobody's own.
const EXAMPLE_ACCOUNTS: [&str; 2] = [
    "0x5a4db0c0ffee00000000000000000000000a11ce",
    "0xc195df92dd9db2a8f28e597981f113d6e7582f8b",
];
const ACCOUNT_FORM: &str =
    "expected 0x and 40 hexadecimal digits, as Calypso's technical support gives it to you";
const KEY_FORM: &str = "expected the public API key without blanks or quotes, as Calypso's technical support gives it to you";
/// Ends of a gateway's address that the program adds by itself.
const ADDED_PATHS: [&str; 4] = ["/api", "/api/v1", "/v1", "/sandbox"];

pub(super) fn checked(values: &mut Values, base: &Path, environment: &Environment) -> Draft {
    let merchant_key = merchant_key(values, base, environment);
    let listen = values.read("listen", |text| {
        text.parse().map_err(|_| {
            format!(
                "`{}` is not an address and port such as 127.0.0.1:8085",
                shown(text)
            )
        })
    });
    let public_url = values.read("public_url", Origin::parse);
    let allowed_origins = origins(values);
    let database = values.read("database", |path| path_of(path, base));
    let assets = values.read_optional("assets", |path| path_of(path, base));
    let currencies = currencies(values, "currencies").map(|offer| offer.unwrap_or_else(Offer::all));
    let links = links(values);
    let products = products(values);
    let gateway = gateway(values, base, environment);
    if let (Some(key), Some(gateway)) = (&merchant_key, &gateway) {
        apart(key, gateway, values);
    }
    Draft {
        listen,
        public_url,
        allowed_origins,
        database,
        assets,
        merchant_key,
        currencies,
        links,
        products,
        gateway,
        paces: paces(values),
        limits: limits(values),
    }
}

fn merchant_key(
    values: &mut Values,
    base: &Path,
    environment: &Environment,
) -> Option<SecretString> {
    let secret = Secret {
        key: "merchant_key",
        file_key: "merchant_key_file",
        variable: MERCHANT_KEY,
        about: "what your own server proves itself with to this proxy, at least 16 characters of your choice",
    };
    let key = secret.read(base, environment, values)?;
    let text = key.expose_secret();
    let mut different: Vec<char> = text.chars().collect();
    different.sort_unstable();
    different.dedup();
    let reason = if text.len() < SHORTEST_MERCHANT_KEY {
        format!(
            "is {} characters long, must have at least {SHORTEST_MERCHANT_KEY} characters",
            text.chars().count()
        )
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        "holds blanks or characters beyond ASCII, which no Authorization header can carry"
            .to_owned()
    } else if different.len() < 5 {
        "repeats a few characters, so it can be guessed: `openssl rand -hex 24` makes a better one"
            .to_owned()
    } else {
        return Some(key);
    };
    values.wrong("merchant_key", reason);
    None
}

fn gateway(values: &mut Values, base: &Path, environment: &Environment) -> Option<GatewayConfig> {
    let base_url = values.read("gateway.base_url", |text| {
        let url = url(text)?;
        let path = url.path().trim_end_matches('/').to_lowercase();
        if ADDED_PATHS.iter().any(|added| path.ends_with(added)) {
            return Err(format!(
                "ends in `{path}`, which the proxy adds by itself: expected `{}`",
                url.origin().ascii_serialization()
            ));
        }
        if url.host_str().is_some_and(|host| host.starts_with("pay.")) {
            return Err(
                "is the address of the gateway's pages for buyers, which belongs into `gateway.pay_url`: expected its API, such as \
                 https://api.calypso.finance"
                    .to_owned(),
            );
        }
        Ok(url)
    });
    let pay_url = values.read_optional("gateway.pay_url", |text| {
        let url = url(text)?;
        if url.path().trim_end_matches('/').ends_with("/pay") {
            return Err(format!(
                "ends in `/pay`, which the proxy adds by itself: expected `{}`",
                url.origin().ascii_serialization()
            ));
        }
        Ok(url)
    });
    let is_here = base_url.as_ref().is_none_or(is_loopback);
    let account = values.read("gateway.account", |text| account(text, is_here));
    let key = values.read("gateway.key", |text| key(text, is_here));
    let secret = Secret {
        key: "gateway.secret",
        file_key: "gateway.secret_file",
        variable: GATEWAY_SECRET,
        about: "your secret API key, with which requests to the gateway are signed, from Calypso's technical support",
    };
    let secret = secret.read(base, environment, values);
    if let (Some(key), Some(secret)) = (&key, &secret)
        && key == secret.expose_secret()
    {
        values.wrong(
            "gateway.key",
            "is the secret API key: expected the public one",
        );
        return None;
    }
    let timeout = values.duration("gateway.timeout_ms", Duration::from_secs(8), 100..=60_000);
    Some(GatewayConfig {
        base_url: base_url?,
        pay_url: pay_url?,
        account: account?,
        credentials: Credentials::new(key?, secret?),
        timeout,
    })
}

/// Refuses one secret for two purposes: whoever learns the lesser one would have the greater.
fn apart(merchant_key: &SecretString, gateway: &GatewayConfig, values: &mut Values) {
    let key = merchant_key.expose_secret();
    if key == gateway.credentials.secret.expose_secret() || *key == gateway.credentials.key {
        values.wrong(
            "merchant_key",
            "is one of the gateway's keys: expected one of your own, which the gateway never sees",
        );
    }
}

fn account(text: &str, is_here: bool) -> Result<String, String> {
    if is_placeholder(text) {
        return Err(format!("is the placeholder of an example, {ACCOUNT_FORM}"));
    }
    let digits = text.strip_prefix("0x").unwrap_or_default();
    if digits.len() != 40 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        // Only what begins like an account is shown: anything else may be a key that was put here by mistake.
        let came = if digits.is_empty() || digits.len() > 40 {
            format!("is a text of {} characters", text.chars().count())
        } else {
            format!("is `{}`", shown(text))
        };
        return Err(format!("{came}, {ACCOUNT_FORM}"));
    }
    if digits.bytes().all(|byte| byte == b'0') {
        return Err(format!("is the placeholder of an example, {ACCOUNT_FORM}"));
    }
    let is_example = EXAMPLE_ACCOUNTS
        .iter()
        .any(|example| example.eq_ignore_ascii_case(text));
    if is_example && !is_here {
        return Err(format!(
            "is the account of an example, with a gateway that is not on this computer; {ACCOUNT_FORM}"
        ));
    }
    Ok(text.to_owned())
}

fn key(text: &str, is_here: bool) -> Result<String, String> {
    if is_placeholder(text) || (text == "sandbox-key" && !is_here) {
        return Err(format!("is the placeholder of an example, {KEY_FORM}"));
    }
    if text.trim().is_empty() {
        return Err(format!("must not be empty, {KEY_FORM}"));
    }
    let quoted = text.starts_with(['"', '\'']) || text.ends_with(['"', '\'']);
    if quoted || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!(
            "holds blanks, quotes or characters beyond ASCII, {KEY_FORM}"
        ));
    }
    Ok(text.to_owned())
}

fn url(text: &str) -> Result<Url, String> {
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("holds blanks or control characters, expected a URL such as https://api.calypso.finance".to_owned());
    }
    let url = Url::parse(text).map_err(|error| {
        format!(
            "`{}` is not a URL such as https://api.calypso.finance: {error}",
            shown(text)
        )
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or password, expected a URL without".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(
            "must have no `?` and no `#`: the proxy's own parameters go behind it".to_owned(),
        );
    }
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err("must be https; plain http is allowed for this computer only".to_owned());
    }
    Ok(url)
}

fn path_of(text: &str, base: &Path) -> Result<std::path::PathBuf, String> {
    if text.trim().is_empty() {
        return Err("is empty, expected a path".to_owned());
    }
    if text.contains("://") || text.starts_with("sqlite:") {
        return Err("is a URL, expected a path".to_owned());
    }
    if text.starts_with("~/") {
        return Err(
            "begins with `~`, which only a shell knows: expected the whole path".to_owned(),
        );
    }
    if text.chars().any(char::is_control) {
        return Err("holds control characters, expected a path".to_owned());
    }
    Ok(base.join(text))
}

fn origins(values: &mut Values) -> Option<Vec<Origin>> {
    let mut origins = Vec::new();
    let mut all = true;
    for text in values.texts("allowed_origins").unwrap_or_default() {
        match values.said("allowed_origins", Origin::parse(&text)) {
            Some(origin) => origins.push(origin),
            None => all = false,
        }
    }
    all.then_some(origins)
}

/// The outer `None` stands for a list that is wrong.
fn currencies(values: &mut Values, key: &'static str) -> Option<Option<Offer>> {
    match values.texts(key) {
        None => Some(None),
        Some(codes) => {
            let offer = Offer::read(codes.iter().map(String::as_str));
            values.said(key, offer).map(Some)
        }
    }
}

fn links(values: &mut Values) -> Option<ShopLinks> {
    let [return_url, support_url, logo_url] = ["return_url", "support_url", "logo_url"]
        .map(|key| values.read_optional(key, text::checked_link));
    Some(ShopLinks {
        return_url: return_url?,
        support_url: support_url?,
        logo_url: logo_url?,
    })
}

fn products(values: &mut Values) -> Option<PriceList> {
    let mut list = PriceList::default();
    let mut all = true;
    for (index, table) in values.products().into_iter().enumerate() {
        let mut inner = Values::of(table, format!("products[{index}]."), PRODUCT_KEYS);
        all &= product(&mut list, &mut inner).is_some() && inner.errors.is_empty();
        values.errors.append(&mut inner.errors);
    }
    all.then_some(list)
}

fn product(list: &mut PriceList, values: &mut Values) -> Option<()> {
    let [key, amount, currency, description] =
        ["key", "price", "currency", "description"].map(|key| values.required(key));
    let (currencies, links) = (currencies(values, "currencies"), links(values));
    let price = price(amount, currency, values);
    let description = description.and_then(|text| {
        let checked = text::checked_description(&text).map(|()| text);
        values.said("description", checked)
    });
    let product = Product {
        price: price?,
        description: description?,
        currencies: currencies?,
        links: links?,
    };
    let added = list.insert(&key?, product);
    values.said("key", added)
}

fn price(amount: Option<String>, currency: Option<String>, values: &mut Values) -> Option<Price> {
    // Without a currency the amount's own form can still be looked at.
    let known = currency.as_deref().unwrap_or("EUR");
    match Price::parse(&amount?, known) {
        Ok(price) => currency.map(|_| price),
        Err(refusal) => {
            let is_currency = refusal.code == ErrorCode::PriceCurrencyUnknown;
            values.wrong(
                if is_currency { "currency" } else { "price" },
                refusal.message,
            );
            None
        }
    }
}

fn paces(values: &mut Values) -> Paces {
    let usual = Paces::default();
    let poll = 1_000..=600_000;
    Paces {
        choosing: values.duration("pace.choosing_ms", usual.choosing, poll.clone()),
        awaiting: values.duration("pace.awaiting_ms", usual.awaiting, poll.clone()),
        moving: values.duration("pace.moving_ms", usual.moving, poll.clone()),
        settled: values.duration("pace.settled_ms", usual.settled, poll),
        watch: values.duration("pace.watch_ms", usual.watch, 5_000..=3_600_000),
        rates: values.duration("pace.rates_ms", usual.rates, 5_000..=600_000),
    }
}

#[rustfmt::skip]
fn limits(values: &mut Values) -> Limits {
    let usual = Limits::default();
    Limits {
        connections: values.count("limits.connections", usual.connections, 1..=1_000_000),
        header_timeout: values.duration("limits.header_timeout_ms", usual.header_timeout, 100..=60_000),
        body_timeout: values.duration("limits.body_timeout_ms", usual.body_timeout, 100..=60_000),
        body_bytes: values.count("limits.body_bytes", usual.body_bytes, 1_024..=1_048_576),
        drain: values.duration("limits.drain_ms", usual.drain, 0..=60_000),
        connections_per_network: values.count("limits.connections_per_network", usual.connections_per_network, 1..=1_000_000),
        write_timeout: values.duration("limits.write_timeout_ms", usual.write_timeout, 1_000..=600_000),
        idle_timeout: values.duration("limits.idle_timeout_ms", usual.idle_timeout, 1_000..=3_600_000),
        topology: topology(values),
        network_checkouts_per_hour: small(values, "limits.network_checkouts_per_hour", usual.network_checkouts_per_hour, 0..=1_000_000),
        network_choices_per_hour: small(values, "limits.network_choices_per_hour", usual.network_choices_per_hour, 0..=1_000_000),
        product_checkouts_per_hour: small(values, "limits.product_checkouts_per_hour", usual.product_checkouts_per_hour, 0..=10_000_000),
        invoices_per_checkout: values.count("limits.invoices_per_checkout", usual.invoices_per_checkout, 1..=100),
        open_checkouts: small(values, "limits.open_checkouts", usual.open_checkouts, 100..=10_000_000),
        unpaid_days: small(values, "limits.unpaid_days", usual.unpaid_days, 7..=3_650),
    }
}

/// A number within 32 bits.
fn small(values: &mut Values, key: &'static str, usual: u32, range: RangeInclusive<u64>) -> u32 {
    let usual = usize::try_from(usual).unwrap_or(usize::MAX);
    u32::try_from(values.count(key, usual, range)).unwrap_or(u32::MAX)
}

fn topology(values: &mut Values) -> Topology {
    const KEY: &str = "limits.trusted_proxies";
    let Some(texts) = values.texts(KEY) else {
        return Topology::Unknown;
    };
    let networks = texts.iter().filter_map(|text| {
        let network = text.parse::<IpNet>();
        let network = network.or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        let read = network.map_err(|_| {
            format!(
                "`{}` is not an address such as 127.0.0.1 or a network such as 10.0.0.0/8",
                shown(text)
            )
        });
        values.said(KEY, read)
    });
    Topology::Proxies(networks.collect())
}

/// What is worth knowing about values that can be used.
pub(super) fn remarks(draft: &Draft) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(listen) = draft.listen
        && listen.ip().is_unspecified()
    {
        notes.push(Note::remark(format!(
            "`listen`: {listen} takes plain HTTP from every network this computer is in; 127.0.0.1 takes it from a TLS server beside it only"
        )));
    }
    if draft.allowed_origins.as_ref().is_some_and(Vec::is_empty) {
        notes.push(Note::remark(
            "`allowed_origins`: none listed, so only pages of this proxy itself can show the widget".to_owned(),
        ));
    }
    if let (Some(listen), Some(public)) = (draft.listen, &draft.public_url)
        && public.as_str().starts_with("http://")
        && listen.port() != 0
        && !public.as_str().ends_with(&format!(":{}", listen.port()))
    {
        notes.push(Note::remark(format!(
            "`public_url`: {public} has another port than `listen` ({listen}), so something must stand in front"
        )));
    }
    notes
}
