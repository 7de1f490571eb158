//! Configurations of several stores: what each has of its own, what it takes from above all tables, and every mistake by its name.

use std::path::Path;

use calypso_proxy::{Config, ConfigErrors, ShopConfig};
use secrecy::ExposeSecret;

use crate::shops::{default_table, garden_settings, garden_table, program_of_both};
use crate::support::{Gateway, TestProxy};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/config.stores.example.toml");

const SECRETS: [(&str, &str); 4] = [
    (
        "CALYPSO_PROXY_STORES__DEFAULT__MERCHANT_KEY",
        "merchant-of-default",
    ),
    (
        "CALYPSO_PROXY_STORES__DEFAULT__GATEWAY__SECRET",
        "gateway-of-default",
    ),
    (
        "CALYPSO_PROXY_STORES__GARDEN__MERCHANT_KEY",
        "merchant-of-garden",
    ),
    (
        "CALYPSO_PROXY_STORES__GARDEN__GATEWAY__SECRET",
        "gateway-of-garden",
    ),
];

fn environment(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let all = SECRETS.iter().chain(more);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn load(text: &str, more: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("proxy.toml");
    std::fs::write(&path, text).unwrap();
    Config::load_with(&path, environment(more))
}

fn example() -> String {
    std::fs::read_to_string(EXAMPLE).unwrap()
}

#[tokio::test]
async fn check_asks_each_stores_gateway_and_names_rows_of_a_store_that_is_gone() {
    let first = Gateway::start().await;
    let mut garden = Gateway::of(garden_settings(), |router| router).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("proxy.toml");
    let top = "listen = \"127.0.0.1:0\"\npublic_url = \"http://127.0.0.1:1\"\ndatabase = \"proxy.sqlite3\"\ncurrencies = [\"BTC\"]\n";
    let of_garden = garden_table(&garden);
    let text = format!("{top}{}{of_garden}", default_table(&first));
    std::fs::write(&path, &text).unwrap();
    let check = async || {
        let mut command = program_of_both();
        command.args(["check", "--config"]).arg(&path);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (output.status.success(), said)
    };
    let (is_right, said) = check().await;
    assert!(is_right, "{said}");
    for name in ["default", "garden"] {
        let right = format!("ok    store `{name}`: gateway: ");
        assert!(said.contains(&right), "{said}");
    }
    garden.stop().await;
    let (is_right, said) = check().await;
    assert!(
        !is_right && said.contains("WRONG store `garden`: gateway: "),
        "{said}"
    );
    assert!(said.contains("ok    store `default`: gateway: "), "{said}");
    // A file of the store `default`, and a configuration that has called it otherwise since.
    let shop = TestProxy::on_file(|_| {}).await;
    shop.checkout().await;
    std::fs::copy(shop.database(), directory.path().join("proxy.sqlite3")).unwrap();
    let wal = format!("{}-wal", shop.database().display());
    std::fs::copy(wal, directory.path().join("proxy.sqlite3-wal")).unwrap();
    std::fs::write(&path, format!("{top}{of_garden}")).unwrap();
    let (_, said) = check().await;
    assert!(
        said.lines()
            .any(|line| line.starts_with("WRONG database:") && line.contains("store `default`")),
        "{said}"
    );
}

/// What is said about the example with a piece of it exchanged, and with more variables.
#[track_caller]
fn complaint(from: &str, to: &str, more: &[(&str, &str)]) -> String {
    let text = example();
    assert!(text.contains(from), "{from}");
    let said = load(&text.replacen(from, to, 1), more);
    let said = said.map(drop).expect_err(to).to_string();
    for (_, secret) in SECRETS {
        assert!(!said.contains(secret), "{said}");
    }
    said
}

fn names(config: &Config) -> Vec<&str> {
    config.shops.iter().map(|shop| shop.name.as_str()).collect()
}

fn offered(shop: &ShopConfig) -> String {
    format!("{:?}", shop.currencies)
}

#[test]
fn the_example_has_two_stores_that_share_no_more_than_it_says() {
    let config = Config::load_with(Path::new(EXAMPLE), environment(&[])).unwrap();
    assert_eq!(names(&config), ["default", "garden"]);
    let [first, garden] = &config.shops[..] else {
        panic!("two stores");
    };
    assert_eq!(first.merchant_key.expose_secret(), "merchant-of-default");
    assert_eq!(garden.merchant_key.expose_secret(), "merchant-of-garden");
    assert!(first.previous_merchant_key.is_none());
    assert_eq!(
        first.gateway.credentials.secret.expose_secret(),
        "gateway-of-default"
    );
    assert_eq!(
        garden.gateway.credentials.secret.expose_secret(),
        "gateway-of-garden"
    );
    assert_ne!(first.gateway.account, garden.gateway.account);
    assert_eq!(first.allowed_origins.len(), 2);
    assert_eq!(garden.allowed_origins.len(), 1);
    assert_eq!(
        garden.links.return_url, None,
        "links are never another store's"
    );
    // From above all tables, and not.
    assert_eq!(
        first.gateway.base_url.as_str(),
        "https://api.calypso.finance/"
    );
    assert_eq!(first.gateway.timeout.as_millis(), 8000);
    assert!(offered(first).contains("\"USDT_TRX\"") && !offered(first).contains("\"LTC\""));
    assert!(offered(garden).contains("\"LTC\"") && !offered(garden).contains("\"USDT_TRX\""));
}

#[test]
fn the_key_before_the_present_one_is_read_from_a_file_or_a_variable() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("proxy.toml");
    let named = example().replacen(
        "# previous_merchant_key_file = \"/run/secrets/calypso-merchant-key-before\"",
        "previous_merchant_key_file = \"before\"",
        1,
    );
    std::fs::write(&path, named).unwrap();
    std::fs::write(directory.path().join("before"), "merchant-before-now\n").unwrap();
    let variable = [(
        "CALYPSO_PROXY_STORES__GARDEN__PREVIOUS_MERCHANT_KEY",
        "merchant-before-that",
    )];
    let config = Config::load_with(&path, environment(&variable)).unwrap();
    let previous = config.shops.iter().map(|shop| {
        let key = shop.previous_merchant_key.as_ref().unwrap();
        key.expose_secret().to_owned()
    });
    let previous: Vec<_> = previous.collect();
    assert_eq!(previous, ["merchant-before-now", "merchant-before-that"]);
}

