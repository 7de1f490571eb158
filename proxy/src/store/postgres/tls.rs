//! Which certificates a connection takes. Without the feature `tls` there are none: a configuration that asks for them was refused.

use crate::config::PostgresPlace;

#[cfg(feature = "tls")]
pub(super) use with_rustls::connector;
#[cfg(not(feature = "tls"))]
pub(super) use without::connector;

#[cfg(feature = "tls")]
mod with_rustls {
    use std::path::Path;
    use std::sync::Arc;

    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::BuilderVerifierExt;
    use tokio_postgres_rustls::MakeRustlsConnect;

    use super::PostgresPlace;

    /// Checks chain and name of each server, by the authorities of the URL or else by those of the system, as the gateway's are.
    pub(in crate::store::postgres) fn connector(
        place: &PostgresPlace,
    ) -> Result<MakeRustlsConnect, String> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let tls = place.tls();
        let builder = match &tls.authorities {
            Some(path) => builder.with_root_certificates(authorities(path)?),
            // The driver asks for a connector, and never for a connection. It trusts nobody.
            None if !tls.is_wanted() => builder.with_root_certificates(RootCertStore::empty()),
            None => builder
                .with_platform_verifier()
                .map_err(|error| format!("the system's certificates: {error}"))?,
        };
        Ok(MakeRustlsConnect::new(builder.with_no_client_auth()))
    }

    /// All certificates of a file. One that cannot be read makes the whole file wrong.
    fn authorities(path: &Path) -> Result<RootCertStore, String> {
        let about = |what: String| format!("`sslrootcert`: {}: {what}", path.display());
        let mut authorities = RootCertStore::empty();
        let found =
            CertificateDer::pem_file_iter(path).map_err(|error| about(error.to_string()))?;
        for certificate in found {
            let certificate = certificate.map_err(|error| about(error.to_string()))?;
            authorities
                .add(certificate)
                .map_err(|error| about(error.to_string()))?;
        }
        if authorities.is_empty() {
            return Err(about("has no certificate".to_owned()));
        }
        Ok(authorities)
    }
}

#[cfg(not(feature = "tls"))]
mod without {
    use tokio_postgres::NoTls;

    use super::PostgresPlace;

    #[expect(clippy::unnecessary_wraps, reason = "as it is with TLS")]
    pub(in crate::store::postgres) fn connector(_: &PostgresPlace) -> Result<NoTls, String> {
        Ok(NoTls)
    }
}
