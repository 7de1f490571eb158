//! Rows of two shops in one file: each names its own.

use std::collections::BTreeMap;

use crate::shops::{GARDEN, GARDEN_KEY, Two};
use crate::support::receiving::{DEPOSIT, TOPUP};
use crate::support::{MERCHANT_KEY, SHOP, text};

/// Tables whose rows belong to a row that names its store.
const THROUGH_ANOTHER: [&str; 3] = ["alarms", "chosen_purses", "readings"];
/// A table about gateway accounts, of which several stores may share one.
const OF_ACCOUNTS: &str = "budgets";

#[tokio::test]
async fn every_row_names_its_store_or_belongs_to_one_that_does() {
    let two = Two::on_file().await;
    for (key, origin, gateway) in [
        (MERCHANT_KEY, SHOP, &two.gateway),
        (GARDEN_KEY, GARDEN, &two.garden),
    ] {
        let product = r#"{"product":"demo-order"}"#;
        let headers = [("origin", origin), ("idempotency-key", "cart-1")];
        let made = two.post("/v1/checkouts", product, &headers).await;
        let paid = text(&made.expect(201).json(), "/id").to_owned();
        for body in [TOPUP, DEPOSIT] {
            let id = two.made_by(key, body).await;
            let view = two.choose(&id, "TRX").await.expect(200).json();
            let address = text(&view, "/receiving/address");
            gateway.deposit_in(address, "TRX", "5", "confirmed").await;
            two.told_to(key, &id).await;
        }
        let view = two.choose(&paid, "TRX").await.expect(200).json();
        let address = text(&view, "/invoice/address");
        gateway.deposit(address, "1", "confirmed").await;
        assert_eq!(two.told_to(key, &paid).await["state"], "underpaid");
    }
    let file = two.file();
    let names = |query: &str| {
        let mut statement = file.prepare(query).unwrap();
        let names = statement
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap();
        names.map(Result::unwrap).collect::<Vec<_>>()
    };
    let tables =
        names("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for table in tables {
        let columns = names(&format!("SELECT name FROM pragma_table_info('{table}')"));
        if !columns.iter().any(|column| column == "store") {
            assert!(
                table == OF_ACCOUNTS || THROUGH_ANOTHER.contains(&table.as_str()),
                "rows of {table} belong to nobody"
            );
            continue;
        }
        let stores = names(&format!(
            "SELECT DISTINCT store FROM {table} ORDER BY store"
        ));
        rows.insert(table.clone(), stores);
        if columns.iter().any(|column| column == "checkout_id") {
            let crossed = names(&format!(
                "SELECT {table}.checkout_id FROM {table} JOIN checkouts ON checkouts.id = {table}.checkout_id
                 WHERE checkouts.store <> {table}.store"
            ));
            assert_eq!(crossed, [""; 0], "{table}");
        }
    }
    for table in [
        "checkouts",
        "customers",
        "deposits",
        "history",
        "idempotency_keys",
        "invoice_requests",
        "invoices",
        "purses",
    ] {
        assert_eq!(rows[table], ["default", "garden"], "{table}");
    }
    let crossed = names(
        "SELECT deposits.id FROM deposits JOIN invoices ON invoices.idempotency_key = deposits.receiver WHERE invoices.store <> deposits.store",
    );
    assert_eq!(crossed, [""; 0]);
}
