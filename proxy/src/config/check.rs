//! From the file's text to values that can be used, one complaint at a time.

use std::fmt::Display;
use std::path::Path;
use std::time::Duration;

use calypso::Credentials;
use secrecy::ExposeSecret;
use url::Url;

use super::environment::{Environment, GATEWAY_SECRET, MERCHANT_KEY};
use super::file::{RawConfig, RawGateway, RawLimits, RawPaces, RawProduct};
use super::{Config, ConfigError, GatewayConfig, Limits, Paces, SHORTEST_MERCHANT_KEY, secret};
use crate::offer::Offer;
use crate::origin::{Origin, is_loopback};
use crate::price_list::PriceList;

pub(super) fn checked(
    raw: RawConfig,
    base: &Path,
    environment: &Environment,
) -> Result<Config, ConfigError> {
    let merchant_key = secret::read(
        "merchant_key",
        MERCHANT_KEY,
        raw.merchant_key_file.as_deref(),
        base,
        environment,
    )?;
    if merchant_key.expose_secret().len() < SHORTEST_MERCHANT_KEY {
        return Err(wrong(
            "merchant_key",
            format!("must have at least {SHORTEST_MERCHANT_KEY} characters"),
        ));
    }
    let origins = raw
        .allowed_origins
        .iter()
        .map(|text| Origin::parse(text).map_err(|error| wrong("allowed_origins", error)));
    Ok(Config {
        listen: raw.listen.parse().map_err(|_| {
            wrong(
                "listen",
                format!(
                    "`{}` is not an address and port such as 127.0.0.1:8085",
                    raw.listen
                ),
            )
        })?,
        public_url: Origin::parse(&raw.public_url).map_err(|error| wrong("public_url", error))?,
        allowed_origins: origins.collect::<Result<_, _>>()?,
        database: base.join(raw.database),
        assets: raw.assets.map(|assets| base.join(assets)),
        merchant_key,
        currencies: offer("currencies", &raw.currencies)?,
        products: products(raw.products)?,
        gateway: gateway(raw.gateway, base, environment)?,
        paces: paces(&raw.pace)?,
        limits: limits(&raw.limits)?,
    })
}

fn gateway(
    raw: RawGateway,
    base: &Path,
    environment: &Environment,
) -> Result<GatewayConfig, ConfigError> {
    let secret = secret::read(
        "gateway.secret",
        GATEWAY_SECRET,
        raw.secret_file.as_deref(),
        base,
        environment,
    )?;
    let base_url = url("gateway.base_url", &raw.base_url)?;
    let pay_url = raw
        .pay_url
        .map(|text| url("gateway.pay_url", &text))
        .transpose()?;
    if pay_url
        .as_ref()
        .is_some_and(|url| url.query().is_some() || url.fragment().is_some())
    {
        return Err(wrong(
            "gateway.pay_url",
            "must have no `?` and no `#`: the link's own parameters go behind it",
        ));
    }
    for (key, text) in [("gateway.account", &raw.account), ("gateway.key", &raw.key)] {
        if text.trim().is_empty() {
            return Err(wrong(key, "must not be empty"));
        }
    }
    Ok(GatewayConfig {
        base_url,
        pay_url,
        account: raw.account,
        credentials: Credentials::new(raw.key, secret),
        timeout: duration(
            "gateway.timeout_ms",
            raw.timeout_ms,
            Duration::from_secs(8),
            100..=60_000,
        )?,
    })
}

fn url(key: &'static str, text: &str) -> Result<Url, ConfigError> {
    let url =
        Url::parse(text).map_err(|error| wrong(key, format!("`{text}` is not a URL: {error}")))?;
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err(wrong(
            key,
            "must be https; plain http is allowed for this computer only",
        ));
    }
    Ok(url)
}

fn products(raw: Vec<RawProduct>) -> Result<PriceList, ConfigError> {
    let mut list = PriceList::default();
    for product in raw {
        let currencies = product
            .currencies
            .as_deref()
            .map(|codes| offer("products.currencies", codes))
            .transpose()?;
        list.add(
            &product.key,
            &product.price,
            &product.currency,
            &product.description,
            currencies,
        )
        .map_err(|reason| wrong("products", reason))?;
    }
    Ok(list)
}

fn offer(key: &str, codes: &[String]) -> Result<Offer, ConfigError> {
    Offer::parse(codes.iter().map(String::as_str)).map_err(|refusal| wrong(key, refusal.message))
}

fn paces(raw: &RawPaces) -> Result<Paces, ConfigError> {
    let usual = Paces::default();
    let poll = 1_000..=600_000;
    Ok(Paces {
        choosing: duration(
            "pace.choosing_ms",
            raw.choosing_ms,
            usual.choosing,
            poll.clone(),
        )?,
        awaiting: duration(
            "pace.awaiting_ms",
            raw.awaiting_ms,
            usual.awaiting,
            poll.clone(),
        )?,
        moving: duration("pace.moving_ms", raw.moving_ms, usual.moving, poll.clone())?,
        settled: duration("pace.settled_ms", raw.settled_ms, usual.settled, poll)?,
        watch: duration(
            "pace.watch_ms",
            raw.watch_ms,
            usual.watch,
            5_000..=3_600_000,
        )?,
        rates: duration("pace.rates_ms", raw.rates_ms, usual.rates, 5_000..=600_000)?,
    })
}

fn limits(raw: &RawLimits) -> Result<Limits, ConfigError> {
    let usual = Limits::default();
    Ok(Limits {
        connections: count(
            "limits.connections",
            raw.connections,
            usual.connections,
            1..=1_000_000,
        )?,
        header_timeout: duration(
            "limits.header_timeout_ms",
            raw.header_timeout_ms,
            usual.header_timeout,
            100..=60_000,
        )?,
        body_timeout: duration(
            "limits.body_timeout_ms",
            raw.body_timeout_ms,
            usual.body_timeout,
            100..=60_000,
        )?,
        body_bytes: count(
            "limits.body_bytes",
            raw.body_bytes,
            usual.body_bytes,
            1_024..=1_048_576,
        )?,
        drain: duration("limits.drain_ms", raw.drain_ms, usual.drain, 0..=60_000)?,
    })
}

fn duration(
    key: &str,
    millis: Option<u64>,
    usual: Duration,
    range: std::ops::RangeInclusive<u64>,
) -> Result<Duration, ConfigError> {
    let Some(millis) = millis else {
        return Ok(usual);
    };
    in_range(key, millis, &range).map(Duration::from_millis)
}

fn count(
    key: &str,
    value: Option<u64>,
    usual: usize,
    range: std::ops::RangeInclusive<u64>,
) -> Result<usize, ConfigError> {
    let Some(value) = value else { return Ok(usual) };
    let value = in_range(key, value, &range)?;
    usize::try_from(value).map_err(|_| wrong(key, "is too large for this computer"))
}

fn in_range(
    key: &str,
    value: u64,
    range: &std::ops::RangeInclusive<u64>,
) -> Result<u64, ConfigError> {
    if range.contains(&value) {
        return Ok(value);
    }
    Err(wrong(
        key,
        format!("is {value}, expected {} to {}", range.start(), range.end()),
    ))
}

fn wrong(key: impl Into<String>, reason: impl Display) -> ConfigError {
    ConfigError::Value {
        key: key.into(),
        reason: reason.to_string(),
    }
}
