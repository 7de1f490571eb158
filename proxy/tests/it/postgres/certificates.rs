//! A PostgreSQL server with a certificate of its own, and the authority that vouches for it.

use std::path::{Path, PathBuf};
use std::process::Command;

use throwaway_postgres::{Cluster, Durability, Programs};

/// For which name the server's certificate is made.
pub(super) const NAME: &str = "localhost";

fn openssl(directory: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(directory)
        .output()
        .expect("openssl makes the certificates of this test");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments}: {said}");
}

/// Makes an authority of this name, and says where its certificate is.
pub(crate) fn authority(directory: &Path, name: &str) -> PathBuf {
    openssl(
        directory,
        &format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={name} -keyout {name}.key -out {name}.pem"
        ),
    );
    directory.join(format!("{name}.pem"))
}

/// A certificate for a host that the authority `ours` of this directory vouches for, and its key, both as PEM.
pub(crate) fn certificate(directory: &Path, host: &str) -> (String, String) {
    openssl(
        directory,
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server -keyout server.key -out server.csr",
    );
    std::fs::write(
        directory.join("extensions"),
        format!("subjectAltName=DNS:{host}"),
    )
    .unwrap();
    openssl(
        directory,
        "x509 -req -in server.csr -CA ours.pem -CAkey ours.key -CAcreateserial -days 2 -extfile extensions -out server.pem",
    );
    let read = |name| std::fs::read_to_string(directory.join(name)).unwrap();
    (read("server.pem"), read("server.key"))
}

/// A cluster with a certificate of the authority `ours`, which sends away whoever comes without TLS.
pub(super) fn protected(directory: &Path) -> Cluster {
    let (certificate, key) = certificate(directory, NAME);
    let programs = Programs::find()
        .expect("PostgreSQL's programs are installed by `cargo xtask test --only tools`");
    let mut cluster = Cluster::start(programs, Durability::Quick).unwrap();
    cluster.speak_only_tls(&certificate, &key).unwrap();
    cluster
}
