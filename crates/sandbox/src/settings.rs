//! What a sandbox can be told when it is made.

use checkout::Amount;
use secrecy::SecretString;

use crate::clock::WallClock;
use crate::dialect::Dialect;

/// Settings of a sandbox. Everything but the first three fields has the value the gateway reference recommends.
///
/// ```
/// use calypso_sandbox::{Sandbox, Settings};
/// let settings = Settings { key: "k".into(), secret: "s".into(), account: "a".into(), ..Settings::default() };
/// let sandbox = Sandbox::new(settings);
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// The public API key that requests must carry in `Key`.
    pub key: String,
    /// The secret that bodies must be signed with.
    pub secret: SecretString,
    /// The merchant account that requests must name.
    pub account: String,
    /// Addresses, identifiers, hashes and rates follow from it. Different in every run unless set.
    pub seed: u64,
    /// Real time. The virtual clock runs with it; the signature window is judged by it.
    pub wall: WallClock,
    /// Hosts by which requests may name this sandbox, beside 127.0.0.1, `[::1]` and localhost: without port, an IPv6 address in brackets.
    pub allowed_hosts: Vec<String>,
    /// Wrong key (002) and wrong signature (003) answer 401 instead of 400; both are seen (gateway reference §1.5).
    pub unauthorized_is_401: bool,
    /// A repeated idempotency key is always refused with 016, even with the same payload (gateway reference §7.5).
    pub repeated_key_is_refused: bool,
    /// Percentage by which a payment may be above the amount and still count as paid (gateway reference §7.2).
    pub overpay_tolerance_percent: Amount,
    /// Percentage of what was received that the gateway keeps (gateway reference §7.5).
    pub service_fee_percent: Amount,
    /// What making an unlimited invoice costs once, in US dollars; zero shows no fee (gateway reference §2.9, inferred).
    pub unlimited_commission_usd: Amount,
    /// Life of an invoice in a currency on TRON, in seconds (gateway reference §7.3).
    pub tron_invoice_seconds: u32,
    /// Life of every other limited invoice, in seconds (gateway reference §7.3).
    pub invoice_seconds: u32,
    /// An invoice's own expiration must be less than this many seconds ahead (gateway reference §7.3).
    pub max_invoice_seconds: u32,
    /// Life of a payment widget, in seconds (gateway reference §7.3).
    pub widget_seconds: u32,
    /// A widget's own expiration must be less than this many seconds ahead (gateway reference §7.3).
    pub max_widget_seconds: u32,
    /// Virtual seconds from PAID to COMPLETED.
    pub crediting_seconds: u32,
    /// Opening the link of an unpaid invoice gives it the amount of that moment, beside the usual repricings.
    pub reprice_on_opening: bool,
    /// An unlimited invoice shows an expiration 30 days ahead, at which nothing happens (gateway reference §2.9).
    pub unlimited_expiration: bool,
    /// In which of the documented ways answers and webhooks are written.
    pub dialect: Dialect,
    /// How long, in real seconds, a fault that never answers keeps the connection open.
    pub silence_seconds: u32,
    /// How long, in real seconds, a receiver of webhooks may take to answer (unknown for the gateway).
    pub webhook_seconds: u32,
}

const HOUR: u32 = 60 * 60;
const DAY: u32 = 24 * HOUR;

impl Default for Settings {
    fn default() -> Self {
        let (seed, _) = uuid::Uuid::new_v4().as_u64_pair();
        Self {
            key: "sandbox-key".to_owned(),
            secret: SecretString::from("sandbox-secret"),
            account: "0x5a4db0c0ffee00000000000000000000000a11ce".to_owned(),
            seed,
            wall: WallClock::system(),
            allowed_hosts: Vec::new(),
            unauthorized_is_401: false,
            repeated_key_is_refused: false,
            overpay_tolerance_percent: Amount::ZERO,
            service_fee_percent: Amount::from_units(1, 0).expect("one is an amount"),
            unlimited_commission_usd: Amount::from_units(1, 0).expect("one is an amount"),
            tron_invoice_seconds: 3 * HOUR,
            invoice_seconds: DAY,
            max_invoice_seconds: DAY,
            widget_seconds: DAY,
            max_widget_seconds: 30 * DAY,
            crediting_seconds: 5,
            reprice_on_opening: false,
            unlimited_expiration: false,
            dialect: Dialect::default(),
            silence_seconds: 120,
            webhook_seconds: 10,
        }
    }
}
