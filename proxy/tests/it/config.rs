//! The configuration file: the example loads, and every mistake is named with its place.

use std::path::Path;

use calypso_proxy::{Config, ConfigErrors, Limits, Paces, Topology};

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
         [gateway]\nbase_url = \"https://api.calypso.finance\"\naccount = \"0x00000000000000000000000000000000000000aa\"\nkey = \"k\"\n"
    )
}

fn load(
    text: &str,
    environment: Vec<(String, String)>,
) -> (tempfile::TempDir, Result<Config, ConfigErrors>) {
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
    let in_front =
        ["127.0.0.1", "::1"].map(|address| address.parse::<std::net::IpAddr>().unwrap().into());
    assert_eq!(
        config.limits,
        Limits {
            topology: Topology::Proxies(in_front.to_vec()),
            ..Limits::default()
        }
    );
    assert_eq!(config.public_url.as_str(), "https://pay.shop.example");
    assert_eq!(config.shops[0].allowed_origins.len(), 2);
    assert_eq!(config.shops[0].gateway.timeout.as_millis(), 8000);
    let file = config.database.file().unwrap();
    assert!(
        file.starts_with(env!("CARGO_MANIFEST_DIR")),
        "relative to the file: {}",
        file.display()
    );
}

/// Every key of a table of the example, commented ones too: its table, its name and its value as TOML.
pub(crate) fn keys_of_the_example() -> Vec<(String, String, String)> {
    let example = std::fs::read_to_string(EXAMPLE).unwrap();
    let mut table = String::new();
    let mut keys = Vec::new();
    for line in example.lines() {
        let line = line.strip_prefix("# ").unwrap_or(line);
        if let Some(name) = line.strip_prefix('[') {
            if line.ends_with(']') && !line.contains(' ') {
                table = name.trim_matches(['[', ']']).to_owned();
            }
        } else if let Some((name, value)) = line.split_once(" = ")
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            keys.push((table.clone(), name.to_owned(), value.to_owned()));
        }
    }
    keys
}

#[test]
fn every_key_of_the_example_is_taken_from_the_file_and_from_the_environment() {
    let keys = keys_of_the_example();
    assert!(keys.len() >= 35, "{}", keys.len());
    let mut once: Vec<_> = keys
        .iter()
        .filter(|(table, ..)| table != "products" && table != "keys")
        .collect();
    once.sort();
    once.dedup_by_key(|(table, name, _)| (table.clone(), name.clone()));
    for (table, name, value) in once {
        let key = match table.as_str() {
            "" => name.clone(),
            table => format!("{table}.{name}"),
        };
        // A number far out of any range, and a text that is none: whoever reads it complains and says where it came from.
        let wrong = if value.starts_with(['"', '[']) {
            "\"\\u0007\""
        } else {
            "999999999999"
        };
        let wrong_list = if value.starts_with('[') {
            "[\"\\u0007\"]"
        } else {
            wrong
        };
        let example = std::fs::read_to_string(EXAMPLE).unwrap();
        let (mut inside, mut edited) = (String::new(), String::new());
        for line in example.lines() {
            let bare = line.strip_prefix("# ").unwrap_or(line);
            if bare.starts_with('[') && bare.ends_with(']') && !bare.contains(' ') {
                inside = bare.trim_matches(['[', ']']).to_owned();
            }
            if inside == *table && bare == format!("[{table}]") {
                // Where the whole table is commented out.
                edited.push_str(&format!("{bare}\n"));
            } else if inside == *table && bare.starts_with(&format!("{name} = ")) {
                edited.push_str(&format!("{name} = {wrong_list}\n"));
            } else {
                edited.push_str(&format!("{line}\n"));
            }
        }
        // A secret's file is not read while the environment has the secret.
        let environment = if name.ends_with("_file") {
            vec![]
        } else {
            secrets()
        };
        let said = complaint(&edited, environment.clone());
        assert!(
            said.contains(&format!("`{key}`")) && said.contains("proxy.toml, line"),
            "{key} in the file: {said}"
        );

        let variable = format!("CALYPSO_PROXY_{}", key.replace('.', "__").to_uppercase());
        let value = wrong_list.trim_matches('"').replace("\\u0007", "\u{7}");
        let value = if value.starts_with('[') {
            wrong_list.to_owned()
        } else {
            value
        };
        let environment = [environment, pairs(&[(&variable, &value)])].concat();
        let said = complaint(&example, environment);
        assert!(
            said.contains(&format!("`{key}`")) && said.contains(&variable),
            "{variable}: {said}"
        );
    }
}

