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
    /// What a transaction's hash is appended to, to see it in a public explorer.
    pub explorer: &'static str,
}

/// Every network a currency of [`CURRENCIES`](crate::CURRENCIES) moves on, in the order of [`NetworkId`].
pub static NETWORKS: &[Network] = &[
    Network {
        id: NetworkId::Bitcoin,
        name: "Bitcoin",
        explorer: "https://mempool.space/tx/",
    },
    Network {
        id: NetworkId::Litecoin,
        name: "Litecoin",
        explorer: "https://litecoinspace.org/tx/",
    },
    Network {
        id: NetworkId::Dogecoin,
        name: "Dogecoin",
        explorer: "https://blockchair.com/dogecoin/transaction/",
    },
    Network {
        id: NetworkId::Ethereum,
        name: "Ethereum",
        explorer: "https://etherscan.io/tx/",
    },
    Network {
        id: NetworkId::BnbSmartChain,
        name: "BNB Smart Chain",
        explorer: "https://bscscan.com/tx/",
    },
    Network {
        id: NetworkId::Polygon,
        name: "Polygon",
        explorer: "https://polygonscan.com/tx/",
    },
    Network {
        id: NetworkId::Tron,
        name: "Tron",
        explorer: "https://tronscan.org/#/transaction/",
    },
    Network {
        id: NetworkId::Ton,
        name: "TON",
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

// What only payment URIs need stands outside the table, which travels to every buyer's phone.
impl Network {
    /// The scheme of its payment URIs: `bitcoin`, `ethereum` (for every EVM chain), `tron`.
    #[must_use]
    pub const fn uri_scheme(&self) -> &'static str {
        match self.id {
            NetworkId::Bitcoin => "bitcoin",
            NetworkId::Litecoin => "litecoin",
            NetworkId::Dogecoin => "dogecoin",
            NetworkId::Ethereum | NetworkId::BnbSmartChain | NetworkId::Polygon => "ethereum",
            NetworkId::Tron => "tron",
            NetworkId::Ton => "ton",
        }
    }

    /// The EIP-155 chain id, on EVM chains only.
    #[must_use]
    pub const fn chain_id(&self) -> Option<u64> {
        match self.id {
            NetworkId::Ethereum => Some(1),
            NetworkId::BnbSmartChain => Some(56),
            NetworkId::Polygon => Some(137),
            NetworkId::Bitcoin
            | NetworkId::Litecoin
            | NetworkId::Dogecoin
            | NetworkId::Tron
            | NetworkId::Ton => None,
        }
    }

    /// Where people can see a transaction. The hash is escaped, so whatever the gateway sent, the link
    /// leads to this explorer.
    #[must_use]
    pub fn transaction_url(&self, hash: &str) -> String {
        let mut url = String::from(self.explorer);
        url.extend(utf8_percent_encode(hash, NON_ALPHANUMERIC));
        url
    }
}
