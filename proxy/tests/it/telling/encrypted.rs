//! TLS to the merchant's server: the certificate has to be for the host of the URL, although the connection goes to an address that was
//! looked up before.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::commands::{configured, run, text};
use crate::postgres::certificates::{authority, certificate};

/// A server of TLS on loopback that answers each request with 204; its port.
fn serve(certificate: &str, key: &str) -> u16 {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate.as_bytes()).collect();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain.unwrap(), key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let (mut request, mut piece) = (Vec::new(), [0; 4096]);
            // To the body, which is short and comes as a whole.
            while !String::from_utf8_lossy(&request).contains("event.test") {
                match stream.read(&mut piece) {
                    Ok(read @ 1..) => request.extend_from_slice(&piece[..read]),
                    _ => break,
                }
            }
            let _whether_it_waits = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
        }
    });
    port
}

/// What `event test` says to a server with this certificate when it trusts that authority.
async fn said(directory: &Path, host: &str, trusted: &Path) -> String {
    let (certificate, key) = certificate(directory, host);
    let port = serve(&certificate, &key);
    let url = format!("https://localhost:{port}/hook");
    let (config, _) = configured(directory, &url, "\"127.0.0.1\", \"::1\"").await;
    let trusted = trusted.display().to_string();
    let output = run(
        &["event", "test"],
        Some(&config),
        &[("SSL_CERT_FILE", &trusted)],
    )
    .await;
    text(&output.stdout) + &text(&output.stderr)
}

#[tokio::test]
async fn only_the_host_that_an_authority_vouches_for_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let [ours, theirs] = ["ours", "theirs"].map(|name| authority(directory, name));
    let taken = said(directory, "localhost", &ours).await;
    assert!(taken.contains("taken (204)"), "{taken}");
    for (host, trusted) in [
        ("shop.example", &ours),
        ("localhost.example", &ours),
        ("localhost", &theirs),
    ] {
        let refused = said(directory, host, trusted).await;
        assert!(
            refused.contains("TLS failed"),
            "{host} {}: {refused}",
            trusted.display()
        );
    }
}
