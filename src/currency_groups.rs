//! The currencies on offer, grouped by asset and then by network, and found by what the buyer types.

use checkout::Currency;
use checkout::wire::CurrencyView;

/// From how many currencies on a search field is shown.
pub const SEARCH_FROM: usize = 8;

/// Those of the `offered` currencies that match `query`, in the order of the offer; none that the table does not know.
#[must_use]
pub fn matching(offered: &[CurrencyView], query: &str) -> Vec<&'static Currency> {
    let known = offered
        .iter()
        .filter_map(|offered| Currency::find(&offered.code));
    known.filter(|currency| matches(currency, query)).collect()
}

/// The `currencies` grouped by their asset: each group an asset on its networks. Their order decides the order of the groups and within them.
#[must_use]
pub fn by_asset(currencies: &[&'static Currency]) -> Vec<Vec<&'static Currency>> {
    let mut groups: Vec<Vec<&Currency>> = Vec::new();
    for currency in currencies {
        match groups.iter_mut().find(|group| {
            group
                .iter()
                .any(|member| member.asset.symbol == currency.asset.symbol)
        }) {
            Some(group) => group.push(currency),
            None => groups.push(vec![currency]),
        }
    }
    groups
}

/// Whether `currency` is what somebody who types `query` may mean: every word is somewhere in its code, symbol, name
/// or network, whatever the case of its ASCII letters. An empty query means every currency.
fn matches(currency: &Currency, query: &str) -> bool {
    let fields = [
        currency.code,
        currency.asset.symbol,
        currency.asset.name,
        currency.network_label(),
    ];
    let mut words = query.split([' ']).filter(|word| !word.is_empty());
    words.all(|word| fields.iter().any(|field| contains(field, word)))
}

/// Whether `text` contains `word`, whatever the case of ASCII letters.
fn contains(text: &str, word: &str) -> bool {
    text.as_bytes()
        .windows(word.len())
        .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{by_asset, matching};
    use checkout::wire::CurrencyView;

    fn offered() -> Vec<CurrencyView> {
        let offered = ["BTC", "USDT_TRX", "ETH", "USDT"].map(|code| CurrencyView {
            code: code.into(),
            symbol: String::new(),
            name: String::new(),
            network: String::new(),
            estimate: None,
        });
        offered.into()
    }

    fn groups(offered: &[CurrencyView], query: &str) -> Vec<Vec<&'static str>> {
        by_asset(&matching(offered, query))
            .iter()
            .map(|group| group.iter().map(|currency| currency.code).collect())
            .collect()
    }

    #[test]
    fn an_asset_on_two_networks_is_one_group() {
        assert_eq!(
            groups(&offered(), ""),
            [vec!["BTC"], vec!["USDT_TRX", "USDT"], vec!["ETH"]]
        );
    }

    #[test]
    fn what_does_not_match_is_in_no_group() {
        assert_eq!(groups(&offered(), "ethereum"), [vec!["ETH"], vec!["USDT"]]);
        assert!(groups(&offered(), "monero").is_empty());
        assert!(groups(&[], "").is_empty());
    }

    #[test]
    fn searching() {
        let found = |query: &str| -> Vec<&str> {
            let found = matching(&offered(), query).into_iter();
            found.map(|currency| currency.code).collect()
        };
        assert_eq!(found("").len(), 4);
        assert_eq!(found("  "), found(""));
        assert_eq!(found("tron"), ["USDT_TRX"]);
        assert_eq!(found("usdt ERC"), ["USDT"]);
        // «Tether» holds the word too.
        assert_eq!(found("ether"), ["USDT_TRX", "ETH", "USDT"]);
        assert_eq!(found("monero"), Vec::<&str>::new());
    }
}
