//! The currencies on offer, grouped by asset and then by network, and found by what the buyer types.

use checkout::wire::CurrencyView;

/// From how many currencies on a search field is shown.
pub const SEARCH_FROM: usize = 8;

/// Those of the `offered` currencies that match `query`, grouped by their symbol: each group an asset on its networks. The
/// order of the offer decides the order of the groups and within them.
#[must_use]
pub fn asset_groups<'a>(offered: &'a [CurrencyView], query: &str) -> Vec<Vec<&'a CurrencyView>> {
    let mut groups: Vec<Vec<&CurrencyView>> = Vec::new();
    for currency in offered.iter().filter(|currency| matches(currency, query)) {
        match groups
            .iter_mut()
            .find(|group| group.iter().any(|member| member.symbol == currency.symbol))
        {
            Some(group) => group.push(currency),
            None => groups.push(vec![currency]),
        }
    }
    groups
}

/// Whether `currency` is what somebody who types `query` may mean: every word is somewhere in its code, symbol, name
/// or network, whatever the case of its ASCII letters. An empty query means every currency.
#[must_use]
fn matches(currency: &CurrencyView, query: &str) -> bool {
    let fields = [
        &currency.code,
        &currency.symbol,
        &currency.name,
        &currency.network,
    ]
    .map(|field| field.to_ascii_lowercase());
    let mut words = query.split(' ').filter(|word| !word.is_empty());
    words.all(|word| {
        fields
            .iter()
            .any(|field| contains(field, &word.to_ascii_lowercase()))
    })
}

/// Whether `text` contains `word`. (Not `str::contains`, whose search for long texts would be shipped for five letters.)
fn contains(text: &str, word: &str) -> bool {
    text.as_bytes()
        .windows(word.len())
        .any(|part| part == word.as_bytes())
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

    fn codes(groups: &[Vec<&CurrencyView>]) -> Vec<Vec<String>> {
        groups
            .iter()
            .map(|group| group.iter().map(|currency| currency.code.clone()).collect())
            .collect()
    }

    #[test]
    fn an_asset_on_two_networks_is_one_group() {
        assert_eq!(
            codes(&asset_groups(&offered(), "")),
            [vec!["BTC"], vec!["USDT_TRX", "USDT"], vec!["ETH"]]
        );
    }

    #[test]
    fn what_does_not_match_is_in_no_group() {
        assert_eq!(
            codes(&asset_groups(&offered(), "ethereum")),
            [vec!["ETH"], vec!["USDT"]]
        );
        assert!(asset_groups(&offered(), "monero").is_empty());
        assert!(asset_groups(&[], "").is_empty());
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
