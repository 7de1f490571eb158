//! Looking whether the merchant's server can be told of events.

use super::InspectionError;
use crate::config::EventTarget;
use crate::courier::Courier;

/// Looks the server's name up, holds its addresses against those that may be called, and asks it for nothing (`HEAD`). Nothing is told.
///
/// # Errors
/// [`InspectionError::Events`].
pub async fn inspect_events(target: Option<&EventTarget>) -> Result<String, InspectionError> {
    let Some(target) = target else {
        return Ok("events: no server is told of them, the key `events.url` is not set".to_owned());
    };
    match Courier::new().reach(target).await {
        Ok(()) => Ok(format!(
            "events: {} can be reached; `calypso-proxy event test` sends one",
            target.shown()
        )),
        Err(kind) => Err(InspectionError::Events {
            url: target.shown(),
            reason: kind.to_string(),
        }),
    }
}
