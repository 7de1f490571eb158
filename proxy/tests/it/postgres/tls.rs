//! TLS to the database: what is taken, and what is refused.

use std::path::{Path, PathBuf};
use std::process::Command;

use calypso_proxy::DatabasePlace;
use throwaway_postgres::{Cluster, Durability, Programs};

use super::TestDatabase;

/// For which name the server's certificate is made.
const NAME: &str = "localhost";

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
fn authority(directory: &Path, name: &str) -> PathBuf {
    openssl(
        directory,
        &format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={name} -keyout {name}.key -out {name}.pem"
        ),
    );
    directory.join(format!("{name}.pem"))
}

/// A cluster with a certificate of the authority `ours`, which sends away whoever comes without TLS.
fn protected(directory: &Path) -> Cluster {
    openssl(
        directory,
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server -keyout server.key -out server.csr",
    );
    std::fs::write(
        directory.join("extensions"),
        format!("subjectAltName=DNS:{NAME}"),
    )
    .unwrap();
    openssl(
        directory,
        "x509 -req -in server.csr -CA ours.pem -CAkey ours.key -CAcreateserial -days 2 -extfile extensions -out server.pem",
    );
    let read = |name| std::fs::read_to_string(directory.join(name)).unwrap();
    let programs = Programs::find()
        .expect("PostgreSQL's programs are installed by `cargo xtask test --only tools`");
    let mut cluster = Cluster::start(programs, Durability::Quick).unwrap();
    cluster
        .speak_only_tls(&read("server.pem"), &read("server.key"))
        .unwrap();
    cluster
}

/// Opens a database and brings its tables up to date. Says why that did not go.
async fn open(url: &str) -> Result<(), String> {
    let place = DatabasePlace::postgres(url).unwrap();
    let migrated = calypso_proxy::migrate(&place).await;
    migrated.map(drop).map_err(|error| error.to_string())
}

#[tokio::test]
async fn only_the_server_that_the_authority_vouches_for_is_talked_to() {
    let directory = tempfile::tempdir().unwrap();
    let ours = authority(directory.path(), "ours").display().to_string();
    let theirs = authority(directory.path(), "theirs").display().to_string();
    let cluster = protected(directory.path());
    let by_address = cluster.url("postgres");
    let by_name = by_address.replace("@127.0.0.1:", &format!("@{NAME}:"));
    let refused = async |url: String, why: &[&str]| {
        let said = open(&url).await.expect_err(&url);
        assert!(why.iter().any(|why| said.contains(why)), "{url}: {said}");
    };

    // Whoever comes without TLS is sent away by the server, so whatever is let in speaks it.
    refused(by_name.clone(), &["no encryption"]).await;
    refused(format!("{by_name}?sslmode=disable"), &["no encryption"]).await;
    for mode in ["verify-full", "require", "prefer"] {
        let asks = format!("?sslmode={mode}&sslrootcert");
        open(&format!("{by_name}{asks}={ours}")).await.unwrap();
        refused(
            format!("{by_name}{asks}={theirs}"),
            &["UnknownIssuer", "BadSignature"],
        )
        .await;
        // The right authority vouches for another name.
        refused(
            format!("{by_address}{asks}={ours}"),
            &["not valid for name"],
        )
        .await;
        // The system knows nothing of our authority, if it knows any.
        refused(
            format!("{by_name}{asks}=system"),
            &["UnknownIssuer", "the system's certificates"],
        )
        .await;
    }
    let nothing = directory.path().join("extensions");
    let asks = "?sslmode=verify-full&sslrootcert";
    refused(
        format!("{by_name}{asks}={}", nothing.display()),
        &["has no certificate"],
    )
    .await;
    refused(format!("{by_name}{asks}=/nowhere.pem"), &["/nowhere.pem"]).await;
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_tls_is_demanded() {
    let home = TestDatabase::without_tables().await;
    for mode in ["require", "verify-full"] {
        let said = open(&format!("{}?sslmode={mode}", home.url())).await;
        let said = said.expect_err(mode);
        assert!(said.contains("server does not support TLS"), "{said}");
    }
    open(&format!("{}?sslmode=prefer", home.url()))
        .await
        .unwrap();
}
