//! The lines of a whole payment and of everything that goes wrong beside it: each has only fields and messages that are documented.

use std::collections::BTreeSet;

use calypso_proxy::LOG_FIELDS;
use serde_json::Value;

use super::messages;
use super::watched::Watched;

#[tokio::test]
async fn every_line_of_a_payment_and_of_failures_is_documented() {
    let mut proxy = Watched::with(&[("RUST_LOG", "trace")], "[log]\nrequests = \"info\"\n").await;
    proxy.paid("a").await;
    let other = proxy.checkout("order-1002", "b").await;
    let invoice = format!("/v1/checkouts/{other}/invoice");
    let choose = Some(r#"{"currency":"BTC"}"#);
    for kind in ["error500", "html", "garbage", "reset", "unknown_state"] {
        proxy.gateway.fault("/api/v1/*", kind, 1000).await;
        proxy.ask("POST", &invoice, &[], choose).await;
        proxy
            .ask("GET", &format!("/v1/checkouts/{other}"), &[], None)
            .await;
        proxy.gateway.no_faults().await;
    }
    for (method, path, body) in [
        ("GET", "/nowhere", None),
        ("DELETE", "/v1/checkouts", None),
        ("POST", "/v1/checkouts", Some("{")),
        ("POST", "/v1/checkouts", Some(r#"{"product":"none"}"#)),
        ("POST", "/webhooks/calypso", Some("{}")),
        ("GET", "/v1/checkouts/nothing", None),
    ] {
        proxy
            .ask(
                method,
                path,
                &[("authorization", "Bearer not-the-merchants-key")],
                body,
            )
            .await;
        proxy.ask(method, path, &[], body).await;
    }
    proxy.gateway.stop().await;
    proxy
        .ask("POST", &invoice, &[], Some(r#"{"currency":"USDT_TRX"}"#))
        .await;

    let known: BTreeSet<&str> = LOG_FIELDS.iter().map(|field| field.name).collect();
    let events = messages::all();
    let (mut strange, mut seen) = (Vec::new(), BTreeSet::new());
    for line in proxy.lines() {
        let read: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let object = read.as_object().unwrap();
        if !object["target"].as_str().unwrap().starts_with("calypso") {
            continue;
        }
        let message = object["message"].as_str().unwrap();
        let event = events.iter().find(|event| event.message == message);
        let own = ["time", "level", "target", "request_id", "message"];
        let fields = object
            .keys()
            .map(String::as_str)
            .filter(|name| !own.contains(name));
        match event {
            Some(event) => {
                seen.insert(message.to_owned());
                let undocumented: Vec<&str> = fields
                    .filter(|name| !event.fields.contains(*name) || !known.contains(name))
                    .collect();
                if !undocumented.is_empty() {
                    strange.push((undocumented.join(", "), line));
                }
            }
            None => strange.push(("its message".to_owned(), line)),
        }
    }
    assert!(strange.is_empty(), "{strange:#?}");
    for message in [
        "an invoice was made",
        "an invoice has moved on",
        "answered",
        "a request failed",
        "a request was refused",
    ] {
        assert!(seen.contains(message), "{message}: {seen:#?}");
    }
}
