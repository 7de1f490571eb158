//! Reading all meters: those that count by themselves, and what is looked up for it.

use std::time::Duration;

use tokio::time::Instant;

use crate::app::state::App;

/// How old what the database has said about itself may be. Whoever reads the meters more often than that makes it work no more.
const KEPT: Duration = Duration::from_secs(5);
/// How long the database is waited for. The rest of the page is there all the same.
const PATIENCE: Duration = Duration::from_secs(2);

impl App {
    /// Puts every meter on the page.
    pub(crate) fn show_meters(&self) {
        let registry = self.page.registry();
        self.meter
            .show(registry, self.shops.iter().map(|shop| shop.id()));
        self.requests.show(registry);
        self.state_meter.show(registry);
        self.store.meter().show(registry);
        self.store.kept_meter().show(registry);
        for shop in self.shops.iter() {
            shop.gateway.meter().show(registry);
        }
    }

    /// All meters, as text.
    ///
    /// # Errors
    /// `internal`, should they not be writable.
    pub(crate) async fn metered(&self) -> Result<String, String> {
        let meter = &self.state_meter;
        meter.push.set(number(self.push_places.taken()));
        let tasks = tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks();
        meter.tasks.set(number(tasks));
        self.look_at_the_database().await;
        self.page.text()
    }

    /// Asks the database how far the readings are behind, unless that was asked a moment ago.
    async fn look_at_the_database(&self) {
        let mut looked = self.state_meter.looked.lock().await;
        if looked.is_some_and(|at| at.elapsed() < KEPT) {
            return;
        }
        let now = self.clock.now();
        let asked = tokio::time::timeout(PATIENCE, self.store.overdue(now)).await;
        *looked = Some(Instant::now());
        // A database that fails is counted where it does.
        let Ok(Ok(overdue)) = asked else { return };
        for shop in self.shops.iter() {
            let of_shop = overdue.iter().find(|behind| behind.shop == *shop.id());
            let (many, seconds) = of_shop.map_or((0, 0), |behind| {
                let late = now.millis_since(behind.since).max(0) / 1000;
                (i64::from(behind.many), late)
            });
            let store = [shop.id().as_str()];
            self.state_meter.overdue.with_label_values(&store).set(many);
            self.state_meter
                .oldest
                .with_label_values(&store)
                .set(seconds);
        }
    }
}

fn number(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}
