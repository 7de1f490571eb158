//! What stands against a decision, as what the proxy says to whoever has decided.

use checkout::RefusalCode;

use crate::checkouts::decision::Objection;
use crate::refusal::Refusal;

pub(super) fn objected(objection: &Objection) -> Refusal {
    let code = match objection {
        Objection::MoneyInSight => RefusalCode::CheckoutHasMoney,
        Objection::NoInvoice => RefusalCode::FieldInvalid,
        Objection::NoPayment | Objection::NotPending { .. } | Objection::NotCompleted { .. } => {
            RefusalCode::InterventionNotPossible
        }
    };
    Refusal::new(code, objection.to_string())
}
