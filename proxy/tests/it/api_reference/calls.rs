//! Every call of the proxy, as a table. A new route needs a row here: a test reads the router and says so.

use checkout::RefusalCode;

/// Who may make a call.
#[derive(Clone, Copy)]
pub(crate) enum Who {
    Merchant,
    Page,
    Buyer,
    Gateway,
    Anyone,
}

impl Who {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Merchant => "your server, with `Authorization: Bearer KEY`",
            Self::Page => "a page of an allowed origin",
            Self::Buyer => {
                "whoever knows the checkout's id; from a page only if its origin is allowed"
            }
            Self::Gateway => "the gateway",
            Self::Anyone => "anyone",
        }
    }
}

/// One field of a request.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) needed: &'static str,
    pub(crate) rules: &'static str,
}

const fn field(
    name: &'static str,
    kind: &'static str,
    needed: &'static str,
    rules: &'static str,
) -> Field {
    Field {
        name,
        kind,
        needed,
        rules,
    }
}

/// One call.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) who: Who,
    pub(crate) does: &'static str,
    /// Headers and parameters beside the body.
    pub(crate) takes: &'static [Field],
    pub(crate) body: &'static [Field],
    pub(crate) answers: &'static str,
    /// Refusals of this call; those of every call stand apart.
    pub(crate) refusals: &'static [RefusalCode],
    /// Names of examples in the story.
    pub(crate) examples: &'static [&'static str],
}

/// Refusals that any call may end with.
pub(crate) const OF_EVERY_CALL: &[RefusalCode] = &[
    RefusalCode::OriginNotAllowed,
    RefusalCode::HostNotAllowed,
    RefusalCode::ScopeNotAllowed,
    RefusalCode::RateLimited,
    RefusalCode::Overloaded,
    RefusalCode::NotFound,
    RefusalCode::MethodNotAllowed,
    RefusalCode::StoreUnavailable,
    RefusalCode::Internal,
];

const KEY: Field = field(
    "Authorization",
    "header",
    "yes",
    "`Bearer` and the merchant key. Never from a page: a request with an `Origin` that carries it is refused.",
);
const REFUND: Field = field("id", "in the path", "yes", "The refund's id.");
const ID: Field = field(
    "id",
    "in the path",
    "yes",
    "The checkout's id, a UUID in lower case.",
);

const EVENT: Field = field(
    "id",
    "in the path",
    "yes",
    "The event's id, which is the `webhook-id` of its deliveries.",
);

