//! `GET /v1/checkouts/{id}/receipt` and `GET /v1/attestation-keys`: what is signed, and by which keys.

use axum::http::StatusCode;
use axum::response::Response;
use calypso_attest::PublicKey;
use checkout::wire::{AttestationKeyView, AttestationKeysView, ReceiptView};

use super::answer;
use super::app_state::AppState;
use super::caller::{Anyone, Read};
use crate::checkouts::id::CheckoutId;
use crate::refusal::Refusal;
use crate::signer;

/// The receipt of a checkout, for whoever has its id.
pub(super) async fn receipt(
    app: AppState,
    Anyone { caller, .. }: Anyone<Read>,
    id: CheckoutId,
) -> Result<Response, Refusal> {
    let snapshot = app.kept_checkout(id).await?;
    caller.may_reach(&snapshot.checkout.shop)?;
    let receipt = app.receipt(&snapshot).await?;
    let body = answer::text(&ReceiptView { receipt })?;
    Ok(answer::json(StatusCode::OK, body))
}

/// The public keys of the caller's shop.
pub(super) async fn keys(
    app: AppState,
    Anyone { caller, .. }: Anyone<Read>,
) -> Result<Response, Refusal> {
    let shop = app.shop_of(&caller)?;
    let attestation = shop.config.attestation.iter();
    let keys = attestation.flat_map(|attestation| {
        let own = std::iter::once(attestation.signer.public());
        own.chain(&attestation.other_keys)
    });
    let body = answer::text(&AttestationKeysView {
        keys: keys.map(key_view).collect(),
    })?;
    Ok(answer::json(StatusCode::OK, body))
}

fn key_view(key: &PublicKey) -> AttestationKeyView {
    AttestationKeyView {
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        x: signer::written(key),
        kid: signer::kid(key),
        alg: "EdDSA".to_owned(),
    }
}
