//! Calls about customers and their permanent deposit addresses.

use serde::Serialize;

use super::Client;
use super::call::Call;
use crate::rules::filled;
use crate::{
    Customer, CustomerChange, DepositAddress, Error, NewCustomer, Page, PurseTransaction,
    TransactionSearch,
};

const CREATE: Call = Call::post("/api/v1/customer-purse/customer/create");
const UPDATE: Call = Call::post("/api/v1/customer-purse/customer/update");
const ADDRESS: Call = Call::post("/api/v1/customer-purse/address/get");
const TRANSACTION: Call = Call::post("/api/v1/customer-purse/transaction/get");
const TRANSACTIONS: Call = Call::post("/api/v1/customer-purse/transaction/find");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AddressOf<'a> {
    customer_id: &'a str,
    currency: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OneTransaction<'a> {
    transaction_id: &'a str,
}

impl Client {
    /// Makes a customer (gateway reference §2.20).
    ///
    /// The gateway knows no idempotency key here: it is sent once, and again only while no connection came about. After
    /// an open outcome a second call makes a second customer.
    ///
    /// # Errors
    /// [`Error::Refused`], network and answer errors as for every call.
    pub async fn create_customer(&self, customer: &NewCustomer) -> Result<Customer, Error> {
        self.write(CREATE, Some(customer)).await
    }

    /// Changes a customer's mail address or note (gateway reference §2.20). Repeating it does no harm.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when there is no such customer; network and answer errors as for every call.
    pub async fn update_customer(&self, change: &CustomerChange) -> Result<Customer, Error> {
        filled("id", &change.id)?;
        self.read(UPDATE, Some(change)).await
    }

    /// The permanent address of a customer for one currency, made when asked for the first time (gateway reference §2.20).
    /// One address serves all currencies of a blockchain family. Repeating it does no harm.
    ///
    /// It stops being watched when nothing arrives for a long time (§7.3): ask again before showing it.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when there is no such customer; network and answer errors as for every call.
    pub async fn deposit_address(
        &self,
        customer_id: &str,
        currency: &str,
    ) -> Result<DepositAddress, Error> {
        filled("customerId", customer_id)?;
        filled("currency", currency)?;
        let payload = AddressOf {
            customer_id,
            currency,
        };
        self.read(ADDRESS, Some(&payload)).await
    }

    /// Reads one payment to a customer's address (gateway reference §2.20).
    ///
    /// A read: repeated after passing failures.
    ///
    /// # Errors
    /// [`Error::is_not_found`] when there is none; network and answer errors as for every call.
    pub async fn purse_transaction(&self, transaction_id: &str) -> Result<PurseTransaction, Error> {
        self.read(TRANSACTION, Some(&OneTransaction { transaction_id }))
            .await
    }

    /// Looks for payments to customers' addresses (gateway reference §2.20).
    ///
    /// A read: repeated after passing failures.
    ///
    /// # Errors
    /// Network and answer errors as for every call.
    pub async fn find_purse_transactions(
        &self,
        search: &TransactionSearch,
    ) -> Result<Page<PurseTransaction>, Error> {
        self.read(TRANSACTIONS, Some(search)).await
    }
}
