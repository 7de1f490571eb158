//! Every path, and every layer a request passes: the whole stack in one place.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use super::app_state::AppState;
use super::quiet_log::QuietLog;
use super::{
    assets, checkouts, errors, events, headers, hosted_widget, hosts, invoice, merchant, origins,
    pay_page, webhooks, wrong_keys,
};
use crate::app::App;

/// The router of one proxy.
pub(crate) fn router(app: Arc<App>) -> Router {
    let app = AppState::new(app);
    // Called by the merchants' pages, so each caller's origin is checked first.
    let api = Router::new()
        .route("/v1/checkouts", post(checkouts::create).get(merchant::list))
        .route("/v1/checkouts/{id}", get(checkouts::show))
        .route("/v1/checkouts/{id}/deposits", get(merchant::deposits))
        .route("/v1/checkouts/{id}/history", get(merchant::history))
        .route("/v1/checkouts/{id}/events", get(events::follow))
        .route("/v1/checkouts/{id}/invoice", post(invoice::choose))
        .route(
            "/v1/checkouts/{id}/hosted-widget",
            post(hosted_widget::make),
        )
        // Before the layer, so that preflights and wrong methods pass it too.
        .method_not_allowed_fallback(errors::method_not_allowed)
        .layer(from_fn_with_state(app.clone(), wrong_keys::slow_down))
        .layer(from_fn_with_state(app.clone(), origins::check));

    // Files any page may load: the widget itself.
    let public = Router::new()
        .route("/calypso-pay.js", get(assets::loader))
        .route("/integrity.json", get(assets::integrity))
        .route("/assets/{file}", get(assets::hashed));

    // The page on the proxy's own origin.
    let page = Router::new()
        .route("/pay/page.css", get(pay_page::style))
        .route("/pay/page.js", get(pay_page::script))
        .route("/pay/{id}", get(pay_page::show));

    // Called by the gateway, which signs what it sends.
    let gateway = Router::new().route("/webhooks/calypso", post(webhooks::calypso));

    let all = Router::new()
        .merge(api)
        .merge(public)
        .merge(page)
        .merge(gateway)
        .fallback(errors::not_found)
        .method_not_allowed_fallback(errors::method_not_allowed)
        .layer(from_fn_with_state(app.clone(), hosts::check))
        .with_state(app);
    guarded(all)
}

/// What every answer passes on its way out. What is written last is met first.
fn guarded(router: Router) -> Router {
    router
        // A panic becomes an ordinary answer, so that the layers outside see one.
        .layer(CatchPanicLayer::custom(errors::panicked))
        // Headers that keep browsers from doing more than asked; a handler's own win.
        .layer(from_fn(headers::protect))
        // Outermost: names the request, gives every refusal the one shape, and logs each once.
        .layer(from_fn_with_state(
            Arc::new(QuietLog::default()),
            errors::finish,
        ))
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use axum::routing::get;
    use checkout::RefusalCode;
    use checkout::wire::ErrorBody;
    use tower::ServiceExt;

    use super::guarded;

    async fn panics() {
        let hint = "the caller must not read this";
        panic!("{hint}");
    }

    #[tokio::test]
    async fn a_panic_is_an_opaque_error_of_the_one_shape() {
        let router = guarded(Router::new().route("/panics", get(panics)));
        let request = Request::get("/panics").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let id = response.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        let bytes = to_bytes(response.into_body(), 4096).await.unwrap();
        let body: ErrorBody = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(
            (body.error.code, body.error.request_id),
            (RefusalCode::Internal, id)
        );
        assert!(!body.error.message.contains("must not read"));
    }
}
