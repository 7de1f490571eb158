//! Whoever takes all he can does not take it from the others: what pages may do in all is divided among networks.

use crate::program::program;
use crate::support::{Reply, TestProxy, behind_a_proxy};

const PRODUCT: &str = r#"{"product":"demo-order"}"#;

async fn create_from(shop: &TestProxy, address: Option<&str>) -> Reply {
    let header = address.map(|address| ("x-forwarded-for", address));
    shop.post("/v1/checkouts", PRODUCT, header.as_slice()).await
}

/// Creates until it is refused; how many were made.
async fn create_all_from(shop: &TestProxy, address: Option<&str>) -> u32 {
    for made in 0..2000 {
        let reply = create_from(shop, address).await;
        if reply.status == 429 {
            assert_eq!(reply.code(), "rate_limited");
            assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1);
            return made;
        }
        reply.expect(201);
    }
    panic!("there is no limit");
}

#[tokio::test]
async fn networks_that_make_all_the_checkouts_they_can_do_not_close_a_product_for_other_buyers() {
    let shop = TestProxy::with(|config| {
        behind_a_proxy(config);
        config.limits.network_checkouts_per_hour = 100;
        config.limits.product_checkouts_per_hour = 600;
    })
    .await;
    for minute in 0..3 {
        for network in 0..20 {
            create_all_from(&shop, Some(&format!("203.0.{network}.7"))).await;
        }
        for buyer in 0..3 {
            let address = format!("198.51.{}.9", minute * 3 + buyer);
            create_from(&shop, Some(&address)).await.expect(201);
        }
        shop.wait(60_000);
    }
    // Those who take less than their part are not counted among the crowd when they come again.
    create_from(&shop, Some("198.51.0.9")).await.expect(201);
}

#[tokio::test]
async fn buyers_whose_network_is_not_known_and_the_others_leave_each_other_their_parts() {
    let small = |config: &mut calypso_proxy::Config| {
        behind_a_proxy(config);
        config.limits.product_checkouts_per_hour = 100;
    };
    // A proxy in front that adds no address.
    let shop = TestProxy::with(small).await;
    assert_eq!(create_all_from(&shop, None).await, 10);
    create_from(&shop, Some("198.51.100.1")).await.expect(201);

    let shop = TestProxy::with(small).await;
    assert_eq!(create_all_from(&shop, Some("198.51.100.1")).await, 10);
    create_from(&shop, None).await.expect(201);
}

#[tokio::test]
async fn one_who_has_65536_networks_of_ipv6_counts_as_one_site() {
    let shop = TestProxy::with(behind_a_proxy).await;
    let mut made = 0;
    for network in 0..400 {
        let address = format!("2001:db8:1:{network:x}::1");
        made += u32::from(create_from(&shop, Some(&address)).await.status == 201);
    }
    assert_eq!(made, 240, "four times what one network has at once");
    create_from(&shop, Some("2001:db8:2::1")).await.expect(201);
}

#[tokio::test]
async fn choices_from_an_unknown_network_are_bounded_too() {
    let shop = TestProxy::with(|config| config.limits.network_choices_per_hour = 10).await;
    let id = shop.checkout().await;
    for _ in 0..12 {
        shop.choose(&id, "BTC").await.expect(200);
    }
    let refused = shop.choose(&id, "BTC").await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (429, "rate_limited")
    );
}

/// What `check` says about these settings.
fn checked(listen: &str, public_url: &str, limits: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("proxy.toml");
    let text = format!(
        "listen = \"{listen}\"\npublic_url = \"{public_url}\"\ndatabase = \"proxy.sqlite3\"\n\
         [gateway]\nbase_url = \"http://127.0.0.1:9\"\naccount = \"0x00000000000000000000000000000000000000aa\"\nkey = \"k\"\n{limits}"
    );
    std::fs::write(&path, text).unwrap();
    let output = program()
        .env("CALYPSO_PROXY_MERCHANT_KEY", "0123456789abcdef")
        .env("CALYPSO_PROXY_GATEWAY__SECRET", "s3cret")
        .args(["check", "--config"])
        .arg(path)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn check_says_when_all_buyers_would_look_like_one_client() {
    let said = |text: &str| {
        let mut lines = text.lines();
        lines.any(|line| line.starts_with("WRONG") && line.contains("`limits.trusted_proxies`"))
    };
    let (live, desk) = ("https://pay.shop.example", "http://127.0.0.1:8085");
    for (listen, public_url, limits, expected) in [
        ("127.0.0.1:0", live, "", true),
        ("10.0.0.5:8085", live, "", true),
        ("0.0.0.0:0", live, "", true),
        // Only the server in front can reach it, and it is said that there is none.
        (
            "127.0.0.1:0",
            live,
            "[limits]\ntrusted_proxies = []\n",
            true,
        ),
        (
            "127.0.0.1:0",
            live,
            "[limits]\ntrusted_proxies = [\"127.0.0.1\"]\n",
            false,
        ),
        ("0.0.0.0:0", live, "[limits]\ntrusted_proxies = []\n", false),
        ("127.0.0.1:0", desk, "", false),
    ] {
        let text = checked(listen, public_url, limits);
        assert_eq!(
            said(&text),
            expected,
            "{listen} {public_url} {limits}: {text}"
        );
    }
}
