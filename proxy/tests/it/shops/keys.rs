//! Merchant keys: which shop one opens, and how one is exchanged while servers go on.

use std::sync::Arc;

use calypso_proxy::{OpenError, Proxy, ShopsError, SystemClock};

use super::{
    GARDEN_GATEWAY_SECRET, GARDEN_KEY, MERCHANTS, PAYMENT, Two, garden_config, garden_settings,
};
use crate::support::{self, GATEWAY_SECRET, Gateway, MERCHANT_KEY, SHOP, logged};

const BEFORE: &str = "merchant-canary-before-0c1d2e3f";
const GARDEN_BEFORE: &str = "garden-canary-before-4a5b6c7d";

#[tokio::test]
async fn both_keys_of_a_shop_open_it_and_no_other() {
    let mut two = Two::with(|config| {
        config.shops[0].previous_merchant_key = Some(BEFORE.into());
        config.shops[1].previous_merchant_key = Some(GARDEN_BEFORE.into());
    })
    .await;
    let id = two.made_by(BEFORE, PAYMENT).await;
    let path = format!("/v1/checkouts/{id}");
    for (key, status) in [
        (MERCHANT_KEY, 200),
        (BEFORE, 200),
        (GARDEN_KEY, 404),
        (GARDEN_BEFORE, 404),
        ("merchant-canary-5d1c9a70e4b", 401),
        ("merchant-canary-5d1c9a70e4b22", 401),
        ("", 401),
    ] {
        two.call(key, "GET", &path, None).await.expect(status);
    }
    // A retry with the new key is the same request of the same shop.
    let asked = two.ask(BEFORE, PAYMENT, "k").await.expect(201).json();
    let again = two.ask(MERCHANT_KEY, PAYMENT, "k").await.expect(201).json();
    assert_eq!(asked["id"], again["id"]);
    let others = two
        .ask(GARDEN_BEFORE, PAYMENT, "k")
        .await
        .expect(201)
        .json();
    assert_ne!(asked["id"], others["id"]);
    // Started again without it, the key from before opens nothing.
    two.proxy
        .restarted_with(|config| config.shops[0].previous_merchant_key = None)
        .await;
    two.call(BEFORE, "GET", &path, None).await.expect(401);
    two.call(MERCHANT_KEY, "GET", &path, None).await.expect(200);
    two.call(GARDEN_BEFORE, "GET", &path, None)
        .await
        .expect(404);
}

#[tokio::test]
async fn no_shops_secret_is_said_to_the_other_or_to_the_log() {
    let two = Two::start().await;
    let mut said = String::new();
    for (own, others) in MERCHANTS {
        let id = two.made_by(own, PAYMENT).await;
        two.choose(&id, "TRX").await.expect(200);
        let path = format!("/v1/checkouts/{id}");
        for key in [own, others, "merchant-canary"] {
            said += &two.call(key, "GET", &path, None).await.text();
        }
        said += &two.told_to(own, &id).await.to_string();
    }
    two.proxy.proxy.watch_once().await.unwrap();
    let probed = two.proxy.proxy.probe().await;
    assert!(
        probed.iter().all(|(_, answer)| answer.is_ok()),
        "{probed:?}"
    );
    said += &format!("{probed:?}{}", logged());
    for secret in [
        MERCHANT_KEY,
        GARDEN_KEY,
        GATEWAY_SECRET,
        GARDEN_GATEWAY_SECRET,
    ] {
        assert!(!said.contains(secret), "{secret} was said");
    }
}

#[tokio::test]
async fn shops_that_cannot_be_told_apart_are_not_opened() {
    let gateway = Gateway::start().await;
    let other = Gateway::of(garden_settings(), |router| router).await;
    let directory = tempfile::tempdir().unwrap();
    let open = async |change: &dyn Fn(&mut calypso_proxy::Config)| {
        let mut config = support::config(&gateway, directory.path().join("proxy.sqlite3"));
        config.shops.push(garden_config(&other));
        change(&mut config);
        let opened = Proxy::open(config, Arc::new(SystemClock)).await;
        match opened.map(drop) {
            Ok(()) => None,
            Err(OpenError::Shops(error)) => Some(error),
            Err(other) => panic!("{other}"),
        }
    };
    assert!(open(&|_| {}).await.is_none());
    let name = open(&|config| config.shops[1].name = config.shops[0].name.clone()).await;
    assert!(matches!(name, Some(ShopsError::Name(_))), "{name:?}");
    let origin = open(&|config| {
        let shops = calypso_proxy::Origin::parse(SHOP).unwrap();
        config.shops[1].allowed_origins.push(shops);
    });
    let origin = origin.await;
    assert!(
        matches!(origin, Some(ShopsError::Origin { .. })),
        "{origin:?}"
    );
    let key = open(&|config| config.shops[1].merchant_key = MERCHANT_KEY.into()).await;
    assert!(matches!(key, Some(ShopsError::Key(_))), "{key:?}");
    let key = open(&|config| config.shops[0].previous_merchant_key = Some(GARDEN_KEY.into())).await;
    assert!(matches!(key, Some(ShopsError::Key(_))), "{key:?}");
    let none = open(&|config| config.shops.clear()).await;
    assert!(matches!(none, Some(ShopsError::None)), "{none:?}");
}

#[tokio::test]
async fn rows_of_a_store_that_is_not_configured_are_not_left_to_themselves() {
    // One shop, as it was before there were several.
    let shop = support::TestProxy::start().await;
    shop.checkout().await;
    let open = async |change: &dyn Fn(&mut calypso_proxy::Config)| {
        let mut config = shop.proxy.config().clone();
        change(&mut config);
        let opened = Proxy::open(config, Arc::new(SystemClock)).await;
        opened.map(drop).map_err(|error| error.to_string())
    };
    let other = Gateway::of(garden_settings(), |router| router).await;
    let said = open(&|config| config.shops[0] = garden_config(&other)).await;
    let said = said.unwrap_err();
    assert!(
        said.contains("store `default`") && said.contains("`name = \"default\"`"),
        "{said}"
    );
    // From one shop to two: the old one keeps its name.
    open(&|config| config.shops.push(garden_config(&other)))
        .await
        .unwrap();
}
