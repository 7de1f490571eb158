//! A merchant's customer with permanent addresses: one customer at the gateway for each of the merchant's own ids.

use std::sync::Arc;

use checkout::{Address, Currency, ErrorCode, Timestamp};
use uuid::Uuid;

use crate::choosing::is_definite;
use crate::gateway;
use crate::inner::Inner;
use crate::invoice::KEY_SPACE;
use crate::json::Fields;
use crate::refusal::Refusal;
use crate::text;

/// The longest id of a customer, in characters.
const MAX_ID: usize = 128;
/// How long an address may be shown after the gateway last named it. The gateway lets go of an unused one after 30 days and then
/// names another (gateway reference §7.3), so each showing asks again; this is for the time when the gateway does not answer.
const TRUSTED_SECONDS: i64 = 24 * 60 * 60;

/// The merchant's own id of a customer: 1 to 128 printable characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CustomerId(String);

impl CustomerId {
    /// Takes `customer` from the merchant's request.
    ///
    /// # Errors
    /// `customer_missing`, `customer_malformed`.
    pub(crate) fn take(fields: &mut Fields) -> Result<Self, Refusal> {
        let text = fields
            .text("customer")
            .map_err(|refusal| Refusal::new(ErrorCode::CustomerMalformed, refusal.message))?
            .ok_or_else(|| {
                Refusal::new(
                    ErrorCode::CustomerMissing,
                    "a checkout of kind deposit needs `customer`, your own id of the customer",
                )
            })?;
        Self::parse(text)
    }

    /// Checks an id.
    ///
    /// # Errors
    /// `customer_malformed` when it is blank, longer than 128 characters, or holds characters that cannot be seen
    /// or turn the reading direction.
    pub(crate) fn parse(text: String) -> Result<Self, Refusal> {
        match text::bounded(&text, MAX_ID) {
            Ok(()) => Ok(Self(text)),
            Err(expected) => Err(Refusal::new(
                ErrorCode::CustomerMalformed,
                format!("`customer` {expected}"),
            )),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The proxy's own name for the customer, under which deposits are kept.
    pub(crate) fn key(&self) -> Uuid {
        Uuid::new_v5(&KEY_SPACE, format!("customer/{}", self.0).as_bytes())
    }

    /// The same for the customer's address for one currency, under which readings are counted.
    pub(crate) fn purse_key(&self, currency: &Currency) -> Uuid {
        let name = format!("purse/{}/{}", currency.code, self.0);
        Uuid::new_v5(&KEY_SPACE, name.as_bytes())
    }
}

/// A customer's address for one currency. Those of one family of networks are the same address, because the gateway says so
/// (gateway reference §2.20).
#[derive(Debug, Clone)]
pub(crate) struct Purse {
    pub(crate) customer: CustomerId,
    /// The gateway's id of the customer.
    pub(crate) gateway_id: String,
    pub(crate) currency: &'static Currency,
    pub(crate) address: Address,
    /// When the gateway last named this address.
    pub(crate) confirmed_at: Timestamp,
}

/// A customer whose addresses are looked after, whoever asks.
#[derive(Debug, Clone)]
pub(crate) struct WatchedCustomer {
    pub(crate) customer: CustomerId,
    /// The gateway's id of the customer.
    pub(crate) gateway_id: String,
    /// When an address was last shown to somebody, to the hour.
    pub(crate) shown_at: Timestamp,
}

impl Purse {
    /// Whether the address may be shown: the gateway has named it not long ago.
    pub(crate) fn is_trusted(&self, now: Timestamp) -> bool {
        now < self.confirmed_at.plus_seconds(TRUSTED_SECONDS)
    }
}

impl Inner {
    /// The gateway's id of a customer, made when asked for the first time.
    ///
    /// The gateway's call takes no idempotency key and customers cannot be looked up by the merchant's id (gateway reference
    /// §2.20), so only what is on disk tells that one exists. The call is written down before it is made and settled after it is
    /// answered. All who ask at once share one call. **When the process dies, or the answer is lost, between the gateway's answer
    /// and the commit, the next call makes a second customer at the gateway.** The first one stays there under the same external
    /// id, unused: an address is asked for only after the commit, so nobody was ever shown an address of it and no money can
    /// arrive there. The table `customers` counts such calls, and the log names them. Decision record 0005 has the reasons.
    ///
    /// # Errors
    /// The gateway's and the store's failures; calling again takes up where it stopped.
    pub(crate) async fn gateway_customer(
        self: &Arc<Self>,
        customer: &CustomerId,
    ) -> Result<String, Refusal> {
        let (inner, asked) = (Arc::clone(self), customer.clone());
        self.customers
            .run(customer.clone(), || async move {
                inner.ensure_customer(&asked).await
            })
            .await
            .ok_or_else(|| Refusal::internal("making a customer panicked"))?
    }

    async fn ensure_customer(self: &Arc<Self>, customer: &CustomerId) -> Result<String, Refusal> {
        if let Some(id) = self.store.gateway_customer(customer.clone()).await? {
            return Ok(id);
        }
        let key = customer.key();
        let open = self
            .store
            .start_customer(customer.clone(), self.clock.now())
            .await?;
        if open > 1 {
            tracing::warn!(customer = %key, calls = open - 1, "the outcome of an earlier call is not known: the gateway may have a customer with the same external id that is never used");
        }
        let made = match self.gateway.make_customer(customer).await {
            Ok(made) => made,
            Err(error) => {
                let sent_nothing = matches!(error, calypso::Error::NoConnection { .. });
                if sent_nothing || is_definite(&error) {
                    self.store.settle_customer(customer.clone()).await?;
                }
                return Err(gateway::refusal(&error));
            }
        };
        let other_id = made
            .external_id
            .as_deref()
            .is_some_and(|id| id != customer.as_str());
        if made.id.is_empty() || other_id {
            return Err(gateway::unsound().because("the customer made is not the one asked for"));
        }
        let kept = self
            .store
            .finish_customer(customer.clone(), made.id.clone())
            .await?
            .ok_or_else(|| {
                gateway::unsound().because("the gateway's id belongs to another customer")
            })?;
        if kept == made.id {
            tracing::info!(customer = %key, gateway_id = crate::json::shown(&kept), "a customer was made");
        } else {
            tracing::warn!(customer = %key, gateway_id = crate::json::shown(&made.id), "another program was quicker: this customer at the gateway is never used");
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::CustomerId;

    #[test]
    fn ids_are_printable_and_bounded() {
        let good = ["7", "user-7", "Zoë 👩‍👩‍👧", "a@b.example"];
        for text in good {
            assert_eq!(CustomerId::parse(text.to_owned()).unwrap().as_str(), text);
        }
        assert!(CustomerId::parse("é".repeat(128)).is_ok());
        for text in ["", " ", "a\nb", "a\u{0}", "\u{202e}a", &"é".repeat(129)] {
            assert!(CustomerId::parse(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