#[test]
fn one_store_may_stand_in_a_table_too_and_have_any_name() {
    let text = example();
    let at = text.find("[[stores]]\nname = \"garden\"").unwrap();
    let one = text[..at].replace("name = \"default\"", "name = \"garden\"");
    let config = load(&one, &[]);
    let said = config.map(|config| names(&config).join(" "));
    // The variables of a store that there is not are none.
    let said = said.unwrap_err().to_string();
    assert!(
        said.contains("CALYPSO_PROXY_STORES__DEFAULT__MERCHANT_KEY"),
        "{said}"
    );
    assert!(!said.contains("STORES__GARDEN"), "{said}");
}

#[test]
fn what_two_stores_cannot_have_in_common_is_named_at_the_second() {
    for (from, to, more, expected) in [
        (
            "\"https://garden.example\"]",
            "\"https://garden.example\", \"https://WWW.shop.example:443\"]",
            &[][..],
            &[
                "`stores[1].allowed_origins`",
                "https://www.shop.example",
                "store `default` too",
            ][..],
        ),
        (
            "\"https://garden.example\"]",
            "\"https://pay.shop.example\"]",
            &[],
            &["`stores[1].allowed_origins`", "the proxy's own origin"],
        ),
        (
            "0x2a9b77c4d1e84f30b6a5c8d7e6f5041322334455",
            "0x1F0C00d5b2a94e1d8c7f6a5b4c3d2e1f00112233",
            &[],
            &[
                "`stores[1].gateway.account`",
                "the account of the store `default` too",
            ],
        ),
        (
            // The gateway's other address leads to the same accounts.
            "base_url = \"https://api.calypso.finance\"\npay_url = \"https://pay.calypso.finance\"\naccount = \"0x2a9b77c4d1e84f30b6a5c8d7e6f5041322334455",
            "base_url = \"https://api.calypso.money\"\naccount = \"0x1f0c00d5b2a94e1d8c7f6a5b4c3d2e1f00112233",
            &[],
            &[
                "`stores[1].gateway.account`",
                "the account of the store `default` too",
            ],
        ),
        (
            "0d2b7a6f5e4c4b3a9f8e7d6c5b4a3f2e",
            "merchant-of-default",
            &[],
            &[
                "`stores[1].gateway.key`",
                "a merchant key of the store `default`",
            ],
        ),
        (
            "x",
            "x",
            &[(
                "CALYPSO_PROXY_STORES__GARDEN__MERCHANT_KEY",
                "merchant-of-default",
            )],
            &[
                "`stores[1].merchant_key`",
                "a merchant key of the store `default` too",
            ],
        ),
        (
            "x",
            "x",
            &[(
                "CALYPSO_PROXY_STORES__GARDEN__PREVIOUS_MERCHANT_KEY",
                "merchant-of-default",
            )],
            &[
                "`stores[1].previous_merchant_key`",
                "a merchant key of the store `default` too",
            ],
        ),
        (
            "x",
            "x",
            &[(
                "CALYPSO_PROXY_STORES__GARDEN__PREVIOUS_MERCHANT_KEY",
                "merchant-of-garden",
            )],
            &[
                "`stores[1].previous_merchant_key`",
                "is the present merchant key",
            ],
        ),
        (
            "x",
            "x",
            &[(
                "CALYPSO_PROXY_STORES__GARDEN__MERCHANT_KEY",
                "c529e14832b34b74972365cf7bf02430",
            )],
            &[
                "`stores[1].merchant_key`",
                "one of the gateway's keys of the store `default`",
            ],
        ),
    ] {
        let text = example().replacen(from, to, 1);
        let mut variables = environment(&[]);
        variables.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        let more = more
            .iter()
            .map(|(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned()));
        variables.extend(more);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("proxy.toml");
        std::fs::write(&path, text).unwrap();
        let said = Config::load_with(&path, variables)
            .expect_err(to)
            .to_string();
        assert!(
            said.lines()
                .any(|line| expected.iter().all(|part| line.contains(part))),
            "{expected:?}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "one mistake, one sentence: {said}");
    }
}

#[test]
fn two_stores_of_one_name_are_told_from_each_other_by_their_places() {
    let said = complaint("name = \"garden\"", "name = \"default\"", &[]);
    assert!(
        said.lines().any(|line| {
            let parts = [
                "`stores[1].name`",
                "proxy.toml, line ",
                "name of an earlier store",
            ];
            parts.iter().all(|part| line.contains(part))
        }),
        "{said}"
    );
}

#[test]
fn what_is_one_stores_cannot_stand_above_all_tables() {
    for (line, key) in [
        (
            "allowed_origins = [\"https://a.example\"]",
            "allowed_origins",
        ),
        ("merchant_key_file = \"key\"", "merchant_key_file"),
        (
            "previous_merchant_key_file = \"key\"",
            "previous_merchant_key_file",
        ),
        ("return_url = \"https://a.example\"", "return_url"),
        ("support_url = \"https://a.example\"", "support_url"),
        ("logo_url = \"https://a.example\"", "logo_url"),
    ] {
        let said = complaint("public_url =", &format!("{line}\npublic_url ="), &[]);
        assert!(
            said.starts_with(&format!("`{key}` (")) && said.contains("belongs to one store"),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    for (line, key) in [
        (
            "account = \"0x1f0c00d5b2a94e1d8c7f6a5b4c3d2e1f00112299\"",
            "gateway.account",
        ),
        ("key = \"k\"", "gateway.key"),
        ("secret_file = \"secret\"", "gateway.secret_file"),
    ] {
        let said = complaint("[gateway]\n", &format!("[gateway]\n{line}\n"), &[]);
        assert!(
            said.starts_with(&format!("`{key}` (")) && said.contains("belongs to one store"),
            "{said}"
        );
    }
    let products = "[[products]]\nkey = \"a\"\nprice = \"1\"\ncurrency = \"EUR\"\ndescription = \"A\"\n\n[gateway]\n";
    assert!(complaint("[gateway]\n", products, &[]).starts_with("`products` ("));
    for (variable, instead) in [
        (
            "CALYPSO_PROXY_MERCHANT_KEY",
            "CALYPSO_PROXY_STORES__NAME__MERCHANT_KEY",
        ),
        (
            "CALYPSO_PROXY_PREVIOUS_MERCHANT_KEY",
            "CALYPSO_PROXY_STORES__NAME__PREVIOUS_MERCHANT_KEY",
        ),
        (
            "CALYPSO_PROXY_GATEWAY__SECRET",
            "CALYPSO_PROXY_STORES__NAME__GATEWAY__SECRET",
        ),
    ] {
        let said = complaint("x", "x", &[(variable, "0123456789abcdef-shared")]);
        assert!(said.contains(variable) && said.contains(instead), "{said}");
        assert!(!said.contains("-shared"), "{said}");
    }
}

#[test]
fn mistakes_inside_a_store_are_all_named_with_their_places() {
    let text = example()
        .replacen(
            "name = \"garden\"",
            "name = \"Garden\"\nmerchant_key = \"0123456789abcdef-planted\"",
            1,
        )
        .replacen("\"https://garden.example\"]", "\"garden\"]", 1)
        .replacen("price = \"9.50\"", "price = \"9.505\"", 1)
        .replacen("0x2a9b77c4d1e84f30b6a5c8d7e6f5041322334455", "0x2a", 1)
        .replacen(
            "secret_file = \"/run/secrets/garden-gateway-secret\"",
            "secrets_file = \"x\"",
            1,
        )
        .replacen("currencies = [\"USDT_TRX\"", "currencies = [\"DOGE\"", 1);
    let said = load(&text, &[]).map(drop).unwrap_err().to_string();
    for parts in [
        [
            "`stores[1].name`",
            "`Garden` is not a store's name",
            "line ",
        ],
        [
            "`stores[1].merchant_key` is a secret",
            "CALYPSO_PROXY_STORES__GARDEN__MERCHANT_KEY",
            "line ",
        ],
        [
            "`stores[1].allowed_origins`",
            "`garden` is not an origin",
            "line ",
        ],
        ["`stores[1].products[0].price`", "", "line "],
        ["`stores[1].gateway.account`", "0x2a", "line "],
        [
            "`stores[1].gateway.secrets_file`",
            "did you mean `gateway.secret_file`",
            "line ",
        ],
        // Of the first store, which sets none itself.
        ["`currencies`", "`DOGE` is not a currency", "line 18"],
    ] {
        let told = said
            .lines()
            .any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(told, "{parts:?}: {said}");
    }
    assert!(!said.contains("planted"), "{said}");
    let missing = complaint("name = \"garden\"\n", "", &[]);
    assert!(
        missing.contains("`stores[1].name` is missing in"),
        "{missing}"
    );
    assert!(
        missing.contains("CALYPSO_PROXY_STORES__GARDEN__MERCHANT_KEY is not one"),
        "{missing}"
    );
    let none = load(
        "stores = []\nlisten = \"127.0.0.1:1\"\npublic_url = \"https://a.example\"\ndatabase = \"d\"\n",
        &[],
    );
    let none = none.map(drop).unwrap_err().to_string();
    assert!(
        none.contains("`stores`") && none.contains("is an empty list"),
        "{none}"
    );
    let text = load(
        "stores = \"two\"\nlisten = \"127.0.0.1:1\"\npublic_url = \"https://a.example\"\ndatabase = \"d\"\n",
        &[],
    );
    let text = text.map(drop).unwrap_err().to_string();
    assert!(
        text.contains("tables that each begin with [[stores]]"),
        "{text}"
    );
}
