//! Every key of the configuration: its name, its kind, and what it is for. Reading, messages and tests come from this table.

use super::variables::PREFIX;

/// The kind of a key's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text in quotes.
    Text,
    /// A whole number.
    Number,
    /// A list of texts.
    Texts,
    /// The tables `[[products]]`.
    Products,
    /// The tables `[[stores]]`.
    Stores,
    /// The tables `[[keys]]`.
    MerchantKeys,
}

impl Kind {
    /// How such a value is written.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Number => "a whole number without quotes",
            Self::Texts => "a list of texts such as [\"a\", \"b\"]",
            Self::Products => "tables that each begin with [[products]]",
            Self::Stores => "tables that each begin with [[stores]]",
            Self::MerchantKeys => "tables that each begin with [[keys]]",
        }
    }

    /// The keys of each table of such a list; none where the value is no list of tables.
    pub(super) fn keys_of_tables(self) -> Option<&'static [Key]> {
        match self {
            Self::Text | Self::Number | Self::Texts => None,
            Self::Products => Some(PRODUCT_KEYS),
            Self::Stores => Some(STORE_KEYS),
            Self::MerchantKeys => Some(NAMED_KEY_KEYS),
        }
    }
}

/// One key.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name, with a dot for each table.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// What it is, for the message that it is missing or of another kind.
    pub(super) about: &'static str,
}

const fn key(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, about }
}

