//! The sender of traces, in a program that has one.

#[cfg(feature = "otlp")]
pub(crate) use with::Traces;
#[cfg(not(feature = "otlp"))]
pub(crate) use without::Traces;

#[cfg(feature = "otlp")]
mod with {
    //! Built with the feature `otlp`.

    use calypso_proxy::{Operations, Proxy, TraceSender};
    use tokio_util::sync::CancellationToken;
    use tracing::Subscriber;
    use tracing_subscriber::Layer;
    use tracing_subscriber::registry::LookupSpan;

    /// The sender.
    pub(crate) struct Traces(Option<TraceSender>);

    impl Traces {
        /// As it is configured.
        pub(crate) fn of(operations: &Operations) -> anyhow::Result<Self> {
            let endpoint = operations.otlp_endpoint.as_ref();
            let sender = endpoint.map(|to| TraceSender::new(to, operations.otlp_one_in));
            Ok(Self(sender.transpose()?))
        }

        /// What makes traces of spans.
        pub(crate) fn layer<S>(&self) -> Option<impl Layer<S> + Send + Sync + use<S>>
        where
            S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
        {
            self.0.as_ref().map(TraceSender::layer)
        }

        /// Sends what comes, until `stop` and a last time then.
        pub(crate) async fn send(self, proxy: Proxy, stop: CancellationToken) {
            if let Some(sender) = self.0 {
                proxy.show_traces(&sender);
                sender.send(stop).await;
            }
        }
    }
}

#[cfg(not(feature = "otlp"))]
mod without {
    //! Built without the feature `otlp`.

    use anyhow::ensure;
    use calypso_proxy::{Operations, Proxy};
    use tokio_util::sync::CancellationToken;
    use tracing_subscriber::layer::Identity;

    /// No sender.
    pub(crate) struct Traces;

    impl Traces {
        /// Refuses a configuration that wants one.
        pub(crate) fn of(operations: &Operations) -> anyhow::Result<Self> {
            ensure!(
                operations.otlp_endpoint.is_none(),
                "`telemetry.otlp_endpoint` is set, but this program was built without the feature `otlp`"
            );
            Ok(Self)
        }

        /// Nothing.
        #[expect(clippy::unused_self, reason = "the other one has something")]
        pub(crate) fn layer(&self) -> Identity {
            Identity::new()
        }

        /// Nothing.
        #[expect(clippy::unused_async, reason = "the other one waits")]
        pub(crate) async fn send(self, _: Proxy, _: CancellationToken) {}
    }
}
