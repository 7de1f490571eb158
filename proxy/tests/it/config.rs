//! The configuration file: the example loads, and every mistake is named with its place.

use std::path::{Path, PathBuf};

use calypso_proxy::{Config, ConfigError, Limits, Paces};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml");

fn secrets() -> Vec<(String, String)> {
    pairs(&[
        ("CALYPSO_PROXY_MERCHANT_KEY", "0123456789abcdef"),
        ("CALYPSO_PROXY_GATEWAY__SECRET", "s3cret"),
    ])
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The smallest file that can be used, with more lines before the tables.
fn minimal(more: &str) -> String {
    format!(
        "listen = \"127.0.0.1:8085\"\npublic_url = \"https://pay.shop.example\"\ndatabase = \"proxy.sqlite3\"\ncurrencies = [\"BTC\"]\n{more}\n\
         [gateway]\nbase_url = \"https://api.calypso.finance\"\naccount = \"0xaa\"\nkey = \"k\"\n"
    )
}

fn load(
    text: &str,
    environment: Vec<(String, String)>,
) -> (tempfile::TempDir, Result<Config, ConfigError>) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("proxy.toml");
    std::fs::write(&path, text).unwrap();
    let loaded = Config::load_with(&path, environment);
    (directory, loaded)
}

fn complaint(text: &str, environment: Vec<(String, String)>) -> String {
    load(text, environment).1.expect_err(text).to_string()
}

#[test]
fn the_example_loads_and_shows_the_defaults() {
    let config = Config::load_with(Path::new(EXAMPLE), secrets()).unwrap();
    assert_eq!(config.paces, Paces::default());
    assert_eq!(config.limits, Limits::default());
    assert_eq!(config.public_url.as_str(), "https://pay.shop.example");
    assert_eq!(config.allowed_origins.len(), 2);
    assert_eq!(config.gateway.timeout.as_millis(), 8000);
    assert!(
        config.database.starts_with(env!("CARGO_MANIFEST_DIR")),
        "relative to the file: {}",
        config.database.display()
    );
}

#[test]
fn the_example_names_every_key() {
    let example = std::fs::read_to_string(EXAMPLE).unwrap();
    for key in [
        "listen",
        "public_url",
        "allowed_origins",
        "database",
        "assets",
        "merchant_key_file",
        "currencies",
        "base_url",
        "account",
        "key",
        "secret_file",
        "timeout_ms",
        "choosing_ms",
        "awaiting_ms",
        "moving_ms",
        "settled_ms",
        "watch_ms",
        "rates_ms",
        "connections",
        "header_timeout_ms",
        "body_timeout_ms",
        "body_bytes",
        "drain_ms",
        "price",
        "currency",
        "description",
    ] {
        let set = example.lines().any(|line| {
            line.trim_start_matches("# ")
                .starts_with(&format!("{key} = "))
        });
        assert!(set, "{key}");
    }
    // And no key that the program does not know: with the commented one switched on it still loads.
    let all = example.replace("# assets = ", "assets = ");
    assert!(load(&all, secrets()).1.is_ok());
}

#[test]
fn the_environment_overrides_the_file() {
    let mut environment = secrets();
    environment.extend(pairs(&[
        ("CALYPSO_PROXY_LISTEN", "0.0.0.0:9000"),
        ("CALYPSO_PROXY_GATEWAY__ACCOUNT", "000123"),
        ("CALYPSO_PROXY_GATEWAY__KEY", "1e5"),
        ("CALYPSO_PROXY_PACE__AWAITING_MS", "4000"),
        ("CALYPSO_PROXY_ALLOWED_ORIGINS", "[\"https://a.example\"]"),
        ("OTHER_LISTEN", "x"),
    ]));
    let (_directory, config) = load(&minimal(""), environment);
    let config = config.unwrap();
    assert_eq!(config.listen.port(), 9000);
    assert_eq!(config.gateway.account, "000123", "text, not a number");
    assert_eq!(config.gateway.credentials.key, "1e5");
    assert_eq!(config.paces.awaiting.as_millis(), 4000);
    assert_eq!(config.allowed_origins[0].as_str(), "https://a.example");
}

