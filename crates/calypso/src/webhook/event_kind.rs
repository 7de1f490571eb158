//! The names of events, their groups and their levels.

use checkout::words;

words! {
    /// What happened (gateway reference §5.5 to §5.7). An unlisted event is kept as its name.
    #[non_exhaustive]
    pub open enum EventKind {
        /// An invoice was made.
        InvoiceCreated = "INVOICE_CREATE_INVOICE",
        /// An unlimited invoice was made.
        UnlimitedInvoiceCreated = "INVOICE_CREATE_UNLIMITED_INVOICE",
        /// A transaction was seen, unconfirmed.
        InvoiceMempoolFound = "INVOICE_MEMPOOL_FOUND" | "INVOICE_MEM_POOL_FOUND",
        /// A deposit is confirmed; whether the amount is right it does not say.
        InvoiceFundsReceived = "INVOICE_FUNDS_RECEIVED_FOR_INVOICE",
        /// Paid in full.
        InvoicePaid = "INVOICE_PAID",
        /// The merchant must decide; the invoice says why.
        InvoicePendingIntervention = "INVOICE_PENDING_INTERVENTION",
        /// The money is on the merchant's balance.
        InvoiceTranslationCompleted = "INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED",
        /// Nobody paid in time.
        InvoiceExpired = "INVOICE_EXPIRED",
        /// A deposit is under review. Some sources call it `INVOICE_COMPLIANCE_CHECK`.
        InvoicePendingCompliance = "INVOICE_PENDING_COMPLIANCE" | "INVOICE_COMPLIANCE_CHECK",
        /// A deposit was suspended.
        InvoiceComplianceDeclined = "INVOICE_COMPLIANCE_DECLINED",
        /// A customer's address is no longer watched.
        PurseExpired = "CUSTOMER_PURSE_EXPIRED",
        /// A transaction to a customer's address was seen.
        PurseMempoolFound = "CUSTOMER_PURSE_MEM_POOL_FOUND" | "CUSTOMER_PURSE_MEMPOOL_FOUND",
        /// A transaction to a customer's address is under review.
        PursePendingCompliance = "CUSTOMER_PURSE_PENDING_COMPLIANCE" | "CUSTOMER_PURSE_PENDING_COMLIANCE",
        /// A transaction to a customer's address was suspended.
        PurseComplianceDeclined = "CUSTOMER_PURSE_COMPLIANCE_DECLINED" | "CUSTOMER_PURSE_COMLIANCE_DECLINED",
        /// A transaction to a customer's address is confirmed.
        PurseFundsReceived = "CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE",
        /// The money of a transaction to a customer's address is on the merchant's balance.
        PurseTranslationCompleted = "CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED",
        /// A payout moved on.
        PayoutStatusChanged = "PAYOUT_CHANGE_STATUS",
        /// A payout is confirmed.
        PayoutConfirmed = "PAYOUT_CONFIRMED",
        /// A payout was refused.
        PayoutValidationError = "PAYOUT_VALIDATION_ERROR",
        /// A top-up of the merchant's own account is under review.
        TopUpComplianceCheck = "TOP_UP_COMPLIANCE_CHECK",
        /// A top-up of the merchant's own account was suspended.
        TopUpComplianceDeclined = "TOP_UP_COMPLIANCE_DECLINED",
        /// A top-up of the merchant's own account arrived.
        WalletFundsDelivered = "WALLET_FUNDS_DELIVERED_ACCOUNT",
        /// A purchase with fiat was ordered.
        FiatDepositCreated = "FIAT_DEPOSIT_ORDER_CREATED",
        /// An order of a purchase with fiat was confirmed.
        FiatDepositConfirmed = "FIAT_DEPOSIT_ORDER_CONFIRM",
        /// The fiat money of a purchase arrived.
        FiatDepositFundsReceived = "FIAT_DEPOSIT_FIAT_FUNDS_RECEIVED",
        /// Nobody paid a purchase with fiat in time.
        FiatDepositExpired = "FIAT_DEPOSIT_ORDER_EXPIRED",
        /// A purchase with fiat failed.
        FiatDepositFailed = "FIAT_DEPOSIT_ORDER_FAILED",
    }
}

words! {
    /// The group an event belongs to (gateway reference §3.6). An unlisted group is kept as its name.
    #[non_exhaustive]
    pub open enum Service {
        Invoice = "INVOICE",
        Payout = "PAYOUT",
        /// Recurrent payments, of the previous API.
        Recurrent = "RECURRENT",
        CustomerPurse = "CUSTOMER_PURSE",
        FiatDeposit = "FIAT_DEPOSIT",
    }
}

words! {
    /// How an event is meant to be seen (gateway reference §3.6). An unlisted level is kept as its name.
    #[non_exhaustive]
    pub open enum Level {
        Success = "SUCCESS",
        Info = "INFO",
        Warning = "WARNING",
    }
}
