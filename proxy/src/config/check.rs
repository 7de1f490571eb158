//! From the values that were set to a configuration that can be used, with every complaint on the way.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::draft::Draft;
use super::environment::Environment;
use super::error::Note;
use super::gateway::{self, GatewayConfig};
use super::secret::Secret;
use super::settings::SHORTEST_MERCHANT_KEY;
use super::shared_keys::{currencies, links};
use super::shop::ShopDraft;
use super::values::Values;
use super::variables::MERCHANT_KEY;
use super::{limits, paces, products};
use crate::checkouts::offer::Offer;
use crate::checkouts::shop_id::ShopId;
use crate::config::origin::Origin;
use crate::input::client::Topology;
use crate::input::redacted;

pub(super) fn checked(values: &mut Values, base: &Path, environment: &Environment) -> Draft {
    let merchant_key = merchant_key(values, base, environment);
    let listen = values.read("listen", |text| {
        text.parse().map_err(|_| {
            format!(
                "`{}` is not an address and port such as 127.0.0.1:8085",
                redacted::value(text)
            )
        })
    });
    let public_url = values.read("public_url", Origin::parse);
    let allowed_origins = origins(values);
    let database = values.read("database", |path| path_of(path, base));
    let assets = values.read_optional("assets", |path| path_of(path, base));
    let currencies = currencies(values, "currencies").map(|offer| offer.unwrap_or_else(Offer::all));
    let links = links(values);
    let products = products::checked(values);
    let gateway = gateway::checked(values, base, environment);
    if let (Some(key), Some(gateway)) = (&merchant_key, &gateway) {
        apart(key, gateway, values);
    }
    Draft {
        listen,
        public_url,
        database,
        assets,
        shops: vec![ShopDraft {
            name: Some(ShopId::default()),
            allowed_origins,
            merchant_key,
            previous_merchant_key: Some(None),
            currencies,
            links,
            products,
            gateway,
        }],
        paces: paces::paces(values),
        limits: limits::limits(values),
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
    let origins = draft.shops.iter().map(|shop| &shop.allowed_origins);
    if origins.flatten().any(Vec::is_empty) {
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
    notes.extend(crowded(draft));
    notes
}

/// Whether all buyers would look like one client: something stands in front, because this proxy speaks no TLS itself, and what that is
/// was not said.
fn crowded(draft: &Draft) -> Option<Note> {
    let public = draft.public_url.as_ref()?;
    let is_said = match &draft.limits.topology {
        Topology::Unknown => false,
        Topology::Proxies(proxies) => {
            let is_here = draft.listen.is_some_and(|listen| listen.ip().is_loopback());
            !(proxies.is_empty() && is_here)
        }
    };
    (public.as_str().starts_with("https://") && !is_said).then(|| {
        Note::danger(
            "`limits.trusted_proxies` does not name what speaks TLS in front of this proxy, so all buyers look like one client, and any of \
             them can use up what all may do; expected the address it calls from, such as [\"127.0.0.1\"]"
                .to_owned(),
        )
    })
}
