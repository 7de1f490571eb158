//! `POST /webhooks/calypso`: what the gateway tells by itself.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use calypso::webhook::WebhookError;
use checkout::RefusalCode;

use super::app_state::AppState;
use super::body;
use super::extract::Client;
use super::wrong_keys::Guess;
use crate::refusal::Refusal;

/// Takes a delivery in. Only 200 counts at the gateway, which repeats everything else; so what no repetition can mend is answered with 200,
/// too. What is signed is taken whoever else is being slowed down: to guess a signature is hopeless, and refusing the gateway because of a
/// stranger in its network would end the subscription after a hundred times.
pub(super) async fn calypso(
    app: AppState,
    Client(network): Client,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let body = body::collect(body, &app.config.limits).await?;
    let now = app.clock.monotonic();
    let verified = app.webhook_keys.verify(&app.store, now, &headers, &body);
    match verified.await? {
        Ok((shops, told)) => {
            for shop in shops {
                app.take_in_delivery(shop, &told, &body).await?;
            }
        }
        Err((Some(shop), WebhookError::NotADelivery(_))) => {
            app.note_unreadable(shop, &body).await?;
        }
        Err((_, error)) => {
            app.meter.told_by_nobody();
            let refusal = Refusal::new(
                RefusalCode::WebhookNotSigned,
                "this is signed by no subscription that this proxy knows; `calypso-proxy webhook list` shows those it does",
            );
            let guess = Guess::begin(&app, network)?;
            return Err(guess.was_wrong(&app, refusal.because(error)).await);
        }
    }
    Ok(StatusCode::OK)
}
