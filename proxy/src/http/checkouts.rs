//! `POST /v1/checkouts` and `GET /v1/checkouts/{id}`.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use checkout::wire::{CheckoutView, NewCheckoutView};

use super::app_state::AppState;
use super::caller::{Anyone, Create, Read};
use super::extract::{Body, Client};
use super::{answer, idempotency_key, order};
use crate::app::{Asker, Caller};
use crate::checkouts::id::CheckoutId;
use crate::checkouts::snapshot::Snapshot;
use crate::limits::rush::Act;
use crate::refusal::Refusal;

/// Makes a checkout: any for the merchant's server, one from the price list or of a signed order for a page.
pub(super) async fn create(
    app: AppState,
    Anyone { caller, .. }: Anyone<Create>,
    Client(network): Client,
    headers: HeaderMap,
    Body(bytes): Body,
) -> Result<Response, Refusal> {
    let shop = app.shop_of(&caller)?;
    let _under_way = app.rush.enter(shop.id(), Act::Create)?;
    if let Some(token) = order::token(&caller, &bytes)? {
        let looker = caller.looker(network);
        let made = app.checkout_of_token(shop, &token, network, looker).await;
        let (snapshot, view) = made?;
        return created(&app, &snapshot, view);
    }
    let key = idempotency_key::of(&caller, shop.id(), network, &headers, &bytes)?;
    let looker = caller.looker(network);
    let asker = Asker {
        key,
        network,
        looker,
    };
    if let Some((snapshot, view)) = app.made_before(&asker).await? {
        return created(&app, &snapshot, view);
    }
    let order = order::read(&caller, &bytes, &shop.config)?;
    let (snapshot, view) = app.create(order, asker).await?;
    created(&app, &snapshot, view)
}

/// The answer to whoever made a checkout: the checkout, and where its page is.
fn created(
    app: &AppState,
    snapshot: &Snapshot,
    mut view: CheckoutView,
) -> Result<Response, Refusal> {
    view.url = Some(app.page_url(&view.id));
    let checkout = &snapshot.checkout;
    // Pages name a product or a signed order, and have no id of their own.
    let body = if checkout.is_of_page() {
        answer::text(&view)?
    } else {
        answer::text(&NewCheckoutView {
            checkout: view,
            external_id: checkout.external_id.clone(),
        })?
    };
    Ok(answer::json(StatusCode::CREATED, body))
}

/// Shows a checkout to whoever has its id, and all of it to the merchant.
pub(super) async fn show(
    app: AppState,
    Anyone { caller, .. }: Anyone<Read>,
    id: CheckoutId,
    Client(network): Client,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if matches!(caller, Caller::Merchant(_)) {
        let snapshot = app.stored(id).await?;
        let shop = snapshot.checkout.shop.clone();
        caller.may_reach(&shop)?;
        let _under_way = app.rush.enter(&shop, Act::Serve)?;
        let snapshot = app.refresh_for_merchant(snapshot).await?;
        return answer::merchant_view(&app.merchant_view(&snapshot).await?, &headers);
    }
    let snapshot = app.kept_checkout(id).await?;
    caller.may_reach(&snapshot.checkout.shop)?;
    if !snapshot.invoices.is_empty() {
        app.note_look(id).await;
    }
    app.refresh(&snapshot, caller.looker(network)).await?;
    // Taken before the snapshot: a page that compares two answers by their time must not take this one for newer than a change that was
    // told while it waited for rates.
    let now = app.clock.now();
    let shown = app.shown(app.kept_checkout(id).await?).await?;
    answer::shown(&shown, shown.moment_for(now), &headers)
}
