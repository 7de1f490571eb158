//! The page of all meters, in the text format of Prometheus.

use prometheus::{Registry, TextEncoder};

/// What `Content-Type` the page has.
pub(crate) const CONTENT_TYPE: &str = prometheus::TEXT_FORMAT;

/// The meters of one proxy, as they are collected.
#[derive(Clone)]
pub(crate) struct Page(Registry);

impl Page {
    /// A page with what is known of the process and of the program.
    pub(crate) fn new() -> Self {
        let registry = Registry::new();
        #[cfg(all(target_os = "linux", feature = "process"))]
        registry
            .register(Box::new(
                prometheus::process_collector::ProcessCollector::for_self(),
            ))
            .expect("the first on the page");
        let build = super::made::gauges(
            "build_info",
            "Always 1; the label names the version that runs.",
            &["version"],
        );
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        super::made::show(&registry, &build);
        Self(registry)
    }

    /// Where meters are put.
    pub(crate) fn registry(&self) -> &Registry {
        &self.0
    }

    /// The page as it is now.
    ///
    /// # Errors
    /// The encoder's own words, should a meter have no valid name.
    pub(crate) fn text(&self) -> Result<String, String> {
        let families = self.0.gather();
        TextEncoder::new()
            .encode_to_string(&families)
            .map_err(|error| error.to_string())
    }
}
