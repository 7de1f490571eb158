//! Every path, and every layer a request passes: the whole stack in one place.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::validate_request::ValidateRequestHeaderLayer;

use super::app_state::AppState;
use super::errors::Finish;
use super::{
    assets, attested, checkout_list, checkouts, decisions, errors, events, health, hosted_widget,
    hosts, invoice, merchant, openapi, origins, outbox, pay_page, refunds, webhooks,
};
use crate::app::App;

/// The router of one proxy.
pub(crate) fn router(app: Arc<App>) -> Router {
    let hosts = hosts::check(&app.config);
    let finish = Finish::new(
        app.requests.clone(),
        &app.config.limits,
        app.config.operations.request_lines,
    );
    let app = AppState::new(app);
    // Called by the merchants' pages, so each caller's origin is checked first.
    let api = Router::new()
        .route(
            "/v1/checkouts",
            post(checkouts::create).get(checkout_list::list),
        )
        .route("/v1/checkouts/{id}", get(checkouts::show))
        .route("/v1/checkouts/{id}/deposits", get(merchant::deposits))
        .route("/v1/checkouts/{id}/history", get(merchant::history))
        .route("/v1/checkouts/{id}/receipt", get(attested::receipt))
        .route("/v1/attestation-keys", get(attested::keys))
        .route("/v1/checkouts/{id}/archive", post(decisions::archive))
        .route(
            "/v1/checkouts/{id}/intervention",
            post(decisions::intervene),
        )
        .route("/v1/checkouts/{id}/events", get(events::follow))
        .route("/v1/checkouts/{id}/invoice", post(invoice::choose))
        .route("/v1/events", get(outbox::list))
        .route("/v1/events/{id}", get(outbox::show))
        .route("/v1/events/{id}/replay", post(outbox::replay))
        .route(
            "/v1/checkouts/{id}/hosted-widget",
            post(hosted_widget::make),
        )
        .route("/v1/refunds", post(refunds::create).get(refunds::list))
        .route("/v1/refunds/{id}", get(refunds::show))
        .route("/v1/refunds/{id}/approve", post(refunds::approve))
        .route("/v1/refunds/{id}/sent", post(refunds::sent))
        .route("/v1/refunds/{id}/cancel", post(refunds::cancel))
        // Before the layer, so that preflights and wrong methods pass it too.
        .method_not_allowed_fallback(errors::method_not_allowed)
        .layer(from_fn_with_state(app.clone(), origins::check));

    // Files any page may load: the widget itself.
    let public = Router::new()
        .route("/calypso-pay.js", get(assets::loader))
        .route("/integrity.json", get(assets::integrity))
        .route("/assets/{file}", get(assets::hashed))
        .route("/openapi.json", get(openapi::document));

    // The page on the proxy's own origin.
    let page = Router::new()
        .route("/pay/page.css", get(pay_page::style))
        .route("/pay/page.js", get(pay_page::script))
        .route("/pay/{id}", get(pay_page::show));

    // Called by the gateway, which signs what it sends.
    let gateway = Router::new().route("/webhooks/calypso", post(webhooks::calypso));

    // Asked by whatever starts and stops proxies, and sends requests to those that are well.
    let health = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready));

    let all = Router::new()
        .merge(api)
        .merge(public)
        .merge(page)
        .merge(gateway)
        .merge(health)
        .fallback(errors::not_found)
        .method_not_allowed_fallback(errors::method_not_allowed)
        .with_state(app);
    guarded(all, hosts, Arc::new(finish))
}

/// What every request passes on its way in, and every answer on its way out. What is written first is met first. One call for all of
/// them: each call of `layer` costs every request an allocation.
fn guarded(
    router: Router,
    hosts: impl Fn(&mut Request) -> Result<(), Response> + Clone + Send + Sync + 'static,
    finish: Arc<Finish>,
) -> Router {
    router.layer((
        // Names the request, measures it, gives every refusal the one shape, logs each once, and adds the headers that keep browsers from doing more
        // than asked; a handler's own win.
        from_fn_with_state(finish, errors::finish),
        // A panic becomes an ordinary answer, so that the layers outside see one.
        CatchPanicLayer::custom(errors::panicked),
        ValidateRequestHeaderLayer::custom(hosts),
    ))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use axum::routing::get;
    use checkout::RefusalCode;
    use checkout::wire::ErrorBody;
    use tower::ServiceExt;

    use super::{Finish, guarded};
    use crate::config::{Limits, RequestLines};
    use crate::meters::requests::RequestMeter;

    async fn panics() {
        let hint = "the caller must not read this";
        panic!("{hint}");
    }

    #[tokio::test]
    #[expect(
        clippy::result_large_err,
        reason = "the layer that asks it wants an answer"
    )]
    async fn a_panic_is_an_opaque_error_of_the_one_shape() {
        let router = guarded(
            Router::new().route("/panics", get(panics)),
            |_| Ok(()),
            Arc::new(Finish::new(
                RequestMeter::default(),
                &Limits::default(),
                RequestLines::Debug,
            )),
        );
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
