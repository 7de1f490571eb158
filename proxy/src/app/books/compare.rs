//! What the gateway says of one invoice or one customer, held against the books. Nothing is changed here.

use std::sync::Arc;

use checkout::wire::FlagKind;
use checkout::{Address, Amount};
use uuid::Uuid;

use crate::app::books::reconciled::{Difference, Found};
use crate::app::readings::receive::ReceiveError;
use crate::app::shop::Shop;
use crate::app::state::App;
use crate::checkouts::customer::WatchedCustomer;
use crate::checkouts::invoice::Invoice;
use crate::checkouts::key;
use crate::checkouts::quote::Fit;
use crate::checkouts::snapshot::Snapshot;
use crate::gateway::source::Source;
use crate::input::printable::shortened;
use crate::reading::deposits::{self, Listed};
use crate::reading::invoice_reading::InvoiceReading;
use crate::reading::ledger::account::{Account, accounts};
use crate::reading::merge::merge;
use crate::store::StoreError;

/// How many characters of what the gateway has said are told.
pub(in crate::app) const LONGEST: usize = 300;

impl App {
    /// Reads an invoice and its deposits, each when its turn has come.
    pub(in crate::app) async fn compare_invoice(
        self: &Arc<Self>,
        shop: &Shop,
        invoice: &Invoice,
        known: &Snapshot,
        found: &mut Found,
    ) -> Result<(), ReceiveError> {
        self.wait_for_reading(shop).await;
        let seen = match shop.gateway.read_invoice(invoice, Source::Reconcile).await {
            Ok(seen) => seen,
            Err(error) if error.is_not_found() => {
                found.differences.push(Difference::UnknownThere);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let (received, fee) = (seen.total_debit_amount.normalized(), seen.fee);
        found.compare_figures(invoice, &seen);
        let reading = InvoiceReading {
            checkout_id: invoice.checkout_id,
            invoice: invoice.key,
            seen,
            fit: Fit::Unasked,
            rate: None,
            source: Source::Reconcile,
            teller: self.teller(),
            at: self.clock.now(),
        };
        match reading.decide(known) {
            Ok(Some(change)) if change.invoice.phase != invoice.phase => {
                found.differences.push(Difference::PhaseDiffers {
                    known: invoice.phase.to_string(),
                    read: change.invoice.phase.to_string(),
                });
            }
            Ok(_) => {}
            Err(unsound) => {
                let says = shortened(&unsound.to_string(), LONGEST);
                found.differences.push(Difference::Contradiction(says));
            }
        }
        self.wait_for_reading(shop).await;
        let mut listing = shop
            .gateway
            .invoice_deposits(&invoice.gateway_id, Source::Reconcile)
            .await?;
        let broken = listing.broken.take();
        let listed = deposits::of_invoice(listing, invoice.currency);
        let is_whole = listed.is_whole;
        let key = invoice.key;
        self.compare_deposits(key, listed, found).await?;
        if is_whole {
            let rows = self.store.ledger_of(vec![key]).await?;
            found.compare_ledger(&accounts(&rows), received, fee);
        }
        broken.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Reads the deposits of a customer when its turn has come.
    pub(in crate::app) async fn compare_customer(
        &self,
        shop: &Shop,
        watched: &WatchedCustomer,
        found: &mut Found,
    ) -> Result<(), ReceiveError> {
        self.wait_for_reading(shop).await;
        let mut listing = shop
            .gateway
            .customer_deposits(&watched.gateway_id, Source::Reconcile)
            .await?;
        let broken = listing.broken.take();
        let listed = deposits::of_customer(listing);
        let key = key::customer(&watched.customer);
        self.compare_deposits(key, listed, found).await?;
        broken.map_or(Ok(()), |error| Err(error.into()))
    }

    /// What a list would change if nothing of what the gateway has contradicted before was known.
    async fn compare_deposits(
        &self,
        paid_to: Uuid,
        listed: Listed,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        let mut known = self.store.deposits(vec![paid_to]).await?;
        known.flags.clear();
        for deposit in &mut known.deposits {
            deposit.missing_since = None;
        }
        let changes = merge(paid_to, &known, &listed, self.clock.now());
        let counted = |id: &str| {
            let mut all = known.deposits.iter();
            all.any(|deposit| deposit.id == id && deposit.counts())
        };
        for deposit in changes.put.iter().filter(|deposit| deposit.counts()) {
            if !counted(&deposit.id) {
                found.differences.push(Difference::MissingHere {
                    deposit: deposit.id.clone(),
                    figure: deposit.figure(),
                });
            }
        }
        for flag in changes.flags {
            let (deposit, known, read) = (flag.deposit, flag.known, flag.read);
            found.differences.push(match flag.kind {
                FlagKind::Missing => Difference::MissingThere {
                    deposit,
                    figure: known,
                },
                FlagKind::AmountChanged => Difference::AmountsDiffer {
                    deposit,
                    known,
                    read,
                },
                kind => Difference::DepositDiffers {
                    deposit,
                    kind,
                    known,
                    read,
                },
            });
        }
        Ok(())
    }
}

impl Found {
    /// The sums of the ledger beside those of the gateway. Sums beyond all bounds are never equal to one.
    fn compare_ledger(&mut self, accounts: &[Account<'_>], received: Amount, fee: Option<Amount>) {
        let sum = |amounts: &[Amount]| {
            let add = |sum: Amount, amount: &Amount| sum.checked_add(*amount).ok();
            amounts.iter().try_fold(Amount::ZERO, add)
        };
        let counted = accounts.iter().map(|account| account.counted.received);
        let booked = sum(&counted.collect::<Vec<_>>());
        if booked != Some(received) {
            self.differences.push(Difference::SumDiffers {
                booked: booked.unwrap_or(Amount::ZERO).normalized(),
                read: received,
            });
        }
        let fees: Option<Vec<Amount>> = accounts.iter().map(|account| account.fee).collect();
        let known = fees.filter(|fees| !fees.is_empty());
        let known = known.and_then(|fees| sum(&fees));
        if let (Some(known), Some(read)) = (known, fee)
            && known != read
        {
            self.differences
                .push(Difference::CreditedDiffers { known, read });
        }
    }

    fn compare_figures(&mut self, invoice: &Invoice, seen: &calypso::Invoice) {
        let read = Address::parse(invoice.currency.network, &seen.address);
        if read.as_ref() != Ok(&invoice.address) {
            self.differences.push(Difference::UnknownAddress {
                known: invoice.address.as_str().to_owned(),
                read: shortened(&seen.address, LONGEST),
            });
        }
        let read = seen.total_debit_amount.normalized();
        if read != invoice.received && invoice.amount.is_some() {
            let known = invoice.received;
            self.differences
                .push(Difference::ReceivedDiffers { known, read });
        }
    }
}
