//! `GET /pay/{id}` with its stylesheet and its script.

use super::shop::{PAYMENT, PLAIN, Shop, TOPUP};
use super::transcript::Transcript;
use crate::api_reference::calls::Who;

#[tokio::test]
async fn the_page_of_a_checkout() {
    let shop = Shop::open().await;
    let mut said = Transcript::of("GET", "/pay/{id}", Who::Anyone);
    for (case, body) in [
        ("a payment", PAYMENT),
        ("one without links", PLAIN),
        ("a top-up", TOPUP),
    ] {
        let id = shop.made(body).await;
        said.answered(case, 200, &shop.get(&format!("/pay/{id}")).await);
    }
    let path = "/pay/00000000-0000-4000-8000-000000000000";
    said.answered("an id of nothing", 404, &shop.get(path).await);
    said.answered("no UUID", 404, &shop.get("/pay/1").await);
    said.refused_everywhere(&shop, path).await;
    shop.break_store();
    said.refused("a broken store", "store_unavailable", &shop.get(path).await);
    said.compare();
}

#[tokio::test]
async fn the_files_of_the_page() {
    let shop = Shop::open().await;
    for (path, file, text) in [
        (
            "/pay/page.css",
            "proxy/pages/page.css",
            include_str!("../../../pages/page.css"),
        ),
        (
            "/pay/page.js",
            "proxy/pages/page.js",
            include_str!("../../../pages/page.js"),
        ),
    ] {
        let mut said = Transcript::of("GET", path, Who::Anyone);
        let reply = shop.get(path).await;
        said.answered_file("the file", &reply, file, text);
        let tag = reply.header("etag");
        let same = shop
            .request("GET", path, &[("if-none-match", &tag)], None)
            .await;
        said.answered("nothing new", 304, &same);
        said.refused_everywhere(&shop, path).await;
        said.compare();
    }
}
