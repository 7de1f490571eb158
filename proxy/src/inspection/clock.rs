//! Looking whether this computer's clock is right.

use std::time::Duration;

use checkout::Timestamp;
use reqwest::header::DATE;

use super::InspectionError;
use crate::config::GatewayConfig;

/// The gateway refuses what is signed more than three minutes from its own time (gateway reference §1.4). Much less is too much already:
/// expiries and prices are told by the clock as well.
const MOST_SECONDS: i64 = 30;
const PATIENCE: Duration = Duration::from_secs(5);

/// Holds this computer's clock against the one by which the gateway dates its answers. `now` is this computer's time.
///
/// # Errors
/// [`InspectionError::Clock`] when they are more than half a minute apart. A gateway that does not answer, or not with a date, says nothing
/// about the clock.
pub async fn inspect_clock(
    gateway: &GatewayConfig,
    now: impl Fn() -> Timestamp,
) -> Result<String, InspectionError> {
    let Some(theirs) = date(gateway).await else {
        return Ok("clock: not compared, the gateway does not date its answers".to_owned());
    };
    // The date has whole seconds, so it is half of one behind on the average.
    let ahead = now().millis_since(theirs) / 1000;
    let apart = match ahead {
        0.. => format!("{ahead} s ahead of the gateway's"),
        _ => format!("{} s behind the gateway's", ahead.unsigned_abs()),
    };
    if ahead.abs() > MOST_SECONDS {
        return Err(InspectionError::Clock(format!(
            "this computer's clock is {apart}, expected at most {MOST_SECONDS} s: set it, and keep it by NTP (`timedatectl set-ntp true`)"
        )));
    }
    Ok(format!("clock: this computer's is {apart}"))
}

/// What the gateway dates its answers with, whichever they are.
async fn date(gateway: &GatewayConfig) -> Option<Timestamp> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .ok()?;
    let answer = client.head(gateway.base_url.clone()).send().await.ok()?;
    let date = answer.headers().get(DATE)?.to_str().ok()?;
    let since = httpdate::parse_http_date(date)
        .ok()?
        .duration_since(std::time::UNIX_EPOCH)
        .ok()?;
    Some(Timestamp::from_millis(
        i64::try_from(since.as_millis()).ok()?,
    ))
}
