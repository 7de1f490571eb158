//! Whether what is stored agrees with itself: each history can be true, and ends with what is kept.

use std::collections::HashSet;

use super::state::App;
use crate::checkouts::deposit::Deposit;
use crate::checkouts::id::CheckoutId;
use crate::reading::history::Subject;
use crate::reading::history::audit::{Audit as Told, Standing};
use crate::store::StoreError;

/// How many entries are taken from the store at a time.
const PAGE: u32 = 1000;
/// How often the books are looked through while they go on changing under the look.
const TRIES: u32 = 3;

/// What a look through the books has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Audit {
    /// Entries of all histories.
    pub entries: u64,
    /// Checkouts and customers that have one.
    pub subjects: u64,
    /// Deposits that count.
    pub deposits: u64,
    /// What does not agree, a sentence each; none in books that do.
    pub differences: Vec<String>,
}

impl App {
    /// Looks through all books, without asking the gateway. Changes made meanwhile make it look again; a proxy that never rests may show
    /// differences that are none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn audit(&self) -> Result<Audit, StoreError> {
        let mut tries = 0;
        loop {
            let (told, last) = self.told().await?;
            let audit = self.compared(&told).await?;
            tries += 1;
            let is_at_rest = self.store.history(last, 1).await?.is_empty();
            if audit.differences.is_empty() || is_at_rest || tries == TRIES {
                return Ok(audit);
            }
        }
    }

    /// Every history, and the number of the last entry.
    async fn told(&self) -> Result<(Told, i64), StoreError> {
        let mut told = Told::default();
        let mut last = 0;
        loop {
            let page = self.store.history(last, PAGE).await?;
            for recorded in &page {
                told.note(recorded);
                last = recorded.seq;
            }
            if page.is_empty() {
                return Ok((told, last));
            }
        }
    }

    async fn compared(&self, told: &Told) -> Result<Audit, StoreError> {
        let faults = told.faults().iter().map(ToString::to_string);
        let mut audit = Audit {
            entries: told.entries(),
            differences: faults.collect(),
            ..Audit::default()
        };
        let mut counted = HashSet::new();
        for subject in told.subjects() {
            audit.subjects += 1;
            let deposits = match subject {
                Subject::Checkout(id) => self.compare_invoices(id, told, &mut audit).await?,
                Subject::Customer(key) => self.store.deposits(vec![key]).await?.deposits,
            };
            for deposit in deposits.iter().filter(|deposit| deposit.counts()) {
                compare_deposit(deposit, told, &mut audit);
                counted.insert((deposit.paid_to, deposit.id.clone()));
            }
        }
        for (paid_to, deposit) in told.all_counted() {
            if !counted.contains(&(paid_to, deposit.to_owned())) {
                audit.differences.push(format!(
                    "the history of {paid_to} counts the deposit {deposit}, the books do not"
                ));
            }
        }
        Ok(audit)
    }

    /// Compares the invoices of a checkout. Answers with what was paid to them.
    async fn compare_invoices(
        &self,
        id: CheckoutId,
        told: &Told,
        audit: &mut Audit,
    ) -> Result<Vec<Deposit>, StoreError> {
        // Nobody paid it, and it was deleted meanwhile together with its history.
        let Some(snapshot) = self.store.snapshot(id).await? else {
            return Ok(Vec::new());
        };
        for invoice in &snapshot.invoices {
            let stored = Standing {
                phase: invoice.phase,
                received: invoice.received,
            };
            match told.invoice(invoice.key) {
                Some(standing) if standing == stored => {}
                Some(standing) => audit.differences.push(format!(
                    "invoice {} is {} with {} in the books, {} with {} in its history",
                    invoice.key, stored.phase, stored.received, standing.phase, standing.received
                )),
                None => audit
                    .differences
                    .push(format!("invoice {} has no history", invoice.key)),
            }
        }
        Ok(if snapshot.checkout.purpose.customer().is_some() {
            Vec::new()
        } else {
            snapshot.deposits
        })
    }
}

fn compare_deposit(deposit: &Deposit, told: &Told, audit: &mut Audit) {
    audit.deposits += 1;
    let (paid_to, id) = (deposit.paid_to, &deposit.id);
    let stored = deposit.figure();
    match told.counted(paid_to, id) {
        Some(counted) if counted == stored => {}
        Some(counted) => audit.differences.push(format!(
            "the deposit {id} to {paid_to} is {stored} in the books, {counted} in the history"
        )),
        None => audit.differences.push(format!(
            "the deposit {id} to {paid_to} counts in the books and was never told"
        )),
    }
}
