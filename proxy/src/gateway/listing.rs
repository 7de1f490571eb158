//! Lists at the gateway, read to their last page.

use std::collections::HashSet;
use std::hash::Hash;

use calypso::{
    Direction, Error, Filter, InvoiceKey, Page, Paging, PurseTransaction, TransactionSearch,
};
use checkout::Currency;

use super::Gateway;
use crate::deposit;

/// How many items a page is asked to have.
const SIZE: u32 = 100;
/// How many pages are read at most. A list that has more to say after ten thousand deposits is no list.
const MOST_PAGES: u32 = 100;

/// Why a list was not read.
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
    /// Every deposit to an invoice, each once (gateway reference §2.12).
    ///
    /// # Errors
    /// When any page did not come: a part of the list is never taken for the whole.
    pub(crate) async fn invoice_deposits(
        &self,
        gateway_id: &str,
    ) -> Result<Vec<calypso::Deposit>, ListingError> {
        let invoice = InvoiceKey::Id(gateway_id.to_owned());
        let invoice = &invoice;
        let page = |number| async move {
            let paging = Paging {
                number: Some(number),
                size: Some(SIZE),
                // What arrives while the pages are read comes at the end and shifts nothing.
                direction: Some(Direction::Asc),
            };
            let _permit = self.calls.acquire().await;
            self.client.deposit_history(invoice, paging).await
        };
        // Entries without a name are kept for whoever judges the list.
        all(page, deposit::name_of).await
    }

    /// Every payment to the addresses of a customer in one currency, each once (gateway reference §2.20).
    ///
    /// # Errors
    /// As for [`Gateway::invoice_deposits`].
    pub(crate) async fn customer_deposits(
        &self,
        gateway_id: &str,
        currency: &'static Currency,
    ) -> Result<Vec<PurseTransaction>, ListingError> {
        let page = |number| async move {
            let search = TransactionSearch {
                customer_id: Some(gateway_id.to_owned()),
                currency_filter: Some(Filter::equals(currency.code.to_owned())),
                page_number: Some(number),
                page_size: Some(SIZE),
                ..TransactionSearch::default()
            };
            let _permit = self.calls.acquire().await;
            self.client.find_purse_transactions(&search).await
        };
        all(page, |paid: &PurseTransaction| Some(paid.id.clone())).await
    }
}

/// Reads page after page until one brings nothing new, or all that the gateway counts are there. A gateway that knows no pages and
/// answers with the whole list each time is asked twice.
async fn all<T, K, F>(
    page: impl Fn(u32) -> F,
    name: impl Fn(&T) -> Option<K>,
) -> Result<Vec<T>, ListingError>
where
    K: Eq + Hash,
    F: Future<Output = Result<Page<T>, Error>>,
{
    let mut items = Vec::new();
    let mut names = HashSet::new();
    for number in 0..MOST_PAGES {
        let Page {
            items: listed,
            total_elements,
            ..
        } = page(number).await?;
        let before = names.len();
        for item in listed {
            match name(&item) {
                Some(name) => {
                    if names.insert(name) {
                        items.push(item);
                    }
                }
                None => items.push(item),
            }
        }
        let is_whole = total_elements
            .is_some_and(|all| u64::try_from(names.len()).is_ok_and(|read| read >= all));
        if names.len() == before || is_whole {
            return Ok(items);
        }
    }
    Err(ListingError::Endless)
}
