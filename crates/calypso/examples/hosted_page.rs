//! The gateway's own page: make a payment widget, send the buyer to its link, look what became of it.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "common/connect.rs"]
mod connect;

use calypso::{SingleFiatWidget, WidgetState};
use checkout::Amount;
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = connect::connect()?;

    let key = Uuid::new_v4();
    let mut order = SingleFiatWidget::new(
        ["USDT_TRX", "BTC"],
        Amount::parse("100.00")?,
        "EUR",
        "Order 1002",
        key,
    );
    order.options.external_id = Some("order-1002".to_owned());
    order.options.links.return_url = Some("https://shop.example/orders/1002".parse()?);
    let widget = client.create_single_fiat_widget(&order).await?;
    println!(
        "https://pay.calypso.finance/pay?widgetKey={}",
        widget.idempotency_key
    );

    let widget = client.find_single_fiat_widget(key).await?;
    for invoice in &widget.invoices {
        println!(
            "the buyer picked {:?}: invoice {}",
            invoice.crypto_currency, invoice.invoice_id
        );
    }
    println!("paid: {}", widget.state == WidgetState::Completed);
    Ok(())
}
