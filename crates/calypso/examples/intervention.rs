//! A payment of the wrong amount: see why the merchant must decide, and accept what came.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "common/connect.rs"]
mod connect;

use calypso::{InvoiceKey, InvoiceRef};
use checkout::{InterventionKind, InvoiceStatus};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = connect::connect()?;
    let id = std::env::args()
        .nth(1)
        .ok_or("expected the id of an invoice")?;

    let invoice = client.invoice(&InvoiceRef::Id(id.clone())).await?;
    if invoice.state != InvoiceStatus::PendingIntervention {
        println!("nothing to decide: {}", invoice.state.as_str());
        return Ok(());
    }
    let due = invoice.amount.ok_or("an invoice without an amount")?;
    println!(
        "{} of {due} {} came",
        invoice.total_debit_amount, invoice.currency
    );
    match invoice.intervention {
        Some(InterventionKind::Overpay) => {
            let settled = client.return_to_paid(&InvoiceKey::Id(id)).await?;
            println!("accepted: {}", settled.state.as_str());
        }
        // Refunding has no documented call: a person does it in the merchant's account.
        Some(InterventionKind::Underpay) => {
            println!("too little: ask the buyer for the rest, or refund by hand");
        }
        other => println!("for a person to look at: {other:?}"),
    }
    Ok(())
}
