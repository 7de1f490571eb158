//! Deposits in the ledger.

use checkout::{Amount, AmountError, Timestamp};
use uuid::Uuid;

use super::{Due, Ledger};
use crate::addresses;
use crate::deposit::{Deposit, DepositIndex, Stage};
use crate::event::EventName;

/// Why a deposit is not taken, or does not move on.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum DepositRefusal {
    /// No invoice ever had this address.
    #[error("no invoice has the address {0:?}")]
    AddressUnknown(String),
    /// No deposit has this id.
    #[error("there is no deposit {0:?}")]
    DepositUnknown(String),
    /// Deposits of nothing do not exist.
    #[error("expected an amount above zero")]
    AmountZero,
    /// The chain cannot move so small a fraction.
    #[error("expected at most {decimals} decimals for {currency}, got {amount}")]
    AmountTooPrecise {
        currency: &'static str,
        decimals: u8,
        amount: Amount,
    },
    /// More than the sandbox calculates with.
    #[error("expected deposits of at most {MOST} to one address in all, got {0} more")]
    AmountTooLarge(Amount),
    /// A new deposit is either in the mempool or confirmed.
    #[error("expected the stage mempool or confirmed for a new deposit, got {0}")]
    StageNotFirst(&'static str),
    /// A deposit does not go this way.
    #[error("a deposit that is {now} cannot become {next}")]
    StageImpossible {
        now: &'static str,
        next: &'static str,
    },
}

/// The largest sum of deposits to one address, in whole units of the currency.
const MOST: u128 = 1_000_000_000_000;

impl Ledger {
    /// Sends money to an address. Without a sender it comes from the one buyer each invoice has.
    pub(crate) fn deposit(
        &mut self,
        now: Timestamp,
        address: &str,
        amount: Amount,
        stage: Stage,
        from: Option<String>,
    ) -> Result<DepositIndex, DepositRefusal> {
        if !matches!(stage, Stage::Mempool | Stage::Confirmed) {
            return Err(DepositRefusal::StageNotFirst(stage.as_str()));
        }
        let Some(invoice) = self
            .invoice_by_address
            .get(&addresses::canonical(address))
            .copied()
        else {
            return Err(DepositRefusal::AddressUnknown(address.to_owned()));
        };
        let currency = self.invoices[invoice.0].order.currency;
        if amount.is_zero() {
            return Err(DepositRefusal::AmountZero);
        }
        if amount.normalized().scale() > currency.decimals {
            let (code, decimals) = (currency.code, currency.decimals);
            return Err(DepositRefusal::AmountTooPrecise {
                currency: code,
                decimals,
                amount,
            });
        }
        let sent =
            |sum: Amount, deposit: &DepositIndex| sum.checked_add(self.deposits[deposit.0].amount);
        let sum = self.invoices[invoice.0]
            .deposits
            .iter()
            .try_fold(amount, sent);
        let most = Amount::from_units(MOST, 0).expect("a trillion is an amount");
        if sum.map_or(true, |sum| sum > most) {
            return Err(DepositRefusal::AmountTooLarge(amount));
        }
        let count = self.count();
        let index = DepositIndex(self.deposits.len());
        let buyer = self.invoices[invoice.0].id.as_u64_pair().0;
        let deposit = Deposit {
            id: self.seed.uuid("deposit", count),
            invoice,
            amount: amount.normalized(),
            from: from
                .unwrap_or_else(|| addresses::address(self.seed, currency.network, "buyer", buyer)),
            transaction_hash: addresses::transaction_hash(self.seed, currency.network, count),
            stage: Stage::Mempool,
            seen: now,
            moved: now,
            lost: !self.invoices[invoice.0].is_watched(),
            fee: None,
        };
        self.deposit_by_id.insert(deposit.id, index);
        self.invoices[invoice.0].deposits.push(index);
        self.deposits.push(deposit);
        if stage == Stage::Confirmed {
            self.place(now, index, Stage::Confirmed);
        } else {
            let watched = self.invoices[invoice.0].is_watched();
            if watched && self.invoices[invoice.0].order.terms.is_limited() {
                self.announce(now, EventName::InvoiceMempoolFound, invoice, Some(index));
            }
            self.settle(invoice, now);
        }
        Ok(index)
    }

    /// Moves a deposit on. To be told the stage it has already changes nothing.
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

    fn place(&mut self, now: Timestamp, index: DepositIndex, stage: Stage) {
        let deposit = &mut self.deposits[index.0];
        deposit.stage = stage;
        deposit.moved = now;
        // An address that was archived since the money was seen is not watched any more either.
        deposit.lost = deposit.lost || !self.invoices[deposit.invoice.0].is_watched();
        if deposit.lost {
            return;
        }
        let invoice = &mut self.invoices[deposit.invoice.0];
        if stage == Stage::Confirmed {
            let sum: Result<Amount, AmountError> = invoice.received.checked_add(deposit.amount);
            invoice.received = sum
                .expect("a bounded number of bounded deposits has a sum")
                .normalized();
            invoice.last_deposit_hash = Some(deposit.transaction_hash.clone());
            invoice.idle_since = now;
            if !invoice.order.terms.is_limited() {
                let credited = now.plus_seconds(i64::from(self.rules.crediting_seconds));
                self.due.insert((credited, Due::CreditDeposit(index)));
            }
        }
        let invoice = deposit.invoice;
        let event = match stage {
            Stage::Confirmed => Some(EventName::InvoiceFundsReceived),
            Stage::Review => Some(EventName::InvoicePendingCompliance),
            Stage::Declined => Some(EventName::InvoiceComplianceDeclined),
            Stage::Mempool | Stage::Dropped => None,
        };
        if let Some(event) = event {
            self.announce(now, event, invoice, Some(index));
        }
        self.settle(invoice, now);
    }

    /// The deposit at a place of this ledger.
    pub(crate) fn deposit_at(&self, index: DepositIndex) -> &Deposit {
        &self.deposits[index.0]
    }
}
