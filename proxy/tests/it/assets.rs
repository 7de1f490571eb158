//! The widget's files: encodings, caching, and nothing beside them.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::support::TestProxy;

const LOADER: &[u8] = b"(()=>{})();";
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// A directory laid out as the build leaves it. What stands in for the compressed files is told apart easily.
pub(crate) fn widget(directory: &Path) {
    let assets = directory.join("assets");
    std::fs::create_dir_all(&assets).unwrap();
    let write = |path: &Path, bytes: &[u8]| {
        std::fs::write(path, bytes).unwrap();
        for (ending, mark) in [(".br", b"br:"), (".gz", b"gz:")] {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            std::fs::write(name, [mark.as_slice(), bytes].concat()).unwrap();
        }
    };
    write(&directory.join("calypso-pay.js"), LOADER);
    std::fs::write(
        directory.join("integrity.json"),
        br#"{"calypso-pay.js":"sha384-x"}"#,
    )
    .unwrap();
    write(&assets.join("calypso-pay-0f1e2d3c.js"), b"export {};");
    write(&assets.join("calypso-pay-0f1e2d3c.wasm"), MODULE);
    write(&assets.join("calypso-pay-0f1e2d3c.css"), b":host{}");
    std::fs::write(assets.join("notes.txt"), b"not for buyers").unwrap();
}

async fn shop() -> (TestProxy, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    widget(directory.path());
    std::fs::write(directory.path().join("secret.js"), b"never served").unwrap();
    let assets = directory.path().to_owned();
    (
        TestProxy::with(|config| config.assets = Some(assets)).await,
        directory,
    )
}

#[tokio::test]
async fn each_file_has_its_type_and_its_life() {
    let (shop, _files) = shop().await;
    for (path, kind, cache, bytes) in [
        (
            "/calypso-pay.js",
            "text/javascript; charset=utf-8",
            "public, max-age=300",
            LOADER,
        ),
        (
            "/integrity.json",
            "application/json",
            "public, max-age=300",
            br#"{"calypso-pay.js":"sha384-x"}"#.as_slice(),
        ),
        (
            "/assets/calypso-pay-0f1e2d3c.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
            b"export {};",
        ),
        (
            "/assets/calypso-pay-0f1e2d3c.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
            MODULE,
        ),
        (
            "/assets/calypso-pay-0f1e2d3c.css",
            "text/css; charset=utf-8",
            "public, max-age=31536000, immutable",
            b":host{}",
        ),
    ] {
        // From a page of any origin, also one that may not call the API: integrity hashes need a readable answer.
        let reply = shop
            .request(
                "GET",
                path,
                &[("origin", "https://elsewhere.example")],
                None,
            )
            .await
            .expect(200);
        assert_eq!(reply.bytes, bytes, "{path}");
        assert_eq!(reply.header("content-type"), kind);
        assert_eq!(reply.header("cache-control"), cache);
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(reply.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("vary"), "Accept-Encoding");
        assert_eq!(reply.header("content-encoding"), "");
        let digest = hex::encode(&Sha256::digest(bytes)[..16]);
        assert_eq!(reply.header("etag"), format!("\"{digest}\""));
        let again = shop
            .request(
                "GET",
                path,
                &[("if-none-match", &reply.header("etag"))],
                None,
            )
            .await
            .expect(304);
        assert!(again.bytes.is_empty());
    }
}

#[tokio::test]
async fn the_best_accepted_encoding_is_sent() {
    let (shop, _files) = shop().await;
    for (accept, encoding, mark) in [
        ("gzip, deflate, br, zstd", "br", "br:"),
        ("gzip", "gzip", "gz:"),
        ("br;q=0, gzip;q=0.5", "gzip", "gz:"),
        ("*", "br", "br:"),
        ("identity", "", ""),
        ("br;q=0", "", ""),
    ] {
        let reply = shop
            .request(
                "GET",
                "/calypso-pay.js",
                &[("accept-encoding", accept)],
                None,
            )
            .await
            .expect(200);
        assert_eq!(reply.header("content-encoding"), encoding, "{accept}");
        assert_eq!(reply.bytes, [mark.as_bytes(), LOADER].concat(), "{accept}");
        let known = reply.header("etag");
        assert_eq!(
            known.contains('-'),
            !encoding.is_empty(),
            "each encoding has its own validator"
        );
    }
    let reply = shop
        .request("GET", "/integrity.json", &[("accept-encoding", "br")], None)
        .await
        .expect(200);
    assert_eq!(
        reply.header("content-encoding"),
        "",
        "there is no compressed one"
    );
}

#[tokio::test]
async fn nothing_beside_the_widget_is_served() {
    let (shop, _files) = shop().await;
    for path in [
        "/assets/notes.txt",
        "/assets/calypso-pay-0f1e2d3c.wasm.br",
        "/assets/..%2fsecret.js",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e%2fsecret.js",
        "/assets/%00",
        "/assets/%ff",
        "/assets/calypso-pay-00000000.js",
        "/secret.js",
        "/assets/",
        "/assets",
        "/calypso-pay.js/",
        "/calypso-pay.js.br",
    ] {
        assert_eq!(shop.get(path).await.code(), "not_found", "{path}");
    }
}

#[tokio::test]
async fn without_a_widget_the_proxy_says_so() {
    let shop = TestProxy::start().await;
    let reply = shop.get("/calypso-pay.js").await;
    assert_eq!(reply.code(), "not_found");
    assert!(reply.text().contains("`assets`"), "{}", reply.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incomplete_widget_keeps_the_proxy_from_opening() {
    for missing in [
        "calypso-pay.js",
        "integrity.json",
        "assets",
        "assets/calypso-pay-0f1e2d3c.wasm",
        "assets/calypso-pay-0f1e2d3c.css",
    ] {
        let directory = tempfile::tempdir().unwrap();
        widget(directory.path());
        let path = directory.path().join(missing);
        if path.is_dir() {
            std::fs::remove_dir_all(&path).unwrap();
        } else {
            std::fs::remove_file(&path).unwrap();
        }
        let error = calypso_proxy_error(directory.path()).await;
        let named = error.contains(missing)
            || error.contains(
                missing
                    .rsplit_once('.')
                    .map_or(missing, |(_, ending)| ending),
            );
        assert!(
            named && error.contains("cargo xtask build"),
            "{missing}: {error}"
        );
    }
}

async fn calypso_proxy_error(assets: &Path) -> String {
    let directory = tempfile::tempdir().unwrap();
    let gateway = crate::support::Gateway::start().await;
    let mut config = crate::support::config(&gateway, directory.path().join("x.sqlite3"));
    config.assets = Some(assets.to_owned());
    let opened =
        calypso_proxy::Proxy::open(config, std::sync::Arc::new(calypso_proxy::SystemClock)).await;
    opened
        .err()
        .expect("the widget is not complete")
        .to_string()
}
