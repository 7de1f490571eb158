//! The page of a payment widget: what is paid for, and the currencies to choose from.

use super::frame::{Frame, Look, escaped};
use crate::index::WidgetIndex;
use crate::ledger::Ledger;
use crate::widget::{WidgetState, WidgetTerms};

pub(super) fn page(ledger: &Ledger, index: WidgetIndex, look: &Look) -> Frame {
    let widget = ledger.widget(index);
    let order = &widget.order;
    let mut page = Frame::new(look, &order.description);
    page.logo(&order.links);
    page.heading(&order.description);
    match order.terms {
        WidgetTerms::SingleFiat {
            fiat_amount,
            fiat_currency,
        } => page.paragraph("price", &format!("{fiat_amount} {fiat_currency}")),
        WidgetTerms::UnlimitedLinked => page.paragraph("price", "Any amount"),
    }
    match widget.state {
        WidgetState::InProgress => {
            let action = format!("/pay?widgetKey={}{}", widget.key, look.query('&'));
            page.markup(&format!(
                "<form method=\"post\" action=\"{}\">\n<fieldset class=\"choices\">\n<legend>Choose how to pay</legend>\n",
                escaped(&action)
            ));
            for currency in &order.currencies {
                page.markup(&format!(
                    "<button type=\"submit\" name=\"currency\" value=\"{}\">{} <span class=\"quiet\">{}</span></button>\n",
                    escaped(currency.code),
                    escaped(currency.asset.symbol),
                    escaped(currency.network_label())
                ));
            }
            page.markup("</fieldset>\n</form>\n");
        }
        WidgetState::Completed => page.paragraph("state", "This is paid. Thank you."),
        WidgetState::Archived => page.paragraph(
            "state",
            "This link has expired. Nothing can be paid with it any more.",
        ),
    }
    page.ways_out(&order.links);
    page
}
