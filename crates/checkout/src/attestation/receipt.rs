//! The facts of a payment that is completed: what a receipt says.

use super::error::FactsError;
use super::spelled::{AmountText, MomentText, Spelled};
use super::spelling::{Reader, Writer};

/// A completed payment, by the merchant's books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptFacts {
    /// The store's name in the proxy's configuration.
    pub store: String,
    /// The checkout's id.
    pub checkout: String,
    /// The merchant's own id of the order.
    pub external_id: Option<String>,
    /// What was bought, in the merchant's words.
    pub description: String,
    /// What it cost.
    pub price: AmountText,
    /// ISO 4217 code of the price's currency: `EUR`.
    pub price_currency: String,
    /// The proxy's key of the invoice that was paid.
    pub invoice: String,
    /// The gateway's code of what was sent: `USDT_TRX`.
    pub currency: String,
    /// The network, as CAIP-2 names it: `eip155:1`.
    pub network: String,
    /// The token's contract; `None` for the network's own coin.
    pub token: Option<String>,
    /// Where it was sent.
    pub address: String,
    /// How much the invoice asked for.
    pub asked: AmountText,
    /// How much has arrived: the sum of the transactions.
    pub received: AmountText,
    /// What one unit of the currency was worth in the price's currency when it was sold; `None` where the books have none.
    pub rate: Option<AmountText>,
    /// The gateway's service fee, in the currency that was sent; `None` where the gateway told none.
    pub fee: Option<AmountText>,
    /// Every deposit that counts for the invoice, the oldest first.
    pub transactions: Vec<TransactionFacts>,
    /// When it was seen to be paid.
    pub paid_at: MomentText,
    /// When it was seen to be completed.
    pub completed_at: MomentText,
    /// Where the checkout stands: `completed`. Nothing else has a receipt.
    pub state: String,
}

/// One deposit of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionFacts {
    /// The transaction's hash; `None` where the gateway named none.
    pub hash: Option<String>,
    /// How much it brought.
    pub amount: AmountText,
    /// When.
    pub at: MomentText,
}

impl ReceiptFacts {
    /// The bytes that are signed.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut object = Writer::new();
        self.store.put(&mut object, "store");
        self.checkout.put(&mut object, "checkout");
        self.external_id.put(&mut object, "externalId");
        self.description.put(&mut object, "description");
        self.price.put(&mut object, "price");
        self.price_currency.put(&mut object, "priceCurrency");
        self.invoice.put(&mut object, "invoice");
        self.currency.put(&mut object, "currency");
        self.network.put(&mut object, "network");
        self.token.put(&mut object, "token");
        self.address.put(&mut object, "address");
        self.asked.put(&mut object, "asked");
        self.received.put(&mut object, "received");
        self.rate.put(&mut object, "rate");
        self.fee.put(&mut object, "fee");
        self.transactions.put(&mut object, "transactions");
        self.paid_at.put(&mut object, "paidAt");
        self.completed_at.put(&mut object, "completedAt");
        self.state.put(&mut object, "state");
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
            external_id: Spelled::take(&mut reader, "externalId")?,
            description: Spelled::take(&mut reader, "description")?,
            price: Spelled::take(&mut reader, "price")?,
            price_currency: Spelled::take(&mut reader, "priceCurrency")?,
            invoice: Spelled::take(&mut reader, "invoice")?,
            currency: Spelled::take(&mut reader, "currency")?,
            network: Spelled::take(&mut reader, "network")?,
            token: Spelled::take(&mut reader, "token")?,
            address: Spelled::take(&mut reader, "address")?,
            asked: Spelled::take(&mut reader, "asked")?,
            received: Spelled::take(&mut reader, "received")?,
            rate: Spelled::take(&mut reader, "rate")?,
            fee: Spelled::take(&mut reader, "fee")?,
            transactions: Spelled::take(&mut reader, "transactions")?,
            paid_at: Spelled::take(&mut reader, "paidAt")?,
            completed_at: Spelled::take(&mut reader, "completedAt")?,
            state: Spelled::take(&mut reader, "state")?,
        };
        reader.close()?;
        Ok(facts)
    }
}

impl Spelled for TransactionFacts {
    fn write(&self, text: &mut String) {
        Writer::inner(text, |object| {
            self.hash.put(object, "hash");
            self.amount.put(object, "amount");
            self.at.put(object, "at");
        });
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.inner(|reader| {
            Some(Self {
                hash: Spelled::take(reader, "hash").ok()?,
                amount: Spelled::take(reader, "amount").ok()?,
                at: Spelled::take(reader, "at").ok()?,
            })
        })
    }
}

#[cfg(test)]
mod tests;
