//! shop.rs: takes orders, hears of their payments, ships each once. With axum, base64, hmac, reqwest, serde_json, sha2, subtle and tokio.
use std::env::var;
use std::io::{ErrorKind, Write as _};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn is_signed(headers: &HeaderMap, body: &[u8]) -> Result<bool, Failure> {
    let header = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let (id, sent) = (header("webhook-id"), header("webhook-timestamp"));
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let fits = id.len() <= 64
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !fits
        || !sent
            .parse::<u64>()
            .is_ok_and(|sent| sent.abs_diff(now) <= 300)
    {
        return Ok(false);
    }
    for secret in var("CALYPSO_EVENT_SECRETS")?.split(' ') {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret))?;
        let mac = Hmac::<Sha256>::new_from_slice(&key)?
            .chain_update(format!("{id}.{sent}."))
            .chain_update(body);
        let right = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        if header("webhook-signature")
            .split(' ')
            .any(|given| given.as_bytes().ct_eq(right.as_bytes()).into())
        {
            return Ok(true);
        }
    }
    Ok(false)
}

// Rows of your database; `once` is an insert that a unique column lets through one time only.
fn file(name: &str) -> Result<String, Failure> {
    Ok(format!("{}/{name}", var("SHOP_DATA")?))
}

fn read(name: &str) -> Result<Option<String>, Failure> {
    match std::fs::read_to_string(file(name)?) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        read => Ok(Some(read?)),
    }
}

fn once(name: &str, text: &str) -> Result<(), Failure> {
    match std::fs::File::create_new(file(name)?) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => Ok(made?.write_all(text.as_bytes())?),
    }
}

// The buyer's page posts here, and is led to the checkout.
async fn order(number: &str) -> Result<String, Failure> {
    once(&format!("order-{number}"), "25.00 EUR")?; // Your server decides what it costs.
    if let Some(made) = read(&format!("checkout-{number}"))? {
        return Ok(made
            .split(' ')
            .nth(1)
            .ok_or("a row without its URL")?
            .to_owned());
    }
    let price = read(&format!("order-{number}"))?.ok_or("a row that is gone")?;
    let (amount, currency) = price.split_once(' ').ok_or("a row without its price")?;
    let body = json!({"price": {"amount": amount, "currency": currency}, "description": format!("Order {number}"), "externalId": number});
    let request = reqwest::Client::new().post(format!("{}/v1/checkouts", var("CALYPSO_URL")?));
    let request = request
        .bearer_auth(var("CALYPSO_KEY")?)
        .header("Idempotency-Key", format!("order-{number}"));
    let request = request
        .header("Content-Type", "application/json")
        .body(body.to_string());
    let answer = request.send().await?.error_for_status()?.bytes().await?;
    let checkout: Value = serde_json::from_slice(&answer)?;
    let [id, url] = ["id", "url"].map(|key| checkout[key].as_str().unwrap_or_default());
    once(&format!("checkout-{number}"), &format!("{id} {url}"))?;
    Ok(url.to_owned())
}

fn hear(headers: &HeaderMap, body: &[u8]) -> Result<StatusCode, Failure> {
    if !is_signed(headers, body)? {
        return Ok(StatusCode::BAD_REQUEST);
    }
    let seen = format!("seen-{}", headers["webhook-id"].to_str()?);
    if read(&seen)?.is_some() {
        return Ok(StatusCode::NO_CONTENT); // It came before.
    }
    let event: Value = serde_json::from_slice(body)?;
    let said = |pointer| {
        event
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (kind, id, number) = (
        said("/type"),
        said("/data/checkout/id"),
        said("/data/checkout/externalId"),
    );
    let is_number =
        (1..=12).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let known = if is_number {
        read(&format!("order-{number}"))?
    } else {
        None
    };
    if let Some(known) = known {
        let Some(made) = read(&format!("checkout-{number}"))? else {
            return Ok(StatusCode::SERVICE_UNAVAILABLE); // The checkout is just being made: let it come again.
        };
        let price = format!(
            "{} {}",
            said("/data/checkout/price/amount"),
            said("/data/checkout/price/currency")
        );
        if made.split(' ').next() != Some(id) || known != price {
            once(&format!("review-{number}"), kind)?;
        } else if kind == "checkout.paid" {
            once(&format!("paid-{number}"), id)?; // Thank the buyer.
        } else if kind == "checkout.completed" && said("/data/checkout/state") == "completed" {
            once(&format!("shipped-{number}"), id)?; // Your warehouse works this off.
        }
    }
    once(&seen, kind)?; // Last, so that what was cut short comes again.
    Ok(StatusCode::NO_CONTENT)
}

fn failed(error: &Failure) -> StatusCode {
    let _unsaid = writeln!(std::io::stderr(), "{error}");
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn ordered(Path(number): Path<String>) -> Result<Response, StatusCode> {
    if !(1..=12).contains(&number.len()) || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(StatusCode::NOT_FOUND);
    }
    let url = order(&number).await.map_err(|error| failed(&error))?;
    Ok(Redirect::to(&url).into_response())
}

async fn heard(headers: HeaderMap, body: Bytes) -> Result<StatusCode, StatusCode> {
    hear(&headers, &body).map_err(|error| failed(&error))
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let shop = axum::Router::new()
        .route("/orders/{number}", post(ordered))
        .route("/calypso-events", post(heard));
    let listener =
        tokio::net::TcpListener::bind(format!("127.0.0.1:{}", var("SHOP_PORT")?)).await?;
    Ok(axum::serve(listener, shop).await?)
}
