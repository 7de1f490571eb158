//! A permanent address for one customer, and what arrived there.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "common/connect.rs"]
mod connect;

use calypso::{Filter, NewCustomer, TransactionSearch, TransactionState};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = connect::connect()?;

    // The gateway knows no key here: keep the id, a second call makes a second customer.
    let order = NewCustomer {
        external_id: Some("user-7".to_owned()),
        ..NewCustomer::default()
    };
    let customer = client.create_customer(&order).await?;
    for currency in ["USDT_TRX", "ETH", "USDT_BSC"] {
        let address = client.deposit_address(&customer.id, currency).await?;
        println!("{currency}: {}", address.address);
    }

    let search = TransactionSearch {
        customer_id: Some(customer.id),
        transaction_state_filter: Some(Filter::equals(TransactionState::Confirmed)),
        ..TransactionSearch::default()
    };
    for arrived in client.find_purse_transactions(&search).await?.items {
        println!(
            "{} {} from {:?}",
            arrived.amount, arrived.currency, arrived.address_from
        );
    }
    Ok(())
}
