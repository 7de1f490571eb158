//! Events: their names, groups, levels, and what they say (gateway reference §5.5, §5.6).

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use checkout::{Timestamp, words};

use crate::date::written;
use crate::dialect::{
    ComplianceName, Dialect, ExternalId, FiatValue, Fractions, Ids, TransactionId,
};
use crate::invoice::InvoiceId;
use crate::number::Number;

words! {
    /// What happened. All can be subscribed to; those of payouts, top-ups and fiat never happen here.
    #[derive(PartialOrd, Ord)]
    pub(crate) enum EventName expecting "the name of an event" {
        InvoiceCreated = "INVOICE_CREATE_INVOICE",
        UnlimitedInvoiceCreated = "INVOICE_CREATE_UNLIMITED_INVOICE",
        InvoiceMempoolFound = "INVOICE_MEMPOOL_FOUND",
        InvoiceFundsReceived = "INVOICE_FUNDS_RECEIVED_FOR_INVOICE",
        InvoicePaid = "INVOICE_PAID",
        InvoicePendingIntervention = "INVOICE_PENDING_INTERVENTION",
        InvoiceTranslationCompleted = "INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED",
        InvoiceExpired = "INVOICE_EXPIRED",
        InvoicePendingCompliance = "INVOICE_PENDING_COMPLIANCE",
        InvoiceComplianceDeclined = "INVOICE_COMPLIANCE_DECLINED",
        PurseExpired = "CUSTOMER_PURSE_EXPIRED",
        PurseMempoolFound = "CUSTOMER_PURSE_MEM_POOL_FOUND",
        PursePendingCompliance = "CUSTOMER_PURSE_PENDING_COMPLIANCE",
        PurseComplianceDeclined = "CUSTOMER_PURSE_COMPLIANCE_DECLINED",
        PurseFundsReceived = "CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE",
        PurseTranslationCompleted = "CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED",
        PayoutStatusChanged = "PAYOUT_CHANGE_STATUS",
        PayoutConfirmed = "PAYOUT_CONFIRMED",
        PayoutValidationError = "PAYOUT_VALIDATION_ERROR",
        TopUpComplianceCheck = "TOP_UP_COMPLIANCE_CHECK",
        TopUpComplianceDeclined = "TOP_UP_COMPLIANCE_DECLINED",
        WalletFundsDelivered = "WALLET_FUNDS_DELIVERED_ACCOUNT",
        FiatDepositCreated = "FIAT_DEPOSIT_ORDER_CREATED",
        FiatDepositConfirmed = "FIAT_DEPOSIT_ORDER_CONFIRM",
        FiatDepositFundsReceived = "FIAT_DEPOSIT_FIAT_FUNDS_RECEIVED",
        FiatDepositExpired = "FIAT_DEPOSIT_ORDER_EXPIRED",
        FiatDepositFailed = "FIAT_DEPOSIT_ORDER_FAILED",
    }
}

words! {
    /// The groups that can be subscribed to as a whole (gateway reference §3.6).
    #[derive(PartialOrd, Ord)]
    pub(crate) enum Service expecting "a group of events" {
        Invoice = "INVOICE",
        Payout = "PAYOUT",
        Recurrent = "RECURRENT",
        CustomerPurse = "CUSTOMER_PURSE",
        FiatDeposit = "FIAT_DEPOSIT",
    }
}

/// The other name of the event about a review (gateway reference §5.5).
const COMPLIANCE_CHECK: &str = "INVOICE_COMPLIANCE_CHECK";

impl EventName {
    /// The event of this name, or of the older one it is seen under (gateway reference §5.5, §5.6).
    pub(crate) fn named(text: &str) -> Option<Self> {
        match text {
            COMPLIANCE_CHECK => Some(Self::InvoicePendingCompliance),
            "CUSTOMER_PURSE_MEMPOOL_FOUND" => Some(Self::PurseMempoolFound),
            name => Self::find(name),
        }
    }

