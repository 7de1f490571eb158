//! Entries of the gateway's lists, read one by one: one that is no deposit does not take the others with it.

use calypso::{PurseTransaction, TransactionState, Unreadable};
use checkout::wire::DepositState;
use checkout::{Amount, Currency, Timestamp};
use sha2::{Digest, Sha256};

use crate::checkouts::deposit_currency::DepositCurrency;
use crate::gateway::Listing;
use crate::gateway::deposit_name::{is_name, name_of, word};
use crate::input::printable::printable;
use crate::reading::money::fit_hash;

/// One deposit as the gateway has just listed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListedDeposit {
    pub(crate) id: String,
    pub(crate) amount: Amount,
    pub(crate) currency: DepositCurrency,
    /// The currency it should be in, where there is only one.
    pub(crate) expected: Option<&'static Currency>,
    /// `None` for a state this program does not know.
    pub(crate) state: Option<DepositState>,
    pub(crate) transaction: Option<String>,
    pub(crate) sender: Option<String>,
    pub(crate) at: Option<Timestamp>,
}

/// An entry that is no deposit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnreadableEntry {
    /// The id of a deposit, or a name made from the entry's text.
    pub(crate) name: String,
    /// Whether that is an id.
    pub(crate) has_id: bool,
    /// What was expected and what came, for people.
    pub(crate) says: String,
}

/// What a list says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) deposits: Vec<ListedDeposit>,
    pub(crate) unreadable: Vec<UnreadableEntry>,
    /// Whether what is not in it is not at the gateway either.
    pub(crate) is_whole: bool,
}

/// What the history of an invoice says. It lists only money that has arrived (gateway reference §4.2).
pub(crate) fn of_invoice(
    listing: Listing<calypso::Deposit>,
    currency: &'static Currency,
) -> Listed {
    let read = |deposit: calypso::Deposit| {
        let Some(id) = name_of(&deposit) else {
            return Err(UnreadableEntry::nameless(&format!("{deposit:?}")));
        };
        Ok(ListedDeposit {
            id,
            amount: deposit.amount.normalized(),
            currency: deposit
                .currency
                .map_or_else(|| currency.into(), DepositCurrency::from),
            expected: Some(currency),
            state: Some(DepositState::Confirmed),
            transaction: fit_hash(currency.network, deposit.transaction_hash.as_deref()),
            sender: word(deposit.address_from.as_deref()),
            at: deposit.created,
        })
    };
    listed(listing, read)
}

/// What the payments of a customer say, in whatever currency they are.
pub(crate) fn of_customer(listing: Listing<PurseTransaction>) -> Listed {
    let read = |paid: PurseTransaction| {
        if !is_name(&paid.id) {
            return Err(UnreadableEntry::nameless(&format!("{paid:?}")));
        }
        let currency = DepositCurrency::from(paid.currency);
        Ok(ListedDeposit {
            state: state(&paid.state),
            amount: paid.amount.normalized(),
            transaction: match currency.known() {
                Some(currency) => fit_hash(currency.network, paid.transaction_hash.as_deref()),
                None => word(paid.transaction_hash.as_deref()),
            },
            currency,
            expected: None,
            sender: word(paid.address_from.as_deref()),
            at: paid.created,
            id: paid.id,
        })
    };
    listed(listing, read)
}

fn listed<T>(
    listing: Listing<T>,
    read: impl Fn(T) -> Result<ListedDeposit, UnreadableEntry>,
) -> Listed {
    let mut unreadable: Vec<UnreadableEntry> = listing
        .unreadable
        .into_iter()
        .map(UnreadableEntry::of)
        .collect();
    let mut deposits = Vec::new();
    for item in listing.items {
        match read(item) {
            Ok(arrival) => deposits.push(arrival),
            Err(entry) => unreadable.push(entry),
        }
    }
    Listed {
        deposits,
        // Any known deposit may be the one that has lost its id.
        is_whole: listing.is_whole && unreadable.iter().all(|entry| entry.has_id),
        unreadable,
    }
}

impl UnreadableEntry {
    fn of(entry: Unreadable) -> Self {
        let says = format!("{} in {}", clean(&entry.reason), clean(&entry.text));
        match entry.id.filter(|id| is_name(id)) {
            Some(id) => Self {
                name: id,
                has_id: true,
                says,
            },
            None => Self::named_by(&entry.text, says),
        }
    }

    fn nameless(text: &str) -> Self {
        Self::named_by(text, format!("expected an id in {}", clean(text)))
    }

    fn named_by(text: &str, says: String) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        Self {
            name: format!("unreadable:{}", hex::encode(&digest[..8])),
            has_id: false,
            says,
        }
    }
}

/// A foreign text fit for an answer and a log line.
fn clean(text: &str) -> String {
    let words = text.split_whitespace().map(printable);
    let mut out = words.collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = out.char_indices().nth(200) {
        out.truncate(end);
    }
    out
}

fn state(state: &TransactionState) -> Option<DepositState> {
    match state {
        TransactionState::MemPoolFound => Some(DepositState::Detected),
        TransactionState::PendingComplianceCheck => Some(DepositState::Reviewing),
        TransactionState::Declined => Some(DepositState::Declined),
        TransactionState::Confirmed | TransactionState::Completed => Some(DepositState::Confirmed),
        // New states are unknown ones: they never count as money.
        _ => None,
    }
}
