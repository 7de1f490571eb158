//! The names of everything the proxy can refuse, with their HTTP status: one table.

use crate::words;

macro_rules! refusal_codes {
    ($( $(#[doc = $doc:literal])+ $name:ident = $word:literal, $status:literal; )+) => {
        words! {
            /// Why the proxy refused or failed. On the wire a `snake_case` word; unknown words are kept, so an older
            /// widget can show a newer proxy's error.
            pub open enum RefusalCode {
                $( $(#[doc = $doc])+ $name = $word, )+
            }
        }

        impl RefusalCode {
            /// The HTTP status it travels with; 500 for words that are not known.
            #[must_use]
            pub fn http_status(&self) -> u16 {
                match self {
                    $( RefusalCode::$name => $status, )+
                    RefusalCode::Unknown(_) => 500,
                }
            }

            /// When it happens, in a sentence for developers; empty for words that are not known.
            #[must_use]
            pub fn meaning(&self) -> &'static str {
                match self {
                    $( RefusalCode::$name => concat!($($doc),+).trim_ascii(), )+
                    RefusalCode::Unknown(_) => "",
                }
            }
        }
    };
}

refusal_codes! {
    /// The call needs a merchant key and has none.
    MerchantKeyMissing = "merchant_key_missing", 401;
    /// The merchant key is not one of the configured ones.
    MerchantKeyWrong = "merchant_key_wrong", 401;
    /// The merchant key is right, and its scope does not allow this call.
    ScopeNotAllowed = "scope_not_allowed", 403;
    /// A webhook is not signed by a subscription that the proxy knows.
    WebhookNotSigned = "webhook_not_signed", 401;
    /// The call needs an `Idempotency-Key` header and has none.
    IdempotencyKeyMissing = "idempotency_key_missing", 400;
    /// The `Idempotency-Key` header is not a usable key.
    IdempotencyKeyMalformed = "idempotency_key_malformed", 400;
    /// The key was used before with another body.
    IdempotencyKeyReused = "idempotency_key_reused", 422;
    /// The body is not JSON.
    BodyNotJson = "body_not_json", 400;
    /// The body is longer than the proxy reads.
    BodyTooLarge = "body_too_large", 413;
    /// The content type is not `application/json`.
    ContentTypeNotJson = "content_type_not_json", 415;
    /// A field is missing or not of its kind; the message names it.
    FieldInvalid = "field_invalid", 400;
    /// The body has a field the call does not know.
    FieldUnknown = "field_unknown", 400;
    /// The body has the same key twice.
    DuplicateKey = "duplicate_key", 400;
    /// A buyer's page sent a price or an amount; only the merchant's server sets it.
    AmountNotAccepted = "amount_not_accepted", 400;
    /// The price is not an amount such as `25.00`.
    PriceMalformed = "price_malformed", 400;
    /// The price is zero or below.
    PriceNotPositive = "price_not_positive", 400;
    /// The price has more decimals than its currency.
    PriceTooPrecise = "price_too_precise", 400;
    /// The price's currency is not one invoices take.
    PriceCurrencyUnknown = "price_currency_unknown", 400;
    /// A top-up or a deposit was asked for with a price or an amount; it takes any.
    PriceNotAccepted = "price_not_accepted", 400;
    /// The kind is not `payment`, `topup` or `deposit`.
    KindUnknown = "kind_unknown", 400;
    /// A deposit needs the merchant's own id of the customer and has none.
    CustomerMissing = "customer_missing", 400;
    /// The customer's id is not a text of 1 to 128 printable characters.
    CustomerMalformed = "customer_malformed", 400;
    /// A payment or a top-up was asked for with a customer; only deposits have one.
    CustomerNotAccepted = "customer_not_accepted", 400;
    /// The expiry is not in the future.
    ExpiryInPast = "expiry_in_past", 400;
    /// The expiry is more than 30 days ahead; 365 for a top-up or a deposit.
    ExpiryTooFar = "expiry_too_far", 400;
    /// A URL is not an absolute http(s) URL.
    UrlInvalid = "url_invalid", 400;
    /// The price list has no such product.
    UnknownProduct = "unknown_product", 404;
    /// The order token is no token of this form; the message says what is wrong with it.
    OrderTokenMalformed = "order_token_malformed", 400;
    /// The order token is not signed by a key of this store, or is another store's.
    OrderTokenWrong = "order_token_wrong", 403;
    /// The time of the order token is over, and no checkout was made of it before.
    OrderTokenExpired = "order_token_expired", 403;
    /// A checkout of this order is there already, at another price.
    OrderChanged = "order_changed", 409;
    /// The proxy's configuration has no key for order tokens.
    OrderTokensNotConfigured = "order_tokens_not_configured", 501;
    /// The checkout is not payable in this currency.
    CurrencyNotOffered = "currency_not_offered", 422;
    /// The checkout's id has not the form of one.
    CheckoutIdMalformed = "checkout_id_malformed", 400;
    /// There is no checkout with this id.
    CheckoutNotFound = "checkout_not_found", 404;
    /// The checkout is final or expired and takes no new invoice.
    CheckoutClosed = "checkout_closed", 409;
    /// There is no event with this id, or it is not kept any more.
    EventNotFound = "event_not_found", 404;
    /// The proxy's configuration names no server that events are sent to.
    EventTargetMissing = "event_target_missing", 409;
    /// Money is in sight for the checkout, so it is not archived.
    CheckoutHasMoney = "checkout_has_money", 409;
    /// The invoice is in no state in which the gateway takes this decision.
    InterventionNotPossible = "intervention_not_possible", 409;
    /// There is no refund with this id.
    RefundNotFound = "refund_not_found", 404;
    /// More would be sent back than has arrived in this currency, less the refunds that were asked for before.
    RefundTooLarge = "refund_too_large", 409;
    /// The refund has come too far for this step, or not far enough.
    RefundStateWrong = "refund_state_wrong", 409;
    /// The address is none of the currency's network.
    AddressMalformed = "address_malformed", 400;
    /// The gateway has no widget of its own for a deposit.
    HostedWidgetNotOffered = "hosted_widget_not_offered", 422;
    /// The proxy's configuration does not say where the gateway's own pages are.
    HostedWidgetNotConfigured = "hosted_widget_not_configured", 501;
    /// There is no receipt: the payment is not completed, the books have not all of it yet, or the store signs nothing.
    ReceiptNotAvailable = "receipt_not_available", 409;
    /// The page's origin is not on the allow-list, or belongs to another store than the checkout.
    OriginNotAllowed = "origin_not_allowed", 403;
    /// The request names a host that this proxy, which listens on this computer only, is not called by.
    HostNotAllowed = "host_not_allowed", 421;
    /// Too many such requests in a short time; the `Retry-After` header says after how many seconds to try again.
    RateLimited = "rate_limited", 429;
    /// As many event streams are open as the proxy, or the caller's network, may hold; ask by `GET /v1/checkouts/{id}` instead, and try again later.
    PushUnavailable = "push_unavailable", 503;
    /// As many such requests are being worked on for the store as may be at a time; nothing was done, and the `Retry-After` header says when to try again.
    Overloaded = "overloaded", 503;
    /// There is nothing at this path.
    NotFound = "not_found", 404;
    /// The path does not answer this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// The gateway does not answer or refuses connections; try again later.
    GatewayUnavailable = "gateway_unavailable", 503;
    /// The gateway answered with an error or with something that is no answer.
    GatewayFailed = "gateway_failed", 502;
    /// The gateway's answer contradicts the question: a bad address, another currency.
    GatewayUnsound = "gateway_unsound", 502;
    /// The proxy cannot read or write its store; try again later.
    StoreUnavailable = "store_unavailable", 503;
    /// A fault of the proxy itself; its log has the request's id.
    Internal = "internal", 500;
}
