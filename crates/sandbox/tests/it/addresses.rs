//! Addresses and hashes are valid on their network, and repeat with the seed.

use calypso_sandbox::Settings;
use checkout::{Address, CURRENCIES, Currency, Family, Transfer};

use crate::desk::{Desk, settings};

#[tokio::test]
async fn every_currency_gets_a_valid_address_of_its_network() {
    let desk = Desk::open().await;
    for currency in CURRENCIES {
        let mut seen = Vec::new();
        for _ in 0..3 {
            let invoice = desk.invoice(currency.code).await;
            let text = invoice["invoiceAddress"].as_str().unwrap().to_owned();
            let address = Address::parse(currency.network, &text);
            let address =
                address.unwrap_or_else(|error| panic!("{}: {text}: {error}", currency.code));
            assert_eq!(
                address.as_str(),
                text,
                "{} is spelled with its checksum",
                currency.code
            );
            assert!(!seen.contains(&text));
            seen.push(text);
        }
        let address = Address::parse(currency.network, &seen[0]).unwrap();
        let amount = checkout::Amount::parse("1").unwrap();
        Transfer::new(currency, address, amount)
            .unwrap_or_else(|error| panic!("{}: {error}", currency.code));
    }
}

#[tokio::test]
async fn hashes_and_senders_look_like_their_network() {
    let desk = Desk::open().await;
    for currency in CURRENCIES {
        let invoice = desk.invoice(currency.code).await;
        let deposit = desk.deposit(&invoice, "0.01", "confirmed").await;
        let hash = deposit["transactionHash"].as_str().unwrap();
        let digits = match currency.network().family {
            Family::Evm { .. } => hash.strip_prefix("0x").unwrap(),
            Family::BitcoinLike { .. } | Family::Tron | Family::Ton => hash,
        };
        assert_eq!(digits.len(), 64, "{hash}");
        assert!(
            digits
                .bytes()
                .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')),
            "{hash}"
        );
        let state = desk.read("/sandbox/v1/state").await.ok();
        let from = state["invoices"][0]["deposits"][0]["from"]
            .as_str()
            .unwrap();
        assert!(Address::parse(currency.network, from).is_ok(), "{from}");
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_and_another_seed_another() {
    let first = Desk::open().await.invoice("USDT_TRX").await;
    let same = Desk::open().await.invoice("USDT_TRX").await;
    assert_eq!(first, same);
    let other = Desk::with(Settings {
        seed: 1,
        ..settings()
    })
    .await
    .invoice("USDT_TRX")
    .await;
    for field in ["id", "invoiceAddress", "idempotencyKey", "amount"] {
        assert_ne!(first[field], other[field], "{field}");
    }
    let tron = Currency::find("USDT_TRX").unwrap().network;
    assert!(Address::parse(tron, other["invoiceAddress"].as_str().unwrap()).is_ok());
}
