//! The currencies on offer, grouped by asset and then by network, and found by what the buyer types.

use checkout::wire::CurrencyView;

/// From how many currencies on a search field is shown.
pub const SEARCH_FROM: usize = 8;

/// One asset and the networks it can be sent on.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetGroup {
    /// The asset's ticker: `USDT`.
    pub symbol: String,
    /// The asset's name: `Tether USD`.
    pub name: String,
    /// One entry a network, in the order in which the proxy offers them.
    pub networks: Vec<CurrencyView>,
}

/// Groups `currencies` by their symbol; the order of the proxy's list decides the order of the groups.
#[must_use]
pub fn asset_groups(currencies: &[CurrencyView]) -> Vec<AssetGroup> {
    let mut groups: Vec<AssetGroup> = Vec::new();
    for currency in currencies {
        match groups
            .iter_mut()
            .find(|group| group.symbol == currency.symbol)
        {
            Some(group) => group.networks.push(currency.clone()),
            None => groups.push(AssetGroup {
                symbol: currency.symbol.clone(),
                name: currency.name.clone(),
                networks: vec![currency.clone()],
            }),
        }
    }
    groups
}

/// Whether `currency` is what somebody who types `query` may mean: every word is somewhere in its code, symbol, name
/// or network, whatever the case of its ASCII letters. An empty query means every currency.
#[must_use]
pub fn matches(currency: &CurrencyView, query: &str) -> bool {
    let fields = [
        &currency.code,
        &currency.symbol,
        &currency.name,
        &currency.network,
    ]
    .map(|field| field.to_ascii_lowercase());
    query.split_whitespace().all(|word| {
        fields
            .iter()
            .any(|field| field.contains(&word.to_ascii_lowercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::{asset_groups, matches};
    use checkout::wire::CurrencyView;

    fn currency(code: &str, symbol: &str, name: &str, network: &str) -> CurrencyView {
        CurrencyView {
            code: code.into(),
            symbol: symbol.into(),
            name: name.into(),
            network: network.into(),
            estimate: None,
        }
    }

    fn offered() -> Vec<CurrencyView> {
        vec![
            currency("BTC", "BTC", "Bitcoin", "Bitcoin"),
            currency("USDT_TRX", "USDT", "Tether USD", "Tron (TRC-20)"),
            currency("ETH", "ETH", "Ether", "Ethereum"),
            currency("USDT", "USDT", "Tether USD", "Ethereum (ERC-20)"),
        ]
    }

    #[test]
    fn an_asset_on_two_networks_is_one_group() {
        let groups = asset_groups(&offered());
        let symbols: Vec<&str> = groups.iter().map(|group| group.symbol.as_str()).collect();
        assert_eq!(symbols, ["BTC", "USDT", "ETH"]);
        let codes: Vec<&str> = groups[1]
            .networks
            .iter()
            .map(|entry| entry.code.as_str())
            .collect();
        assert_eq!(codes, ["USDT_TRX", "USDT"]);
    }

    #[test]
    fn searching() {
        let found = |query: &str| -> Vec<String> {
            offered()
                .into_iter()
                .filter(|entry| matches(entry, query))
                .map(|entry| entry.code)
                .collect()
        };
        assert_eq!(found("").len(), 4);
        assert_eq!(found("  "), found(""));
        assert_eq!(found("tron"), ["USDT_TRX"]);
        assert_eq!(found("usdt ERC"), ["USDT"]);
        // «Tether» holds the word too.
        assert_eq!(found("ether"), ["USDT_TRX", "ETH", "USDT"]);
        assert_eq!(found("monero"), Vec::<String>::new());
    }
}
