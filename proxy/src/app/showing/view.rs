//! The checkout as its buyer sees it.

use checkout::wire::{
    CheckoutView, CurrencyView, DepositView, InvoiceView, PriceView, ReceivingView,
};
use checkout::{Amount, Currency, Phase, Timestamp, Transfer};

use crate::app::showing::attested::Asked;
use crate::app::showing::poll_pace::PollPace;
use crate::app::state::App;
use crate::checkouts::deposit::{Deposit, total};
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::purpose::Purpose;
use crate::checkouts::snapshot::Snapshot;
use crate::refusal::Refusal;

impl App {
    /// The buyer's view, with estimates while a currency can still be picked.
    ///
    /// # Errors
    /// `internal`, should a stored invoice not be payable any more, or its shop not be configured.
    pub(crate) async fn view(&self, snapshot: &Snapshot) -> Result<CheckoutView, Refusal> {
        let checkout = &snapshot.checkout;
        let offered: Vec<&'static Currency> = checkout.currencies.iter().collect();
        let estimates = match checkout.purpose.price() {
            Some(price) if snapshot.is_open(self.clock.now()) => {
                let shop = self.shop(&checkout.shop)?;
                shop.rates.estimates(price, &offered).await
            }
            _ => vec![None; offered.len()],
        };
        // Taken after the waiting, so that the page's countdown is as exact as can be.
        self.view_at(snapshot, estimates, self.clock.now())
    }

    /// The buyer's view at a moment, with an estimate, or none, for each currency.
    ///
    /// # Errors
    /// `internal`, should a stored invoice not be payable any more.
    pub(in crate::app) fn view_at(
        &self,
        snapshot: &Snapshot,
        estimates: Vec<Option<Amount>>,
        now: Timestamp,
    ) -> Result<CheckoutView, Refusal> {
        let checkout = &snapshot.checkout;
        let (state, invoice) = snapshot.standing(now);
        let (receiving, taken) = receiving(snapshot, now)?.unzip();
        let invoice = match invoice {
            Some(invoice) => invoice_view(invoice, state, checkout.expires_at, now)?,
            None => None,
        };
        let (invoice, asked) = invoice.unzip();
        let asked = asked.flatten().or_else(|| taken.flatten());
        let attestation = asked.and_then(|asked| self.attested(checkout, &asked, now));
        Ok(CheckoutView {
            id: checkout.id.to_string(),
            kind: checkout.purpose.kind(),
            state,
            description: checkout.description.clone(),
            price: checkout.purpose.price().map(|price| PriceView {
                amount: price.amount(),
                currency: price.currency().to_owned(),
            }),
            currencies: checkout
                .currencies
                .iter()
                .zip(estimates)
                .map(|(currency, estimate)| currency_view(currency, estimate))
                .collect(),
            poll_after_ms: PollPace::of(
                state,
                invoice.as_ref(),
                checkout.expires_at,
                now,
                &self.config.paces,
            )
            .at(now),
            invoice,
            receiving,
            expires_at: checkout.expires_at,
            now,
            return_url: checkout.return_url.clone(),
            support_url: checkout.support_url.clone(),
            logo_url: checkout.logo_url.clone(),
            attestation,
            url: None,
        })
    }

    /// The link to the hosted page of a checkout.
    pub(crate) fn page_url(&self, id: &str) -> String {
        format!("{}/pay/{id}", self.config.public_url)
    }
}

fn currency_view(currency: &Currency, estimate: Option<Amount>) -> CurrencyView {
    CurrencyView {
        code: currency.code.to_owned(),
        symbol: currency.asset.symbol.to_owned(),
        name: currency.asset.name.to_owned(),
        network: currency.network_label().to_owned(),
        estimate,
    }
}

