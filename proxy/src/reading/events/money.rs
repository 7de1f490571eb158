//! Events about single deposits, from the rows that the ledger gets for them.

use checkout::wire::EventKind;

use super::facts::Fact;
use crate::checkouts::purpose::Purpose;
use crate::reading::ledger::Posting;

/// What the merchant is told of deposits that begin to count by these rows. Those to a payment move its checkout, and are told of by that; each of
/// those that take any amount is told of by itself, and each that came too late.
pub(crate) fn counted(purpose: &Purpose, rows: &[Posting]) -> Vec<Fact> {
    let takes_any = purpose.price().is_none();
    let mut facts = Vec::new();
    for row in rows {
        let Some(counted) = row.counted() else {
            continue;
        };
        if takes_any {
            facts.push(about(row, EventKind::DepositReceived));
        }
        if counted.late == Some(true) {
            facts.push(about(row, EventKind::LatePayment));
        }
    }
    facts
}

fn about(row: &Posting, kind: EventKind) -> Fact {
    Fact {
        kind,
        cause: format!("{}/{kind}/{}", row.paid_to, row.deposit),
        at: row.cause.at,
        deposit: Some((row.paid_to, row.deposit.clone())),
    }
}
