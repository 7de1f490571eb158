//! The tables of networks and currencies hold together.

use std::collections::HashSet;

use checkout::{ASSETS, Address, CURRENCIES, Currency, FIATS, Family, Fiat, NETWORKS, NetworkId};

#[test]
fn every_currency_is_found_by_its_code_alone() {
    let codes: HashSet<&str> = CURRENCIES.iter().map(|currency| currency.code).collect();
    assert_eq!(codes.len(), CURRENCIES.len(), "codes are unique");
    for currency in CURRENCIES {
        assert!(std::ptr::eq(
            Currency::find(currency.code).unwrap(),
            currency
        ));
        assert!(
            Currency::find(&currency.code.to_lowercase()).is_none(),
            "codes are upper-case"
        );
    }
    for unknown in ["", "DOGE", "USDT_ETH", "BTC ", "BTC_LNG", "usdt"] {
        assert!(Currency::find(unknown).is_none(), "{unknown}");
    }
}

#[test]
fn every_code_of_the_gateway_reference_is_there() {
    for code in [
        "BTC",
        "LTC",
        "XDG",
        "ETH",
        "USDT",
        "USDC",
        "DAI",
        "FRAX",
        "TRX",
        "USDT_TRX",
        "USDC_TRX",
        "BNB",
        "USDT_BSC",
        "MATIC",
        "POL",
        "USDT_MATIC",
        "BUSD",
        "BUSD_ETH",
        "TON",
        "USDT_TON",
    ] {
        assert!(Currency::find(code).is_some(), "{code}");
    }
}

#[test]
fn every_contract_is_a_valid_address_in_its_canonical_spelling() {
    let mut contracts = HashSet::new();
    for currency in CURRENCIES {
        if let Some(contract) = currency.contract {
            let address = Address::parse(currency.network, contract);
            assert_eq!(address.unwrap().as_str(), contract, "{}", currency.code);
            assert!(
                contracts.insert(contract),
                "{} has a contract of its own",
                currency.code
            );
        }
    }
}

#[test]
fn scales_follow_the_rule_of_the_gateway_reference() {
    for currency in CURRENCIES {
        let expected = if currency.contract.is_some() {
            6
        } else {
            currency.decimals.min(8)
        };
        assert_eq!(currency.scale, expected, "{}", currency.code);
        assert!(currency.scale <= currency.decimals, "{}", currency.code);
        let repricing = if currency.code == "BTC" { 3600 } else { 900 };
        assert_eq!(currency.reprice_seconds(), repricing, "{}", currency.code);
    }
}

#[test]
fn every_network_is_its_own_and_used() {
    for network in NETWORKS {
        assert!(
            std::ptr::eq(network.id.network(), network),
            "{}: the table is in the order of the ids",
            network.name
        );
        assert!(
            CURRENCIES
                .iter()
                .any(|currency| currency.network == network.id),
            "{} is used",
            network.name
        );
        assert_eq!(
            network.family.uri_scheme() == "ethereum",
            network.family.chain_id().is_some(),
            "{}",
            network.name
        );
        let caip2 = network.caip2();
        let chain = network.family.chain_id().map(|id| format!("eip155:{id}"));
        assert!(
            chain.is_none_or(|chain| chain == caip2),
            "{caip2} is not the name of {}",
            network.name
        );
        let others = NETWORKS.iter().filter(|other| other.id != network.id);
        assert!(
            others
                .map(|other| other.caip2())
                .all(|other| other != caip2)
        );
        assert!(
            network.explorer.starts_with("https://") && network.explorer.ends_with('/'),
            "{}",
            network.name
        );
    }
    let coins = CURRENCIES
        .iter()
        .filter(|currency| currency.contract.is_none());
    for coin in coins {
        assert_eq!(
            coin.network_label(),
            coin.network().name,
            "a coin's label is its network's name"
        );
    }
}

#[test]
fn every_asset_is_its_own_used_and_has_one_sign() {
    let symbols: HashSet<&str> = ASSETS.iter().map(|asset| asset.symbol).collect();
    assert_eq!(symbols.len(), ASSETS.len(), "symbols are unique");
    for asset in ASSETS {
        assert!(
            CURRENCIES
                .iter()
                .any(|currency| std::ptr::eq(currency.asset, *asset)),
            "{} is used",
            asset.symbol
        );
        assert_eq!(asset.sign.chars().count(), 1, "{}", asset.symbol);
    }
}

#[test]
fn only_contracts_hold_stablecoins() {
    for currency in CURRENCIES {
        assert_eq!(
            currency.asset.is_stable(),
            currency.contract.is_some(),
            "{}",
            currency.code
        );
    }
}

#[test]
fn an_account_is_the_same_on_every_evm_chain_and_nowhere_else() {
    for one in NETWORKS {
        for other in NETWORKS {
            let both_evm = [one, other]
                .iter()
                .all(|network| matches!(network.family, Family::Evm { .. }));
            assert_eq!(
                one.shares_accounts_with(other),
                both_evm || one.id == other.id,
                "{} and {}",
                one.name,
                other.name
            );
        }
    }
}

#[test]
fn every_evm_chain_has_an_id_of_its_own() {
    let ids: Vec<u32> = NETWORKS
        .iter()
        .filter_map(|network| network.family.chain_id())
        .collect();
    assert_eq!(ids, [1, 56, 137]);
}

#[test]
fn only_trons_invoices_live_for_three_hours() {
    for network in NETWORKS {
        let hours = if network.id == NetworkId::Tron { 3 } else { 24 };
        assert_eq!(network.life_seconds(), hours * 3600, "{}", network.name);
    }
}

#[test]
fn a_transaction_link_stays_at_its_explorer() {
    let tron = NetworkId::Tron.network();
    assert_eq!(
        tron.transaction_url("a76b"),
        "https://tronscan.org/#/transaction/a76b"
    );
    let ethereum = NetworkId::Ethereum.network();
    assert_eq!(
        ethereum.transaction_url("../x?y=1#\"<>é"),
        "https://etherscan.io/tx/%2E%2E%2Fx%3Fy%3D1%23%22%3C%3E%C3%A9"
    );
}

#[test]
fn prices_are_in_euros_or_dollars() {
    assert_eq!(Fiat::find("EUR").unwrap().decimals, 2);
    assert_eq!(Fiat::find("USD").unwrap().symbol, "$");
    assert_eq!(FIATS.len(), 2);
    for unknown in ["", "eur", "ARS", "USDT"] {
        assert!(Fiat::find(unknown).is_none(), "{unknown}");
    }
}
