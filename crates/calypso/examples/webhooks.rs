//! Events instead of asking: subscribe, verify what is delivered, read the invoice it names.
//!
//! `CALYPSO_HOOK_URL` is where the gateway reaches this program, which listens on 127.0.0.1:8082.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "common/connect.rs"]
mod connect;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use calypso::Client;
use calypso::webhook::{Service, Verifier, WebhookOrder};
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = connect::connect()?;
    let url = std::env::var("CALYPSO_HOOK_URL")?.parse()?;
    let webhook = client
        .create_webhook(&WebhookOrder::to_services(
            Uuid::new_v4(),
            url,
            [Service::Invoice],
        ))
        .await?;
    let verifier = Verifier::of([&webhook]);
    println!(
        "subscribed; deliveries are signed: {}",
        !verifier.is_empty()
    );

    let app = axum::Router::new()
        .route("/hooks", post(receive))
        .with_state((client, verifier));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8082").await?;
    axum::serve(listener, app).await?;
    Ok(())
}

/// Only 200 counts as received; anything else is delivered again.
async fn receive(
    State((client, verifier)): State<(Client, Verifier)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let delivery = match verifier.verify(&headers, &body) {
        Ok(delivery) => delivery,
        Err(error) => {
            println!("refused: {error}");
            return StatusCode::BAD_REQUEST;
        }
    };
    // Deliveries come at least once and in any order: the invoice, read again, says what is true now.
    if let Some(which) = delivery.invoice() {
        match client.invoice(&which).await {
            Ok(invoice) => println!(
                "{}: invoice {} is {}",
                delivery.kind,
                invoice.id,
                invoice.state.as_str()
            ),
            Err(error) => {
                println!("{}: {error}", delivery.kind);
                return StatusCode::SERVICE_UNAVAILABLE;
            }
        }
    }
    StatusCode::OK
}
