//! What the suite puts into a database.

use checkout::wire::DepositState;
use checkout::{Address, Currency, NetworkId, Timestamp};

use crate::checkouts::attempt::InvoiceAttempt;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::customer::CustomerId;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::quote::Fit;
use crate::checkouts::shop_id::ShopId;
use crate::checkouts::tests::{self as sample, NOW};
use crate::gateway::source::Source;
use crate::reading::deposit_reading::{DepositReading, PaidTo};
use crate::reading::deposits::{Listed, ListedDeposit};
use crate::reading::events::tests::teller;
use crate::reading::history::Cause;
use crate::reading::invoice_reading::InvoiceReading;
use crate::store::database::Database;
use crate::store::outcome::Finished;

pub(super) const DAY: i64 = 24 * 60 * 60;

/// What the watcher brings about at this moment.
pub(super) fn caused(at: Timestamp) -> Cause {
    Cause {
        source: Source::Watcher,
        at,
    }
}

pub(super) fn currency(code: &str) -> &'static Currency {
    Currency::find(code).unwrap()
}

pub(super) fn customer(name: &str) -> CustomerId {
    CustomerId::parse(ShopId::default(), name.to_owned()).unwrap()
}

/// A checkout that is stored, with an attempt in USDT and the invoice that answers it, which is not kept yet.
pub(in crate::store) async fn asked(
    database: &dyn Database,
    checkout: Checkout,
    gateway_id: u128,
) -> (Checkout, Invoice) {
    database.add_checkout(checkout.clone()).await.unwrap();
    let invoice = asked_again(database, &checkout, "USDT", gateway_id).await;
    (checkout, invoice)
}

/// An attempt of a stored checkout in a currency of Ethereum, and the invoice that answers it.
pub(super) async fn asked_again(
    database: &dyn Database,
    checkout: &Checkout,
    code: &str,
    gateway_id: u128,
) -> Invoice {
    let attempt = InvoiceAttempt::new(checkout, currency(code), 1, NOW);
    let attempt = database.start_attempt(attempt).await.unwrap().unwrap();
    let mut invoice = sample::invoice(checkout, gateway_id, checkout::Phase::Awaiting);
    invoice.key = attempt.key;
    invoice.currency = attempt.currency;
    invoice
}

/// An address of Ethereum that only this number has.
pub(in crate::store) fn address(number: u128) -> Address {
    Address::parse(NetworkId::Ethereum, &format!("0x{number:040x}")).unwrap()
}

pub(in crate::store) async fn finish(
    database: &dyn Database,
    invoice: &Invoice,
    now: Timestamp,
) -> Finished {
    let finished = database.finish_attempt(invoice.clone(), vec![], caused(now), teller());
    finished.await.unwrap()
}

/// The gateway's answer about an invoice of a payment: its status, and what has arrived.
pub(in crate::store) fn read(invoice: &Invoice, status: &str, debit: &str) -> InvoiceReading {
    let amount = invoice.amount.unwrap();
    let json = format!(
        r#"{{"id":"{}","invoiceAddress":"{}","type":"SINGLE_FIAT","totalDebitAmount":{debit},"amount":{amount},"currency":"{}",
            "state":"{status}","description":"Order 1001","createdDate":"{NOW}","expiration":"{}","fiatAmount":25,"fiatCurrency":"EUR"}}"#,
        invoice.gateway_id,
        invoice.address.as_str(),
        invoice.currency.code,
        invoice.expires_at,
    );
    InvoiceReading {
        checkout_id: invoice.checkout_id,
        invoice: invoice.key,
        seen: serde_json::from_str(&json).unwrap(),
        fit: Fit::Unasked,
        rate: None,
        source: Source::Watcher,
        teller: teller(),
        at: NOW,
    }
}

/// One entry of a list, confirmed.
pub(in crate::store) fn confirmed(id: &str, amount: &str, at: Timestamp) -> ListedDeposit {
    ListedDeposit {
        id: id.to_owned(),
        amount: sample::amount(amount),
        currency: "USDT".to_owned().into(),
        expected: None,
        state: Some(DepositState::Confirmed),
        transaction: None,
        sender: None,
        at: Some(at),
    }
}

/// A list that has all there is.
pub(in crate::store) fn listed(paid_to: PaidTo, deposits: &[ListedDeposit]) -> DepositReading {
    DepositReading {
        shop: ShopId::default(),
        paid_to,
        listed: Listed {
            deposits: deposits.to_vec(),
            unreadable: Vec::new(),
            is_whole: true,
        },
        customer: None,
        source: Source::Watcher,
        teller: teller(),
        at: NOW,
    }
}

/// What a deposit to an invoice is paid to.
pub(in crate::store) fn to(invoice: &Invoice) -> PaidTo {
    PaidTo::Invoice {
        key: invoice.key,
        checkout: invoice.checkout_id,
    }
}
