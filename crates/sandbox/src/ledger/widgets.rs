//! Widgets in the ledger: making them, the buyer's choice, and how they end.

use checkout::Timestamp;
use uuid::Uuid;

use super::invoices::expiration;
use super::{Due, Ledger, OrderRefusal};
use crate::index::{InvoiceIndex, WidgetIndex};
use crate::invoice::{InvoiceOrder, Terms};
use crate::widget::{Widget, WidgetOrder, WidgetState, WidgetTerms};

/// Why a buyer's choice in a widget makes no invoice.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum ChoiceRefusal {
    /// The widget is paid or has expired.
    #[error("expected a widget that is IN_PROGRESS, this one is {0}")]
    Closed(&'static str),
    /// The currency is not among those of the widget.
    #[error("expected a currency of this widget, got {0:?}")]
    NotOffered(String),
}

impl Ledger {
    /// Makes a widget, or returns the one that this key made with the same order.
    pub(crate) fn order_widget(
        &mut self,
        now: Timestamp,
        key: Option<Uuid>,
        order: WidgetOrder,
    ) -> Result<WidgetIndex, OrderRefusal> {
        if let Some(index) = key.and_then(|key| self.widget_by_key.get(&key)) {
            let same = self.widgets[index.0].order == order;
            return if same && !self.rules.repeated_key_is_refused {
                Ok(*index)
            } else {
                Err(OrderRefusal::KeyReused)
            };
        }
        let expiration = expiration(
            now,
            order.expiration,
            self.rules.widget_seconds,
            self.rules.max_widget_seconds,
        )?;
        let count = self.count();
        let index = WidgetIndex(self.widgets.len());
        let widget = Widget {
            key: key.unwrap_or_else(|| self.seed.uuid("widget key", count)),
            order,
            state: WidgetState::InProgress,
            invoices: Vec::new(),
            created: now,
            expiration,
        };
        self.widget_by_key.insert(widget.key, index);
        self.due.insert((expiration, Due::ExpireWidget(index)));
        self.widgets.push(widget);
        Ok(index)
    }

    /// What the gateway's own page does when a buyer picks a currency: an invoice with the widget's price and
    /// external id. The same currency again gives the same invoice while it is not archived; the invoice lives no
    /// longer than the widget (gateway reference §4.3, §7.3).
    pub(crate) fn choose(
        &mut self,
        now: Timestamp,
        index: WidgetIndex,
        currency: &str,
    ) -> Result<InvoiceIndex, ChoiceRefusal> {
        let widget = &self.widgets[index.0];
        if widget.state != WidgetState::InProgress {
            return Err(ChoiceRefusal::Closed(widget.state.as_str()));
        }
        let Some(currency) = widget
            .order
            .currencies
            .iter()
            .find(|offered| offered.code == currency)
        else {
            return Err(ChoiceRefusal::NotOffered(currency.to_owned()));
        };
        let existing = widget.invoices.iter().find(|invoice| {
            let invoice = &self.invoices[invoice.0];
            invoice.order.currency.code == currency.code && invoice.is_watched()
        });
        if let Some(existing) = existing {
            return Ok(*existing);
        }
        let terms = match &widget.order.terms {
            WidgetTerms::SingleFiat {
                fiat_amount,
                fiat_currency,
            } => Terms::SingleFiat {
                fiat_amount: *fiat_amount,
                fiat_currency,
            },
            WidgetTerms::UnlimitedLinked => Terms::UnlimitedLinked,
        };
        let order = InvoiceOrder {
            terms,
            currency,
            description: widget.order.description.clone(),
            external_id: widget.order.external_id.clone(),
            expiration: None,
            links: widget.order.links.clone(),
            fiat_available: None,
        };
        let usual = now.plus_seconds(i64::from(self.invoice_life(&order)));
        let expiration = order
            .terms
            .is_limited()
            .then(|| usual.min(widget.expiration));
        let invoice = self.make_invoice(now, None, order, expiration, Some(index));
        self.widgets[index.0].invoices.push(invoice);
        Ok(invoice)
    }

    /// The widget at a place of this ledger.
    pub(crate) fn widget(&self, index: WidgetIndex) -> &Widget {
        &self.widgets[index.0]
    }

    /// Every widget, oldest first.
    pub(crate) fn widgets(&self) -> &[Widget] {
        &self.widgets
    }

    /// The widget of a key, if there is one.
    pub(crate) fn find_widget(&self, key: Uuid) -> Option<WidgetIndex> {
        self.widget_by_key.get(&key).copied()
    }

    pub(super) fn expire_widget(&mut self, index: WidgetIndex) {
        let widget = &mut self.widgets[index.0];
        if widget.state == WidgetState::InProgress {
            widget.state = WidgetState::Archived;
        }
    }

    /// A paid invoice completes its widget. One without end is never paid, so its widget only ever expires.
    pub(super) fn complete_widget(&mut self, invoice: InvoiceIndex) {
        if let Some(index) = self.invoices[invoice.0].widget {
            self.widgets[index.0].state = WidgetState::Completed;
        }
    }
}