    /// The name under which a dialect knows it.
    pub(crate) fn said_in(self, dialect: Dialect) -> &'static str {
        match (self, dialect.compliance) {
            (Self::InvoicePendingCompliance, ComplianceName::Check) => COMPLIANCE_CHECK,
            _ => self.as_str(),
        }
    }

    /// The group it belongs to; that of top-ups has no known name.
    pub(crate) fn service(self) -> Option<Service> {
        let groups = [
            ("INVOICE_", Service::Invoice),
            ("CUSTOMER_PURSE_", Service::CustomerPurse),
            ("PAYOUT_", Service::Payout),
            ("FIAT_DEPOSIT_", Service::FiatDeposit),
        ];
        let name = self.as_str();
        let group = groups
            .into_iter()
            .find(|(start, _)| name.starts_with(start))?;
        Some(group.1)
    }

    /// How it is meant to be seen. Seen in the documentation are SUCCESS and INFO; the rest is inferred.
    pub(crate) fn level(self) -> &'static str {
        match self {
            Self::InvoicePaid | Self::InvoicePendingCompliance => "INFO",
            Self::InvoiceExpired | Self::InvoiceComplianceDeclined => "WARNING",
            name if name.service() == Some(Service::CustomerPurse) => "INFO",
            _ => "SUCCESS",
        }
    }
}

/// A value in fiat: one number, or one for each currency (gateway reference §5.4).
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum FiatAmount {
    One(Number),
    Each(BTreeMap<&'static str, Number>),
}

/// What an event says. Each event has its own selection of these fields.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parent_external_id: Option<InvoiceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) idempotency_key: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_id: Option<ExternalIdField>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_blocked: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) purse_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) amount: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) real_amount: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service_fee: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fiat_amount: Option<FiatAmount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fiat_currency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transaction_id: Option<TransactionIdField>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transaction_ids: Option<Vec<Uuid>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transaction_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sender_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) payment_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expiration_date: Option<Date>,
    /// The number of the invoice, for subscriptions that know invoices by numbers.
    #[serde(skip)]
    pub(crate) number: Option<u64>,
    /// What the amount is worth in a fiat currency, for subscriptions that always want to know.
    #[serde(skip)]
    pub(crate) worth: Option<(Number, &'static str)>,
}

/// A name of a deposit, or the list of it.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum TransactionIdField {
    One(Uuid),
    List([Uuid; 1]),
}

/// The merchant's own id, or that there is none.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum ExternalIdField {
    Text(String),
    Null,
}

/// A moment, and how it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Date(pub(crate) Timestamp, pub(crate) Fractions);

impl From<Timestamp> for Date {
    fn from(moment: Timestamp) -> Self {
        Self(moment, Fractions::Short)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&written(self.0, self.1))
    }
}

impl EventFields {
    /// These fields as a dialect writes them.
    pub(crate) fn said_in(&self, dialect: Dialect) -> Self {
        let mut fields = self.clone();
        if dialect.ids == Ids::Number {
            fields.parent_external_id = fields.number.map(InvoiceId::Number);
        }
        if let Some(TransactionIdField::One(id)) = fields.transaction_id {
            match dialect.transaction_id {
                TransactionId::Text => {}
                TransactionId::Array => {
                    fields.transaction_id = Some(TransactionIdField::List([id]));
                }
                TransactionId::Both => fields.transaction_ids = Some(vec![id]),
            }
        }
        let is_of_an_invoice = fields.parent_external_id.is_some();
        if dialect.external_id == ExternalId::Null
            && is_of_an_invoice
            && fields.external_id.is_none()
        {
            fields.external_id = Some(ExternalIdField::Null);
        }
        match dialect.fiat_amount {
            FiatValue::Filled => {}
            FiatValue::Empty => {
                if let Some(FiatAmount::Each(worth)) = &mut fields.fiat_amount {
                    worth.clear();
                }
            }
            FiatValue::Absent => (fields.fiat_amount, fields.fiat_currency) = (None, None),
            FiatValue::Always => {
                if let (None, Some((worth, currency))) = (&fields.fiat_amount, fields.worth) {
                    fields.fiat_amount = Some(FiatAmount::One(worth));
                    fields.fiat_currency = Some(currency);
                }
            }
        }
        for address in [&mut fields.address, &mut fields.sender_address]
            .into_iter()
            .flatten()
        {
            *address = dialect.address(address);
        }
        for date in [
            &mut fields.created_date,
            &mut fields.payment_date,
            &mut fields.expiration_date,
        ]
        .into_iter()
        .flatten()
        {
            date.1 = dialect.dates;
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_its_group() {
        for name in EventName::ALL {
            let known =
                name.as_str().starts_with("TOP_UP_") || name.as_str().starts_with("WALLET_");
            assert_eq!(name.service().is_none(), known, "{}", name.as_str());
            assert_eq!(EventName::find(name.as_str()), Some(name));
        }
    }
}
