//! The gateway's webhooks as a test sends them: signed with the keys of a subscription, and otherwise whatever it likes.

use calypso::{Client, Credentials, sign};
use calypso_proxy::ShopId;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::{ACCOUNT, GATEWAY_KEY, GATEWAY_SECRET, Gateway, Reply, TestProxy};

/// Where nobody listens: the sandbox then tells nothing by itself.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:1/webhooks/calypso";
pub(crate) const PATH: &str = "/webhooks/calypso";

/// The keys of one subscription.
pub(crate) struct Hook {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) secret: SecretString,
}

impl Hook {
    /// Subscribes as the operator does, and takes the keys from the gateway.
    pub(crate) async fn register(shop: &TestProxy, url: &str, with_new_keys: bool) -> Self {
        let url = Url::parse(url).unwrap();
        let id = shop
            .proxy
            .subscribe(&ShopId::default(), &url, with_new_keys)
            .await
            .unwrap();
        Self::of(shop, &id.to_string()).await
    }

    pub(crate) async fn of(shop: &TestProxy, id: &str) -> Self {
        Self::at(&shop.gateway, id).await
    }

    /// The keys of a subscription, as its gateway tells them.
    pub(crate) async fn at(gateway: &Gateway, id: &str) -> Self {
        let credentials = Credentials::new(GATEWAY_KEY, GATEWAY_SECRET);
        Self::of_account(gateway, credentials, ACCOUNT, id).await
    }

    /// The keys of a subscription of another account than the tests' usual one.
    pub(crate) async fn of_account(
        gateway: &Gateway,
        credentials: Credentials,
        account: &str,
        id: &str,
    ) -> Self {
        let base = gateway.base.parse().unwrap();
        let client = Client::builder(base, credentials, account).build().unwrap();
        let mut all = client.webhooks().await.unwrap().into_iter();
        let webhook = all.rfind(|one| one.request_id == id).unwrap();
        Self {
            id: webhook.request_id,
            key: webhook.public_key.unwrap(),
            secret: webhook.secret_key.unwrap(),
        }
    }

    pub(crate) fn sign(&self, body: &[u8]) -> String {
        sign::sign(&self.secret, body)
    }

    /// Sends these bytes, signed.
    pub(crate) async fn send(&self, shop: &TestProxy, body: &[u8]) -> Reply {
        let sign = self.sign(body);
        let headers = [
            ("content-type", "application/json"),
            ("key", self.key.as_str()),
            ("sign", sign.as_str()),
        ];
        shop.request("POST", PATH, &headers, Some(body)).await
    }

    /// Tells an event about an invoice.
    pub(crate) async fn tell(&self, shop: &TestProxy, id: u64, kind: &str, invoice: &str) -> Reply {
        let body = event(id, kind, json!({"parentExternalId": invoice}));
        self.send(shop, body.as_bytes()).await
    }
}

/// The body of an event.
pub(crate) fn event(id: u64, kind: &str, mut data: Value) -> String {
    data["type"] = kind.into();
    json!({
        "id": id, "createdDate": "2022-03-15T12:13:05.909616", "level": "SUCCESS", "service": "INVOICE", "eventType": kind,
        "data": data,
    })
    .to_string()
}
