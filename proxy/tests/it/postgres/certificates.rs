//! A PostgreSQL server with a certificate of its own.

use std::path::Path;

use throwaway_postgres::{Cluster, Durability, Programs};

use crate::support::certificates::certificate;

/// For which name the server's certificate is made.
pub(super) const NAME: &str = "localhost";

/// A cluster with a certificate of the authority `ours`, which sends away whoever comes without TLS.
pub(super) fn protected(directory: &Path) -> Cluster {
    let (certificate, key) = certificate(directory, NAME);
    let programs = Programs::find()
        .expect("PostgreSQL's programs are installed by `cargo xtask test --only tools`");
    let mut cluster = Cluster::start(programs, Durability::Quick).unwrap();
    cluster.speak_only_tls(&certificate, &key).unwrap();
    cluster
}
