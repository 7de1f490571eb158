//! TLS to the database: what is taken, and what is refused.

use calypso_proxy::DatabasePlace;

use super::TestDatabase;
use super::certificates::{NAME, authority, protected};

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
