//! Deleting what nobody ever paid, in memory.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use checkout::{Phase, Timestamp};

use super::Memory;
use super::rows::{InvoiceRow, Rows};
use crate::checkouts::attempt::AttemptState;
use crate::checkouts::checkout::Checkout;
use crate::checkouts::id::CheckoutId;
use crate::input::network_mark::NetworkMark;
use crate::store::database::Retention;
use crate::store::error::StoreError;

#[async_trait]
impl Retention for Memory {
    async fn forget_unpaid(
        &self,
        unchosen: Timestamp,
        unpaid: Timestamp,
    ) -> Result<usize, StoreError> {
        Ok(self.write(|rows| {
            let is_old = |checkout: &Checkout| {
                (checkout.expires_at < unchosen && rows.is_unchosen(checkout.id))
                    || rows.is_over(checkout, unpaid)
            };
            let found: Vec<CheckoutId> = rows
                .deletable()
                .filter(|checkout| is_old(checkout))
                .map(|checkout| checkout.id)
                .collect();
            rows.delete(&found)
        }))
    }

    async fn forget_more(&self, unwatched: Timestamp, most: u32) -> Result<usize, StoreError> {
        Ok(self.write(|rows| {
            let over = rows
                .deletable()
                .filter(|checkout| rows.is_over(checkout, unwatched));
            let found = newest_first(over).into_iter().map(|checkout| checkout.id);
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            let found: Vec<CheckoutId> = found.skip(most).collect();
            rows.delete(&found)
        }))
    }

    async fn open_checkouts(&self, now: Timestamp) -> Result<u32, StoreError> {
        let open = self.read(|rows| rows.open_of_pages(now));
        Ok(u32::try_from(open).unwrap_or(u32::MAX))
    }

    async fn make_room(&self, now: Timestamp, most: u32) -> Result<usize, StoreError> {
        Ok(self.write(|rows| {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            let excess = rows.open_of_pages(now).saturating_sub(most);
            let unchosen = rows
                .deletable()
                .filter(|checkout| checkout.expires_at > now && rows.is_unchosen(checkout.id));
            // The newest of each network have the lowest place in it.
            let mut places: HashMap<Option<NetworkMark>, usize> = HashMap::new();
            let mut placed: Vec<(usize, &Checkout)> = newest_first(unchosen)
                .into_iter()
                .map(|checkout| {
                    let place = places.entry(checkout.network).or_default();
                    *place += 1;
                    (*place, checkout)
                })
                .collect();
            placed
                .sort_by_key(|(place, checkout)| (std::cmp::Reverse(*place), checkout.expires_at));
            let found = placed.into_iter().map(|(_, checkout)| checkout.id);
            let found: Vec<CheckoutId> = found.take(excess).collect();
            rows.delete(&found)
        }))
    }

    async fn forget_networks(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write(|rows| {
            let all = rows.checkouts.iter_mut();
            for checkout in all.filter(|checkout| checkout.expires_at < before) {
                checkout.network = None;
            }
        });
        Ok(())
    }
}

fn newest_first<'a>(checkouts: impl Iterator<Item = &'a Checkout>) -> Vec<&'a Checkout> {
    let mut checkouts: Vec<&Checkout> = checkouts.collect();
    checkouts.reverse();
    checkouts.sort_by_key(|checkout| std::cmp::Reverse(checkout.expires_at));
    checkouts
}

impl Rows {
    fn open_of_pages(&self, now: Timestamp) -> usize {
        let open = self
            .checkouts
            .iter()
            .filter(|checkout| checkout.product.is_some() && checkout.expires_at > now);
        open.count()
    }

    /// Checkouts of pages on which nothing was ever seen and nothing is under way.
    fn deletable(&self) -> impl Iterator<Item = &Checkout> {
        self.checkouts
            .iter()
            .filter(|checkout| checkout.product.is_some() && self.is_unpaid(checkout.id))
    }

    fn is_unpaid(&self, id: CheckoutId) -> bool {
        let may_have_money = |row: &InvoiceRow| {
            row.invoice.saw_money()
                || !matches!(row.invoice.phase, Phase::Expired | Phase::Archived)
                || self.deposits.iter().any(|d| d.paid_to == row.invoice.key)
                || self.flags.iter().any(|f| f.paid_to == row.invoice.key)
        };
        !self.invoices_of(id).any(may_have_money)
            && !self.alarms.iter().any(|(of, _)| *of == id)
            && !self.chosen_purses.contains_key(&id)
            && !self
                .attempts
                .iter()
                .any(|attempt| attempt.checkout_id == id && attempt.state == AttemptState::Started)
    }

    /// Whether nobody has ever picked a currency.
    fn is_unchosen(&self, id: CheckoutId) -> bool {
        !self
            .attempts
            .iter()
            .any(|attempt| attempt.checkout_id == id)
    }

    /// Whether the checkout and all its invoices expired before `before`.
    fn is_over(&self, checkout: &Checkout, before: Timestamp) -> bool {
        checkout.expires_at < before
            && self
                .invoices_of(checkout.id)
                .all(|row| row.invoice.latest_expiry < before)
    }

    /// Deletes these checkouts with their attempts and invoices. Answers with their number.
    fn delete(&mut self, ids: &[CheckoutId]) -> usize {
        let ids: HashSet<CheckoutId> = ids.iter().copied().collect();
        self.checkouts
            .retain(|checkout| !ids.contains(&checkout.id));
        self.attempts
            .retain(|attempt| !ids.contains(&attempt.checkout_id));
        self.invoices
            .retain(|row| !ids.contains(&row.invoice.checkout_id));
        ids.len()
    }
}
