//! Whether what is stored agrees with itself: each history can be true, and ends with what is kept.

use std::collections::HashSet;

use checkout::Amount;

use crate::app::state::App;
use crate::checkouts::deposit::Deposit;
use crate::checkouts::id::CheckoutId;
use crate::checkouts::shop_id::ShopId;
use crate::reading::history::Subject;
use crate::reading::history::audit::{Audit as Told, Standing};
use crate::reading::ledger::audit::Audit as Booked;
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
    /// The exact sums of the ledger, for each shop and currency.
    pub sums: Vec<LedgerSum>,
    /// What does not agree, a sentence each; none in books that do.
    pub differences: Vec<String>,
}

/// What the ledger has counted for one shop in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LedgerSum {
    /// The shop.
    pub shop: ShopId,
    /// The gateway's code of the currency.
    pub currency: String,
    /// How many deposits were counted.
    pub deposits: u64,
    /// Their exact sum.
    pub received: Amount,
}

/// How much of each kind was met by way of the histories.
#[derive(Default)]
struct Met {
    checkouts: usize,
    invoices: usize,
    deposits: usize,
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
        let booked = self.booked().await?;
        let faults = booked.faults().iter().map(ToString::to_string);
        audit.differences.extend(faults);
        let sum = |(place, sum): (&(ShopId, String), &(u64, Amount))| LedgerSum {
            shop: place.0.clone(),
            currency: place.1.clone(),
            deposits: sum.0,
            received: sum.1,
        };
        audit.sums = booked.sums().iter().map(sum).collect();
        let mut met = Met::default();
        let mut counted = HashSet::new();
        for subject in told.subjects() {
            audit.subjects += 1;
            let deposits = match subject {
                Subject::Checkout(id) => {
                    let compared = self.compare_invoices(id, told, &booked, &mut audit, &mut met);
                    compared.await?
                }
                Subject::Customer(key) => self.store.deposits(vec![key]).await?.deposits,
            };
            met.deposits += deposits.len();
            for deposit in deposits.iter().filter(|deposit| deposit.counts()) {
                compare_deposit(deposit, told, &booked, &mut audit);
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
        for place in booked.all_counted() {
            if !counted.contains(place) {
                let (paid_to, deposit) = place;
                audit.differences.push(format!(
                    "the ledger counts the deposit {deposit} to {paid_to}, the books do not"
                ));
            }
        }
        self.compare_numbers(&met, &mut audit).await?;
        Ok(audit)
    }

    /// What has no history is met nowhere else.
    async fn compare_numbers(&self, met: &Met, audit: &mut Audit) -> Result<(), StoreError> {
        let books = self.store.books().await?;
        for (what, met, stored) in [
            ("checkouts", met.checkouts, books.checkouts),
            ("invoices", met.invoices, books.invoices()),
            ("deposits", met.deposits, books.deposits),
        ] {
            if usize::try_from(stored) != Ok(met) {
                audit.differences.push(format!(
                    "the books have {stored} {what}, of which the histories tell {met}"
                ));
            }
        }
        Ok(())
    }

    /// Every row of the ledger.
    async fn booked(&self) -> Result<Booked, StoreError> {
        let mut booked = Booked::default();
        let mut last = 0;
        loop {
            let page = self.store.ledger(last, PAGE).await?;
            if page.is_empty() {
                return Ok(booked);
            }
            for (seq, posting) in page {
                last = seq;
                booked.note(seq, &posting);
            }
        }
    }

    /// Compares the invoices of a checkout. Answers with what was paid to them.
    async fn compare_invoices(
        &self,
        id: CheckoutId,
        told: &Told,
        booked: &Booked,
        audit: &mut Audit,
        met: &mut Met,
    ) -> Result<Vec<Deposit>, StoreError> {
        // Nobody paid it, and it was deleted meanwhile together with its history.
        let Some(snapshot) = self.store.snapshot(id).await? else {
            return Ok(Vec::new());
        };
        met.checkouts += 1;
        met.invoices += snapshot.invoices.len();
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
        if snapshot.checkout.purpose.customer().is_some() {
            return Ok(Vec::new());
        }
        let shop = &snapshot.checkout.shop;
        for deposit in &snapshot.deposits {
            let booked = booked.counted(deposit.paid_to, &deposit.id);
            if booked.is_some_and(|one| one.shop != *shop || one.checkout != Some(id)) {
                audit.differences.push(format!(
                    "the deposit {} to {} was paid to the checkout {id} of {shop}, but not in the ledger",
                    deposit.id, deposit.paid_to
                ));
            }
        }
        Ok(snapshot.deposits)
    }
}

fn compare_deposit(deposit: &Deposit, told: &Told, booked: &Booked, audit: &mut Audit) {
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
    match booked.counted(paid_to, id) {
        Some(booked) if booked.figure() == stored => {}
        Some(booked) => audit.differences.push(format!(
            "the deposit {id} to {paid_to} is {stored} in the books, {} in the ledger",
            booked.figure()
        )),
        None => audit.differences.push(format!(
            "the deposit {id} to {paid_to} counts in the books and is not in the ledger"
        )),
    }
}
