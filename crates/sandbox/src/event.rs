//! Events: their names, groups, levels, and what they say (gateway reference §5.5, §5.6).

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::number::Number;

macro_rules! texts {
    ($(#[doc = $doc:literal])+ $name:ident: $($variant:ident = $text:literal,)*) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $name {
            $($variant,)*
        }

        impl $name {
            /// Every one the documentation names.
            pub(crate) const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// As the gateway writes it.
            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The one of this text.
            pub(crate) fn find(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                Self::find(&text).ok_or_else(|| D::Error::custom(format_args!("expected a known name, got {text:?}")))
            }
        }
    };
}

texts! {
    /// What happened. All can be subscribed to; those of payouts, top-ups and fiat never happen here.
    EventName:
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

texts! {
    /// The groups that can be subscribed to as a whole (gateway reference §3.6).
    Service:
    Invoice = "INVOICE",
    Payout = "PAYOUT",
    Recurrent = "RECURRENT",
    CustomerPurse = "CUSTOMER_PURSE",
    FiatDeposit = "FIAT_DEPOSIT",
}

impl EventName {
    /// The event of this name, or of the older one it is seen under (gateway reference §5.5, §5.6).
    pub(crate) fn named(text: &str) -> Option<Self> {
        match text {
            "INVOICE_COMPLIANCE_CHECK" => Some(Self::InvoicePendingCompliance),
            "CUSTOMER_PURSE_MEMPOOL_FOUND" => Some(Self::PurseMempoolFound),
            name => Self::find(name),
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
    pub(crate) parent_external_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) idempotency_key: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_id: Option<String>,
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
    pub(crate) transaction_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transaction_ids: Option<Vec<Uuid>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transaction_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sender_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) payment_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expiration_date: Option<String>,
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
            assert_eq!(EventName::find(name.as_str()), Some(*name));
        }
    }
}