/// Every key but those of a product and of a store, in the order of `config.example.toml`.
#[rustfmt::skip]
pub(super) const KEYS: &[Key] = &[
    key("listen", Kind::Text, "the address and port to listen on, such as \"127.0.0.1:8085\""),
    key("public_url", Kind::Text, "the origin under which buyers reach this proxy, such as \"https://pay.shop.example\""),
    key("allowed_origins", Kind::Texts, "the origins of the shop's pages, such as [\"https://shop.example\"]"),
    key("database", Kind::Text, "the path of the SQLite file, such as \"calypso-proxy.sqlite3\", or the URL of a PostgreSQL database"),
    key("database_file", Kind::Text, "the path of a file with the URL of a PostgreSQL database, password included"),
    key("database_connections", Kind::Number, "how many connections to PostgreSQL may be open at the same time"),
    key("notify", Kind::Text, "whether proxies on one PostgreSQL database wake each other: \"on\" or \"off\""),
    key("assets", Kind::Text, "the directory with the built widget, such as \"dist/widget\""),
    key("merchant_key_file", Kind::Text, "the path of a file with the key that your own server will show"),
    key("previous_merchant_key_file", Kind::Text, "the path of a file with the key before that one, as long as servers still show it"),
    key("currencies", Kind::Texts, "the crypto currencies buyers may pay in, such as [\"USDT_TRX\", \"BTC\"]"),
    key("return_url", Kind::Text, "where the buyer goes after paying, such as \"https://shop.example/thanks\""),
    key("support_url", Kind::Text, "where the buyer finds help, such as \"https://shop.example/help\""),
    key("logo_url", Kind::Text, "the shop's logo, such as \"https://shop.example/logo.svg\""),
    key("gateway.base_url", Kind::Text, "the gateway's address, such as \"https://api.calypso.finance\""),
    key("gateway.pay_url", Kind::Text, "the address of the gateway's own pages, such as \"https://pay.calypso.finance\""),
    key("gateway.account", Kind::Text, "your account id, 0x and 40 hexadecimal digits, from Calypso's technical support"),
    key("gateway.key", Kind::Text, "your public API key, from Calypso's technical support"),
    key("gateway.secret_file", Kind::Text, "the path of a file with your secret API key"),
    key("gateway.timeout_ms", Kind::Number, "how long one gateway call may take, in milliseconds"),
    key("gateway.reads_per_minute", Kind::Number, "how many readings the gateway may be asked for in a minute"),
    key("events.url", Kind::Text, "the URL of your own server that is told of events, such as \"https://shop.example/calypso-events\""),
    key("events.secret_files", Kind::Texts, "the paths of files with secrets that events are signed with, the newest first"),
    key("events.allowed_networks", Kind::Texts, "private networks in which that server may stand, such as [\"10.1.2.0/24\"]"),
    key("attestation.key_file", Kind::Text, "the path of a file with the key that signs what buyers are shown"),
    key("attestation.other_keys", Kind::Texts, "public keys that pages trust besides: the next one, and those before"),
    key("pace.choosing_ms", Kind::Number, "how often a page asks while no currency is chosen, in milliseconds"),
    key("pace.awaiting_ms", Kind::Number, "how often a page asks while a payment is awaited, in milliseconds"),
    key("pace.moving_ms", Kind::Number, "how often a page asks while a payment is on its way, in milliseconds"),
    key("pace.settled_ms", Kind::Number, "how often a page asks when nothing more is expected, in milliseconds"),
    key("pace.watch_ms", Kind::Number, "how often the proxy reads open invoices by itself, in milliseconds"),
    key("pace.rates_ms", Kind::Number, "how long exchange rates are used for estimates, in milliseconds"),
    key("pace.keys_ms", Kind::Number, "how often the proxy looks whether files of keys have changed, in milliseconds"),
    key("limits.connections", Kind::Number, "how many connections may be open at the same time"),
    key("limits.push_connections", Kind::Number, "how many event streams may be open at the same time"),
    key("limits.push_connections_per_network", Kind::Number, "how many of them one network of clients, or one site, may hold"),
    key("limits.push_beat_ms", Kind::Number, "how often an event stream sends a sign of life"),
    key("limits.header_timeout_ms", Kind::Number, "how long a client may take for a request's head, in milliseconds"),
    key("limits.body_timeout_ms", Kind::Number, "how long a client may take for a request's body, in milliseconds"),
    key("limits.body_bytes", Kind::Number, "the largest body of a request, in bytes"),
    key("limits.drain_ms", Kind::Number, "how long open requests may go on after the proxy was told to stop, in milliseconds"),
    key("limits.connections_per_network", Kind::Number, "how many connections one network of clients may hold open at the same time"),
    key("limits.write_timeout_ms", Kind::Number, "how long a client may take next to nothing of an answer, in milliseconds"),
    key("limits.idle_timeout_ms", Kind::Number, "how long a connection may stay open without a request, in milliseconds"),
    key("limits.trusted_proxies", Kind::Texts, "the addresses or networks of the proxies in front, such as [\"127.0.0.1\"]"),
    key("limits.forwarded_header", Kind::Text, "which header the proxies in front write: \"x-forwarded-for\", \"forwarded\" or \"either\""),
    key("limits.network_requests_per_minute", Kind::Number, "how many requests one network may make in a minute without a merchant key"),
    key("limits.merchant_calls_per_minute", Kind::Number, "how many calls of one kind may be made with one merchant key in a minute"),
    key("limits.creations_at_once", Kind::Number, "how many requests for checkouts of one store are worked on at the same time"),
    key("limits.choices_at_once", Kind::Number, "how many choices of a currency are worked on at the same time for one store"),
    key("limits.merchant_calls_at_once", Kind::Number, "how many other calls of one store's servers are worked on at the same time"),
    key("limits.network_checkouts_per_hour", Kind::Number, "how many checkouts pages in one network may make in an hour"),
    key("limits.network_checkouts_per_day", Kind::Number, "how many checkouts pages in one network may make in a day"),
    key("limits.network_choices_per_hour", Kind::Number, "how often pages in one network may pick a currency in an hour"),
    key("limits.product_checkouts_per_hour", Kind::Number, "how many checkouts of one product pages may make in an hour"),
    key("limits.product_checkouts_per_day", Kind::Number, "how many checkouts of one product pages may make in a day"),
    key("limits.invoices_per_hour", Kind::Number, "how many invoices pages may have the gateway make in an hour"),
    key("limits.invoices_per_day", Kind::Number, "how many invoices pages may have the gateway make in a day"),
    key("limits.invoices_per_checkout", Kind::Number, "how many invoices of one checkout may wait for a payment at the same time"),
    key("limits.open_checkouts", Kind::Number, "how many checkouts made by pages may be open at the same time"),
    key("limits.unpaid_days", Kind::Number, "after how many days an expired checkout of a page that never saw money is deleted"),
    key("order_tokens.algorithm", Kind::Text, "how your own server signs orders for its pages: \"HS256\" or \"EdDSA\""),
    key("order_tokens.key_file", Kind::Text, "the path of a file with the key of HS256, or the public key of EdDSA"),
    key("order_tokens.previous_key_file", Kind::Text, "the path of a file with the key before that one, as long as tokens of it are shown"),
    key("keys", Kind::MerchantKeys, "further merchant keys, each with a name and a scope"),
    key("log.requests", Kind::Text, "which requests get a line in the log: \"off\", \"debug\" or \"info\""),
    key("metrics.listen", Kind::Text, "the address and port at which the meters are read, such as \"127.0.0.1:9185\""),
    key("telemetry.otlp_endpoint", Kind::Text, "where traces are sent, such as \"http://127.0.0.1:4318/v1/traces\""),
    key("telemetry.one_in", Kind::Number, "of how many requests one is traced"),
    key("products", Kind::Products, "the price list"),
    key("stores", Kind::Stores, "the stores, where there are several"),
];

