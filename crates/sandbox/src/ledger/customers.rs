//! Customers and purses in the ledger.

use checkout::{Currency, Timestamp};
use uuid::Uuid;

use super::{Due, Ledger, Recipient};
use crate::addresses;
use crate::customer::{Customer, Purse};
use crate::deposit::{Deposit, Stage};
use crate::event::{EventFields, EventName, ExternalIdField, TransactionIdField};
use crate::index::{CustomerIndex, DepositIndex, PurseIndex};
use crate::number::Number;

/// What is known of a customer; what is none is not changed.
#[derive(Clone, Debug)]
pub(crate) struct CustomerDetails {
    pub(crate) email: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) external_id: Option<String>,
}

impl Ledger {
    /// Makes a customer.
    pub(crate) fn make_customer(&mut self, details: CustomerDetails) -> &Customer {
        let count = self.count();
        let id = self.seed.uuid("customer", count);
        let CustomerDetails {
            email,
            description,
            external_id,
        } = details;
        self.customer_by_id
            .insert(id, CustomerIndex(self.customers.len()));
        self.customers.push(Customer {
            id,
            email,
            description,
            external_id,
            purses: Vec::new(),
        });
        self.customers.last().expect("it was just made")
    }

    /// Changes what is known of a customer.
    pub(crate) fn change_customer(
        &mut self,
        index: CustomerIndex,
        details: CustomerDetails,
    ) -> &Customer {
        let customer = &mut self.customers[index.0];
        let CustomerDetails {
            email,
            description,
            external_id,
        } = details;
        customer.email = email.or_else(|| customer.email.take());
        customer.description = description.or_else(|| customer.description.take());
        customer.external_id = external_id.or_else(|| customer.external_id.take());
        customer
    }

    /// The customer of an id.
    pub(crate) fn find_customer(&self, id: Uuid) -> Option<CustomerIndex> {
        self.customer_by_id.get(&id).copied()
    }

    /// The purse of a customer for a currency: the one that is watched, else a new one.
    pub(crate) fn purse_for(
        &mut self,
        now: Timestamp,
        customer: CustomerIndex,
        currency: &'static Currency,
    ) -> &Purse {
        let mut purses = self.customers[customer.0].purses.iter();
        let watched = purses.find(|index| {
            let purse = &self.purses[index.0];
            !purse.archived && purse.takes(currency)
        });
        let index = match watched {
            Some(index) => *index,
            None => self.make_purse(now, customer, currency),
        };
        &self.purses[index.0]
    }

    fn make_purse(
        &mut self,
        now: Timestamp,
        customer: CustomerIndex,
        currency: &'static Currency,
    ) -> PurseIndex {
        let count = self.count();
        let index = PurseIndex(self.purses.len());
        let purse = Purse {
            id: self.seed.uuid("purse", count),
            customer,
            address: addresses::address(self.seed, currency.network, "purse", count),
            currency,
            deposits: Vec::new(),
            created: now,
            last_deposit: None,
            archived: false,
        };
        self.recipients.insert(
            addresses::canonical(&purse.address),
            Recipient::Purse(index),
        );
        self.due
            .insert((purse.watched_until(), Due::ExpirePurse(index)));
        self.customers[customer.0].purses.push(index);
        self.purses.push(purse);
        index
    }

    /// Every payment to a purse, oldest first, with its customer.
    pub(crate) fn purse_deposits(&self) -> impl DoubleEndedIterator<Item = (&Deposit, &Customer)> {
        self.deposits.iter().filter_map(|deposit| match deposit.to {
            Recipient::Purse(index) => {
                Some((deposit, &self.customers[self.purses[index.0].customer.0]))
            }
            Recipient::Invoice(_) => None,
        })
    }

    /// A deposit to a purse has moved to its stage.
    pub(super) fn place_in_purse(
        &mut self,
        now: Timestamp,
        index: DepositIndex,
        purse: PurseIndex,
    ) {
        let event = match self.deposits[index.0].stage {
            Stage::Mempool => Some(EventName::PurseMempoolFound),
            Stage::Review => Some(EventName::PursePendingCompliance),
            Stage::Declined => Some(EventName::PurseComplianceDeclined),
            Stage::Confirmed => {
                self.purses[purse.0].last_deposit = Some(now);
                let credited = now.plus_seconds(i64::from(self.rules.crediting_seconds));
                self.due.insert((credited, Due::CreditDeposit(index)));
                Some(EventName::PurseFundsReceived)
            }
            Stage::Dropped => None,
        };
        if let Some(event) = event {
            self.announce_purse(now, event, purse, Some(index));
        }
    }

    /// A purse that has seen no money for long is not watched any more.
    pub(super) fn expire_purse(&mut self, index: PurseIndex, at: Timestamp) {
        let until = self.purses[index.0].watched_until();
        if until > at {
            self.due.insert((until, Due::ExpirePurse(index)));
        } else {
            self.purses[index.0].archived = true;
            self.announce_purse(at, EventName::PurseExpired, index, None);
        }
    }

    /// Tells what happened to a purse (gateway reference §5.6; beyond the first four fields inferred).
    pub(super) fn announce_purse(
        &mut self,
        at: Timestamp,
        event: EventName,
        index: PurseIndex,
        deposit: Option<DepositIndex>,
    ) {
        if !self.anybody_wants(event) {
            return;
        }
        let purse = &self.purses[index.0];
        let customer = &self.customers[purse.customer.0];
        let deposit = deposit.map(|index| &self.deposits[index.0]);
        let fields = EventFields {
            customer_id: Some(customer.id),
            customer_blocked: Some(false),
            purse_id: Some(purse.id),
            address: Some(purse.address.clone()),
            external_id: customer.external_id.clone().map(ExternalIdField::Text),
            currency: deposit.map(|deposit| deposit.currency.code),
            transaction_id: deposit.map(|deposit| TransactionIdField::One(deposit.id)),
            amount: deposit.map(|deposit| Number(deposit.amount)),
            service_fee: deposit.and_then(|deposit| deposit.fee).map(Number),
            transaction_hash: deposit.map(|deposit| deposit.transaction_hash.clone()),
            sender_address: deposit.map(|deposit| deposit.from.clone()),
            ..EventFields::default()
        };
        self.tell(at, event, &fields);
    }
}
