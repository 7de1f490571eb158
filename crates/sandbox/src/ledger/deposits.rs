//! Deposits in the ledger: sending money, moving it on, and what is lost.

use checkout::{Amount, AmountError, Currency, Timestamp};
use uuid::Uuid;

use super::{Due, Ledger, Recipient};
use crate::addresses;
use crate::deposit::{Deposit, Stage};
use crate::event::EventName;
use crate::index::{DepositIndex, InvoiceIndex};

/// Why a deposit is not taken, or does not move on.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum DepositRefusal {
    /// No invoice ever had this address.
    #[error("no invoice has the address {0:?}")]
    AddressUnknown(String),
    /// No deposit has this id.
    #[error("there is no deposit {0:?}")]
    DepositUnknown(String),
    /// The amount is zero.
    #[error("expected an amount above zero")]
    AmountZero,
    /// The chain cannot move so small a fraction.
    #[error("expected at most {decimals} decimals for {currency}, got {amount}")]
    AmountTooPrecise {
        currency: &'static str,
        decimals: u8,
        amount: Amount,
    },
    /// An invoice takes its own currency, a purse those of its networks.
    #[error("expected a currency that this address takes, got {0:?}")]
    CurrencyWrong(String),
    /// The amount is larger than the sandbox calculates with.
    #[error("expected deposits of at most {MOST} to one address in all, got {0} more")]
    AmountTooLarge(Amount),
    /// A new deposit is either in the mempool or confirmed.
    #[error("expected the stage mempool or confirmed for a new deposit, got {0}")]
    StageNotFirst(&'static str),
    /// The deposit cannot move from its stage to this one.
    #[error("a deposit that is {now} cannot become {next}")]
    StageImpossible {
        now: &'static str,
        next: &'static str,
    },
}

/// Money that somebody sends.
#[derive(Clone, Debug)]
pub(crate) struct Sending {
    pub(crate) address: String,
    pub(crate) amount: Amount,
    pub(crate) currency: Option<String>,
    pub(crate) stage: Stage,
    pub(crate) from: Option<String>,
}

/// The largest sum of deposits to one address, in whole units of the currency.
const MOST: u128 = 1_000_000_000_000;

impl Ledger {
    /// Sends money to an address. Without a sender it comes from the one buyer each address has, without a currency
    /// it is in that of the invoice, or in the one that the purse was first asked for.
    pub(crate) fn deposit(
        &mut self,
        now: Timestamp,
        sending: Sending,
    ) -> Result<DepositIndex, DepositRefusal> {
        let Sending {
            address,
            amount,
            currency,
            stage,
            from,
        } = sending;
        if !matches!(stage, Stage::Mempool | Stage::Confirmed) {
            return Err(DepositRefusal::StageNotFirst(stage.as_str()));
        }
        let Some(to) = self
            .recipients
            .get(&addresses::canonical(&address))
            .copied()
        else {
            return Err(DepositRefusal::AddressUnknown(address));
        };
        let currency = self.currency_of(to, currency)?;
        if amount.is_zero() {
            return Err(DepositRefusal::AmountZero);
        }
        if amount.normalized().scale() > currency.decimals {
            let (currency, decimals) = (currency.code, currency.decimals);
            return Err(DepositRefusal::AmountTooPrecise {
                currency,
                decimals,
                amount,
            });
        }
        let (deposits, owner) = match to {
            Recipient::Invoice(index) => {
                (&self.invoices[index.0].deposits, self.invoices[index.0].id)
            }
            Recipient::Purse(index) => (&self.purses[index.0].deposits, self.purses[index.0].id),
        };
        let add = |sum: Amount, one: &DepositIndex| sum.checked_add(self.deposits[one.0].amount);
        let most = Amount::from_units(MOST, 0).expect("a trillion is an amount");
        if deposits
            .iter()
            .try_fold(amount, add)
            .map_or(true, |sum| sum > most)
        {
            return Err(DepositRefusal::AmountTooLarge(amount));
        }
        let count = self.count();
        let index = DepositIndex(self.deposits.len());
        let (buyer, _) = owner.as_u64_pair();
        let buyer = || addresses::address(self.seed, currency.network, "buyer", buyer);
        let deposit = Deposit {
            id: self.seed.uuid("deposit", count),
            to,
            currency,
            amount: amount.normalized(),
            from: from.unwrap_or_else(buyer),
            transaction_hash: addresses::transaction_hash(self.seed, currency.network, count),
            stage,
            seen: now,
            moved: now,
            lost: false,
            fee: None,
        };
        self.deposit_by_id.insert(deposit.id, index);
        match to {
            Recipient::Invoice(invoice) => self.invoices[invoice.0].deposits.push(index),
            Recipient::Purse(purse) => self.purses[purse.0].deposits.push(index),
        }
        self.deposits.push(deposit);
        self.place(now, index, stage);
        Ok(index)
    }

