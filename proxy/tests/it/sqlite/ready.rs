//! A file whose tables are not those that this program knows: the proxy is not dead, and takes no requests.

use crate::support::{TestProxy, text};

#[tokio::test]
async fn a_database_that_fails_makes_it_unready_and_not_dead() {
    let shop = TestProxy::on_file(|_| {}).await;
    shop.get("/readyz").await.expect(200);
    let file = rusqlite::Connection::open(shop.database()).unwrap();
    file.pragma_update(None, "user_version", 9999).unwrap();
    drop(file);
    // What was found a moment ago counts for a second.
    let unready = loop {
        let reply = shop.get("/readyz").await;
        if reply.status == 503 {
            break reply;
        }
    };
    assert_eq!(text(&unready.json(), "/database"), "other_schema");
    assert_eq!(unready.json()["ready"], false);
    shop.get("/healthz").await.expect(200);
}
