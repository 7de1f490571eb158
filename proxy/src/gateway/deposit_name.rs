//! The names by which the gateway tells deposits apart.

/// The longest id of a deposit, in characters.
const MAX_ID: usize = 160;
/// What the id of a deposit begins with that has none but its transaction's.
pub(crate) const BY_HASH: &str = "hash:";

/// The name by which the gateway tells deposits to an invoice apart. An answer of the old kind has no ids (gateway reference
/// §2.12); there the transaction on the blockchain is the name, and two payments in one transaction count as one.
pub(crate) fn name_of(deposit: &calypso::Deposit) -> Option<String> {
    let by_hash =
        || word(deposit.transaction_hash.as_deref()).map(|hash| format!("{BY_HASH}{hash}"));
    let id = deposit.transaction().filter(|id| is_name(id));
    id.map(str::to_owned).or_else(by_hash)
}

/// A hash or an address of whatever network, if it can be shown: it becomes part of answers and log lines.
pub(crate) fn word(text: Option<&str>) -> Option<String> {
    let fits = |text: &&str| text.len() <= 128 && is_name(text);
    text.filter(fits).map(str::to_owned)
}

/// Whether a text can be the name of a deposit: it becomes part of answers and log lines.
pub(crate) fn is_name(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_ID && id.chars().all(|c| c.is_ascii_graphic())
}
