//! Strangers, the gateway and the merchant choose words; none of them makes a series.

use super::scrape::series;
use super::watched::Watched;

#[tokio::test]
async fn whatever_is_sent_the_number_of_series_stays_what_the_program_has_words_for() {
    let proxy = Watched::start().await;
    proxy.paid("a").await;
    // One of each kind of hostile request, so that what they have in common is there.
    let attack = async |number: u32| {
        let evil = format!("x{number}-\\u0022}}{{=\\n");
        for method in [
            "GET",
            "POST",
            "OPTIONS",
            "HEAD",
            "DELETE",
            "PATCH",
            &format!("EVIL{number}"),
        ] {
            for path in [
                format!("/nowhere-{number}"),
                format!("/v1/checkouts/{number}?store=s{number}"),
                "/v1/checkouts".to_owned(),
                format!("/assets/{number}.js"),
                format!("/pay/{number}"),
                "/webhooks/calypso".to_owned(),
            ] {
                let headers = [
                    ("authorization", &*format!("Bearer wrong-key-{number:08}")),
                    ("origin", &*format!("https://evil-{number}.example")),
                    ("idempotency-key", &*format!("key-{number}")),
                    ("x-request-id", &*format!("request-{number}")),
                ];
                let body =
                    format!(r#"{{"product":"{evil}","currency":"{evil}","store":"{evil}"}}"#);
                let body = (method != "GET" && method != "HEAD").then_some(body.as_str());
                proxy.ask(method, &path, &headers, body).await;
                proxy.ask(method, &path, &[], body).await;
            }
        }
        let reply = proxy
            .ask(
                "POST",
                "/v1/checkouts",
                &[],
                Some(r#"{"product":"demo-order"}"#),
            )
            .await;
        if reply.status == 201 {
            let id = reply.json()["id"].as_str().unwrap().to_owned();
            let body = format!(r#"{{"currency":"{evil}"}}"#);
            proxy
                .ask(
                    "POST",
                    &format!("/v1/checkouts/{id}/invoice"),
                    &[],
                    Some(&body),
                )
                .await;
        }
    };
    for number in 0..6 {
        attack(number).await;
    }
    let before = series(&proxy.scrape().await);
    for number in 6..9 {
        attack(number).await;
    }
    let after = series(&proxy.scrape().await);
    let new: Vec<&String> = after
        .keys()
        .filter(|name| !before.contains_key(*name))
        .collect();
    // A limit may be met for the first time in the second half; what it is called is a word of the program.
    assert!(
        new.iter()
            .all(|name| name.contains("rate_limited") || name.contains("429")),
        "{new:#?}"
    );
    for name in after.keys() {
        for word in ["evil", "EVIL", "nowhere", "request-", "key-", "x7-", "s7"] {
            let is_ours = name.contains("merchant_key")
                || name.contains("idempotency_key")
                || name.contains("key_reused");
            assert!(is_ours || !name.contains(word), "{name}");
        }
    }
    assert!(after.len() < 1500, "{} series", after.len());
}
