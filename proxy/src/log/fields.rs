//! Every field a line of this proxy may have: one table, from which the operator's documentation is made, and against which a test holds
//! the lines of a whole payment.

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct LogField {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub about: &'static str,
}

const fn field(name: &'static str, about: &'static str) -> LogField {
    LogField { name, about }
}

/// The fields, the ones that every line has first.
#[rustfmt::skip]
pub const LOG_FIELDS: &[LogField] = &[
    field("time", "When the line was written, by this computer's clock, in UTC"),
    field("level", "`ERROR`: somebody has to look. `WARN`: something is not as it should be, and goes on. `INFO`: what has happened. `DEBUG`, `TRACE`: how"),
    field("target", "The part of the program"),
    field("message", "What has happened: one of the messages below, always in the same words"),
    field("refund", "The id of a refund"),
    field("request_id", "The request on whose behalf it happened, as in the answer's `X-Request-Id`; missing for what the proxy does by itself"),
    field("act", "What the merchant has decided"),
    field("address", "The address this proxy listens on"),
    field("ahead_seconds", "How far the sandbox's clock is ahead of this computer's"),
    field("alarm", "Which contradiction of the gateway it is"),
    field("allowed", "How many files this process may open"),
    field("amount", "The amount of a deposit, in the currency"),
    field("answer", "What the gateway answered at the start"),
    field("attempt", "How often this checkout was given an invoice in this currency, or an event was sent"),
    field("attempts", "How often an event was sent in all"),
    field("call.path", "The path at the gateway that was called"),
    field("calls", "How many calls have no known outcome"),
    field("cause", "What happened underneath; never shown to callers"),
    field("checkout", "The first digits of a checkout's id. The whole id opens the checkout, so it is written nowhere"),
    field("code", "The error code of the answer ([API.md](API.md))"),
    field("currency", "The code of a crypto currency"),
    field("customer", "A name made from the merchant's customer id by hashing; the id itself is written nowhere"),
    field("deposit", "The gateway's name of a deposit"),
    field("detail", "What was expected of the gateway and what came"),
    field("distance", "How far the sandbox's clock is from this computer's"),
    field("error", "What went wrong"),
    field("event", "The name of a webhook's event: the gateway's, or a hash of its body; or the id of an event for the merchant's server"),
    field("failed", "How many readings failed in a round"),
    field("fiat", "The code of a fiat currency"),
    field("flag", "What the gateway contradicts itself about, of a deposit"),
    field("from", "The phase before"),
    field("gateway_id", "The gateway's name of an invoice or a customer"),
    field("http.status", "The status of the gateway's answer"),
    field("invoice", "The key of an invoice, which is its idempotency key at the gateway"),
    field("key", "The key of what is read: an invoice's, a customer's"),
    field("kind", "The kind of a webhook's event, or of one for the merchant's server"),
    field("known", "What was known of a deposit, or how many were"),
    field("last", "How the last attempt to deliver an event has ended"),
    field("location", "The file and line of the program"),
    field("method", "The request's method; `other` for those that no path answers"),
    field("millis", "How long it took until the answer's head was there, in milliseconds"),
    field("missing", "Whether the gateway does not list a deposit any more"),
    field("more", "How many further ones have no line of their own"),
    field("most", "How many there may be"),
    field("network", "The network of the client: 256 addresses of IPv4, 2^64 of IPv6, by the first of them. **Personal data** where a network has one user"),
    field("next", "When an event is sent again"),
    field("note", "A remark about the configuration, which names the key"),
    field("outcome", "What has come of it"),
    field("pause_s", "After how many seconds it is tried again"),
    field("public_url", "The configured `public_url`"),
    field("read", "What the gateway says now of a deposit"),
    field("received", "How much an invoice has received, in its currency"),
    field("receiver", "The key of the invoice or customer a deposit was paid to"),
    field("removed", "How many were deleted"),
    field("repeated", "How often a call was repeated before"),
    field("route", "The request's route as in [API.md](API.md), never its path; `(none)` where there is none"),
    field("said", "What a second payment means for the merchant, or what a panic said"),
    field("shop", "The store"),
    field("source", "Why something was read: `poll`, `watcher`, `delivery`, `merchant`, `page`, `reconcile`, `upgrade`"),
    field("state", "The state of a deposit"),
    field("status", "The status of the answer"),
    field("store", "The store"),
    field("to", "The phase after"),
    field("url", "The address of the sandbox"),
    field("wanted", "How many files this process needs to open"),
    field("why", "Which limit has ended a connection"),
    field("within_s", "The window in which lines are counted, in seconds"),
];
