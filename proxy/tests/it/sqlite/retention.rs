//! What is deleted from the file, what of a stranger never stands in it, and how large it grows.

use crate::support::{TestProxy, behind_a_proxy, text};

const DAY: u64 = 24 * 3600;

#[tokio::test]
async fn a_checkout_about_which_the_gateway_contradicted_itself_stays() {
    let shop = TestProxy::on_file(|_| {}).await;
    let (flagged, _) = shop.awaiting("BTC").await;
    let (alarmed, _) = shop.awaiting("LTC").await;
    let (plain, _) = shop.awaiting("ETH").await;
    let database = shop.file();
    database
        .execute(
            "INSERT INTO deposit_flags (store, receiver, deposit, kind, known, read, seen_at)
             SELECT store, idempotency_key, 'd', 'unreadable', '', 'x', 0 FROM invoices WHERE checkout_id = ?1",
            [&flagged],
        )
        .unwrap();
    database
        .execute(
            "INSERT INTO alarms SELECT checkout_id, idempotency_key, 'test', '', 0 FROM invoices WHERE checkout_id = ?1",
            [&alarmed],
        )
        .unwrap();
    assert_eq!(
        (shop.books().await.flags, shop.books().await.alarms),
        (1, 1)
    );
    for days in [1, 40, 1] {
        shop.advance(days * DAY);
        shop.proxy.watch_once().await.unwrap();
    }
    let status = async |id: &str| shop.get(&format!("/v1/checkouts/{id}")).await.status;
    assert_eq!(status(&plain).await, 404);
    assert_eq!(status(&flagged).await, 200);
    assert_eq!(status(&alarmed).await, 200);
}

#[tokio::test]
async fn networks_are_forgotten_when_nobody_takes_turns_with_them_any_more() {
    let shop = TestProxy::on_file(behind_a_proxy).await;
    let product = r#"{"product":"demo-order"}"#;
    let from = [("x-forwarded-for", "203.0.113.7")];
    shop.post("/v1/checkouts", product, &from).await.expect(201);
    let marked = || -> u32 {
        let query = "SELECT count(*) FROM checkouts WHERE network IS NOT NULL";
        shop.file().query_row(query, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(marked(), 1);
    let database = std::fs::read(shop.database()).unwrap();
    let is_in = |text: &[u8]| database.windows(text.len()).any(|part| part == text);
    assert!(!is_in(b"203.0.113"), "no address is kept");
    // A day until it expires, and a little more than three of looking after.
    for days in [1, 2, 2] {
        shop.advance(days * DAY);
        shop.proxy.watch_once().await.unwrap();
    }
    assert_eq!(marked(), 0);
}

#[tokio::test]
async fn a_checkout_with_its_invoice_takes_less_than_8_kb_on_disk() {
    const MADE: u32 = 200;
    let shop = TestProxy::on_file(|config| {
        // As long as a description may be, in letters of four bytes.
        let description = "\u{1f375}".repeat(500);
        let products = &mut config.shops[0].products;
        products.add("tea", "5", "EUR", &description, None).unwrap();
    })
    .await;
    let bytes = || -> u32 {
        let query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        shop.file().query_row(query, [], |row| row.get(0)).unwrap()
    };
    let before = bytes();
    for _ in 0..MADE {
        let key = uuid::Uuid::new_v4();
        let headers = [("idempotency-key", &*key.to_string())];
        let made = shop
            .post("/v1/checkouts", r#"{"product":"tea"}"#, &headers)
            .await;
        let id = text(&made.expect(201).json(), "/id").to_owned();
        shop.choose(&id, "ETH").await.expect(200);
    }
    let each = (bytes() - before) / MADE;
    assert!(each < 8 * 1024, "{each} bytes");
}
