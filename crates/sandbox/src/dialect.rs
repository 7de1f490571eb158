//! The documented alternatives: one thing that the gateway's documents, or its other clients, write in several ways.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// In which of the documented ways answers and webhooks are written. The first of each is what the sandbox does unless told
/// otherwise; a table of all is in [`switches`](crate::switches).
///
/// ```
/// use calypso_sandbox::{Dialect, Ids, Sandbox, Settings};
/// let dialect = Dialect { ids: Ids::Number, ..Dialect::default() };
/// let sandbox = Sandbox::new(Settings { dialect, ..Settings::default() });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dialect {
    /// The `id` of an invoice, and `parentExternalId` in webhooks.
    pub ids: Ids,
    /// The deposits that a webhook is about.
    pub transaction_id: TransactionId,
    /// `externalId` in a webhook about an invoice that has none.
    pub external_id: ExternalId,
    /// `fiatAmount` and `fiatCurrency` in webhooks.
    pub fiat_amount: FiatValue,
    /// `viewed` in the envelope of webhooks.
    pub viewed: Viewed,
    /// The envelope of `INVOICE_PAID`.
    pub paid: PaidEnvelope,
    /// The name of the event that says that a deposit is under review.
    pub compliance: ComplianceName,
    /// Addresses of Ethereum and its like, in answers and webhooks.
    pub addresses: EvmCase,
    /// Fractions of a second, in answers and webhooks.
    pub dates: Fractions,
}

macro_rules! choices {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[$about:meta])+ $variant:ident,)+ })+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
            #[serde(rename_all = "lowercase")]
            #[non_exhaustive]
            pub enum $name {
                $($(#[$about])+ $variant,)+
            }
        )+
    };
}

choices! {
    /// How invoices are named.
    Ids {
        /// UUIDs, as in the guides of today.
        #[default]
        Text,
        /// Whole numbers, as in older answers and in clients written for them.
        Number,
    }
    /// How a webhook names deposits.
    TransactionId {
        /// `transactionId` is one text.
        #[default]
        Text,
        /// `transactionId` is a list of texts.
        Array,
        /// `transactionId` is one text, and `transactionIds` lists it.
        Both,
    }
    /// How a webhook says that there is no external id.
    ExternalId {
        /// By leaving `externalId` out.
        #[default]
        Absent,
        /// By `"externalId": null`.
        Null,
    }
    /// What a webhook says about the worth in fiat.
    FiatValue {
        /// The price where there is one, the worth in euros and dollars of what came.
        #[default]
        Filled,
        /// The price where there is one, and `{}` for the worth.
        Empty,
        /// Neither the price nor the worth.
        Absent,
        /// As filled, and the worth in euros where an invoice has no price in fiat.
        Always,
    }
    /// Whether the envelope says that nobody has seen the event in the account.
    Viewed {
        /// The envelope has no `viewed`.
        #[default]
        Absent,
        /// `"viewed": false` in every webhook.
        False,
    }
    /// The envelope of `INVOICE_PAID`.
    PaidEnvelope {
        /// The envelope that every event has.
        #[default]
        Full,
        /// Without `requestId` and `eventType`, as in one published example.
        Bare,
    }
    /// The name of the event about a review.
    ComplianceName {
        /// `INVOICE_PENDING_COMPLIANCE`.
        #[default]
        Pending,
        /// `INVOICE_COMPLIANCE_CHECK`, as a client of the gateway knows it.
        Check,
    }
    /// The case of addresses that have a checksum in it.
    EvmCase {
        /// Upper and lower case, by the checksum of EIP-55.
        #[default]
        Mixed,
        /// Lower case, as in the published examples.
        Lower,
    }
    /// How many digits a second has.
    Fractions {
        /// As many as needed, at most three.
        #[default]
        Short,
        /// Always six.
        Six,
    }
}

/// What is different for one subscription. What is not set is written as for all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct DialectChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<Ids>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<TransactionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<ExternalId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fiat_amount: Option<FiatValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    viewed: Option<Viewed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid: Option<PaidEnvelope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compliance: Option<ComplianceName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    addresses: Option<EvmCase>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dates: Option<Fractions>,
}

impl Dialect {
    /// This dialect with the changes of one subscription.
    pub(crate) fn with(self, change: DialectChange) -> Self {
        Self {
            ids: change.ids.unwrap_or(self.ids),
            transaction_id: change.transaction_id.unwrap_or(self.transaction_id),
            external_id: change.external_id.unwrap_or(self.external_id),
            fiat_amount: change.fiat_amount.unwrap_or(self.fiat_amount),
            viewed: change.viewed.unwrap_or(self.viewed),
            paid: change.paid.unwrap_or(self.paid),
            compliance: change.compliance.unwrap_or(self.compliance),
            addresses: change.addresses.unwrap_or(self.addresses),
            dates: change.dates.unwrap_or(self.dates),
        }
    }

    /// An address in its case.
    pub(crate) fn address(&self, address: &str) -> String {
        match self.addresses {
            EvmCase::Lower if address.starts_with("0x") => address.to_ascii_lowercase(),
            EvmCase::Lower | EvmCase::Mixed => address.to_owned(),
        }
    }
}
