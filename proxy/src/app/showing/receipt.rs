//! The receipt of a payment that is completed: its facts by the ledger, signed.
//!
//! A receipt names the deposits that the gateway has credited when it completed the invoice, and nothing that came after. So one that was given
//! out is never contradicted by a later one; what can be added is the gateway's fee, when that is told later.

use calypso_attest::Kind;
use checkout::attestation::{ReceiptFacts, TransactionFacts};
use checkout::{Amount, Phase, RefusalCode, Timestamp};

use crate::app::state::App;
use crate::checkouts::deposit_currency::DepositCurrency;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::snapshot::Snapshot;
use crate::reading::ledger::Posting;
use crate::reading::ledger::account::{Account, accounts};
use crate::refusal::Refusal;

/// Why there is no receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum NoReceipt {
    /// Nothing signs it.
    #[error("this store signs no receipts")]
    NotSigned,
    /// Top-ups and deposits take any amount, any number of times, and are never completed.
    #[error("only payments have a receipt, and this is a {0}")]
    Kind(checkout::Kind),
    /// It may still come otherwise, or has.
    #[error("only a completed payment has a receipt, and this one is {0}")]
    State(Phase),
    /// The gateway has not told which deposits it has credited.
    #[error("the deposits of this payment are not all in the books yet")]
    NotBooked,
}

impl From<NoReceipt> for Refusal {
    fn from(reason: NoReceipt) -> Self {
        Self::new(RefusalCode::ReceiptNotAvailable, reason.to_string())
    }
}

impl App {
    /// The receipt of a checkout, as it is stored.
    ///
    /// # Errors
    /// `receipt_not_available`, `store_unavailable`.
    pub(crate) async fn receipt(&self, snapshot: &Snapshot) -> Result<String, Refusal> {
        let receivers = snapshot.invoices.iter().map(|invoice| invoice.key);
        let booked = self.store.ledger_of(receivers.collect()).await?;
        self.receipt_of(snapshot, &booked, self.clock.now())
    }

    /// The receipt, by these rows of the ledger.
    ///
    /// # Errors
    /// `receipt_not_available`.
    pub(in crate::app) fn receipt_of(
        &self,
        snapshot: &Snapshot,
        booked: &[Posting],
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let shop = self.shop(&snapshot.checkout.shop)?;
        let attestation = shop.config.attestation.as_ref();
        let signer = &attestation.ok_or(NoReceipt::NotSigned)?.signer;
        let facts = facts(snapshot, booked, now)?;
        Ok(signer.sign(Kind::Receipt, &facts.canonical()))
    }
}

fn facts(
    snapshot: &Snapshot,
    booked: &[Posting],
    now: Timestamp,
) -> Result<ReceiptFacts, NoReceipt> {
    let checkout = &snapshot.checkout;
    let Purpose::Payment(price) = &checkout.purpose else {
        return Err(NoReceipt::Kind(checkout.purpose.kind()));
    };
    let (phase, invoice) = snapshot.standing(now);
    let invoice = invoice.filter(|_| phase == Phase::Completed);
    let invoice = invoice.ok_or(NoReceipt::State(phase))?;
    let payment = Payment::of(invoice, &accounts(booked)).ok_or(NoReceipt::NotBooked)?;
    Ok(ReceiptFacts {
        store: checkout.shop.as_str().to_owned(),
        checkout: checkout.id.to_string(),
        external_id: checkout.external_id.clone(),
        description: checkout.description.clone(),
        price: price.amount().into(),
        price_currency: price.currency().to_owned(),
        invoice: invoice.key.to_string(),
        currency: invoice.currency.code.to_owned(),
        network: invoice.currency.network().caip2().to_owned(),
        token: invoice.currency.contract.map(str::to_owned),
        address: invoice.address.as_str().to_owned(),
        asked: payment.asked.into(),
        received: payment.received.into(),
        rate: payment.rate.map(Into::into),
        fee: payment.fee.map(Into::into),
        transactions: payment.transactions,
        paid_at: payment.paid_at.into(),
        completed_at: payment.completed_at.into(),
        state: phase.as_str().to_owned(),
    })
}

/// What the ledger says of an invoice that the gateway has completed.
struct Payment {
    asked: Amount,
    received: Amount,
    rate: Option<Amount>,
    fee: Option<Amount>,
    transactions: Vec<TransactionFacts>,
    paid_at: Timestamp,
    completed_at: Timestamp,
}

impl Payment {
    /// `None` while no deposit is known as credited, and for payments from before there was a ledger, of which it does not know when.
    fn of(invoice: &Invoice, accounts: &[Account<'_>]) -> Option<Self> {
        let is_credited = |account: &&Account<'_>| {
            let is_its = account.first.paid_to == invoice.key;
            is_its && account.credited_at.is_some()
        };
        let mut credited: Vec<&Account<'_>> = accounts.iter().filter(is_credited).collect();
        credited.sort_by_key(|account| account.counted.deposited_at);
        let last = credited.last()?;
        let currency = DepositCurrency::from(invoice.currency);
        if credited
            .iter()
            .any(|account| account.first.currency != currency)
        {
            return None;
        }
        let received = sum(credited
            .iter()
            .map(|account| Some(account.counted.received)))?;
        let own_fee = sum(credited.iter().map(|account| account.fee));
        // The gateway names one fee for an invoice. It is that of these deposits while there are no others.
        let fee_of_all = || invoice.fee.filter(|_| invoice.received == received);
        let transactions = credited.iter().map(|account| TransactionFacts {
            hash: account.counted.transaction.clone(),
            amount: account.counted.received.into(),
            at: account.counted.deposited_at.into(),
        });
        Some(Self {
            asked: last.counted.asked.or(invoice.amount)?,
            received,
            rate: last.counted.at_sale.map(|value| value.rate),
            fee: own_fee.or_else(fee_of_all),
            transactions: transactions.collect(),
            paid_at: invoice.paid_at?,
            completed_at: credited
                .iter()
                .filter_map(|account| account.credited_at)
                .min()?,
        })
    }
}

/// The sum, if none of the amounts is missing.
fn sum(mut amounts: impl Iterator<Item = Option<Amount>>) -> Option<Amount> {
    amounts.try_fold(Amount::ZERO, |sum, amount| sum.checked_add(amount?).ok())
}