/// The invoice that decides, in the phase of its checkout. The answer has its address only while something is to be sent there and the
/// gateway watches it.
/// `None` for an invoice that takes any amount, which is shown as [`ReceivingView`].
fn invoice_view(
    invoice: &Invoice,
    phase: Phase,
    closes: Timestamp,
    now: Timestamp,
) -> Result<Option<(InvoiceView, Option<Asked>)>, Refusal> {
    let Some(amount) = invoice.amount else {
        return Ok(None);
    };
    let due = invoice.due(amount);
    // Whatever client shows this answer: an address without anything to send invites a second payment.
    let asks = phase.shows_address() && now < invoice.expires_at && !due.is_zero();
    let transfer = asks.then(|| Transfer::new(invoice.currency, invoice.address.clone(), due));
    let transfer = transfer.transpose().map_err(Refusal::internal)?;
    // Nobody starts to pay a checkout that has closed, whatever life the gateway gave its invoice.
    let expires_at = match phase {
        Phase::Awaiting => invoice.expires_at.min(closes),
        _ => invoice.expires_at,
    };
    let view = InvoiceView {
        currency: invoice.currency.code.to_owned(),
        address: asks.then(|| invoice.address.as_str().to_owned()),
        amount,
        received: invoice.received,
        due,
        uri: transfer.as_ref().map(Transfer::uri),
        reprice_at: invoice.reprice_at(now),
        expires_at,
        transaction: invoice.transaction.clone(),
    };
    let asked = transfer.map(|transfer| Asked {
        invoice: Some(invoice.key),
        transfer,
        reprice_at: view.reprice_at,
        expires_at,
    });
    Ok(Some((view, asked)))
}

/// The address that takes any amount, with what has arrived there; `None` for a payment, and while there is none to show.
fn receiving(
    snapshot: &Snapshot,
    now: Timestamp,
) -> Result<Option<(ReceivingView, Option<Asked>)>, Refusal> {
    let (phase, chosen) = snapshot.standing(now);
    let (receiver, currency, address) = match (&snapshot.checkout.purpose, &snapshot.purse, chosen)
    {
        (Purpose::Topup, _, Some(invoice)) => (invoice.key, invoice.currency, &invoice.address),
        (Purpose::Deposit(customer), Some(purse), _) if purse.is_trusted(now) => {
            (key::customer(customer), purse.currency, &purse.address)
        }
        (Purpose::Payment(_) | Purpose::Topup | Purpose::Deposit(_), _, _) => return Ok(None),
    };
    let deposits = snapshot.deposits.iter().filter(|deposit| {
        deposit.paid_to == receiver && deposit.currency.is(currency) && !deposit.is_void()
    });
    // Nobody is sent to an address whose time is over: what arrives there then may be lost.
    let address = Some(address).filter(|_| phase.shows_address());
    let transfer = address.map(|address| Transfer::of_any_amount(currency, address.clone()));
    let transfer = transfer.transpose().map_err(Refusal::internal)?;
    let view = receiving_view(currency, transfer.as_ref(), deposits)?;
    let asked = transfer.map(|transfer| Asked {
        invoice: chosen.map(|invoice| invoice.key),
        transfer,
        reprice_at: None,
        expires_at: snapshot.checkout.expires_at,
    });
    Ok(Some((view, asked)))
}

fn receiving_view<'a>(
    currency: &'static Currency,
    transfer: Option<&Transfer>,
    deposits: impl Iterator<Item = &'a Deposit> + Clone,
) -> Result<ReceivingView, Refusal> {
    Ok(ReceivingView {
        currency: currency.code.to_owned(),
        address: transfer.map(|transfer| transfer.to().as_str().to_owned()),
        uri: transfer.map(Transfer::uri),
        received: total(deposits.clone()).map_err(Refusal::internal)?,
        deposits: deposits
            .map(|deposit| DepositView {
                amount: deposit.amount,
                currency: deposit.currency.to_string(),
                transaction: deposit.transaction.clone(),
                at: deposit.at,
                state: deposit.state,
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests;
