//! Merchant keys with a scope: which call each of them opens.

use calypso_proxy::{Config, KeyScope, MerchantKey};

use crate::api_reference;
use crate::support::{MERCHANT_KEY, Reply, TestProxy};

const CREATE_KEY: &str = "create-canary-0c5e9b12d7a4";
const READ_KEY: &str = "read-canary-3fd81a6b90e2";
const ALL_KEY: &str = "all-canary-b7702c41e9d8";

/// Every call of the API that a merchant's server may make, and the scope that its key needs. A new route needs a row.
pub(crate) const NEEDS: &[(&str, &str, KeyScope)] = &[
    ("POST", "/v1/checkouts", KeyScope::Create),
    ("GET", "/v1/checkouts", KeyScope::Read),
    ("GET", "/v1/checkouts/{id}", KeyScope::Read),
    ("GET", "/v1/checkouts/{id}/deposits", KeyScope::Read),
    ("GET", "/v1/checkouts/{id}/history", KeyScope::Read),
    ("GET", "/v1/checkouts/{id}/events", KeyScope::Read),
    ("GET", "/v1/checkouts/{id}/receipt", KeyScope::Read),
    ("GET", "/v1/attestation-keys", KeyScope::Read),
    ("POST", "/v1/checkouts/{id}/invoice", KeyScope::Create),
    ("GET", "/v1/events", KeyScope::Read),
    ("GET", "/v1/events/{id}", KeyScope::Read),
    ("POST", "/v1/events/{id}/replay", KeyScope::All),
    ("POST", "/v1/checkouts/{id}/hosted-widget", KeyScope::Create),
    ("POST", "/v1/checkouts/{id}/archive", KeyScope::All),
    ("POST", "/v1/checkouts/{id}/intervention", KeyScope::All),
    ("GET", "/v1/refunds", KeyScope::Read),
    ("POST", "/v1/refunds", KeyScope::All),
    ("GET", "/v1/refunds/{id}", KeyScope::Read),
    ("POST", "/v1/refunds/{id}/approve", KeyScope::All),
    ("POST", "/v1/refunds/{id}/sent", KeyScope::All),
    ("POST", "/v1/refunds/{id}/cancel", KeyScope::All),
];

/// The keys of the tests beside [`MERCHANT_KEY`], one of each scope.
pub(crate) fn with_scoped_keys(config: &mut Config) {
    let key = |name: &str, scope, secret: &str| MerchantKey {
        name: name.to_owned(),
        scope,
        secret: secret.into(),
    };
    config.shops[0].keys = vec![
        key("till-3", KeyScope::Create, CREATE_KEY),
        key("books", KeyScope::Read, READ_KEY),
        key("back-office", KeyScope::All, ALL_KEY),
    ];
}

async fn call(shop: &TestProxy, key: &str, method: &str, path: &str) -> Reply {
    let bearer = format!("Bearer {key}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("idempotency-key", "k"),
    ];
    let body = (method == "POST").then_some(&b"{}"[..]);
    shop.request(method, path, &headers, body).await
}

#[test]
fn every_route_says_which_scope_it_needs() {
    let mut there: Vec<(String, String)> = api_reference::routes()
        .into_iter()
        .filter(|(_, path)| path.starts_with("/v1/"))
        .collect();
    let listed = NEEDS.iter().map(|(method, path, _)| (*method, *path));
    let mut listed: Vec<(String, String)> = listed
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    there.sort();
    listed.sort();
    assert_eq!(there, listed, "a row of NEEDS for each route");
}

#[tokio::test]
async fn a_key_opens_what_its_scope_says_and_nothing_else() {
    let shop = TestProxy::with(with_scoped_keys).await;
    let id = shop.checkout().await;
    for (method, path, needed) in NEEDS {
        // Ids of other things than checkouts have the form of a checkout's.
        let path = path.replace("{id}", &id);
        for (key, scope, name) in [
            (CREATE_KEY, KeyScope::Create, "till-3"),
            (READ_KEY, KeyScope::Read, "books"),
            (ALL_KEY, KeyScope::All, "back-office"),
            (MERCHANT_KEY, KeyScope::All, "merchant_key"),
        ] {
            let before = shop.books().await;
            let opens = scope.opens(*needed);
            if opens && path.ends_with(&format!("{id}/events")) {
                // Such an answer has no end.
                continue;
            }
            let reply = call(&shop, key, method, &path).await;
            let about = format!("{method} {path} by {name}: {}", reply.text());
            if opens {
                assert!(reply.status != 401 && reply.status != 403, "{about}");
                continue;
            }
            assert_eq!(reply.code(), "scope_not_allowed", "{about}");
            let said = reply.json()["error"]["message"].to_string();
            assert!(
                said.contains(&format!("scope {needed}")) && said.contains(name),
                "{about}"
            );
            assert!(!said.contains(key), "{about}");
            assert_eq!(shop.books().await, before, "{about}");
        }
    }
}

#[tokio::test]
async fn a_scope_hides_nothing_of_what_a_buyer_sees_and_shows_no_more() {
    let shop = TestProxy::with(with_scoped_keys).await;
    let id = shop.checkout().await;
    let path = format!("/v1/checkouts/{id}");
    // Without a key anybody who has the id sees the buyer's view; a wrong one is no way around a scope.
    assert!(shop.show(&id).await.get("merchant").is_none());
    for wrong in [
        format!("{CREATE_KEY}x"),
        CREATE_KEY.to_uppercase(),
        READ_KEY[1..].to_owned(),
        "till-3".to_owned(),
        "books".to_owned(),
    ] {
        assert_eq!(
            call(&shop, &wrong, "GET", &path).await.code(),
            "merchant_key_wrong"
        );
    }
    let told = call(&shop, READ_KEY, "GET", &path).await.expect(200).json();
    assert!(told.get("merchant").is_some());
    // Two keys in two headers, or in one, are none.
    let bearers = [READ_KEY, CREATE_KEY].map(|key| format!("Bearer {key}"));
    let headers = [
        ("authorization", bearers[0].as_str()),
        ("authorization", bearers[1].as_str()),
    ];
    let both = shop.request("GET", &path, &headers, None).await;
    assert_eq!(both.code(), "merchant_key_wrong");
    let joined = format!("{READ_KEY}, Bearer {CREATE_KEY}");
    let both = call(&shop, &joined, "GET", &path).await;
    assert_eq!(both.code(), "merchant_key_wrong");
}

#[tokio::test]
async fn a_retry_with_another_key_of_the_shop_is_the_same_request() {
    let shop = TestProxy::with(with_scoped_keys).await;
    let body = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;
    let mut ids = Vec::new();
    for key in [CREATE_KEY, ALL_KEY, MERCHANT_KEY] {
        let bearer = format!("Bearer {key}");
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k")];
        let made = shop.post("/v1/checkouts", body, &headers).await.expect(201);
        ids.push(made.json()["id"].clone());
    }
    assert!(ids.windows(2).all(|two| two[0] == two[1]), "{ids:?}");
}
