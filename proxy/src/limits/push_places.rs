//! Places for event streams: so many in all, and so many for each site, so that one cannot take everybody's.

use std::sync::Arc;
use std::time::Duration;

use checkout::RefusalCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::parts::Parts;
use super::places::{Place, Places};
use crate::checkouts::shop_id::ShopId;
use crate::config::Limits;
use crate::input::client::Network;
use crate::refusal::{Limit, Refusal};

/// When to ask again for a stream that was refused. The page asks for the checkout itself meanwhile.
const AGAIN: Duration = Duration::from_secs(30);

/// The places of one proxy.
pub(crate) struct PushPlaces {
    all: Arc<Semaphore>,
    most: usize,
    sites: Places,
    most_of_a_site: usize,
    shops: Places<ShopId>,
    parts: Parts,
}

/// A place, free again when this is dropped.
pub(crate) struct PushPlace {
    _one_of_all: OwnedSemaphorePermit,
    _of_its_site: Option<Place>,
    of_its_shop: Option<Place<ShopId>>,
}

impl PushPlaces {
    /// The places of a proxy with so many shops.
    pub(crate) fn new(limits: &Limits, shops: usize) -> Self {
        let most = u32::try_from(limits.push_connections).unwrap_or(u32::MAX);
        Self {
            shops: Places::default(),
            parts: Parts::new(most, shops),
            all: Arc::new(Semaphore::new(limits.push_connections)),
            most: limits.push_connections,
            sites: Places::default(),
            most_of_a_site: limits.push_connections_per_network,
        }
    }

    /// How many are taken.
    pub(crate) fn taken(&self) -> usize {
        self.most.saturating_sub(self.all.available_permits())
    }

    /// A place for one more stream. Those whose network is not known are counted together with all others only: there may be many buyers
    /// behind one proxy in front.
    ///
    /// # Errors
    /// `push_unavailable`.
    pub(crate) fn take(&self, network: Option<Network>) -> Result<PushPlace, Refusal> {
        let of_its_site = network
            .map(|network| {
                let place = self.sites.take(Some(network.site()), self.most_of_a_site);
                place.ok_or_else(|| refused("this network"))
            })
            .transpose()?;
        let one_of_all = Arc::clone(&self.all).try_acquire_owned();
        Ok(PushPlace {
            _one_of_all: one_of_all.map_err(|_| refused("this proxy"))?,
            _of_its_site: of_its_site,
            of_its_shop: None,
        })
    }

    /// Counts the stream for its shop too, once that is known. Half of all places are divided among the shops, so that the pages of one cannot
    /// take everybody else's.
    ///
    /// # Errors
    /// `push_unavailable`.
    pub(crate) fn for_shop(
        &self,
        mut place: PushPlace,
        shop: &ShopId,
    ) -> Result<PushPlace, Refusal> {
        let taken = self.shops.taken();
        let others = taken.iter().filter(|(other, _)| *other != shop);
        let others = others.map(|(_, count)| u32::try_from(*count).unwrap_or(u32::MAX));
        let room = usize::try_from(self.parts.room(others)).unwrap_or(usize::MAX);
        let of_its_shop = self.shops.take(shop.clone(), room);
        place.of_its_shop = Some(of_its_shop.ok_or_else(|| refused("this store"))?);
        Ok(place)
    }
}

fn refused(who: &str) -> Refusal {
    let why = format!("{who} has as many event streams open as it may; ask instead");
    let refusal = Refusal {
        retry_after: Some(AGAIN),
        ..Refusal::new(RefusalCode::PushUnavailable, why)
    };
    refusal.by(Limit::Push)
}

#[cfg(test)]
mod tests {
    use super::PushPlaces;
    use crate::checkouts::shop_id::ShopId;
    use crate::config::Limits;
    use crate::input::client::Network;

    fn network(address: &str) -> Option<Network> {
        Some(Network::of(address.parse().unwrap()))
    }

    #[test]
    fn a_site_and_all_together_have_so_many_and_get_them_back() {
        let limits = Limits {
            push_connections: 4,
            push_connections_per_network: 2,
            ..Limits::default()
        };
        let places = PushPlaces::new(&limits, 1);
        let mut taken = Vec::new();
        for address in ["2001:db8:1:1::1", "2001:db8:1:2::1"] {
            taken.push(places.take(network(address)).unwrap());
        }
        let third = places.take(network("2001:db8:1:3::1"));
        assert!(third.is_err(), "another network of the same site");
        for _ in 0..2 {
            taken.push(places.take(None).unwrap());
        }
        assert!(places.take(None).is_err());
        let other = network("203.0.113.7");
        assert!(places.take(other).is_err());
        taken.pop();
        taken.push(places.take(other).unwrap());
        taken.clear();
        let again: Vec<_> = (0..3).map(|_| places.take(other)).collect();
        let is_taken: Vec<_> = again.iter().map(Result::is_ok).collect();
        assert_eq!(is_taken, [true, true, false]);
    }

    #[test]
    fn the_pages_of_one_shop_leave_another_its_part() {
        let limits = Limits {
            push_connections: 8,
            ..Limits::default()
        };
        let places = PushPlaces::new(&limits, 2);
        let [flooded, garden] = ["default", "garden"].map(|name| ShopId::parse(name).unwrap());
        let open = |shop| places.for_shop(places.take(None)?, shop);
        let crowd: Vec<_> = (0..20).filter_map(|_| open(&flooded).ok()).collect();
        assert_eq!(crowd.len(), 6, "its own two, and the common four");
        let pages: Vec<_> = (0..20).filter_map(|_| open(&garden).ok()).collect();
        assert_eq!(pages.len(), 2);
        drop(crowd);
        assert!(open(&garden).is_ok());
    }
}
