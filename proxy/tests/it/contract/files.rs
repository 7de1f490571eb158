//! The widget's files: what stands in their headers, in each encoding.

use super::shop::Shop;
use super::transcript::Transcript;
use crate::api_reference::calls::Who;
use crate::assets::widget;

#[tokio::test]
async fn the_widgets_files() {
    let directory = tempfile::tempdir().unwrap();
    widget(directory.path());
    let assets = directory.path().to_owned();
    let shop = Shop::with(|config| config.assets = Some(assets)).await;
    let bare = Shop::open().await;
    for (route, path) in [
        ("/calypso-pay.js", "/calypso-pay.js"),
        ("/integrity.json", "/integrity.json"),
        ("/assets/{file}", "/assets/calypso-pay-0f1e2d3c.css"),
    ] {
        let mut said = Transcript::of("GET", route, Who::Anyone);
        let reply = shop.get(path).await;
        said.answered("the file", 200, &reply);
        let tag = reply.header("etag");
        let same = shop
            .request("GET", path, &[("if-none-match", &tag)], None)
            .await;
        said.answered("nothing new", 304, &same);
        for encoding in ["br", "gzip"] {
            let accepted = [("accept-encoding", encoding)];
            let reply = shop.request("GET", path, &accepted, None).await;
            said.answered(&format!("for who takes {encoding}"), 200, &reply);
        }
        said.refused(
            "a proxy without a widget",
            "not_found",
            &bare.get(path).await,
        );
        if route.ends_with("{file}") {
            let gone = shop.get("/assets/calypso-pay-00000000.css").await;
            said.refused("a file that is gone", "not_found", &gone);
        }
        said.refused_everywhere(&shop, path).await;
        said.compare();
    }
}

/// Its text is that of the file, which a test makes.
#[tokio::test]
async fn the_openapi_document() {
    let shop = Shop::open().await;
    let mut said = Transcript::of("GET", "/openapi.json", Who::Anyone);
    let reply = shop.get("/openapi.json").await;
    let text = include_str!("../../../src/http/openapi.json");
    said.answered_file("the document", &reply, "proxy/src/http/openapi.json", text);
    said.refused_everywhere(&shop, "/openapi.json").await;
    said.compare();
}