    fn currency_of(
        &self,
        to: Recipient,
        asked: Option<String>,
    ) -> Result<&'static Currency, DepositRefusal> {
        let (own, purse) = match to {
            Recipient::Invoice(index) => (self.invoices[index.0].order.currency, None),
            Recipient::Purse(index) => {
                let purse = &self.purses[index.0];
                (purse.currency, Some(purse))
            }
        };
        let Some(asked) = asked else { return Ok(own) };
        let takes = |currency: &&Currency| {
            currency.code == own.code || purse.is_some_and(|purse| purse.takes(currency))
        };
        Currency::find(&asked)
            .filter(takes)
            .ok_or(DepositRefusal::CurrencyWrong(asked))
    }

    /// Moves a deposit on. Moving it to the stage it has already changes nothing.
    pub(crate) fn move_deposit(
        &mut self,
        now: Timestamp,
        id: &str,
        next: Stage,
    ) -> Result<DepositIndex, DepositRefusal> {
        let index = Uuid::try_parse(id)
            .ok()
            .and_then(|id| self.deposit_by_id.get(&id))
            .copied();
        let index = index.ok_or_else(|| DepositRefusal::DepositUnknown(id.to_owned()))?;
        let stage = self.deposits[index.0].stage;
        if stage == next {
            return Ok(index);
        }
        if !stage.leads_to(next) {
            return Err(DepositRefusal::StageImpossible {
                now: stage.as_str(),
                next: next.as_str(),
            });
        }
        self.place(now, index, next);
        Ok(index)
    }

    /// A deposit is at a stage now. What was sent to an address that is not watched any more, or was archived since the
    /// money was seen, is lost.
    fn place(&mut self, now: Timestamp, index: DepositIndex, stage: Stage) {
        let watched = match self.deposits[index.0].to {
            Recipient::Invoice(invoice) => self.invoices[invoice.0].is_watched(),
            Recipient::Purse(purse) => !self.purses[purse.0].archived,
        };
        let deposit = &mut self.deposits[index.0];
        deposit.stage = stage;
        deposit.moved = now;
        deposit.lost = deposit.lost || !watched;
        if deposit.lost {
            return;
        }
        match deposit.to {
            Recipient::Invoice(invoice) => self.place_in_invoice(now, index, invoice),
            Recipient::Purse(purse) => self.place_in_purse(now, index, purse),
        }
    }

    fn place_in_invoice(&mut self, now: Timestamp, index: DepositIndex, to: InvoiceIndex) {
        let deposit = &self.deposits[index.0];
        let stage = deposit.stage;
        let invoice = &mut self.invoices[to.0];
        let limited = invoice.order.terms.is_limited();
        if stage == Stage::Confirmed {
            let sum: Result<Amount, AmountError> = invoice.received.checked_add(deposit.amount);
            invoice.received = sum
                .expect("deposits to one address are bounded")
                .normalized();
            invoice.last_deposit_hash = Some(deposit.transaction_hash.clone());
            invoice.idle_since = now;
            if !limited {
                let credited = now.plus_seconds(i64::from(self.rules.crediting_seconds));
                self.due.insert((credited, Due::CreditDeposit(index)));
            }
        }
        let event = match stage {
            Stage::Mempool if limited => Some(EventName::InvoiceMempoolFound),
            Stage::Confirmed => Some(EventName::InvoiceFundsReceived),
            Stage::Review => Some(EventName::InvoicePendingCompliance),
            Stage::Declined => Some(EventName::InvoiceComplianceDeclined),
            Stage::Mempool | Stage::Dropped => None,
        };
        if let Some(event) = event {
            self.announce(now, event, to, Some(index));
        }
        self.settle(to, now);
    }

    /// The deposit at a place of this ledger.
    pub(crate) fn deposit_at(&self, index: DepositIndex) -> &Deposit {
        &self.deposits[index.0]
    }
}
