//! A typed, signed client for the Calypso Pay merchant API.
//!
//! In an empty project, with the path to where this crate lies:
//!
//! ```toml
//! [dependencies]
//! calypso = { path = "../calypso-pay/crates/calypso" }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```
//!
//! ```no_run
//! use calypso::{Amount, Client, Credentials, SingleFiatInvoice, Uuid};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // Those of a sandbox started without arguments; the gateway itself is at https://api.calypso.finance.
//!     let gateway = "http://127.0.0.1:8090".parse()?;
//!     let credentials = Credentials::new("sandbox-key", "sandbox-secret");
//!     let account = "0x5a4db0c0ffee00000000000000000000000a11ce";
//!     let client = Client::builder(gateway, credentials, account).build()?;
//!
//!     let price = Amount::parse("25.00")?;
//!     let order = SingleFiatInvoice::new("USDT_TRX", price, "EUR", "Order 1001", Uuid::new_v4());
//!     let invoice = client.create_single_fiat_invoice(&order).await?;
//!     println!("pay {:?} {} to {}", invoice.amount, invoice.currency, invoice.address);
//!     Ok(())
//! }
//! ```
//!
//! `cargo run -p calypso-sandbox` starts the sandbox. A test compiles this example as it stands here and runs it against one.
//!
//! Keep the idempotency key with the order before calling: calling again with the same key never makes a second
//! invoice. After a failure, [`Error::may_have_taken_effect`] tells whether another key may be used.
//!
//! Amounts are [`Amount`], exact on the way out and in; no float is involved. What the
//! gateway adds later is ignored, and values it adds to its enums are kept as text.
//!
//! «§2.7» in this documentation is a section of the gateway reference, `docs/gateway.md` in the repository: what is known about the
//! merchant API, with the sources. `docs/CALYPSO.md` says what this crate does about each section.

mod client;
mod credentials;
mod customer;
mod deposit;
mod error;
mod error_code;
mod invoice;
mod new_invoice;
mod new_widget;
mod options;
mod page;
mod rate;
mod rules;
pub mod sign;
pub mod webhook;
mod widget;
mod wire;

pub use client::{Client, ClientBuilder, TimeSource};
pub use credentials::Credentials;
pub use customer::{
    ComplianceState, Customer, CustomerChange, DepositAddress, Filter, NewCustomer,
    PurseTransaction, TransactionSearch, TransactionState,
};
pub use deposit::Deposit;
pub use error::Error;
pub use error_code::GatewayErrorCode;
pub use invoice::{Autoconversion, Invoice, InvoiceKey, InvoiceKind, InvoicePayment, InvoiceRef};
pub use new_invoice::{BoundInvoice, SingleFiatInvoice, SingleInvoice, UnlimitedInvoice};
pub use new_widget::{SingleFiatWidget, UnlimitedWidget};
pub use options::{Links, Options};
pub use page::{Direction, Page, Paging, Unreadable};
pub use rate::{FiatRate, Rate};
pub use widget::{PaymentWidget, WidgetInvoice, WidgetKind, WidgetState};

/// The text type secrets are held in: wiped when dropped, never printed.
pub use secrecy::SecretString;

/// What the signatures of this crate are made of, so that nothing but this crate has to be named to call it.
pub use checkout::{Amount, InterventionKind, InvoiceStatus, Timestamp};
pub use url::Url;
pub use uuid::Uuid;

/// The Rust of the README is compiled with the documentation's examples.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
