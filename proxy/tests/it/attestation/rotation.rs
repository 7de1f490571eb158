//! Keys change while pages are open, and each store has its own.

use calypso_attest::{AttestationError, verify_invoice};
use calypso_proxy::AttestationConfig;
use serde_json::{Value, json};

use super::{
    OTHER_PUBLIC, OTHER_SEED, PUBLIC, SEED, Shown, key, signing, signing_with, vouched_by,
};
use crate::shops::{GARDEN, GARDEN_KEY, PAYMENT, Two};
use crate::support::{MERCHANT_KEY, SHOP, TestProxy, text};

#[tokio::test]
async fn a_page_that_trusts_both_keys_goes_on_while_they_change() {
    let mut shop = TestProxy::with(|config| {
        signing(config);
        let attestation = config.shops[0].attestation.as_mut().unwrap();
        attestation.other_keys.push(key(OTHER_PUBLIC));
    })
    .await;
    let listed = async |shop: &TestProxy| {
        let keys = shop.get("/v1/attestation-keys").await.expect(200).json();
        let keys = keys["keys"].as_array().unwrap().clone();
        let x = keys.iter().map(|key| text(key, "/x").to_owned());
        x.collect::<Vec<_>>()
    };
    let (id, _) = shop.awaiting("USDT_TRX").await;
    let path = format!("/v1/checkouts/{id}");
    let before = shop.get(&path).await.expect(200);
    vouched_by(PUBLIC, &before.json());
    assert_eq!(listed(&shop).await, [PUBLIC, OTHER_PUBLIC]);
    shop.restarted_with(|config| {
        config.shops[0].attestation = Some(AttestationConfig {
            other_keys: vec![key(PUBLIC)],
            ..signing_with(OTHER_SEED).unwrap()
        });
    })
    .await;
    assert_eq!(listed(&shop).await, [OTHER_PUBLIC, PUBLIC]);
    // What a page has is no longer what is served: it learns of the new signature by asking as before.
    let tag = before.header("etag");
    let after = shop
        .request("GET", &path, &[("if-none-match", &tag)], None)
        .await;
    let after = after.expect(200).json();
    let facts = vouched_by(OTHER_PUBLIC, &after);
    assert_eq!(
        facts,
        vouched_by(PUBLIC, &before.json()),
        "of the same facts"
    );
    // One with both keys takes either, and one with the old key alone takes no new signature.
    let shown = Shown::of(&after).unwrap();
    let both = [key(PUBLIC), key(OTHER_PUBLIC)];
    for view in [before.json(), after.clone()] {
        let jws = text(&view, "/attestation").to_owned();
        assert!(verify_invoice(&jws, &both, &shown.terms()).is_ok());
    }
    let jws = text(&after, "/attestation");
    let refused = verify_invoice(jws, &both[..1], &shown.terms());
    assert_eq!(refused, Err(AttestationError::Signature));
    // Followers hear of it as of any change.
    let followed = shop.listen(&id).await.view().await;
    assert_eq!(followed["attestation"], after["attestation"]);
}

#[tokio::test]
async fn the_same_facts_have_one_signature_on_every_replica() {
    let mut shop = TestProxy::with(signing).await;
    let (id, _) = shop.awaiting("USDT_TRX").await;
    let path = format!("/v1/checkouts/{id}");
    let one = shop.get(&path).await.expect(200);
    shop.restarted().await;
    let other = shop.get(&path).await.expect(200);
    assert_eq!(one.json()["attestation"], other.json()["attestation"]);
    assert_eq!(one.header("etag"), other.header("etag"));
}

#[tokio::test]
async fn two_stores_have_two_keys_and_each_signature_names_its_store() {
    let two = Two::with(|config| {
        config.shops[0].attestation = signing_with(SEED);
        config.shops[1].attestation = signing_with(OTHER_SEED);
    })
    .await;
    for (merchant, origin, public, store) in [
        (MERCHANT_KEY, SHOP, PUBLIC, "default"),
        (GARDEN_KEY, GARDEN, OTHER_PUBLIC, "garden"),
    ] {
        let id = two.made_by(merchant, PAYMENT).await;
        let view = two.choose(&id, "TRX").await.expect(200).json();
        let facts = vouched_by(public, &view);
        assert_eq!(facts.store, store);
        for caller in ["page", "merchant"] {
            let path = "/v1/attestation-keys";
            let keys = match caller {
                "page" => two.page(origin, "GET", path, None).await,
                _ => two.call(merchant, "GET", path, None).await,
            };
            let keys: Value = keys.expect(200).json();
            assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
            assert_eq!(keys["keys"][0]["x"], json!(public));
            assert_eq!(keys["keys"][0]["crv"], "Ed25519");
        }
    }
}