#[test]
fn secrets_come_from_files_or_the_environment_only() {
    let (directory, config) = load(&minimal("merchant_key_file = \"merchant\""), vec![]);
    assert!(
        config
            .unwrap_err()
            .to_string()
            .contains("merchant_key_file")
    );
    let path = directory.path().join("proxy.toml");
    let with_files = minimal("merchant_key_file = \"merchant\"") + "secret_file = \"secret\"\n";
    std::fs::write(&path, &with_files).unwrap();
    for (content, right) in [
        ("0123456789abcdef\n", true),
        ("0123456789abcdef", true),
        ("0123456789abcdef\r\n", true),
        ("", false),
        ("\n", false),
        ("0123456789abcdef\nmore\n", false),
        ("short", false),
    ] {
        std::fs::write(directory.path().join("merchant"), content).unwrap();
        std::fs::write(directory.path().join("secret"), "s3cret\n").unwrap();
        assert_eq!(
            Config::load_with(&path, vec![]).is_ok(),
            right,
            "{content:?}"
        );
    }
    for (text, key, variable) in [
        (
            minimal("merchant_key = \"0123456789abcdef-planted\""),
            "merchant_key",
            "CALYPSO_PROXY_MERCHANT_KEY",
        ),
        (
            minimal("") + "secret = \"0123456789abcdef-planted\"\n",
            "gateway.secret",
            "CALYPSO_PROXY_GATEWAY__SECRET",
        ),
    ] {
        let said = complaint(&text, secrets());
        assert!(
            said.contains(key)
                && said.contains(variable)
                && said.contains("must not stand in")
                && said.contains("proxy.toml"),
            "{said}"
        );
        assert!(!said.contains("planted"), "{said}");
    }
    let said = complaint(
        &minimal(""),
        pairs(&[("CALYPSO_PROXY_MERCHANT_KEY", "0123456789abcdef")]),
    );
    assert!(
        said.contains("CALYPSO_PROXY_GATEWAY__SECRET") && said.contains("gateway.secret_file"),
        "{said}"
    );
    let empty = pairs(&[
        ("CALYPSO_PROXY_MERCHANT_KEY", ""),
        ("CALYPSO_PROXY_GATEWAY__SECRET", "x"),
    ]);
    assert!(complaint(&minimal(""), empty).contains("CALYPSO_PROXY_MERCHANT_KEY"));
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (more, expected) in [
        ("lisen = \"x\"", vec!["lisen", "proxy.toml"]),
        (
            "allowed_origins = \"https://shop.example\"",
            vec!["allowed_origins", "proxy.toml"],
        ),
        (
            "allowed_origins = [\"https://shop.example/pay\"]",
            vec!["allowed_origins", "holds more than an origin"],
        ),
        (
            "allowed_origins = [\"http://shop.example\"]",
            vec!["allowed_origins", "plain http"],
        ),
        ("allowed_origins = [\"*\"]", vec!["allowed_origins", "`*`"]),
        (
            "[pace]\nawaiting_ms = 10",
            vec!["pace.awaiting_ms", "expected 1000 to 600000"],
        ),
        ("[pace]\nawaitng_ms = 10", vec!["awaitng_ms"]),
        ("[limits]\nbody_bytes = 1", vec!["limits.body_bytes"]),
        (
            "[[products]]\nkey = \"a b\"\nprice = \"1\"\ncurrency = \"EUR\"\ndescription = \"x\"",
            vec!["products", "`a b`"],
        ),
        (
            "[[products]]\nkey = \"a\"\nprice = \"1.001\"\ncurrency = \"EUR\"\ndescription = \"x\"",
            vec!["products", "3 decimals"],
        ),
        (
            "[[products]]\nkey = \"a\"\nprice = 1.0\ncurrency = \"EUR\"\ndescription = \"x\"",
            vec!["price", "proxy.toml"],
        ),
        (
            "[[products]]\nkey = \"a\"\nprice = \"1\"\ncurrency = \"EUR\"\ndescription = \"x\"\ncurrencies = [\"DOGE\"]",
            vec!["products.currencies", "DOGE"],
        ),
        ("not toml at all", vec!["TOML"]),
    ] {
        let said = complaint(&minimal(more), secrets());
        assert!(
            expected.iter().all(|part| said.contains(part)),
            "{more}: {said}"
        );
    }
    for (from, to, expected) in [
        (
            "listen = \"127.0.0.1:8085\"",
            "listen = \"localhost\"",
            "`listen`",
        ),
        ("listen = \"127.0.0.1:8085\"\n", "", "listen"),
        (
            "https://pay.shop.example",
            "http://pay.shop.example",
            "`public_url`",
        ),
        (
            "https://api.calypso.finance",
            "http://api.calypso.finance",
            "gateway.base_url",
        ),
        (
            "https://api.calypso.finance",
            "api.calypso.finance",
            "gateway.base_url",
        ),
        ("currencies = [\"BTC\"]", "currencies = []", "`currencies`"),
        (
            "currencies = [\"BTC\"]",
            "currencies = [\"BTC\", \"BTC\"]",
            "twice",
        ),
        ("account = \"0xaa\"", "account = \"\"", "gateway.account"),
    ] {
        let said = complaint(&minimal("").replace(from, to), secrets());
        assert!(said.contains(expected), "{to}: {said}");
    }
    let missing = Config::load_with(&PathBuf::from("/nowhere/proxy.toml"), secrets())
        .unwrap_err()
        .to_string();
    assert!(missing.contains("/nowhere/proxy.toml"), "{missing}");
    let unknown = complaint(
        &minimal(""),
        [secrets(), pairs(&[("CALYPSO_PROXY_LISEN", "x")])].concat(),
    );
    assert!(unknown.contains("lisen"), "{unknown}");
}
