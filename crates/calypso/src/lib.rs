//! A typed, signed client for the Calypso Pay merchant API.
//!
//! ```
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use calypso_sandbox::{Sandbox, Settings};
//! # let (key, secret, account) = ("sandbox-key", "sandbox-secret", Settings::default().account);
//! # let (address, _server) = Sandbox::new(Settings::default()).listen("127.0.0.1:0").await?;
//! # let gateway = format!("http://{address}");
//! use calypso::{Client, Credentials, SingleFiatInvoice};
//!
//! let credentials = Credentials::new(key, secret);
//! let client = Client::builder(gateway.parse()?, credentials, account).build()?;
//!
//! let price = checkout::Amount::parse("25.00")?;
//! let order = SingleFiatInvoice::new("USDT_TRX", price, "EUR", "Order 1001", uuid::Uuid::new_v4());
//! let invoice = client.create_single_fiat_invoice(&order).await?;
//! println!("pay {:?} {} to {}", invoice.amount, invoice.currency, invoice.address);
//! # assert_eq!(invoice.fiat_amount, Some(price));
//! # Ok(())
//! # }
//! ```
//!
//! `gateway` is `https://api.calypso.finance`, or the address of the sandbox, on which this example runs as a test.
//!
//! Keep the idempotency key with the order before calling: calling again with the same key never makes a second
//! invoice. After a failure, [`Error::may_have_taken_effect`] tells whether another key may be used.
//!
//! Amounts are [`checkout::Amount`], exact on the way out and in; no float is involved. What the
//! gateway adds later is ignored, and values it adds to its enums are kept as text.
//!
//! «§2.7» and the like in this documentation are sections of the gateway reference, the project's own description of the merchant API.

mod client;
mod credentials;
mod customer;
mod deposit;
mod error;
mod error_code;
mod invoice;
mod new_invoice;
mod new_widget;
mod page;
mod rate;
pub mod sign;
pub mod webhook;
mod widget;
mod wire;

pub use client::{Client, ClientBuilder, Clock};
pub use credentials::Credentials;
pub use customer::{
    ComplianceState, Customer, CustomerChange, DepositAddress, Filter, NewCustomer,
    PurseTransaction, TransactionSearch, TransactionState,
};
pub use deposit::Deposit;
pub use error::Error;
pub use error_code::ErrorCode;
pub use invoice::{Autoconversion, Invoice, InvoiceKey, InvoiceKind, InvoiceRef};
pub use new_invoice::{BoundInvoice, SingleFiatInvoice, SingleInvoice, UnlimitedInvoice};
pub use new_widget::{SingleFiatWidget, UnlimitedWidget};
pub use page::{Direction, Page, Paging};
pub use rate::{FiatRate, Rate};
pub use widget::{PaymentWidget, WidgetInvoice, WidgetKind, WidgetState};

/// The text type secrets are held in: wiped when dropped, never printed.
pub use secrecy::SecretString;

/// The Rust of the README is compiled with the documentation's examples.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
