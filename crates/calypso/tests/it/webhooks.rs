//! Subscriptions when something goes wrong: their answers hold secrets, which no error may show.

use calypso::Error;
use calypso::webhook::{Service, Topics, Verifier, WebhookOrder};

use super::gateway::{Answer, Gateway, ok, refused};

const HOOK_SECRET: &str = "5e6f7a8b9c0d1e2f3a4b5c6d7e8f9012";

fn order() -> WebhookOrder {
    WebhookOrder::to_services(
        uuid::Uuid::nil(),
        "https://shop.example/hooks".parse().unwrap(),
        [Service::Invoice],
    )
}

#[tokio::test]
async fn an_unreadable_answer_with_a_secret_is_not_quoted() {
    let bodies = [
        format!(r#"{{"requestId":"r","url":"u","secretKey":"{HOOK_SECRET}""#),
        format!(r#"{{"requestId":"r","secretKey":"{HOOK_SECRET}"}}"#),
        format!(r#"{{"requestId":"r","url":"u","createdDate":"{HOOK_SECRET}"}}"#),
        HOOK_SECRET.to_owned(),
    ];
    for body in bodies {
        for status in [200, 500] {
            let gateway = Gateway::new([Answer::Body(status, body.clone())]);
            let client = gateway.settings().retries(0).build().unwrap();
            let error = client.create_webhook(&order()).await.unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(
                !shown.contains(HOOK_SECRET) && shown.contains("withheld"),
                "{shown}"
            );
            assert!(error.may_have_taken_effect());
        }
    }
    let listed = format!(
        r#"{{"subscriptions":[{{"requestId":"r","url":"u","publicKey":"k","secretKey":"{HOOK_SECRET}"}}]}}"#
    );
    let gateway = Gateway::new([ok(listed)]);
    let listed = gateway.client().webhooks().await.unwrap();
    let verifier = Verifier::of(&listed);
    assert_eq!(verifier.len(), 1);
    let shown = format!("{listed:?} {verifier:?}");
    assert!(!shown.contains(HOOK_SECRET), "{shown}");
}

#[tokio::test]
async fn a_subscription_to_nothing_is_not_sent() {
    let gateway = Gateway::new([]);
    let order = WebhookOrder {
        topics: Topics::default(),
        ..order()
    };
    for result in [
        gateway.client().create_webhook(&order).await,
        gateway.client().change_webhook(&order).await,
    ] {
        assert!(matches!(result, Err(Error::Invalid { .. })));
    }
    assert!(gateway.requests().is_empty());
}

#[tokio::test]
async fn deleting_believes_a_refusal_only() {
    for answer in [ok(""), ok("{}"), Answer::Body(204, String::new())] {
        Gateway::new([answer])
            .client()
            .delete_webhook(uuid::Uuid::nil())
            .await
            .unwrap();
    }
    for answer in [refused("004"), ok(r#"{"errorCode":"004"}"#)] {
        let error = Gateway::new([answer])
            .client()
            .delete_webhook(uuid::Uuid::nil())
            .await
            .unwrap_err();
        assert!(error.is_not_found(), "{error:?}");
    }
    let error = Gateway::new([Answer::Body(502, "<html>".into())])
        .client()
        .delete_webhook(uuid::Uuid::nil())
        .await
        .unwrap_err();
    assert!(error.may_have_taken_effect());
}
