//! The names of events, their groups and their levels.

use crate::wire;

/// What happened (gateway reference §5.5 to §5.7). An unlisted event is kept as its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// `INVOICE_CREATE_INVOICE`: an invoice was made.
    InvoiceCreated,
    /// `INVOICE_CREATE_UNLIMITED_INVOICE`: an unlimited invoice was made.
    UnlimitedInvoiceCreated,
    /// `INVOICE_MEMPOOL_FOUND`: a transaction was seen, unconfirmed.
    InvoiceMempoolFound,
    /// `INVOICE_FUNDS_RECEIVED_FOR_INVOICE`: a deposit is confirmed; whether the amount is right it does not say.
    InvoiceFundsReceived,
    /// `INVOICE_PAID`: paid in full.
    InvoicePaid,
    /// `INVOICE_PENDING_INTERVENTION`: the merchant must decide; the invoice says why.
    InvoicePendingIntervention,
    /// `INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED`: the money is on the merchant's balance.
    InvoiceTranslationCompleted,
    /// `INVOICE_EXPIRED`: nobody paid in time.
    InvoiceExpired,
    /// `INVOICE_PENDING_COMPLIANCE`, in some sources `INVOICE_COMPLIANCE_CHECK`: a deposit is under review.
    InvoicePendingCompliance,
    /// `INVOICE_COMPLIANCE_DECLINED`: a deposit was suspended.
    InvoiceComplianceDeclined,
    /// `CUSTOMER_PURSE_EXPIRED`: a customer's address is no longer watched.
    PurseExpired,
    /// `CUSTOMER_PURSE_MEM_POOL_FOUND`: a transaction to a customer's address was seen.
    PurseMempoolFound,
    /// `CUSTOMER_PURSE_PENDING_COMPLIANCE`: such a transaction is under review.
    PursePendingCompliance,
    /// `CUSTOMER_PURSE_COMPLIANCE_DECLINED`: such a transaction was suspended.
    PurseComplianceDeclined,
    /// `CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE`: such a transaction is confirmed.
    PurseFundsReceived,
    /// `CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED`: its money is on the merchant's balance.
    PurseTranslationCompleted,
    /// `PAYOUT_CHANGE_STATUS`: a payout moved on.
    PayoutStatusChanged,
    /// `PAYOUT_CONFIRMED`: a payout is confirmed.
    PayoutConfirmed,
    /// `PAYOUT_VALIDATION_ERROR`: a payout was refused.
    PayoutValidationError,
    /// `TOP_UP_COMPLIANCE_CHECK`: a top-up of the merchant's own account is under review.
    TopUpComplianceCheck,
    /// `TOP_UP_COMPLIANCE_DECLINED`: such a top-up was suspended.
    TopUpComplianceDeclined,
    /// `WALLET_FUNDS_DELIVERED_ACCOUNT`: such a top-up arrived.
    WalletFundsDelivered,
    /// `FIAT_DEPOSIT_ORDER_CREATED`: a purchase with fiat was ordered.
    FiatDepositCreated,
    /// `FIAT_DEPOSIT_ORDER_CONFIRM`: such an order was confirmed.
    FiatDepositConfirmed,
    /// `FIAT_DEPOSIT_FIAT_FUNDS_RECEIVED`: its fiat money arrived.
    FiatDepositFundsReceived,
    /// `FIAT_DEPOSIT_ORDER_EXPIRED`: nobody paid it in time.
    FiatDepositExpired,
    /// `FIAT_DEPOSIT_ORDER_FAILED`: it failed.
    FiatDepositFailed,
    /// An event the reference does not list.
    Unknown(String),
}

/// The group an event belongs to (gateway reference §3.6). An unlisted group is kept as its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// `INVOICE`
    Invoice,
    /// `PAYOUT`
    Payout,
    /// `RECURRENT`, of the previous API.
    Recurrent,
    /// `CUSTOMER_PURSE`
    CustomerPurse,
    /// `FIAT_DEPOSIT`
    FiatDeposit,
    /// A group the reference does not list.
    Unknown(String),
}

/// How an event is meant to be seen (gateway reference §3.6). An unlisted level is kept as its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Level {
    /// `SUCCESS`
    Success,
    /// `INFO`
    Info,
    /// `WARNING`
    Warning,
    /// A level the reference does not list.
    Unknown(String),
}

wire::texts! {
    EventKind {
        InvoiceCreated = "INVOICE_CREATE_INVOICE",
        UnlimitedInvoiceCreated = "INVOICE_CREATE_UNLIMITED_INVOICE",
        InvoiceMempoolFound = "INVOICE_MEMPOOL_FOUND" | "INVOICE_MEM_POOL_FOUND",
        InvoiceFundsReceived = "INVOICE_FUNDS_RECEIVED_FOR_INVOICE",
        InvoicePaid = "INVOICE_PAID",
        InvoicePendingIntervention = "INVOICE_PENDING_INTERVENTION",
        InvoiceTranslationCompleted = "INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED",
        InvoiceExpired = "INVOICE_EXPIRED",
        InvoicePendingCompliance = "INVOICE_PENDING_COMPLIANCE" | "INVOICE_COMPLIANCE_CHECK",
        InvoiceComplianceDeclined = "INVOICE_COMPLIANCE_DECLINED",
        PurseExpired = "CUSTOMER_PURSE_EXPIRED",
        PurseMempoolFound = "CUSTOMER_PURSE_MEM_POOL_FOUND" | "CUSTOMER_PURSE_MEMPOOL_FOUND",
        PursePendingCompliance = "CUSTOMER_PURSE_PENDING_COMPLIANCE" | "CUSTOMER_PURSE_PENDING_COMLIANCE",
        PurseComplianceDeclined = "CUSTOMER_PURSE_COMPLIANCE_DECLINED" | "CUSTOMER_PURSE_COMLIANCE_DECLINED",
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
    Service {
        Invoice = "INVOICE",
        Payout = "PAYOUT",
        Recurrent = "RECURRENT",
        CustomerPurse = "CUSTOMER_PURSE",
        FiatDeposit = "FIAT_DEPOSIT",
    }
    Level { Success = "SUCCESS", Info = "INFO", Warning = "WARNING" }
}
