//! Payment URIs: the published examples, and what must not become one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use checkout::{Address, Amount, CURRENCIES, Currency, Family, NetworkId, Transfer, TransferError};
use proptest::prelude::{prop_assert_eq, proptest};
use serde::Deserialize;

use crate::address::network;
use crate::vectors::read;

#[derive(Deserialize)]
struct Vectors {
    written: Vec<Written>,
    refused: Vec<Refused>,
}

#[derive(Deserialize)]
struct Written {
    currency: String,
    address: String,
    amount: String,
    uri: String,
    source: String,
}

#[derive(Deserialize)]
struct Refused {
    currency: String,
    network: String,
    address: String,
    amount: String,
    error: String,
}

#[test]
fn published_examples_are_written() {
    for Written {
        currency,
        address,
        amount,
        uri,
        source,
    } in read::<Vectors>("uris.json").written
    {
        let currency = Currency::find(&currency).unwrap();
        let address = Address::parse(currency.network, &address).unwrap();
        let transfer = Transfer::new(currency, address, Amount::parse(&amount).unwrap());
        assert_eq!(transfer.unwrap().uri(), uri, "{source}");
    }
}

#[test]
fn what_cannot_be_paid_is_refused_by_name() {
    for Refused {
        currency,
        network: name,
        address,
        amount,
        error,
    } in read::<Vectors>("uris.json").refused
    {
        let address = Address::parse(network(&name), &address).unwrap();
        let result = Transfer::new(
            Currency::find(&currency).unwrap(),
            address,
            Amount::parse(&amount).unwrap(),
        );
        let got = format!("{:?}", result.unwrap_err());
        assert!(
            got.starts_with(&error),
            "{currency} {amount}: expected {error}, got {got}"
        );
    }
}

#[test]
fn every_kind_of_uri_has_an_example() {
    let vectors: Vectors = read("uris.json");
    for currency in CURRENCIES {
        let covered = vectors.written.iter().any(|written| {
            let other = Currency::find(&written.currency).unwrap();
            // Tokens of one network are written alike; Ethereum's stand for each EVM chain's.
            let kind = |one: &Currency| (one.network().family.uri_scheme(), one.contract.is_some());
            kind(other) == kind(currency)
        });
        assert!(covered, "{}", currency.code);
    }
}

/// A valid address of each network.
fn address(network: NetworkId) -> Address {
    let text = match network.network().family {
        Family::BitcoinLike { .. } => match network {
            NetworkId::Litecoin => "LT2KVaAy1ppRuxRgrS5RNU3vBsy7RibPeA",
            NetworkId::Dogecoin => "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L",
            _ => "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        },
        Family::Evm { .. } => "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        Family::Tron => "TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX",
        Family::Ton => "EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N",
    };
    Address::parse(network, text).unwrap()
}

proptest! {
    #[test]
    fn the_amount_in_a_uri_is_the_amount(units in 1..=u64::MAX) {
        for currency in CURRENCIES {
            let amount = Amount::from_units(units.into(), currency.scale).unwrap();
            let address = address(currency.network);
            let transfer = Transfer::new(currency, address.clone(), amount).unwrap();
            prop_assert_eq!(transfer.network(), currency.network);
            prop_assert_eq!(transfer.token(), currency.contract);
            prop_assert_eq!(transfer.to(), &address);
            prop_assert_eq!(transfer.units(), Some(amount.units_at(currency.decimals).unwrap()));
            let uri = transfer.uri();
            let number = uri.rsplit('=').next().unwrap();
            let in_coins = matches!(
                currency.network().family,
                Family::BitcoinLike { .. } | Family::Tron
            );
            let read = if in_coins {
                Amount::parse(number).unwrap()
            } else {
                Amount::from_units(number.parse().unwrap(), currency.decimals).unwrap()
            };
            prop_assert_eq!(read, amount, "{}", uri);
            prop_assert_eq!(uri.matches(address.as_str()).count(), 1);
            if let (Some(contract), true) = (currency.contract, currency.network != NetworkId::Tron) {
                prop_assert_eq!(uri.matches(contract).count(), 1, "the token is named: {}", uri);
            }
            if let Some(chain) = currency.network().family.chain_id() {
                let marked = format!("@{chain}");
                prop_assert_eq!(uri.matches(&marked).count(), 1, "the chain is named: {}", uri);
            }
        }
    }
}

#[test]
fn an_address_that_takes_any_amount_is_written_without_one() {
    for currency in CURRENCIES {
        let address = address(currency.network);
        let open = Transfer::of_any_amount(currency, address.clone()).unwrap();
        let amount = Amount::from_units(1, currency.scale).unwrap();
        let full = Transfer::new(currency, address, amount).unwrap().uri();
        let end = full.rfind(['?', '&']).unwrap();
        assert_eq!(open.units(), None);
        assert_eq!(open.uri(), full[..end], "all but the amount");
    }
    let bitcoin = address(NetworkId::Bitcoin);
    let litecoin = Currency::find("LTC").unwrap();
    assert!(matches!(
        Transfer::of_any_amount(litecoin, bitcoin),
        Err(TransferError::WrongNetwork { .. })
    ));
}
