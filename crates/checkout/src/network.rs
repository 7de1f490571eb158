//! The table of networks: everything that is said of one stands in its row.

use core::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::family::Family;

/// Makes the ids, the table and the rarer columns from the rows.
///
/// The widget carries a table as a whole wherever it looks into it, so only what the widget shows is a field of [`Network`]. A column
/// that only the proxy asks for becomes a function over the same row, and whoever does not call the function does not carry it.
macro_rules! networks {
    ($(
        $(#[doc = $doc:literal])+
        $id:ident {
            name: $name:literal,
            token_label: $token_label:literal,
            family: $family:expr,
            explorer: $explorer:literal,
            caip2: $caip2:literal,
            reprice_seconds: $reprice_seconds:expr,
            life_seconds: $life_seconds:expr,
        }
    )*) => {
        /// Which network a currency moves on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum NetworkId {
            $( $(#[doc = $doc])+ $id, )*
        }

        /// Every network a currency of [`CURRENCIES`](crate::CURRENCIES) moves on, in the order of [`NetworkId`].
        pub static NETWORKS: &[Network] = &[
            $( Network {
                id: NetworkId::$id,
                name: $name,
                token_label: $token_label,
                explorer: $explorer,
                family: $family,
            }, )*
        ];

        impl Network {
            /// Its name by CAIP-2, in which other programs know it: `eip155:1`. Of Bitcoin and its kin the first half of the hash of the
            /// first block; of Tron and TON what wallets agree on, because neither has registered a name.
            #[must_use]
            pub const fn caip2(&self) -> &'static str {
                match self.id {
                    $( NetworkId::$id => $caip2, )*
                }
            }

            /// After how many seconds the amount of an open invoice in its own coin is recalculated (gateway reference §7.1).
            #[must_use]
            pub const fn reprice_seconds(&self) -> u32 {
                match self.id {
                    $( NetworkId::$id => $reprice_seconds, )*
                }
            }

            /// How many seconds an invoice is paid in when nobody says otherwise (gateway reference §7.3).
            #[must_use]
            pub const fn life_seconds(&self) -> u32 {
                match self.id {
                    $( NetworkId::$id => $life_seconds, )*
                }
            }
        }
    };
}

/// One network: what names it, how it writes addresses and links, and how long its invoices live.
#[derive(Debug)]
pub struct Network {
    /// Its id.
    pub id: NetworkId,
    /// Its name for people: `Tron`.
    pub name: &'static str,
    /// Its name where a token moves on it, with the token standard where buyers know it: `Tron (TRC-20)`.
    pub token_label: &'static str,
    /// What a transaction's hash is appended to, to see it in a public explorer.
    pub explorer: &'static str,
    /// How it writes addresses, payment URIs and hashes.
    pub family: Family,
}

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;

networks! {
    /// Bitcoin's main chain.
    Bitcoin {
        name: "Bitcoin",
        token_label: "Bitcoin",
        family: Family::BitcoinLike { scheme: "bitcoin", versions: &[0x00, 0x05], segwit: Some("bc") },
        explorer: "https://mempool.space/tx/",
        caip2: "bip122:000000000019d6689c085ae165831e93",
        reprice_seconds: HOUR,
        life_seconds: 24 * HOUR,
    }
    /// Litecoin's main chain. `3…` is the script version it shares with Bitcoin, `M…` the one of its own.
    Litecoin {
        name: "Litecoin",
        token_label: "Litecoin",
        family: Family::BitcoinLike { scheme: "litecoin", versions: &[0x30, 0x32, 0x05], segwit: Some("ltc") },
        explorer: "https://litecoinspace.org/tx/",
        caip2: "bip122:12a765e31ffd4059bada1e25190f6e98",
        reprice_seconds: 15 * MINUTE,
        life_seconds: 24 * HOUR,
    }
    /// Dogecoin's main chain.
    Dogecoin {
        name: "Dogecoin",
        token_label: "Dogecoin",
        family: Family::BitcoinLike { scheme: "dogecoin", versions: &[0x1e, 0x16], segwit: None },
        explorer: "https://blockchair.com/dogecoin/transaction/",
        caip2: "bip122:1a91e3dace36e2be3bf030a65679fe82",
        reprice_seconds: 15 * MINUTE,
        life_seconds: 24 * HOUR,
    }
    /// Ethereum's main chain.
    Ethereum {
        name: "Ethereum",
        token_label: "Ethereum (ERC-20)",
        family: Family::Evm { chain_id: 1 },
        explorer: "https://etherscan.io/tx/",
        caip2: "eip155:1",
        reprice_seconds: 15 * MINUTE,
        life_seconds: 24 * HOUR,
    }
    /// BNB Smart Chain.
    BnbSmartChain {
        name: "BNB Smart Chain",
        token_label: "BNB Smart Chain (BEP-20)",
        family: Family::Evm { chain_id: 56 },
        explorer: "https://bscscan.com/tx/",
        caip2: "eip155:56",
        reprice_seconds: 15 * MINUTE,
        life_seconds: 24 * HOUR,
    }
    /// Polygon's proof-of-stake chain. Its tokens are ERC-20 too, but saying so makes buyers send on Ethereum.
    Polygon {
        name: "Polygon",
        token_label: "Polygon",
        family: Family::Evm { chain_id: 137 },
        explorer: "https://polygonscan.com/tx/",
        caip2: "eip155:137",
        reprice_seconds: 15 * MINUTE,
        life_seconds: 24 * HOUR,
    }
    /// Tron's main chain.
    Tron {
        name: "Tron",
        token_label: "Tron (TRC-20)",
        family: Family::Tron,
        explorer: "https://tronscan.org/#/transaction/",
        caip2: "tron:0x2b6653dc",
        reprice_seconds: 15 * MINUTE,
        life_seconds: 3 * HOUR,
    }
    /// The Open Network's main chain.
    Ton {
        name: "TON",
        token_label: "TON (Jetton)",
        family: Family::Ton,
        explorer: "https://tonviewer.com/transaction/",
        caip2: "tvm:-239",
        reprice_seconds: 15 * MINUTE,
        life_seconds: 24 * HOUR,
    }
}

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
    /// Whether an address of one of the two is the same account on the other: on one network, and among EVM chains.
    #[must_use]
    pub fn shares_accounts_with(&self, other: &Network) -> bool {
        match (self.family, other.family) {
            (Family::Evm { .. }, Family::Evm { .. }) => true,
            _ => self.id == other.id,
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
