//! The gateway's own page for a checkout: the fallback for a buyer whose browser cannot show the widget.

use std::sync::Arc;

use checkout::{ErrorCode, Timestamp};
use uuid::Uuid;

use crate::checkout::Checkout;
use crate::checkout_id::CheckoutId;
use crate::gateway;
use crate::inner::Inner;
use crate::invoice::KEY_SPACE;
use crate::places::Looker;
use crate::purpose::Purpose;
use crate::refusal::Refusal;

/// How far ahead the gateway lets a widget expire, less a little for clocks that differ (gateway reference §7.3).
const LONGEST_SECONDS: i64 = 30 * 24 * 60 * 60 - 5 * 60;

/// The key of a checkout's widget at the gateway, so that there is never more than one.
pub(crate) fn key(checkout: CheckoutId) -> Uuid {
    Uuid::new_v5(&KEY_SPACE, format!("{checkout}/hosted-widget").as_bytes())
}

/// When a widget made now should expire: with its checkout, as far as the gateway allows.
pub(crate) fn expiration(checkout: &Checkout, now: Timestamp) -> Timestamp {
    checkout.expires_at.min(now.plus_seconds(LONGEST_SECONDS))
}

impl Inner {
    /// The link to the gateway's own page for a checkout, `{pay base}/pay?widgetKey=…`; the widget is made when asked for the first
    /// time. Whoever has the link can pay there (gateway reference §7.6).
    ///
    /// The widget makes invoices of its own, which this proxy does not know: what is paid there does not move the checkout. They
    /// carry the checkout's external id, by which the merchant finds them at the gateway.
    ///
    /// # Errors
    /// `checkout_not_found`, `checkout_closed`, `hosted_widget_not_offered` for a deposit, `hosted_widget_not_configured`; the
    /// gateway's and the store's failures.
    pub(crate) async fn hosted_widget(self: &Arc<Self>, id: CheckoutId) -> Result<String, Refusal> {
        let snapshot = self.stored(id).await?;
        if matches!(snapshot.checkout.purpose, Purpose::Deposit(_)) {
            return Err(Refusal::new(
                ErrorCode::HostedWidgetNotOffered,
                "the gateway has no widget that shows a customer's permanent address",
            ));
        }
        let Some(base) = &self.config.gateway.pay_url else {
            return Err(Refusal::new(
                ErrorCode::HostedWidgetNotConfigured,
                "set `gateway.pay_url` in the proxy's configuration to the base of the gateway's own pages",
            ));
        };
        let snapshot = self.refresh(snapshot, Looker::Counted).await?;
        if !snapshot.is_open(self.clock.now()) {
            return Err(closed("it takes no new payment"));
        }
        let (inner, checkout) = (Arc::clone(self), snapshot.checkout);
        self.hosting
            .run(id, || async move { inner.ensure_widget(&checkout).await })
            .await
            .ok_or_else(|| Refusal::internal("making a hosted widget panicked"))??;
        let base = base.as_str().trim_end_matches('/');
        Ok(format!("{base}/pay?widgetKey={}", key(id)))
    }

    async fn ensure_widget(self: &Arc<Self>, checkout: &Checkout) -> Result<(), Refusal> {
        let refused = |error: calypso::Error| gateway::refusal(&error);
        // Looked up first: a widget made before may have another expiration than one made now would get.
        let widget = match self.gateway.find_widget(checkout).await.map_err(refused)? {
            Some(widget) => widget,
            None => {
                let expiration = expiration(checkout, self.clock.now());
                self.gateway
                    .make_widget(checkout, expiration)
                    .await
                    .map_err(refused)?
            }
        };
        if widget.idempotency_key != key(checkout.id).to_string() {
            return Err(
                gateway::unsound().because("the widget has another key than the one asked for")
            );
        }
        match widget.state {
            calypso::WidgetState::Archived => Err(closed("the gateway's page for it has expired")),
            calypso::WidgetState::Completed => Err(closed("it was paid on the gateway's page")),
            _ => Ok(()),
        }
    }
}

fn closed(why: &str) -> Refusal {
    Refusal::new(
        ErrorCode::CheckoutClosed,
        format!("this checkout has no page at the gateway: {why}"),
    )
}
