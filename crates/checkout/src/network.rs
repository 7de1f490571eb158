//! The one table of networks: names, URI schemes, chain ids and explorers.

use core::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Which network a currency moves on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NetworkId {
    /// Bitcoin's main chain.
    Bitcoin,
    /// Litecoin's main chain.
    Litecoin,
    /// Dogecoin's main chain.
    Dogecoin,
    /// Ethereum's main chain, chain id 1.
    Ethereum,
    /// BNB Smart Chain, chain id 56.
    BnbSmartChain,
    /// Polygon's proof-of-stake chain, chain id 137.
    Polygon,
    /// Tron's main chain.
    Tron,
    /// The Open Network's main chain.
    Ton,
}

/// One network and what is needed to name it, link to it and write payment URIs for it.
#[derive(Debug)]
pub struct Network {
    /// Its id.
    pub id: NetworkId,
    /// Its name for people: `Tron`.
    pub name: &'static str,
    /// The scheme of its payment URIs: `bitcoin`, `ethereum` (for every EVM chain), `tron`.
    pub uri_scheme: &'static str,
    /// The EIP-155 chain id, on EVM chains only.
    pub chain_id: Option<u64>,
    /// What a transaction's hash is appended to, to see it in a public explorer.
    pub explorer: &'static str,
}

/// Every network a currency of [`CURRENCIES`](crate::CURRENCIES) moves on, in the order of [`NetworkId`].
pub static NETWORKS: &[Network] = &[
    Network {
        id: NetworkId::Bitcoin,
        name: "Bitcoin",
        uri_scheme: "bitcoin",
        chain_id: None,
        explorer: "https://mempool.space/tx/",
    },
    Network {
        id: NetworkId::Litecoin,
        name: "Litecoin",
        uri_scheme: "litecoin",
        chain_id: None,
        explorer: "https://litecoinspace.org/tx/",
    },
    Network {
        id: NetworkId::Dogecoin,
        name: "Dogecoin",
        uri_scheme: "dogecoin",
        chain_id: None,
        explorer: "https://blockchair.com/dogecoin/transaction/",
    },
    Network {
        id: NetworkId::Ethereum,
        name: "Ethereum",
        uri_scheme: "ethereum",
        chain_id: Some(1),
        explorer: "https://etherscan.io/tx/",
    },
    Network {
        id: NetworkId::BnbSmartChain,
        name: "BNB Smart Chain",
        uri_scheme: "ethereum",
        chain_id: Some(56),
        explorer: "https://bscscan.com/tx/",
    },
    Network {
        id: NetworkId::Polygon,
        name: "Polygon",
        uri_scheme: "ethereum",
        chain_id: Some(137),
        explorer: "https://polygonscan.com/tx/",
    },
    Network {
        id: NetworkId::Tron,
        name: "Tron",
        uri_scheme: "tron",
        chain_id: None,
        explorer: "https://tronscan.org/#/transaction/",
    },
    Network {
        id: NetworkId::Ton,
        name: "TON",
        uri_scheme: "ton",
        chain_id: None,
        explorer: "https://tonviewer.com/transaction/",
    },
];

impl NetworkId {
    /// This network's line in [`NETWORKS`].
    #[must_use]
    pub fn network(self) -> &'static Network {
        &NETWORKS[self as usize]
    }
}

impl fmt::Display for NetworkId {
    /// The network's name for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.network().name)
    }
}

impl Network {
    /// Where people can see a transaction. The hash is escaped, so whatever the gateway sent, the link
    /// leads to this explorer.
    #[must_use]
    pub fn transaction_url(&self, hash: &str) -> String {
        let mut url = String::from(self.explorer);
        url.extend(utf8_percent_encode(hash, NON_ALPHANUMERIC));
        url
    }
}
