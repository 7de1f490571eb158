//! The facts of an invoice that waits to be paid: what the proxy signs, and what a page compares with what it is about to show.

use super::error::FactsError;
use super::spelled::{AmountText, MomentText, Spelled};
use super::spelling::{Reader, Writer};
use crate::amount::Amount;
use crate::timestamp::Timestamp;
use crate::transfer::Transfer;

/// An address that something is to be sent to, and until when that is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceFacts {
    /// The store's name in the proxy's configuration.
    pub store: String,
    /// The checkout's id.
    pub checkout: String,
    /// The proxy's key of the invoice; `None` for the permanent address of a customer, which has no invoice.
    pub invoice: Option<String>,
    /// The network, as CAIP-2 names it: `eip155:1`.
    pub network: String,
    /// The token's contract; `None` for the network's own coin.
    pub token: Option<String>,
    /// Where to send.
    pub address: String,
    /// How much is to be sent now, which is what is due; `None` where the sender decides.
    pub amount: Option<AmountText>,
    /// From when on `amount` is no longer true; `None` where it does not change any more.
    pub reprice_at: Option<MomentText>,
    /// From when on nothing may be sent there.
    pub expires_at: MomentText,
}

/// What a page is about to show, and where it has to agree with what is signed. The members are spelled as in [`InvoiceFacts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvoiceTerms<'a> {
    /// The checkout that was asked for.
    pub checkout: &'a str,
    /// The network, as CAIP-2 names it.
    pub network: &'a str,
    /// The token's contract.
    pub token: Option<&'a str>,
    /// The address.
    pub address: &'a str,
    /// The amount that is to be sent, without superfluous zeros.
    pub amount: Option<&'a str>,
    /// When that amount is recalculated.
    pub reprice_at: Option<&'a str>,
    /// When the address is hidden.
    pub expires_at: &'a str,
}

impl InvoiceFacts {
    /// The facts of a transfer that is asked for.
    #[must_use]
    pub fn new(
        (store, checkout, invoice): (&str, &str, Option<&str>),
        transfer: &Transfer,
        reprice_at: Option<Timestamp>,
        expires_at: Timestamp,
    ) -> Self {
        let amount = transfer.units().and_then(|units| {
            let amount = Amount::from_units(units, transfer.decimals());
            amount.ok().map(AmountText::from)
        });
        Self {
            store: store.to_owned(),
            checkout: checkout.to_owned(),
            invoice: invoice.map(str::to_owned),
            network: transfer.network().network().caip2().to_owned(),
            token: transfer.token().map(str::to_owned),
            address: transfer.to().as_str().to_owned(),
            amount,
            reprice_at: reprice_at.map(MomentText::from),
            expires_at: expires_at.into(),
        }
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut object = Writer::new();
        self.store.put(&mut object, "store");
        self.checkout.put(&mut object, "checkout");
        self.invoice.put(&mut object, "invoice");
        self.network.put(&mut object, "network");
        self.token.put(&mut object, "token");
        self.address.put(&mut object, "address");
        self.amount.put(&mut object, "amount");
        self.reprice_at.put(&mut object, "repriceAt");
        self.expires_at.put(&mut object, "expiresAt");
        object.close()
    }

    /// Reads what [`canonical`](Self::canonical) writes, and nothing else.
    ///
    /// # Errors
    /// [`FactsError`] with the place where the text is another.
    pub fn parse(text: &str) -> Result<Self, FactsError> {
        let mut reader = Reader::new(text)?;
        let facts = Self {
            store: Spelled::take(&mut reader, "store")?,
            checkout: Spelled::take(&mut reader, "checkout")?,
            invoice: Spelled::take(&mut reader, "invoice")?,
            network: Spelled::take(&mut reader, "network")?,
            token: Spelled::take(&mut reader, "token")?,
            address: Spelled::take(&mut reader, "address")?,
            amount: Spelled::take(&mut reader, "amount")?,
            reprice_at: Spelled::take(&mut reader, "repriceAt")?,
            expires_at: Spelled::take(&mut reader, "expiresAt")?,
        };
        reader.close()?;
        Ok(facts)
    }

    /// What a page has to show of it.
    #[must_use]
    pub fn terms(&self) -> InvoiceTerms<'_> {
        InvoiceTerms {
            checkout: &self.checkout,
            network: &self.network,
            token: self.token.as_deref(),
            address: &self.address,
            amount: self.amount.as_ref().map(AmountText::as_str),
            reprice_at: self.reprice_at.as_ref().map(MomentText::as_str),
            expires_at: self.expires_at.as_str(),
        }
    }
}

impl InvoiceTerms<'_> {
    /// The first member in which two differ; `None` when they are the same.
    #[must_use]
    pub fn difference(&self, other: &InvoiceTerms<'_>) -> Option<&'static str> {
        let members = [
            ("checkout", self.checkout == other.checkout),
            ("network", self.network == other.network),
            ("token", self.token == other.token),
            ("address", self.address == other.address),
            ("amount", self.amount == other.amount),
            ("repriceAt", self.reprice_at == other.reprice_at),
            ("expiresAt", self.expires_at == other.expires_at),
        ];
        let different = members.into_iter().find(|(_, is_same)| !is_same);
        different.map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests;
