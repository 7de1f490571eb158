//! The kinds of faults, each with the name the control API has for it.

use checkout::words;

words! {
    /// How a call, or a delivery of a webhook, fails.
    #[derive(PartialOrd, Ord)]
    pub enum FaultKind expecting "a kind of fault" {
        /// Answers 500 with the gateway's error 000; nothing happens.
        Error500 = "error500",
        /// Answers 502 with one line of text; nothing happens.
        Error502 = "error502",
        /// Answers 503 with a page that speaks of maintenance, and `Retry-After: 120`; nothing happens.
        Error503 = "error503",
        /// The call has its effect, but a proxy in between has lost patience: 504 with an HTML page.
        Error504 = "error504",
        /// Answers 429 with one line of text, and `Retry-After: 1`; nothing happens.
        Error429 = "error429",
        /// Answers 200, and the body is the gateway's error 000; nothing happens.
        Error200 = "error200",
        /// Answers 502 with an HTML page, as a proxy in between would; nothing happens.
        Html = "html",
        /// Answers 200 with an HTML page; nothing happens.
        Html200 = "html200",
        /// Answers 200 with bytes that are neither JSON nor text; nothing happens.
        Garbage = "garbage",
        /// The call has its effect; its answer is 200 without a body.
        Empty = "empty",
        /// The call has its effect; its answer is cut in the middle, with a length that fits what is left.
        Truncated = "truncated",
        /// The call has its effect; its answer announces more bytes than come before the connection is closed.
        WrongLength = "wrong_length",
        /// Nothing happens, and no answer ever comes.
        Silence = "silence",
        /// The call has its effect; the connection breaks in the middle of the answer.
        Reset = "reset",
        /// The call has its effect; states in the answer have a name that does not exist.
        UnknownState = "unknown_state",
        /// The call has its effect; the answer carries fields nobody knows.
        UnknownField = "unknown_field",
        /// The call has its effect; currencies in the answer have a name that does not exist.
        UnknownCurrency = "unknown_currency",
        /// The call has its effect, and no answer ever comes.
        TimeoutAfter = "timeout_after",
        /// The call is carried out and answered, but late.
        Latency = "latency",
        /// The call is carried out and answered, one byte at a time.
        Drip = "drip",
        /// A delivery is sent a second time although it was taken.
        WebhookDuplicate = "webhook_duplicate",
        /// A delivery is sent after the next one to the same subscription.
        WebhookReorder = "webhook_reorder",
        /// A delivery is sent late on the virtual clock.
        WebhookDelay = "webhook_delay",
    }
}

impl FaultKind {
    /// Whether it strikes deliveries of webhooks, rather than calls of the gateway's API.
    pub fn strikes_deliveries(self) -> bool {
        matches!(
            self,
            Self::WebhookDuplicate | Self::WebhookReorder | Self::WebhookDelay
        )
    }
}
