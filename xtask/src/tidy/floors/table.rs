//! The rooms of each house, from the ground up, and what may lead upward all the same.

/// The sources of one package.
pub(super) struct House {
    /// The directory of its sources.
    pub(super) source: &'static str,
    /// From the ground up.
    pub(super) rooms: &'static [Room],
    pub(super) exceptions: &'static [Exception],
}

/// Files that know the same things.
pub(super) struct Room {
    pub(super) name: &'static str,
    /// Files and directories of the house, without their ending. The longest one that fits a file decides whose it is.
    pub(super) holds: &'static [&'static str],
    /// What its files know about, in one line.
    pub(super) knows: &'static str,
}

/// An import that leads upward for a reason.
pub(super) struct Exception {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    /// Goes on after «because».
    pub(super) reason: &'static str,
}

/// Every house whose rooms are checked.
pub(super) const HOUSES: &[House] = &[
    House {
        source: "crates/checkout/src",
        rooms: &[
            room(
                "values",
                &[
                    "timestamp",
                    "amount",
                    "digits",
                    "words",
                    "refusal_code",
                    "family",
                    "fiat",
                    "joined",
                    "kind",
                    "status",
                ],
                "single values: an amount, a moment, a word of the wire",
            ),
            room(
                "tables",
                &["network", "asset", "currency", "phase"],
                "networks, assets, currencies and phases, each with everything that follows from its row",
            ),
            room(
                "payment",
                &["address", "transfer", "payment_uri"],
                "what a wallet is told: addresses with their checksums, transfers, payment URIs",
            ),
            room(
                "attestation",
                &["attestation"],
                "what a proxy signs of an invoice and of a payment, in its one spelling",
            ),
            room(
                "wire",
                &["wire", "lib"],
                "the JSON between widget and proxy",
            ),
        ],
        exceptions: &[],
    },
    House {
        source: "crates/calypso/src",
        rooms: &[
            room(
                "wire",
                &["wire", "credentials", "sign", "error_code", "error"],
                "single values as the gateway writes them, the signature, what can go wrong",
            ),
            room(
                "things",
                &["customer", "deposit", "invoice", "page", "rate", "widget"],
                "what the gateway answers with",
            ),
            room(
                "orders",
                &["new_invoice", "new_widget", "options", "rules"],
                "what it is asked to make",
            ),
            room("webhooks", &["webhook"], "what it sends by itself"),
            room("client", &["client", "lib"], "signed calls"),
        ],
        exceptions: &[],
    },
    House {
        source: "crates/sandbox/src",
        rooms: &[
            room(
                "values",
                &[
                    "addresses",
                    "clock",
                    "date",
                    "dialect",
                    "index",
                    "number",
                    "seed",
                    "stored",
                ],
                "single values, and the ways the gateway writes them",
            ),
            room(
                "settings",
                &["settings"],
                "what the sandbox is told when it is started",
            ),
            room(
                "things",
                &[
                    "customer", "deposit", "event", "faults", "invoice", "rates", "webhook",
                    "widget",
                ],
                "what the gateway keeps and tells, and the faults asked for: types and their rules, given the time",
            ),
            room(
                "ledger",
                &["ledger"],
                "what happens to them, each thing at its own moment",
            ),
            room(
                "scenario",
                &["scenario"],
                "what is to happen at which second, written down beforehand",
            ),
            room(
                "state",
                &["request_log", "sandbox", "store"],
                "all of it behind one lock, and in a file",
            ),
            room(
                "courier",
                &["courier"],
                "deliveries on their way out: the one part that calls others",
            ),
            room("door", &["door", "refusal"], "who is let in"),
            room("panel", &["panel"], "the page on which a person drives it"),
            room("hosted", &["hosted"], "the gateway's own pages for buyers"),
            room(
                "control",
                &["control"],
                "`/sandbox/v1`: by which tests and the panel make things happen",
            ),
            room(
                "gateway",
                &["gateway"],
                "`/api/v1`: calls with their checks and answers, and how faults strike them",
            ),
            room(
                "program",
                &["serve", "lib", "main"],
                "all sides in one router, and the program",
            ),
        ],
        exceptions: &[],
    },
    House {
        source: "proxy/src",
        rooms: &[
            room(
                "tools",
                &[
                    "clock",
                    "lock",
                    "request_id",
                    "signer",
                    "single_flight",
                    "spans",
                ],
                "nothing of checkouts: time, locks, signing, work that several wait for, on whose behalf it is done",
            ),
            room(
                "input",
                &["input"],
                "strangers' text, addresses and networks, made fit to be kept and shown",
            ),
            room(
                "checkouts",
                &["checkouts"],
                "what a checkout is: types and their rules, given the time",
            ),
            room(
                "config",
                &["config", "assets"],
                "what the merchant has set, and the files that it names",
            ),
            room(
                "refusal",
                &["refusal"],
                "what the proxy says when it does not do what was asked",
            ),
            room(
                "meters",
                &["meters"],
                "what meters are made of, the page that shows them, and what is counted of each request",
            ),
            room(
                "limits",
                &["limits"],
                "how much strangers may make the proxy do",
            ),
            room(
                "outside",
                &["gateway", "courier"],
                "calls that go out: questions to the gateway and what their failure means, one delivery to the merchant's server and when it is tried again",
            ),
            room(
                "reading",
                &["reading"],
                "from the gateway's words to changes of invoices and deposits",
            ),
            room("store", &["store"], "what is remembered"),
            room("app", &["app"], "the acts, in their order"),
            room(
                "http",
                &["http"],
                "who may call, how a request is read, how an answer looks",
            ),
            room(
                "program",
                &[
                    "proxy",
                    "inspection",
                    "log",
                    "sandbox_clock",
                    "traces",
                    "cli",
                    "lib",
                    "main",
                ],
                "the whole, opened and served",
            ),
        ],
        exceptions: &[],
    },
    House {
        source: "src",
        rooms: &[
            room(
                "sums",
                &[
                    "address_groups",
                    "countdown",
                    "currency_groups",
                    "fallen",
                    "feed",
                    "pace",
                    "paid_in",
                    "qr",
                    "rate",
                    "repricing",
                    "stream_reader",
                ],
                "what follows from amounts, times and texts alone",
            ),
            room(
                "words",
                &["words", "screen"],
                "every sentence, and which screens there are",
            ),
            room(
                "browser",
                &[
                    "answer_reader",
                    "clipboard",
                    "clock",
                    "events",
                    "js_object",
                    "link",
                    "local_time",
                    "random",
                    "tab_memory",
                    "visibility",
                ],
                "what the browser does for us, one service a file",
            ),
            room(
                "elements",
                &["dom", "focus", "icon", "made", "view"],
                "elements that follow signals, and where the focus goes",
            ),
            room(
                "questions",
                &[
                    "question", "believed", "claim", "pay_to", "failure", "api", "resume",
                ],
                "what the proxy is asked, and what of its answers is believed",
            ),
            room(
                "state",
                &[
                    "element_state",
                    "explanation",
                    "known_checkout",
                    "moment",
                    "options",
                    "polling",
                    "stream",
                    "ui_state",
                ],
                "what is known of a checkout, and what is shown of it",
            ),
            room(
                "flow",
                &["flow"],
                "one payment's way: asks, learns, keeps the time",
            ),
            room(
                "guard",
                &["drawn"],
                "whether what stands on the screen is what was drawn",
            ),
            room("components", &["components"], "parts and screens"),
            room("mount", &["mount", "lib"], "what the loader calls"),
        ],
        exceptions: &[],
    },
];

const fn room(name: &'static str, holds: &'static [&'static str], knows: &'static str) -> Room {
    Room { name, holds, knows }
}
