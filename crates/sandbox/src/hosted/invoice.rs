//! The page of an invoice: how much, to which address, and how far the payment is.

use checkout::{Amount, Timestamp};

use super::frame::{Frame, Look, escaped};
use super::qr;
use crate::index::InvoiceIndex;
use crate::invoice::{Intervention, Invoice, InvoiceState, Terms};
use crate::ledger::Ledger;

/// The parameter with which the page loads itself again: it is not opened anew then.
pub(super) const AGAIN: &str = "again";

pub(super) fn page(ledger: &Ledger, index: InvoiceIndex, now: Timestamp, look: &Look) -> Frame {
    let invoice = ledger.invoice(index);
    let order = &invoice.order;
    let mut page = Frame::new(look, &order.description);
    page.logo(&order.links);
    page.heading(&order.description);
    if let Some((amount, currency)) = order.terms.fiat() {
        page.paragraph("price", &format!("{amount} {currency}"));
    }
    page.paragraph("state", state(invoice));
    if takes_money(invoice) {
        pay(&mut page, ledger, invoice, now);
    }
    if !invoice.received.is_zero() {
        let received = format!(
            "Received: {} {}",
            invoice.received, order.currency.asset.symbol
        );
        page.paragraph("", &received);
    }
    if let Some(widget) = invoice
        .widget
        .filter(|_| invoice.state == InvoiceState::PendingPayment)
    {
        let link = format!(
            "/pay?widgetKey={}{}",
            ledger.widget(widget).key,
            look.query('&')
        );
        page.markup(&format!(
            "<p><a href=\"{}\">Choose another currency</a></p>\n",
            escaped(&link)
        ));
    }
    page.ways_out(&order.links);
    if !is_final(invoice) {
        let again = format!("/invoice/{}?{AGAIN}=1{}", invoice.key, look.query('&'));
        page.markup(&format!(
            "<p class=\"quiet\">This page follows the payment. <a href=\"{}\">Look now</a></p>\n",
            escaped(&again)
        ));
        page.refresh(again);
    }
    page
}

fn pay(page: &mut Frame, ledger: &Ledger, invoice: &Invoice, now: Timestamp) {
    let order = &invoice.order;
    let currency = order.currency;
    let missing = invoice
        .amount
        .map(|amount| amount.checked_sub(invoice.received).unwrap_or(Amount::ZERO));
    match (missing, &order.terms) {
        (Some(amount), _) => page.paragraph(
            "amount",
            &format!("{} {}", amount.normalized(), currency.asset.symbol),
        ),
        (None, Terms::Bound { lower_bound }) => {
            page.paragraph(
                "amount",
                &format!("At least {lower_bound} {}", currency.asset.symbol),
            );
        }
        (None, _) => page.paragraph(
            "amount",
            &format!("Any amount of {}", currency.asset.symbol),
        ),
    }
    page.paragraph(
        "",
        &format!("on {}, to this address:", currency.network_label()),
    );
    let address = ledger.dialect().address(&invoice.address);
    page.markup(&format!("<code>{}</code>\n", escaped(&address)));
    if let Some(code) = qr::svg(&address, "The address as a QR code") {
        page.markup(&code);
    }
    if invoice.state == InvoiceState::PendingPayment && order.terms.fiat().is_some() {
        let until = written(invoice.next_repricing(now));
        page.paragraph("quiet", &format!("The amount holds until {until}."));
    }
    if let Some(expiration) = invoice.expiration {
        let until = written(expiration);
        page.paragraph(
            "quiet",
            &format!("The address is watched until {until}. What comes later is lost."),
        );
    }
}

/// Whether the buyer may still send something.
fn takes_money(invoice: &Invoice) -> bool {
    let underpaid = invoice.state == InvoiceState::PendingIntervention
        && invoice.intervention == Some(Intervention::Underpay);
    invoice.state == InvoiceState::PendingPayment || underpaid
}

fn is_final(invoice: &Invoice) -> bool {
    matches!(
        invoice.state,
        InvoiceState::Completed | InvoiceState::Archived | InvoiceState::Declined
    )
}

fn state(invoice: &Invoice) -> &'static str {
    match invoice.state {
        InvoiceState::PendingPayment if !invoice.order.terms.is_limited() => {
            "Send as much as you like, as often as you like."
        }
        InvoiceState::PendingPayment => "Waiting for your payment.",
        InvoiceState::MemPoolFound => "Your payment was seen and waits for its confirmation.",
        InvoiceState::PendingComplianceCheck => "Your payment is being reviewed.",
        InvoiceState::Declined => "Your payment was declined. Please contact the shop.",
        InvoiceState::Paid => "This is paid. Thank you.",
        InvoiceState::Completed => "This is paid, and the shop has the money. Thank you.",
        InvoiceState::PendingIntervention => match invoice.intervention {
            Some(Intervention::Underpay) => "Less than the amount came. Send what is missing.",
            Some(Intervention::Overpay) => {
                "More than the amount came. The shop decides what happens next."
            }
            None => "The payment came from several senders. The shop decides what happens next.",
        },
        InvoiceState::Archived => "This invoice has ended. Do not send anything to it any more.",
    }
}

/// A moment for people.
fn written(moment: Timestamp) -> String {
    let text = moment.to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    let time = time.split(['.', 'Z']).next().unwrap_or_default();
    format!("{day} {time} UTC")
}
