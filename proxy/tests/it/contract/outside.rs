//! What no call of the reference answers: a path that there is not, and a browser's question before a call.

use super::shop::Shop;
use super::transcript::Transcript;
use crate::support::SHOP;

/// The snapshots of this file.
pub(super) const NAMES: &[&str] = &["no-such-path", "preflight", "signed-invoices"];

#[tokio::test]
async fn a_path_that_there_is_not() {
    let shop = Shop::open().await;
    let mut said = Transcript::named("no-such-path");
    said.refused("nowhere", "not_found", &shop.get("/nowhere").await);
    said.refused(
        "a later version",
        "not_found",
        &shop.get("/v2/checkouts").await,
    );
    said.compare();
}

#[tokio::test]
async fn a_browser_asks_before_it_calls() {
    let shop = Shop::open().await;
    let mut said = Transcript::named("preflight");
    let method = ("access-control-request-method", "POST");
    let ask = async |origin| {
        let headers = [("origin", origin), method];
        shop.request("OPTIONS", "/v1/checkouts", &headers, None)
            .await
    };
    said.answered("for a page of the shop", 204, &ask(SHOP).await);
    let own = ask("https://pay.shop.example").await;
    said.answered("for the proxy's own page", 204, &own);
    let foreign = ask("https://evil.example").await;
    said.refused("for another page", "origin_not_allowed", &foreign);
    said.compare();
}
