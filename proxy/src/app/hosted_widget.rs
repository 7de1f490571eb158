//! The gateway's own page for a checkout: the fallback for a buyer whose browser cannot show the widget.

use std::sync::Arc;

use checkout::{RefusalCode, Timestamp};

use super::caller::Caller;
use super::shop::Shop;
use super::state::App;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::key;
use crate::checkouts::purpose::Purpose;
use crate::gateway::failure;
use crate::limits::places::Looker;
use crate::refusal::Refusal;

impl App {
    /// The link to the gateway's own page for a checkout, `{pay base}/pay?widgetKey=…`; the widget is made when asked for the first
    /// time. Whoever has the link can pay there (gateway reference §7.6).
    ///
    /// The widget makes invoices of its own, which this proxy does not know: what is paid there does not move the checkout. They
    /// carry the checkout's external id, by which the merchant finds them at the gateway.
    ///
    /// # Errors
    /// `checkout_not_found`, those of [`Caller::may_reach`], `checkout_closed`, `hosted_widget_not_offered` for a deposit, `hosted_widget_not_configured`; the
    /// gateway's and the store's failures.
    pub(crate) async fn hosted_widget(
        self: &Arc<Self>,
        id: CheckoutId,
        caller: &Caller,
    ) -> Result<String, Refusal> {
        let mut snapshot = self.stored(id).await?;
        caller.may_reach(&snapshot.checkout.shop)?;
        if matches!(snapshot.checkout.purpose, Purpose::Deposit(_)) {
            return Err(Refusal::new(
                RefusalCode::HostedWidgetNotOffered,
                "the gateway has no widget that shows a customer's permanent address",
            ));
        }
        let shop = Arc::clone(self.shop(&snapshot.checkout.shop)?);
        let Some(base) = &shop.config.gateway.pay_url else {
            return Err(Refusal::new(
                RefusalCode::HostedWidgetNotConfigured,
                "set `gateway.pay_url` in the proxy's configuration to the base of the gateway's own pages",
            ));
        };
        if self.refresh(&snapshot, Looker::Counted).await? {
            snapshot = self.stored(id).await?;
        }
        if !snapshot.is_open(self.clock.now()) {
            return Err(closed("it takes no new payment"));
        }
        let (now, checkout) = (self.clock.now(), snapshot.checkout);
        let of_shop = Arc::clone(&shop);
        self.hosting
            .run(id, || async move {
                ensure_widget(&of_shop, &checkout, now).await
            })
            .await
            .ok_or_else(|| Refusal::internal("making a hosted widget panicked"))??;
        let base = base.as_str().trim_end_matches('/');
        Ok(format!("{base}/pay?widgetKey={}", key::hosted_widget(id)))
    }
}

async fn ensure_widget(shop: &Shop, checkout: &Checkout, now: Timestamp) -> Result<(), Refusal> {
    let refused = |error: calypso::Error| failure::refusal(&error);
    // Looked up first: a widget made before may have another expiration than one made now would get.
    let widget = match shop.gateway.find_widget(checkout).await.map_err(refused)? {
        Some(widget) => widget,
        None => {
            let expiration = checkout.widget_expiration(now);
            shop.gateway
                .make_widget(checkout, expiration)
                .await
                .map_err(refused)?
        }
    };
    if widget.idempotency_key != key::hosted_widget(checkout.id).to_string() {
        return Err(failure::unsound().because("the widget has another key than the one asked for"));
    }
    match widget.state {
        calypso::WidgetState::Archived => Err(closed("the gateway's page for it has expired")),
        calypso::WidgetState::Completed => Err(closed("it was paid on the gateway's page")),
        _ => Ok(()),
    }
}

fn closed(why: &str) -> Refusal {
    Refusal::new(
        RefusalCode::CheckoutClosed,
        format!("this checkout has no page at the gateway: {why}"),
    )
}
