//! Every path, and every layer a request passes: the whole stack in one place.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use super::{assets, checkouts, errors, headers, invoice, origins, pay_page};
use crate::inner::Inner;

/// The router of one proxy.
pub(crate) fn router(inner: Arc<Inner>) -> Router {
    // Called by the merchants' pages, so each caller's origin is checked first.
    let api = Router::new()
        .route("/v1/checkouts", post(checkouts::create))
        .route("/v1/checkouts/{id}", get(checkouts::show))
        .route("/v1/checkouts/{id}/invoice", post(invoice::choose))
        // Before the layer, so that preflights and wrong methods pass it too.
        .method_not_allowed_fallback(errors::method_not_allowed)
        .layer(from_fn_with_state(Arc::clone(&inner), origins::check));

    // Files any page may load: the widget itself.
    let public = Router::new()
        .route("/calypso-pay.js", get(assets::loader))
        .route("/integrity.json", get(assets::integrity))
        .route("/assets/{file}", get(assets::hashed));

    // The page on the proxy's own origin.
    let page = Router::new()
        .route("/pay/page.css", get(pay_page::style))
        .route("/pay/{id}", get(pay_page::show));

    Router::new()
        .merge(api)
        .merge(public)
        .merge(page)
        .fallback(errors::not_found)
        .method_not_allowed_fallback(errors::method_not_allowed)
        .with_state(inner)
        // From here on, what is written last is met first.
        // A panic becomes an ordinary answer, so that the layers outside see one.
        .layer(CatchPanicLayer::custom(errors::panicked))
        // Headers that keep browsers from doing more than asked; a handler's own win.
        .layer(from_fn(headers::protect))
        // Outermost: names the request, gives every refusal the one shape, and logs each once.
        .layer(from_fn(errors::finish))
}
