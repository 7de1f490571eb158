//! The gateway's settings: its addresses, and what the merchant is known by there.

use std::path::Path;
use std::time::Duration;

use calypso::Credentials;
use secrecy::ExposeSecret;
use url::Url;

use super::environment::Environment;
use super::secret::{Secret, is_placeholder};
use super::values::Values;
use crate::config::origin::is_loopback;
use crate::input::redacted;

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

/// How to reach the gateway, and as whom.
#[derive(Debug, Clone)]
pub struct GatewayConfig {
    /// The API's base, `https://api.calypso.finance`; plain http only for this computer.
    pub base_url: Url,
    /// The base of the gateway's own pages, `https://pay.calypso.finance`; without it no link to them can be made.
    pub pay_url: Option<Url>,
    /// The merchant's account id.
    pub account: String,
    /// The public key and the secret requests are signed with.
    pub credentials: Credentials,
    /// How long one gateway call may take.
    pub timeout: Duration,
    /// How many readings the account may be asked for in a minute, for buyers, webhooks and the watcher together.
    pub reads_per_minute: u32,
}

impl GatewayConfig {
    /// [`GatewayConfig::reads_per_minute`] where nothing is said.
    pub const READS_PER_MINUTE: u32 = 1_200;
}

/// The gateway's settings, with a complaint about each that cannot be used. `variable` may hold the secret.
pub(super) fn checked(
    values: &mut Values,
    base: &Path,
    environment: &Environment,
    variable: String,
) -> Option<GatewayConfig> {
    let base_url = values.read("gateway.base_url", |text| {
        let url = url(text)?;
        let path = url.path().trim_end_matches('/').to_lowercase();
        let added = ADDED_PATHS.iter().filter(|added| path.ends_with(**added));
        if let Some(added) = added.max_by_key(|added| added.len()) {
            return Err(format!(
                "ends in `{added}`, which the proxy adds by itself: expected `{}`",
                redacted::value(&url.origin().ascii_serialization())
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
                redacted::value(&url.origin().ascii_serialization())
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
        variable,
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
    let usual = u64::from(GatewayConfig::READS_PER_MINUTE);
    let reads = values.number("gateway.reads_per_minute", usual, 60..=600_000);
    let timeout = values.duration("gateway.timeout_ms", Duration::from_secs(8), 100..=60_000);
    Some(GatewayConfig {
        base_url: base_url?,
        pay_url: pay_url?,
        account: account?,
        credentials: Credentials::new(key?, secret?),
        timeout,
        reads_per_minute: u32::try_from(reads).unwrap_or(u32::MAX),
    })
}

fn account(text: &str, is_here: bool) -> Result<String, String> {
    if is_placeholder(text) {
        return Err(format!("is the placeholder of an example, {ACCOUNT_FORM}"));
    }
    let digits = text.strip_prefix("0x").unwrap_or_default();
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if digits.len() != 40 || !is_hex {
        // Only a part of an account is shown: anything else may be a key that was put here by mistake.
        let is_part = (1..40).contains(&digits.len()) && is_hex;
        let came = if is_part {
            format!("is `{text}`")
        } else {
            format!("is a text of {} characters", text.chars().count())
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
            redacted::value(text)
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
