//! `POST /v1/checkouts` and `GET /v1/checkouts/{id}`.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::Response;
use checkout::ErrorCode;
use checkout::wire::NewCheckoutView;
use sha2::{Digest, Sha256};

use super::caller::Caller;
use super::{answer, body, idempotency_key, order};
use crate::app::App;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::snapshot::Snapshot;
use crate::http::json::{Fields, Json};
use crate::limits::places::Looker;
use crate::refusal::Refusal;
use crate::store::{Answered, Fingerprint, Kept};

/// Makes a checkout: any for the merchant's server, one from the price list for a page.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let caller = Caller::of(&parts.headers, &app.merchant_key)?;
    let bytes = body::read(&parts.headers, body, &app.config.limits).await?;
    let network = app.network(&parts.extensions, &parts.headers);
    let (scope, key) = match caller {
        Caller::Merchant => {
            let key = idempotency_key::required(&parts.headers)?;
            ("merchant".to_owned(), Some(key))
        }
        Caller::Page => {
            let mut scope = page_scope(&parts.headers, &bytes)?;
            let key = idempotency_key::read(&parts.headers)?;
            if let (Some(key), Some(network)) = (&key, network)
                && !idempotency_key::is_random(key)
            {
                scope = format!("{scope} {network}");
            }
            (scope, key)
        }
    };
    let looker = match caller {
        Caller::Merchant => Looker::Counted,
        Caller::Page => Looker::Page(network),
    };
    // The bytes as sent: a retry sends the same ones, and nobody has to agree on what makes two bodies equal.
    let fingerprint: Fingerprint = Sha256::digest(&bytes).into();
    if let Some(key) = &key
        && let Some(answered) = app
            .store
            .answered(scope.clone(), key.clone(), fingerprint)
            .await?
    {
        return replay(&app, answered, looker).await;
    }
    let mut checkout = asked_for(&app, caller, &bytes)?;
    if let Some(product) = &checkout.product {
        app.bounds.new_checkout(network, product)?;
        app.count_checkout(checkout.created_at).await?;
        checkout.network = network.map(|network| app.marker.of(network));
    }
    let snapshot = Snapshot::new(checkout);
    let made = created(&app, &snapshot).await?;
    let checkout = snapshot.checkout;
    match key {
        None => app.store.add_checkout(checkout).await?,
        Some(key) => {
            let kept = Kept {
                scope,
                key,
                fingerprint,
                checkout: checkout.id,
                created_at: checkout.created_at,
            };
            let own = Answered::Same(checkout.id);
            let answered = app.store.add_checkout_once(checkout, kept).await?;
            // A twin of this request may have been quicker: then its checkout is the one.
            if answered != own {
                return replay(&app, answered, looker).await;
            }
        }
    }
    Ok(made)
}

/// Whose keys a page's are: those of pages of its origin that sell the same product. The origin is what the caller says; what keeps a
/// stranger from a buyer's checkout is that nobody guesses a page's key, or, where it can be guessed (`cart-1001`), that it counts in the
/// buyer's network alone. There a phone that changes networks in the middle of a retry makes a second checkout.
///
/// # Errors
/// `merchant_key_missing` for what looks like a server that has left its key out.
fn page_scope(headers: &HeaderMap, bytes: &[u8]) -> Result<String, Refusal> {
    let fields = Fields::of_body(Json::read(bytes)?)?;
    let origin = headers.get(header::ORIGIN);
    if origin.is_none() && !fields.has("product") && !fields.has("order") {
        return Err(Refusal::new(
            ErrorCode::MerchantKeyMissing,
            "setting a price needs the merchant's key in `Authorization: Bearer KEY`; a page names a `product` instead",
        ));
    }
    let origin = origin
        .and_then(|origin| origin.to_str().ok())
        .unwrap_or("-");
    let product = fields.peek("product").unwrap_or_default();
    Ok(format!("page {origin} {product}"))
}

/// The answer to whoever made a checkout: the checkout, and where its page is.
async fn created(app: &Arc<App>, snapshot: &Snapshot) -> Result<Response, Refusal> {
    let mut view = app.view(snapshot).await?;
    view.url = Some(app.page_url(&view.id));
    let checkout = &snapshot.checkout;
    // Pages make checkouts of products, and have no id of their own.
    let body = if checkout.product.is_some() {
        answer::text(&view)?
    } else {
        answer::text(&NewCheckoutView {
            checkout: view,
            external_id: checkout.external_id.clone(),
        })?
    };
    Ok(answer::json(StatusCode::CREATED, body))
}

fn asked_for(app: &App, caller: Caller, bytes: &[u8]) -> Result<Checkout, Refusal> {
    let fields = Fields::of_body(Json::read(bytes)?)?;
    let order = match caller {
        Caller::Merchant => order::by_merchant(fields, &app.config.currencies)?,
        Caller::Page => order::by_page(
            fields,
            &app.config.products,
            &app.config.currencies,
            &app.config.links,
        )?,
    };
    Ok(Checkout::new(order, app.clock.now())?)
}

/// The answer to a key that is known: the checkout it made, as it is now.
async fn replay(app: &Arc<App>, answered: Answered, looker: Looker) -> Result<Response, Refusal> {
    match answered {
        Answered::Same(id) => {
            let snapshot = app.stored(id).await?;
            let snapshot = app.refresh(snapshot, looker).await?;
            created(app, &snapshot).await
        }
        Answered::Other => Err(Refusal::new(
            ErrorCode::IdempotencyKeyReused,
            "this Idempotency-Key belongs to a request with another body; use a new key for a new checkout",
        )),
    }
}

/// Shows a checkout to whoever has its id, and all of it to the merchant.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    about: Extensions,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let caller = Caller::of(&headers, &app.merchant_key)?;
    let snapshot = app.stored(id_in(id)?).await?;
    if caller == Caller::Page && !snapshot.invoices.is_empty() {
        app.note_look(snapshot.checkout.id).await;
    }
    match caller {
        Caller::Page => {
            let looker = Looker::Page(app.network(&about, &headers));
            let snapshot = app.refresh(snapshot, looker).await?;
            answer::view(&app.view(&snapshot).await?, &headers)
        }
        Caller::Merchant => {
            let snapshot = app.refresh_for_merchant(snapshot).await?;
            answer::merchant_view(&app.merchant_view(&snapshot).await?, &headers)
        }
    }
}

/// The checkout's id in a path.
pub(super) fn id_in(path: Result<Path<String>, PathRejection>) -> Result<CheckoutId, Refusal> {
    let malformed = |_| {
        Refusal::new(
            ErrorCode::CheckoutIdMalformed,
            "the path holds no checkout id: expected a UUID in lower case",
        )
    };
    let Path(text) = path.map_err(malformed)?;
    Ok(CheckoutId::parse(&text)?)
}