/// Every key of one store, in the order of `config.stores.example.toml`. Each is a key of a configuration with one store too, but its name.
#[rustfmt::skip]
pub(super) const STORE_KEYS: &[Key] = &[
    key("name", Kind::Text, "the name under which everything of this store is stored, such as \"garden\""),
    key("allowed_origins", Kind::Texts, "the origins of the store's pages, such as [\"https://shop.example\"]"),
    key("merchant_key_file", Kind::Text, "the path of a file with the key that the store's server will show"),
    key("previous_merchant_key_file", Kind::Text, "the path of a file with the key before that one, as long as servers still show it"),
    key("currencies", Kind::Texts, "the crypto currencies buyers may pay in, such as [\"USDT_TRX\", \"BTC\"]"),
    key("return_url", Kind::Text, "where the buyer goes after paying, such as \"https://shop.example/thanks\""),
    key("support_url", Kind::Text, "where the buyer finds help, such as \"https://shop.example/help\""),
    key("logo_url", Kind::Text, "the store's logo, such as \"https://shop.example/logo.svg\""),
    key("gateway.base_url", Kind::Text, "the gateway's address, such as \"https://api.calypso.finance\""),
    key("gateway.pay_url", Kind::Text, "the address of the gateway's own pages, such as \"https://pay.calypso.finance\""),
    key("gateway.account", Kind::Text, "the store's account id, 0x and 40 hexadecimal digits, from Calypso's technical support"),
    key("gateway.key", Kind::Text, "the public API key of that account, from Calypso's technical support"),
    key("gateway.secret_file", Kind::Text, "the path of a file with the secret API key of that account"),
    key("gateway.timeout_ms", Kind::Number, "how long one gateway call may take, in milliseconds"),
    key("gateway.reads_per_minute", Kind::Number, "how many readings the gateway may be asked for in a minute"),
    key("events.url", Kind::Text, "the URL of the store's server that is told of events, such as \"https://shop.example/calypso-events\""),
    key("events.secret_files", Kind::Texts, "the paths of files with secrets that events are signed with, the newest first"),
    key("events.allowed_networks", Kind::Texts, "private networks in which that server may stand, such as [\"10.1.2.0/24\"]"),
    key("order_tokens.algorithm", Kind::Text, "how your own server signs orders for its pages: \"HS256\" or \"EdDSA\""),
    key("order_tokens.key_file", Kind::Text, "the path of a file with the key of HS256, or the public key of EdDSA"),
    key("order_tokens.previous_key_file", Kind::Text, "the path of a file with the key before that one, as long as tokens of it are shown"),
    key("keys", Kind::MerchantKeys, "further merchant keys of the store, each with a name and a scope"),
    key("attestation.key_file", Kind::Text, "the path of a file with the key that signs what the store's buyers are shown"),
    key("attestation.other_keys", Kind::Texts, "public keys that the store's pages trust besides: the next one, and those before"),
    key("products", Kind::Products, "the store's price list"),
];

/// Every key of one product.
#[rustfmt::skip]
pub(super) const PRODUCT_KEYS: &[Key] = &[
    key("key", Kind::Text, "the name under which a page sells it, such as \"coffee-beans\""),
    key("price", Kind::Text, "what it costs, as text so that it stays exact: \"25.00\""),
    key("currency", Kind::Text, "the price's currency: \"EUR\" or \"USD\""),
    key("description", Kind::Text, "what the buyer reads above the price"),
    key("currencies", Kind::Texts, "the crypto currencies it can be paid in, such as [\"BTC\"]"),
    key("return_url", Kind::Text, "where the buyer goes after paying, such as \"https://shop.example/thanks\""),
    key("support_url", Kind::Text, "where the buyer finds help, such as \"https://shop.example/help\""),
    key("logo_url", Kind::Text, "the shop's logo, such as \"https://shop.example/logo.svg\""),
];

/// Every key of one named merchant key.
#[rustfmt::skip]
pub(super) const NAMED_KEY_KEYS: &[Key] = &[
    key("name", Kind::Text, "what the audit log calls the key, such as \"till-3\""),
    key("scope", Kind::Text, "what the key opens: \"create\", \"read\" or \"all\""),
    key("key_file", Kind::Text, "the path of a file with the key"),
];

/// The key with this name.
pub(super) fn find(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.name == name)
}

/// The environment variable that overrides a key.
pub(super) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('.', "__").to_uppercase())
}

/// The name that somebody most likely meant, if one is near.
///
/// Case, `-` for `_` and the table in front do not count: `publicUrl`, `base-url` and a `currencies` below `[gateway]` all have one.
pub(super) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let plain = |name: &str| {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        name.to_lowercase()
    };
    let last = |name: &str| plain(name.rsplit('.').next().unwrap_or(name));
    let distance = |name: &str| {
        let whole = strsim::damerau_levenshtein(&plain(written), &plain(name));
        // A key that stands in the wrong table is nearly right too, but another whole name is nearer.
        let inner = strsim::damerau_levenshtein(&last(written), &last(name)).saturating_add(1);
        whole.min(inner)
    };
    names
        .into_iter()
        .map(|name| (distance(name), name))
        .filter(|(distance, name)| *distance <= 3 && *distance * 2 < plain(name).len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::{KEYS, nearest};

    #[test]
    fn a_slip_finds_the_key_that_was_meant() {
        let names = || KEYS.iter().map(|key| key.name);
        for (written, meant) in [
            ("lisen", Some("listen")),
            ("publicUrl", Some("public_url")),
            ("gateway.base-url", Some("gateway.base_url")),
            ("base_url", Some("gateway.base_url")),
            ("gateway.currencies", Some("currencies")),
            ("gateway.products", Some("products")),
            ("pace.awaitng_ms", Some("pace.awaiting_ms")),
            ("limits.conections", Some("limits.connections")),
            ("allowed_origin", Some("allowed_origins")),
            ("telephone", None),
            ("x", None),
        ] {
            assert_eq!(nearest(written, names()), meant, "{written}");
        }
    }
}
