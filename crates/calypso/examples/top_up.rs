//! Top-ups: an invoice without an amount takes money as often as the buyer likes; each deposit is listed.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "common/connect.rs"]
mod connect;

use calypso::{InvoiceKey, Paging, UnlimitedInvoice};
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = connect::connect()?;

    // One key for one user and currency: however often this runs, it is the same address.
    let key = Uuid::new_v5(
        &Uuid::NAMESPACE_URL,
        b"https://shop.example/users/7/USDT_TRX",
    );
    let mut order = UnlimitedInvoice::new("USDT_TRX", "Top-up of user 7", key);
    order.external_id = Some("user-7".to_owned());
    let invoice = client.create_unlimited_invoice(&order).await?;
    println!(
        "send any amount of {} to {}",
        invoice.currency, invoice.address
    );

    let deposits = client
        .deposit_history(&InvoiceKey::IdempotencyKey(key), Paging::default())
        .await?;
    for deposit in deposits.items {
        println!(
            "{} {} in {:?}",
            deposit.amount, invoice.currency, deposit.transaction_hash
        );
    }
    println!("{} in all", invoice.total_debit_amount);
    Ok(())
}
