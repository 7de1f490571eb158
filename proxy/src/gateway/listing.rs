//! Lists at the gateway, read to their last page.

use std::collections::HashMap;
use std::hash::Hash;

use calypso::{
    Direction, Error, InvoiceKey, Page, Paging, PurseTransaction, TransactionSearch, Unreadable,
};

use super::connection::Gateway;
use super::source::Source;
use crate::gateway::deposit_name::name_of;

/// How many items a page is asked to have.
const SIZE: u32 = 100;
/// How many pages are read at most. No receiver has ten thousand deposits, so a list that goes on after them does not end.
const MOST_PAGES: u32 = 100;
/// After how many pages with nothing new a list that claims to have more is believed to have no more.
const BARREN_PAGES: u32 = 3;

/// What a list has said.
#[derive(Debug)]
pub(crate) struct Listing<T> {
    /// Its entries, in its order. Equal ones stand here once, different ones under one name each for itself.
    pub(crate) items: Vec<T>,
    /// Entries that are none.
    pub(crate) unreadable: Vec<Unreadable>,
    /// Whether every page was read, and they had as much as the list claims to have.
    pub(crate) is_whole: bool,
    /// Why the pages after the last one read are not known.
    pub(crate) broken: Option<ListingError>,
}

/// Why a list was not read to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListingError {
    /// A page did not come.
    #[error(transparent)]
    Gateway(#[from] Error),
    /// Every page up to the last one asked for brought something new.
    #[error("the list has not ended after {MOST_PAGES} pages")]
    Endless,
}

impl Gateway {
    /// Every deposit to an invoice (gateway reference §2.12).
    ///
    /// # Errors
    /// When the first page did not come. What comes before a later page that does not is in the listing.
    pub(crate) async fn invoice_deposits(
        &self,
        gateway_id: &str,
        source: Source,
    ) -> Result<Listing<calypso::Deposit>, ListingError> {
        let invoice = InvoiceKey::Id(gateway_id.to_owned());
        let invoice = &invoice;
        let page = |number| async move {
            let paging = Paging {
                number: Some(number),
                size: Some(SIZE),
                // What arrives while the pages are read comes at the end and shifts nothing.
                direction: Some(Direction::Asc),
            };
            let _permit = self.readings(source).acquire().await;
            self.call(
                "invoice_deposits",
                self.client().deposit_history(invoice, paging),
            )
            .await
        };
        all(page, name_of).await
    }

    /// Every payment to the addresses of a customer, in whatever currency (gateway reference §2.20).
    ///
    /// # Errors
    /// As for [`Gateway::invoice_deposits`].
    pub(crate) async fn customer_deposits(
        &self,
        gateway_id: &str,
        source: Source,
    ) -> Result<Listing<PurseTransaction>, ListingError> {
        let page = |number| async move {
            let search = TransactionSearch {
                customer_id: Some(gateway_id.to_owned()),
                page_number: Some(number),
                page_size: Some(SIZE),
                ..TransactionSearch::default()
            };
            let _permit = self.readings(source).acquire().await;
            self.call(
                "customer_deposits",
                self.client().find_purse_transactions(&search),
            )
            .await
        };
        all(page, |paid: &PurseTransaction| Some(paid.id.clone())).await
    }
}

/// Entries gathered from pages: of equal ones, the first.
struct Gathered<T, K> {
    items: Vec<T>,
    places: HashMap<Option<K>, Vec<usize>>,
    unreadable: Vec<Unreadable>,
}

impl<T: PartialEq, K: Eq + Hash> Gathered<T, K> {
    /// How many different entries there are.
    fn count(&self) -> usize {
        self.items.len() + self.unreadable.len()
    }

    fn add(&mut self, items: Vec<T>, unreadable: Vec<Unreadable>, name: impl Fn(&T) -> Option<K>) {
        for item in items {
            let places = self.places.entry(name(&item)).or_default();
            if places.iter().all(|place| self.items[*place] != item) {
                places.push(self.items.len());
                self.items.push(item);
            }
        }
        for entry in unreadable {
            if !self.unreadable.contains(&entry) {
                self.unreadable.push(entry);
            }
        }
    }

    fn into_listing(self, is_whole: bool, broken: Option<ListingError>) -> Listing<T> {
        Listing {
            items: self.items,
            unreadable: self.unreadable,
            is_whole,
            broken,
        }
    }
}

/// Reads page after page until there is as much as the gateway counts, or one page has nothing, or nothing new. Pages may overlap
/// and come in any order. A gateway that knows no pages and answers with the whole list each time is asked twice.
async fn all<T, K, F>(
    page: impl Fn(u32) -> F,
    name: impl Fn(&T) -> Option<K>,
) -> Result<Listing<T>, ListingError>
where
    T: PartialEq,
    K: Eq + Hash,
    F: Future<Output = Result<Page<T>, Error>>,
{
    let mut all = Gathered {
        items: Vec::new(),
        places: HashMap::new(),
        unreadable: Vec::new(),
    };
    let mut barren = 0;
    for number in 0..MOST_PAGES {
        let listed = match page(number).await {
            Ok(listed) => listed,
            Err(error) if number == 0 => return Err(error.into()),
            Err(error) => return Ok(all.into_listing(false, Some(error.into()))),
        };
        let counted = listed.total_elements;
        let is_empty = listed.items.is_empty() && listed.unreadable.is_empty();
        let before = all.count();
        all.add(listed.items, listed.unreadable, &name);
        let has = |count| u64::try_from(all.count()).is_ok_and(|read| read >= count);
        let is_whole = counted.is_none_or(has);
        let brings_nothing = all.count() == before;
        if (is_whole && counted.is_some()) || is_empty || (brings_nothing && counted.is_none()) {
            return Ok(all.into_listing(is_whole, None));
        }
        barren = if brings_nothing { barren + 1 } else { 0 };
        if barren == BARREN_PAGES {
            return Ok(all.into_listing(false, None));
        }
    }
    Ok(all.into_listing(false, Some(ListingError::Endless)))
}
