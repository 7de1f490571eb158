//! Lists go by an index: their work does not grow with the number of checkouts.

use super::database::client;
use super::made;
use crate::store::postgres::lists::{PLACES, PLACES_OF_ORDER};

/// How many checkouts there are, so many that no plan passes over all of them by choice.
const CHECKOUTS: i64 = 20_000;

#[tokio::test]
async fn no_list_passes_over_all_checkouts() {
    let (home, _database) = made().await;
    let beside = client(home.url()).await;
    let fill = format!(
        "INSERT INTO checkouts (id, store, made_by, price_amount, price_currency, description, currencies, external_id, created_at, expires_at, kind)
         SELECT gen_random_uuid()::text, 'default', 'merchant', '25.00', 'EUR', 'Order', 'BTC', 'o-' || (number % 50), number, number, 'payment'
         FROM generate_series(1, {CHECKOUTS}) AS number"
    );
    beside.batch_execute(&fill).await.unwrap();
    beside.batch_execute("ANALYZE checkouts").await.unwrap();
    for (query, index) in [
        (PLACES, "checkouts_by_creation"),
        (PLACES_OF_ORDER, "checkouts_by_external_id"),
    ] {
        let values = [
            "'default'",
            "0",
            "10000",
            "'7d9f0c52-0000-4000-8000-000000000000'",
            "101",
            "'o-7'",
        ];
        let mut query = query.to_owned();
        for (at, value) in values.iter().enumerate() {
            query = query.replace(&format!("${}", at + 1), value);
        }
        let explain = format!("EXPLAIN {query}");
        let plan = beside.query(&explain, &[]).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
        let plan = plan.join("\n");
        assert!(plan.contains(&format!("using {index}")), "{plan}");
        for slow in ["Seq Scan", "Sort", "Bitmap"] {
            assert!(!plan.contains(slow), "{plan}");
        }
    }
}
