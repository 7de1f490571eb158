//! A merchant's customer with permanent addresses: one customer at the gateway for each of the merchant's own ids.

use std::sync::Arc;

use checkout::RefusalCode;

use super::leases::{LOOKS, wait_for_customer};
use super::state::App;
use crate::checkouts::customer::CustomerId;
use crate::checkouts::key;
use crate::gateway::failure::{self, is_definite};
use crate::refusal::Refusal;
use crate::store::Claim;

impl App {
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
        let (app, asked) = (Arc::clone(self), customer.clone());
        self.customers
            .run(customer.clone(), || async move {
                app.ensure_customer(&asked).await
            })
            .await
            .ok_or_else(|| Refusal::internal("making a customer panicked"))?
    }

    /// Of several proxies on one database one makes the customer, and the others wait.
    async fn ensure_customer(self: &Arc<Self>, customer: &CustomerId) -> Result<String, Refusal> {
        for _ in 0..LOOKS {
            if let Some(id) = self.store.gateway_customer(customer.clone()).await? {
                return Ok(id);
            }
            match self.claim_customer(customer).await? {
                Claim::Ours => {
                    let made = self.make_customer(customer).await;
                    if made.is_err() {
                        self.release_customer(customer).await;
                    }
                    return made;
                }
                Claim::Others { .. } => wait_for_customer().await,
                Claim::Settled => {}
            }
        }
        Err(Refusal::new(
            RefusalCode::GatewayUnavailable,
            "the customer is being made, which takes too long; try again in a moment",
        ))
    }

    /// Makes a customer that nobody else is making.
    async fn make_customer(self: &Arc<Self>, customer: &CustomerId) -> Result<String, Refusal> {
        let key = key::customer(customer);
        let shop = self.shop(customer.shop())?;
        let open = self
            .store
            .start_customer(customer.clone(), self.clock.now())
            .await?;
        if open > 1 {
            tracing::warn!(customer = %key, calls = open - 1, "the outcome of an earlier call is not known: the gateway may have a customer with the same external id that is never used");
        }
        let made = match shop.gateway.make_customer(customer).await {
            Ok(made) => made,
            Err(error) => {
                let sent_nothing = matches!(error, calypso::Error::NoConnection { .. });
                if sent_nothing || is_definite(&error) {
                    self.store.settle_customer(customer.clone()).await?;
                }
                return Err(failure::refusal(&error));
            }
        };
        let other_id = made
            .external_id
            .as_deref()
            .is_some_and(|id| id != customer.as_str());
        if made.id.is_empty() || other_id {
            return Err(failure::unsound().because("the customer made is not the one asked for"));
        }
        let kept = self
            .store
            .finish_customer(customer.clone(), made.id.clone())
            .await?
            .ok_or_else(|| {
                failure::unsound().because("the gateway's id belongs to another customer")
            })?;
        if kept == made.id {
            tracing::info!(customer = %key, gateway_id = crate::input::printable::printable(&kept), "a customer was made");
        } else {
            tracing::warn!(customer = %key, gateway_id = crate::input::printable::printable(&made.id), "another program was quicker: this customer at the gateway is never used");
        }
        Ok(kept)
    }
}