#[test]
fn products_can_be_set_in_the_environment() {
    let mut environment = secrets();
    environment.extend(pairs(&[(
        "CALYPSO_PROXY_PRODUCTS",
        "[{ key = \"beans\", price = \"25.00\", currency = \"EUR\", description = \"Beans\", return_url = \"https://shop.example/thanks\" }]",
    )]));
    load(&minimal(""), environment).1.unwrap();
    let wrong = pairs(&[("CALYPSO_PROXY_PRODUCTS", "[{ key = \"beans\", prize = 1 }]")]);
    let said = complaint(&minimal(""), [secrets(), wrong].concat());
    assert!(
        said.contains("`products[0].prize`")
            && said.contains("CALYPSO_PROXY_PRODUCTS")
            && said.contains("`products[0].description` is missing"),
        "{said}"
    );
}

#[test]
fn the_smallest_configuration_offers_every_currency() {
    let text = minimal("").replace("currencies = [\"BTC\"]\n", "");
    let (_directory, config) = load(&text, secrets());
    let offered = format!("{:?}", config.unwrap().shops[0].currencies);
    for currency in checkout::CURRENCIES {
        assert!(
            offered.contains(&format!("\"{}\"", currency.code)),
            "{}",
            currency.code
        );
    }
}

#[test]
fn all_mistakes_are_told_in_one_run() {
    let text = minimal("[pace]\nawaiting_ms = 1\n[[products]]\nkey = \"a b\"\nprice = \"1.001\"\ncurrency = \"GBP\"\n")
        .replace("listen = \"127.0.0.1:8085\"", "lisen = 1")
        .replace("https://pay.shop.example", "pay")
        .replace("key = \"k\"", "");
    let said = complaint(
        &text,
        pairs(&[
            ("CALYPSO_PROXY_GATEWAY__TIMEOUT_MS", "x"),
            ("CALYPSO_PROXY_X", "x"),
        ]),
    );
    for part in [
        "`lisen`",
        "`listen` is missing",
        "`public_url`",
        "`pace.awaiting_ms`",
        "`products[0].currency`",
        "`products[0].description` is missing",
        "`gateway.key` is missing",
        "`gateway.timeout_ms`",
        "CALYPSO_PROXY_X",
        "`merchant_key` is missing",
        "`gateway.secret` is missing",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_syntax_error_names_its_place_and_quotes_nothing() {
    for line in [
        "merchant_key = \"LEAK",
        "merchant_key = LEAK",
        "merchant_key = 'LEAK",
        "merchant_key \"LEAK\"",
        "LEAK",
        "[LEAK",
        "LEAK = ",
        "x = \"LEAK\" \"LEAK\"",
        "x = [\"LEAK\"",
        "x = { LEAK",
        "x = \"\\LEAK\"",
        "x = 1LEAK",
        "LEAK LEAK = 1",
        "\"LEAK = 1",
        "x = \"LEAK\"\nx = \"LEAK\"",
        "x = \"\"\"LEAK",
        "x = 2026-LEAK",
        "x.y = 1\nx = \"LEAK\"",
        "x = +LEAK",
        "= \"LEAK\"",
    ] {
        let said = complaint(&format!("listen = \"x\"\n{line}\n"), secrets());
        assert!(!said.contains("LEAK"), "{line}: {said}");
        assert!(
            said.contains("proxy.toml, line ") && said.contains("not TOML"),
            "{line}: {said}"
        );
    }
}

#[test]
fn the_environment_overrides_the_file() {
    let mut environment = secrets();
    environment.extend(pairs(&[
        ("CALYPSO_PROXY_LISTEN", "0.0.0.0:9000"),
        (
            "CALYPSO_PROXY_GATEWAY__ACCOUNT",
            "0x0000000000000000000000000000000000000123",
        ),
        ("CALYPSO_PROXY_GATEWAY__KEY", "1e5"),
        ("CALYPSO_PROXY_PACE__AWAITING_MS", "4000"),
        ("CALYPSO_PROXY_ALLOWED_ORIGINS", "[\"https://a.example\"]"),
        ("CALYPSO_PROXY_CURRENCIES", "ETH, LTC"),
        ("OTHER_LISTEN", "x"),
    ]));
    let (_directory, config) = load(&minimal(""), environment);
    let config = config.unwrap();
    assert_eq!(config.listen.port(), 9000);
    assert_eq!(
        config.shops[0].gateway.account,
        "0x0000000000000000000000000000000000000123"
    );
    assert_eq!(config.shops[0].gateway.credentials.key, "1e5");
    assert_eq!(config.paces.awaiting.as_millis(), 4000);
    assert_eq!(
        config.shops[0].allowed_origins[0].as_str(),
        "https://a.example"
    );
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
        ("0123456789abcdef \n", false),
        ("\u{feff}0123456789abcdef", false),
        ("'0123456789abcdef'", false),
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
fn what_the_environment_wins_over_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("proxy.toml");
    // `check` asks the gateway, and nobody's real one.
    let text = minimal("merchant_key_file = \"merchant\"");
    let text = text.replace("https://api.calypso.finance", "http://127.0.0.1:1");
    std::fs::write(&path, text).unwrap();
    let output = crate::program::program()
        .env("CALYPSO_PROXY_LISTEN", "127.0.0.1:0")
        .args(["check", "--config"])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    for parts in [
        [
            "note",
            "`listen`",
            "CALYPSO_PROXY_LISTEN wins over",
            "proxy.toml, line 1",
        ],
        [
            "note",
            "`merchant_key`",
            "CALYPSO_PROXY_MERCHANT_KEY wins",
            "merchant_key_file",
        ],
    ] {
        let told = said
            .lines()
            .any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(told, "{parts:?}: {said}");
    }
}

#[test]
fn a_gateway_elsewhere_is_said_not_to_reach_this_computers_own_address() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["merchant", "secret"] {
        let secret = format!("{name}-0123456789abcdef\r\n");
        std::fs::write(directory.path().join(name), secret).unwrap();
    }
    let text = minimal("merchant_key_file = \"merchant\"") + "secret_file = \"secret\"\n";
    for (public, gateway, is_said) in [
        ("http://127.0.0.1:8085", "https://api.calypso.finance", true),
        ("https://localhost", "https://api.calypso.finance", true),
        ("http://127.0.0.1:8085", "http://127.0.0.1:8090", false),
        (
            "https://pay.shop.example",
            "https://api.calypso.finance",
            false,
        ),
    ] {
        let text = text.replace("https://api.calypso.finance", gateway);
        let text = text.replace("https://pay.shop.example", public);
        let path = directory.path().join("proxy.toml");
        std::fs::write(&path, text).unwrap();
        let reading = Config::read(&path);
        assert!(reading.config.is_ok(), "{:?}", reading.config);
        let mut notes = reading.notes.iter();
        let told = notes.any(|note| note.text.contains("webhooks reach"));
        assert_eq!(told, is_said, "{public} and {gateway}");
    }
}

#[test]
fn files_that_are_none_are_named() {
    let directory = tempfile::tempdir().unwrap();
    for (name, content, expected) in [
        ("missing.toml", None, "No such file"),
        ("utf16.toml", Some(b"\xff\xfel\0i\0".as_slice()), "UTF-16"),
        ("latin1.toml", Some(b"# caf\xe9\n".as_slice()), "not UTF-8"),
    ] {
        let path = directory.path().join(name);
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let said = Config::load_with(&path, secrets()).unwrap_err().to_string();
        assert!(
            said.starts_with("cannot read the configuration file")
                && said.contains(name)
                && said.contains(expected),
            "{said}"
        );
        assert!(
            !said.contains("is missing"),
            "one cause, one sentence: {said}"
        );
    }
    let said = Config::load_with(directory.path(), secrets())
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("is a directory, expected a TOML file"),
        "{said}"
    );
    // A byte order mark, as editors on Windows write it, changes nothing.
    assert!(
        load(&format!("\u{feff}{}", minimal("")), secrets())
            .1
            .is_ok()
    );
    assert!(
        load(&minimal("").replace('\n', "\r\n"), secrets())
            .1
            .is_ok()
    );
}