#[rustfmt::skip]
pub(crate) const CALLS: &[Call] = &[
    Call {
        method: "POST", path: "/v1/checkouts", who: Who::Merchant,
        does: "Makes a checkout: what is to be paid, or an address to pay to again and again. The same `Idempotency-Key` with the same body \
               makes nothing and answers with the same checkout as it is now. After 48 hours a key is forgotten: the same one then makes \
               another checkout, so a server that asks again later looks for its order with `externalId` first.",
        takes: &[
            KEY,
            field("Idempotency-Key", "header", "yes", "1 to 255 printable ASCII characters; one key for each order, good for 48 hours."),
        ],
        body: &[
            field("kind", "text", "no", "`payment`, `topup` or `deposit`. Default: `payment`."),
            field("price", "object", "for a payment", "`{\"amount\", \"currency\"}`. No other kind has one."),
            field("price.amount", "amount", "with `price`", "Above zero, at most 12 digits before the point and the currency's decimals behind it."),
            field("price.currency", "text", "with `price`", "`EUR` or `USD`."),
            field("customer", "text", "for a deposit", "Your own id of the customer, 1 to 128 characters. No other kind has one."),
            field("description", "text", "yes", "What the buyer reads: 1 to 500 characters, nothing invisible."),
            field("currencies", "list of texts", "no", "Codes of [this table](../crates/checkout/NETWORKS.md), in the order to show. Default: `currencies` of the configuration."),
            field("externalId", "text", "no", "Your own id of the order, 1 to 255 characters. The gateway keeps it with the invoice; without it, the checkout's id."),
            field("expiresAt", "time", "no", "In the future, at most 30 days ahead, 365 for a top-up or a deposit. Default: 1 day, and 365."),
            field("returnUrl", "URL", "no", "Where the buyer goes after paying: http or https, at most 2048 bytes. This and the next two may be spelt with `_url`, but not both ways at once."),
            field("supportUrl", "URL", "no", "Where the buyer finds help."),
            field("logoUrl", "URL", "no", "Your logo."),
        ],
        answers: "201 with a [checkout](#newcheckoutview), with `url` and `externalId`",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::IdempotencyKeyMissing, RefusalCode::IdempotencyKeyMalformed,
            RefusalCode::IdempotencyKeyReused, RefusalCode::ContentTypeNotJson, RefusalCode::BodyTooLarge, RefusalCode::BodyNotJson,
            RefusalCode::DuplicateKey, RefusalCode::FieldInvalid, RefusalCode::FieldUnknown, RefusalCode::KindUnknown, RefusalCode::PriceMalformed,
            RefusalCode::PriceNotPositive, RefusalCode::PriceTooPrecise, RefusalCode::PriceCurrencyUnknown, RefusalCode::PriceNotAccepted,
            RefusalCode::CustomerMissing, RefusalCode::CustomerMalformed, RefusalCode::CustomerNotAccepted, RefusalCode::CurrencyNotOffered,
            RefusalCode::ExpiryInPast, RefusalCode::ExpiryTooFar, RefusalCode::UrlInvalid,
        ],
        examples: &["a payment", "a top-up", "a deposit", "a refusal"],
    },
    Call {
        method: "POST", path: "/v1/checkouts", who: Who::Page,
        does: "Makes a checkout from the price list, or of an order that your server has signed ([how](ORDERS.md)). A page names a product or shows a token, and nothing else: no \
               amount is accepted. An order has one checkout, however often and wherever its token is shown; at another price it is refused.",
        takes: &[field("Idempotency-Key", "header", "no", "Best a version 4 UUID (`crypto.randomUUID()`), or 32 to 255 random hexadecimal digits; a retry of the page then makes no second checkout. Whoever knows a key of a page gets its checkout, so one that can be guessed (`cart-1001`) counts in the network of its sender alone. Keys of a page are those of its origin and product, good for 48 hours.")],
        body: &[
            field("product", "text", "or `order`", "A key of `[[products]]` in the configuration."),
            field("order", "text", "or `product`", "A signed order: a JWT `{store, order, amount, currency, exp}`. An `Idempotency-Key` is of no use beside it."),
        ],
        answers: "201 with a [checkout](#checkoutview), with `url`",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::AmountNotAccepted, RefusalCode::UnknownProduct, RefusalCode::OrderTokensNotConfigured, RefusalCode::OrderTokenMalformed,
            RefusalCode::OrderTokenWrong, RefusalCode::OrderTokenExpired, RefusalCode::OrderChanged, RefusalCode::FieldInvalid, RefusalCode::FieldUnknown,
            RefusalCode::IdempotencyKeyMalformed, RefusalCode::IdempotencyKeyReused, RefusalCode::ContentTypeNotJson, RefusalCode::BodyTooLarge,
            RefusalCode::BodyNotJson, RefusalCode::DuplicateKey,
        ],
        examples: &["a product"],
    },
    Call {
        method: "GET", path: "/v1/checkouts/{id}", who: Who::Buyer,
        does: "Shows a checkout. This is what your server reads before it ships: only `paid` and `completed` mean paid.",
        takes: &[ID, field("If-None-Match", "header", "no", "The `ETag` of an earlier answer; 304 without a body if nothing changed.")],
        body: &[],
        answers: "200 with a [checkout](#checkoutview), or 304",
        refusals: &[RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound],
        examples: &["what your server reads"],
    },
    Call {
        method: "GET", path: "/v1/checkouts/{id}/events", who: Who::Buyer,
        does: "Sends a checkout as [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html), at once and whenever it changes, expires or \
               is repriced. Each message has `event: checkout`, as `id` the `ETag` that `GET /v1/checkouts/{id}` would answer with, quotes included, and as \
               `data` its body in one line. The stream begins with `retry: 2000`; at least every 15 seconds something comes, if only the comment `: beat`. \
               After the last message of a checkout that can change no more the stream ends, and whoever asks again with that message's `id` gets 204. It \
               also ends after an hour, and when the proxy stops; ask again with the last `id` then. A browser keeps six connections to an origin: of \
               several tabs only those that are seen should listen, and any tab that gets no stream asks at `pollAfterMs` instead.",
        takes: &[ID, field("Last-Event-ID", "header", "no", "The `id` of the last message seen; the first message then comes when there is another one.")],
        body: &[],
        answers: "200 with `text/event-stream`, or 204 when there is nothing more to come",
        refusals: &[RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound, RefusalCode::PushUnavailable],
        examples: &[],
    },
    Call {
        method: "GET", path: "/v1/checkouts/{id}/receipt", who: Who::Buyer,
        does: "Gives the signed receipt of a completed payment: what was paid, by the books. It holds your `externalId` and the gateway's fee. Nothing is \
               read at the gateway for it. [How it is verified](ATTESTATION.md).",
        takes: &[ID],
        body: &[],
        answers: "200 with a [receipt](#receiptview)",
        refusals: &[RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound, RefusalCode::ReceiptNotAvailable],
        examples: &[],
    },
    Call {
        method: "GET", path: "/v1/attestation-keys", who: Who::Anyone,
        does: "Lists the public keys of a store: that of the page or the key that asks, otherwise of the first one. Do not trust a key because it \
               stands here: whoever can change what this proxy answers can change this answer too. A page takes its keys from `attest-key`.",
        takes: &[],
        body: &[],
        answers: "200 with [keys](#attestationkeysview)",
        refusals: &[RefusalCode::MerchantKeyWrong],
        examples: &[],
    },
    Call {
        method: "GET", path: "/v1/checkouts/{id}", who: Who::Merchant,
        does: "Shows a checkout with every invoice, deposit, fee, sum and contradiction. A buyer is told none of this, and neither answer's `ETag` fits the other.",
        takes: &[KEY, ID, field("If-None-Match", "header", "no", "The `ETag` of an earlier answer; 304 without a body if nothing changed.")],
        body: &[],
        answers: "200 with [all of a checkout](#merchantcheckoutview), or 304",
        refusals: &[RefusalCode::MerchantKeyWrong, RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound],
        examples: &[],
    },
    Call {
        method: "GET", path: "/v1/checkouts/{id}/deposits", who: Who::Merchant,
        does: "Lists every deposit to every address of a checkout; of a deposit checkout, to every address of its customer, in every currency.",
        takes: &[KEY, ID],
        body: &[],
        answers: "200 with [deposits](#depositlistview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound,
        ],
        examples: &[],
    },
    Call {
        method: "GET", path: "/v1/checkouts/{id}/history", who: Who::Merchant,
        does: "Lists what has happened to a checkout, the oldest first, 100 changes at a time, each with what brought it about; of a deposit \
               checkout, to the addresses of its customer too. Nothing is read at the gateway for it.",
        takes: &[
            KEY, ID,
            field("cursor", "in the query", "no", "The `cursor` of the answer before, for those that come after it."),
        ],
        body: &[],
        answers: "200 with [changes](#historyview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound,
            RefusalCode::FieldInvalid, RefusalCode::FieldUnknown, RefusalCode::DuplicateKey,
        ],
        examples: &[],
    },
    Call {
        method: "GET", path: "/v1/checkouts", who: Who::Merchant,
        does: "Lists your checkouts, the newest first, as they are stored: nothing is read at the gateway for it. What is made while you go through the pages \
               stands before all of them, so no page repeats or leaves out what was there. A state is what `GET /v1/checkouts/{id}` would say at that moment, \
               and follows from the time too; one call looks at up to 2 000 checkouts for those in the states asked for, so an answer may name few or none \
               and still have a `cursor`: ask on until it is `null`.",
        takes: &[
            KEY,
            field("state", "in the query", "no", "One state, or several with commas between them: `paid,completed`. Default: all."),
            field("externalId", "in the query", "no", "Exactly the `externalId` that was given."),
            field("from", "in the query", "no", "A time: those made then or later."),
            field("to", "in the query", "no", "A time later than `from`: those made before it."),
            field("limit", "in the query", "no", "How many an answer lists at most, 1 to 100. Default: 100."),
            field("cursor", "in the query", "no", "The `cursor` of the answer before, for those that come after it. Leave the other parameters as they were."),
        ],
        body: &[],
        answers: "200 with [checkouts](#checkoutlistview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::FieldInvalid, RefusalCode::FieldUnknown, RefusalCode::DuplicateKey,
        ],
        examples: &[],
    },
    Call {
        method: "POST", path: "/v1/checkouts/{id}/archive", who: Who::Merchant,
        does: "Closes a checkout for its buyer, and archives its unpaid invoices at the gateway ([gateway reference](gateway.md) §2.14). From this moment no page is \
               shown an address of it, and no invoice is made for it. It is written down before the gateway is told, and told again until its readings show it, \
               whatever happens in between: `decisions` says how far that has come. Not while money is in sight, by readings made for this call; of a top-up, while \
               money is on its way. Money that comes in sight before the gateway has archived an address opens the checkout again. What comes later is still seen and told, but \
               a gateway that archived an address does not watch it. Asking again changes nothing. There is no body. The gateway's own page of a checkout \
               (`hosted-widget`) is not ended by it: the gateway documents no call for that.",
        takes: &[KEY, ID],
        body: &[],
        answers: "200 with [all of a checkout](#merchantcheckoutview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound,
            RefusalCode::CheckoutHasMoney, RefusalCode::GatewayUnavailable,
        ],
        examples: &[],
    },
    Call {
        method: "POST", path: "/v1/checkouts/{id}/intervention", who: Who::Merchant,
        does: "Decides about an invoice that waits for your decision, because too little, too much or money of several senders has come ([gateway reference](gateway.md) \
               §2.15). `return_to_paid` accepts what has come: the gateway is told so, and the checkout is `paid` when a reading of the gateway says so, never by \
               your word alone. `close` only marks the intervention of a credited invoice as resolved at the gateway. It is written down before the gateway is told, and told again \
               until that is answered: `decisions` says how far it has come. Asking again changes nothing. Sending the money back is no call of the gateway's: keep a refund for that.",
        takes: &[KEY, ID],
        body: &[
            field("action", "text", "yes", "`return_to_paid`, while the gateway says PENDING_INTERVENTION of the invoice; or `close`, once it says COMPLETED after one."),
            field("invoice", "text", "if several wait", "The `idempotencyKey` of the invoice."),
        ],
        answers: "200 with [all of a checkout](#merchantcheckoutview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound,
            RefusalCode::InterventionNotPossible, RefusalCode::FieldInvalid, RefusalCode::FieldUnknown, RefusalCode::ContentTypeNotJson,
            RefusalCode::BodyTooLarge, RefusalCode::BodyNotJson, RefusalCode::DuplicateKey, RefusalCode::GatewayUnavailable,
        ],
        examples: &[],
    },
    Call {
        method: "POST", path: "/v1/refunds", who: Who::Merchant,
        does: "Keeps a refund that is to be approved and sent. The gateway documents no call that sends money back, so this is a record: whoever approves it sends it \
               from a wallet, and says by which transaction. All refunds of a checkout in one currency that are not cancelled never sum up to more than has arrived there \
               in that currency (`totals`), to the last digit, however many are asked for at once; of a deposit checkout, over all checkouts of its customer. The same \
               `Idempotency-Key` with the same body keeps no second one, for ever.",
        takes: &[KEY, field("Idempotency-Key", "header", "yes", "1 to 255 printable ASCII characters; one key for each refund.")],
        body: &[
            field("checkout", "text", "yes", "The id of the checkout whose money is sent back."),
            field("currency", "text", "yes", "The gateway's code of the currency, `USDT_TRX`."),
            field("amount", "amount", "yes", "Above zero, with at most the currency's decimals."),
            field("address", "text", "yes", "Where it goes: an address of the currency's network, with a right checksum."),
            field("reason", "text", "yes", "Why: 1 to 500 characters, nothing invisible."),
            field("invoice", "text", "no", "The `idempotencyKey` of the invoice it is about; then it takes no more than that has received."),
            field("deposit", "text", "no", "The gateway's id of the deposit it is about; then it takes no more than that was."),
        ],
        answers: "201 with a [refund](#refundview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::IdempotencyKeyMissing, RefusalCode::IdempotencyKeyMalformed,
            RefusalCode::IdempotencyKeyReused, RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound, RefusalCode::RefundTooLarge,
            RefusalCode::AddressMalformed, RefusalCode::FieldInvalid, RefusalCode::FieldUnknown, RefusalCode::ContentTypeNotJson,
            RefusalCode::BodyTooLarge, RefusalCode::BodyNotJson, RefusalCode::DuplicateKey,
        ],
        examples: &[],
    },
    Call {
        method: "GET", path: "/v1/refunds", who: Who::Merchant,
        does: "Lists your refunds, the newest first.",
        takes: &[
            KEY,
            field("checkout", "in the query", "no", "The id of a checkout: its refunds."),
            field("state", "in the query", "no", "`requested`, `approved`, `sent` or `cancelled`."),
            field("limit", "in the query", "no", "How many an answer lists at most, 1 to 100. Default: 100."),
            field("cursor", "in the query", "no", "The `cursor` of the answer before, for those that come after it."),
        ],
        body: &[],
        answers: "200 with [refunds](#refundlistview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::CheckoutIdMalformed, RefusalCode::FieldInvalid,
            RefusalCode::FieldUnknown, RefusalCode::DuplicateKey,
        ],
        examples: &[],
    },
    Call {
        method: "GET", path: "/v1/refunds/{id}", who: Who::Merchant,
        does: "Shows a refund.",
        takes: &[KEY, REFUND],
        body: &[],
        answers: "200 with a [refund](#refundview)",
        refusals: &[RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::RefundNotFound],
        examples: &[],
    },
    Call {
        method: "POST", path: "/v1/refunds/{id}/approve", who: Who::Merchant,
        does: "Says that a refund may be sent. Saying it again changes nothing. There is no body.",
        takes: &[KEY, REFUND],
        body: &[],
        answers: "200 with the [refund](#refundview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::RefundNotFound, RefusalCode::RefundStateWrong,
        ],
        examples: &[],
    },
    Call {
        method: "POST", path: "/v1/refunds/{id}/sent", who: Who::Merchant,
        does: "Says by which transaction an approved refund was sent. The proxy takes your word for it. Saying the same again changes nothing.",
        takes: &[KEY, REFUND],
        body: &[field("transaction", "text", "yes", "The hash of the transaction: 8 to 128 printable ASCII characters without blanks.")],
        answers: "200 with the [refund](#refundview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::RefundNotFound, RefusalCode::RefundStateWrong,
            RefusalCode::FieldInvalid, RefusalCode::FieldUnknown, RefusalCode::ContentTypeNotJson, RefusalCode::BodyTooLarge,
            RefusalCode::BodyNotJson, RefusalCode::DuplicateKey,
        ],
        examples: &[],
    },
    Call {
        method: "POST", path: "/v1/refunds/{id}/cancel", who: Who::Merchant,
        does: "Says that a refund is not sent, before it is. Its amount can be sent back by another one then. Saying it again changes nothing. There is no body.",
        takes: &[KEY, REFUND],
        body: &[],
        answers: "200 with the [refund](#refundview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::RefundNotFound, RefusalCode::RefundStateWrong,
        ],
        examples: &[],
    },
    Call {
        method: "GET", path: "/v1/events", who: Who::Merchant,
        does: "Lists the events that your server is told ([EVENTS.md](EVENTS.md)), the newest first, 100 at a time, with what became of each.",
        takes: &[
            KEY,
            field("type", "in the query", "no", "Only those of this type, such as `checkout.paid`."),
            field("state", "in the query", "no", "Only those in this state: `pending`, `delivered`, `dead` or `unsent`."),
            field("checkout", "in the query", "no", "Only those of the checkout with this id."),
            field("cursor", "in the query", "no", "The `cursor` of the answer before, for those that come after it."),
        ],
        body: &[],
        answers: "200 with [events](#eventlistview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::FieldInvalid, RefusalCode::FieldUnknown,
            RefusalCode::DuplicateKey, RefusalCode::CheckoutIdMalformed,
        ],
        examples: &[],
    },
    Call {
        method: "GET", path: "/v1/events/{id}", who: Who::Merchant,
        does: "Shows an event with the very body that each delivery of it sends.",
        takes: &[KEY, EVENT],
        body: &[],
        answers: "200 with [an event and its body](#wholeeventview)",
        refusals: &[RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::EventNotFound],
        examples: &[],
    },
    Call {
        method: "POST", path: "/v1/events/{id}/replay", who: Who::Merchant,
        does: "Has an event sent again, whatever became of it: from the beginning of the schedule, with the same id and the same body. It is on disk that it is to \
               be sent; the answer does not wait for that. If your server has answered with 410, it is sent events again.",
        takes: &[KEY, EVENT],
        body: &[],
        answers: "202 with [the event](#eventview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::EventNotFound, RefusalCode::EventTargetMissing,
        ],
        examples: &[],
    },
    Call {
        method: "POST", path: "/v1/checkouts/{id}/invoice", who: Who::Buyer,
        does: "Picks the currency. The same currency twice gives the same invoice; another one a new invoice, and the first one stays watched.",
        takes: &[ID],
        body: &[field("currency", "text", "yes", "The code of one of the checkout's currencies.")],
        answers: "200 with a [checkout](#checkoutview)",
        refusals: &[
            RefusalCode::MerchantKeyWrong, RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound, RefusalCode::CurrencyNotOffered, RefusalCode::CheckoutClosed,
            RefusalCode::AmountNotAccepted, RefusalCode::FieldInvalid, RefusalCode::FieldUnknown, RefusalCode::ContentTypeNotJson, RefusalCode::BodyTooLarge,
            RefusalCode::BodyNotJson, RefusalCode::DuplicateKey, RefusalCode::GatewayUnavailable, RefusalCode::GatewayFailed, RefusalCode::GatewayUnsound,
        ],
        examples: &["a currency"],
    },
    Call {
        method: "POST", path: "/v1/checkouts/{id}/hosted-widget", who: Who::Merchant,
        does: "Makes the gateway's own page for a payment or a top-up, once, and answers with its link. What is paid there does not move the checkout.",
        takes: &[KEY, ID],
        body: &[],
        answers: "200 with [its link](#hostedwidgetview)",
        refusals: &[
            RefusalCode::MerchantKeyMissing, RefusalCode::MerchantKeyWrong, RefusalCode::CheckoutIdMalformed, RefusalCode::CheckoutNotFound,
            RefusalCode::CheckoutClosed, RefusalCode::HostedWidgetNotOffered, RefusalCode::HostedWidgetNotConfigured, RefusalCode::GatewayUnavailable,
            RefusalCode::GatewayFailed, RefusalCode::GatewayUnsound,
        ],
        examples: &["the gateway's own page"],
    },
    Call {
        method: "POST", path: "/webhooks/calypso", who: Who::Gateway,
        does: "Takes in what the gateway tells by itself ([gateway reference](gateway.md) §5). `calypso-proxy webhook register` has it sent. The signature is checked \
               before anything is read. Nothing that it says is believed: what it is about is read at the gateway, and 200 means that the event is on disk and \
               so is what was read, or that it still has to be read. What is about nothing that this proxy knows is answered with 200, too.",
        takes: &[
            field("Key", "header", "yes", "The public key of the subscription."),
            field("Sign", "header", "yes", "HMAC-SHA512 of the body's bytes by the subscription's secret, as 128 lower-case hexadecimal digits."),
        ],
        body: &[],
        answers: "200 without a body",
        refusals: &[RefusalCode::WebhookNotSigned, RefusalCode::BodyTooLarge],
        examples: &[],
    },
    Call {
        method: "GET", path: "/healthz", who: Who::Anyone,
        does: "Whether the process answers. Nothing else is asked ([OPERATING.md](OPERATING.md)).",
        takes: &[], body: &[], answers: "200 with `ok`", refusals: &[], examples: &[],
    },
    Call {
        method: "GET", path: "/readyz", who: Who::Anyone,
        does: "Whether requests may be sent here ([OPERATING.md](OPERATING.md)).",
        takes: &[], body: &[],
        answers: "200 with JSON, or 503 with JSON that says why not: the database does not answer or has other tables, the proxy is about to stop",
        refusals: &[], examples: &[],
    },
    Call {
        method: "GET", path: "/pay/{id}", who: Who::Anyone,
        does: "The hosted payment page of a checkout, for a link you send. Nobody may frame it.",
        takes: &[ID], body: &[], answers: "200 with HTML, or 404 with a page that says so where there is no such checkout", refusals: &[], examples: &[],
    },
    Call {
        method: "GET", path: "/pay/page.css", who: Who::Anyone,
        does: "The stylesheet of that page.",
        takes: &[], body: &[], answers: "200 with CSS", refusals: &[], examples: &[],
    },
    Call {
        method: "GET", path: "/pay/page.js", who: Who::Anyone,
        does: "The script that says in that page's title where the payment stands.",
        takes: &[], body: &[], answers: "200 with JavaScript", refusals: &[], examples: &[],
    },
    Call {
        method: "GET", path: "/calypso-pay.js", who: Who::Anyone,
        does: "The loader, for your page's script tag. Kept for five minutes.",
        takes: &[], body: &[], answers: "200 with JavaScript", refusals: &[], examples: &[],
    },
    Call {
        method: "GET", path: "/integrity.json", who: Who::Anyone,
        does: "The hashes of the widget's files, for the `integrity` attribute of that tag.",
        takes: &[], body: &[], answers: "200 with JSON", refusals: &[], examples: &[],
    },
    Call {
        method: "GET", path: "/assets/{file}", who: Who::Anyone,
        does: "The widget's files, whose names hold their hashes. Kept for ever.",
        takes: &[field("file", "in the path", "yes", "As the loader names it.")], body: &[], answers: "200 with the file", refusals: &[], examples: &[],
    },
    Call {
        method: "GET", path: "/openapi.json", who: Who::Anyone,
        does: "This reference as an OpenAPI 3.1 document, for generators of clients and for tools.",
        takes: &[], body: &[], answers: "200 with JSON", refusals: &[], examples: &[],
    },
];
