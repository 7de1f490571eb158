//! One payment of a fiat price: make the invoice, show where to pay, follow it to its end.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "common/connect.rs"]
mod connect;

use std::time::Duration;

use calypso::{InvoiceRef, SingleFiatInvoice};
use checkout::{Address, Amount, Currency, InvoiceStatus, Transfer};
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = connect::connect()?;

    // A shop keeps this key with the order before it calls: after a crash the same key finds the same invoice.
    let key = Uuid::new_v4();
    let mut order = SingleFiatInvoice::new(
        "USDT_TRX",
        Amount::parse("25.00")?,
        "EUR",
        "Order 1001",
        key,
    );
    order.options.external_id = Some("order-1001".to_owned());
    let mut invoice = client.create_single_fiat_invoice(&order).await?;

    // The address came over the network: show it only if it is one of the right network.
    let currency =
        Currency::find(&invoice.currency).ok_or("a currency this program does not know")?;
    let address = Address::parse(currency.network, &invoice.address)?;
    let amount = invoice.amount.ok_or("an invoice without an amount")?;
    println!(
        "pay {amount} {} to {}",
        currency.asset.name,
        address.as_str()
    );
    println!("{}", Transfer::new(currency, address, amount)?.uri());

    for _ in 0..1200 {
        match &invoice.state {
            InvoiceStatus::Paid | InvoiceStatus::Completed => {
                println!("paid: {}", invoice.total_debit_amount);
                return Ok(());
            }
            InvoiceStatus::Archived | InvoiceStatus::Declined | InvoiceStatus::Cancel => {
                println!("over without payment: {}", invoice.state.as_str());
                return Ok(());
            }
            // Waiting, or a state this program does not know, which never means paid.
            open => println!("{}, received {}", open.as_str(), invoice.total_debit_amount),
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        invoice = client.invoice(&InvoiceRef::IdempotencyKey(key)).await?;
    }
    Ok(())
}
