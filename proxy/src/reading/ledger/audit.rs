//! Whether the rows of the ledger can be true together: what holds for every ledger, whatever the gateway has said and whenever the proxy was
//! stopped.

use std::collections::{BTreeMap, HashMap, HashSet};

use checkout::Amount;
use uuid::Uuid;

use super::{Credited, Posting, PostingKind, Says};
use crate::checkouts::deposit::figure;
use crate::checkouts::deposit_currency::DepositCurrency;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;

/// What of a ledger cannot be true.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// A deposit counts once.
    #[error("row {seq} of the ledger counts the deposit {deposit} to {paid_to} a second time")]
    CountedTwice {
        seq: i64,
        paid_to: Uuid,
        deposit: String,
    },
    /// And so does its transaction id, in a store.
    #[error("row {seq} of the ledger counts {id} a second time for {shop}")]
    IdTwice { seq: i64, shop: ShopId, id: String },
    /// Only of a deposit that counts something else can be said.
    #[error(
        "row {seq} of the ledger ({kind}) is about the deposit {deposit} to {paid_to}, which was not counted in that store and currency"
    )]
    NeverCounted {
        seq: i64,
        kind: PostingKind,
        paid_to: Uuid,
        deposit: String,
    },
    /// What was received is what was credited and what was kept.
    #[error(
        "row {seq} of the ledger: of {received} {credited} was credited and {fee} kept, which is not the same"
    )]
    DoesNotAddUp {
        seq: i64,
        received: Amount,
        credited: Amount,
        fee: Amount,
    },
    /// A fee is told once.
    #[error("row {seq} of the ledger names a second fee of the deposit {deposit} to {paid_to}")]
    FeeTwice {
        seq: i64,
        paid_to: Uuid,
        deposit: String,
    },
    /// The sums of a store stay amounts.
    #[error("row {seq} of the ledger: the sum of {currency} for {shop} is no amount any more")]
    NoSum {
        seq: i64,
        shop: ShopId,
        currency: DepositCurrency,
    },
}

/// A deposit as it was counted.
#[derive(Debug, Clone)]
pub(crate) struct Booked {
    pub(crate) shop: ShopId,
    /// The checkout of the invoice it was paid to; none for a customer.
    pub(crate) checkout: Option<CheckoutId>,
    currency: DepositCurrency,
    received: Amount,
    has_fee: bool,
}

impl Booked {
    /// Amount and currency, for people.
    pub(crate) fn figure(&self) -> String {
        figure(self.received, &self.currency)
    }
}

/// A ledger, told row by row.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    counted: HashMap<(Uuid, String), Booked>,
    ids: HashSet<(ShopId, String)>,
    sums: BTreeMap<(ShopId, String), (u64, Amount)>,
    faults: Vec<Fault>,
}

impl Audit {
    /// Takes the next row.
    pub(crate) fn note(&mut self, seq: i64, row: &Posting) {
        if let Err(fault) = self.follow(seq, row) {
            self.faults.push(fault);
        }
    }

    /// What was counted for a deposit to an invoice or a customer.
    pub(crate) fn counted(&self, paid_to: Uuid, deposit: &str) -> Option<&Booked> {
        self.counted.get(&(paid_to, deposit.to_owned()))
    }

    /// Everything that was counted: to what it was paid, and which deposit it is.
    pub(crate) fn all_counted(&self) -> impl Iterator<Item = &(Uuid, String)> {
        self.counted.keys()
    }

    /// For each store and currency, how many deposits were counted, and their exact sum.
    pub(crate) fn sums(&self) -> &BTreeMap<(ShopId, String), (u64, Amount)> {
        &self.sums
    }

    /// What cannot be true, in the order of the rows.
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    fn follow(&mut self, seq: i64, row: &Posting) -> Result<(), Fault> {
        match &row.says {
            Says::Deposit(counted) => {
                self.count(seq, row, &counted.transaction_id, counted.received)
            }
            Says::Credit(credited) => self.credit(seq, row, credited),
            Says::Correction(_) => self.known(seq, row).map(drop),
        }
    }

    fn count(&mut self, seq: i64, row: &Posting, id: &str, received: Amount) -> Result<(), Fault> {
        let booked = Booked {
            shop: row.shop.clone(),
            checkout: row.checkout,
            currency: row.currency.clone(),
            received,
            has_fee: false,
        };
        let (paid_to, deposit) = (row.paid_to, row.deposit.clone());
        if self
            .counted
            .insert((paid_to, deposit.clone()), booked)
            .is_some()
        {
            return Err(Fault::CountedTwice {
                seq,
                paid_to,
                deposit,
            });
        }
        let place = (row.shop.clone(), row.currency.code().to_owned());
        let (deposits, sum) = self.sums.entry(place).or_insert((0, Amount::ZERO));
        *deposits += 1;
        let Ok(more) = sum.checked_add(received) else {
            return Err(Fault::NoSum {
                seq,
                shop: row.shop.clone(),
                currency: row.currency.clone(),
            });
        };
        *sum = more.normalized();
        if !self.ids.insert((row.shop.clone(), id.to_owned())) {
            return Err(Fault::IdTwice {
                seq,
                shop: row.shop.clone(),
                id: id.to_owned(),
            });
        }
        Ok(())
    }

    fn credit(&mut self, seq: i64, row: &Posting, says: &Credited) -> Result<(), Fault> {
        let booked = self.known(seq, row)?;
        let Some(fee) = says.fee else {
            return Ok(());
        };
        if std::mem::replace(&mut booked.has_fee, true) {
            return Err(Fault::FeeTwice {
                seq,
                paid_to: row.paid_to,
                deposit: row.deposit.clone(),
            });
        }
        let received = booked.received;
        // An upgrade knows the fee alone.
        let credited = says.credited.or_else(|| received.checked_sub(fee).ok());
        let credited = credited.unwrap_or(Amount::ZERO);
        if credited.checked_add(fee) == Ok(received) {
            return Ok(());
        }
        Err(Fault::DoesNotAddUp {
            seq,
            received,
            credited,
            fee,
        })
    }

    /// The deposit that a row says something else of.
    fn known(&mut self, seq: i64, row: &Posting) -> Result<&mut Booked, Fault> {
        let known = self.counted.get_mut(&(row.paid_to, row.deposit.clone()));
        let known = known.filter(|known| {
            let is_same = known.shop == row.shop && known.checkout == row.checkout;
            is_same && (known.currency == row.currency || row.kind() == PostingKind::Correction)
        });
        known.ok_or_else(|| Fault::NeverCounted {
            seq,
            kind: row.kind(),
            paid_to: row.paid_to,
            deposit: row.deposit.clone(),
        })
    }
}
