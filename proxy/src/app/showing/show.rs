//! Showing a checkout: as it was written last, or written anew.

use std::sync::Arc;

use crate::app::showing::shown::Shown;
use crate::app::state::App;
use crate::checkouts::price::Price;
use crate::checkouts::snapshot::Snapshot;
use crate::gateway::rates::Edition;
use crate::refusal::Refusal;

impl App {
    /// The checkout as its buyers are shown it now. What was written before is sent again while the snapshot is the same one, no deadline
    /// has passed, and estimates are still made from the same rates.
    ///
    /// # Errors
    /// Those of [`App::view`].
    pub(crate) async fn shown(&self, snapshot: Arc<Snapshot>) -> Result<Arc<Shown>, Refusal> {
        let (id, now) = (snapshot.checkout.id, self.clock.now());
        let known = self.lately_shown.0.get(&id);
        let known = known.filter(|known| known.is_of(&snapshot, now));
        let price = snapshot.checkout.purpose.price();
        let rates = match (&known, price) {
            (Some(known), _) if known.rates.is_none() => return Ok(Arc::clone(known)),
            (_, Some(price)) if known.is_some() || snapshot.is_open(now) => {
                Some(self.edition(&snapshot, price).await?)
            }
            _ => None,
        };
        if let Some(known) = known
            && known.rates == rates
            && rates.is_some_and(Edition::needs_no_waiting)
        {
            return Ok(known);
        }
        let view = self.view(&snapshot).await?;
        let shown = Arc::new(Shown::new(snapshot, rates, &view, &self.config.paces)?);
        self.lately_shown.0.insert(id, Arc::clone(&shown));
        Ok(shown)
    }

    async fn edition(&self, snapshot: &Snapshot, price: &Price) -> Result<Edition, Refusal> {
        let shop = self.shop(&snapshot.checkout.shop)?;
        Ok(shop.rates.edition(price).await)
    }
}
